"""What "the best", "the other study", "it", "twice as many" stand for, found in what is known and what was said before."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from agent.understanding.arguments.trial_words import resolved
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.names.pointing import UNCLEAR
from agent.words.spelling import words_of

_NO_NAMES = words_of(
    "a again ah all an and are but for from has have hm hmm i if in is just me my no not now of oh ok okay on or our please so that the "
    "them then there this to too us was we well what which with yes you your"
)
_OF_STUDY = ("trial", "against", "base")
TAKE_STUDY = words_of(
    "extend_study confirm show_confirmation explain_trial compare_trials parameter_importance show_tradeoffs recommend_items "
    "export_model import_trials study_status show_space predict report rename_study propose_trial run_trial reject_trial repeat_trial "
    "set_search_space control_study trials calc"
)
_DATA_FILES = (".csv", ".tsv", ".parquet", ".jsonl", ".json", ".inter", ".dat")


def with_open(tool: str, args: Mapping[str, Any], known: Known, dialogue: Dialogue) -> dict[str, Any]:
    """The arguments as `resolve` gives them; a study or dataset that could be several is None: to be asked."""
    found, open_ = resolve(tool, args, known, dialogue)
    asked = {
        one.name: None
        for one in open_
        if one.name in ("study", "dataset") and one.said in (UNCLEAR, "other", "previous", "it")
    }
    return found | asked


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
    if "study" not in args and tool in TAKE_STUDY and known.study and dialogue.study not in (None, known.study):
        args = dict(args) | {"study": dialogue.study}  # that the same message spoke of before
    study = args.get("study")
    known, dialogue = _at(_study(study, known, dialogue) if study is not None else None, known, dialogue)
    if args.get("base") == "same" and tool in ("run_trial", "predict"):
        args = _same(args, known, dialogue)
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
    if name == "path" and value == "it":
        files = [file for file in known.files("") if file.lower().endswith(_DATA_FILES)]
        return files[0] if len(files) == 1 else value
    if name == "dataset" and value == "other":
        others = [one for one in known.datasets if one != (dialogue.dataset or known.study_dataset)]
        return others[0] if len(others) == 1 else None
    if name == "append" and value == "it":
        return dialogue.dataset or known.study_dataset or value
    if name == "dataset" and value == "it":
        return dialogue.dataset or (_begun_on(known, dialogue) if tool == "start_study" else known.study_dataset)
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


def _begun_on(known: Known, dialogue: Dialogue) -> str | None:
    """The dataset that "it" is of a study to begin: the one of the study that was talked of, or the only one there is."""
    if len(known.datasets) == 1 or (dialogue.study is not None and dialogue.study == known.study):
        return known.study_dataset or known.datasets[0]
    return None


def _at(study: str | None, known: Known, dialogue: Dialogue) -> tuple[Known, Dialogue]:
    """What is known of the study that is named, or spoken of, and the dialogue without the trials of another one."""
    study = study or dialogue.study
    if study is None or study not in known.studies or study == known.study:
        return known, dialogue
    about = dialogue if study == dialogue.study else replace(dialogue, trials=(), recent=(), ran=())
    return known.of(study), about


_OF_ONE_TRIAL = (
    "explain_trial",
    "repeat_trial",
    "compare_trials",
    "export_model",
    "recommend_items",
    "predict",
    "run_trial",
)


def _same(args: Mapping[str, Any], known: Known, dialogue: Dialogue) -> dict[str, Any]:
    """ "The same with 0.2": what was run or predicted last, changed; else the trial that was talked of last."""
    rest = {name: value for name, value in args.items() if name != "base"}
    last = next((one for one in reversed(dialogue.last) if one.tool in ("run_trial", "predict") and one.args), None)
    if last is not None:
        params = {**(last.args.get("params") or {}), **(args.get("params") or {})}
        kept = {name: last.args[name] for name in ("base", "model") if name in last.args}
        return kept | rest | ({"params": params} if params else {})
    is_of_one = dialogue.last_tool in _OF_ONE_TRIAL and known.pending is None and dialogue.trial is not None
    return rest | ({"base": dialogue.trial} if is_of_one else {})


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
    if value == UNCLEAR:
        return None
    is_name = (
        value in (*known.studies, *known.datasets) or not known.studies or re.search(r"[\d_-]", str(value)) is not None
    )
    return str(value) if is_name else None  # "delete the study afterwards"


def _trial(value: str, known: Known, dialogue: Dialogue) -> int | None:
    at_hand = dialogue.trial if value in ("it", "previous", "next") else None
    return resolved(value, known, at_hand)


_GROUPS = {"two": 2, "three": 3}


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
        elif value in _GROUPS:
            found += dialogue.group(_GROUPS[value])
        elif value == "these":
            found += dialogue.trials if len(dialogue.trials) > 1 else dialogue.group(2)
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
