"""What stands behind a number of which the words next to it do not settle what it is: facts of those who are spoken of.

A number is checked where it is a value of someone whom this sentence or the one before names, in what they measure. It
is refuted only where it stands next to someone of whom the same attribute is known and it is another's. It stands in
no result where no fact and no difference of two gives it. Else it is left open.
"""

import itertools
import re
from collections.abc import Iterator
from dataclasses import replace

from agent.grounding.amounts import Amount
from agent.grounding.attributes import is_named
from agent.grounding.binding import AGAINST, Binding, is_given_to, pair_of
from agent.grounding.derived import is_difference, is_ratio, is_relative
from agent.grounding.fact import Fact, Subject, unit_of
from agent.grounding.known import Known
from agent.grounding.sentence import Sentence
from agent.grounding.subjects import Who
from agent.grounding.tallies import is_tallied
from agent.grounding.units import in_unit
from agent.grounding.verdict import Verdict
from recmodels.metrics import METRICS
from recmodels.models import MODELS

TEST = (
    r"\b(?:on|in|the|of|held-out|sealed) (?:the )?(?:sealed )?test\b|\btest (?:part|set|data|ndcg|recall|value|score)"
)
MEAN = re.compile(r"\b(?:mean|average\w*|typical\w*|median|on the whole)\b", re.I)
GAP = re.compile(
    r"\b(?:gain|difference|gap|margin|improvement|advantage|increase|decrease)\b[^,;.]{0,60}\b(?:is|was|of|by)\s+(?:only |just |about |around )?$",
    re.I,
)
"""A number behind this is a difference and no value of its own."""
_OF_SPACE = frozenset(("default", "choice", "low", "high", "importance", "rank"))
_NEAR = 60  # characters between someone and a number that is told of them
_IMPLIED: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"epochs?|curve|ris(?:e|es|ing|en)|rose|fell|falls?|climb\w*|peak\w*|start\w*|beg[ai]n\w*|end(?:s|ed|ing)?|flat\w*|level|improv\w*", ("curve",)),
    (r"simil\w*|alike|like(?:ness)?|resembl\w*|near\w*|clos\w*", ("similarity", "likeness")),
    (r"standard error|noise|uncertain\w*|±|error", ("standard_error", "half_width", "spread", "standing.uncertainty")),
    (r"expect\w*|predict\w*|forecast\w*|promis\w*|surrogate|gaussian|process|hope\w*|anticipat\w*", ("expected", "mean")),
    (r"gap|below|above|behind|ahead|under|over|short|from|worse|better|within", ("against_best",)),
    (r"interactions?|ratings?|histor\w*|users?|readers?|people", ("history_median", "history_mean", "history_p90", "history_max")),
    (r"left|remain\w*|budget|limit", ("time_left_s", "n_left", "trial_time_limit_s")),
    (r"importan\w*|matter\w*|influen\w*|weigh\w*|[>≥]", ("importance",)),
    (r"default\w*", ("default",)),
)  # fmt: skip
_IMPLIED_BY = [(re.compile(rf"(?<![\w])(?:{words})(?![\w])|^[>≥±]$", re.I), names) for words, names in _IMPLIED]
_RANGED = re.compile(r"\d\s*(?:to|–|-|…|\.\.)\s*$", re.I)
_TO = re.compile(r"\s*(?:to|–|…|\.\.)\s*[-+]?\d", re.I)
_LISTED = re.compile(
    r"\s*(?:\([^()]*\)\s*)?(?:,|;|/|→|->)?\s*(?:and|or|against|after|to|vs\.?|instead of|rather than)?\s*(?:only |just |about )?",
    re.I,
)
_REACHED = re.compile(r"\b(?:reach\w*|scor\w*|got|gets?|achiev\w*|attain\w*|hits?|came to|with|had|has)\s+(?:only |just |about |around |a value of )?$", re.I)  # fmt: skip
_AS = re.compile(r"\b(?:as|equals?|match\w*|reach\w*|like|unlike|from|lead\w* over)\s+(?:the\s+|its\s+)?$", re.I)
_WORKED_OUT = re.compile(
    r"\b(?:more|less|fewer|better|worse|higher|lower|above|below|ahead|behind|gain\w*|differ\w*|gap|margin|lead\w*|by|apart|"
    r"drop\w*|fell|rose|added|add|lost|loses?|cost\w*|within|between|spread|than|missed|total|all told|times|twice|half|third|quarter|fold)\b",
    re.I,
)


