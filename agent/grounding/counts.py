"""Claims of how many trials did something: six used sasrec, none failed, all are complete, both beat the defaults."""

import re
from collections.abc import Callable

from agent.grounding.fact import Subject
from agent.grounding.known import Known, sign_of
from agent.grounding.sentence import Sentence
from agent.grounding.verdict import Verdict
from recmodels.models import MODELS

_STATES = {
    "pruned": r"\b(?:pruned|stopped early|cut short|ended early)\b",
    "failed": r"\b(?:failed|crashed|broke|diverged|failures?)\b",
    "complete": r"\b(?:complete[d]?|ran to (?:the )?end|to completion|finished completely)\b",
}
_MANY = re.compile(
    r"\b(?P<all>all(?! trials so far (?:is|was))|every(?: one)?|each)(?: of)?(?: the)?(?: other)?(?: \w+)? ?(?:trials?|runs?)\b|"
    r"\b(?P<none>no|none of the|not a single|not one|neither)(?: other)? ?(?:\w+ )?(?:trials?|runs?)\b|\b(?P<nothing>none|nothing) (?:failed|was pruned|crashed|of them)|"
    r"\b(?P<half>half)(?: of)?(?: the)? (?:trials|runs)\b|\b(?P<most>most)(?: of)?(?: the)? (?:trials|runs)\b",
    re.I,
)
_COUNTED = re.compile(
    r"^\s*(?:of (?:the |its |our |them|these|\d+|\w+)?\s*(?:\d+\s+)?)?(?:(?:other|finished|complete[d]?|more|further|pruned|failed)\s+)*(?:[\w-]+\s)?(?:trials?|runs?)\b",
    re.I,
)
_OF = re.compile(r"^\s*(?:of|out of)\s+(?:the\s+)?(?:\d+|\w+)\b", re.I)
_VERB = re.compile(r"^\s*(?:was|were|failed|used|ran|had|beat|got|reached|did|are|is|have)\b", re.I)


def judge_counts(sentence: Sentence, known: Known) -> tuple[list[Verdict], set[int]]:
    """The verdicts, and the places of the numbers that were counts of trials."""
    done: set[int] = set()
    found: list[Verdict] = []
    if sentence.mood == "asks" or not known.trials():
        return found, done
    for amount in sentence.amounts:
        after = sentence.text[amount.end :]
        is_count = (
            _COUNTED.match(after)
            or (_OF.match(after) and sentence.has(r"\btrials?|\bruns?"))
            or (_VERB.match(after) and sentence.has(r"\btrials?\b|\bruns?\b|pruned|failed") and amount.start < 60)
        )
        is_rank = re.search(r"\b(?:rank\w*|place|position|epoch|trial) $", sentence.text[: amount.start], re.I)
        if not is_count or not amount.is_whole or is_rank:
            continue
        counts = _counts(amount.start, sentence, known)
        if counts is None:
            continue
        done.add(amount.start)
        holds = int(amount.value) in counts
        why = "" if holds else f"it is {counts[0]}"
        found.append(Verdict(outcome="checked" if holds else "contradicted", claim=amount.text, kind="count", why=why))
    return [*found, *_wholes(sentence, known), *_how_often(sentence, known)], done


_TIMES = {"once": 1, "twice": 2, "thrice": 3}


def _how_often(sentence: Sentence, known: Known) -> list[Verdict]:
    """bpr_mf was tried twice."""
    match = re.search(
        r"\b(?:tried|used|ran|run|tested|trained)\s+(?:only\s+|just\s+)?(?P<n>once|twice|thrice)\b", sentence.text, re.I
    )
    models = [str(span.value) for span in sentence.said.of("model")]
    if not match or len(models) != 1 or not known.is_whole(_study(sentence, known)):
        return []
    n = sum(known.value(trial, "model") == models[0] for trial in known.trials(_study(sentence, known)))
    holds = n == _TIMES[match["n"].lower()]
    return [
        Verdict(
            outcome="checked" if holds else "contradicted",
            claim=match["n"],
            kind="count",
            why="" if holds else f"it is {n}",
        )
    ]


def _counts(place: int, sentence: Sentence, known: Known) -> list[int] | None:
    """How many trials do what the clause says, by every reading; None where that is not known."""
    test = _predicate(place, sentence, known)
    if test is None or not known.is_whole(_study(sentence, known)):
        return None
    trials = known.trials(_study(sentence, known))
    complete = [trial for trial in trials if known.value(trial, "state") in ("complete", None)]
    totals = [len(trials), len(complete)]
    n = sum(test(trial) for trial in trials)
    after = re.match(r"\s*(?:of|out of)\b", sentence.text[place:]) is not None
    return totals if _is_total(sentence, place) and not after else [n]


