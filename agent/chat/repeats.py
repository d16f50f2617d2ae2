"""What a model is shown of a turn's results: a part that was given before is named, not given again.

    study_status: {"best": {"trial": "demo-1/3", "params": {…}}, "latest": {"trial": "demo-1/7", …}, …}
    explain_trial: {"trial": "demo-1/3", "params": {"same_as": "study_status.best.params"}, …}

Only the messages that a model sees are shortened; the chat keeps every result whole.
"""

import json
from collections import Counter
from collections.abc import Sequence

from langchain_core.messages import AnyMessage, HumanMessage, ToolMessage

from agent.results.kept import json_of
from agent.results.result import Json, JsonObject

SAME_AS = "same_as"
HERE = "here"  # in place of the tool's name: in the same result
_MIN_SAVED = 40  # characters; below it a repetition is easier to read than a reference


def without_repeats(messages: Sequence[AnyMessage]) -> list[AnyMessage]:
    """The messages, each turn's results without what an earlier result of the turn, or the same one, holds."""
    found: list[AnyMessage] = []
    known, calls = _Known(), Counter[str]()
    for message in messages:
        if isinstance(message, HumanMessage):
            known, calls = _Known(), Counter[str]()
        if isinstance(message, ToolMessage) and message.status != "error":
            tool = message.name or ""
            calls[tool] += 1
            name = tool if calls[tool] == 1 else f"{tool}#{calls[tool]}"
            short = json.dumps(known.shortened(name, json_of(message.content)), ensure_ascii=False)
            message = message.model_copy(update={"content": short}) if len(short) < len(message.text) else message
        found.append(message)
    return found


class _Known:
    """The parts of results so far, with their places."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}

    def shortened(self, name: str, result: JsonObject) -> JsonObject:
        """A result with references for what is known; what is new in it is known from then on by its name."""
        mine: dict[str, str] = {}
        short = {key: self._part(value, key, mine) for key, value in result.items()}
        self._places = {text: f"{name}.{place}" for text, place in mine.items()} | self._places
        return short

    def _part(self, value: Json, place: str, mine: dict[str, str]) -> Json:
        if not isinstance(value, dict | list):
            return value
        text = json.dumps(value, ensure_ascii=False)
        at = self._places.get(text) or (f"{HERE}.{mine[text]}" if text in mine else None)
        if at is not None and len(text) >= len(at) + _MIN_SAVED:
            return {SAME_AS: at}
        mine.setdefault(text, place)
        if isinstance(value, dict):
            return {key: self._part(one, f"{place}.{key}", mine) for key, one in value.items()}
        return [self._part(one, f"{place}.{n}", mine) for n, one in enumerate(value)]
