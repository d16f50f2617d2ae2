"""Whether a call that a language model makes was asked for: the same check as for the pilot.

A call that changes something is made only where the person ordered it, with values that the person said, that the
dialogue or the study at hand gives, or that are defaults; and with every value that the person said for it.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agent import outside
from agent.plan_card import PlanCard
from agent.understanding.asking.questions import question
from agent.understanding.card import plan_card
from agent.understanding.clauses.moods import objection
from agent.understanding.costs import is_costly
from agent.understanding.data.at_reading import at_reading
from agent.understanding.dialogue import Dialogue
from agent.understanding.hearing import is_courtesy
from agent.understanding.known import Known
from agent.understanding.note_words import by_words
from agent.understanding.phrases import phrase
from agent.understanding.plan import Mood, Plan, Request, Why
from agent.words.acts import ACTS, OF_THE_TALK
from agent.words.said import Said

_FREE = (
    "text",
    "request",
    "query",
    "expression",
    "lesson",
    "filter",
    "columns",
    "hash_ids",  # checked apart
    "study",  # checked apart
    "user",
    "rationale",
    "expected",
    "reason",
)  # words, quoted back by the tool
_WORD = re.compile(r"[a-z0-9_]{3,}")
_SAME = ({"start_study", "extend_study"}, {"run_trial", "repeat_trial"}, {"remove_dataset", "delete_study"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a call is not made."""

    why: Why
    text: str  # a sentence for the person
    waits: bool = False  # whether a yes makes it
    card: PlanCard | None = None  # that the text tells
    cannot: str | None = None  # why it would not work whatever the person says, for the model
    args: Mapping[str, Any] | None = None  # with which it waits; None: its own


def refusal(
    tool: str, args: Mapping[str, Any], plan: Plan, said: Said, known: Known, dialogue: Dialogue, earlier: Sequence[str]
) -> Refusal | None:
    """Why the call may not be made; None: it may. Nobody is asked about one that cannot work.

    Args:
        plan: How this project reads the message.
        earlier: What the person said before in this chat.
    """
    found = _refusal(tool, args, plan, said, known, dialogue, earlier)
    named = by_words(Request(tool=tool, args=dict(args)), known.notes() if tool == "forget_lesson" else ())
    acts = tool in ACTS and ACTS[tool].kind != "reads"
    if acts and (found is None or found.waits) and (asks := known.would(tool, args).asks):
        shall = f"Shall I {phrase(named)} all the same?" if found is None else found.text
        found = Refusal(why="whose", text=f"{asks} {shall}", waits=True)
    problem = known.would(tool, args).problem if found is not None and found.waits else None
    if found is not None and problem is None:
        return replace(found, args=named.args)
    return found if found is None else replace(found, waits=False, cannot=problem)


