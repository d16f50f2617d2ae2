"""A plan card as a tab is sent it: each part as HTML with nothing live in it."""

from agent.plan_card import PlanCard, PlanStep, PlanValue
from recmodels.outside import visible
from ui.page.markdown import html_of
from ui.page.settled import State

Json = dict[str, object]
_SETTLED: dict[State, str] = {
    "done": "You ran it",
    "failed": "You said yes, but not all of it could be done",
    "cancelled": "Cancelled; nothing was done",
    "changed": "Changed; the plan below holds now",
    "left": "Not run; you said something else",
}


def plan_json(card: PlanCard, choices: tuple[str, ...], state: State) -> Json:
    """What a yes does; `yes` and `no` only while it can be said."""
    yes, no = choices if len(choices) == 2 else ("Yes", "No")
    shown: Json = {
        "steps": [_step(step) for step in card.steps],
        "warning": line(card.warning),
        "question": line(card.question),
    }
    if state == "open":
        return {**shown, "yes": yes, "no": no, "order": visible(card.order)}
    return {**shown, "settled": _SETTLED[state], "state": state}


def line(markdown: str) -> str:
    """A line of Markdown without a paragraph around it."""
    return html_of(markdown).removeprefix("<p>").removesuffix("</p>")


def _step(step: PlanStep) -> Json:
    return {
        "says": visible(step.says),
        "values": [_value(one) for one in step.values],
        "defaults": [_value(one) for one in step.defaults],
        "notes": [line(note) for note in step.notes],
        "cost": line(step.cost),
    }


def _value(one: PlanValue) -> list[str]:
    return [line(one.name), line(one.value), line(one.source)]
