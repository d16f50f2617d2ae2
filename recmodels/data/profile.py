"""A dataset in numbers, by which likeness to other datasets is measured, and in a sentence."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from recmodels.data.interactions import Interactions

COLD = 5  # an item with fewer interactions is cold


def profile(interactions: Interactions) -> dict[str, float]:
    """The dataset in finite numbers; what does not apply is 0.

    Counts: `n_users`, `n_items`, `n_interactions`, `n_groups` (distinct values of the group columns). Shares in [0, 1]:
    `density` (distinct user-item pairs over all), `repeat_rate` (rows that repeat an earlier user and item),
    `popularity_gini` (0: all items equally often), `popularity_top20_share` (of the most popular 20 % of items),
    `cold_item_share` (items with fewer than 5 interactions). History lengths in interactions: `history_mean`,
    `history_median`, `history_p90`, `history_max`. `time_span_days`. Flags: `has_time`, `has_order`, `has_weights`,
    `has_text`, `has_groups`, `has_given_split`. `mean_text_words` an item; `weight_mean`, `_std`, `_min`, `_max`.
    """
    n_users, n_items, n = interactions.n_users, interactions.n_items, len(interactions)
    n_pairs = len(np.unique(interactions.users * max(n_items, 1) + interactions.items))
    histories = np.bincount(interactions.users, minlength=n_users)
    popularity = np.sort(np.bincount(interactions.items, minlength=n_items))
    top = max(round(n_items * 0.2), 1)
    return {
        "n_users": float(n_users),
        "n_items": float(n_items),
        "n_interactions": float(n),
        "density": n_pairs / max(n_users * n_items, 1),
        "repeat_rate": 1 - n_pairs / max(n, 1),
        "popularity_gini": gini(popularity),
        "popularity_top20_share": float(popularity[-top:].sum() / max(n, 1)),
        "cold_item_share": float((popularity < COLD).mean()) if n_items else 0.0,
        "history_mean": n / max(n_users, 1),
        "history_median": float(np.median(histories)) if n_users else 0.0,
        "history_p90": float(np.percentile(histories, 90)) if n_users else 0.0,
        "history_max": float(histories.max(initial=0)),
        **_time(interactions),
        **_weights(interactions.weights),
        **_sides(interactions),
        "has_given_split": float(interactions.given_split is not None),
    }


def gini(counts: npt.NDArray[np.int64]) -> float:
    """The Gini coefficient of ascending `counts`: 0 when all are equal, towards 1 when one has all.

    Source: Gini 1912, in the form for sorted values: 2 Σ i·x_i / (n Σ x) - (n + 1) / n.
    """
    n, total = len(counts), counts.sum()
    if not total:
        return 0.0
    return float(2 * (np.arange(1, n + 1) * counts).sum() / (n * total) - (n + 1) / n)


def describe(profile: Mapping[str, float], name: str = "") -> str:
    """The profile in a few plain sentences."""
    p = profile
    sentences = [
        f"{name + ': ' if name else ''}{p['n_interactions']:,.0f} interactions of {p['n_users']:,.0f} users with "
        f"{p['n_items']:,.0f} items ({p['density']:.2%} of all pairs).",
        f"A user has {p['history_median']:,.0f} in the median and {p['history_max']:,.0f} at most; the most popular "
        f"20 % of items hold {p['popularity_top20_share']:.0%} of the interactions, and {p['cold_item_share']:.0%} of "
        f"items have fewer than {COLD}.",
        _in_words(p),
    ]
    return " ".join(sentences)


def _in_words(p: Mapping[str, float]) -> str:
    if p["has_time"]:
        time = f"timestamps over {p['time_span_days']:,.0f} days"
    else:
        time = "an order but no timestamps" if p["has_order"] else "no time"
    weights = f"weights from {p['weight_min']:g} to {p['weight_max']:g}" if p["has_weights"] else "no weights"
    text = f"item text of {p['mean_text_words']:.0f} words" if p["has_text"] else "no item text"
    groups = f"{p['n_groups']:.0f} user groups" if p["has_groups"] else "no user groups"
    given = "; its own train and test parts" if p["has_given_split"] else ""
    repeats = f"; {p['repeat_rate']:.0%} of rows repeat an earlier pair" if p["repeat_rate"] >= 0.005 else ""
    return f"It has {time}, {weights}, {text} and {groups}{given}{repeats}."


def _time(interactions: Interactions) -> dict[str, float]:
    times = interactions.times
    has_time = interactions.time_kind == "timestamp" and times is not None and len(times) > 0
    return {
        "has_time": float(has_time),
        "has_order": float(interactions.time_kind != "none"),
        "time_span_days": float(times.max() - times.min()) / 86_400 if has_time and times is not None else 0.0,
    }


def _weights(weights: npt.NDArray[np.float32] | None) -> dict[str, float]:
    if weights is None or not len(weights):
        return dict.fromkeys(("has_weights", "weight_mean", "weight_std", "weight_min", "weight_max"), 0.0)
    exact = weights.astype(np.float64)
    return {
        "has_weights": 1.0,
        "weight_mean": float(exact.mean()),
        "weight_std": float(exact.std()),
        "weight_min": float(exact.min()),
        "weight_max": float(exact.max()),
    }


def _sides(interactions: Interactions) -> dict[str, float]:
    has_text = interactions.item_table is not None and bool(interactions.text_columns)
    users, groups = interactions.user_table, interactions.group_columns
    return {
        "has_text": float(has_text),
        "mean_text_words": float(np.mean([text.count(" ") + 1 for text in interactions.item_texts()]))
        if has_text
        else 0.0,
        "has_groups": float(bool(groups)),
        "n_groups": float(sum(users[column].n_unique() for column in groups)) if users is not None else 0.0,
    }
