"""What the chat so far says about the state of affairs: the last tool, its arguments, the dataset and study at hand."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any

from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage

from agent.llm.pilot.context import STATES, TOOLS, PilotContext
from agent.llm.pilot.files import read_path
from agent.llm.pilot.numbers import Reader
from agent.llm.pilot.questions import Call

_TUNE = (
    r"\b(?:tun\w*|optimi[sz]\w*|stud(?:y|ies)|train\w*|best model|good model|find|trials?|hyperparam\w*|maximi[sz]e)\b"
)
_TURNS = 2  # how far back the last tool still colours a follow-up


def with_history(context: PilotContext, messages: Sequence[BaseMessage]) -> PilotContext:
    """`context` with what the messages add; what the context already knows is kept."""
    before = [i for i, message in enumerate(messages) if isinstance(message, HumanMessage)]
    earlier = messages[: before[-1]] if before else ()
    call = _last_call(earlier)
    found = _last_facts(messages)
    state = context.study_state or found.get("state")
    datasets = context.datasets or tuple(
        str(d["name"]) for d in found.get("datasets", ()) if isinstance(d, dict) and "name" in d
    )
    return replace(
        context,
        last_tool=context.last_tool or (call["name"] if call else None),
        last_args=context.last_args or (call["args"] if call else {}),
        last_dataset=context.last_dataset or _last_dataset(messages),
        datasets=datasets,
        study=context.study or found.get("study"),
        study_state=state if state in STATES else None,
        objective=context.objective or found.get("objective"),
        study_models=context.study_models or tuple(found.get("models", ())),
    )


def said_last(messages: Sequence[BaseMessage]) -> str:
    """The person's last message."""
    return next((message.text for message in reversed(messages) if isinstance(message, HumanMessage)), "")


def chained(call: Call, context: PilotContext, text: str = "") -> tuple[Call, ...]:
    """The call, or two where a study needs its file to be added first."""
    path = call.args.get("dataset") if call.tool == "start_study" else None
    if isinstance(path, str) and path not in context.datasets and read_path(Reader(path)) == path:
        return Call(tool="add_dataset", args={"path": path}), call
    if (
        call.tool == "add_dataset"
        and text
        and re.search(_TUNE, _without_path(text), re.I)
        and not re.search(r"\b(?:don'?t|not|later)\b", text, re.I)
    ):
        return Call(tool="add_dataset", args=call.args), Call(tool="start_study", args=call.args)
    return (call,)


def _without_path(text: str) -> str:
    reader = Reader(text)
    read_path(reader)
    return reader.text


def _last_call(messages: Sequence[BaseMessage]) -> Any:
    n_turns = 0
    for message in reversed(messages):
        n_turns += isinstance(message, HumanMessage)
        if n_turns >= _TURNS:
            return None
        if isinstance(message, AIMessage) and message.tool_calls:
            call = message.tool_calls[-1]
            return call if call["name"] in TOOLS else None
    return None


def _results(messages: Sequence[BaseMessage]) -> list[Mapping[str, Any]]:
    """The facts that tools returned, the latest first."""
    found: list[Mapping[str, Any]] = []
    for message in reversed(messages):
        if isinstance(message, ToolMessage):
            try:
                facts = json.loads(message.text)
            except json.JSONDecodeError:
                continue
            if isinstance(facts, dict) and "error" not in facts:
                found.append(facts)
    return found


def _last_facts(messages: Sequence[BaseMessage]) -> dict[str, Any]:
    """The latest value of each fact that the context is made of."""
    merged: dict[str, Any] = {}
    for facts in _results(messages):
        for name in ("study", "state", "objective", "models", "datasets"):
            if facts.get(name) and name not in merged:
                merged[name] = facts[name]
    return merged


def _last_dataset(messages: Sequence[BaseMessage]) -> str | None:
    for facts in _results(messages):
        name = facts.get("dataset") or (facts.get("name") if facts.get("added") else None)
        if isinstance(name, str) and name:
            return PurePath(name).name
    return None