def weighed(amount: Amount, bound: Binding, names: tuple[str, ...], sentence: Sentence, known: Known) -> Verdict:
    """What becomes of a number that is no known value of what the words next to it say."""
    plain = replace(amount, bound=0, is_about=amount.is_about or amount.bound != 0)
    standing = [fact for fact in _facts(known) if any(map(plain.stands_for, in_unit(fact, amount)))]
    is_gap = GAP.search(sentence.text[: amount.start]) is not None and amount.unit != "share"
    said = [f for f in standing if not is_gap and _is_said(f, amount, bound, names, sentence, known)]
    own = _owner(amount, bound, sentence)
    if any(fact.subject in own or fact.subject == known.about for fact in said) or _is_epoch(amount, sentence, known):
        return _verdict("checked", amount)
    if wrong := (own and _swapped(said, own, amount, known)) or _misnamed(
        standing, own, amount, bound, sentence, known
    ):
        return wrong
    if any(_is_spoken(fact, own, bound, sentence, known) for fact in said):
        return _verdict("checked", amount)
    if not own and said and _is_of_no_one(sentence) and (bound.tight or _digits(amount) > 2):
        return _verdict("checked", amount)
    if _is_of_stated(amount, sentence) or is_tallied(amount, sentence, known):
        return _verdict("checked", amount)
    if wrong := (
        _other_ratio(amount, sentence, known)
        or _other_value(amount, own, bound, sentence, known)
        or _other_count(amount, sentence, known, is_known=bool(standing))
        or _other_default(amount, bound, names, sentence, known)
    ):
        return wrong
    is_of_many = MEAN.search(sentence.text) is not None
    is_vague = _digits(amount) < 2 and amount.unit not in ("s", "ms", "bytes")
    is_vague = is_vague or (_digits(amount) < _SURE_DIGITS and not sentence.is_short)
    is_vague = is_vague and bool(known.facts)  # where nothing was looked up, nothing is worked out
    if standing or is_vague or _is_small(amount) or is_of_many or _is_of_any_two(amount, sentence, known):
        return _verdict("unknown", amount, "it is not clear what it is of")
    return _verdict("unsupported", amount, f"{amount.text} stands in no result")


def _facts(known: Known) -> Iterator[Fact]:
    yield from itertools.chain.from_iterable(known.numbers.values())


def _is_said(
    fact: Fact, amount: Amount, bound: Binding, names: tuple[str, ...], sentence: Sentence, known: Known
) -> bool:
    """Whether the sentence speaks of what the fact measures."""
    is_test = sentence.has(TEST)
    if (fact.part == "test" and not is_test) or (fact.part == "validation" and is_test):
        return False
    if MEAN.search(sentence.text) and fact.subject.kind == "trial" and "mean" not in fact.attribute:
        return False  # a mean is worked out and no value of one
    tight = tuple(name for name in bound.tight if name.partition("@")[0] in METRICS or name in known.params)
    if fact.subject.kind == "param" and not _is_param_of(fact.subject, bound, sentence, known):
        return False
    if names and set(names) <= _OF_SPACE:  # the default dropout is no trial's
        return fact.attribute in names
    if tight:
        return is_named(fact.attribute, (*tight, *names))
    metrics = [m for m in sentence.mentions if m.kind == "metric"]
    if "@" in fact.attribute:
        if metrics:
            return any(is_named(fact.attribute, m.names) for m in metrics)
        return fact.attribute == known.objective(fact.subject.study)
    if is_named(fact.attribute, (*bound.tight, *bound.near, *bound.wide, *names)):
        return True
    last = fact.attribute.partition(".")[0], fact.attribute
    return any(set(last) & set(implied) and pattern.search(sentence.text) for pattern, implied in _IMPLIED_BY)


def _is_epoch(amount: Amount, sentence: Sentence, known: Known) -> bool:
    """Whether it is an epoch of which the sentence gives the value: 0.12 at epoch 4, 0.25 at 9."""
    at = known.numbers.get(f"curve.at_{amount.value:g}", ()) if amount.is_whole else ()
    return any(one.stands_for(fact.number) for fact in at for one in sentence.amounts if fact.number is not None)


