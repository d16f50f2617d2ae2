"""How far trials differ by chance alone: the leader's defaults run again with other seeds, and repeats on request.

A study that can afford it learns the noise of its objective first, since a difference within it is no gain.
"""

import math
from collections.abc import Collection, Sequence
from statistics import fmean

from agent.advisor.situation import shown
from agent.cut_defaults import defaults_named
from agent.errors import UserError
from agent.objective import measured
from agent.proposal import Proposal
from agent.standing import (
    DEFAULTS,
    INTERRUPTED,
    Configuration,
    best_of,
    configuration_of,
    counted,
    same_configuration,
)
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import seed_of, trial_seed
from memory.record import TrialRecord
from recmodels.models import MODELS
from recmodels.search_space import Params

MIN_TRIALS = 10  # of the budget; a smaller one is not spent on repeats
N_REPEATS = 2


def is_random(model: str) -> bool:
    """Whether another seed gives another result."""
    return model not in MODELS or MODELS[model].is_random


def why_no_repeat(first: TrialRecord) -> str:
    """Why a trial cannot be repeated with another seed; empty where it can."""
    if first.reason == INTERRUPTED:
        return f"trial {first.number} was interrupted, and its params run again when the study goes on"
    if not is_random(first.model):
        return f"{first.model} is not random: trial {first.number} would measure the same with any seed"
    return ""


def due(
    spec: StudySpec, records: Sequence[TrialRecord], number: int, rejected: Collection[tuple[str, Params]] = ()
) -> Proposal | None:
    """The repeat that the study should run next, as trial `number`; None when it wants none.

    Each model's defaults run first. The best of them, if its model is random, is repeated `N_REPEATS` times.
    """
    done = counted(records)
    if spec.sampler != "advisor" or spec.n_trials < MIN_TRIALS or len(spec.goal.objectives) > 1:
        return None
    firsts = [next((record for record in done if record.model == model), None) for model in spec.models]
    leader = best_of(spec.goal, [first for first in firsts if first is not None and first.proposer == DEFAULTS])
    if None in firsts or leader is None or not is_random(leader.model):
        return None
    n = len(_alike(done, leader))
    if n > N_REPEATS or (leader.model, leader.params) in rejected:
        return None
    rationale = (
        f"{defaults_named(leader.model, leader.params)} reached {leader.objective} {shown(leader.value)} "
        f"in trial {leader.number}, the best of the defaults; repeat {n} of {N_REPEATS} with another seed "
        "shows how far trials differ by chance, and counts in the budget"
    )
    return _repeat(leader, number, trial_seed(spec, leader.model, leader.params, n), "repeat", rationale)


def asked_for(
    spec: StudySpec,
    records: Sequence[TrialRecord],
    waiting: Sequence[Proposal],
    number: int,
    first: TrialRecord,
    seed: int | None,
) -> Proposal:
    """The repeat of a finished trial that a person asked for, as trial `number`.

    Args:
        waiting: Proposals that run or are to run.
        seed: None takes the next one that follows from the study's.

    Raises:
        UserError: The trial was interrupted, its model is not random, or the seed was used.
    """
    if why_not := why_no_repeat(first):
        raise UserError(why_not)
    alike = _alike(counted(records), first)
    also = [p for p in waiting if (p.model, p.params) == (first.model, first.params)]
    used = {record.seed: f"trial {record.number}" for record in alike}
    used |= {seed_of(spec, proposal): "a trial that runs or waits" for proposal in also}
    chosen = trial_seed(spec, first.model, first.params, len(alike) + len(also)) if seed is None else seed
    if chosen in used:
        raise UserError(f"{used[chosen]} has these params with seed {chosen} already; give another seed")
    rationale = f"trial {first.number} once more with another seed, asked for by the person"
    return _repeat(alike[0], number, chosen, "user", rationale)


def seeds(spec: StudySpec, records: Sequence[TrialRecord]) -> dict[int, int]:
    """By number of the trials that may run once more, the seed that such a repeat gets."""
    done = counted(records)
    return {
        record.number: trial_seed(spec, record.model, record.params, len(_alike(done, record)))
        for record in done
        if record.state == "complete" and is_random(record.model)
    }


def level(records: Sequence[TrialRecord], metric: str | None = None) -> tuple[float, int] | None:
    """The standard deviation between runs of the same params, pooled, and of how many runs.

    None without repeats.

    Args:
        metric: None: the objective.
    """
    groups: dict[Configuration, list[float]] = {}
    for record in records:
        value = record.value if metric is None else measured(dict(record.cost) | dict(record.metrics), metric)
        if record.state == "complete" and value is not None:
            groups.setdefault(configuration_of(record), []).append(value)
    repeated = [group for group in groups.values() if len(group) > 1]
    n_free = sum(len(group) - 1 for group in repeated)
    if not n_free:
        return None
    squares = sum((value - fmean(group)) ** 2 for group in repeated for value in group)
    return math.sqrt(squares / n_free), sum(map(len, repeated))


def _repeat(first: TrialRecord, number: int, seed: int, proposer: str, rationale: str) -> Proposal:
    return Proposal(
        number=number,
        model=first.model,
        params=first.params,
        proposer=proposer,
        rationale=rationale,
        evidence=(first.id,),
        repeat_of=first.number,
        seed=seed,
    )


def _alike(records: Sequence[TrialRecord], first: TrialRecord) -> list[TrialRecord]:
    """The trials with these params."""
    return [record for record in records if same_configuration(record, first)]
