"""How a study stops trials early: its pruner, what that stopped, and what a pruner would have done."""

from dataclasses import dataclass

from agent.results.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialJudged:
    """One finished trial, as it ran and as a pruner sees it in hindsight."""

    number: int
    model: str
    state: str
    was_pruned: bool = False  # by the study's pruner, not by a time limit
    reason: str | None = None  # why it really stopped, quoted
    n_epochs: int  # that it ran
    epoch: int | None = None  # after which the pruner would have stopped it
    why: str = ""  # with the values, as the pruner says it
    spared: str = ""  # a key of agent.studies.pruners.hindsight.SPARED


@dataclass(frozen=True, slots=True, kw_only=True)
class PruningShown(Result):
    """A study's pruner, and its finished trials under that pruner or the one that was asked about."""

    study: str
    pruner: str  # of the study
    rule: str  # that judged the trials here
    can_prune: bool  # one objective, measured after each epoch
    goal: str
    trial: int | None = None  # the one that was asked about
    trials: tuple[TrialJudged, ...] = ()
    looks_at_past: bool = False  # the rule weighs what the memory holds now
