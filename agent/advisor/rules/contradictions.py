"""Rules of a person that leave nothing of a param, alone or two of them together, each told in one sentence."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations

from agent.advisor.leaning import Span
from agent.advisor.rules.rule import Rule, words
from memory.plausible import bounds_of
from recmodels.models import whole_space
from recmodels.search_space import Choice, ParamValue

Region = Span | tuple[ParamValue, ...]
Said = tuple[Rule, str]
"""The later of the rules, and what is wrong."""


def contradictions(rules: Sequence[Rule]) -> Iterator[Said]:
    """What contradicts itself among rules on one param each; a rule on several params is about their corner alone."""
    simple = [rule for rule in rules if len(rule.where) == 1]
    for rule in simple:
        ((param, region),) = rule.where.items()
        if rule.strength < 0 and all(_is_all(model, param, [region]) for model in rule.models):
            yield rule, f"it avoids every value of `{param}` of {', '.join(rule.models)}, so that nothing is left"
    for first, second in combinations(simple, 2):
        said = _between(first, second)
        if said and _can_meet(first, second):
            yield second, said


def _between(first: Rule, second: Rule) -> str | None:
    """What the two leave nothing of."""
    ((param, one),), ((other, two),) = first.where.items(), second.where.items()
    models = [model for model in first.models if model in second.models]
    if param != other or not models:
        return None
    of = f"`{param}` of {', '.join(models)}"
    if first.strength > 0 and second.strength > 0:
        if _overlap(one, two):
            return None
        return f"it prefers {of} {words(two)} and rule '{first.id}' {words(one)}, which leaves nothing that both prefer"
    if first.strength < 0 and second.strength < 0:
        alone = any(_is_all(model, param, [region]) for model in models for region in (one, two))
        if alone or not all(_is_all(model, param, [one, two]) for model in models):
            return None
        return f"with rule '{first.id}' it avoids every value of {of} ({words(one)}; {words(two)}), so nothing is left"
    preferred, avoided = (one, two) if first.strength > 0 else (two, one)
    if not _lies_in(preferred, avoided):
        return None
    verbs = ("avoids", "prefers") if first.strength > 0 else ("prefers", "avoids")
    return (
        f"it {verbs[0]} {of} {words(two)} and rule '{first.id}' {verbs[1]} {words(one)}, which leaves nothing to prefer"
    )


def _can_meet(first: Rule, second: Rule) -> bool:
    """Whether one study may meet the conditions of both."""
    for one, two in ((first.splits, second.splits), (first.devices, second.devices)):
        if one and two and not set(one) & set(two):
            return False
    shared = first.profile.keys() & second.profile.keys()
    return all(_overlap(first.profile[name], second.profile[name]) for name in shared)


def _overlap(one: Region, two: Region) -> bool:
    if isinstance(one, Span) and isinstance(two, Span):
        return max(one.low, two.low) <= min(one.high, two.high)
    return bool(_values(one, two))


def _lies_in(inner: Region, outer: Region) -> bool:
    if isinstance(inner, Span) and isinstance(outer, Span):
        return outer.low <= inner.low and inner.high <= outer.high
    return isinstance(inner, tuple) and len(_values(inner, outer)) == len(inner)


def _values(one: Region, two: Region) -> list[ParamValue]:
    """The choices that stand in both."""
    return [value for value in one if value in two] if isinstance(one, tuple) and isinstance(two, tuple) else []


def _is_all(model: str, param: str, regions: Iterable[Region]) -> bool:
    """Whether the regions hold every value of the param."""
    declared = whole_space(model)[param]
    if isinstance(declared, Choice):
        return set(declared.choices) <= {value for region in regions if isinstance(region, tuple) for value in region}
    reached: float = -math.inf
    for span in sorted((one for one in regions if isinstance(one, Span)), key=lambda one: one.low):
        if span.low <= (declared.low if reached == -math.inf else reached):
            reached = max(reached, span.high)
    return reached >= declared.high


def condition_faults(profile: Mapping[str, Span]) -> Iterator[str]:
    """What is said of conditions that no dataset meets."""
    for name, span in profile.items():
        low, high = bounds_of(name)
        if span.high < low or span.low > high:
            rule = f"in [{low:g}, {high:g}]" if math.isfinite(high) else f"{low:g} or more"
            yield f"`{name}` of a dataset is {rule}, so that {words(span)} is never met"