def _refusal(
    tool: str, args: Mapping[str, Any], plan: Plan, said: Said, known: Known, dialogue: Dialogue, earlier: Sequence[str]
) -> Refusal | None:
    if tool not in ACTS or ACTS[tool].kind == "reads":
        return None
    request = Request(tool=tool, args=dict(args))
    if tool == "add_dataset" and (lost_of_file := _lost_of_file(args, said.text)):
        return Refusal(why="unused", text="", cannot=lost_of_file)
    ordered = [one for one in plan.requests if _is_same(one.tool, tool)]
    waiting = plan.waiting.requests if plan.waiting is not None else ()
    if not ordered and is_courtesy(said.text):
        return Refusal(why="unclear", text=f"I did not {ACTS[tool].says}: you did not ask for it.")
    if not ordered:
        held = [one for one in plan.held if _is_same(one.request.tool, tool)]
        if held:
            return Refusal(why=held[0].why, text=_not_ordered(held[0].why, tool))
        reason = objection(said.marked, tool)
        if reason is not None:
            return Refusal(why=_why(reason), text=_not_ordered(_why(reason), tool))
    free = ("params",) if ordered and _is_own_choice(tool, args, known) else ()
    read = [str(value) for one in ordered if tool in ("filter_dataset", "add_dataset") for value in _leaves(one.args)]
    unsaid = [
        value
        for value in _values(args, free)
        if str(value) not in read and not _stands(value, said, known, dialogue, earlier)
    ]
    lost = [value for one in (*ordered, *waiting) for value in _lost(one, args)]
    if (meant := _other_study(args, ordered, said, known)) is not None:
        (unsaid if "study" in args else lost).append(meant)
    unsaid += [
        f"{switch}: false"
        for switch in ("needs_approval", "use_rules", "run_defaults")
        if args.get(switch) is False and all(one.args.get(switch) is not False for one in ordered)
    ]
    if args.get("without_bots") and not any(one.args.get("without_bots") for one in ordered):
        unsaid.append("without_bots: true")
    if args.get("for_good") and all(not one.args.get("for_good") for one in (*ordered, *waiting)):
        unsaid.append("for_good: true")
    if args.get("as_bound") and all(not one.args.get("as_bound") for one in ordered):
        unsaid.append("as_bound: true")
    if tool == "remember_lesson" and _is_of_others(str(args.get("text", "")), said, earlier):
        unsaid.append(str(args["text"]))
    if unsaid:
        listed = ", ".join(outside.code(value) for value in unsaid[:5])
        return Refusal(why="unclear", text=f"You did not say {listed}. Shall I {phrase(request)}?", waits=True)
    if lost:
        listed = ", ".join(outside.code(value) for value in dict.fromkeys(lost))
        return Refusal(
            why="unused",
            text=f"{listed} would not be used. Shall I {phrase(request)} all the same?",
            waits=True,
        )
    if tool == "add_dataset" and plan.unused:
        return Refusal(why="unused", text=question("unused", [request], plan.unused), waits=True)
    if ACTS[tool].kind == "destructive":
        return Refusal(why="destructive", text=f"Shall I {phrase(request)}?", waits=True)
    if is_costly(request, known):
        card = plan_card([request], (), said, known, plan.say)
        return Refusal(why="costly", text=card.text, card=card, waits=True)
    if not ordered and tool not in OF_THE_TALK:  # meant, if at all, by words that are not read here
        return Refusal(why="unclear", text=f"Shall I {phrase(request)}?", waits=True)
    return None


def _lost_of_file(args: Mapping[str, Any], say: str) -> str | None:
    """What was said of a file's ids and rows and stands in no argument, in a sentence for the model."""
    told = at_reading(say).args
    lost = {name: value for name, value in told.items() if not set(value) <= set(args.get(name) or ())}
    return f"the person said more of this file; add it with {json.dumps(lost, ensure_ascii=False)}" if lost else None


def _is_of_others(lesson: str, said: Said, earlier: Sequence[str]) -> bool:
    """Whether most words of a lesson are not the person's, who is to be remembered and not what a model read."""
    words, heard = ({*_WORD.findall(text.lower())} for text in (lesson, " ".join((said.text, *earlier))))
    return 2 * len(words - heard) > len(words)


def _why(mood: Mood) -> Why:
    return "unclear" if mood == "order" else mood


def _is_same(one: str, other: str) -> bool:
    return one == other or any({one, other} <= group for group in _SAME)


def _not_ordered(why: Why, tool: str) -> str:
    reads = {"question": "a question", "refusal": "something that you do not want", "supposition": "a supposition"}
    reads |= {"later": "something for later", "unclear": "unclear"}
    return f"I did not {ACTS[tool].says}: your message reads as {reads.get(why, 'no order')}. Say it as an order to have it done."


def is_said(param: str, value: Any, plan: Plan, said: Said, dialogue: Dialogue, earlier: Sequence[str]) -> bool:
    """Whether the person said a value of a trial, for this param; what only the state of affairs gives is not said."""
    told: dict[str, Any] = {}
    for request in plan.requests:
        told |= dict(request.args.get("params") or {})
    if param in told:
        is_relative = isinstance(told[param], str) and told[param][:1] in ("x", "+", "-")  # "twice as much"
        return is_relative or _is_equal(told[param], value)
    is_of_another = any(_is_equal(one, value) for one in told.values())
    return not is_of_another and _stands(value, said, Known(), dialogue, earlier)


def _is_equal(one: Any, other: Any) -> bool:
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) <= 1e-9 * max(1.0, abs(other))
    return str(one).lower() == str(other).lower()


