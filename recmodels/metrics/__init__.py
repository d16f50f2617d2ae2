"""All metrics by name, each with its direction; `ndcg@10` is the metric `ndcg` at cutoff 10."""

import difflib
import math
import re
from dataclasses import dataclass
from typing import Literal

from recmodels.errors import ParamError


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What a metric is called, which way it is better, and what it says."""

    direction: Literal["maximize", "minimize"]
    has_cutoff: bool
    says: str
    predicts: Literal["label", "rating"] | None = None  # what it measures the prediction of; None: lists, or costs
    is_beyond_accuracy: bool = False  # lists that are less relevant may be better by it
    range: tuple[float, float] = (0.0, 1.0)  # no value lies outside


_POSITIVE = (0.0, math.inf)
_DISTANCE = (0.0, 2.0)  # 1 minus a cosine


def _beyond_accuracy(
    direction: Literal["maximize", "minimize"], says: str, range: tuple[float, float] = (0.0, 1.0)
) -> Metric:
    return Metric(direction=direction, has_cutoff=True, says=says, is_beyond_accuracy=True, range=range)


METRICS: dict[str, Metric] = {
    "ndcg": Metric(direction="maximize", has_cutoff=True, says="normalised discounted cumulative gain, binary"),
    "recall": Metric(direction="maximize", has_cutoff=True, says="share of a user's relevant items in the list"),
    "precision": Metric(direction="maximize", has_cutoff=True, says="share of the list that is relevant"),
    "hit": Metric(direction="maximize", has_cutoff=True, says="share of users with a relevant item in the list"),
    "mrr": Metric(direction="maximize", has_cutoff=True, says="reciprocal rank of the first relevant item"),
    "map": Metric(direction="maximize", has_cutoff=True, says="mean average precision"),
    "coverage": _beyond_accuracy("maximize", "share of the catalogue in anybody's list"),
    "popularity_share": _beyond_accuracy(
        "minimize", "share of listed places that go to the most popular 20 % of items"
    ),
    "average_popularity": _beyond_accuracy("minimize", "interactions of the listed items, on average", _POSITIVE),
    "tail_share": _beyond_accuracy(
        "maximize", "share of listed places of the least popular items with a fifth of all interactions"
    ),
    "gini": _beyond_accuracy("minimize", "how unevenly the lists use the catalogue"),
    "novelty": _beyond_accuracy("maximize", "bits that the listed items say, by how few users have them", _POSITIVE),
    "serendipity": _beyond_accuracy("maximize", "share of listed places that are relevant and not the most popular"),
    "diversity": _beyond_accuracy("maximize", "mean distance within a list by the items' categories"),
    "factor_diversity": _beyond_accuracy(
        "maximize", "mean distance within a list by the model's item factors", _DISTANCE
    ),
    "text_diversity": _beyond_accuracy(
        "maximize", "mean distance within a list by the items' texts, which takes an encoder", _DISTANCE
    ),
    "ndcg_gap": Metric(direction="minimize", has_cutoff=True, says="widest gap in ndcg between two groups of users"),
    "ndcg_worst": Metric(direction="maximize", has_cutoff=True, says="ndcg of the group of users served worst"),
    "logloss": Metric(
        direction="minimize",
        has_cutoff=False,
        says="mean negative log likelihood of the labels",
        predicts="label",
        range=_POSITIVE,
    ),
    "auc": Metric(
        direction="maximize",
        has_cutoff=False,
        says="share of pairs of a 1 and a 0 in the right order",
        predicts="label",
    ),
    "user_auc": Metric(
        direction="maximize",
        has_cutoff=False,
        says="auc within each user, averaged over the users with both labels, each counting alike",
        predicts="label",
    ),
    "f1": Metric(
        direction="maximize",
        has_cutoff=False,
        says="harmonic mean of precision and recall of label 1 at a probability of 0.5",
        predicts="label",
    ),
    "rmse": Metric(
        direction="minimize",
        has_cutoff=False,
        says="root of the mean squared error",
        predicts="rating",
        range=_POSITIVE,
    ),
    "mae": Metric(
        direction="minimize", has_cutoff=False, says="mean absolute error", predicts="rating", range=_POSITIVE
    ),
    "latency_ms": Metric(
        direction="minimize",
        has_cutoff=False,
        says="milliseconds to score and rank the items for one user",
        range=_POSITIVE,
    ),
    "weights_bytes": Metric(direction="minimize", has_cutoff=False, says="size of the saved weights", range=_POSITIVE),
    "n_parameters": Metric(direction="minimize", has_cutoff=False, says="numbers in the model", range=_POSITIVE),
    "train_s": Metric(direction="minimize", has_cutoff=False, says="seconds of training", range=_POSITIVE),
}
_ALIASES = {"hr": "hit", "hit_rate": "hit", "hitrate": "hit", "r": "recall", "n": "ndcg", "p": "precision"}
_ALIASES |= {"log_loss": "logloss", "bce": "logloss", "gauc": "user_auc", "uauc": "user_auc"}


def parse_metric(text: str) -> str:
    """The canonical name; a missing cutoff becomes 10.

    >>> [parse_metric(text) for text in ("NDCG@10", "hr@20", "recall")]
    ['ndcg@10', 'hit@20', 'recall@10']

    Raises:
        ParamError: No such metric, or a cutoff that is not a whole number from 1 to 1,000.
    """
    match = re.fullmatch(r"\s*([A-Za-z_]+1?)\s*(?:@\s*(\S+))?\s*", text)
    name = match.group(1).lower() if match else text
    name = _ALIASES.get(name, name)
    if match is None or name not in METRICS:
        near = difflib.get_close_matches(name, METRICS, n=1)
        hint = f"; did you mean `{near[0]}`?" if near else ";"
        raise ParamError(f"unknown metric {text!r}{hint} The metrics are: {', '.join(METRICS)}")
    if not METRICS[name].has_cutoff:
        return name
    cutoff = match.group(2) or "10"
    if not cutoff.isdecimal() or not 1 <= int(cutoff) <= 1000:
        raise ParamError(f"the cutoff of `{name}` must be a whole number from 1 to 1000, got {cutoff!r}")
    return f"{name}@{int(cutoff)}"


def direction_of(text: str) -> Literal["maximize", "minimize"]:
    """Which way the metric is better."""
    return METRICS[parse_metric(text).partition("@")[0]].direction


def is_beyond_accuracy(text: str) -> bool:
    """Whether a list may be better by the metric while it is less relevant."""
    return METRICS[parse_metric(text).partition("@")[0]].is_beyond_accuracy


def prediction_of(text: str) -> Literal["label", "rating"] | None:
    """What the metric measures the prediction of; None for a metric of lists or of costs."""
    return METRICS[parse_metric(text).partition("@")[0]].predicts


def is_measured_each_epoch(text: str) -> bool:
    """Whether the metric is of held-out data, so that a curve shows it, and no cost."""
    return cutoff_of(text) is not None or prediction_of(text) is not None


def cutoff_of(text: str) -> int | None:
    """The cutoff of `ndcg@10`, 10; None for a metric without one."""
    _, _, cutoff = parse_metric(text).partition("@")
    return int(cutoff) if cutoff else None
