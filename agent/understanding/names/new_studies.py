"""The name of a study that the same message starts: "tune ease on shop, name it winter" names no dataset.

Renaming a dataset needs the word for it, or its name: "…, call the dataset store", "…, rename shop to store".
"""

import re
from collections.abc import Sequence
from pathlib import PurePath

from agent.understanding.bounds.stretch import Stretch
from agent.understanding.clauses.segments import Segment
from agent.understanding.dialogue import Dialogue
from agent.understanding.meant_tools import OF_DATA
from agent.understanding.names.new_names import called
from agent.understanding.names.references import TAKE_STUDY
from agent.understanding.plan import Held, Request, Waiting, Why
from agent.words.said import Said

_RENAMES = ("rename_dataset", "rename_study")
_OF_FILES = ("add_dataset", "describe_dataset", "inspect_data", "list_datasets")
_NEW = re.compile(r"\bnew\s+(?:study|one|search|experiment)\b", re.IGNORECASE)


def names_new_study(said: Said, asking: Sequence[Segment], place: int, *, is_on_card: bool) -> bool:
    """Whether a segment gives a name to the study that another segment of the message starts, or that is on the card."""
    segment = asking[place]
    begins = is_on_card or any(one.tool == "start_study" for one in asking)
    if segment.tool not in _RENAMES or not begins:
        return False
    before = [one.tool for one in asking[:place] if one.tool not in _RENAMES] or ["start_study"] * is_on_card
    text = " ".join(said.text[start:end] for start, end in segment.parts)
    if not before or before[-1] in _OF_FILES:
        return _NEW.search(text) is not None
    own = Stretch(said, segment.parts)
    called(own, is_title=True)  # whose name may be that of anything
    return "start_study" in before and not own.spans("dataset", "path", "study") and not OF_DATA.search(text)


def naming(stretch: Stretch, name: str | None, why: Why | None) -> Request | Held:
    """The request that gives the new study its name; `why`: it is not done at once."""
    request = Request(tool="rename_study", args={"name": name} if name else {}, words=stretch.text)
    return Held(request=request, why=why) if why else request


def card_of(dialogue: Dialogue) -> Request | None:
    """The study that the plan card which waits for a yes would start."""
    waiting = dialogue.waiting
    is_card = waiting is not None and waiting.lacking is None and waiting.requests
    first = waiting.requests[waiting.n_before] if waiting is not None and is_card else None
    return first if first is not None and first.tool == "start_study" else None


def before_card(dialogue: Dialogue) -> list[Request]:
    """What would be done before its start: the part of the data that it is on."""
    waiting = dialogue.waiting if card_of(dialogue) is not None else None
    return [] if waiting is None else list(waiting.requests[: waiting.n_before])


def on_card(dialogue: Dialogue) -> list[Request]:
    """What would be done with that study after its start."""
    waiting = dialogue.waiting if card_of(dialogue) is not None else None
    return (
        [one for one in waiting.requests[waiting.n_before + 1 :] if one.tool == "rename_study"]
        if waiting is not None
        else []
    )


def name_of(stretch: Stretch) -> str | None:
    """The name that such a segment gives."""
    return called(stretch, is_title=True)


def named_after_start(found: Sequence[Request | Held | Waiting]) -> list[Request | Held | Waiting]:
    """The requests, the name of a new study behind its start: "call the new study winter and tune ease on shop"."""
    tools = [one.tool if isinstance(one, Request) else "" for one in found]
    if "start_study" not in tools:
        return list(found)
    start = tools.index("start_study")
    early = [one for one in found[:start] if isinstance(one, Request) and _is_of_new(one)]
    return [one for one in found[: start + 1] if one not in early] + early + list(found[start + 1 :])


def named_with_file(found: Sequence[Request | Held | Waiting]) -> list[Request | Held | Waiting]:
    """The requests, the name of a file that is read before given at once: "add may.csv, call it spring"."""
    kept: list[Request | Held | Waiting] = []
    for one in found:
        last = kept[-1] if kept else None
        if isinstance(one, Request) and isinstance(last, Request) and _names_file(one, last):
            kept[-1] = last.with_args(name=one.args["name"])
        else:
            kept.append(one)
    return kept


def _names_file(request: Request, before: Request) -> bool:
    """Whether a request names the file that the one before it reads."""
    is_name = request.tool in _RENAMES and "name" in request.args and "study" not in request.args
    stem = PurePath(str(before.args.get("path", ""))).stem.lower()
    of = str(request.args.get("dataset", "it")).lower()
    return (
        is_name
        and before.tool == "add_dataset"
        and "name" not in before.args
        and of in ("it", stem, before.args.get("path"))
    )


def _is_of_new(request: Request) -> bool:
    return request.tool == "rename_study" and "study" not in request.args and _NEW.search(request.words) is not None


def with_followers(doubtful: Sequence[Request], acts: Sequence[Request]) -> list[Request]:
    """The acts that are asked about, with those that are of a study which one of them would begin or open.

    Done before a yes, they would change the study that is at hand now.
    """
    found: list[Request] = []
    is_open = False
    for request in acts:
        if request in doubtful or (is_open and request.tool in TAKE_STUDY and "study" not in request.args):
            found.append(request)
            is_open = is_open or request.tool in ("start_study", "open_study")
    return found
