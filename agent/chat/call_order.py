"""The calls of one answer are made one after the other, and none acts on a study that an earlier one was to replace.

A model writes `start_study` and `set_search_space` into one answer: where the first one fails, the second one would
change whatever study was at hand before. It is not made, and the model is told why.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from langchain_core.messages import AIMessage, AnyMessage, ToolMessage
from langchain_core.tools import BaseTool

from agent.results.result import Failure, NotDone, Result, WaitingCall
from agent.understanding.phrases import phrase
from agent.understanding.plan import Request
from agent.words.acts import ACTS

_OPENS = ("start_study", "open_study", "delete_study")  # whatever their arguments are
_KEPT = 8  # answers whose calls are remembered


def opens_study(tool: str, args: Mapping[str, object]) -> bool:
    """Whether another study may be at hand after the call."""
    return tool in _OPENS or args.get("study") is not None


def acts_on_the_study_at_hand(tool: BaseTool, args: Mapping[str, object]) -> bool:
    """Whether the call changes something of a study, and leaves it out which one."""
    is_act = tool.name in ACTS and ACTS[tool.name].kind != "reads"
    return is_act and "study" in tool.args and args.get("study") is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """A call that was to bring another study to hand and was not done."""

    tool: str
    why: str | None = None  # the person did not order it so
    waits: bool = False  # for a yes

    @classmethod
    def of(cls, tool: str, result: Result) -> "Failed | None":
        """From what the call brought; None: it was done."""
        if isinstance(result, NotDone):
            return cls(tool=tool, why=result.not_done, waits=result.waits is not None)
        return cls(tool=tool) if isinstance(result, Failure) else None


def after_failed(tool: str, args: Mapping[str, object], failed: Failed) -> Failure:
    """Why a call is not made: for the model, or for the person where the failed one goes back to the person."""
    if failed.why is None:
        return Failure(
            error=f"`{tool}` was not called: `{failed.tool}` before it in the same answer was not done, so it would "
            "have acted on another study; call it again with `study`, or when that is settled"
        )
    if failed.waits:
        text = f"After that I would {phrase(Request(tool=tool, args=dict(args)))}."
        return NotDone(error=text, not_done=failed.why, waits=WaitingCall(tool=tool, args=args))
    return NotDone(error=f"So I did not {ACTS[tool].says} either.", not_done=failed.why)


class Batch:
    """The calls of one answer so far."""

    def __init__(self) -> None:
        self.done: set[str] = set()  # ids
        self.failed: Failed | None = None  # the last one that was to bring another study to hand


class CallOrder:
    """Keeps the calls of an answer in order, although each of them has a thread of its own."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._batches: OrderedDict[str, Batch] = OrderedDict()

    @contextmanager
    def place(self, messages: Sequence[AnyMessage], call_id: str | None) -> Iterator[Batch]:
        """Wait for the calls that stand before this one in its answer; the next one begins when this block ends."""
        answer, before = _before(messages, call_id)
        with self._changed:
            batch = self._batches.setdefault(answer, Batch())
            while len(self._batches) > _KEPT:
                self._batches.popitem(last=False)
            self._changed.wait_for(lambda: before <= batch.done)
        try:
            yield batch
        finally:
            with self._changed:
                batch.done.add(call_id or "")
                self._changed.notify_all()


def _before(messages: Sequence[AnyMessage], call_id: str | None) -> tuple[str, set[str]]:
    """The id of the answer that holds the call, and those of the calls before it that are made too."""
    answered = {message.tool_call_id for message in messages if isinstance(message, ToolMessage)}
    for message in reversed(messages):
        ids = [call["id"] or "" for call in message.tool_calls] if isinstance(message, AIMessage) else []
        if call_id in ids:
            return message.id or "", {id_ for id_ in ids[: ids.index(call_id)] if id_ not in answered}
    return "", set()
