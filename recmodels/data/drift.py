"""How two datasets differ: what is new, and how far popularity, histories and weights have drifted.

Notation: p, q are the shares of the old and the new rows over the same bins; n, m how many rows either has.

- PSI, the population stability index, is Σ (q - p) ln(q / p), here less what chance alone gives, (B - 1)(1/n + 1/m) for
  B bins (Yurdakul 2018): 0 where both are drawn alike. Below 0.1 is no drift, below 0.25 some, else strong drift.
- What chance can explain (p ≥ 0.01 in the test beside it) is no drift, whatever the PSI.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy import stats

from recmodels.data.deriving import events_of, examples_of
from recmodels.data.interactions import Interactions

SOME, STRONG = 0.1, 0.25  # of PSI
CHANCE = 0.01  # a p-value from which on a difference counts as chance
N_BINS = 10
MAX_VALUES = 20  # distinct ones, up to which each value is a bin
MIN_EXPECTED = 5  # rows of either side in a bin (Cochran 1954)
Counts = npt.NDArray[np.float64]
GROWN = "as events were added"
Word = Literal["no drift", "some drift", "strong drift"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """How one thing differs between the old rows and the new."""

    of: str  # popularity, history length, weights, share of yes
    psi: float  # at least 0
    test: str  # chi-square, Kolmogorov-Smirnov
    statistic: float
    p_value: float
    n_old: int
    n_new: int
    old_mean: float | None = None  # of the values; None where they have none
    new_mean: float | None = None

    @property
    def word(self) -> Word:
        """In plain words."""
        if self.psi < SOME or self.p_value >= CHANCE:
            return "no drift"
        return "some drift" if self.psi < STRONG else "strong drift"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a dataset has that another has not, and how they differ."""

    old: str
    new: str
    counts: Mapping[str, int]  # n_users_old, _new, _added, _gone; the same of items and events
    spans: Mapping[str, tuple[int, int]]  # old, new, added → first and last second; empty without timestamps
    new_item_share: float  # of the added events, those of items that the old dataset does not have
    later_share: float | None  # of the added events, those after the last old one; None without timestamps
    is_grown: bool  # all old events are in the new dataset: what is added is compared with them, else all with all
    drifts: tuple[Drift, ...]

    def only_grew(self, drift: Drift) -> bool:
        """Whether it is about histories that are longer since events were added to them, which is no drift."""
        return self.is_grown and drift.of == "history length"

    def to_json(self) -> dict[str, Any]:
        """JSON-ready, the words of each drift among it."""
        drifts = [asdict(drift) | {"word": GROWN if self.only_grew(drift) else drift.word} for drift in self.drifts]
        told = asdict(self) | {"drifts": drifts}
        return told | {"spans": {name: list(span) for name, span in self.spans.items()}}


def compare(old: Interactions, new: Interactions, old_name: str = "", new_name: str = "") -> Comparison:
    """How `new` differs from `old`, rows and ids matched by the data's own ids.

    Events are the same where user, item and, if both have timestamps, time are. Where all old events are in `new`, the
    popularity and weights of the added events are compared with those of the old; else all with all. Histories are
    compared as a whole.
    """
    has_time = old.time_kind == new.time_kind == "timestamp"
    one, other = events_of(old), events_of(new)
    keys = ["user", "item", *(["time"] if has_time else [])]
    added = other.join(one, on=keys, how="anti")
    gone = one.join(other, on=keys, how="anti")
    is_grown = gone.is_empty() and not added.is_empty()
    seen = added if is_grown else other
    return Comparison(
        old=old_name or old.name,
        new=new_name or new.name,
        counts=_counts("users", old.user_ids, new.user_ids)
        | _counts("items", old.item_ids, new.item_ids)
        | {"n_events_old": len(old), "n_events_new": len(new)}
        | {"n_events_added": added.height, "n_events_gone": gone.height},
        spans=_spans(old=one, new=other, added=added) if has_time else {},
        new_item_share=_share(~added["item"].is_in(old.item_ids.implode())),
        later_share=_share(added["time"] > one["time"].max()) if has_time and len(old) else None,
        is_grown=is_grown,
        drifts=tuple(drift for drift in _drifts(old, new, one, seen, is_grown=is_grown) if drift is not None),
    )


def popularity(old: pl.Series, new: pl.Series) -> Drift | None:
    """The drift of what is chosen: `old` and `new` hold an item for each event; None without events.

    An item is a bin of its own where chance would give it 5 events of either side, the others are one bin together.
    """
    if not len(old) or not len(new):
        return None
    counts = (
        pl.DataFrame({"item": old})
        .group_by("item")
        .len("old")
        .join(pl.DataFrame({"item": new}).group_by("item").len("new"), on="item", how="full", coalesce=True)
        .fill_null(0)
        .sort("item")
    )
    one, other = (counts[side].to_numpy().astype(np.float64) for side in ("old", "new"))
    return _binned("popularity", *_with_rare_ones_together(one, other))


