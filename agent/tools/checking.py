"""A call of a tool that acts, checked as it would be done and not done: the only place where that is told apart.

check(delete_study, workspace, {"study": "nosuch"})   →   Prospect(problem="there is no study 'nosuch'; …")

The tool itself runs, so that it refuses what it would refuse. Where it would begin to act it ends instead: `logged`
ends every act that is not a study's own, and a study at hand checks its commands and carries none out.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from agent.answers.explain import word
from agent.errors import USER_ERRORS, ToolInputError
from agent.proposal import Proposal
from agent.results.result import ColumnsAsked, Failure, Result
from agent.studies.at_hand import at_hand, hand
from agent.studies.room import OverLimit
from agent.studies.study import Allowed
from agent.tools.making import ToolFunction, read_arguments
from agent.understanding.asking.prospect import Prospect
from agent.workspace import Workspace
from recmodels.data.how_to_change import in_chat

_IS_ON: ContextVar[bool] = ContextVar("calls_are_only_checked", default=False)


def is_checking() -> bool:
    """Whether the present call is only checked."""
    return _IS_ON.get()


def acts_now(prospect: Prospect | None = None) -> None:
    """Stands before whatever a tool changes: a call that is only checked ends here, and could be done.

    Raises:
        Allowed: It is only checked.
    """
    if is_checking():
        raise Allowed(prospect)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What came of a check."""

    prospect: Prospect
    found: Result | None = None  # of a call that would change nothing: its answer


def check(function: ToolFunction, workspace: Workspace, args: Mapping[str, Any]) -> Checked:
    """What a call of `function(workspace, **args)` would come to; nothing is changed."""
    try:
        with _checking():
            found = function(workspace, **read_arguments(function, args))
    except Allowed as allowed:
        return Checked(prospect=_prospect(allowed))
    except (ToolInputError, *USER_ERRORS) as error:
        over = error if isinstance(error, OverLimit) else error.__cause__
        instead = over.instead if isinstance(over, OverLimit) else {}
        return Checked(prospect=Prospect(problem=in_chat(str(error)), instead=instead))
    if isinstance(found, Failure):
        asked = found if isinstance(found, ColumnsAsked) else None
        return Checked(prospect=Prospect(problem=found.error, is_of_columns=asked is not None), found=asked)
    return Checked(prospect=Prospect(problem=word(function.__name__, found)), found=found)


def could_act(call: Callable[[], object]) -> bool:
    """Whether a call would come to the point where it acts; nothing is changed.

    Raises:
        Whatever it raises before that.
    """
    try:
        with _checking():
            call()
    except Allowed:
        return True
    return False


@contextmanager
def _checking() -> Iterator[None]:
    """Within this block calls are checked; what they take to hand is let go again."""
    mine, token = hand(), _IS_ON.set(True)
    try:
        with at_hand(mine.study if mine else None, mine.chat if mine else None, mine.person if mine else None):
            yield
    finally:
        _IS_ON.reset(token)


@contextmanager
def params_over(what: str) -> Iterator[None]:
    """Says of the run that a call in this block begins where the params come from that the call does not give."""
    try:
        yield
    except Allowed as allowed:
        allowed.over = what
        raise


def _prospect(allowed: Allowed) -> Prospect:
    answer = allowed.answer
    if isinstance(answer, Prospect):
        return answer
    if isinstance(answer, Proposal):
        seed = {} if answer.seed is None else {"seed": answer.seed}
        runs = {"trial": answer.number, "model": answer.model, "params": dict(answer.params), **seed}
        return Prospect(runs=runs, over=allowed.over)
    return Prospect(over=allowed.over)
