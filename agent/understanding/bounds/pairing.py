"""Which amount belongs to which name: `lr 0.01, 2 layers and dropout between 0 and a half`.

Names and amounts are aligned as a whole: each amount goes to the name before or after it, or to none, so that what is
said between them costs least. So `trials 5 epochs 1` and `5 trials 1 epoch` are both read, and neither crosswise.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agent.understanding.bounds.bounds import Bound
from agent.understanding.bounds.stretch import Stretch
from agent.words.said import Span

Cost = Callable[[Span, Bound], float | None]
"""What it costs that this amount is of that name by its kind; None where it cannot be."""

_UNPAIRED = 4.0  # an amount that stays without a name; above it a pair is no pair
_SECOND = 1.5  # a second amount for one name: a range and where it starts
_SKIPPED = 2.0  # an amount between a name and its amount
_FILL = re.compile(
    r"(?:^|(?<=\W))(?:of|to|at|is|it|be|on|as|for|the|a|an|only|just|exactly|about|around|value|values|set|fixed|with|was|were|equal|equals|"
    r"should|must|can|will|would|now|from|between|by|like|say|um|uh|maybe|around|not|number|count|size|limit|or|then|i|mean|=|:|-|'s|me|my|our|your|its|per|than)(?=\W|$)|[维层个的为是=在从用取改成换设置调到降升提高固定只]",
    re.IGNORECASE,
)
_BEFORE_FILL = re.compile(
    r"(?:^|(?<=\W))(?:of|for|in|as|the|our|your|its|on|new|more|extra|further|additional|whole|full|good|odd|a|an|total|different|hidden|upper|lower|limit|top|bottom|bound|end|ceiling|floor|max|min|range|as|much|many|-)(?=\W|$)|[维层个的]",
    re.IGNORECASE,
)
_BREAK = re.compile(r"(?<!\.)[.;!]\s|\n|\bthen\b", re.IGNORECASE)


def paired(
    owners: Sequence[Span], bounds: Sequence[Bound], stretch: Stretch, cost: Cost | None = None
) -> dict[Span, list[Bound]]:
    """Each owner's bounds, in order; at most two, which both hold of it.

    Args:
        owners: Names, in any order. One of kind "noun" counts something ("20 trials"): its amount rather precedes.
        cost: What speaks against an amount being of a name by its kind; by default nothing does.
    """
    found: dict[Span, list[Bound]] = {owner: [] for owner in owners}
    ordered = sorted(owners, key=lambda owner: owner.start)
    states: dict[_State, tuple[float, tuple[tuple[int, int], ...]]] = {_State(): (0.0, ())}
    for place, bound in enumerate(bounds):
        left, right = _neighbours(ordered, bounds, place)
        new: dict[_State, tuple[float, tuple[tuple[int, int], ...]]] = {}
        for state, (spent, pairs) in states.items():
            for owner, price in ((-1, _UNPAIRED), *_prices(ordered, bound, left, right, place, bounds, stretch, cost)):
                more = 0.0
                if owner >= 0 and (before := state.of(owner)):
                    between = stretch.said.marked[ordered[owner].end : bound.start]
                    if len(before) > 1 or not _adds(bounds[before[0]], bound, between):
                        continue
                    is_next = before == [place - 1] and ordered[owner].end <= bounds[place - 1].start
                    more = _SECOND - (_SKIPPED if is_next and bound.is_range else 0.0)  # "to 0.7, from 0"
                total = spent + price + more
                after = state.moved(left, right).given(owner, place)
                if after not in new or total < new[after][0]:
                    new[after] = (total, pairs if owner < 0 else (*pairs, (owner, place)))
        states = new
    _, best = min(states.values(), key=lambda value: value[0])
    for owner, place in best:
        found[ordered[owner]].append(bounds[place])
    return found


@dataclass(frozen=True, slots=True)
class _State:
    """The bounds that the two owners around the current place have."""

    held: tuple[tuple[int, int], ...] = ()

    def of(self, owner: int) -> list[int]:
        return [place for one, place in self.held if one == owner]

    def moved(self, left: int, right: int) -> "_State":
        return _State(tuple(pair for pair in self.held if pair[0] in (left, right)))

    def given(self, owner: int, place: int) -> "_State":
        return self if owner < 0 else _State((*self.held, (owner, place)))


def _neighbours(owners: Sequence[Span], bounds: Sequence[Bound], place: int) -> tuple[int, int]:
    """The owner before a bound and the one after it; -1 where there is none."""
    bound = bounds[place]
    left = max((i for i, owner in enumerate(owners) if owner.start <= bound.start or owner.end < bound.end), default=-1)
    right = left + 1 if left + 1 < len(owners) else -1
    is_barred = right >= 0 and place + 1 < len(bounds) and bounds[place + 1].start < owners[right].start
    return left, -1 if is_barred else right


def _prices(
    owners: Sequence[Span],
    bound: Bound,
    left: int,
    right: int,
    place: int,
    bounds: Sequence[Bound],
    stretch: Stretch,
    cost: Cost | None,
) -> list[tuple[int, float]]:
    found: list[tuple[int, float]] = []
    for owner, is_before in ((left, True), (right, False)):
        if owner < 0:
            continue
        own = cost(owners[owner], bound) if cost else 0.0
        if own is None:
            continue
        name = owners[owner]
        if is_before:
            skipped = sum(name.end <= other.start for other in bounds[max(0, place - 3) : place])
            price = _after_name(stretch.said.marked[name.end : bound.start]) + _SKIPPED * skipped
            price += 0.3 if name.value == "n_trials" else 0.0
        else:
            price = _before_name(stretch.said.marked[bound.end : name.start])
            price += 0.0 if name.value == "n_trials" else 0.25
        if price + own < _UNPAIRED:
            found.append((owner, price + own))
    return found


def _after_name(between: str) -> float:
    """`dropout [should start from] 0.1`"""
    if _BREAK.search(between) or len(between) > 80:
        return _UNPAIRED
    return _words(between, _FILL, 0.3) + (1.2 if re.search(r"[,(]|\band\b", between) else 0.0)


def _before_name(between: str) -> float:
    """`0.1 [of] dropout`"""
    if _BREAK.search(between) or len(between) > 30:
        return _UNPAIRED
    if re.search("[\ue001-\uf8ff]", between):
        return _UNPAIRED
    return _words(between, _BEFORE_FILL, 2.0) + (3.0 if re.search(r"[,;:()]|\band\b", between) else 0.0)


def _words(between: str, fill: "re.Pattern[str]", each: float) -> float:
    rest = fill.sub(" ", between)
    count = len(re.findall(r"[^\W_]+", rest))
    return each * count + (0.1 if between.strip() else 0.0)


_COMES_TO = re.compile(
    r"(?:\b(?:to|so|say|says|i\.?e|that\s+is|meaning|makes?|which\s+is|thus)\b|[:=])[\s,.:]*$", re.IGNORECASE
)


def _adds(first: Bound, second: Bound, between: str) -> bool:
    """Whether both can be true of one thing: a range and a start value, two ends, a factor and what it comes to."""
    if not first.is_absolute and second.value is not None and _COMES_TO.search(between):
        return True
    return first.is_range != second.is_range or first.is_end_with(second)
