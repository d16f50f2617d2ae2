"""The built-in, offline chat model: picks the tool, reads its arguments, asks back when unsure, words the facts.

PilotChat().bind_tools(tools).invoke("tune sasrec on the demo data, 6 trials").tool_calls
"""

import dataclasses
import json
import re
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import ConfigDict, Field

from agent.llm.errors import ModelAnswerError
from agent.llm.pilot.context import PilotContext
from agent.llm.pilot.history import chained, said_last, with_history
from agent.llm.pilot.plain import plain_answer
from agent.llm.pilot.questions import Call, Question, complete, resolve, which_tool

ABOUT = "pilot"  # in additional_kwargs: the question that the next message may answer
WORDED = "recpilot_worded"  # in response_metadata: written by this project, from facts
Word = Callable[[str, Mapping[str, Any]], str]
_READING = ("add_dataset", "describe_dataset", "list_datasets", "recall_trials")


class PilotChat(BaseChatModel):
    """A LangChain chat model without a language model: a trained router, a reader of arguments and words for facts."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    router: Any = Field(
        default=None, exclude=True, repr=False
    )  # a Router; None: the packaged one, loaded when first needed
    word: Word | None = Field(
        default=None, exclude=True, repr=False
    )  # tool, facts -> Markdown; None: agent.answers.explain.word
    context: Callable[[], PilotContext] | None = Field(
        default=None, exclude=True, repr=False
    )  # what there is right now
    threshold: float | None = None  # below this confidence it asks back; None: the calibrated one
    tool_names: tuple[str, ...] | None = None  # what may be called; None: every tool

    @property
    def _llm_type(self) -> str:
        return "recpilot-pilot"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[LanguageModelInput, AIMessage]:
        """The same pilot, which calls these tools only."""
        names = tuple(convert_to_openai_tool(tool)["function"]["name"] for tool in tools)
        return self.model_copy(update={"tool_names": names, "router": self._router()})

    def with_structured_output(self, schema: Any, **kwargs: Any) -> Runnable[LanguageModelInput, Any]:
        """The pilot does not reason: it writes no proposals, the advisor does.

        Raises:
            ModelAnswerError: Always.
        """
        raise ModelAnswerError("the built-in pilot writes no structured answers; the advisor's candidate is taken")

    def warm_up(self) -> None:
        """Load the network now, so that the first message need not wait for it."""
        self._router()

    def asks_for_more(self, text: str) -> bool:
        """Whether what is said beside a file asks for more than to read it, such as a study on it."""
        router = self._router()
        route = router.route(text, self.context() if self.context else PilotContext())
        threshold = self.threshold if self.threshold is not None else router.threshold
        return route.tool is not None and route.tool not in _READING and route.confidence >= threshold

    def plan(self, text: str) -> dict[str, Any]:
        """`{"say", "tool", "args"}` of the likeliest tool, sure or not; None: a plain answer. Runs nothing."""
        known = self.context() if self.context else PilotContext()
        route = self._router().route(text, known)
        if route.tool is None:
            return {"say": text, "tool": None, "args": {}}
        found = complete(route.tool, text, known, route.action)
        return {"say": text, "tool": route.tool, "args": dict(found.args)}

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=self._answer(messages))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        """Word by word; what goes with the whole message comes with its last piece."""
        answer = self._answer(messages)
        words = re.findall(r"\S+\s*|\s+", str(answer.content)) or [""]
        for word in words[:-1]:
            yield self._piece(AIMessageChunk(content=word), run_manager)
        calls = [
            {
                "name": call["name"],
                "args": json.dumps(call["args"]),
                "id": call["id"],
                "index": index,
                "type": "tool_call_chunk",
            }
            for index, call in enumerate(answer.tool_calls)
        ]
        last = AIMessageChunk(
            content=words[-1],
            tool_call_chunks=calls,
            additional_kwargs=answer.additional_kwargs,
            response_metadata=answer.response_metadata,
            chunk_position="last",
        )
        yield self._piece(last, run_manager)

    @staticmethod
    def _piece(chunk: AIMessageChunk, run_manager: CallbackManagerForLLMRun | None) -> ChatGenerationChunk:
        piece = ChatGenerationChunk(message=chunk)
        if run_manager:
            run_manager.on_llm_new_token(str(chunk.content), chunk=piece)
        return piece

    def _router(self) -> Any:
        if self.router is None:
            from agent.llm.pilot.router import Router  # imports torch

            self.router = Router.load()
        return self.router

    def _answer(self, messages: list[BaseMessage]) -> AIMessage:
        known = with_history(self.context() if self.context else PilotContext(), messages)
        if messages and isinstance(messages[-1], ToolMessage):
            return self._after_tools(messages, known)
        text = messages[-1].text if messages else ""
        if not text.strip():
            return _says(plain_answer("help"))
        return self._first_step(text, messages, known)

    def _first_step(self, text: str, messages: list[BaseMessage], known: PilotContext) -> AIMessage:
        """The answer to what the person just said."""
        question = _open_question(messages)
        route = self._router().route(text, known)
        if question is not None and not (
            question.tool and route.tool not in (None, question.tool) and len(text.split()) > 6
        ):
            settled = resolve(question, text, known)
            if settled is not None:
                return self._act(settled, known)
        return self._act(self._decide(text, route, known), known)

    def _decide(self, text: str, route: Any, known: PilotContext) -> Call | Question | str:
        threshold = self.threshold if self.threshold is not None else self._router().threshold
        if route.confidence < threshold:
            likely = tuple(tool for tool, _ in route.ranking[:3] if tool is not None and self._may_call(tool))[:3]
            if route.tool is not None or route.confidence < threshold / 2:
                return which_tool(text, likely) if len(likely) > 1 else plain_answer(text)
        if route.tool is None:
            return plain_answer(text)
        if route.tool == "control_study" and route.action_confidence < threshold:
            return complete("control_study", text, known)
        return complete(route.tool, text, known, route.action)

    def _act(self, decided: Call | Question | str, known: PilotContext) -> AIMessage:
        if isinstance(decided, str):
            return _says(decided)
        if isinstance(decided, Question):
            return _asks(decided)
        if not self._may_call(decided.tool):
            return _says(plain_answer("what can you do"))
        first = chained(decided, known)
        return _calls(first[0])

    def _may_call(self, tool: str) -> bool:
        return self.tool_names is None or tool in self.tool_names

    def _after_tools(self, messages: list[BaseMessage], known: PilotContext) -> AIMessage:
        """The second of two calls where the message asked for both, else the facts in words."""
        at = max(i for i, message in enumerate(messages) if isinstance(message, HumanMessage))
        results = [message for message in messages[at:] if isinstance(message, ToolMessage)]
        facts = [_facts(message) for message in results]
        if len(results) == 1 and "error" not in facts[0] and results[0].name == "add_dataset":
            then = self._then(messages[: at + 1], facts[0], known)
            if then is not None:
                return _calls(then)
        word = self.word or _explain()
        text = "\n\n".join(word(message.name or "", found) for message, found in zip(results, facts, strict=True))
        choices = tuple(str(candidate) for candidate in facts[-1].get("candidates", ()))
        return _says(text, choices)

    def _then(self, before: list[BaseMessage], added: Mapping[str, Any], known: PilotContext) -> Call | None:
        """The study that was asked for together with its file."""
        text = said_last(before)
        route = self._router().route(text, with_history(self.context() if self.context else PilotContext(), before))
        call = complete("start_study", text, known)
        wanted = chained(Call(tool=route.tool or "", args=call.args), known, text)
        name = added.get("dataset") or added.get("name")
        if len(wanted) < 2 or not name or not self._may_call("start_study"):
            return None
        return Call(tool="start_study", args=dict(wanted[1].args) | {"dataset": str(name)})


def _explain() -> Word:
    from agent.answers.explain import word

    return word


def _facts(message: ToolMessage) -> dict[str, Any]:
    try:
        found = json.loads(message.text)
    except json.JSONDecodeError:
        found = None
    if isinstance(found, dict):
        return found
    return {"error": message.text} if message.status == "error" else {"result": message.text}


def _open_question(messages: Sequence[BaseMessage]) -> Question | None:
    """The question that the answer before the last message asked."""
    if len(messages) < 2 or not isinstance(messages[-2], AIMessage):
        return None
    kept = messages[-2].additional_kwargs.get(ABOUT)
    return Question.from_dict(kept) if kept else None


def _says(text: str, choices: Sequence[str] = ()) -> AIMessage:
    return AIMessage(
        text, additional_kwargs={"choices": list(choices)} if choices else {}, response_metadata={WORDED: True}
    )


def _asks(question: Question) -> AIMessage:
    message = _says(question.text, question.choices)
    return message.model_copy(
        update={"additional_kwargs": message.additional_kwargs | {ABOUT: dataclasses.asdict(question)}}
    )


def _calls(call: Call) -> AIMessage:
    return AIMessage(
        "",
        tool_calls=[
            {"name": call.tool, "args": dict(call.args), "id": f"call_{uuid.uuid4().hex[:12]}", "type": "tool_call"}
        ],
    )
