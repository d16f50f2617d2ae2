"""The built-in, offline chat model: plans what a message asks for, calls the tools in order, words what they found.

PilotChat().bind_tools(tools).invoke("tune sasrec on the demo data, 6 trials").tool_calls
"""

import json
import re
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import ConfigDict, Field

from agent import outside
from agent.llm.errors import ModelAnswerError
from agent.llm.pilot.composing import Word, about_facts, composed, is_in_chinese, offered, planned
from agent.llm.pilot.plain import plain_answer
from agent.llm.worded import CARD, WORDED
from agent.plan_card import PlanCard
from agent.results.by_tool import read_result
from agent.results.result import ColumnsAsked, Failure, Result, Unknown
from agent.stopping import check_stop
from agent.understanding.asking.versions_compared import compares_those_at_hand
from agent.understanding.dialogue import OF_STUDIES, Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Held, Plan, Request, Waiting
from agent.understanding.recommender_wanted import recommender_wanted

_FIRST_WORDS = 60  # characters of an answer that name its study soon enough
DIALOGUE = "dialogue"  # in additional_kwargs: how the dialogue stands after this answer
PLAN = "plan"  # in additional_kwargs of a call: what else the message asks for


class PilotChat(BaseChatModel):
    """A LangChain chat model without a language model: a planner, and words for facts."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    planner: Any = Field(
        default=None, exclude=True, repr=False
    )  # a Planner; None: on the packaged network, when needed
    word: Word | None = Field(default=None, exclude=True, repr=False)  # tool, facts -> Markdown; None: agent.answers
    known: Callable[[], Known] | None = Field(default=None, exclude=True, repr=False)  # what there is right now
    tool_names: tuple[str, ...] | None = None  # what may be called; None: every tool

    @property
    def _llm_type(self) -> str:
        return "recpilot-pilot"

    def bind_tools(self, tools: Sequence[Any], **kwargs: Any) -> Runnable[LanguageModelInput, AIMessage]:
        """The same pilot, which calls these tools only."""
        names = tuple(convert_to_openai_tool(tool)["function"]["name"] for tool in tools)
        return self.model_copy(update={"tool_names": names, "planner": self._planner()})

    def with_structured_output(self, schema: Any, **kwargs: Any) -> Runnable[LanguageModelInput, Any]:
        """The pilot does not reason: it writes no proposals, the advisor does.

        Raises:
            ModelAnswerError: Always.
        """
        raise ModelAnswerError("the built-in pilot writes no structured answers; the advisor's candidate is taken")

    def warm_up(self) -> None:
        """Load the network now, so that the first message need not wait for it."""
        self._planner()

    def asks_for_more(self, text: str) -> bool:
        """Whether what is said with a file asks for more than to read it, such as a study on it."""
        if compares_those_at_hand(text) is not None:
            return True
        known = self._known()
        if recommender_wanted(text, known.datasets) is not None:
            return True
        plan = self._planner().plan(text, known, Dialogue())
        asked = plan.waiting.requests if plan.waiting and plan.waiting.lacking != "tool" else ()
        return any(request.acts and request.tool != "add_dataset" for request in (*plan.requests, *asked))

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
        """Word by word, a plan at once; what goes with the whole message comes with its last piece."""
        answer = self._answer(messages)
        text = str(answer.content)
        words = [text] if answer.response_metadata.get(CARD) else re.findall(r"\S+\s*|\s+", text) or [""]
        for word in words[:-1]:
            check_stop()
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

    def _planner(self) -> Any:
        if self.planner is None:
            from agent.understanding.clauses.reader import MessageReader
            from agent.understanding.planner import Planner  # imports torch

            self.planner = Planner(MessageReader.load())
        return self.planner

    def _known(self) -> Known:
        return self.known() if self.known else Known()

    def _answer(self, messages: list[BaseMessage]) -> AIMessage:
        check_stop()
        if messages and isinstance(messages[-1], ToolMessage):
            return self._after_tool(messages)
        text = messages[-1].text if messages else ""
        if not text.strip():
            return _says(plain_answer("help"))
        known = self._known()
        plan = planned(self._planner().plan, text, known, dialogue_of(messages, known))
        allowed = tuple(request for request in plan.requests if self._may_call(request.tool))
        if allowed:
            return _calls(allowed, plan)
        return self._last(messages, plan, (), known)

    def _may_call(self, tool: str) -> bool:
        return self.tool_names is None or tool in self.tool_names

    def _after_tool(self, messages: list[BaseMessage]) -> AIMessage:
        """The next call of the plan, or the answer once all are made or one failed."""
        at = max(i for i, message in enumerate(messages) if isinstance(message, HumanMessage))
        plan, rest = _plan_of(messages[at:])
        results = [message for message in messages[at:] if isinstance(message, ToolMessage)]
        if rest and not isinstance(_found(results[-1]), Failure):
            return _calls(rest, plan)
        return self._last(messages, plan, tuple(results), self._known())

    def _last(
        self, messages: list[BaseMessage], plan: Plan, results: tuple[ToolMessage, ...], known: Known
    ) -> AIMessage:
        """The answer: what was found, what was not done, what is asked."""
        word = self.word or _explain()
        found = [(message.name or "", _found(message)) for message in results]
        done = tuple(
            request for request, (_, one) in zip(plan.requests, found, strict=False) if not isinstance(one, Failure)
        )
        dialogue = dialogue_of(messages, known).after(done, plan.waiting)
        for _, one in found:
            dialogue = about_facts(dialogue, one)
        last = found[-1][1] if found else None
        dialogue = replace(dialogue, unread=_asked_about(last) or (dialogue.unread if plan.leaves_open else None))
        dialogue = replace(dialogue, is_idle=dialogue.is_idle or plan.did_nothing(done))
        choices = last.candidates if isinstance(last, ColumnsAsked) else ()
        if plan.waiting is not None:
            choices = offered(plan)
        card = plan.waiting.card if plan.waiting is not None else None
        text = composed(plan, found, word, known)
        return _says(_of_which_study(text, messages, plan, known), choices, dialogue, card)


def dialogue_of(messages: Sequence[BaseMessage], known: Known) -> Dialogue:
    """How the dialogue stands: as the last answer left it, of the study at hand where none did."""
    dialogue = Dialogue(study=known.study, dataset=known.study_dataset)
    for message in messages:
        kept = message.additional_kwargs.get(DIALOGUE) if isinstance(message, AIMessage) else None
        if kept:
            dialogue = Dialogue.from_dict(kept)
        elif isinstance(message, ToolMessage):
            found = _found(message)
            dialogue = replace(dialogue, unread=_asked_about(found))
            dialogue = dialogue if isinstance(found, Failure) else about_facts(dialogue, found)
    return dialogue.about(study=known.study) if known.study else dialogue


def _of_which_study(text: str, messages: Sequence[BaseMessage], plan: Plan, known: Known) -> str:
    """The answer, which names its study first where the one before spoke of another one and the question names none."""
    kept = [one.additional_kwargs.get(DIALOGUE) for one in messages if isinstance(one, AIMessage)]
    before = next((Dialogue.from_dict(one).study for one in reversed(kept) if one), None)
    reads = [one for one in plan.requests if not one.acts and "study" not in one.args and one.tool in OF_STUDIES]
    is_same = before is None or known.study in (None, before)
    if is_same or not reads or len(reads) < len(plan.requests) or str(known.study) in text[:_FIRST_WORDS]:
        return text
    name = outside.code(str(known.study))
    lead = f"这是 {name} 的回答。" if is_in_chinese(plan.say) else f"Of {name}, which is at hand:"
    return f"{lead} {text}"


def _asked_about(found: Result | None) -> str | None:
    """The file about whose columns a result asks."""
    return found.path if isinstance(found, ColumnsAsked) and not found.corrects else None


def _found(message: ToolMessage) -> Result:
    """What a tool found; a plain text is shown as it is where the tool did not fail."""
    found = read_result(message.name or "", message.text)
    is_plain = isinstance(found, Failure) and found.error == message.text
    return Unknown(values={"result": message.text}) if is_plain and message.status != "error" else found


def _plan_of(turn: Sequence[BaseMessage]) -> tuple[Plan, tuple[Request, ...]]:
    """The plan that the calls of this turn carry, and what is left of it."""
    last = next(message for message in reversed(turn) if isinstance(message, AIMessage) and message.tool_calls)
    kept = last.additional_kwargs.get(PLAN) or {}
    requests = tuple(Request.from_dict(one) for one in kept.get("requests", ()))
    plan = Plan(
        say=str(kept.get("say", "")),
        requests=requests,
        held=tuple(Held(request=Request.from_dict(one["request"]), why=one["why"]) for one in kept.get("held", ())),
        waiting=Waiting.from_dict(kept["waiting"]) if kept.get("waiting") else None,
        near=tuple((one[0], one[1]) for one in kept.get("near", ())),
        answer=kept.get("answer"),
    )
    return plan, requests[int(kept.get("n_called", len(requests))) :]


def _explain() -> Word:
    from agent.answers.explain import word

    return word


def _says(
    text: str, choices: Sequence[str] = (), dialogue: Dialogue | None = None, card: PlanCard | None = None
) -> AIMessage:
    kept: dict[str, Any] = {"choices": list(choices)} if choices else {}
    if dialogue is not None:
        kept[DIALOGUE] = dialogue.to_dict()
    about: dict[str, Any] = {WORDED: True} | ({CARD: card.to_dict()} if card else {})
    return AIMessage(text, additional_kwargs=kept, response_metadata=about)


def _calls(rest: Sequence[Request], plan: Plan) -> AIMessage:
    """The call of the first of these; the plan goes with it."""
    n_called = len(plan.requests) - len(rest) + 1
    kept = {
        "say": plan.say,
        "requests": [request.to_dict() for request in plan.requests],
        "held": [{"request": held.request.to_dict(), "why": held.why} for held in plan.held],
        "waiting": plan.waiting.to_dict() if plan.waiting else None,
        "near": [list(one) for one in plan.near],
        "answer": plan.answer,
        "n_called": n_called,
    }
    request = rest[0]
    call = {
        "name": request.tool,
        "args": dict(request.args),
        "id": f"call_{uuid.uuid4().hex[:12]}",
        "type": "tool_call",
    }
    return AIMessage("", tool_calls=[call], additional_kwargs={PLAN: kept})
