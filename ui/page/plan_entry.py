"""A plan card as a tab is sent it: each part as HTML with nothing live in it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from agent.plan_card import Language, PlanCard, PlanStep, PlanValue
from recmodels.outside import visible
from ui.page.markdown import html_of
from ui.page.settled import State

Json = dict[str, object]
_SETTLED: Mapping[Language, Mapping[State, str]] = {
    "en": {
        "done": "You ran it",
        "differs": "You ran it, with the changes that you said",
        "other": "Not run as it stands here; what you said next was run",
        "failed": "You said yes, but not all of it could be done",
        "cancelled": "Cancelled; nothing was done",
        "changed": "Changed; the plan below holds now",
        "left": "Not run; you said something else",
    },
    "zh": {
        "done": "已按你说的运行",
        "differs": "已运行，并按你说的作了更改",
        "other": "没有按这里的计划运行；运行的是你之后说的",
        "failed": "你同意了，但没有全部做成",
        "cancelled": "已取消；什么都没有做",
        "changed": "已更改；以下面的计划为准",
        "left": "没有运行；你说了别的",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """What the tab writes itself around the parts of a card."""

    plan: str = "Plan: {}"
    edit: str = "Edit"
    edits: str = "Puts the whole order into the message box"
    default: str = "default"
    one_more: str = "1 more at its default"
    more: str = "{} more at their defaults"
    defaults: str = "Defaults: {}"
    columns: tuple[str, str, str] = ("What", "Value", "From")


_WORDS: Mapping[Language, _Words] = {
    "en": _Words(),
    "zh": _Words(
        plan="计划：{}",
        edit="修改",
        edits="把整条指令放进输入框",
        default="默认",
        one_more="另有 1 项用默认值",
        more="另有 {} 项用默认值",
        defaults="默认值：{}",
        columns=("项目", "值", "来源"),
    ),
}


def plan_json(card: PlanCard, choices: tuple[str, ...], state: State) -> Json:
    """What a yes does; `yes` and `no` only while it can be said."""
    yes, no = choices if len(choices) == 2 else ("Yes", "No")
    shown: Json = {
        "steps": [_step(step) for step in card.steps],
        "warning": line(card.warning),
        "question": line(card.question),
        "words": asdict(_WORDS[card.language]),
    }
    if state == "open":
        return {**shown, "yes": yes, "no": no, "order": visible(card.order)}
    return {**shown, "settled": _SETTLED[card.language][state], "state": state}


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