def _other_study(args: Mapping[str, Any], ordered: Sequence[Request], said: Said, known: Known) -> str | None:
    """The study that stands in the way: one that the call names unsaid, or leaves out though it was said."""
    here = (known.study or "").lower()
    named = str(args.get("study") or here).lower()
    meant = [str(one.args.get("study") or here) for one in ordered]
    if not ordered:
        meant = [here, *(str(span.value) for span in said.of("study"))]
    if named in map(str.lower, meant):
        return None
    return str(args["study"]) if "study" in args else meant[0]


def _is_own_choice(tool: str, args: Mapping[str, Any], known: Known) -> bool:
    """Whether a model chose the params of a trial with a reason, so that they are booked as its own and are gated.

    Where each trial waits for the person's approval, they are asked about.
    """
    return tool == "run_trial" and bool(args.get("rationale")) and known.study_state != "waiting"


def _values(args: Mapping[str, Any], free: Sequence[str] = ()) -> list[Any]:
    """The values of a call that could be wrong."""
    return [
        value
        for name, one in args.items()
        if name not in (*_FREE, *free)
        for value in _leaves(one)
        if value not in (None, True, False, "")
    ]


def _leaves(value: Any) -> Iterable[Any]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield str(name)
            yield from _leaves(one)
    elif isinstance(value, list | tuple | set):
        for one in value:
            yield from _leaves(one)
    else:
        yield value


def _stands(value: Any, said: Said, known: Known, dialogue: Dialogue, earlier: Sequence[str]) -> bool:
    """Whether a value was said, or is given by the state of affairs."""
    spans = [
        one
        for span in said.spans
        for one in (span.value if isinstance(span.value, tuple) else (span.value, *span.parts))
    ]
    if isinstance(value, int | float):
        given = [
            *spans,
            *_leaves([request.args for request in dialogue.last]),
            *_leaves(dict(known.params)),
            *known.trials,
        ]
        return any(
            isinstance(one, int | float) and abs(one - value) <= 1e-9 * max(1.0, abs(value)) for one in given
        ) or _written(value, earlier)
    text = str(value).lower()
    whole = " ".join((said.text, *earlier)).lower()
    if text in whole or text.replace("_", " ") in whole or any(str(one).lower() == text for one in spans):
        return True
    names = (
        known.study,
        known.study_dataset,
        dialogue.dataset,
        known.objective,
        *known.study_models,
        dialogue.study,
        *known.datasets[:1],
    )
    if any(name and name.lower() == text for name in names):
        return True
    metric, _, bound = text.replace("<", ">").partition(">")
    if bound:
        number = bound.lstrip("=")
        return (
            _stands(metric, said, known, dialogue, earlier) and _stands(float(number), said, known, dialogue, earlier)
            if _is_number(number)
            else False
        )
    return any(str(one).lower().partition("@")[0] == text.partition("@")[0] for one in spans) or any(
        text in json.dumps(request.args, default=str).lower() for request in dialogue.last
    )


def _written(value: float, earlier: Sequence[str]) -> bool:
    from agent.words.quantities import quantities_in

    return any(
        abs(found.value - value) <= 1e-9 * max(1.0, abs(value))
        for text in earlier[-4:]
        for found in quantities_in(text)
    )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _lost(request: Request, args: Mapping[str, Any]) -> list[Any]:
    """The values that this project read for the request and that the call does not hold."""
    given = {str(value).lower() for value in _leaves(args)} | {
        f"{value:.9g}" for value in _leaves(args) if isinstance(value, int | float)
    }
    wanted = [
        value for name, one in request.args.items() if name not in (*_FREE, *request.assumed) for value in _leaves(one)
    ]
    if request.tool == "filter_dataset":
        wanted = [value for value in wanted if not isinstance(value, bool)]
        left_out = [name for name in request.args if name not in args and name not in request.assumed]
        return [*left_out, *(value for value in wanted if str(value).lower() not in given)]
    return [
        value
        for value in wanted
        if isinstance(value, int | float) and not isinstance(value, bool) and f"{value:.9g}" not in given
    ]