def values(of: str, old: npt.NDArray[Any], new: npt.NDArray[Any]) -> Drift | None:
    """The drift of a number of each row or user: few distinct ones by chi-square, others by Kolmogorov-Smirnov."""
    if not len(old) or not len(new):
        return None
    distinct = np.unique(np.concatenate([old, new]))
    if len(distinct) <= MAX_VALUES:
        one, other = (np.bincount(np.searchsorted(distinct, side), minlength=len(distinct)) for side in (old, new))
        found = _binned(of, *_with_rare_ones_together(one.astype(np.float64), other.astype(np.float64)))
        return _with_means(found, old, new)
    edges = np.unique(np.quantile(np.concatenate([old, new]), np.linspace(0, 1, N_BINS + 1)[1:-1]))
    one, other = (np.bincount(np.searchsorted(edges, side, "right"), minlength=len(edges) + 1) for side in (old, new))
    test = stats.ks_2samp(old, new, method="asymp")
    found = Drift(
        of=of,
        psi=_psi(one.astype(np.float64), other.astype(np.float64)),
        test="Kolmogorov-Smirnov",
        statistic=float(test.statistic),
        p_value=float(test.pvalue),
        n_old=len(old),
        n_new=len(new),
    )
    return _with_means(found, old, new)


def _drifts(
    old: Interactions, new: Interactions, one: pl.DataFrame, seen: pl.DataFrame, *, is_grown: bool
) -> list[Drift | None]:
    found = [
        popularity(one["item"], seen["item"]),
        values("history length", _history_lengths(old), _history_lengths(new)),
    ]
    if "weight" in one.columns and "weight" in seen.columns:
        found.append(values("weights", one["weight"].to_numpy(), seen["weight"].to_numpy()))
    before, now = examples_of(old), examples_of(new)
    if old.target() == new.target() == "label" and before is not None and now is not None:
        keys = [name for name in ("user", "item", "time") if name in before.columns and name in now.columns]
        now = now.join(before, on=keys, how="anti") if is_grown else now
        found.append(values("labels", before["weight"].to_numpy(), now["weight"].to_numpy()))
    return found


def _binned(of: str, old: Counts, new: Counts) -> Drift:
    statistic, p_value = 0.0, 1.0
    if len(old) > 1:
        test = stats.chi2_contingency(np.stack([old, new]))
        statistic, p_value = float(test.statistic), float(test.pvalue)
    return Drift(
        of=of,
        psi=_psi(old, new),
        test="chi-square",
        statistic=statistic,
        p_value=p_value,
        n_old=int(old.sum()),
        n_new=int(new.sum()),
    )


def _with_means(found: Drift, old: npt.NDArray[Any], new: npt.NDArray[Any]) -> Drift:
    return Drift(**(asdict(found) | {"old_mean": float(np.mean(old)), "new_mean": float(np.mean(new))}))


def _with_rare_ones_together(old: Counts, new: Counts) -> tuple[Counts, Counts]:
    """Bins in which chance alone would put enough of either side; the others together as the last one."""
    pooled = (old + new) / (old.sum() + new.sum())
    is_rare = pooled * min(old.sum(), new.sum()) < MIN_EXPECTED
    kept = [np.append(side[~is_rare], side[is_rare].sum()) for side in (old, new)]
    is_used = kept[0] + kept[1] > 0
    return kept[0][is_used], kept[1][is_used]


def _psi(old: Counts, new: Counts) -> float:
    """See the top. Half a row is added to each bin, so that an empty one has a logarithm."""
    n, m = old.sum(), new.sum()
    p, q = ((side + 0.5) / (side.sum() + 0.5 * len(side)) for side in (old, new))
    by_chance = (len(old) - 1) * (1 / n + 1 / m)
    return max(0.0, float(((q - p) * np.log(q / p)).sum() - by_chance))


def _history_lengths(interactions: Interactions) -> npt.NDArray[np.int64]:
    return np.bincount(interactions.users, minlength=interactions.n_users)


def _counts(what: str, old: pl.Series, new: pl.Series) -> dict[str, int]:
    n_shared = int(new.is_in(old.implode()).sum())
    return {
        f"n_{what}_old": len(old),
        f"n_{what}_new": len(new),
        f"n_{what}_added": len(new) - n_shared,
        f"n_{what}_gone": len(old) - n_shared,
    }


def _spans(**frames: pl.DataFrame) -> dict[str, tuple[int, int]]:
    return {
        name: (int(times.min()), int(times.max()))  # type: ignore[arg-type]  # they are whole numbers
        for name, frame in frames.items()
        if len(times := frame["time"])
    }


def _share(is_so: pl.Series) -> float:
    return float(is_so.mean() or 0.0)  # type: ignore[arg-type]  # a mean of booleans
