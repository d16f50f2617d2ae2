"""Numbers, judged: each must be a known value of whom and what its sentence says, or be worked out from known values."""

import itertools
import re

from agent.grounding.amounts import Amount
from agent.grounding.attributes_said import names_of
from agent.grounding.binding import Binding, bind
from agent.grounding.fact import Fact
from agent.grounding.known import Known
from agent.grounding.quoted import quoted_support
from agent.grounding.sentence import Sentence
from agent.grounding.support import GAP, weighed
from agent.grounding.units import in_unit
from agent.grounding.verdict import Verdict
from agent.grounding.worked_out import TEST, is_worked_out, known_attributes
from recmodels.models import MODELS

_ZERO = re.compile(
    r"\b(?:includ\w*|contain\w*|cross\w*|span\w*|straddl\w*|exclud\w*|leav\w*|above|below|around|on either side of)\s+(?:out\s+)?(?:0|zero)\b",
    re.I,
)

_CONFIDENCE = re.compile(
    r"interval|±|over (?:the )?users|between|\bat\b|from|confiden|level|\bci\b|certain|significan|clear|chance|credib",
    re.I,
)

_PAIR_SAID = re.compile(r"\s*(?:up |down )?to\s+(?:about |around |roughly |almost |nearly )?", re.I)

_OTHERS = re.compile(
    r"\b(?:other|remaining|rest of the)\s+(?:knobs?|params?|parameters|hyperparameters|exponents?|settings)\b[^.;]*$|\bthe rest\b[^.;]*$",
    re.I,
)

_END_OF = re.compile(
    r"\binterval\b[^.;]{0,40}$|\[[^\]]*$|\b(?:between|from)\s+[-+−]?$|\b(?:between|from)\s+[-+−]?[\d.]+\s+(?:and|to)\s+[-+−]?$",
    re.I,
)

_ENDS_SAID = re.compile(
    r"\b(?:interval|between|from|up to|at (?:most|least|best|worst)|as (?:high|low) as|range\w*|ends?|limits?|bounds?|to)\b(?! reach| get| score| be\b| land)|±|\[",
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
    names = names_of(amount, bound, sentence, known)
    if not _ENDS_SAID.search(sentence.text):  # a prediction is no end of its interval
        names = tuple(name for name in names if name not in ("expected.low", "expected.high"))
    is_test = TEST.search(sentence.text) is not None and known.has_test
    is_validation = sentence.has(
        r"\bon (?:the )?validation\b|\bvalidation (?:part|set|value|mean)\b"
    ) and not TEST.search(sentence.text)
    same = [
        fact
        for name in known_attributes(names, known)
        for fact in known.numbers[name]
        if _is_of(fact, bound, sentence, known)
        and not (fact.part == "validation" and TEST.search(sentence.text))
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
    if is_worked_out(amount, bound, names, sentence, known):
        return _verdict("checked", amount)
    return weighed(amount, bound, names, sentence, known) if same else None


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
