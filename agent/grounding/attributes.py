"""What the words of a sentence may measure: the attributes of facts, by the words that people use for them."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from agent.words.said import Said


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A place where a sentence names an attribute; several names where the word is used for all of them."""

    start: int
    end: int
    names: tuple[str, ...]
    kind: Literal["metric", "param", "noun", "word"] = "word"  # a noun may follow its number: 2,000 users


_NOUNS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"users?|people|readers?|customers?", ("n_users", "users", "paired.n_users")),
    (r"items?|books?|movies?|films?|products?", ("n_items", "items", "n_listed.items", "n_listed.rows")),
    (r"interactions?|ratings?|events?|rows?", ("n_interactions", "n", "n_rows")),
    (r"seeds?", ("n_seeds", "paired.n_seeds", "would.n_seeds")),
    (r"(?:user )?groups?", ("n_groups",)),
    (r"days?", ("time_span_days",)),
    (r"words?", ("mean_text_words",)),
    (r"times", ("n", "score", "n_readings")),
    (r"params?|parameters|hyperparameters", ("n_listed.params",)),
    (r"models", ("n_listed.models",)),
    (r"baselines?", ("n_listed.baselines",)),
    (r"stud(?:y|ies)", ("count",)),
    (r"datasets?", ("count",)),
    (r"contenders?", ("n_listed.contenders",)),
    (r"readings?", ("n_readings",)),
    (r"confirmations?", ("n_confirmations",)),
)
_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"expect\w*|predict\w*|forecast\w*|promis\w*|hoped", ("expected", "mean", "expected.low", "expected.high")),
    (r"surpris\w*|(?:above|below|over|under|than) (?:the )?expect\w*|(?:than|as) predicted", ("surprise",)),
    (r"spread|standard deviation|±|plus or minus|uncertain\w*|half[- ]width|margin|give or take|error", (
        "spread", "uncertainty", "half_width", "standing.uncertainty")),
    (r"intervals?|confidence|bounds?", (
        "low", "high", "expected.low", "expected.high", "confidence", "expected.confidence", "paired.confidence",
        "importance.low", "importance.high")),
    (r"rank\w*|place\w*|position", ("rank",)),
    (r"ranked|trials?|runs?|tried|budget", (
        "n_finished", "n_trials", "n_ranked", "n_all", "n", "n_asked_for", "time_left.n_left", "n_beaten", "n_front", "min_trials", "n_runs")),
    (r"left|remain\w*", ("time_left.n_left", "time_left.seconds", "time_left.limit_left_s")),
    (r"importance|important|matter\w*|influenc\w*|accounts? for|explains?|weight", ("importance", "importance.low", "importance.high")),
    (r"score\w*", ("score",)),
    (r"latency|recommendations? (?:take|need)\w*|answer\w* in|respon\w*|serv\w*|per (?:user|request|recommendation|list)|recommending|inference|slow\w*|fast\w*|quick\w*", ("latency_ms", "train_s")),
    (r"train\w*|took|takes?|lasted|needed|spent|cost\w*|slow\w*|fast\w*|quick\w*|time|long\w*|seconds|minutes?", (
        "train_s", "elapsed_s", "latency_ms", "time_left.seconds")),
    (r"elapsed|so far|in total|whole study|altogether|ran for|the study (?:took|ran|lasted|needed)", ("elapsed_s",)),
    (r"defaults?", ("default",)),
    (r"lowest|least|minimum|smallest|at least|lower (?:end|bound)", ("low", "weight_min", "expected.low")),
    (r"largest|most|maximum|highest|at most|up to|upper (?:end|bound)|long(?:est)? history", ("high", "weight_max", "history_max", "expected.high")),
    (r"median|typical\w*", ("history_median",)),
    (r"mean|average\w*", ("history_mean", "weight_mean", "mean_text_words")),
    (r"90th|ninetieth|percentile", ("history_p90",)),
    (r"histor\w*|per user|a user has|each user", ("history_mean", "history_median", "history_p90", "history_max")),
    (r"dens\w*|of all (?:the )?(?:possible )?pairs|spars\w*|filled|(?:possible|user.item) pairs", ("density",)),
    (r"cold|few(?:er)? (?:than|interactions)|rare\w*|long[- ]tail", ("cold_item_share",)),
    (r"top (?:fifth|quintile|20 ?%)|(?:most )?popular fifth|popular\w*|top[- ]20|most[- ]rated|head", ("popularity_top20_share", "share", "n")),
    (r"gini(?: coefficient| index)?|unequal\w*|concentrat\w*|skew\w*", ("popularity_gini",)),
    (r"repeat\w*", ("repeat_rate",)),
    (r"ratings?|weights?|stars?", ("weight_mean", "weight_min", "weight_max", "weight_std")),
    (r"deviation|std|sd", ("weight_std", "spread")),
    (r"time ?span|span\w*|cover\w*|stretch\w*|years?", ("time_span_days",)),
    (r"epochs?|peak\w*|curve|after", ("curve.best_epoch", "curve.epochs", "curve.best", "curve.last", "curve.first", "best_epoch")),
    (r"learn\w* to|holds?|share", ("share",)),
)  # fmt: skip
_PATTERNS = [(re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.I), names, False) for words, names in _WORDS] + [
    (re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.I), names, True) for words, names in _NOUNS
]


def mentions_of(said: Said, params: Collection[str] = ()) -> list[Mention]:
    """Where the sentence names metrics, params and other attributes, in its order.

    Args:
        params: Names of params beyond those that the project declares.
    """
    found = [
        Mention(start=span.start, end=span.end, names=_metric_names(said.words(span), str(span.value)), kind="metric")
        for span in said.of("metric")
    ]
    found += [
        Mention(start=span.start, end=span.end, names=_param_names(said.words(span), span.value), kind="param")
        for span in said.of("param")
    ]
    declared = {name for mention in found for name in mention.names}
    for name in params:
        if name not in declared:
            places = re.finditer(rf"(?<![\w@]){re.escape(name)}(?![\w@])", said.text, re.I)
            found += [Mention(start=m.start(), end=m.end(), names=(name,), kind="param") for m in places]
    taken = [(mention.start, mention.end) for mention in found]
    for pattern, names, is_noun in _PATTERNS:
        for match in pattern.finditer(said.text):
            if all(match.end() <= start or match.start() >= end for start, end in taken):
                kind: Literal["noun", "word"] = "noun" if is_noun else "word"
                found.append(Mention(start=match.start(), end=match.end(), names=names, kind=kind))
    return sorted(found, key=lambda mention: mention.start)


def _param_names(text: str, names: tuple[str, ...]) -> tuple[str, ...]:
    """A rank is that among trials, unless it is an adapter's."""
    return ("rank", *names) if text.lower() == "rank" else tuple(names)


def _metric_names(text: str, name: str) -> tuple[str, ...]:
    """With its cutoff where one is written, else of any cutoff."""
    base = name.partition("@")[0]
    if base == "gini" and text.lower() == "gini":
        return (name, base, "popularity_gini")
    return (name,) if any(char.isdigit() for char in text.removeprefix("f1")) else (name, base)


def is_named(attribute: str, names: tuple[str, ...]) -> bool:
    """Whether one of the names is this attribute's; a metric's without a cutoff is that of any cutoff."""
    return attribute in names or ("@" in attribute and attribute.partition("@")[0] in names)
