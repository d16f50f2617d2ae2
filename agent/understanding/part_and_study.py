"""A part of a dataset and a study on it in one message: one plan card with two steps, or the two messages that say it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from agent import outside
from agent.understanding.buttons import CANCEL, DO, LEAVE, RUN
from agent.understanding.card import plan_card
from agent.understanding.data.filter_in_chinese import counts_in_chinese
from agent.understanding.data.filter_with_study import StudyOfPart
from agent.understanding.known import Known
from agent.understanding.phrases import phrase
from agent.understanding.plan import Plan, Request, Waiting, requests_in
from agent.words.chinese import is_chinese
from agent.words.said import Said

_WORDS = {
    "min_weight": "ratings of at least {}",
    "since": "since {}",
    "until": "until {}",
    "max_user_events": "users with at most {} events",
    "min_user_events": "users with at least {} events",
    "min_item_events": "items with at least {} events",
}


def plan_of_part(say: str, of: StudyOfPart, study: Plan, said: Callable[[], Said], known: Known) -> Plan:
    """Asks for both steps at once; nothing is done before a yes.

    Args:
        study: The plan of the order to tune, on the whole dataset.
        said: That order with its names and amounts marked.
    """
    dataset = str(of.filter.args["dataset"])
    prospect = known.would("filter_dataset", of.filter.args)
    name = prospect.there or str(dict(prospect.runs).get("name") or f"{dataset}-part")
    acts = [one for one in requests_in(study) if one.acts]
    starts = acts[:1] if acts and acts[0].tool == "start_study" else []
    is_plain = starts and all(one.tool == "rename_study" for one in acts[1:]) and not study.held and not study.answer
    is_asked = study.waiting is not None and study.waiting.lacking is not None
    if not is_plain or is_asked or starts[0].args.get("dataset", dataset) != dataset:
        return Plan(say=say, answer=_in_two_in_chinese(of, name) if is_chinese(say) else _in_two(of, study, name))
    start = replace(starts[0].with_args(dataset=name), assumed=())
    keeps = replace(of.filter.with_args(name=name), assumed=("name",))
    first = () if prospect.there else (keeps,)
    first_said = _first_in_chinese if is_chinese(say) else _first
    notes = [first_said(of.filter, keeps, name, prospect.there, prospect.notes)]
    notes += study.waiting.notes if study.waiting is not None else ()
    if not of.read.is_certain:
        notes.append("What shall be kept can be read in two ways; this is one of them.")
    left = (*of.read.left, *study.unused)
    card = plan_card((start,), left, said(), known, say)
    card = replace(card, tools=tuple(one.tool for one in (*first, start, *acts[1:])))
    is_sure = of.read.is_certain and not left
    waiting = Waiting(
        requests=(*first, start, *acts[1:]),
        choices=(RUN, CANCEL) if is_sure else (DO, LEAVE),
        text="\n\n".join((*notes, card.text)),
        card=card,
        notes=tuple(notes),
        why="costly" if is_sure else "unused" if left else "unclear",
    )
    return Plan(say=say, waiting=waiting, unused=left, near=study.near)


def _first(kept: Request, named: Request, name: str, there: str, notes: tuple[str, ...]) -> str:
    dataset = outside.code(kept.args["dataset"])
    if there:
        return f"That part of {dataset} is there already as {outside.code(name)}, so the study starts on it."
    counts = f" {' '.join(map(outside.said, notes))}" if notes else ""
    return (
        f"These are two steps, and nothing was done yet. First I {phrase(named)}; {dataset} stays as it is.{counts} "
        "Then I start the study on it:"
    )


def _first_in_chinese(kept: Request, named: Request, name: str, there: str, notes: tuple[str, ...]) -> str:
    dataset = outside.code(kept.args["dataset"])
    if there:
        return f"{dataset} 的这一部分已经有了，叫 {outside.code(name)}，研究就在它上面开始。"
    return f"这是两步，还没有执行：先把 {dataset} 的一部分存为 {outside.code(name)}，{dataset} 不变。{''.join(map(counts_in_chinese, notes))}"


def _in_two_in_chinese(of: StudyOfPart, name: str) -> str:
    first = f"{outside.text(of.filter.words)}，叫做 {name}"
    return (
        f"没有执行：这一部分数据和研究不能读成一个指令。请分两条消息说：先“{first}”，再在 {outside.code(name)} 上调参。"
    )


def _in_two(of: StudyOfPart, study: Plan, name: str) -> str:
    """What to say instead, as two messages."""
    dataset = str(of.filter.args["dataset"])
    rest = outside.text(of.rest.replace(dataset, name) if dataset in of.rest else f"{of.rest} on {name}")
    why = study.answer or "The part of the data and the study cannot be read as one order, so nothing was done."
    return f"{why} Say it in two messages: first `{outside.text(order_of(of.filter.args))}, call it {name}`, then `{rest}`."


def order_of(args: Mapping[str, Any]) -> str:
    """The order that keeps such a part: `filter shop to since 2024-01-01 and without bots`."""
    said = [pattern.format(args[name]) for name, pattern in _WORDS.items() if name in args]
    said += [str(one) for one in args.get("where", ())]
    if not said:
        return f"leave the bots out of {args['dataset']}"
    return f"filter {args['dataset']} to {' and '.join(said)}{', without bots' if args.get('without_bots') else ''}"
