"""What a new name is for, where a dataset and a study may be meant: it is asked, since both belong to everyone."""

import re
from dataclasses import replace

from agent import outside
from agent.understanding.asking.questions import which_argument
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.meant_tools import OF_DATA, OF_STUDY
from agent.understanding.phrases import phrase
from agent.understanding.plan import Request, Waiting

_OF_DATASETS = ("add_dataset", "describe_dataset", "inspect_data", "rename_dataset")


def which_is_renamed(request: Request, text: str, known: Known, dialogue: Dialogue) -> Waiting | None:
    """Asks whether the dataset or the study is meant: "rename shop to store" where shop-1 is at hand.

    Args:
        request: Nothing of it resolved.
        text: The words that ask for it.
    """
    if request.tool not in ("rename_dataset", "rename_study") or "name" not in request.args:
        return None
    if OF_DATA.search(text) or OF_STUDY.search(text):
        return None
    said = str(request.args.get("dataset" if request.tool == "rename_dataset" else "study"))
    study = next((one for one in (known.study, *known.studies) if one and one.lower() == said.lower()), None)
    if study is None and known.study is not None and _is_of(known.study, said):
        study = known.study
    if said not in known.datasets or study is None or _spoke_of(dialogue, said):
        return None
    name = request.args["name"]
    either = (
        Request(tool="rename_dataset", args={"dataset": said, "name": name}, words=request.words),
        Request(tool="rename_study", args={"study": study, "name": name}, words=request.words),
    )
    says = [phrase(one) for one in either]
    return Waiting(
        requests=either,
        lacking="tool",
        choices=tuple(one[0].upper() + one[1:] for one in says),
        text=f"A dataset is called so, and a study, too. Shall I **{says[0]}** or **{says[1]}**?"
        if study == said
        else f"{outside.code(said)} is a dataset, and the study at hand is {outside.code(study)}. Shall I **{says[0]}** or **{says[1]}**?",
    )


_NEW_VERSION = re.compile(
    r"\b(?:the|this|that|my|our)\s+(?:new(?:est)?|latest)\s+(?:version|data\s*set|data)\b", re.IGNORECASE
)
_IT = re.compile(r"\b(?:it|this|that)\b", re.IGNORECASE)


def meant_by_it(request: Request, text: str, known: Known, dialogue: Dialogue) -> Request | Waiting:
    """The renaming of what "it" or "the new version" is: what was talked of or made last; else it is asked which.

    Args:
        request: Nothing of it resolved.
        text: The words that ask for it.
    """
    if request.tool not in ("rename_dataset", "rename_study") or "name" not in request.args:
        return request
    name = request.args["name"]
    if _NEW_VERSION.search(text):
        made = dialogue.made or (dialogue.dataset if re.search(r"-v\d+$", dialogue.dataset or "") else None)
        return _dataset_renamed(request, made, known, "There is no new version, so nothing was renamed.")
    if not _IT.search(text) or OF_DATA.search(text) or OF_STUDY.search(text):
        return request
    if request.args.get("dataset", "it") != "it" or request.args.get("study", "it") != "it":
        return request
    if dialogue.kind == "study":
        return Request(tool="rename_study", args={"name": name}, mood=request.mood, words=request.words)
    if dialogue.kind == "dataset":
        is_unmade = dialogue.is_idle and dialogue.last_tool in ("add_dataset", "filter_dataset")
        why = "That was not added, so nothing was renamed." if is_unmade else "Nothing was renamed."
        return _dataset_renamed(request, None if is_unmade else dialogue.dataset, known, why)
    return request


def _dataset_renamed(request: Request, dataset: str | None, known: Known, why: str) -> Request | Waiting:
    args = {"dataset": dataset, "name": request.args["name"]}
    meant = Request(tool="rename_dataset", args=args, mood=request.mood, words=request.words)
    if dataset in known.datasets:
        return meant
    asks = which_argument((meant.with_args(dataset=None),), "dataset", known)
    return replace(asks, text=f"{why} {asks.text}")


def is_only_pointed_at(request: Request, known: Known, dialogue: Dialogue) -> bool:
    """Whether a dataset would be renamed that nobody spoke of: "call it store", of which only the study's own is known."""
    if request.tool != "rename_dataset" or request.args.get("dataset", "it") != "it":
        return False
    of_study = dialogue.dataset in (None, known.study_dataset)
    return of_study and not any(one.tool in _OF_DATASETS for one in dialogue.last)


def _is_of(study: str, dataset: str) -> bool:
    """Whether the study has the name that one on the dataset gets by itself."""
    return re.fullmatch(rf"{re.escape(dataset)}-\d+", study, re.IGNORECASE) is not None


def _spoke_of(dialogue: Dialogue, dataset: str) -> bool:
    """Whether the turn before was about the dataset."""
    return any(
        one.tool in _OF_DATASETS and dataset in (one.args.get("dataset"), one.args.get("name")) for one in dialogue.last
    )
