"""Which attribute and whose a number of a sentence is: by the words next to it, else by its clause, else by the sentence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from agent.grounding.amounts import Amount
from agent.grounding.attributes import Mention
from agent.grounding.fact import Subject
from agent.grounding.sentence import Sentence
from agent.grounding.subjects import Who
from agent.words.spelling import words_of
from recmodels.models import MODELS
from recmodels.search_space import Float, Int

_BEFORE = words_of(
    "value score rate set params param of is was were at to a an the only just about around roughly nearly almost over under from reached "
    "reaches hit got had has being stayed equal equals with as went and now still up down by comes came lies lay stands stood between "
    "coefficient index goes go from scored gave gives measured shows showed in for it its until exactly all best mean improved rose fell grew drops dropped moved changed "
    "raised lowered low high small large takes took them each that so far"
)
"""Words between an attribute and its number: a dropout of only 0.1."""
_BEHIND = words_of(
    "of in on for as the its unique different distinct more rated training validation total evaluated test known popular finished past "
    "hidden attention transformer self-attention mean a an"
)
"""Words between a number and its attribute: 2 attention heads."""
_FOR = re.compile(
    r"^[\s*`)\"”,%]*(?:ms|s|seconds?|\(?)\s*(?:on ndcg@10 |ndcg@10 )?(?:for|in|of|by|from|with|on|under|at|\()\s*(?:the\s+)?$",
    re.I,
)
AGAINST = re.compile(
    r"\b(?:than|over|against|vs\.?|versus|compared (?:with|to)|beats?|beat|beaten|ahead of|behind|above|below|outperform\w*|from|to|on|like|unlike|of|after|before)\s+(?:the\s+)?$",
    re.I,
)
_COMPARED_FIRST = re.compile(
    r"^\W*(?:compared (?:with|to)|unlike|against|relative to|next to|versus|than)\s+(?:the\s+)?$", re.I
)
_OTHER = re.compile(
    r"\b(?:instead of|rather than|against|vs\.?|versus|compared (?:with|to)|up from|down from|where|not)\s+(?:only\s+|just\s+|the\s+)*$",
    re.I,
)
_FROM_TO = re.compile(
    r"\bfrom\s+\S+(?:\s[^\s;]+){0,6}?\s+(?:up |down )?to\s+(?:about |around |roughly )?$|\bfrom\s+(?:about |around )?$",
    re.I,
)
_PLUS_MINUS = re.compile(r"(?:±|\+/-|\+-|plus or minus|give or take)\s*$", re.I)
_PAIR = re.compile(
    r"^\s*(?:against|vs\.?|versus|and|to|compared (?:with|to)|,|/|or|instead of|rather than|→|->)\s*(?:only |just |a |about )?$",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What a number may be of."""

    tight: tuple[str, ...]  # attributes that stand next to it; empty where none does
    near: tuple[str, ...]  # of its clause
    wide: tuple[str, ...]  # of its sentence
    words: tuple[str, ...]  # of its clause, which say how a noun next to the number is meant: on average, the median
    params: tuple[str, ...]  # that the sentence names
    subjects: tuple[Subject, ...]  # whose it may be; empty: of whomever
    is_spread: bool = False  # it stands behind ±
    is_tight_noun: bool = False


def bind(amount: Amount, sentence: Sentence) -> Binding:
    """What the words around a number say that it is."""
    start, end = sentence.clause(amount.start)
    tight = _tight(amount, sentence) or _tight_of_row(amount, sentence)
    near = [m for m in sentence.mentions if start <= m.start < end]
    return Binding(
        tight=tight.names if tight else (),
        near=_names(near),
        wide=_names(sentence.mentions),
        words=_names([m for m in near if m.kind == "word"]),
        params=_names([m for m in sentence.mentions if m.kind == "param"]),
        subjects=_subjects(amount, sentence),
        is_spread=_PLUS_MINUS.search(sentence.text[: amount.start]) is not None,
        is_tight_noun=tight is not None and tight.kind == "noun",
    )


def _tight_of_row(amount: Amount, sentence: Sentence) -> Mention | None:
    """The attribute of the number before in a row: l2 from 50 to 1000."""
    before = [one for one in sentence.amounts if one.end <= amount.start]
    if not before or not _PAIR.search(sentence.text[before[-1].end : amount.start]):
        return None
    found = _tight(before[-1], sentence) or _tight_of_row(before[-1], sentence)
    is_alike = found is not None and before[-1].unit == amount.unit and _could_be(amount, found)
    return found if found and found.kind in ("metric", "param") and is_alike else None


