"""What a candidate is worth: the log of its expected improvement, and of the chance that it keeps the bounds."""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.special import erfcx, log_ndtr, ndtr

Array = NDArray[np.float64]
_C1 = 0.5 * math.log(2 * math.pi)
_C2 = 0.5 * math.log(math.pi / 2)
_FAR = -1e4  # beyond it 1 - √(π/2) |z| erfcx(|z| / √2) loses its digits; it tends to z⁻²


def log_expected_improvement(mean: Array, spread: Array, best: float) -> Array:
    """log E[max(f - best, 0)] for f ~ N(mean, spread²), exact far below the best too; (n,).

    Source: Ament et al. 2023, Unexpected Improvements to Expected Improvement, eq. 8 and 9 (arXiv 2310.20708).
    """
    return np.asarray(_log_h((mean - best) / spread) + np.log(spread))


def log_chance_below(mean: Array, spread: Array, bound: float = 0.0) -> Array:
    """log P(f <= bound) for f ~ N(mean, spread²); (n,)."""
    return np.asarray(log_ndtr((bound - mean) / spread))


def _log_h(z: Array) -> Array:
    """log(φ(z) + z Φ(z)) without cancellation."""
    near, below = np.maximum(z, -1.0), np.minimum(z, -1.0)
    direct = np.log(np.exp(-0.5 * near**2 - _C1) + near * ndtr(near))
    ratio = np.exp(np.log(-below * erfcx(-below / math.sqrt(2))) + _C2)  # below 1, and towards it as z falls
    scale = np.where(below > _FAR, np.log1p(-np.minimum(ratio, 1 - 1e-16)), -2 * np.log(-below))
    return np.where(z > -1.0, direct, -0.5 * below**2 - _C1 + scale)
