"""Claims of how a study and its data are set: split, objective, sampler, columns; and of what was expected and the front."""

import re

from agent.grounding.fact import Subject
from agent.grounding.known import Known, sign_of
from agent.grounding.sentence import Sentence
from agent.grounding.verdict import Verdict

_NOT = re.compile(r"\b(?:not|n't|never|no|without|lacks?|neither)\s+(?:\w+\s+){0,2}$", re.I)
_OBJECTIVE = re.compile(
    r"\b(?:objective|goal|optimi[sz]\w*|maximi[sz]\w*|minimi[sz]\w*|tuned for|target metric)\b", re.I
)
_HAS = (
    ("has_time", r"timestamps?|times(?:tamps)? of interactions"),
    ("has_text", r"(?:item )?texts?|titles|descriptions"),
    ("has_groups", r"user groups|groups of users"),
    ("has_weights", r"(?:explicit )?(?:weights|ratings)"),
    ("has_given_split", r"given split|split of its own"),
)
_EXPECTED = re.compile(
    r"\b(?P<word>better|worse|higher|lower|more|less)\s+than\s+(?:it was |was |had been |we |i |the model )?(?:expected|predicted|promised|forecast|hoped)\b|"
    r"\b(?P<above>above|below|exceed\w*|beat|missed|short of)\s+(?:the |its |our )?(?:expect\w*|predict\w*|forecast)\b", re.I
)  # fmt: skip
_FRONT = re.compile(r"\bpareto\b|\bfront\b|\bnon-?dominated\b|\bno (?:other )?trial beats\b", re.I)


def judge_settings(sentence: Sentence, known: Known) -> list[Verdict]:
    """All claims of this kind."""
    if sentence.mood == "asks":
        return []
    return [
        *_split(sentence, known),
        *_objective(sentence, known),
        *_columns(sentence, known),
        *_expectations(sentence, known),
        *_front(sentence, known),
    ]


def _verdict(claim: str, kind: str, why: str, *, holds: bool) -> Verdict:
    return Verdict(outcome="checked" if holds else "contradicted", claim=claim, kind=kind, why="" if holds else why)


def _study(sentence: Sentence, known: Known) -> Subject:
    named = [s for who in sentence.whos for s in who.subjects if s.kind == "study"]
    return named[0] if named else Subject(kind="study", name=known.study)


def _split(sentence: Sentence, known: Known) -> list[Verdict]:
    actual = known.value(_study(sentence, known), "split")
    if actual is None or not sentence.has(r"\bsplit\b|leave|held out|holds? out") or sentence.mood != "states":
        return []
    found = []
    for span in sentence.said.of("split"):
        is_negated = _NOT.search(sentence.text[: span.start]) is not None
        holds = (str(span.value) == actual) != is_negated
        found.append(_verdict(sentence.said.words(span), "setting", f"the split is {actual}", holds=holds))
    if not found and sentence.has(r"\brandom\b") and "random" not in str(actual) and "user" not in str(actual):
        found.append(_verdict("random", "setting", f"the split is {actual}", holds=sentence.has(r"\bnot\b")))
    return found


def _objective(sentence: Sentence, known: Known) -> list[Verdict]:
    said = sentence.said.of("metric")
    actual = known.objective(_study(sentence, known).name)
    if not said or not actual or not _OBJECTIVE.search(sentence.text) or sentence.mood != "states":
        return []
    metrics = {str(f.value) for f in known.facts if f.attribute == "objective"} | {actual}
    names = {str(span.value) for span in said}
    holds = bool(names & metrics) or any(
        actual.partition("@")[0] == name.partition("@")[0] and "@" not in sentence.text for name in names
    )
    return [_verdict(sentence.said.words(said[0]), "setting", f"the objective is {actual}", holds=holds)]


def _columns(sentence: Sentence, known: Known) -> list[Verdict]:
    """Whether the data have times, texts, groups or weights."""
    found = []
    for name, words in _HAS:
        match = re.search(
            rf"\b(?:has|have|had|holds?|contains?|with|without|lacks?|there (?:are|is))\s+(?P<no>no\s+)?(?:\w+\s+)?(?:{words})\b",
            sentence.text,
            re.I,
        )
        values = [f.number for f in known.numbers.get(name, ()) if f.number is not None]
        if not match or not values or re.search(r"\d", match[0]):
            continue
        is_negated = (
            bool(match["no"])
            or re.match(r"without|lack", match[0], re.I) is not None
            or _NOT.search(sentence.text[: match.start() + 1]) is not None
        )
        found.append(_verdict(match[0], "setting", f"{name} is {values[-1]:g}", holds=bool(values[-1]) != is_negated))
    return found


def _expectations(sentence: Sentence, known: Known) -> list[Verdict]:
    match = _EXPECTED.search(sentence.text)
    trials = [s for who in (*sentence.whos, *sentence.before) for s in who.subjects if s.kind == "trial"]
    if not match or not trials:
        return []
    trial = trials[0]
    objective = known.objective(trial.study)
    expected, measured = known.number(trial, "expected"), known.number(trial, objective)
    if expected is None or measured is None:
        return [Verdict(outcome="unknown", claim=match[0], kind="expected", why="what was expected is not known")]
    word = (match["word"] or match["above"]).lower()
    sign = sign_of(objective) if word in ("better", "worse", "beat", "missed", "short of") else 1
    is_up = word in ("better", "higher", "more", "above", "beat") or word.startswith("exceed")
    holds = (sign * (measured - expected) > 0) == is_up
    if _NOT.search(sentence.text[: match.start()]):
        holds = not holds
    return [_verdict(match[0], "expected", f"expected {expected:.4g}, measured {measured:.4g}", holds=holds)]


def _front(sentence: Sentence, known: Known) -> list[Verdict]:
    match = _FRONT.search(sentence.text)
    whos = [who for who in sentence.whos if who.role == "trial" or (who.one and who.one.kind == "trial")]
    trials = [who.one.name if who.one else re.sub(r"\D", "", sentence.text[who.start : who.end]) for who in whos]
    members = {f"{f.number:.0f}" for f in known.numbers.get("front", ()) if f.number is not None}
    if not match or not trials or not members:
        return []
    holds = all(trial in members for trial in trials)
    if _NOT.search(sentence.text[: match.start()]):
        holds = not any(trial in members for trial in trials)
    return [_verdict(match[0], "front", f"on the front are trials {', '.join(sorted(members))}", holds=holds)]
