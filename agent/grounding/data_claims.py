"""Claims of how users and items of a dataset are spread: nobody has more than 100, half have 24 or fewer, 98 % is empty."""

import re
from collections.abc import Iterator

from agent.grounding.amounts import Amount
from agent.grounding.known import Known
from agent.grounding.sentence import Sentence
from agent.grounding.verdict import Verdict

_PEOPLE = r"(?:users?|readers?|people|customers?|viewers?|listeners?|persons?|members?|histor(?:y|ies))"
_NOBODY = re.compile(
    rf"\b(?:nobody|no[- ]one|no (?:single )?{_PEOPLE}|none of the {_PEOPLE}|not a single {_PEOPLE})\b", re.I
)
_EVERY = re.compile(rf"\b(?:every(?:one|body)?|each|all)(?: of the)?(?: {_PEOPLE})?\b", re.I)
_PART = re.compile(rf"^[^,;.]{{0,12}}\b{_PEOPLE}\b", re.I)
_MORE = re.compile(r"\b(?:more than|over|above|at least|exceed\w*|beyond)\s+(?:about |around )?$", re.I)
_LESS = re.compile(r"\b(?:fewer than|less than|under|below|at most|up to|no more than)\s+(?:about |around )?$", re.I)
_OR = re.compile(r"^\s*(?:\w+\s+)?or\s+(?P<way>more|fewer|less)\b", re.I)
_REPEATS = re.compile(
    r"\b(?:(?P<none>nobody|no[- ]one|no \w+|never|nothing)\b[^.;]*\b(?:same|an? \w+)\b[^.;]*\b(?:twice|again|more than once|repeatedly)|"
    r"(?P<not>no|without|never)\b[^.;]{0,20}\b(?:repeat\w*|duplicat\w*))\b",
    re.I,
)
_EMPTY = re.compile(r"\b(?:empty|unfilled|missing|unobserved|blank|not filled|unknown|sparsity|sparse|zeros?)\b", re.I)
_LONGEST = re.compile(r"\b(?:longest|largest|biggest|most active|busiest|heaviest|maximum)\b", re.I)
_TYPICAL = re.compile(r"\b(?:median|typical|middle)\b", re.I)
_AVERAGE = re.compile(r"\b(?:average|mean)\b", re.I)


def judge_data(sentence: Sentence, known: Known) -> tuple[list[Verdict], set[int]]:
    """The verdicts, and the places of the numbers that they are of."""
    found: list[Verdict] = []
    done: set[int] = set()
    if sentence.mood == "asks" or not {"history_mean", "n_interactions"} & set(known.numbers):
        return found, done
    for verdict, used in (
        *_quantiles(sentence, known),
        *_repeats(sentence, known),
        *_empty(sentence, known),
        *_per_item(sentence, known),
        *_sizes(sentence, known),
        *_means(sentence, known),
    ):
        if not used & done:
            found.append(verdict)
            done |= used
    return found, done


def _value(known: Known, name: str) -> float | None:
    found = [f.number for f in known.numbers.get(name, ()) if f.number is not None]
    return found[-1] if found else None


def _quantiles(sentence: Sentence, known: Known) -> Iterator[tuple[Verdict, set[int]]]:
    """A share of the users that lies above or below a length of history."""
    for amount in sentence.amounts:
        way = _way(amount, sentence)
        share = _share(amount, sentence)
        is_of_items = re.search(
            r"\bitems?|books?|films?|movies?|titles?\b", sentence.text[: amount.start].rpartition(",")[2], re.I
        )
        if (
            not way
            or share is None
            or not amount.is_whole
            or amount.unit
            or (is_of_items and share[0] not in (0.0, 1.0))
        ):
            continue
        above = share[0] if way > 0 else 1 - share[0]
        name = next(
            (
                n
                for at, n in ((0.0, "history_max"), (0.1, "history_p90"), (0.5, "history_median"))
                if abs(above - at) < 0.02
            ),
            "",
        )
        actual = _value(known, name)
        if actual is None:
            continue
        holds = amount.stands_for(actual) if share[0] not in (0.0, 1.0) else amount.value >= actual
        yield _verdict(amount.text, f"{name} is {actual:g}", holds=holds), {amount.start, *share[1]}


def _way(amount: Amount, sentence: Sentence) -> int:
    """1 of "more than 46", -1 of "24 or fewer", else 0."""
    before = sentence.text[: amount.start]
    after = _OR.match(sentence.text[amount.end :])
    if _MORE.search(before) or (after and after["way"].lower() == "more"):
        return 1
    return -1 if _LESS.search(before) or after else 0


def _share(amount: Amount, sentence: Sentence) -> tuple[float, set[int]] | None:
    """Of which share of the users it is said, and the place of its number."""
    start, _ = sentence.clause(amount.start)
    clause = sentence.text[start : amount.start]
    shares = [a for a in sentence.amounts if start <= a.start < amount.start and a.unit == "share"]
    if shares:
        around = sentence.text[shares[-1].start : shares[-1].end + 30]
        is_of_people = re.search(_PEOPLE, around, re.I)
        return (shares[-1].value, {shares[-1].start}) if is_of_people else None
    if _NOBODY.search(clause):
        return 0.0, set()
    return (1.0, set()) if re.search(rf"\b(?:every|each|all)(?: of the)? {_PEOPLE}", clause, re.I) else None


