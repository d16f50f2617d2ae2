"""A rule: what is known of a model's params without a trial, under conditions on the data, the split and the device."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from agent.advisor.leaning import Leaning, Span
from recmodels.search_space import ParamValue

Device = Callable[[], str]
"""cpu, cuda or mps; called only where a rule asks for it, since it may take seconds to find out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Towards or away from params of some models, softly; never a bound."""

    id: str
    models: tuple[str, ...]
    where: Mapping[str, Span | tuple[ParamValue, ...]]  # params, all of them
    strength: float  # log weight: above 0 it prefers them, below 0 it avoids them
    reason: str
    source: str
    profile: Mapping[str, Span] = field(default_factory=dict)  # numbers of the dataset's profile, all of them
    splits: tuple[str, ...] = ()  # one of them; empty: any
    devices: tuple[str, ...] = ()
    file: str = ""  # of the person's that it stands in; empty: it came with recpilot

    def holds(self, profile: Mapping[str, float], split: str, device: Device) -> bool:
        """Whether its conditions are met; what is not known meets none."""
        if self.splits and split not in self.splits:
            return False
        if not all(span.holds(profile.get(name, math.nan)) for name, span in self.profile.items()):
            return False
        return not self.devices or device() in self.devices

    def leanings(self) -> Iterable[Leaning]:
        """What it says to the advisor, one for each model."""
        for model in self.models:
            source = f"rule {self.id}"
            yield Leaning(model=model, where=self.where, strength=self.strength, source=source, reason=self.reason)

    def says(self) -> str:
        """In words: `prefer l2 from 20 to 1600`, of which models and when."""
        params = " and ".join(f"{name} {words(condition)}" for name, condition in self.where.items())
        when = [f"{name} is {words(span)}" for name, span in self.profile.items()]
        when += [f"the split is {' or '.join(self.splits)}"] if self.splits else []
        when += [f"the device is {' or '.join(self.devices)}"] if self.devices else []
        verb = "prefer" if self.strength > 0 else "avoid"
        return f"{verb} {params}{' where ' if when else ''}{' and '.join(when)}"


def leanings_of(
    rules: Sequence[Rule], models: Sequence[str], profile: Mapping[str, float], split: str, device: Device
) -> tuple[Leaning, ...]:
    """Those of the rules on these models whose conditions are met."""
    wanted = [rule for rule in rules if set(rule.models) & set(models)]
    return tuple(
        leaning
        for rule in wanted
        if rule.holds(profile, split, device)
        for leaning in rule.leanings()
        if leaning.model in models
    )


def words(condition: Span | tuple[ParamValue, ...]) -> str:
    """`from 20 to 1600`, `up to 0.01`, `50 or more`, `cosine or tfidf`."""
    if not isinstance(condition, Span):
        return " or ".join(map(str, condition))
    low, high = f"{condition.low:.10g}", f"{condition.high:.10g}"
    if math.isinf(condition.low):
        return f"up to {high}"
    if math.isinf(condition.high):
        return f"{low} or more"
    return low if low == high else f"from {low} to {high}"
