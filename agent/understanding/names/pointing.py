"""Studies and trials that are meant by what they are: "the bpr one", "the first study", "the former", "the one before trial 3".

They are marked as if their names had been said, so that every reader takes them for what they are, and said back.
"""

import re
from collections.abc import Iterator, Sequence

from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.names.near_names import near_names
from agent.understanding.names.pointing_words import (
    BEFORE,
    BEGINS,
    DESCRIBED,
    FORMER,
    LISTED,
    MOVES,
    NTH,
    ONE_OF,
    ORDINALS,
)
from agent.words.said import Said, Span

UNCLEAR = "?"
"""The study of words that fit several, or none: it is asked about."""
_Mark = tuple["re.Match[str]", Span]


def pointed(said: Said, known: Known, dialogue: Dialogue) -> Said:
    """The message with what is pointed at marked as a study, a dataset or a trial of its own."""
    said = near_names(said, known)
    for find in (_described, _ordinal, _one_of, _before, _former):
        for match, span in find(said, known, dialogue):
            said = _marked(said, match, span)
    return said


def _marked(said: Said, match: "re.Match[str]", span: Span) -> Said:
    """The span in place of those that the words held."""
    kept = [one for one in said.spans if one.end <= match.start() or one.start >= match.end()]
    return Said(said.text, [*kept, span])


def _span(kind: str, value: object, match: "re.Match[str]") -> Span:
    return Span(kind=kind, value=value, start=match.start(), end=match.end(), is_near=value != UNCLEAR)


def _described(said: Said, known: Known, dialogue: Dialogue) -> Iterator[_Mark]:
    """ "the bpr study", "the one with ease": by the models that it tunes and the data that it is on."""
    for match in _last_first(said, *DESCRIBED):
        is_noun = match["noun"].lower() != "one"
        names = {(s.kind, s.value) for s in said.within(match.start("what"), match.end("what"))}
        if BEGINS.search(said.marked[: match.start()]) or (not is_noun and not any(k == "model" for k, _ in names)):
            continue
        if not match["the"] and not MOVES.search(said.marked[: match.start()]):
            continue
        fits = [
            name for name in known.studies if _fits(known if known.study == name else known.with_study(name), names)
        ]
        if match["not"]:
            fits = [name for name in known.studies if name not in fits]
        if not is_noun and known.study in fits:
            continue  # the one at hand, or a trial of it
        data = [value for kind, value in names if kind == "dataset"]
        if fits:
            yield match, _span("study", fits[0] if len(fits) == 1 else UNCLEAR, match)
        elif data and is_noun:
            yield match, _span("study", data[0], match)  # the answer says that no study is on it


def _fits(study: Known | None, names: set[tuple[str, object]]) -> bool:
    if study is None:
        return False
    return all(
        value in study.study_models if kind == "model" else value == study.study_dataset for kind, value in names
    )


def _ordinal(said: Said, known: Known, dialogue: Dialogue) -> Iterator[_Mark]:
    """ "the first study": the earliest; right after a list was shown, the first of the list."""
    listed = dialogue.last_tool
    for match in _last_first(said, NTH):
        if BEGINS.search(said.marked[: match.start()]):
            continue
        if match["noun"] and known.studies:
            names = known.studies if listed == "list_studies" else known.studies[::-1]
            yield match, _span("study", _nth(match["nth"], names, known.studies), match)
    for match in _last_first(said, LISTED):
        if listed == "list_studies":
            yield match, _span("study", _nth(match["nth"], known.studies, known.studies), match)
        elif listed == "list_datasets" and (name := _nth(match["nth"], known.datasets, ())) != UNCLEAR:
            yield match, _span("dataset", name, match)


def _nth(word: str, names: Sequence[str], latest_first: Sequence[str]) -> str:
    word = word.lower()
    if latest_first and word in ("oldest", "earliest", "newest", "latest"):
        return latest_first[-1 if word in ("oldest", "earliest") else 0]
    place = -1 if word == "last" else ORDINALS.get(word)
    return names[place] if place is not None and place < len(names) else UNCLEAR


def _one_of(said: Said, known: Known, dialogue: Dialogue) -> Iterator[_Mark]:
    """ "rename one of the studies": which, is asked."""
    for match in _last_first(said, ONE_OF):
        if known.studies and MOVES.search(said.marked[: match.start()]):
            yield match, _span("study", UNCLEAR if len(known.studies) > 1 else known.studies[0], match)


def _before(said: Said, known: Known, dialogue: Dialogue) -> Iterator[_Mark]:
    """ "the one before trial 3"."""
    for match in _last_first(said, BEFORE):
        number = said.span(match, "n").value
        if not _ONE.match(said.text, match.start()):
            continue
        step = -1 if match["side"].lower() in ("before", "preceding") else 1
        if isinstance(number, int) and number + step >= 0:
            yield match, _span("trial", number + step, match)


_ONE = re.compile(r"(?:the\s+)?(?:one|trial|trail|run)\b", re.IGNORECASE)


def _former(said: Said, known: Known, dialogue: Dialogue) -> Iterator[_Mark]:
    """ "the former", "the latter": of the two that were named before, in this message or in the dialogue."""
    for match in _last_first(said, FORMER):
        pair = _pair_before(said, match.start()) or _pair_spoken_of(match["noun"] or "", dialogue)
        if pair is not None:
            kind, values = pair
            yield match, _span(kind, values[0 if match["which"].lower() == "former" else 1], match)


def _pair_before(said: Said, place: int) -> tuple[str, Sequence[object]] | None:
    for kind in ("trial", "study", "dataset", "user"):
        values = list(dict.fromkeys(span.value for span in said.of(kind, end=place)))
        if len(values) > 1:
            return kind, values[-2:]
    for match in said.find(r"(?P<a>{number})\s*(?:and|or|vs\.?|versus|,|&)\s*(?P<b>{number})", 0, place):
        values = [said.span(match, "a").value, said.span(match, "b").value]
        if all(isinstance(value, int) for value in values):
            return "trial", values
    return None


def _pair_spoken_of(noun: str, dialogue: Dialogue) -> tuple[str, Sequence[object]] | None:
    trials = () if noun.lower() == "study" else dialogue.group(2)
    if trials:
        return "trial", trials
    return ("study", dialogue.studies[-2:]) if len(dialogue.studies) > 1 and noun.lower() != "trial" else None


def _last_first(said: Said, *patterns: str) -> list["re.Match[str]"]:
    """The matches, the last first; of those that overlap the one of the first pattern."""
    found: list[re.Match[str]] = []
    for pattern in patterns:
        for match in said.find(pattern):
            if all(match.end() <= one.start() or match.start() >= one.end() for one in found):
                found.append(match)
    return sorted(found, key=lambda match: -match.start())
