"""Names of studies, datasets and files that are a letter away from one that there is: "dmeo-1", "shp", "moives.csv"."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from rapidfuzz.distance import DamerauLevenshtein

from agent.understanding.known import Known
from agent.words.respelling import IS_GIVEN
from agent.words.said import Said, Span
from agent.words.spelling import ORDINARY

_WORD = re.compile(r"(?<![\w@/.~-])[A-Za-z][A-Za-z_]*(?:[-_ ]?\d{1,3})?(?![\w/@-]|\.\w)")
_FILE = re.compile(r"(?<![\w/.~@-])[\w-]+(?:/[\w-]+)*\.[a-z]{2,7}(?![\w/])", re.IGNORECASE)
_NOT_NAMES = ("number", "share", "fraction")


def near_names(said: Said, known: Known) -> Said:
    """The message with misspelt names marked as those next to them, where there is exactly one."""
    found = [*_near_files(said, known), *_near_words(said, known)]
    kept = [span for span in said.spans if all(span.end <= one.start or span.start >= one.end for one in found)]
    return Said(said.text, [*kept, *found]) if found else said


def _near_words(said: Said, known: Known) -> list[Span]:
    taken = [span for span in said.spans if span.kind not in _NOT_NAMES and not span.is_near]
    studies = [name for name in known.studies if re.search(r"\d$", name)]
    datasets = [name for name in known.datasets if len(name) == _SHORT + 1]
    found: list[Span] = []
    for match in _WORD.finditer(said.text):
        word = match[0]
        is_taken = any(match.start() < span.end and span.start < match.end() for span in taken)
        if is_taken or word.lower() in ORDINARY or IS_GIVEN.search(said.text[: match.start()]):
            continue
        kind = "study" if word[-1].isdigit() else "dataset"
        names = studies if kind == "study" else datasets if len(word) == _SHORT else ()
        if (name := _nearest(word, names)) is not None:
            found.append(Span(kind=kind, value=name, start=match.start(), end=match.end(), is_near=True))
    return found


_SHORT = 3  # letters: agent.words.misspelt reads what is longer


def _near_files(said: Said, known: Known) -> list[Span]:
    """A path to no file is read as the only file that is called nearly so."""
    found: list[Span] = []
    for match in _FILE.finditer(said.text):
        if any(span.start < match.start() < span.end for span in said.of("path")):
            continue  # the last word of a name with blanks
        path = PurePath(match[0])
        folder = "" if str(path.parent) == "." else str(path.parent)
        there = known.files(folder)
        name = None if path.name in there else _nearest(path.name, there)
        if name is not None:
            value = f"{folder}/{name}" if folder else name
            found.append(Span(kind="path", value=value, start=match.start(), end=match.end(), is_near=True))
    return found


def _nearest(said: str, names: Sequence[str]) -> str | None:
    """The only name that is a letter or two away, with the same numbers; None where there are several."""
    low = said.lower()
    limit = 1 if len(low) < _LONG else 2
    near: dict[int, list[str]] = {}
    for name in names:
        if re.findall(r"\d+", low) == re.findall(r"\d+", name) and name[:1].lower() == low[:1]:
            distance = DamerauLevenshtein.distance(_plain(low), _plain(name.lower()), score_cutoff=limit)
            near.setdefault(distance, []).append(name)
    closest = near.get(min(near, default=limit + 1), []) if min(near, default=limit + 1) <= limit else []
    return closest[0] if len(closest) == 1 else None


_LONG = 7


def _plain(name: str) -> str:
    return re.sub(r"[-_ ]", "", name)
