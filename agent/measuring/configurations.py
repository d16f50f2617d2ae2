"""The configurations of a model that are measured on every dataset: its defaults, then points spread over its space.

The points are part of the histories that ship: how they are made must not change, so nothing here is shared with the
samplers of a study.
"""

import math
import zlib

import numpy as np
from scipy.stats import qmc

from recmodels.models import find_model
from recmodels.search_space import Choice, Float, Int, Param, ParamValue

EVERY = 10  # of so many configurations of a model with randomness one is measured with a second seed
_DIGITS = 6  # of a real param


def configurations(model: str, n: int, seed: int = 0) -> list[dict[str, ParamValue]]:
    """`n` configurations over all that a study can search, conditional params included.

    The first is the defaults, the others are points of a scrambled Sobol sequence; a longer list begins as a shorter.
    """
    space = find_model(model).space.searched()
    points = qmc.Sobol(max(len(space), 1), scramble=True, rng=np.random.default_rng([seed, zlib.crc32(model.encode())]))
    drawn = points.random_base2(max(n - 1, 1).bit_length())[: n - 1]
    spread = (
        space.active({name: _at(param, float(x)) for (name, param), x in zip(space.items(), point, strict=False)})
        for point in drawn
    )
    return [space.defaults(), *spread][:n]


def seed_of(model: str, configuration: int, repeat: int, seed: int = 0) -> int:
    """Of a training, the same on every dataset; another for each configuration and repeat."""
    return zlib.crc32(f"{seed}/{model}/{configuration}/{repeat}".encode()) >> 1


def has_repeat(model: str, configuration: int) -> bool:
    """Whether it is measured with a second seed; what a closed form gives does not depend on one."""
    return configuration % EVERY == 0 and not find_model(model).load().is_closed_form


def _at(param: Param, x: float) -> ParamValue:
    """The value at `x` in [0, 1) of a param's range; whole numbers have equal shares, on a log scale too."""
    if isinstance(param, Choice):
        return param.choices[int(x * len(param.choices))]
    margin = 0.5 if isinstance(param, Int) else 0.0
    low, high = float(param.low) - margin, float(param.high) + margin
    value = math.exp(math.log(low) + x * math.log(high / low)) if param.log else low + x * (high - low)
    if isinstance(param, Float):
        return min(max(float(f"{value:.{_DIGITS}g}"), param.low), param.high)
    return min(max(round(value), param.low), param.high)
