"""Whether a message orders what a tool would do, or asks about it or forbids it: a plain guard before tools that act.

    why_not("should I stop?", "control_study", {"action": "stop"})  # → "question"
    why_not("stop, this is not working", "control_study", {"action": "stop"})  # → None

A message without a question or a negation is taken as an order. In any other, a clause must order what the tool does:
"don't use popularity, tune ease on demo" starts a study and stops none. When in doubt, it is no order. English, German,
French, Spanish and Chinese; of another language only the question mark is understood.
"""

import re
from collections.abc import Mapping
from typing import Any, Literal

from agent.chat.order_words import (
    AFTER_THE_VERB,
    ASKED,
    BOUND,
    DO_NOT_FORGET,
    FILE,
    GENERAL,
    GO_AHEAD,
    HARMLESS,
    LESSON,
    NEGATION,
    POLITENESS,
    QUESTION,
    SUBORDINATE,
    VERBS,
    WISH,
)

Reason = Literal["question", "refusal"]
_Kind = Literal["order", "question", "refusal", "statement"]

ACTING = frozenset(VERBS) - {"stop", "pause", "resume"} | {"control_study"}
"""The tools that start, run, change, keep or write something; the others only read or propose."""

_POLITE_START = re.compile(rf"^{POLITENESS}")
_MARKS = str.maketrans({"\u2019": "'", "\uff1f": "? ", "\u3002": ". ", "\uff0c": ", ", "\uff1b": "; ", "\uff01": "! "})
_CLAUSES = re.compile(
    r"(?<=[.!;:,?])\s+|\n+|\s+[-\u2013]+\s+|\u2014|"
    r"(?<!\bbe)\s+(?=(?:but|and|then|so|because|since|if|unless|until|instead|aber|und|sondern|weil|mais|et|pero|y)\s)"
)


def is_order(message: str, tool: str, args: Mapping[str, Any] | None = None) -> bool:
    """Whether the person orders what this call of a tool does; True for a tool that does not act."""
    return why_not(message, tool, args) is None


def why_not(message: str, tool: str, args: Mapping[str, Any] | None = None) -> Reason | None:
    """Why a message is no order for this call; None: it is one, or the tool does not act.

    Args:
        message: What the person said last.
        args: The call's; of `control_study` its `action`, which is what must be ordered.
    """
    if tool not in ACTING:
        return None
    act = str((args or {}).get("action")) if tool == "control_study" else tool
    kinds = {_kind(clause, act if act in VERBS else "stop") for clause in _clauses(message)}
    if not kinds & {"question", "refusal"} or "order" in kinds:
        return None
    return "question" if "question" in kinds else "refusal"


def not_done(reason: Reason, tool: str, args: Mapping[str, Any]) -> str:
    """What the person is told instead, with words that would do it."""
    reads = {"question": "a question", "refusal": "something that you do not want"}[reason]
    return f"I have not done that: your message reads as {reads}. Say `{_order(tool, args)}` to do it."


def _order(tool: str, args: Mapping[str, Any]) -> str:
    """Words that order this call; of its arguments only plain names, since a model may have read them anywhere."""

    def plain(name: str, otherwise: str) -> str:
        value = args.get(name)
        value = " and ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or "")
        return value if re.fullmatch(r"\w[\w .-]{0,40}", value) and why_not(value, tool, args) is None else otherwise

    orders = {
        "start_study": f"tune {plain('models', 'a model')} on {plain('dataset', 'demo')}",
        "run_trial": "run it",
        "set_search_space": f"set {plain('param', 'dropout')} to …",
        "change_study": "add … more trials",
        "repeat_trial": f"repeat trial {args.get('trial', 1)}",
        "control_study": f"{plain('action', 'stop')} the study",
        "export_model": "export the best model",
        "confirm": "confirm the study"
        if args.get("against") is None
        else f"confirm it against trial {args['against']}",
        "remember_lesson": "remember that …",
        "add_dataset": "add FILE",
    }
    return orders[tool]


def _clauses(message: str) -> list[str]:
    """The parts of a message that order, ask or forbid on their own."""
    text = message.lower().translate(_MARKS).replace("`", " ")
    return [clause.strip() for clause in _CLAUSES.split(text) if re.search(r"\w", clause)]


def _kind(clause: str, act: str) -> _Kind:
    """What a clause does about an act: a tool, or an action of `control_study`."""
    if act == "remember_lesson" and DO_NOT_FORGET.search(clause):
        return "order"
    plain = HARMLESS.sub(" ", DO_NOT_FORGET.sub(" ", clause)).strip()
    if wish := WISH.match(plain):
        return "order" if _begins(plain[wish.end() :], act) else "statement"
    if polite := ASKED.match(plain):
        rest = plain[polite.end() :]
        return "order" if _begins(rest, act) and not GENERAL.search(rest) and not NEGATION.match(rest) else "question"
    is_asked = plain.endswith("?")
    if SUBORDINATE.match(plain) and not is_asked and not QUESTION.match(plain):
        return "statement"
    if QUESTION.search(plain) or (is_asked and "please" not in plain):
        return "question"
    if negation := NEGATION.search(plain):
        return _with_negation(plain[: negation.start()], negation[0], plain[negation.end() :], act)
    return "order" if _begins(plain, act) or _names_it(plain, act) else "statement"


def _with_negation(before: str, negation: str, after: str, act: str) -> _Kind:
    if act in ("set_search_space", "change_study") and BOUND.search(after):
        return "order"
    if _begins(before, act) and not AFTER_THE_VERB.search(negation):  # "export trial 3 and not the best"
        return "order"
    return "order" if act == "remember_lesson" and LESSON.search(before) else "refusal"


def _begins(clause: str, act: str) -> bool:
    """Whether a clause begins, after what is only polite, with a verb of the act; in other languages, has one."""
    rest = _POLITE_START.sub("", clause.strip())
    verbs = VERBS[act]
    return bool(verbs.head.match(rest) or verbs.anywhere.search(rest) or GO_AHEAD.match(rest))


def _names_it(clause: str, act: str) -> bool:
    """Whether a statement names what the act is about, so that it can be meant for nothing else."""
    return bool((act == "add_dataset" and FILE.search(clause)) or (act == "remember_lesson" and LESSON.search(clause)))
