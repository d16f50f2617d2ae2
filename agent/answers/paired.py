"""Whether two trials differ beyond chance, as facts."""

from agent.results.comparison import NotPaired, Paired
from agent.standing import compared
from agent.studies.study import Study
from agent.uncertainty import CONFIDENCE, valid_values
from memory.record import TrialRecord


def paired(study: Study, first: TrialRecord, second: TrialRecord) -> Paired | NotPaired:
    """The mean difference (second minus first) of the objective over the same users, with its interval; or why not."""
    metric = study.spec.goal.primary.metric
    if not (first.checkpoint and second.checkpoint):
        return NotPaired(why_not="a trial kept no checkpoint, so the metrics of each user are gone")
    found = compared(study.spec.goal, second, first, study.records(), valid_values)
    if found is None:
        return NotPaired(why_not=f"{metric} is not kept for each user of both trials")
    return Paired(
        metric=metric,
        of=second.number,
        minus=first.number,
        mean_difference=found.mean,
        low=found.low,
        high=found.high,
        confidence=CONFIDENCE,
        n_users=found.n_users,
        n_seeds=found.n_seeds,
        is_clear=found.is_clear,
    )
