"""Which attributes a number may be of, by the words around it: a metric, a time, a default, an end of an interval."""

import re
from dataclasses import replace

from agent.grounding.amounts import Amount
from agent.grounding.binding import Binding
from agent.grounding.fact import unit_of
from agent.grounding.known import Known
from agent.grounding.sentence import Sentence
from recmodels.metrics import METRICS

_MODIFIERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"expect\w*|predict\w*|forecast\w*|promis\w*|hoped|anticipat\w*|guess\w*|thought", ("expected", "mean", "expected.low", "expected.high")),
    (r"curve|epochs?|first|last|start\w*|ended|began|peak\w*|final\w*|from", ("curve.first", "curve.last", "curve.best")),
    (r"surpris\w*|expect\w*|predict\w*", ("surprise",)),
    (r"defaults?", ("default",)),
    (r"range\w*|between|from|up to|limit\w*|space|low\w*|high\w*|min\w*|max\w*|search\w*|span\w*|bound\w*|allow\w*|go(?:es)?|can be|declared|to", ("low", "high")),
    (r"at least|need\w*|too few|enough", ("min_trials",)),
    (r"choices?|choose|options?|possible|one of|among|either|or|allow\w*|can be|values?|range", ("choice",)),
    (r"importan\w*|matter\w*|influen\w*|explain\w*|account\w*|share", ("importance",)),
    (r"±|plus or minus|uncertain\w*|spread|half[- ]width|margin|interval", ("spread", "uncertainty", "half_width", "standing.uncertainty")),
    (r"interval|between|from|range\w*|to|confidence|\[", ("low", "high", "expected.low", "expected.high")),
)  # fmt: skip

_MODIFIED = [(re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.I), names) for words, names in _MODIFIERS]

_BRACKET = re.compile(r"\[[^\]]*$")

_ENDS = ("low", "high", "declared.low", "declared.high", "expected.low", "expected.high", "choice", "n_listed.choices")

_TIMES = ("train_s", "latency_ms", "elapsed_s", "time_left.seconds", "time_left.limit_left_s")

_MEASURES = re.compile(
    r"\b(?:reach\w*|scor\w*|gave|gives?|got|gets?|measured|result\w*|achiev\w*|won|beat\w*|better|worse|best|worst|hit|value|to|at|only|had|stopped|below|above)\b",
    re.I,
)

_SPREADS = ("spread", "uncertainty", "half_width", "standing.uncertainty")

_TIMED = re.compile(r"\b(?:slower|faster|quicker|longer|shorter|as (?:fast|slow|long))\b", re.I)

_EPOCH = re.compile(r"\bepochs?\s+(?:number\s+|no\.\s+)?(?:\d+\s+(?:of|to|and)\s+)?$", re.I)

_DEMANDS = re.compile(
    r"\b(?:demand\w*|requir\w*|constrain\w*|must|stay\w*|minimum|keep\w*|insist\w*|subject to|provided|condition|limit\w*)\b|>=|<=|≥|≤",
    re.I,
)

_STATISTIC = re.compile(
    r"^\W*(?:\w+\s+){0,2}?(?:in the|on|at the|as the|per \w+ (?:on|in the)|at)\s+(?P<word>median|average|mean|most|max\w*)\b",
    re.I,
)

_STATISTICS = {
    "median": ("history_median",),
    "average": ("history_mean", "weight_mean", "mean_text_words"),
    "mean": ("history_mean", "weight_mean", "mean_text_words"),
}

_DEFAULT = re.compile(r"\bdefaults?\b(?! (?:trial|run|config|setting))", re.I)

_RANGE = re.compile(
    r"\brang\w*|\bsearch\w*|\bspace\b|\blimits?\b|\bbounds?\b|\bup to\b|\bgoes (?:up|down|from)|\bcan be\b|\ballow\w*|\bchoices?\b",
    re.I,
)


