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
    words: tuple[str, ...] = ()  # what people call it apart from its name


_POSITIVE = (0.0, math.inf)
_DISTANCE = (0.0, 2.0)  # 1 minus a cosine


def _beyond_accuracy(
    direction: Literal["maximize", "minimize"],
    says: str,
    range: tuple[float, float] = (0.0, 1.0),
    words: tuple[str, ...] = (),
) -> Metric:
    return Metric(direction=direction, has_cutoff=True, says=says, is_beyond_accuracy=True, range=range, words=words)


METRICS: dict[str, Metric] = {
    "ndcg": Metric(
        direction="maximize",
        has_cutoff=True,
        says="normalised discounted cumulative gain, binary",
        words=("dcg", "normalised discounted cumulative gain", "normalized discounted cumulative gain", "n dcg"),
    ),
    "recall": Metric(
        direction="maximize",
        has_cutoff=True,
        says="share of a user's relevant items in the list",
        words=("sensitivity", "召回率", "召回"),
    ),
    "precision": Metric(direction="maximize", has_cutoff=True, says="share of the list that is relevant"),
    "hit": Metric(
        direction="maximize",
        has_cutoff=True,
        says="share of users with a relevant item in the list",
        words=("hit rate", "hit ratio", "hits", "hr", "hitrate", "命中率"),
    ),
    "mrr": Metric(
        direction="maximize",
        has_cutoff=True,
        says="reciprocal rank of the first relevant item",
        words=("mean reciprocal rank", "reciprocal rank"),
    ),
    "map": Metric(
        direction="maximize", has_cutoff=True, says="mean average precision", words=("mean average precision",)
    ),
    "coverage": _beyond_accuracy(
        "maximize",
        "share of the catalogue in anybody's list",
        words=(
            "cov",
            "catalogue coverage",
            "catalog coverage",
            "item coverage",
            "share of the catalogue",
            "of the catalogue",
            "of the catalog",
            "of our catalogue",
            "of our catalog",
            "of all items",
            "of the items shown",
            "覆盖率",
        ),
    ),
    "popularity_share": _beyond_accuracy(
        "minimize",
        "share of listed places that go to the most popular 20 % of items",
        words=(
            "popularity share",
            "popularity bias",
            "share of popular items",
            "share of bestsellers",
            "blockbuster share",
            "流行度占比",
        ),
    ),
    "average_popularity": _beyond_accuracy(
        "minimize",
        "interactions of the listed items, on average",
        _POSITIVE,
        words=("average popularity", "mean popularity"),
    ),
    "tail_share": _beyond_accuracy(
        "maximize",
        "share of listed places of the least popular items with a fifth of all interactions",
        words=("tail share", "long tail share", "long tail", "niche share"),
    ),
    "gini": _beyond_accuracy(
        "minimize",
        "how unevenly the lists use the catalogue",
        words=("gini index", "gini coefficient"),
    ),
    "novelty": _beyond_accuracy(
        "maximize", "bits that the listed items say, by how few users have them", _POSITIVE, words=("新颖性", "新颖度")
    ),
    "serendipity": _beyond_accuracy("maximize", "share of listed places that are relevant and not the most popular"),
    "diversity": _beyond_accuracy(
        "maximize",
        "mean distance within a list by the items' categories",
        words=("intra list diversity", "ild", "list diversity", "多样性"),
    ),
    "factor_diversity": _beyond_accuracy(
        "maximize", "mean distance within a list by the model's item factors", _DISTANCE, words=("factor diversity",)
    ),
    "text_diversity": _beyond_accuracy(
        "maximize",
        "mean distance within a list by the items' texts, which takes an encoder",
        _DISTANCE,
        words=("text diversity",),
    ),
    "ndcg_gap": Metric(
        direction="minimize",
        has_cutoff=True,
        says="widest gap in ndcg between two groups of users",
        words=("ndcg gap", "fairness gap", "gap between groups"),
    ),
    "ndcg_worst": Metric(
        direction="maximize",
        has_cutoff=True,
        says="ndcg of the group of users served worst",
        words=("worst ndcg", "ndcg of the worst group"),
    ),
    "logloss": Metric(
        direction="minimize",
        has_cutoff=False,
        says="mean negative log likelihood of the labels",
        predicts="label",
        range=_POSITIVE,
        words=("log loss", "cross entropy", "bce"),
    ),
    "auc": Metric(
        direction="maximize",
        has_cutoff=False,
        says="share of pairs of a 1 and a 0 in the right order",
        predicts="label",
        words=("roc auc", "area under the curve"),
    ),
    "user_auc": Metric(
        direction="maximize",
        has_cutoff=False,
        says="auc within each user, averaged over the users with both labels, each counting alike",
        predicts="label",
        words=("user auc", "gauc", "per user auc"),
    ),
    "f1": Metric(
        direction="maximize",
        has_cutoff=False,
        says="harmonic mean of precision and recall of label 1 at a probability of 0.5",
        predicts="label",
        words=("f1 score", "f score"),
    ),
    "rmse": Metric(
        direction="minimize",
        has_cutoff=False,
        says="root of the mean squared error",
        predicts="rating",
        range=_POSITIVE,
        words=("root mean squared error",),
    ),
    "mae": Metric(
        direction="minimize",
        has_cutoff=False,
        says="mean absolute error",
        predicts="rating",
        range=_POSITIVE,
        words=("mean absolute error",),
    ),
    "latency_ms": Metric(
        direction="minimize",
        has_cutoff=False,
        says="milliseconds to score and rank the items for one user",
        range=_POSITIVE,
        words=("latency", "inference time", "response time", "serving time", "延迟"),
    ),
    "weights_bytes": Metric(
        direction="minimize",
        has_cutoff=False,
        says="size of the saved weights",
        range=_POSITIVE,
        words=("model size", "file size", "weight size", "size of the model", "size on disk"),
    ),
    "n_parameters": Metric(
        direction="minimize",
        has_cutoff=False,
        says="numbers in the model",
        range=_POSITIVE,
        words=("number of parameters", "parameter count", "number of params", "param count"),
    ),
    "train_s": Metric(
        direction="minimize",
        has_cutoff=False,
        says="seconds of training",
        range=_POSITIVE,
        words=("training time", "train time", "time to train", "seconds of training"),
    ),
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
        hint = f"; did you mean `{near[0]}`?" if near else "."
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
