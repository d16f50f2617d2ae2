"""What comes of "don't", "stop" and "wait" where a study has just begun, runs, or waits on its card for a yes."""

from collections.abc import Callable
from dataclasses import replace

from agent import outside
from agent.understanding.buttons import CANCEL, DO, LEAVE, RUN
from agent.understanding.card import plan_card
from agent.understanding.clauses.halts import Halt, as_change, starts
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Held, Plan, Request, Waiting
from agent.understanding.steer_elsewhere import asked_elsewhere
from agent.words.chinese import is_chinese
from agent.words.said import Said

_RUNS = ("queued", "running", "waiting")
_BEGINS_AGAIN = ["control_study", "start_study"]
_ENDED = ("finished", "stopped", "failed")


def halted_plan(
    say: str,
    halt: Halt,
    known: Known,
    dialogue: Dialogue,
    planned: Callable[[str], Plan],
    said: Callable[[str], Said],
) -> Plan | None:
    """The plan of a message that begins with a halt; None where it halts nothing that is read here.

    Args:
        planned: The plan of other words in the same dialogue.
        said: Those words with their names and amounts marked.
    """
    if dialogue.waiting is not None and any(map(starts, dialogue.waiting.requests)):
        return _at_card(say, halt, known, dialogue.waiting, planned, said)
    has_begun = dialogue.waiting is None and any(one.tool == "start_study" for one in dialogue.last)
    if known.study is None or not (has_begun or halt.speaks_of_running):
        return None
    if known.study_state in _RUNS:
        return _of_running(say, halt, known, planned, has_begun=has_begun)
    if known.study_state in _ENDED and not halt.rest and not halt.is_only_pause:
        name = outside.code(known.study)
        why = f"{name} has ended already"
        if (elsewhere := asked_elsewhere(say, "stop", why, known)) is not None:
            return elsewhere
        english = f"{name} has ended already, so there is nothing to stop; it stays as it is."
        return Plan(say=say, answer=f"{name} 已经结束，没有可以停止的；它保持不变。" if is_chinese(say) else english)
    return None


def _at_card(
    say: str, halt: Halt, known: Known, shown: Waiting, planned: Callable[[str], Plan], said: Callable[[str], Said]
) -> Plan | None:
    """Nothing of the card is done; what is changed with that makes a card that asks again."""
    held = tuple(Held(request=one, why="refusal") for one in shown.requests)
    if halt.is_only_pause or (halt.rest and shown.lacking is not None):
        return None  # a plain no, or an answer to another question
    if not halt.rest:
        return Plan(say=say, held=held)
    plan = planned(halt.rest)
    if any(map(starts, plan.requests)):
        acts = tuple(plan.acting)
        card = plan_card(acts, plan.unused, said(halt.rest), known, halt.rest)
        asks = Waiting(requests=acts, choices=(RUN, CANCEL), text=card.text, card=card, why="costly")
        reads = tuple(one for one in plan.requests if not one.acts)
        return replace(plan, say=say, requests=reads, waiting=asks)
    if plan.waiting is not None and any(map(starts, plan.waiting.requests)):
        return replace(plan, say=say)
    return replace(plan, say=say, held=(*plan.held, *held), answer=plan.answer or _not_used(plan, halt.rest))


def _of_running(say: str, halt: Halt, known: Known, planned: Callable[[str], Plan], *, has_begun: bool) -> Plan | None:
    """The study is stopped; one that shall begin again in another way is asked about, stop and start together."""
    stop = Request(tool="control_study", args={"action": "stop", "study": known.study}, words=say)
    asks = known.would(stop.tool, stop.args).asks
    if halt.is_only_pause or (asks and not halt.rest):
        text = f"{asks or f'{outside.code(known.study)} runs.'} Shall I stop it?"
        return Plan(say=say, waiting=Waiting(requests=(stop,), choices=(DO, LEAVE), text=text, why="unclear"))
    if not halt.rest:
        return Plan(say=say, requests=(stop,))
    again = planned(as_change(halt.rest)) if has_begun else None
    if again is not None and again.waiting is not None and [r.tool for r in again.waiting.requests] == _BEGINS_AGAIN:
        return replace(again, say=say)
    if not halt.forbids or asks:
        return None  # "stop and export the best" is read as every order
    plan = planned(halt.rest)
    reads = tuple(one for one in plan.requests if not one.acts)
    if len(reads) < len(plan.requests) or plan.waiting is not None:
        plan = Plan(say=say)  # what is done with it would begin before it is known what it is of
    unused = None if reads or plan.answer else _not_used(plan, halt.rest)
    return replace(plan, say=say, requests=(stop, *reads), answer=plan.answer or unused)


def _not_used(plan: Plan, rest: str) -> str | None:
    if plan.requests or plan.waiting is not None:
        return None
    words = f"“{outside.text(rest)}”"
    return f"我没有用到{words}。" if is_chinese(rest) else f"I did not use {words}."
