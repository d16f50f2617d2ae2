"""Claims why something ended, was tried or was not predicted, held to the reasons that results give."""

import re
from collections.abc import Iterator

from agent.grounding.fact import Subject
from agent.grounding.groups import study_of
from agent.grounding.known import Known
from agent.grounding.sentence import Sentence
from agent.grounding.verdict import Verdict

CAUSE = re.compile(
    r"\b(?:because|due to|thanks to|owing to|as a result of|the reason|the cause|caused?|causes|that is why|which is why|explains? (?:why|the)|therefore|hence|so that|"
    r"responsible for|led to|leads to|result(?:s|ed) (?:in|from)|made (?:it|the difference|all the difference)|help(?:s|ed)\b(?! you)|hurt\w*|since (?!then\b|the start\b|last\b|\d)|benefit\w* from|driven by|attribut\w*|removes|prevents?|overfit\w*|underfit\w*|regulari[sz]es|ruin\w*|comes? from|came from the|(?<!here )(?<!this )(?<!that )is what)\b"
    r"|,\s+as\s+(?:there|it|its|the|too|they)\b",
    re.I,
)
_KINDS: tuple[tuple[str, str], ...] = (
    ("time", r"time[- ]?(?:limit|out|budget)|(?:ran|run) (?:into|out of) (?:its |the )?time|limit of time|deadline"),
    ("memory", r"memory|oom\b"),
    ("done", r"all (?:of )?(?:its |the )?trials|trials (?:are |were )?done|budget (?:is|was) (?:used|spent)|\d+ of \d+ trials|every trial (?:is|was) done|(?:reached|finished|completed) (?:its|the|all)"),
    ("ended", r"program (?:ended|stopped|was (?:closed|killed|ended))|process (?:ended|died|was killed)|interrupt\w*|restart\w*|crash(?:ed)? on the way"),
    ("person", r"\byou (?:stopped|paused|asked|ended)|person (?:stopped|asked)|stopped by (?:you|the (?:user|person))|asked to stop"),
    ("diverged", r"diverg\w*|not finite|nan\b|exploded"),
    ("pruned", r"lower quartile|hurdle|successive halving|below (?:the )?(?:other|earlier|what)|worse than (?:the )?(?:lower|what|earlier)|unpromising|lagg\w*|hopeless|too far behind"),
    ("few", r"too few (?:trials|data)|not enough trials|no trials to learn|few trials"),
    ("failed", r"\bfailed\b|\berror\b|\bcrashed\b|\bbroke\b"),
    ("improvement", r"expected improvement|promis\w*|most (?:to gain|uncertain)"),
    ("measure", r"measure\w*|compare\w*|yardstick|reference|baseline|something to"),
)  # fmt: skip
_OF = {
    "study": r"\b(?:study|tuning|search)\b|\bit\b (?:stopped|ended|finished)",
    "trial": r"\btrial \d+\b",
    "candidate": r"\bcandidates?\b|\balternatives?\b",
}


def judge_reasons(sentence: Sentence, known: Known) -> list[Verdict]:
    """Causes that a result names, else that nothing measured says why."""
    match = CAUSE.search(sentence.text)
    if sentence.mood == "asks" or not match:
        return []
    told = list(dict.fromkeys(_told(sentence, known)))
    behind = sentence.text[match.end() :]
    said = _kinds(behind) or _kinds(sentence.text[: match.start()])
    actual = {kind for text in told for kind in _kinds(text)}
    if said & actual or _is_retold(behind, told):
        return [Verdict(outcome="checked", claim=match[0], kind="cause")]
    if said and actual and _is_of_told(sentence):
        return [Verdict(outcome="contradicted", claim=match[0], kind="cause", why=f"the reason is: {told[0]}")]
    return [Verdict(outcome="unknown", claim=match[0], kind="cause", why="nothing measured says why")]


def _kinds(text: str) -> set[str]:
    return {kind for kind, pattern in _KINDS if re.search(pattern, text, re.I)}


def _is_retold(text: str, told: list[str]) -> bool:
    """Whether most of the longer words stand in one reason."""
    words = {word[:5] for word in re.findall(r"[a-z]{5,}", text.lower())}
    return len(words) > 1 and any(sum(word in one.lower() for word in words) >= 0.7 * len(words) for one in told)


_ENDS = re.compile(
    r"\b(?:stopped|ended|ends|finished|paused|halted|pruned|cut short|fail\w*|crashed|tried|chosen|proposed|picked|drawn|suggested|prediction|predicted|run with|was run|random draw)\b",
    re.I,
)


def _is_of_told(sentence: Sentence) -> bool:
    """Whether the cause is one of what results give reasons for: an end, a choice, a missing prediction."""
    return _ENDS.search(sentence.text) is not None


def _told(sentence: Sentence, known: Known) -> Iterator[str]:
    """The reasons that are known of what the sentence speaks of."""
    trials = [who.one for who in sentence.whos if who.one and who.one.kind == "trial"]
    for trial in trials:
        for name in ("reason", "rationale", "note"):
            yield from (str(fact.value) for fact in known.values(trial, name))
    if re.search(_OF["study"], sentence.text, re.I) and not any(who.role == "trial" for who in sentence.whos):
        yield from (str(f.value) for f in known.values(Subject(kind="study", name=study_of(sentence, known)), "reason"))
    if re.search(_OF["candidate"], sentence.text, re.I):
        models = [str(span.value) for span in sentence.said.of("model")]
        for subject in known.by_subject:
            if subject.kind == "candidate" and (not models or known.value(subject, "model") in models):
                yield from (str(fact.value) for fact in known.values(subject, "reason"))
    if sentence.has(r"\bcolumns?\b"):
        yield from (str(fact.value) for fact in known.facts if fact.attribute == "notes")
