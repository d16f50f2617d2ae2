"""The plan of an order that is not to be done: it is told, and done on a yes of its own."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from agent import outside
from agent.answers.wording import listed
from agent.plan_card import PlanCard
from agent.understanding.asking.questions import lacking
from agent.understanding.buttons import DO, LEAVE
from agent.understanding.card import plan_card
from agent.understanding.clauses.only_told import with_wish
from agent.understanding.known import Known
from agent.understanding.phrases import phrase
from agent.understanding.plan import Plan, Request, Waiting
from agent.words.acts import ACTS
from agent.words.chinese import is_chinese
from agent.words.said import Said

_NOTHING = "Nothing was done; this is what it would be."
_NOTHING_IN_CHINESE = "什么都还没有做。"


def told_plan(say: str, plan: Plan, known: Known, said: Callable[[], Said]) -> Plan | None:
    """The plan with every act in it told and asked about; None where it holds none.

    Args:
        say: The message, with the wish that nothing be done.
        plan: The plan of the message without that wish.
        said: What the plan was read from, with its names and amounts marked.
    """
    shown = plan.waiting
    asked = shown.requests if shown is not None else ()
    acts = (*plan.acting, *(one for one in asked if one not in plan.acting))
    if not any(one.acts for one in acts):
        return None
    note = _NOTHING_IN_CHINESE if is_chinese(say) else _NOTHING
    if shown is not None and (shown.lacking is not None or not plan.acting):
        is_open = shown.lacking is not None
        asks = replace(shown, requests=acts if not is_open else shown.requests, text=f"{note}\n\n{shown.text}")
        waiting = asks if is_open else replace(asks, choices=(DO, LEAVE), why="unclear", notes=(note, *shown.notes))
        waiting = waiting if waiting.card is None else replace(waiting, card=_asking_again(waiting.card))
    else:
        card = _asking_again(plan_card(acts, plan.unused, said(), known, say)) if any(map(_is_costly, acts)) else None
        text = f"{note}\n\n{card.text if card else _told(acts, known)}"
        waiting = Waiting(requests=acts, choices=(DO, LEAVE), text=text, card=card, notes=(note,), why="unclear")
    return replace(plan, say=say, requests=tuple(one for one in plan.requests if not one.acts), waiting=waiting)


def _asking_again(card: PlanCard) -> PlanCard:
    """The card whose order, said again, asks again."""
    return replace(card, order=with_wish(card.order))


def still_told(plan: Plan, before: Waiting) -> Plan:
    """The plan, whose card tells no less than the one that it takes the place of that nothing was done, and asks again.

    Args:
        before: What waited for an answer.
    """
    shown, note = plan.waiting, _NOTHING_IN_CHINESE if is_chinese(plan.say) else _NOTHING
    was_told = bool({_NOTHING, _NOTHING_IN_CHINESE} & set(before.notes))
    if not was_told or plan.acting or shown is None or shown.card is None or note in shown.notes:
        return plan
    card, text = _asking_again(shown.card), f"{note}\n\n{shown.text}"
    return replace(plan, waiting=replace(shown, card=card, notes=(note, *shown.notes), text=text))


def _is_costly(request: Request) -> bool:
    return ACTS[request.tool].kind == "costly"


def _told(acts: Sequence[Request], known: Known) -> str:
    """What would be done, and the question whether it shall be."""
    prospects = [known.would(one.tool, one.args) for one in acts if lacking(one) is None]
    notes = [outside.said(note) for one in prospects for note in (*filter(None, [one.problem]), *one.notes)]
    return " ".join([*notes, f"I would {listed([phrase(one) for one in acts])}. Shall I do it?"])
