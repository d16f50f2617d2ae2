"""Names in a message: models, datasets and metrics, with the words people use for them, plurals and small typos."""

import difflib
import re
from collections.abc import Iterable
from pathlib import Path

from agent.llm.pilot.context import PilotContext
from agent.llm.pilot.numbers import Reader

MODEL_WORDS: dict[str, str] = {
    "sasrec": r"sas[-_ ]?rec|self[- ]attentive(?: model| sequential model)?",
    "bpr_mf": r"bpr[-_ ]?mf|bprs?|matrix[- ]factori[sz]ation|mf|bayesian personali[sz]ed ranking",
    "ease": r"ease(?:\^?r)?|linear autoencoder",
    "text_tower": r"text[-_ ]?towers?|(?:text )?two[- ]towers?|(?:the )?lora (?:one|model)|(?:the )?text (?:one|"
    r"model)|minilm",
    "popularity": r"popularity(?: model| baseline)?(?!\s*(?:share|bias))|pop(?: baseline)?|most[- ]popular(?: model|"
    r" baseline)?",
    "lightgcn": r"light[-_ ]?gcn",
    "gru4rec": r"gru4?[-_ ]?rec",
    "deepfm": r"deep[-_ ]?fm",
    "dcnv2": r"dcn(?:[-_ ]?v?2)?|deep (?:and|&) cross(?: network)?",
    "biased_mf": r"biased[-_ ](?:mf|matrix[- ]factori[sz]ation)",
    "bert4rec": r"bert4?[-_ ]?rec",
    "item_knn": r"item[-_ ]?k-?nn|knn|(?:item )?nearest neighbou?rs",
    "ials": r"i?als|implicit als|alternating least squares|wrmf",
    "neumf": r"neu[-_ ]?mf|ncf",
    "multivae": r"mult[-_ ]?i?vae",
    "xgboost": r"xgboost",
}
"""Words for models. Those that the registry lacks are passed on, so that the tool can say which there are."""

METRIC_WORDS: dict[str, str] = {
    "ndcg": r"n?dcg",
    "recall": r"recall",
    "precision": r"precision",
    "hit": r"hit[-_ ]?(?:rate|ratio)|hits?|hr",
    "mrr": r"mrr",
    "map": r"map|mean average precision",
    "coverage": r"(?:catalog(?:ue)? |item )?coverage|diversity",
    "popularity_share": r"popularity[-_ ](?:share|bias)",
    "latency_ms": r"latency(?:_ms)?|speed|inference time|response time",
    "weights_bytes": r"weights_bytes|(?:model |file |weight )?size",
    "n_parameters": r"n_parameters|number of parameters|parameter count|params",
    "train_s": r"train_s|train(?:ing)?[- ]time",
    "user_auc": r"user[-_ ]auc|per[- ]user auc|gauc",
    "auc": r"auc",
    "logloss": r"log[-_ ]?loss",
    "f1": r"f1(?:[- ]score)?",
    "rmse": r"rmse",
    "mae": r"mae",
    "gini": r"gini",
    "novelty": r"novelty",
}
NO_CUTOFF = frozenset(
    ("latency_ms", "weights_bytes", "n_parameters", "train_s", "user_auc", "auc", "logloss", "f1", "rmse", "mae")
)
_METRIC = "|".join(f"(?P<{name}>{words})" for name, words in METRIC_WORDS.items())
METRIC = (
    rf"(?<![\w@.-])(?:{_METRIC})(?:\s?@\s?|\s+at\s+(?:k\s*=?\s*)?(?=\d+\b(?!\s*(?:ms|%)))|"
    rf"(?=\d))?(?P<k>(?<=[@\s\w])\d+)?(?!\w|\.\d)"
)
_PUBLIC = (
    r"demo|ml[-_ ]?\d+(?:k|m)|movielens(?:[-_ ]\d+(?:k|m))?|gowalla|yelp\d*|steam|beauty|last\.?fm(?:-\w+)?|"
    r"retailrocket|yoochoose|"
    r"amazon[-_]\w+|netflix\w*|criteo\w*|frappe|tallrec[-_]?\w*|kuairec|mind_small|epinions|citeulike|anime|"
    r"pinterest|tmall|taobao|"
    r"foursquare|instacart"
)
_NAME = r"[A-Za-z]\w*(?:[-.]\w+)*"
_LEADS = (  # the surest places first
    r"(?:data ?sets?|datensatz|data|called|named)(?:\s+is)?(?:\s+|\s*[=:]\s*)",
    r"(?:on|for|of|in|about|from|using|out of|auf|sur|en|su|no)\s+",
    r"(?:tune|optimi[sz]e|use|take|describe|info|profile|inspect|stats|with|is|does|has|improve|do)\s+",
)
_STOP = frozenset(Path(__file__).with_name("stop_words.txt").read_text(encoding="utf-8").split())
"""Words that stand where a dataset's name may stand, and are none."""