def _names(mentions: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for mention in mentions for name in mention.names))  # type: ignore[attr-defined]


def _tight(amount: Amount, sentence: Sentence) -> Mention | None:
    """The attribute that stands next to the number; one behind it before one in front of it."""
    mentions = [m for m in sentence.mentions if _could_be(amount, m)]
    after = [m for m in mentions if m.start >= amount.end and m.kind != "word"]
    before = [m for m in mentions if m.end <= amount.start]
    right = (
        after[0]
        if after and _joins(_without_choices(amount.end, after[0].start, sentence), _BEHIND, '*`-)"”')
        else None
    )
    left = before[-1] if before and not _is_taken(before[-1], sentence) else None
    left = None if left and _is_mean_of_trials(left, sentence) else left
    is_named = left is not None and left.kind in ("metric", "param")
    gap = (_without_whos if is_named else _between)(left.end, amount.start, sentence) if left else ""
    if left and left.kind != "noun" and _joins(gap, _BEFORE, '(:=*`≈~"“'):
        is_close = re.fullmatch(r"\s*(?:of|=|:|is|was|at|\()?\s*", gap) is not None
        if right is None or (is_close and left.kind in ("metric", "param") and not _touches(amount, right, sentence)):
            return left
    return right


_COUNTED = frozenset(name for entry in MODELS.values() for name, param in entry.space.items() if isinstance(param, Int))


_ENDS: dict[str, tuple[float, float]] = {}
"""The lowest and highest value that some model declares for a param."""
for _entry in MODELS.values():
    for _name, _param in _entry.space.items():
        if isinstance(_param, Float | Int):
            _low, _high = _ENDS.get(_name, (_param.low, _param.high))
            _ENDS[_name] = (min(_low, _param.low), max(_high, _param.high))


def _could_be(amount: Amount, mention: Mention) -> bool:
    """Whether a number can be one of these at all: 0.1224 is no epoch, and 2 ms is no number of neighbours."""
    if amount.unit in ("share", "factor", "points") or mention.kind == "word":
        return True
    is_whole = amount.is_whole or amount.value.is_integer()
    if mention.kind == "param":
        ends = [_ENDS[name] for name in mention.names if name in _ENDS]
        is_in = not ends or amount.value == 0 or any(low / 2 <= amount.value <= 2 * high for low, high in ends)
        return amount.unit == "" and is_in and (is_whole or not set(mention.names) <= _COUNTED)
    if mention.kind == "noun":
        return amount.unit == "" and (is_whole or "score" in mention.names or amount.is_about)
    return True


def _without_choices(start: int, end: int, sentence: Sentence) -> str:
    """The text between, without values that are words: 8 uniform negatives."""
    text = sentence.text[start:end]
    for span in sentence.said.of("choice", start=start, end=end):
        text = text.replace(sentence.said.words(span), " ")
    return text


def _is_taken(mention: Mention, sentence: Sentence) -> bool:
    """Whether a number stands in front of it already: "after two epochs its 0.035"."""
    return mention.kind in ("param", "noun") and any(
        0 <= mention.start - one.end <= 1 and one.is_whole for one in sentence.amounts
    )


def _is_mean_of_trials(mention: Mention, sentence: Sentence) -> bool:
    """Whether a word for a mean is said of trials and not of users."""
    has_metric = any(m.kind == "metric" for m in sentence.mentions)
    is_of_trials = has_metric or re.search(r"\btrials?\b|\bruns?\b", sentence.text, re.I) is not None
    return mention.names[0] in ("history_mean", "history_median") and is_of_trials


def _between(start: int, end: int, sentence: Sentence) -> str:
    return sentence.text[start:end]


def _without_whos(start: int, end: int, sentence: Sentence) -> str:
    """The text between, without those whom it names: the dropout of trial 6 is."""
    text = sentence.text
    for who in sentence.whos:
        if start <= who.start and who.end <= end:
            text = text[: who.start] + " " * (who.end - who.start) + text[who.end :]
    return text[start:end]


def _joins(gap: str, words: frozenset[str], signs: str) -> bool:
    """Whether nothing but such words and signs stands between."""
    rest = gap.translate({ord(sign): " " for sign in signs}).lower().split()
    return len(rest) <= 5 and all(word in words for word in rest)


def _touches(amount: Amount, mention: Mention, sentence: Sentence) -> bool:
    return sentence.text[amount.end : mention.start].strip(" -") == ""


