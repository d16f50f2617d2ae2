"""Whether a recommender serves all groups of users alike: the gap between groups, and the worst-served one."""

import numpy as np
import numpy.typing as npt

MIN_GROUP = 10  # users; the mean of fewer says little, so smaller groups are left out


def by_group(
    values: npt.NDArray[np.floating], groups: npt.NDArray[np.int64], min_size: int = MIN_GROUP
) -> dict[int, float]:
    """The mean of a metric in each group that is large enough.

    Args:
        values: Of each user, (m,).
        groups: The group of each user, (m,) codes; negative ones belong to none.
    """
    known = groups >= 0
    sizes = np.bincount(groups[known])
    sums = np.bincount(groups[known], weights=values[known])
    return {int(code): float(sums[code] / sizes[code]) for code in np.flatnonzero(sizes >= min_size)}


def gap_and_worst(
    values: npt.NDArray[np.floating], groupings: list[npt.NDArray[np.int64]], min_size: int = MIN_GROUP
) -> tuple[float, float] | None:
    """The widest gap between two groups of one grouping, and the lowest mean of any group.

    None where no grouping has two groups that are large enough.
    """
    means = [list(by_group(values, groups, min_size).values()) for groups in groupings]
    compared = [group_means for group_means in means if len(group_means) > 1]
    if not compared:
        return None
    return max(max(found) - min(found) for found in compared), min(min(found) for found in compared)
