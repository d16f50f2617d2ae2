"""When it can be said which params matter, and how a share is told: with its interval, and first only where clear."""

from collections.abc import Mapping

from agent.answers.wording import listed

MIN_TRIALS = 10  # complete ones of a model; fewer have no best part to compare with the rest
_PER_PARAM = 2  # complete trials for each param that was varied; with fewer, params change together by chance
Shares = Mapping[str, float]
Intervals = Mapping[str, tuple[float, float]]


def trials_needed(n_varied: int) -> int:
    """Complete trials of a model before importance is told."""
    return max(MIN_TRIALS, _PER_PARAM * n_varied)


def too_few_words(have: Mapping[str, tuple[int, int]]) -> str:
    """`it takes 10 complete trials of a model, and …, to say which params matter: ease has 6 of 10`.

    Args:
        have: By model, how many complete trials it has and how many it needs.
    """
    rule = f"{MIN_TRIALS} complete trials of a model, and twice as many as the params that were varied"
    each = listed(f"{model} has {n} of {n_needed}" for model, (n, n_needed) in have.items())
    return f"it takes {rule}, to say which params matter: {each}"


def share_words(share: float) -> str:
    """`64 %`, `< 1 %`: a share has no more digits than its interval is worth."""
    return f"{100 * share:.0f} %" if share >= 0.005 else "< 1 %"


def interval_words(name: str, intervals: Intervals) -> str:
    """`40 to 80 %`; empty where the interval is not known."""
    if name not in intervals:
        return ""
    low, high = intervals[name]
    return f"{100 * low:.0f} to {100 * high:.0f} %"


def with_interval(name: str, shares: Shares, intervals: Intervals) -> str:
    """`64 %, interval 40 to 80 %`."""
    said = interval_words(name, intervals)
    return f"{share_words(shares[name])}{f', interval {said}' if said else ''}"


def rivals(name: str, shares: Shares, intervals: Intervals) -> list[str]:
    """The other params whose intervals overlap with that of this one, so that neither is clearly before the other."""
    if name not in intervals:
        return []
    low, high = intervals[name]
    return [
        other for other in shares if other != name and other in intervals and _overlap((low, high), intervals[other])
    ]


def first_words(model: str, objective: str, shares: Shares, intervals: Intervals) -> str:
    """Which param moved the objective most, or that none is clearly the first; without a full stop."""
    top = max(shares, key=lambda name: shares[name])
    near = rivals(top, shares, intervals)
    if not near:
        return f"of the params of {model}, {top} moved {objective} most: {with_interval(top, shares, intervals)}"
    said = [f"{name} {share_words(shares[name])} ({interval_words(name, intervals)})" for name in [top, *near][:3]]
    more = f", and {len(near) - 2} more" if len(near) > 2 else ""
    return f"no param of {model} is clearly the one that moved {objective} most: the intervals of {listed(said)}{more} overlap"


def _overlap(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