def _is_param_of(param: Subject, bound: Binding, sentence: Sentence, known: Known) -> bool:
    """Whether the sentence names the param, and no other model than the one whose param it is."""
    models = {s.name for who in sentence.whos for s in who.subjects if s.kind == "model"} or {
        str(known.value(s, "model")) for who in sentence.whos for s in who.subjects if s.kind == "trial"
    }
    is_own = not models or param.study not in MODELS or param.study in models
    return is_own and (param.name in bound.params or not bound.params)


def _owner(amount: Amount, bound: Binding, sentence: Sentence) -> tuple[Subject, ...]:
    """Whom the number stands next to; empty where it is not clear of whom it is told."""
    if pair := pair_of(amount, sentence):
        return pair
    if _RANGED.search(sentence.text[: amount.start]) or _TO.match(sentence.text[amount.end :]):
        return ()
    if any(
        _LISTED.fullmatch(sentence.text[a.end : b.start])
        for a, b in itertools.pairwise(sentence.amounts)
        if amount in (a, b)
    ):
        return ()  # one of several, of which it is not clear which is whose
    whos = [who for who in sentence.whos if who.subjects and who.subjects[0].kind in ("trial", "baseline", "item")]
    if sentence.is_row:
        return whos[0].subjects if whos else ()
    if given := is_given_to(amount, whos, sentence):
        return given.subjects
    start, _ = sentence.clause(amount.start)
    left = [who for who in whos if start <= who.start and who.end <= amount.start]
    if not left:
        return ()
    near = left[-1]
    between = sentence.text[near.end : amount.start]
    is_other = any(near.end <= one.start < amount.start and one.unit == amount.unit for one in sentence.amounts)
    is_compared = _AS.search(sentence.text[: near.start]) is not None and (len(left) > 1 or near.role == "model")
    is_compared = is_compared or (AGAINST.search(sentence.text[: near.start]) is not None and len(left) > 1)
    is_bent = (
        re.search(
            r";|(?<!less )(?<!more )(?<!fewer )\bthan\b|\b(?:against|over|behind|ahead|from|instead|while|whereas)\b",
            between,
        )
        is not None
    )
    is_bent = is_bent or ("(" in between and len({who.subjects for who in sentence.whos if who.subjects}) > 1)
    is_far = near.is_pronoun or len(between) > _NEAR
    return () if is_other or is_compared or is_bent or is_far else near.subjects


def _swapped(said: list[Fact], own: tuple[Subject, ...], amount: Amount, known: Known) -> Verdict | None:
    """Whether the number is another's value of what is known of the one that it stands next to."""
    for fact in said:
        if any(amount.stands_for(v) for one in own if (v := known.number(one, fact.attribute)) is not None):
            continue
        is_value = fact.subject.kind == own[0].kind and fact.attribute.partition(".")[0] not in ("curve", "n_listed")
        value = next((v for one in own if (v := known.number(one, fact.attribute)) is not None), None)
        if is_value and value is not None:
            why = f"{amount.text} is the {fact.attribute} of {fact.subject}; {own[0]} has {value:.4g}"
            return _verdict("contradicted", amount, why)
    return None


def _misnamed(
    standing: list[Fact], own: tuple[Subject, ...], amount: Amount, bound: Binding, sentence: Sentence, known: Known
) -> Verdict | None:
    """Whether the number is another attribute of someone of whom the one that stands next to it is known."""
    if not bound.tight or _is_small(amount) or amount.unit:
        return None
    for fact in standing:
        if fact.subject.kind not in ("trial", "dataset", "baseline") or (own and fact.subject not in own):
            continue
        if not own and not _is_spoken(fact, own, bound, sentence, known):
            continue
        named = [
            n
            for n in known.numbers
            if is_named(n, bound.tight[:1]) and (n.partition("@")[0] in METRICS or n in known.params or n in _TOTALS)
        ]
        values = [v for name in named if (v := known.number(fact.subject, name)) is not None]
        is_alike = unit_of(fact.attribute) == "count" or "@" in fact.attribute or fact.is_param
        if any(map(amount.stands_for, values)):
            return None
        if values and is_alike and fact.attribute not in named and not is_named(fact.attribute, bound.tight):
            why = f"{amount.text} is the {fact.attribute} of {fact.subject}, whose {named[0]} is {values[0]:.4g}"
            return _verdict("contradicted", amount, why)
    return None