def read_models(reader: Reader, context: PilotContext) -> list[str]:
    """The models named in the message, in its order; a model that is ruled out ("not sasrec") is left out."""
    words = MODEL_WORDS | {name: re.escape(name) for name in context.models if name not in MODEL_WORDS}
    union = "|".join(f"(?P<m_{index}>{pattern})" for index, pattern in enumerate(words.values()))
    names = tuple(words)
    model = re.compile(rf"(?<![\w/.-])(?:{union})(?![\w/]|-\w|\.\w)", re.IGNORECASE)
    reader.take_all(
        re.compile(rf"\b(?:not|without|except|but not|instead of|rather than|than)\s+(?:the\s+)?{model.pattern}", re.I)
    )
    found = [names[int(str(match.lastgroup)[2:])] for match in reader.take_all(model)]
    if not found and re.search(
        r"\b(?:all|every)(?: the| of the)? models?\b|\bthem all\b|\ball of them\b", reader.text, re.I
    ):
        found = list(context.models)
    return list(dict.fromkeys(found or _near_misses(reader, names)))


def _near_misses(reader: Reader, names: Iterable[str]) -> list[str]:
    long_names = [name for name in names if len(name) >= 5 and name != "popularity"]
    found = []
    for word in re.findall(r"[A-Za-z0-9_]{5,}", reader.text):
        near = difflib.get_close_matches(word.lower(), long_names, n=1, cutoff=0.84)
        if near:
            reader.take(rf"\b{re.escape(word)}\b")
            found += near
    return found


def read_dataset(reader: Reader, context: PilotContext, *, guess: bool = True) -> str | None:
    """The dataset named in the message: a known one first, then a public one, then what stands in a name's place."""
    known = _known(reader, context.datasets)
    if known:
        return known
    match = reader.take(rf"(?<![\w@/.-])(?P<name>{_PUBLIC})(?![\w/]|-\w)")
    if match:
        return re.sub(r"^(ml)[ _]?(?=\d)", r"\1-", match["name"].lower())
    return (_near_dataset(reader, context) or _placed(reader)) if guess else None


def _loose(name: str) -> str:
    return r"[-_. ]?".join(re.escape(part) for part in re.findall(r"[A-Za-z]+|\d+[A-Za-z]*|[^\W_]+", name))


def _known(reader: Reader, names: Iterable[str]) -> str | None:
    for name in sorted(names, key=len, reverse=True):
        if reader.take(rf"(?<![\w@/.-])(?<!only a ){_loose(name)}(?![\w/]|-\w)"):
            return name
    return None


def _near_dataset(reader: Reader, context: PilotContext) -> str | None:
    by_lower = {name.lower(): name for name in context.datasets if len(name) >= 4}
    for word in re.findall(r"[\w-]{3,}", reader.text):
        if word.lower() not in _STOP and (near := difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.8)):
            return by_lower[near[0]]
    return None


def _placed(reader: Reader) -> str | None:
    """A word in a place where datasets are named; the ones that look like a file's name first."""
    quoted = re.search(r"[\"'“‘](" + _NAME + r")[\"'”’]", reader.text)
    if quoted and quoted[1].lower() not in _STOP:
        return quoted[1]
    suffix = rf"(?<![\w@./-])(?P<name>{_NAME})\s+(?:data ?set|dataset|data|logs?|set|corpus)\b"
    prefixes = [rf"\b{lead}(?:(?:the|our|my|in|dataset|data)\s+)*(?P<name>{_NAME})(?![\w@/])" for lead in _LEADS]
    alone = rf"(?:^|[,/:(])\s*(?P<name>{_NAME})\s*(?=[,/;)]|\.\s|\.?$)"
    patterns = (prefixes[0], suffix, *prefixes[1:], alone)
    names = [m["name"] for pattern in patterns for m in re.finditer(pattern, reader.text, re.IGNORECASE)]
    names = [name for name in names if name.lower() not in _STOP and not re.fullmatch(METRIC, name, re.IGNORECASE)]
    odd = [name for name in names if re.search(r"[\d_]", name)]
    return next(iter(odd + names), None)


def metric_name(match: re.Match[str]) -> str:
    """The canonical name of a METRIC match, with its cutoff; 10 where none was said."""
    name = next(name for name in METRIC_WORDS if match[name])
    return name if name in NO_CUTOFF else f"{name}@{match['k'] or 10}"


def read_metrics(reader: Reader) -> list[str]:
    """Every metric named in the message, canonical and once."""
    return list(dict.fromkeys(metric_name(match) for match in reader.take_all(METRIC)))