def names_of(amount: Amount, bound: Binding, sentence: Sentence, known: Known) -> tuple[str, ...]:
    """The attributes that the number may be of."""
    if bound.is_spread:
        return _SPREADS
    if _BRACKET.search(sentence.text[: amount.start]):
        return _ENDS
    if amount.unit == "factor" and _TIMED.search(sentence.text[amount.start : amount.end + 30]):
        is_training = sentence.has(r"\btrain|\btook\b|\btakes?\b") and not sentence.has(
            r"\banswer|\brecommend|\bserv|\blatency"
        )
        return (
            ("train_s",)
            if is_training
            else ("latency_ms", "train_s")
            if not sentence.has(r"\banswer|\brecommend|\bserv|\blatency")
            else ("latency_ms",)
        )
    if _EPOCH.search(sentence.text[: amount.start]) and "curve.epochs" in known.numbers:
        return ("curve.best_epoch", "best_epoch", "curve.epochs", "epochs", "running.epoch")
    if _DEMANDS.search(sentence.text) and (bounds := _bounds_of(bound, sentence, known)):
        return bounds
    is_counted = re.match(r"\s*(?:of\b|items|books|films)", sentence.text[amount.end :]) is not None
    if bound.subjects and bound.subjects[0].kind == "item" and not bound.tight and amount.unit == "" and not is_counted:
        return ("score", "n", "rank")
    if amount.unit in ("s", "ms", "bytes"):
        units = ("ms", "bytes") if amount.unit == "ms" else ("s", "ms", "bytes", "days")
        tight = tuple(name for name in bound.tight if unit_of(name) in units)
        is_of_more = amount.unit == "ms" and len(tight) < len(bound.tight)  # a short training may be told in ms
        return (*tight, *bound.near, *_TIMES) if is_of_more or not tight else tight
    start, end = sentence.clause(amount.start)
    clause = sentence.text[start:end]
    if bound.tight[:1] == ("spread",) and len({w.subjects for w in sentence.whos if w.one}) > 1:  # from best to worst
        bound = replace(bound, tight=(), near=(), wide=())
    more = tuple(name for pattern, names in _MODIFIED if pattern.search(clause) for name in names)
    if not bound.params:  # only params have a default
        bound = replace(bound, tight=tuple(name for name in bound.tight if name != "default"))
    is_count = any(unit_of(name) == "count" for name in bound.tight)
    if amount.unit == "share" and any(unit_of(name) == "count" for name in (*bound.tight, *bound.near)):  # of all rows
        more = (*more, "share")
    statistic = _of_statistic(amount, sentence)
    if statistic and any(name in known.numbers for name in statistic):
        return statistic
    if is_of_space := _of_space(bound, sentence, clause):
        return is_of_space
    if bound.tight and "score" not in bound.tight and (amount.is_whole or not is_count):
        is_plain = bound.is_tight_noun
        return (*bound.tight, *_of_noun(bound)) if is_plain else (*bound.tight, *_fitting_modifiers(bound, more))
    objective = known.objective(bound.subjects[0].study if bound.subjects else "")
    if bound.tight and "score" in bound.tight:
        return (*bound.tight, *bound.near, objective)
    named = bound.near or bound.wide
    metrics = [name for name in named if name.partition("@")[0] in METRICS and not unit_of(name)]
    is_of_param = bool(metrics or (bound.params and not _MEASURES.search(sentence.text)))
    if sentence.has(r"\bmean\b|\bconfirm\w*|\bseeds\b"):
        more = (*more, f"mean.{objective}")
    return (*named, *bound.wide, *more, *(() if is_of_param else (objective,)))


def _bounds_of(bound: Binding, sentence: Sentence, known: Known) -> tuple[str, ...]:
    """What a goal demands of the metrics that are named."""
    named = tuple(f"bound.{name}" for m in sentence.mentions if m.kind == "metric" for name in m.names)
    return tuple(name for name in named if name in known.numbers)


def _of_statistic(amount: Amount, sentence: Sentence) -> tuple[str, ...]:
    """The attribute of 27 in "27 ratings in the median"; empty where no such word follows."""
    match = _STATISTIC.match(sentence.text[amount.end :])
    return _STATISTICS.get(match["word"].lower(), ("history_max", "weight_max")) if match else ()


def _of_noun(bound: Binding) -> tuple[str, ...]:
    """What the words around say of a noun that is counted: ratings on average, the most, the cold items."""
    return tuple(name for name in bound.words if name.startswith(("history", "weight", "cold", "share")))


def _of_space(bound: Binding, sentence: Sentence, clause: str) -> tuple[str, ...]:
    """What is said of a param itself and not of what a trial ran: its importance, default or range."""
    if not bound.params:
        return ()
    if "importance" in bound.near:
        return ("importance", "importance.low", "importance.high")
    has_trial = any(s.kind == "trial" for who in sentence.whos if who.role != "model" for s in who.subjects)
    if sentence.is_row and not has_trial:
        return ("default", "choice", "low", "high", "importance", "rank", *bound.near)
    if has_trial:
        return ()
    if _DEFAULT.search(clause):
        return ("default",)
    tried = bound.params if sentence.has(r"\btrials\b|\bboth\b|\bfrom\b.*\bto\b") else ()
    return ("low", "high", "choice", "default", *tried) if _RANGE.search(clause) else ()


def _fitting_modifiers(bound: Binding, more: tuple[str, ...]) -> tuple[str, ...]:
    """The words around that change what a metric or param next to a number says: expected, default, importance."""
    of_params = ("default", "low", "high", "choice", "importance")
    is_param = any(name in bound.params for name in bound.tight)
    return tuple(name for name in more if (name in of_params) == is_param or name in ("low", "high"))