def _repeats(sentence: Sentence, known: Known) -> Iterator[tuple[Verdict, set[int]]]:
    rate = _value(known, "repeat_rate")
    match = _REPEATS.search(sentence.text)
    if match and rate is not None:
        used = {a.start for a in sentence.amounts if a.text.lower() == "twice"}
        yield _verdict(match[0], f"the repeat rate is {rate:g}", holds=rate == 0), used


def _empty(sentence: Sentence, known: Known) -> Iterator[tuple[Verdict, set[int]]]:
    density = _value(known, "density")
    for amount in sentence.amounts if density is not None and _EMPTY.search(sentence.text) else ():
        if (
            amount.unit == "share"
            and amount.value > 0.5
            and re.search(r"\bmatrix\b|\bpairs?\b|\bcells?\b|sparsity|sparse|combinations", sentence.text, re.I)
        ):
            yield (
                _verdict(
                    amount.text, f"{1 - (density or 0):.4g} is empty", holds=amount.stands_for(1 - (density or 0))
                ),
                {amount.start},
            )


def _means(sentence: Sentence, known: Known) -> Iterator[tuple[Verdict, set[int]]]:
    """The average user has 27 interactions; the longest history is 100."""
    for amount in sentence.amounts:
        if amount.unit or not _is_of_history(amount, sentence):
            continue
        start, _ = sentence.clause(amount.start)
        earlier = [a.end for a in sentence.amounts if a.end <= amount.start]
        before = sentence.text[max([start, *earlier]) : amount.start]
        later = [a.start for a in sentence.amounts if a.start >= amount.end]
        after = sentence.text[amount.end : min([amount.end + 45, *later])].partition(";")[0]
        after = re.split(r",|\band\b|\bbut\b|\bthough\b|\bwhile\b", after)[0]
        name = _statistic(after) or _statistic(before)
        actual = _value(known, name) if name else None
        if actual is not None:
            holds = amount.stands_for(actual) or (amount.is_whole and abs(amount.value - actual) <= 0.5)
            yield _verdict(amount.text, f"{name} is {actual:g}", holds=holds), {amount.start}


_PER_ITEM = re.compile(r"\b(?:per|each|every|an|a)\s+(?:item|book|film|movie|title|product)\b", re.I)


def _per_item(sentence: Sentence, known: Known) -> Iterator[tuple[Verdict, set[int]]]:
    """About 36 ratings per book."""
    n, items = _value(known, "n_interactions"), _value(known, "n_items")
    if not n or not items or not _PER_ITEM.search(sentence.text) or sentence.has(r"\bword|\btext"):
        return
    is_mean = sentence.has(r"^\W*(?:the )?(?:\w+ )?(?:interactions|ratings) per\b")
    counted = re.compile(r"\s*(?:ratings?|interactions?|events?|readers|users)\b", re.I)
    for amount in sentence.amounts:
        if amount.unit == "" and (is_mean or counted.match(sentence.text, amount.end)):
            holds = amount.stands_for(n / items) or (amount.is_whole and abs(amount.value - n / items) <= 0.5)
            yield _verdict(amount.text, f"it is {n / items:.4g}", holds=holds), {amount.start}


def _sizes(sentence: Sentence, known: Known) -> Iterator[tuple[Verdict, set[int]]]:
    """Shop is the smaller of the two datasets."""
    match = re.search(
        r"\bthe (?:(?P<up>larger|bigger|largest|biggest)|(?P<down>smaller|smallest))\b(?: of the two)?(?: dataset)?",
        sentence.text,
        re.I,
    )
    named = [who.one for who in sentence.whos if who.one and who.one.kind == "dataset"]
    sizes = {s: v for s in known.by_subject if s.kind == "dataset" and (v := known.number(s, "n_interactions"))}
    if match and named and named[0] in sizes and len(sizes) > 1:
        pick = max if match["up"] else min
        holds = pick(sizes, key=lambda one: sizes[one]) == named[0]
        yield _verdict(match[0], "by interactions it is not", holds=holds), set()


def _statistic(text: str) -> str:
    patterns = ((_TYPICAL, "history_median"), (_AVERAGE, "history_mean"), (_LONGEST, "history_max"))
    found = [(match.start(), name) for pattern, name in patterns for match in pattern.finditer(text)]
    return max(found)[1] if found else ""


def _is_of_history(amount: Amount, sentence: Sentence) -> bool:
    """Whether a number counts the interactions of one user, and is no rating and no value of a trial."""
    text = sentence.text
    if re.search(r"\btrials?\b|\bndcg|\bdropout|\bword", text, re.I) or not re.search(
        rf"\b{_PEOPLE}\b|\binteractions per\b", text, re.I
    ):
        return False
    is_scale = re.search(
        r"\b(?:mean|average) (?:rating|weight|score|star)|\bratings? (?:is|was|of|lies|averages?)\b|\bstars?\b|\brated\b.*\b\d\.\d",
        text,
        re.I,
    )
    is_count = re.match(r"\s*(?:users|readers|people|items|books|films)\b", text[amount.end :], re.I)
    return (
        amount.value > 0
        and not is_scale
        and not (is_count and not re.search(r"\bhistor|\b(?:a|per|each|every|average|median|typical)\b", text, re.I))
    )


def _verdict(claim: str, why: str, *, holds: bool) -> Verdict:
    return Verdict(outcome="checked" if holds else "contradicted", claim=claim, kind="data", why="" if holds else why)
