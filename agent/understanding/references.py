"""What "the best", "the other study", "it", "twice as many" stand for, found in what is known and what was said before."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.trial_words import resolved
from agent.words.spelling import words_of

_NO_NAMES = words_of(
    "a again ah all an and are but for from has have hm hmm i if in is just me my no not now of oh ok okay on or our please so that the "
    "them then there this to too us was we well what which with yes you your"
)
_OF_STUDY = ("trial", "against", "base")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unresolved:
    """An argument that points at nothing."""

    name: str
    said: str


def resolve(
    tool: str, args: Mapping[str, Any], known: Known, dialogue: Dialogue
) -> tuple[dict[str, Any], list[Unresolved]]:
    """The arguments with names and numbers in place of what was pointed at, and those that point at nothing."""
    found: dict[str, Any] = {}
    open_: list[Unresolved] = []
    known, dialogue = _at(_study(args.get("study"), known, dialogue), known, dialogue)
    for name, value in args.items():
        one = _resolved(tool, name, value, known, dialogue)
        if one is None and value is not None:
            open_.append(Unresolved(name=name, said=str(value)))
        else:
            found[name] = one
    return found, open_


def _resolved(tool: str, name: str, value: Any, known: Known, dialogue: Dialogue) -> Any:
    if name == "study":
        return _study(value, known, dialogue)
    if name == "dataset" and value == "it":
        return dialogue.dataset or known.study_dataset
    if name in ("dataset", "user") and _is_word(value, known):
        return None
    if name == "user" and value == "it":
        return dialogue.user
    if name == "filter" and value == "it":
        return dialogue.user
    if name in _OF_STUDY and isinstance(value, str):
        if tool == "start_study":
            return _study(value, known, dialogue)
        return _trial(value, known, dialogue)
    if name == "trials":
        return _trials(value, known, dialogue)
    if name in ("params", "space") and isinstance(value, Mapping):
        return {param: _relative(param, one, known, dialogue) for param, one in value.items()}
    if isinstance(value, str) and value[:1] in "x+-" and value[1:2].isdigit():
        return _scaled(name, value, known, dialogue)
    return value


def _at(study: str | None, known: Known, dialogue: Dialogue) -> tuple[Known, Dialogue]:
    """What is known of the study that is named, or spoken of, and the dialogue without the trials of another one."""
    study = study or dialogue.study
    if study is None or study not in known.studies or study == known.study:
        return known, dialogue
    return known.of(study), dialogue if study == dialogue.study else replace(dialogue, trials=())


def _is_word(value: Any, known: Known) -> bool:
    """Whether what was taken for a name is none: "oh and 12 trials"."""
    return isinstance(value, str) and value.lower() in _NO_NAMES and value not in known.datasets


def _study(value: Any, known: Known, dialogue: Dialogue) -> str | None:
    if value == "it":
        return dialogue.study or known.study
    if value in ("other", "previous"):
        here = dialogue.study or known.study
        if dialogue.other_study and dialogue.other_study != here:
            return dialogue.other_study
        others = [name for name in known.studies if name != here]
        return others[0] if len(others) == 1 or (value == "previous" and others) else None
    is_name = (
        value in (*known.studies, *known.datasets) or not known.studies or re.search(r"[\d_-]", str(value)) is not None
    )
    return str(value) if is_name else None  # "delete the study afterwards"


def _trial(value: str, known: Known, dialogue: Dialogue) -> int | None:
    at_hand = dialogue.trial if value in ("it", "previous", "next") else None
    return resolved(value, known, at_hand)


def _trials(values: Any, known: Known, dialogue: Dialogue) -> list[int] | None:
    found: list[int] = []
    for value in values:
        if isinstance(value, str) and " " in value:
            word, _, n = value.partition(" ")
            listed = {
                "best": known.ranking,
                "last": known.trials[::-1],
                "first": known.trials,
                "worst": known.ranking[::-1],
            }
            found += list(listed.get(word, ()))[: int(n)]
        elif value == "it":
            found += list(dialogue.trials) or list(known.ranking[:1])
        elif (one := _trial(value, known, dialogue) if isinstance(value, str) else value) is not None:
            found.append(one)
    return list(dict.fromkeys(found)) or None


def _relative(param: str, value: Any, known: Known, dialogue: Dialogue) -> Any:
    """A value in place of "x2" or "+0.1": of the best trial's value of that param."""
    if not (isinstance(value, str) and value[:1] in "x+-" and value[1:2].isdigit()):
        return value
    best = known.ranking[0] if known.ranking else None
    base = dialogue.trial if dialogue.trial in known.params else best
    before = known.params.get(base, {}).get(param) if base is not None else None
    if not isinstance(before, int | float) or isinstance(before, bool):
        return value
    return _moved(before, value)


def _scaled(name: str, value: str, known: Known, dialogue: Dialogue) -> Any:
    before = next((request.args[name] for request in reversed(dialogue.last) if name in request.args), None)
    if isinstance(before, int | float) and not isinstance(before, bool):
        return _moved(before, value)
    return value


def _moved(before: float, change: str) -> float | int:
    amount = float(change[1:])
    after = before * amount if change[0] == "x" else before + amount if change[0] == "+" else before - amount
    is_whole = isinstance(before, int) and float(f"{after:.9g}").is_integer()
    return round(after) if is_whole or isinstance(before, int) else float(f"{after:.9g}")
