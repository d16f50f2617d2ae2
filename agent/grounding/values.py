"""Numbers, judged: each must be a known value of whom and what its sentence says, or be worked out from known values."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from agent.grounding.amounts import Amount
from agent.grounding.attributes import is_named
from agent.grounding.binding import Binding, bind
from agent.grounding.derived import is_difference, is_mean, is_ratio, is_relative, is_sum
from agent.grounding.fact import Fact, Subject, unit_of
from agent.grounding.known import Known
from agent.grounding.quoted import quoted_support
from agent.grounding.sentence import Sentence
from agent.grounding.support import GAP, weighed
from agent.grounding.units import in_unit
from agent.grounding.verdict import Verdict
from recmodels.metrics import METRICS
from recmodels.models import MODELS

_DIFFERENCE = re.compile(
    r"\b(?:more|less|fewer|better|worse|higher|lower|above|below|ahead|behind|gain\w*|improv\w*|differ\w*|gap|leads?|led|"
    r"margin|over|by|drop(?:s|ped|ping)?|fell|falls?|rose|rises?|increas\w*|decreas\w*|lost|loses?|than|beats?|beat|apart|minus|plus|"
    r"faster|slower|quicker|longer|shorter|cheaper|larger|smaller|greater|up|down|short of|exceed\w*|outperform\w*|"
    r"advantage|edge|benefit|worth|change\w*|surpass\w*|cost\w*|trail\w*|win\w*|won|jump\w*|reduc\w*|sav\w*|within|off|miss\w*|"
    r"spread|distance|span|overestimat\w*|underestimat\w*|too (?:high|low)|surpris\w*|between)\b|[-+−]\d|\s-\s",
    re.I,
)
_RATIO = re.compile(
    r"\b(?:times|fold|twice|double\w*|half|halv\w*|third|quarter|as|ratio|factor|triple\w*|thrice|x)\b|×", re.I
)
_MEAN = re.compile(r"\b(?:mean|average\w*|typical\w*|median|on the whole)\b", re.I)
_MEDIAN = re.compile(r"\b(?:median|typical\w*|middle)\b", re.I)
_SUM = re.compile(
    r"\b(?:together|total\w*|sum\w*|combined|altogether|overall|in all|jointly|between them|add\w* up|remaining|other|account\w*|make up|makes up|cover\w*|hold)\b",
    re.I,
)
_INTERVAL = re.compile(
    r"\b(?:interval|confidence|ci|range\w*|anywhere)\b|\[|\.\.|\d\s?(?:–|…)\s?[-+]?\d|\b(?:between|from)\s+(?:about\s+)?[-+−]?\d",
    re.I,
)
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
_ZERO = re.compile(
    r"\b(?:includ\w*|contain\w*|cross\w*|span\w*|straddl\w*|exclud\w*|leav\w*|above|below|around|on either side of)\s+(?:out\s+)?(?:0|zero)\b",
    re.I,
)
_THAN = re.compile(
    r"\b(?:trial|run|it|best|defaults?|[a-z_]+) [^.;]*\b(?:than|over|compared (?:with|to)|relative to|above|below|ahead of|behind|beats?|beat)\b",
    re.I,
)
_CONFIDENCE = re.compile(
    r"interval|±|over (?:the )?users|between|\bat\b|from|confiden|level|\bci\b|certain|significan|clear|chance|credib",
    re.I,
)
_MEASURES = re.compile(
    r"\b(?:reach\w*|scor\w*|gave|gives?|got|gets?|measured|result\w*|achiev\w*|won|beat\w*|better|worse|best|worst|hit|value|to|at|only|had|stopped|below|above)\b",
    re.I,
)
_SPREADS = ("spread", "uncertainty", "half_width", "standing.uncertainty")
_TEST = re.compile(
    r"\b(?:on|in|the|of|held-out|sealed) (?:the )?(?:sealed )?test\b|\btest (?:part|set|data|ndcg|recall|value|score)",
    re.I,
)


def judge_amount(amount: Amount, sentence: Sentence, known: Known) -> Verdict:
    """Whether the number is right where it stands."""
    if amount.unit == "share" and amount.value in known.confidences and _CONFIDENCE.search(sentence.text):
        return _verdict("checked", amount)
    if _is_limit(amount, sentence):
        return _verdict("checked", amount)
    if amount.value == 0 and (
        _ZERO.search(sentence.text) or (amount.text.lower() == "zero" and sentence.has(r"\binterval\b|\bclear\b"))
    ):  # an interval that leaves 0 out, which is said of its clearness
        return _verdict("checked", amount)
    if (stated := _of_stated_pair(amount, sentence)) is not None:
        return _verdict(
            "checked" if stated else "contradicted", amount, "" if stated else "the two values give another"
        )
    if others := _others(amount, sentence, known):
        return others
    bound = bind(amount, sentence)
    found = _judged(amount, bound, sentence, known)
    if found is not None and found.outcome == "checked":
        return found
    if quoted_support(amount, bound, sentence, known):
        return _verdict("checked", amount)
    is_known = found is not None and (
        any(known.is_only_proposed(s) for s in bound.subjects)
        or any(name.startswith("would.") and name in known.numbers for name in bound.tight)
    )
    if sentence.mood != "states" and not is_known and _is_proposed(amount, bound, sentence, known):
        return _verdict("checked", amount)
    if (
        not sentence.whos
        and not sentence.mentions
        and any(  # it says of nothing what it is
            amount.stands_for(value)
            for facts in known.numbers.values()
            for fact in facts
            for value in in_unit(fact, amount)
        )
    ):
        return _verdict("checked", amount)
    if found is None and any(amount.stands_for(value) for value in known.said_values):
        return _verdict("checked", amount)
    if sentence.is_open and (found is None or found.outcome == "unsupported"):  # what may come is not known
        return _verdict("unknown", amount, "no result says what would be")
    return found or weighed(amount, bound, (), sentence, known)


def _is_limit(amount: Amount, sentence: Sentence) -> bool:
    """Whether it is what trials are counted above or below, which is judged with the count."""
    return (
        re.search(
            r"\btrials? (?:is|are|was|were|got|reach\w*|scored?|stayed?|lie|trained in)? ?(?:above|over|below|under|more than|less than|at least) $",
            sentence.text[: amount.start],
            re.I,
        )
        is not None
    )


_PAIR_SAID = re.compile(r"\s*(?:up |down )?to\s+(?:about |around |roughly |almost |nearly )?", re.I)


def _of_stated_pair(amount: Amount, sentence: Sentence) -> bool | None:
    """Whether a factor is that of the two values that the sentence gives with it: doubles, from 21 % to 71 %."""
    if amount.unit != "factor" or amount.value <= 0:
        return None
    for first, second in itertools.pairwise(sentence.amounts):
        is_said = _PAIR_SAID.fullmatch(sentence.text[first.end : second.start]) is not None
        is_near = -25 < amount.end - first.start <= 0 or 0 <= amount.start - second.end < 8
        if (
            is_said
            and is_near
            and re.search(r"\bfrom\s+$", sentence.text[: first.start], re.I)
            and first.value > 0 < second.value
        ):
            ratio = second.value / first.value
            return any(amount.stands_for(one) for one in (ratio, 1 / ratio)) or 0.85 < ratio / amount.value < 1.2
    return None


_OTHERS = re.compile(
    r"\b(?:other|remaining|rest of the)\s+(?:knobs?|params?|parameters|hyperparameters|exponents?|settings)\b[^.;]*$|\bthe rest\b[^.;]*$",
    re.I,
)


def _others(amount: Amount, sentence: Sentence, known: Known) -> Verdict | None:
    """The other knobs at zero: all params that the sentence does not name."""
    trials = [who.one for who in sentence.whos if who.one and who.one.kind == "trial"]
    if not trials or not _OTHERS.search(sentence.text[: amount.start]):
        return None
    named = {name for m in sentence.mentions if m.kind == "param" for name in m.names}
    values = {name: v for name in known.params - named if (v := known.number(trials[0], name)) is not None}
    wrong = [f"{name} is {value:.4g}" for name, value in values.items() if not amount.stands_for(value)]
    return _verdict("contradicted" if wrong else "checked", amount, "; ".join(wrong)) if values else None


def _verdict(outcome: str, amount: Amount, why: str = "") -> Verdict:
    return Verdict(outcome=outcome, claim=amount.text, kind="value", why=why)  # type: ignore[arg-type]


def _judged(amount: Amount, bound: Binding, sentence: Sentence, known: Known) -> Verdict | None:
    """Checked or contradicted; None where nothing is known of what it is said of."""
    names = _names_of(amount, bound, sentence, known)
    if not _ENDS_SAID.search(sentence.text):  # a prediction is no end of its interval
        names = tuple(name for name in names if name not in ("expected.low", "expected.high"))
    is_test = _TEST.search(sentence.text) is not None and known.has_test
    is_validation = sentence.has(
        r"\bon (?:the )?validation\b|\bvalidation (?:part|set|value|mean)\b"
    ) and not _TEST.search(sentence.text)
    same = [
        fact
        for name in _attributes(names, known)
        for fact in known.numbers[name]
        if _is_of(fact, bound, sentence, known)
        and not (fact.part == "validation" and _TEST.search(sentence.text))
        and not (fact.part == "test" and is_validation)
        and not (is_test and fact.part != "test" and "@" in fact.attribute)
    ]
    fitting = [
        v for fact in same for v in in_unit(fact, amount) if fact.attribute not in known.params or _is_near(amount, v)
    ]
    fitting += [] if "history_median" in names else _per_each(sentence, known)
    if (ends := _ends_of_pair(amount, sentence, known)) is not None:
        shown = f"the interval is {ends[0]:.3g} to {ends[1]:.3g}"
        holds = any(amount.stands_for(end) or amount.stands_for(-end) for end in ends)
        return _verdict("checked", amount) if holds else _verdict("contradicted", amount, shown)
    is_gap = GAP.search(sentence.text[: amount.start]) is not None and amount.unit != "share"
    if not is_gap and any(amount.stands_for(value) for value in fitting):
        return _verdict("checked", amount)
    if _is_worked_out(amount, bound, names, sentence, known):
        return _verdict("checked", amount)
    return weighed(amount, bound, names, sentence, known) if same else None


_END_OF = re.compile(
    r"\binterval\b[^.;]{0,40}$|\[[^\]]*$|\b(?:between|from)\s+[-+−]?$|\b(?:between|from)\s+[-+−]?[\d.]+\s+(?:and|to)\s+[-+−]?$",
    re.I,
)


def _ends_of_pair(amount: Amount, sentence: Sentence, known: Known) -> tuple[float, float] | None:
    """The interval of the difference of the two trials that the sentence names, where the number is an end of one."""
    spoken = {who.trial for who in sentence.whos if who.trial}
    is_end = (
        amount.unit == ""
        and _END_OF.search(sentence.text[: amount.start])
        and sentence.has(r"interval|confiden|\bci\b|95")
    )
    if len(spoken) != 2 or not is_end or re.match(r"\s*users", sentence.text[amount.end :]):
        return None
    found = [
        f for f in known.differences if {f.subject, f.minus} == spoken and f.low is not None and f.high is not None
    ]
    return (found[-1].low or 0.0, found[-1].high or 0.0) if found else None


def _names_of(amount: Amount, bound: Binding, sentence: Sentence, known: Known) -> tuple[str, ...]:
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


_ENDS_SAID = re.compile(
    r"\b(?:interval|between|from|up to|at (?:most|least|best|worst)|as (?:high|low) as|range\w*|ends?|limits?|bounds?|to)\b(?! reach| get| score| be\b| land)|±|\[",
    re.I,
)
_TIMED = re.compile(r"\b(?:slower|faster|quicker|longer|shorter|as (?:fast|slow|long))\b", re.I)
_EPOCH = re.compile(r"\bepochs?\s+(?:number\s+|no\.\s+)?(?:\d+\s+(?:of|to|and)\s+)?$", re.I)
_DEMANDS = re.compile(
    r"\b(?:demand\w*|requir\w*|constrain\w*|must|stay\w*|minimum|keep\w*|insist\w*|subject to|provided|condition|limit\w*)\b|>=|<=|≥|≤",
    re.I,
)


def _bounds_of(bound: Binding, sentence: Sentence, known: Known) -> tuple[str, ...]:
    """What a goal demands of the metrics that are named."""
    named = tuple(f"bound.{name}" for m in sentence.mentions if m.kind == "metric" for name in m.names)
    return tuple(name for name in named if name in known.numbers)


_STATISTIC = re.compile(
    r"^\W*(?:\w+\s+){0,2}?(?:in the|on|at the|as the|per \w+ (?:on|in the)|at)\s+(?P<word>median|average|mean|most|max\w*)\b",
    re.I,
)
_STATISTICS = {
    "median": ("history_median",),
    "average": ("history_mean", "weight_mean", "mean_text_words"),
    "mean": ("history_mean", "weight_mean", "mean_text_words"),
}


def _of_statistic(amount: Amount, sentence: Sentence) -> tuple[str, ...]:
    """The attribute of 27 in "27 ratings in the median"; empty where no such word follows."""
    match = _STATISTIC.match(sentence.text[amount.end :])
    return _STATISTICS.get(match["word"].lower(), ("history_max", "weight_max")) if match else ()


def _of_noun(bound: Binding) -> tuple[str, ...]:
    """What the words around say of a noun that is counted: ratings on average, the most, the cold items."""
    return tuple(name for name in bound.words if name.startswith(("history", "weight", "cold", "share")))


_DEFAULT = re.compile(r"\bdefaults?\b(?! (?:trial|run|config|setting))", re.I)
_RANGE = re.compile(
    r"\brang\w*|\bsearch\w*|\bspace\b|\blimits?\b|\bbounds?\b|\bup to\b|\bgoes (?:up|down|from)|\bcan be\b|\ballow\w*|\bchoices?\b",
    re.I,
)


def _of_space(bound: Binding, sentence: Sentence, clause: str) -> tuple[str, ...]:
    """What is said of a param itself and not of what a trial ran: its importance, default or range."""
    if not bound.params:
        return ()
    if "importance" in bound.near:
        return ("importance",)
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


def _is_of(fact: Fact, bound: Binding, sentence: Sentence, known: Known) -> bool:
    """Whether the fact is of whom the sentence speaks."""
    subject, spoken = fact.subject, bound.subjects
    if subject.kind == "param":
        own = [s.name for s in spoken if s.kind == "model" and (s.name in known.models or s in known.by_subject)]
        is_own = not own or subject.study not in MODELS or subject.study in own
        return is_own and (subject.name in bound.params or not bound.params)
    kinds = {s.kind for s in spoken}
    if known.is_only_proposed(subject) and re.search(r"\bi\b|\bnext\b|\bmy\b", sentence.text, re.I):
        return True
    if fact.attribute == "count":  # of all that are listed
        return True
    if subject.kind in ("study", "dataset"):
        same = [s for who in sentence.whos for s in who.subjects if s.kind == subject.kind]
        return not same or subject in same
    if subject.kind == "item":
        return subject in spoken or not kinds & {"item", "trial"}
    if subject.kind == "candidate":
        return bool(
            re.search(r"candidate|considered|instead|random|draw|alternativ|other|rejected", sentence.text, re.I)
        )
    if kinds & {"trial", "baseline", "model"}:
        return subject in spoken
    if "study" in kinds and subject.kind == "trial":  # a study reached what its best did
        return any(subject == known.best(s.name) for s in spoken if s.kind == "study")
    return True


def _is_near(amount: Amount, value: float) -> bool:
    """Whether a param is told well enough: 0.2 is no 0.156."""
    return amount.is_about or amount.bound != 0 or abs(abs(amount.value) - abs(value)) <= 0.1 * abs(value)


def _per_each(sentence: Sentence, known: Known) -> list[float]:
    """Interactions per user and per item, where the sentence speaks of each."""
    counts = {
        name: [f.number for f in known.numbers.get(name, ()) if f.number]
        for name in ("n_interactions", "n_users", "n_items")
    }
    if not sentence.has(r"\b(?:per|each|every|an?) (?:user|reader|customer|person|item|book|movie|film|product)\b"):
        return []
    return [a / b for a in counts["n_interactions"] for b in (*counts["n_users"], *counts["n_items"])]


def _is_worked_out(amount: Amount, bound: Binding, names: tuple[str, ...], sentence: Sentence, known: Known) -> bool:
    """Whether known values of the same attribute give the number."""
    is_compared = _DIFFERENCE.search(sentence.text) is not None or amount.unit == "points"
    others = [
        one.value
        for one in sentence.amounts
        if one is not amount
        and one.unit in ("", "s", "ms")
        and amount.unit in ("", one.unit, "share", "factor", "points")
    ]
    if len(others) > 1 and _is_of_two(amount, others, sentence, is_compared=is_compared and amount.unit != ""):
        return True
    if is_compared and not bound.is_tight_noun and _is_known_difference(amount, names, sentence, known):
        return True
    if amount.unit in ("share", "factor") and not bound.near and not bound.tight:
        names = (known.objective(bound.subjects[0].study if bound.subjects else ""),)
    for name in _attributes(names, known):
        values = _compared(name, bound, sentence, known, amount)
        if _is_of_two(amount, values, sentence, is_compared=is_compared):
            return True
        group = _group(name, bound, sentence, known)
        complete = [s for s in group if known.value(s, "state") in ("complete", None)]
        for subjects in (group, complete):
            if _is_of_many(amount, name, _values(dict.fromkeys(subjects), name, amount, known), sentence):
                return True
    return False


def _is_of_two(amount: Amount, values: list[float], sentence: Sentence, *, is_compared: bool) -> bool:
    """A difference, a ratio or a share of two of the values, where the words say that it is one."""
    text = sentence.text
    if amount.unit == "share":
        is_part = re.search(r"\b(?:of|as)\b", text) is not None
        is_ordered = _THAN.search(text) is not None
        if (is_compared and is_relative(amount, values, is_ordered=is_ordered, way=_way(amount, sentence))) or (
            is_part and is_ratio(amount, values)
        ):
            return True
    around = text[max(0, amount.start - 12) : amount.start], text[amount.end : amount.end + 12]
    if amount.unit == "factor":
        return is_ratio(amount, values)
    if amount.unit != "share" and any(map(_RATIO.search, around)) and is_ratio(amount, values):
        return True
    return is_compared and is_difference(amount, values)


_MORE_BY = re.compile(
    r"\b(?:better|higher|more|above|ahead|larger|longer|greater|increas\w*|rose|up|improv\w*|gain\w*|rais\w*)\b", re.I
)
_LESS_BY = re.compile(
    r"\b(?:worse|lower|less|below|behind|smaller|shorter|fewer|decreas\w*|fell|down|drop\w*|short|los[et]\w*)\b", re.I
)


def _way(amount: Amount, sentence: Sentence) -> int:
    """Whether a share is said to lie above or below: 25 % better, 20 % lower."""
    around = sentence.text[max(0, amount.start - 25) : amount.end + 18]
    up, down = _MORE_BY.search(around), _LESS_BY.search(around)
    return 0 if bool(up) == bool(down) else 1 if up else -1


def _is_of_many(amount: Amount, name: str, group: list[float], sentence: Sentence) -> bool:
    """A mean, a sum or what a sum leaves, where the words say so."""
    if _MEAN.search(sentence.text) and is_mean(amount, group, is_median=_MEDIAN.search(sentence.text) is not None):
        return True
    if not _SUM.search(sentence.text):
        return False
    return is_sum(amount, group) or (name == "importance" and amount.stands_for(1 - max(group, default=0.0)))


def _attributes(names: Sequence[str], known: Known) -> list[str]:
    """The attributes of trials, params and baselines that the names stand for."""
    return [name for name in known.numbers if is_named(name, tuple(names))]


def _is_known_difference(amount: Amount, names: tuple[str, ...], sentence: Sentence, known: Known) -> bool:
    """Whether a paired difference, or an end of its interval, is the number; the sign may be of the other direction."""
    own = {s for who in sentence.whos for s in who.subjects if s.kind in ("trial", "baseline")}
    spoken = own | {s for who in sentence.before for s in who.subjects if s.kind == "trial"}
    metrics = tuple(name for name in names if name.partition("@")[0] in METRICS)
    if amount.unit == "share" and not sentence.has(r"\bpoints?\b"):
        return False
    is_test = _TEST.search(sentence.text) is not None
    for fact in known.differences:
        if (fact.part == "test") != is_test:
            continue
        if metrics and not is_named(fact.attribute, metrics):
            continue
        if spoken and not {fact.subject, fact.minus} & (own or spoken):
            continue
        sides = {frozenset(own & set(who.subjects)) for who in sentence.whos} - {frozenset()}
        if len(sides) > 1 and not {fact.subject, fact.minus} <= own:
            continue
        ends = (fact.low, fact.high) if _INTERVAL.search(sentence.text) else ()
        for value in (fact.number, *ends):
            if value is not None and (amount.stands_for(value) or amount.stands_for(-value)):
                return True
    return False


def _compared(name: str, bound: Binding, sentence: Sentence, known: Known, amount: Amount) -> list[float]:
    """The values that the sentence may compare: of those that it names, of the best and of the defaults, as expected."""
    spoken = [s for who in sentence.whos for s in who.subjects]
    if (
        len({who.subjects for who in sentence.whos if who.subjects and who.subjects[0].kind in ("trial", "baseline")})
        < 2
    ):
        study = next((s.study for s in spoken if s.study), "")
        spoken += [s for who in sentence.before for s in who.subjects]
        if spoken or name.partition("@")[0] in METRICS:
            spoken += [s for s in (known.best(study), known.defaults(study)) if s]
            spoken += known.ranking("", study)[:2]
    if name == "importance":
        params = [s for s in known.by_subject if s.kind == "param"]
        spoken = [s for s in params if s.name in bound.params or len(bound.params) < 2]
    values = _values(dict.fromkeys(spoken), name, amount, known)
    if name in ("expected", "mean"):
        values += [v for s in dict.fromkeys(spoken) if (v := known.number(s, known.objective(s.study))) is not None]
    return list(dict.fromkeys(values))


def _as_value(amount: Amount) -> Amount:
    """The amount by which values are converted: a plain number where it only compares them."""
    return amount if amount.unit in ("s", "ms", "bytes") else replace(amount, unit="")


def _group(name: str, bound: Binding, sentence: Sentence, known: Known) -> list[Subject]:
    """Whose values a mean or a sum may be over: of those that are named, else of all that have them."""
    named = [s for who in sentence.whos for s in who.subjects if s.kind == "trial"]
    if name == "importance":
        params = [
            s for s in known.by_subject if s.kind == "param" and (s.name in bound.params or len(bound.params) < 2)
        ]
        subjects: list[Subject] = params
    elif len(named) > 1:
        subjects = named
    elif name.startswith("n_") or name in ("n", "score"):
        subjects = [s for s in known.by_subject if known.number(s, name) is not None]
    else:
        subjects = known.trials()
    return subjects


def _values(subjects: Iterable[Subject], name: str, amount: Amount, known: Known) -> list[float]:
    """The last value of each, in the amount's unit where that is one of time or size."""
    last = [facts[-1] for s in subjects if (facts := [f for f in known.values(s, name) if f.number is not None])]
    return [value for fact in last for value in in_unit(fact, _as_value(amount))]


def _is_proposed(amount: Amount, bound: Binding, sentence: Sentence, known: Known) -> bool:
    """Whether the number is of what is only advised or asked about: params, trials, time, users of a choice."""
    if bound.params and (not bound.tight or any(name in bound.params for name in bound.tight)):
        return True
    is_counted = re.match(
        r"\s*(?:more |further |extra |other |different )?(?:trials?|runs?|epochs?|seeds?|values?|items?|steps?|points?)\b",
        sentence.text[amount.end :],
        re.I,
    )
    return bool(is_counted) or (amount.unit == "s" and not bound.tight)
