"""Numbers that no result holds and known values give: differences, ratios, shares, means and sums."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from agent.grounding.amounts import Amount
from agent.grounding.attributes import is_named
from agent.grounding.binding import Binding
from agent.grounding.derived import is_difference, is_mean, is_ratio, is_relative, is_sum
from agent.grounding.fact import Subject
from agent.grounding.known import Known
from agent.grounding.sentence import Sentence
from agent.grounding.units import in_unit
from recmodels.metrics import METRICS

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

_THAN = re.compile(
    r"\b(?:trial|run|it|best|defaults?|[a-z_]+) [^.;]*\b(?:than|over|compared (?:with|to)|relative to|above|below|ahead of|behind|beats?|beat)\b",
    re.I,
)

TEST = re.compile(
    r"\b(?:on|in|the|of|held-out|sealed) (?:the )?(?:sealed )?test\b|\btest (?:part|set|data|ndcg|recall|value|score)",
    re.I,
)

_MORE_BY = re.compile(
    r"\b(?:better|higher|more|above|ahead|larger|longer|greater|increas\w*|rose|up|improv\w*|gain\w*|rais\w*)\b", re.I
)

_LESS_BY = re.compile(
    r"\b(?:worse|lower|less|below|behind|smaller|shorter|fewer|decreas\w*|fell|down|drop\w*|short|los[et]\w*)\b", re.I
)


def is_worked_out(amount: Amount, bound: Binding, names: tuple[str, ...], sentence: Sentence, known: Known) -> bool:
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
    for name in known_attributes(names, known):
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


def known_attributes(names: Sequence[str], known: Known) -> list[str]:
    """The attributes of trials, params and baselines that the names stand for."""
    return [name for name in known.numbers if is_named(name, tuple(names))]


def _is_known_difference(amount: Amount, names: tuple[str, ...], sentence: Sentence, known: Known) -> bool:
    """Whether a paired difference, or an end of its interval, is the number; the sign may be of the other direction."""
    own = {s for who in sentence.whos for s in who.subjects if s.kind in ("trial", "baseline")}
    spoken = own | {s for who in sentence.before for s in who.subjects if s.kind == "trial"}
    metrics = tuple(name for name in names if name.partition("@")[0] in METRICS)
    if amount.unit == "share" and not sentence.has(r"\bpoints?\b"):
        return False
    is_test = TEST.search(sentence.text) is not None
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