def _other_ratio(amount: Amount, sentence: Sentence, known: Known) -> Verdict | None:
    """Whether two who are named differ by another factor or share than is said of their one metric."""
    whos = dict.fromkeys(one for who in sentence.whos if (one := _single(who)) and one.kind in ("trial", "baseline"))
    gap = GAP.search(sentence.text[: amount.start])
    if gap and not whos and "default" in gap[0] and (defaults := known.defaults()):
        whos = {defaults: None}
    if gap and len(whos) == 1 and (best := known.best(next(iter(whos)).study)):
        whos[best] = None
    metrics = {name for m in sentence.mentions if m.kind == "metric" for name in m.names}
    around = sentence.text[max(0, amount.start - 30) : amount.end + 30]
    is_ratio = amount.unit == "factor" or (amount.unit == "share" and _WORKED_OUT.search(around))
    is_difference = (
        amount.unit == ""
        and not amount.is_whole
        and re.search(r"\b(?:by|differ\w*|is|more|less|gains?|loses?|lost)\b", around)
    )
    is_of_many = any(who.role == "model" and not _single(who) for who in sentence.whos)
    if len(whos) != 2 or is_of_many or not (is_ratio or (is_difference and _WORKED_OUT.search(around))):
        return None
    first, second = whos
    if sentence.mentions and not metrics and any(m.kind == "param" for m in sentence.mentions):
        return None
    names = [n for n in known.numbers if is_named(n, tuple(metrics))] or [known.objective(first.study)]
    is_test = sentence.has(TEST)
    pairs = [
        (known.number(first, name, is_test=is_test), known.number(second, name, is_test=is_test)) for name in names
    ]
    found = [(a, b) for a, b in pairs if a is not None and b is not None]
    if (
        not found
        or len(names) > 2
        or sentence.has(r"interval|margin|error|noise|±|\btrain|second|latency|slow|fast|\bms\b|expect|predict")
    ):
        return None
    a, b = found[0]
    if a == b or _gives(amount, [a, b]):
        return None if a == b else _verdict("checked", amount)
    return _verdict("contradicted", amount, f"{names[0]} is {a:.4g} against {b:.4g}")


def _other_value(
    amount: Amount, own: tuple[Subject, ...], bound: Binding, sentence: Sentence, known: Known
) -> Verdict | None:
    """Whether the metric or param that stands next to the number has another value in the one it stands next to."""
    around = sentence.text[max(0, amount.start - 25) : amount.end + 25]
    if (
        amount.unit == "s"
        and len(own) == 1
        and sentence.has(r"\btrain|\btook\b|\bneed")
        and not sentence.has(r"\b(?:they|both|each|epoch)\b")
    ):
        time = known.number(own[0], "train_s")
        is_right = time is None or amount.stands_for(time) or (_WORKED_OUT.search(around) and not amount.bound)
        return None if is_right else _verdict("contradicted", amount, f"{own[0]} trained for {time:.3g} s")
    if _WORKED_OUT.search(around) or len(own) != 1 or amount.unit not in ("", "share"):
        return None
    is_reached = not bound.tight and not amount.is_whole and _REACHED.search(sentence.text[: amount.start])
    tight = (known.objective(own[0].study),) if is_reached else bound.tight
    for name in known.numbers:
        is_measured = name.partition("@")[0] in METRICS or name in known.params or bool(is_reached)
        is_measured = is_measured and unit_of(name) not in ("s", "ms", "bytes")
        if is_measured and is_named(name, tight):
            value = next((v for one in own if (v := known.number(one, name)) is not None), None)
            if value is not None:
                return _verdict("contradicted", amount, f"{amount.text} is not {name}: {own[0]} has {value:.4g}")
    return None


_SURE_DIGITS = 3  # a number with fewer is too often worked out to refute anything by its absence
_TOTALS = ("n_users", "n_items")
_THOUSANDS = 1000  # counts from here on are those of all
_COUNTS = (("users|people|readers|customers", "n_users"), ("items|books|movies|films|products", "n_items"), ("interactions|ratings|events", "n_interactions"), ("seeds", "n_seeds"))  # fmt: skip


