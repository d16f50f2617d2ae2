"""A tiny request to a language model: whether it answers, how fast, and whether it calls tools and writes JSON."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from agent.errors import SetupError
from agent.llm.errors import LostConnectionError, ModelAnswerError, ModelError, ModelTimeoutError
from agent.llm.written_calls import written_calls
from agent.plain_words import plain
from recmodels.durations import in_words

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage

TIME_S = 30.0  # for each of the two requests
_TOOL = {
    "type": "function",
    "function": {
        "name": "ready",
        "description": "Say that you are ready.",
        "parameters": {"type": "object", "properties": {"number": {"type": "integer"}}, "required": ["number"]},
    },
}
_SCHEMA = {"type": "object", "properties": {"number": {"type": "integer"}}, "required": ["number"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Probed:
    """What came of it."""

    answers: bool
    seconds: float = 0.0  # of the first request; 0: none was needed
    calls_tools: bool = False
    writes_json: bool = False
    problem: str = ""  # why it does not answer, in a sentence; empty: it does

    @property
    def is_good(self) -> bool:
        """Whether a chat and a study can use it fully."""
        return self.answers and self.calls_tools and self.writes_json

    @property
    def says(self) -> str:
        """One sentence."""
        if not self.answers:
            return f"It does not answer: {self.problem.rstrip('.')}."
        if not self.seconds:
            return "It is built in: it answers at once and calls every tool; in studies the advisor decides alone."
        seconds = in_words(self.seconds) if self.seconds >= 1 else f"{max(self.seconds, 0.1):.1f} s"
        took = f"It answers, in {seconds}"
        if self.is_good:
            return f"{took}; it calls tools and writes JSON, so it can do all that a chat and a study ask of it."
        lacks = {
            (False, True): "called no tool when it was asked to, so a chat with it can look nothing up",
            (True, False): "wrote no JSON when it was asked to, so the advisor decides in studies alone",
            (False, False): "neither called a tool nor wrote JSON, so the pilot or a larger model serves better",
        }[self.calls_tools, self.writes_json]
        return f"{took}, but {lacks}."


def probe(load: "Callable[[], BaseChatModel | None]", time_s: float = TIME_S) -> Probed:
    """Ask the model that `load` gives, at most two things; whatever goes wrong is told in the result.

    Args:
        time_s: For each request.
    """
    begun = time.monotonic()
    try:
        model = load()
        if model is None:
            return Probed(answers=False, problem="no language model is chosen, so the advisor works alone")
        begun = time.monotonic()
        calls = _calls_a_tool(model, time_s)
        seconds = time.monotonic() - begun
        return Probed(answers=True, seconds=seconds, calls_tools=calls, writes_json=_writes_json(model, time_s))
    except (SetupError, ModelError) as error:
        return Probed(answers=False, problem=plain(in_settings(str(error)), 300))


def in_settings(sentence: str) -> str:
    """What is said of a language model to a person who has its settings before them, not a command line.

    >>> in_settings("name the model with `--llm-model`")
    'name the model after the address'
    """
    for option, place in _PLACES.items():
        sentence = sentence.replace(option, place)
    return sentence


_PLACES = {
    "choose another with `--llm`": "choose another model here",
    "with `--llm-model`": "after the address",
    "start again with `--llm` for another": "only who starts recpilot can choose another",
}


def _calls_a_tool(model: "BaseChatModel", time_s: float) -> bool:
    """Raises ModelError: it gave no answer at all; SetupError: it is not there."""
    asked = "Call the tool `ready` with the number 7."
    try:
        answer: AIMessage = model.bind_tools([_TOOL]).invoke(asked, timeout=time_s)
    except (ModelTimeoutError, LostConnectionError):
        raise
    except ModelError:  # it may take no tools, or write a call that cannot be read; it may answer all the same
        model.invoke("Answer with one word: ready.", timeout=time_s)
        return False
    if answer.tool_calls:
        return True
    try:
        return written_calls(answer.text, {"ready"}) is not None
    except ModelAnswerError:
        return False


def _writes_json(model: "BaseChatModel", time_s: float) -> bool:
    try:
        found: Any = model.with_structured_output(_SCHEMA).invoke("Answer with the number 7.", timeout=time_s)
    except ModelError:
        return False
    return isinstance(found, dict) and "number" in found