def _subjects(amount: Amount, sentence: Sentence) -> tuple[Subject, ...]:
    """Whose the number may be, the surest reading alone where there is one."""
    whos = [who for who in sentence.whos if who.subjects]
    if sentence.is_row:
        return tuple(dict.fromkeys(subject for who in whos for subject in who.subjects))
    if given := is_given_to(amount, whos, sentence):
        return given.subjects
    if _FROM_TO.search(sentence.text[: amount.start]):  # of both that are named, else of another and of this one
        is_of_two = len({who.subjects for who in whos}) > 1
        return tuple(dict.fromkeys(subject for who in whos for subject in who.subjects)) if is_of_two else ()
    spoken = {who.subjects for who in whos if who.subjects[0].kind in ("trial", "baseline", "model")}
    if _OTHER.search(sentence.text[: amount.start]) and len(spoken) < 2:  # of another, which is not named
        return ()
    if paired := pair_of(amount, sentence):
        return paired
    start, end = sentence.clause(amount.start)
    left = [who for who in whos if start <= who.start < amount.start]
    if left:
        return _with_main(left, whos, sentence)
    right = [who for who in whos if amount.end <= who.start < end]
    earlier = [who for who in whos if who.start < amount.start]
    if earlier:
        return _with_main([earlier[-1]], whos, sentence)
    if right:
        return tuple(dict.fromkeys(s for who in right for s in who.subjects))
    if any(not who.subjects and who.role for who in sentence.whos):
        return ()
    return tuple(dict.fromkeys(subject for who in sentence.before[:2] for subject in who.subjects))


def _with_main(left: list[Who], whos: list[Who], sentence: Sentence) -> tuple[Subject, ...]:
    """The nearest in front of the number; where that is only compared with, what is compared as well."""
    near = left[-1]
    trials = [
        who for who in whos if who.end <= near.start and who.role != "model" and who.one and who.one.kind == "trial"
    ]
    is_own = trials and any(trials[-1].end <= a.start < near.start for a in sentence.amounts)
    if near.role == "model" and trials and not is_own:  # trial 6 ran sasrec with 2 layers
        between = sentence.text[trials[-1].end : near.end + 12]
        is_compared = (
            re.search(r"\b(?:beat\w*|than|over|against|baselines?|ahead|behind|above|below|vs)\b", between) is not None
        )
        return tuple(dict.fromkeys([*trials[-1].subjects, *(near.subjects if is_compared else ())]))
    if len(left) > 1 and AGAINST.search(sentence.text[: near.start]):
        return tuple(dict.fromkeys([*near.subjects, *left[-2].subjects, *whos[0].subjects]))
    is_listed = len(left) > 1 and not any(left[-2].end <= a.start < near.start for a in sentence.amounts)
    if is_listed and re.search(r"(?:,|\band|&)\s*(?:trial\s*)?$", sentence.text[: near.start]):  # trials 1 and 6
        return tuple(dict.fromkeys(subject for who in left for subject in who.subjects))
    return near.subjects


def is_given_to(amount: Amount, whos: Sequence[Who], sentence: Sentence) -> Who | None:
    """Who stands behind the number as its owner: 0.1 for trial 3, 0.2 by ease."""
    after = next((who for who in whos if who.start >= amount.end), None)
    return after if after and _FOR.search(sentence.text[amount.end : after.start]) else None


def pair_of(amount: Amount, sentence: Sentence) -> tuple[Subject, ...]:
    """Of "trial 3 … trial 1, with 0.1 against 0.096": the subject at the same place in its row."""
    if re.search(r"\[[^\]]*$|\binterval\b.{0,30}$|\bbetween\s+$", sentence.text[: amount.start]):
        return ()
    whos = [who for who in sentence.whos if who.subjects]
    numbers = list(sentence.amounts)
    at = numbers.index(amount)
    row = [amount]
    for one in numbers[at + 1 :]:
        if not _PAIR.search(sentence.text[row[-1].end : one.start]):
            break
        row.append(one)
    for one in reversed(numbers[:at]):
        if not _PAIR.search(sentence.text[one.end : row[0].start]):
            break
        row.insert(0, one)
    trials = sorted(
        (who for who in whos if who.end <= row[0].start),
        key=lambda who: (_COMPARED_FIRST.search(sentence.text[: who.start]) is not None, who.start),
    )
    is_turned = re.search(r"\bfrom\s+$", sentence.text[: row[0].start], re.I)
    if len(row) < 2 or len(trials) < len(row) or is_turned or any(one.unit != row[0].unit for one in row):
        return ()
    if len(trials) > len(row):
        trials = trials[-len(row) :]
    return trials[row.index(amount)].subjects
