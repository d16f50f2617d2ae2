"""What a pruner would have done to a trial that ran: its curve judged again after each epoch, as it was judged then."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.objective import Goal
from agent.standing import DEFAULTS
from agent.studies.pruners import PRUNERS, can_prune
from agent.studies.pruners.look import MIN_EPOCHS, Look
from agent.studies.pruners.progress import Progress
from memory.record import TrialRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Hindsight:
    """Where a rule would have stopped a trial, or why nothing stops it or nothing is known."""

    epoch: int | None = None  # after which it would have been stopped; None: at none of those that ran
    reason: str = ""  # the rule's, with the values
    spared: str = ""  # a key of SPARED: what no rule looks at
    judged: tuple[int, ...] = ()  # the epochs at which it was looked at


SPARED = ("goal", "defaults", "repeat", "no curve", "short", "none")
"""goal: no curve shows what decides; defaults, repeat: others are measured against it; short: too few epochs."""


def in_hindsight(
    rule: str,
    record: TrialRecord,
    records: Sequence[TrialRecord],
    goal: Goal,
    *,
    epochs: int | None = None,
    is_repeat: bool = False,
    past: Sequence[Progress] = (),
) -> Hindsight:
    """What `rule` would have done to a finished trial.

    Args:
        rule: A key of `PRUNERS`.
        records: The study's; those with a lower number had finished by then.
        epochs: That it could run for at most; None: as many as it ran.
        past: Of the model on other datasets, as the memory holds them.
    """
    n = max(len(record.curve), epochs or 0)
    if spared := _spared(rule, record, goal, n, is_repeat=is_repeat):
        return Hindsight(spared=spared)
    earlier = [one for one in records if one.number < record.number]
    judged = tuple(range(MIN_EPOCHS, min(len(record.curve), n - 1) + 1))
    for epoch in judged:
        look = Look(curve=record.curve[:epoch], epochs=n, model=record.model, records=earlier, goal=goal, past=past)
        if (reason := PRUNERS[rule](look)) is not None:
            return Hindsight(epoch=epoch, reason=reason, judged=judged)
    return Hindsight(judged=judged)


def _spared(rule: str, record: TrialRecord, goal: Goal, epochs: int, *, is_repeat: bool) -> str:
    if not can_prune(goal):
        return "goal"
    if rule == "none":
        return "none"
    if is_repeat:
        return "repeat"
    if record.proposer == DEFAULTS:
        return "defaults"
    if not record.curve:
        return "no curve"
    return "short" if epochs <= MIN_EPOCHS or len(record.curve) < MIN_EPOCHS else ""