def _other_count(amount: Amount, sentence: Sentence, known: Known, *, is_known: bool) -> Verdict | None:
    """Whether as many users, items, interactions or seeds stand in a result, as its noun follows at once."""
    for words, name in _COUNTS:
        is_said = amount.is_whole and re.match(rf"\s+(?:{words})\b", sentence.text[amount.end :], re.I)
        values = [f.number for found in (name, f"would.{name}") for f in known.numbers.get(found, ()) if f.number]
        if (
            is_said
            and values
            and (name == "n_seeds" or amount.value >= _THOUSANDS or (not is_known and not _is_small(amount)))
            and not any(map(amount.stands_for, values))
        ):
            shown = ", ".join(f"{value:g}" for value in dict.fromkeys(values))
            return _verdict("contradicted", amount, f"{amount.text} is not {name}: known are {shown}")
    return None


def _other_default(
    amount: Amount, bound: Binding, names: tuple[str, ...], sentence: Sentence, known: Known
) -> Verdict | None:
    """Whether the default of the one param that is named is another."""
    if names != ("default",) or len(bound.params) != 1 or len(sentence.amounts) > 1:
        return None
    own = [f for f in known.numbers.get("default", ()) if _is_param_of(f.subject, bound, sentence, known)]
    values = list(dict.fromkeys(f.number for f in own if f.number is not None))
    if not values or any(map(amount.stands_for, values)):
        return None
    return _verdict("contradicted", amount, f"the default {bound.params[0]} is {values[0]:.4g}")


def _single(who: Who) -> Subject | None:
    """The one whom it is; of "the ease baseline" the baseline."""
    is_baseline = who.role == "model" and who.subjects and who.subjects[0].kind == "baseline"
    return who.subjects[0] if is_baseline else who.one


def _is_spoken(fact: Fact, own: tuple[Subject, ...], bound: Binding, sentence: Sentence, known: Known) -> bool:
    """Whether the fact is of someone whom this sentence or the one before names, or of no one in particular."""
    spoken = {subject for who in (*sentence.whos, *sentence.before) for subject in who.subjects}
    if fact.subject in spoken or known.is_only_proposed(fact.subject) or fact.subject == known.about:
        return True
    if fact.subject.kind == "candidate":
        return sentence.has(r"candidate|considered|instead|random|draw|alternativ|other|rejected|explor")
    named = {subject for who in sentence.whos for subject in who.subjects}
    return fact.subject.kind in ("study", "dataset", "param", "model") and not any(
        subject.kind == fact.subject.kind for subject in named
    )


def _is_of_no_one(sentence: Sentence) -> bool:
    return not any(who.subjects and not who.is_pronoun and who.role != "topic" for who in sentence.whos)


def _is_of_stated(amount: Amount, sentence: Sentence) -> bool:
    """Whether two other numbers of this sentence or the one before give it, where the words say that it compares."""
    if not _WORKED_OUT.search(sentence.text) and amount.unit not in ("share", "factor", "points"):
        return False
    stated = [one for one in sentence.amounts if one is not amount and one.unit in ("", "s", "ms")]
    values = list(dict.fromkeys([*(one.value for one in stated), *(one.value for one in sentence.stated)]))
    return _gives(amount, values)


def _gives(amount: Amount, values: list[float]) -> bool:
    if len(values) < 2:
        return False
    if amount.unit == "factor":
        return is_ratio(amount, values)
    if amount.unit == "share":
        return is_relative(amount, values, is_ordered=False) or is_ratio(amount, values)
    return is_difference(amount, values) and not amount.is_whole


def _is_of_any_two(amount: Amount, sentence: Sentence, known: Known) -> bool:
    """Whether some two values of one attribute give it, where the words say that it is worked out."""
    if not _WORKED_OUT.search(sentence.text):
        return False
    for name, facts in known.numbers.items():
        if "@" in name or name in known.params or name in ("train_s", "latency_ms", "importance", "score", "n"):
            values = list(dict.fromkeys(fact.number for fact in facts if fact.number is not None))[:60]
            if _gives(amount, values):
                return True
    return False


def _digits(amount: Amount) -> int:
    """How many significant digits it is written with."""
    digits = re.sub(r"\D", "", re.split(r"[eE]", amount.text)[0]).lstrip("0")
    return len(digits.rstrip("0") if amount.is_whole else digits)


def _is_small(amount: Amount) -> bool:
    return not amount.unit and 0 <= amount.value <= 20 and float(amount.value).is_integer()


def _verdict(outcome: str, amount: Amount, why: str = "") -> Verdict:
    return Verdict(outcome=outcome, claim=amount.text, kind="value", why=why)  # type: ignore[arg-type]