def _is_total(sentence: Sentence, place: int) -> bool:
    """Whether a number is what others are counted of: six of the eight."""
    return re.search(r"\b(?:of|out of)\s+(?:the |its |all |our )?$", sentence.text[:place], re.I) is not None


def _study(sentence: Sentence, known: Known) -> str:
    named = [s.name for who in sentence.whos for s in who.subjects if s.kind == "study"]
    return named[0] if named else known.study


def _predicate(place: int, sentence: Sentence, known: Known) -> Callable[[Subject], bool] | None:
    """What the clause says of the trials that are counted."""
    start, end = sentence.clause(place)
    others = [a.start for a in sentence.amounts if a.is_whole and a.start != place]
    end = min([end, *(at for at in others if at > place and not _is_total(sentence, at))])
    start = max([start, *(at for at in others if at < place and not _is_total(sentence, place))])
    return _test_of(place, end, sentence, known) or _test_of(start, place, sentence, known)


def _has_choice(known: Known, names: list[str], value: str) -> Callable[[Subject], bool]:
    """Whether a trial has a value that is a word in one of these params."""
    return lambda trial: any(str(known.value(trial, name)).lower() == value for name in names)


def _test_of(start: int, end: int, sentence: Sentence, known: Known) -> Callable[[Subject], bool] | None:
    """What a stretch says of trials."""
    text = sentence.text[start:end]
    if threshold := _threshold(start, sentence, known):
        return threshold
    tests: list[Callable[[Subject], bool]] = []
    for state, pattern in _STATES.items():
        if re.search(pattern, text, re.I):
            tests.append(lambda trial, state=state: known.value(trial, "state") == state)  # type: ignore[misc]
    for span in sentence.said.of("choice", start=start, end=end):
        value, params = sentence.said.words(span).lower(), span.value
        known_of = [name for name in params if any(known.value(t, name) is not None for t in known.trials())]
        if known_of:
            tests.append(_has_choice(known, known_of, value))
    models = [str(s.value) for s in sentence.said.of("model", start=start, end=end) if str(s.value) in MODELS]
    if models:
        tests.append(lambda trial: known.value(trial, "model") in models)
    if re.search(r"\b(?:beat|better than|above|outperform\w*|ahead of|improved on)\b", text, re.I):
        against = [
            who.one
            for who in sentence.whos
            if who.one and who.one.kind in ("trial", "baseline") and start <= who.start < end
        ]
        if len(against) == 1 and not models:
            name = known.objective(against[0].study)
            bar = known.number(against[0], name)
            if bar is not None:
                limit = bar
                sign = sign_of(name)
                tests = [lambda trial: (v := known.number(trial, name)) is not None and sign * v > sign * limit]
                return tests[0]
        return None
    if not tests:
        return None
    return lambda trial: all(test(trial) for test in tests)


_LIMIT = re.compile(
    r"\b(?P<up>above|over|more than|at least|exceed\w*|better than|past|higher than)|\b(?P<down>below|under|less than|at most|worse than|lower than)",
    re.I,
)


def _threshold(start: int, sentence: Sentence, known: Known) -> Callable[[Subject], bool] | None:
    """Trials above or below a value of the objective, or of the metric that is named: two trials are above 0.15."""
    match = _LIMIT.search(sentence.text, start)
    amount = next((one for one in sentence.amounts if match and match.end() <= one.start <= match.end() + 25), None)
    if match is None or amount is None or amount.unit not in ("", "share", "s", "ms"):
        return None
    named = [
        name
        for m in sentence.mentions
        for name in m.names
        if name in known.numbers and ("@" in name or m.kind == "param")
    ]
    timed = {"s": "train_s", "ms": "latency_ms"}.get(amount.unit)
    name = timed or (named[0] if named else known.objective(_study(sentence, known)))
    sign, limit = (1 if match["up"] else -1), amount.value
    return lambda trial: (value := known.number(trial, name)) is not None and sign * value > sign * limit


def _wholes(sentence: Sentence, known: Known) -> list[Verdict]:
    """All, none, half and most of the trials."""
    found = []
    for match in _MANY.finditer(sentence.text):
        study = _study(sentence, known)
        test = _predicate(match.start(), sentence, known)
        if test is None or not known.is_whole(study):
            continue
        models = [str(s.value) for s in sentence.said.of("model", start=match.start(), end=match.end())]
        trials = [t for t in known.trials(study) if not models or known.value(t, "model") in models]
        n = sum(test(trial) for trial in trials)
        kind = str(match.lastgroup)
        holds = {"all": n == len(trials), "half": 2 * n == len(trials), "most": 2 * n > len(trials)}.get(kind, n == 0)
        if re.search(r"\bnot $", sentence.text[: match.start()], re.I):
            holds = not holds
        why = "" if holds else f"{n} of {len(trials)} do"
        found.append(Verdict(outcome="checked" if holds else "contradicted", claim=match[0], kind="count", why=why))
    return found
