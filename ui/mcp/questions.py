"""What the person is asked before a call acts: the plan card of the chat, made from the call alone.

A call that cannot work, or that would change nothing, is no question: it is answered at once.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from agent.chat.known_now import known_in
from agent.errors import USER_ERRORS, ToolInputError
from agent.studies.at_hand import at_hand
from agent.understanding.asking.prospect import Prospect
from agent.understanding.card import card_of_call
from agent.understanding.known import Known
from agent.understanding.plan import Request
from agent.words.acts import ACTS
from agent.workspace import Workspace
from ui.mcp.clients import Client

_NEED_NO_STUDY = ("undo", "import_trials")  # undo is of what was changed last, whichever study that was about


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A call with nothing left open, and what else it rests on now."""

    request: Request
    prospect: Prospect = field(default_factory=Prospect)  # what it would come to
    change: str | None = None  # that an undo would take back
    resumes: str | None = None  # the study that goes on by it

    @property
    def rests_on(self) -> tuple[object, ...]:
        """What the person reads on the card that the call itself does not say, and that may change until the yes."""
        return self.change, self.prospect.runs, self.prospect.over

    def text(self, workspace: Workspace) -> str:
        """The card, as Markdown."""
        request = self.request
        if self.change is not None:
            request = replace(request, args={**request.args, "change": self.change}, assumed=("change",))
        return card_of_call(request, self.known(workspace))

    def known(self, workspace: Workspace) -> Known:
        """What is known where the call is looked at, this call's own prospect included."""
        return replace(known_in(workspace, self.request.args.get("study")), would=lambda tool, args: self.prospect)


def question_of(
    workspace: Workspace, client: Client, tool: str, args: Mapping[str, Any], *, takes_study: bool
) -> Question:
    """The call as it will be made if the person says yes, whatever is at hand by then.

    Args:
        args: Checked against the tool's schema.
        takes_study: Whether the tool has a `study`; where it is left out, the one at hand is meant.

    Raises:
        ToolInputError: Which study is meant is open, or the client has no session whose changes could be taken back.
    """
    request = Request(tool=tool, args=args)
    if tool == "undo" and not client.keeps_study:
        raise ToolInputError("undo takes back what was changed in a session, and this client has none; undo it by name")
    if takes_study and args.get("study") is None and tool not in _NEED_NO_STUDY:
        study = study_meant(workspace, client)
        request = request if study is None else replace(request.with_args(study=study), assumed=("study",))
    if tool == "undo":
        return _undoing(workspace, client, request)
    resumes = tool == "control_study" and args.get("action") == "resume"
    return Question(request=request, resumes=request.args.get("study") if resumes or tool == "extend_study" else None)


def study_meant(workspace: Workspace, client: Client) -> str | None:
    """What the study at hand is called, else the only one; None: there is none.

    What another client touched last is not meant: no act falls on it unnamed.
    """
    names = workspace.runner.names()
    if client.study is None and len(names) > 1:
        raise ToolInputError(f"say which study is meant, with `study`; the latest are: {', '.join(names[:5])}")
    name = client.study or next(iter(names), None)
    try:
        return None if name is None else workspace.runner.peek(name).title
    except USER_ERRORS:  # the tool says so
        return name


def _undoing(workspace: Workspace, client: Client, request: Request) -> Question:
    named = request.args.get("study")
    with at_hand(client.study, chat=client.chat):
        try:
            study = None if named is None else workspace.runner.peek(named).name
        except USER_ERRORS:
            return Question(request=request)
        standing = workspace.ledger.acts.last(client.chat, study, dataset=request.args.get("dataset"))
    if not standing:
        return Question(request=request)
    last = standing[0]
    return Question(
        request=request,
        change=f"{last.says or ACTS[last.tool].says} (change {last.number})",
        resumes=last.study if last.tool == "control_study" else None,
    )
