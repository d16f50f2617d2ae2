"""A message that corrects the columns of the dataset which a chat read or looked at last."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from langchain_core.messages import AIMessage, AnyMessage, ToolMessage

from agent.answers.wording import unquoted
from agent.chat.turns import found_in
from agent.llm.pilot.chat import dialogue_of
from agent.results.by_tool import read_result
from agent.results.data import DatasetAdded, DatasetDescribed
from agent.results.result import Failure, Result
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.clauses.corrections import settled
from agent.understanding.data.column_corrections import Correction, correction, swapped
from agent.understanding.data.columns_told import columns_with
from agent.understanding.data.likes_words import is_positive_alone, positive_in
from agent.understanding.known import Known
from agent.words.names import Names, read

_OF_DATA = ("add_dataset", "describe_dataset", "inspect_data")


def corrected(text: str, messages: Sequence[AnyMessage], datasets: Sequence[str]) -> dict[str, object] | None:
    """The arguments of `add_dataset` that read the file once more; None for any other message.

    A file that could not be read is the one at hand, until another was read or looked at.
    """
    waiting = dialogue_of(messages, Known()).waiting
    if waiting is not None and waiting.lacking not in (None, "tool"):  # an answer: "the user is u7"
        return None
    tool, args, result = next(_of_data(messages), ("", {}, None))
    if tool == "add_dataset" and isinstance(result, Failure):
        told = correction(text, datasets, _FAILED) or _bare_column(text, args, result)
        if told is not None and told.dataset == _FAILED and ("path" in args or "corrects" in args):
            return {**args, "columns": columns_with(args.get("columns") or {}, told.columns), **told.more}
    if (likes := _likes_alone(text)) and tool == "add_dataset" and isinstance(result, DatasetAdded):
        is_last = next((one.name for one in reversed(messages) if isinstance(one, ToolMessage)), None) == tool
        return {"corrects": result.dataset, **likes} if is_last else None
    shown = (one for _, _, one in _of_data(messages) if not isinstance(one, Failure))
    at_hand = next((str(one.dataset) for one in shown if hasattr(one, "dataset")), None)
    found = found_in([one for one in messages if isinstance(one, ToolMessage)][-1:])
    last = found[0][1] if found else None
    is_added = waiting is None and isinstance(last, DatasetAdded) and not last.version
    if isinstance(last, DatasetDescribed) and (columns := swapped(text, _columns_of(last))):
        return {"corrects": last.dataset, "columns": columns}
    said = correction(text, datasets, at_hand, is_added=is_added)
    return None if said is None else said.args


def _columns_of(found: DatasetDescribed) -> dict[str, str]:
    return {role: unquoted(column) for role, column in found.columns.items()}


def _likes_alone(text: str) -> dict[str, str]:
    """Of "count 4 and up as likes", and nothing else, said of the file that was just read."""
    text = re.sub(r"\b(?:actually|sorry|wait)\b[,\s]*", "", text, flags=re.IGNORECASE)
    said = settled(read(text, Names()))
    return positive_in(Stretch(said, [(0, len(text))])) if is_positive_alone(said) else {}


_FAILED = "\0"  # the file that could not be read, in place of a dataset


def _bare_column(text: str, args: Mapping[str, Any], failed: Failure) -> Correction | None:
    """Of "Kundennummer", said after a column of that role was not found: it plays the role."""
    name = text.strip(" .!\"'“”`")
    missing = [
        role for role, column in dict(args.get("columns") or {}).items() if f"no column {column!r}" in failed.error
    ]
    is_listed = re.search(rf"(?:its columns are: |, ){re.escape(name)}(?=, |\.|$)", failed.error) is not None
    return Correction(dataset=_FAILED, columns={missing[0]: name}) if name and missing and is_listed else None


def _of_data(messages: Sequence[AnyMessage]) -> Iterator[tuple[str, dict[str, Any], Result]]:
    """The calls about data and what they brought, the latest first."""
    calls = {call["id"]: call["args"] for one in messages if isinstance(one, AIMessage) for call in one.tool_calls}
    for message in reversed(messages):
        if isinstance(message, ToolMessage) and (name := message.name or "") in _OF_DATA:
            yield name, dict(calls.get(message.tool_call_id, {})), read_result(name, message.content)
