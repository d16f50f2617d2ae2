"""Hears what a language model is shown and what it answers, as a callback of LangChain, which fits every model."""

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import BaseMessage, message_to_dict
from langchain_core.outputs import LLMResult

_OPTIONS = ("tool_choice", "response_format", "json_schema", "stop")


class Listener(BaseCallbackHandler):
    """Writes a line when a model is asked, and one when it has answered or failed."""

    run_inline = True

    def __init__(self, write: Callable[..., None], part: Callable[[Any], Any]) -> None:
        self._write, self._part = write, part
        self._began: dict[UUID, float] = {}

    def on_chat_model_start(
        self, serialized: dict[str, Any] | None, messages: list[list[BaseMessage]], *, run_id: UUID, **about: Any
    ) -> None:
        params: Mapping[str, Any] = about.get("invocation_params") or {}
        self._began[run_id] = time.monotonic()
        self._write(
            "prompt",
            call=str(run_id),
            model=params.get("_type"),
            messages=[self._part(message_to_dict(message)) for message in messages[0]],
            tools=self._part(_tools(params.get("tools") or ())),
            options={name: self._part(params[name]) for name in _OPTIONS if params.get(name)},
        )

    def on_llm_end(self, response: LLMResult, *, run_id: UUID, **_: Any) -> None:
        message = getattr(response.generations[0][0], "message", None)
        reply = None if message is None else message_to_dict(message)
        self._write("reply", call=str(run_id), message=self._part(reply), took_s=self._took(run_id))

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **_: Any) -> None:
        told = {"type": type(error).__name__, "text": str(error)}
        self._write("reply", call=str(run_id), error=told, took_s=self._took(run_id))

    def _took(self, run_id: UUID) -> float:
        return round(time.monotonic() - self._began.pop(run_id, time.monotonic()), 3)


def _tools(tools: Sequence[Any]) -> list[Any]:
    return [tool if isinstance(tool, dict) else str(tool) for tool in tools]
