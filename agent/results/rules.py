"""The rules that lean the advisor."""

from dataclasses import dataclass

from agent.results.result import Result


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleShown:
    """One rule."""

    id: str
    models: tuple[str, ...]
    says: str  # prefer l2 from 10 to 300 where history_mean is up to 35
    reason: str  # quoted, as is the source
    source: str
    is_own: bool  # whether it stands in the person's file


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesShown(Result):
    """The rules, those that came with recpilot first."""

    model: str | None = None  # only those on it
    rules: tuple[RuleShown, ...]
    study: str | None = None  # at hand
    study_uses_rules: bool = True
