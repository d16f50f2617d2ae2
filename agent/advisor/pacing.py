"""What a trial is worth under a study's time limit: gains count by the second, and what cannot end is left out.

t   expected seconds of a trial, and those spent around it, such as choosing
p   power of t that a gain is divided by
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from agent.advisor.situation import Situation
from agent.advisor.trial_times import FEWEST, HERE, TrialTimes, machine_of, sizes_of, thinned, timed, whole_s
from memory.record import TrialRecord
from recmodels.durations import in_words
from recmodels.search_space import Params

Array = NDArray[np.float64]
POWER = 1.0  # p: bench_time_limit.py
_LEAST_S = 0.01
_KEPT = 8  # models of times, by what they are made of
_made: dict[tuple[object, ...], TrialTimes | None] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """A model's times on the data of a study with a time limit."""

    times: TrialTimes
    left_s: float  # until the limit
    beside_s: float  # spent around each trial so far

    def price(self, many: Sequence[Params]) -> Array:
        """What the log of an expected gain is lowered by; (m,)."""
        from agent.advisor.acquisition import log_chance_below  # imports scipy, a second of every other command

        mean, spread = self.times.log_seconds(many)
        in_time = log_chance_below(mean, spread, bound=math.log(max(self.left_s, _LEAST_S)))
        return np.asarray(POWER * np.log(np.exp(mean) + self.beside_s) - in_time)

    def fits(self, params: Params) -> bool:
        """Whether a trial may end in time."""
        return self.times.seconds(params).low <= self.left_s

    def says(self, params: Params) -> str:
        """How long these params take of what is left."""
        seconds = self.times.seconds(params).expected
        return f"about {in_words(seconds)} of the {in_words(max(self.left_s, 0.0))} that are left"


def pace_of(situation: Situation, model: str) -> Pace | None:
    """None without a limit, or where past trials do not tell the times of the model."""
    left_s, sizes = situation.time_left_s, sizes_of(situation.profile)
    if left_s is None or sizes is None:
        return None
    recalled = [record for record, _ in situation.recalled if record.model == model]
    key = (model, sizes, situation.epochs, tuple(r.id for r in (*situation.records, *recalled)))
    if key not in _made:
        while len(_made) >= _KEPT:
            _made.pop(next(iter(_made)))
        _made[key] = _times(situation, model, sizes, recalled)
    times = _made[key]
    return None if times is None else Pace(times=times, left_s=left_s, beside_s=_beside_s(situation))


def _times(
    situation: Situation, model: str, sizes: tuple[float, ...], recalled: Sequence[TrialRecord]
) -> TrialTimes | None:
    own = (timed(record, situation.epochs, situation.profile) for record in situation.of(model))
    mine = [one for one in own if one is not None]
    known = thinned([one for record in recalled if (one := timed(record)) is not None], mine)
    if len(known) < FEWEST:
        return None
    ran = [record for record in situation.records if record.state == "complete"]
    return TrialTimes(
        situation.declared[model],
        known,
        dataset=mine[-1].dataset if mine else "",
        sizes=sizes,
        machine=machine_of(ran[-1]) if ran else HERE,
        epochs=situation.epochs,
    )


def ends_in_time(situation: Situation, model: str, params: Params) -> bool:
    """Whether a trial may end before the limit; the first trial of a study is let try in any case."""
    if situation.time_left_s is None or not any(record.state == "complete" for record in situation.records):
        return True
    pace = pace_of(situation, model)
    return pace is None or pace.fits(params)


def _beside_s(situation: Situation) -> float:
    """Of the seconds so far those that no trial accounts for, a trial."""
    if situation.time_limit_s is None or situation.time_left_s is None or not situation.records:
        return 0.0
    spent_s = situation.time_limit_s - situation.time_left_s - sum(map(whole_s, situation.records))
    return max(spent_s, 0.0) / len(situation.records)
