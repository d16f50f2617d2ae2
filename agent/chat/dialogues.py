"""How a chat's dialogue stands, kept with its answers, of every model: the next message can lean on it."""

from collections.abc import Mapping, Sequence

from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage

from agent.chat.turns import found_in, turn_messages
from agent.llm.pilot.chat import dialogue_of
from agent.llm.pilot.composing import about_facts
from agent.results.by_tool import read_result
from agent.results.result import Failure, NotDone
from agent.tools.authorship import IsSaid
from agent.understanding.checks import Refusal, is_said, refusal
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request, Waiting
from agent.understanding.planner import Planner
from agent.words.said import Said


def dialogue_now(messages: Sequence[AnyMessage], known: Known) -> Dialogue:
    """The dialogue as the turns before left it; what an attached model did in them is followed too."""
    last = max((i for i, m in enumerate(messages) if isinstance(m, HumanMessage)), default=len(messages))
    before = messages[:last]
    dialogue = dialogue_of(before, known)
    turn = turn_messages(before)
    if any(isinstance(message, AIMessage) and "dialogue" in message.additional_kwargs for message in turn):
        return dialogue
    done, waits = _of_turn(turn)
    dialogue = dialogue.after(done, waits)
    for _, result in found_in(turn):
        dialogue = about_facts(dialogue, result)
    return dialogue


def waiting_calls(messages: Sequence[AnyMessage]) -> tuple[Request, ...]:
    """The calls that the last turn of an attached model left waiting for a yes."""
    _, waits = _of_turn(turn_messages(messages))
    return waits.requests if waits is not None else ()


class CallCheck:
    """Checks the calls of an attached model against the message, read by this project's own planner."""

    def __init__(self, planner: Planner, known: Known) -> None:
        self._planner = planner
        self._known = known
        self._plans: dict[str, Plan] = {}

    def __call__(self, messages: Sequence[AnyMessage], tool: str, args: Mapping[str, object]) -> Refusal | None:
        """Why the call may not be made; None: it may."""
        plan, said, dialogue, earlier = self._read(messages)
        return refusal(tool, args, plan, said, self._known, dialogue, earlier)

    @property
    def study(self) -> str | None:
        """The study at hand."""
        return self._known.study

    def is_said(self, messages: Sequence[AnyMessage]) -> IsSaid:
        """Tells of a trial's params which of their values the person said."""

        def told(param: str, value: object) -> bool:
            plan, said, dialogue, earlier = self._read(messages)
            return is_said(param, value, plan, said, dialogue, earlier)

        return told

    def _read(self, messages: Sequence[AnyMessage]) -> tuple[Plan, Said, Dialogue, list[str]]:
        """How the last message reads, and what was said before it."""
        texts = [str(message.text) for message in messages if isinstance(message, HumanMessage)]
        text = texts[-1] if texts else ""
        dialogue = dialogue_now(messages, self._known)
        if text not in self._plans:
            self._plans[text] = self._planner.plan(text, self._known, dialogue)
        heard = self._planner.heard(text, self._known, dialogue).said
        return self._plans[text], heard, dialogue, texts[:-1]


def _of_turn(turn: Sequence[AnyMessage]) -> tuple[tuple[Request, ...], Waiting | None]:
    """What was done in a turn, and what waits for a yes."""
    calls = {call["id"]: call for message in turn if isinstance(message, AIMessage) for call in message.tool_calls}
    done: list[Request] = []
    waiting: list[Request] = []
    text = ""
    for message in turn:
        if not isinstance(message, ToolMessage) or message.tool_call_id not in calls:
            continue
        result = read_result(message.name or "", message.content)
        call = calls[message.tool_call_id]
        request = Request(tool=call["name"], args=dict(call["args"]))
        if isinstance(result, NotDone) and result.waits is not None:
            waiting.append(Request(tool=result.waits.tool, args=dict(result.waits.args)))
            text = result.error
        elif not isinstance(result, Failure):
            done.append(request)
    return tuple(done), Waiting(requests=tuple(waiting), text=text) if waiting else None
