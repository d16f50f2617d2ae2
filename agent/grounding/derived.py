"""What is worked out from known values: differences, ratios, shares, means and sums."""

import itertools
import statistics
from collections.abc import Sequence

from agent.grounding.amounts import Amount


def is_difference(amount: Amount, values: Sequence[float]) -> bool:
    """Whether the amount is the difference of two of the values, also of the values as they are usually rounded."""
    for first, second in itertools.combinations(values, 2):
        if amount.stands_for(first - second) or amount.stands_for(second - first):
            return True
        for digits in (3, 4):
            rounded = float(f"{first:.{digits}g}") - float(f"{second:.{digits}g}")
            if amount.precision >= 10.0 ** (-digits - 1) / 2 and (
                amount.stands_for(rounded) or amount.stands_for(-rounded)
            ):
                return True
    return False


def is_ratio(amount: Amount, values: Sequence[float]) -> bool:
    """Whether the amount is what one value is to another: 1.3 times, twice, a third."""
    pairs = [(a, b) for a, b in itertools.permutations(values, 2) if b]
    return any(amount.stands_for(a / b) for a, b in pairs)


def is_relative(amount: Amount, values: Sequence[float], *, is_ordered: bool, way: int = 0) -> bool:
    """Whether the amount is the share by which one value lies above or below another.

    Args:
        is_ordered: The first is compared with the second of two, which is the whole then.
        way: 1 where one lies above another, -1 where it lies below, 0 where the words leave it open.
    """
    pairs = [(a, b) for a, b in itertools.permutations(values, 2) if b and way * (a - b) >= 0]
    if is_ordered and len(values) == 2 and values[1]:
        pairs = [(values[0], values[1])]
    return any(amount.stands_for((a - b) / abs(b)) for a, b in pairs)


def is_mean(amount: Amount, values: Sequence[float], *, is_median: bool = False) -> bool:
    """Whether the amount is the mean of the values, or their median where that is said."""
    middle = statistics.median if is_median else statistics.fmean
    return len(values) > 1 and amount.stands_for(middle(values))


def is_sum(amount: Amount, values: Sequence[float], most: int = 8) -> bool:
    """Whether the amount is the sum of all values or of the largest ones."""
    ordered = sorted(values, reverse=True)[:40]
    sums = [sum(ordered[:n]) for n in range(2, len(ordered) + 1)]
    return any(amount.stands_for(total) for total in [*sums, sum(values)]) and len(values) > 1
