"""What turns of a chat did that stays, though their answers are stopped or taken out, in one sentence."""

from collections.abc import Sequence

from langchain_core.messages import AnyMessage

from agent import outside
from agent.answers.wording import listed
from agent.chat.turns import found_in
from agent.results.data import DatasetAdded
from agent.results.result import Failure, Result
from agent.results.study import NothingToUndo, NotUndone, StudyBegun
from agent.results.subject import about
from agent.words.acts import ACTS, OF_THE_TALK


def what_stays(messages: Sequence[AnyMessage], where: str) -> str:
    """`Study shop-1, begun there, stays.`; empty where nothing was done.

    Args:
        where: there, before that.
    """
    named: list[str] = []
    others: list[str] = []
    for tool, result in found_in(messages):
        if isinstance(result, Failure) or tool not in ACTS or ACTS[tool].kind == "reads" or tool in OF_THE_TALK:
            continue
        if isinstance(result, NothingToUndo | NotUndone):
            continue
        if isinstance(result, StudyBegun):
            named.append(f"study {outside.code(result.study)}, begun {where},")
        elif isinstance(result, DatasetAdded):
            named.append(f"dataset {outside.code(result.dataset)}, added {where},")
        else:
            others.append(f"“{_did(tool)}{_of(about(result).study)}”")
    whole = list(dict.fromkeys(named)) + (
        [f"what was done {where} ({listed(dict.fromkeys(others))})"] if others else []
    )
    if not whole:
        return ""
    text = listed(whole)
    return f"{text[:1].upper()}{text[1:]} {'stay' if len(whole) > 1 else 'stays'}."


def title_of(tool: str, result: Result | None = None) -> str:
    """What stands over a call: what its tool did, or that it took nothing back."""
    if isinstance(result, NothingToUndo | NotUndone):
        return "Took nothing back"
    return ACTS[tool].did if tool in ACTS else tool


def _did(tool: str) -> str:
    did = ACTS[tool].did
    return did[:1].lower() + did[1:]


def _of(study: str | None) -> str:
    return f" in {outside.code(study)}" if study else ""
