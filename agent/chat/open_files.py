"""The files of a chat whose columns are still asked about: each question is open until it is answered or put off."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from agent.chat.orders_kept import ORDER
from agent.chat.same_file import is_same_file, takes_place
from agent.results.by_tool import read_result
from agent.results.data import DatasetAdded
from agent.results.result import ColumnsAsked, Failure, NotDone, Result
from agent.understanding.asking.answers_to import is_no

UNREAD = "unread"  # of the dialogue that an answer keeps: the file whose question it leaves open
_MISSING = re.compile(r"no column (?P<quote>['\"])(?P<said>.+?)(?P=quote); did you mean (['\"])(?P<near>.+?)\3\?")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFile:
    """A file that is not read yet, and what was said of it so far."""

    question: ColumnsAsked
    tried: Mapping[str, str] = field(default_factory=dict)  # by role, of an answer that could not be read
    problem: str = ""  # why it could not
    order: str = ""  # what is to be done with it once it is read
    is_next: bool = True  # nothing else was talked of since
    is_off: bool = False  # the person said no to the question; it may be answered all the same, by the file's name
    newer: str = ""  # a dataset that was read since, whose columns may be meant as well

    @property
    def file(self) -> str:
        """Its name."""
        return PurePath(self.question.path).name

    @property
    def known(self) -> tuple[str, ...]:
        """Its columns, as far as they were told."""
        first = self.question.samples[0] if self.question.samples else {}
        return tuple(dict.fromkeys([*first, *self.question.candidates]))


def open_files(messages: Sequence[AnyMessage]) -> list[OpenFile]:
    """The questions about columns that are open, the latest last."""
    return [one for one in unread_files(messages) if not one.is_off]


def unread_files(messages: Sequence[AnyMessage]) -> list[OpenFile]:
    """The same, with those that were put off."""
    found: list[OpenFile] = []
    for said, turn in _turns(messages):
        if is_no(said.text):
            found = [replace(one, is_off=one.is_off or one.is_next) for one in found]
        results = list(_results(turn))
        if not results and (unread := _unread(turn)):
            found = [replace(one, is_next=one.is_next or one.question.path == unread) for one in found]
        elif not _stays_at(results):
            found = [replace(one, is_next=False) for one in found]
        order = str(said.additional_kwargs.get(ORDER, ""))
        for args, (tool, result) in results:
            if tool == "add_dataset":
                found = _after(found, args, result, order)
    return found


def near_column(error: str) -> tuple[str, str] | None:
    """The column that a file has not, and the one that may be meant, where a reader offers one."""
    match = _MISSING.search(error)
    return (match["said"], match["near"]) if match else None


def _after(found: Sequence[OpenFile], args: Mapping[str, Any], result: Result, order: str) -> list[OpenFile]:
    """What is open after a call of `add_dataset`."""
    same = next((one for one in found if is_same_file(args, one.question)), None)
    others = [one for one in found if one is not same]
    if isinstance(result, ColumnsAsked) and result.candidates and result.role:
        kept = order or (same.order if same is not None else "")
        others = [one for one in others if not takes_place(result, one.question)]
        return [*others, OpenFile(question=result, order=kept)]
    if isinstance(result, DatasetAdded):
        return [replace(one, newer=result.dataset) for one in others]
    if same is None or not isinstance(result, Failure) or isinstance(result, NotDone):
        return list(found)
    said = dict(args.get("columns") or {})
    missing = next(
        (role for role, column in said.items() if f"no column {column!r}" in result.error), same.question.role
    )
    tried = {role: column for role, column in said.items() if role != missing}
    asked = replace(same.question, role=missing)
    failed = replace(same, question=asked, tried=tried, problem=result.error, is_off=False)
    return [*others, replace(failed, order=order or same.order)]


def _turns(messages: Sequence[AnyMessage]) -> Iterator[tuple[HumanMessage, list[AnyMessage]]]:
    """What the person said, and all that followed it."""
    said: HumanMessage | None = None
    turn: list[AnyMessage] = []
    for message in messages:
        if isinstance(message, HumanMessage):
            if said is not None:
                yield said, turn
            said, turn = message, []
        elif said is not None:
            turn.append(message)
    if said is not None:
        yield said, turn


def _results(turn: Sequence[AnyMessage]) -> Iterator[tuple[dict[str, Any], tuple[str, Result]]]:
    """The calls of a turn: arguments, tool and what it brought."""
    calls = {call["id"]: call["args"] for one in turn if isinstance(one, AIMessage) for call in one.tool_calls}
    for message in turn:
        if isinstance(message, ToolMessage):
            tool = message.name or ""
            yield dict(calls.get(message.tool_call_id, {})), (tool, read_result(tool, message.content))


def _stays_at(results: Sequence[tuple[object, tuple[str, Result]]]) -> bool:
    """Whether a turn was about files that could not be read yet, and nothing else."""
    tried = [tool == "add_dataset" and isinstance(result, Failure) for _, (tool, result) in results]
    return bool(tried) and all(tried)


def _unread(turn: Sequence[AnyMessage]) -> object:
    """The path of a file of which a turn only said that it is not read yet."""
    last = turn[-1].additional_kwargs.get("dialogue") if turn else None
    return last.get(UNREAD) if isinstance(last, Mapping) else None
