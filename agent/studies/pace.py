"""How long a trial takes by the clock: training, what is around it, and choosing its params, which grows."""

from collections.abc import Sequence

from agent.advisor.trial_times import whole_s
from memory.record import TrialRecord

CHOOSING_S = 1.0  # where no study tells; on two idle cores 0.4 to 1.2 s
PACED = 3  # trials, before a study's own pace says something


def pace_s(elapsed_s: float, n_finished: int) -> float:
    """Seconds of work a trial, baselines and choosing included; 0 where there are too few trials."""
    return elapsed_s / n_finished if n_finished >= PACED else 0.0


def choosing_s(elapsed_s: float, records: Sequence[TrialRecord]) -> float | None:
    """Of a trial's seconds, those that no trial accounts for; None where there are too few trials."""
    if len(records) < PACED:
        return None
    return max(pace_s(elapsed_s, len(records)) - sum(map(whole_s, records)) / len(records), 0.0)
