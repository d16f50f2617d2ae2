"""A recorded turn of a chat, again: the recorded replies and results, today's code around them.

Results of tools come from the record, and nothing is carried out: what a home holds has moved on since, so that another
result would say nothing of the code. Tools that only read can be run on a home that has not changed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from langchain_core.messages import messages_from_dict

from agent.advisor.trial_times import Seconds
from agent.chat.conversation import Conversation
from agent.errors import ToolInputError
from agent.llm.no_model import NoModel
from agent.llm.pilot.chat import PilotChat
from agent.recording.lines import Lines
from agent.recording.plain import built, plain
from agent.recording.reading import Line, Passage, whole
from agent.recording.recorder import HeardChat
from agent.replaying.chat_models import replaying_model
from agent.results.kept import to_json
from agent.results.result import Failure
from agent.tools import make_tools
from agent.understanding.asking.prospect import Prospect
from agent.understanding.known import Known
from agent.words.acts import ACTS, KEEPS
from agent.workspace import Workspace

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.tools import BaseTool

PILOT = "recpilot-pilot"
NOT_RECORDED = "this call is not in the recording"


def replayed_turn(scratch: Workspace, passage: Passage, home: Workspace | None = None) -> Passage:
    """The turn as it goes today.

    Args:
        scratch: A workspace to hold the chat, of a home that is thrown away.
        home: Where reading tools are run; None: their results come from the record.
    """
    begun = passage.lines[0]
    lines, known = Lines(), _known(passage)
    heard = HeardChat(lines, passage.of)
    tools = make_tools(scratch if home is None else home)
    answers = _Results(passage)
    conversation = Conversation(
        scratch,
        None,
        _model(str(begun["model"]), passage, known),
        heard=heard,
        tools=[tool if home and _only_reads(tool.name) else answers.tool(tool) for tool in tools],
        known=known,
    )
    history: list[Any] = messages_from_dict([dict(message) for message in begun["history"]])
    conversation.restore(history)
    for _ in conversation.send(str(begun["said"])):
        pass
    return passage_of(lines)


def passage_of(lines: Lines) -> Passage:
    """What was heard, as a passage."""
    parts = {line["digest"]: line["value"] for line in lines.kept if line["kind"] == "part"}
    found = [whole(whole(line, parts), parts) for line in lines.kept if line["kind"] != "part"]
    return Passage(of=str(found[0]["of"]), lines=tuple(found))


def _model(kind: str, passage: Passage, known: Callable[[], Known]) -> "BaseChatModel":
    """The pilot and `none` run again, since they are code."""
    if kind == PILOT:
        return PilotChat(known=known)
    return NoModel() if kind == "none" else replaying_model(kind, passage)


def _only_reads(tool: str) -> bool:
    return tool in ACTS and ACTS[tool].kind == "reads" and tool not in KEEPS


class _Results:
    """The recorded results of a turn's calls, each given once."""

    def __init__(self, passage: Passage) -> None:
        self._left = passage.all("tool")

    def tool(self, tool: "BaseTool") -> "BaseTool":
        """The tool, which answers what it answered then and does nothing."""

        def run(**args: Any) -> str:
            found = self._of(tool.name, args)
            if found is None:
                return to_json(Failure(error=NOT_RECORDED))
            if "error" in found:
                raise ToolInputError(str(found["error"]))
            return str(found["result"])

        return tool.model_copy(update={"func": run})

    def _of(self, tool: str, args: dict[str, Any]) -> Line | None:
        """The result of the same call, else of the next one of the tool."""
        same = [line for line in self._left if line["tool"] == tool]
        found = next((line for line in same if line["args"] == args), same[0] if same else None)
        if found is not None:
            self._left.remove(found)
        return found


def _known(passage: Passage) -> Callable[[], Known]:
    """What was known, one look after the other; the last one for all that come after it."""
    looks = _looks(passage)
    last = Known()

    def look() -> Known:
        nonlocal last
        last = next(looks, last)
        return last

    return look


def _looks(passage: Passage) -> Iterator[Known]:
    for line in passage.all("known"):
        yield _with_answers(line["known"], [one for one in passage.all("asked") if one["place"] == line["place"]])


def _with_answers(data: Line, asked: Sequence[Line]) -> Known:
    def answer(name: str, default: Any) -> Callable[..., Any]:
        def found(*args: Any) -> Any:
            told = list(map(plain, args))
            return next((one["answer"] for one in asked if one["name"] == name and one["args"] == told), default)

        return found

    def with_study(study: str) -> Known | None:
        found = answer("with_study", None)(study)
        return None if found is None else _with_answers(found, asked)

    def files(folder: str) -> tuple[str, ...]:
        return tuple(answer("files", ())(folder))

    def would(tool: str, args: Mapping[str, Any]) -> Prospect:
        found = answer("would", None)(tool, args)
        return Prospect() if found is None else built(Prospect, found)

    def trial_s(*args: Any) -> Seconds | None:
        found = answer("trial_s", None)(*args)
        if isinstance(found, int | float):  # as it was told before there were intervals
            return Seconds(expected=found, low=found, high=found, n_here=1)
        return None if found is None else built(Seconds, found)

    known: Known = built(Known, data)
    return replace(known, trial_s=trial_s, files=files, would=would, with_study=with_study)
