"""What is believed under each hypothesis about past tasks: not under one average of them.

An average of tasks that disagree is flat where they disagree, and its best is nobody's. So each hypothesis of weight
has a belief of its own, which expects its task's values by its slope, and what is expected of params is the mean over
hypotheses of the improvement upon what would be the best so far if it held.
"""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from agent.advisor.belief import Belief
from agent.advisor.process import Process, Trend
from agent.advisor.trust import UNSURE, Hypothesis, Trust

Array = NDArray[np.float64]
_AMPLITUDES_TRIED = (-4.0, -3.0, -2.0, -1.0, 0.0, 1.0)  # logs about what a hypothesis leaves to learn


def hypotheses_of(belief: Belief) -> list[tuple[float, Belief]]:
    """The log weight of each hypothesis, and the belief if it holds; the belief itself where there is no past."""
    past = belief.past
    if not isinstance(past, Trust):
        return [(0.0, belief)]
    return [(math.log(one.weight), _held(one, belief.process)) for one in past.hypotheses]


def _held(one: Hypothesis, average: Process) -> Belief:
    """About the scores; with the weights of the params and the noise of the process under the average."""
    observed = average.observed
    trend = Trend(at=one.expects(observed.points), variance=UNSURE, amplitude=one.amplitude, scale=1.0)
    observed = replace(observed, values=one.values, trend=trend)
    tried = (_with_amplitude(average.theta, math.log(one.amplitude) + log) for log in _AMPLITUDES_TRIED)
    processes = [Process.given(observed, theta) for theta in tried]
    return Belief(process=max(processes, key=lambda process: process.log_density), past=one)


def _with_amplitude(theta: Array, log: float) -> Array:
    changed = theta.copy()
    changed[-2] = log
    return changed
