"""Labels next to what they name, kept apart from each other and as near to their places as that allows."""

from collections.abc import Sequence


def spread(places: Sequence[float], apart: float, low: float, high: float) -> list[float]:
    """Where labels stand that belong at `places`: at least `apart` from each other, within `low` and `high`.

    The squared distances from the places are the least that their order allows; where there is no room for all, they
    go below `low`.
    """
    order = sorted(range(len(places)), key=lambda i: places[i])
    pools: list[tuple[float, int]] = []  # of labels that touch: the sum of their places without the gaps, and how many
    for k, i in enumerate(order):
        total, n = places[i] - k * apart, 1
        while pools and pools[-1][0] / pools[-1][1] >= total / n:
            before = pools.pop()
            total, n = total + before[0], n + before[1]
        pools.append((total, n))
    most = high - (len(places) - 1) * apart
    bare = [min(max(total / n, low), most) for total, n in pools for _ in range(n)]
    placed = {i: place + k * apart for k, (i, place) in enumerate(zip(order, bare, strict=True))}
    return [placed[i] for i in range(len(places))]
