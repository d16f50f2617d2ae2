"""A person's yes by elicitation: in the middle of the call, or from the 2026 protocol on between two of its rounds.

Only an accepted form with `confirm` ticked is a yes, and one yes is for one call.
"""

import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import anyio
from mcp.server.context import ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolRequestParams, ElicitRequest, ElicitRequestFormParams, ElicitResult, InputRequiredResult
from mcp_types.version import MODERN_PROTOCOL_VERSIONS
from pydantic import ValidationError

from agent.answers.wording import duration
from agent.errors import ToolInputError
from agent.plain_words import plain
from ui.mcp.questions import Question

FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "confirm": {"type": "boolean", "title": "Yes, do it", "description": "Nothing is done unless this is ticked."}
    },
    "required": ["confirm"],
}
_KEY = "confirm"  # of the question in a round
MAX_OPEN = 256  # questions that wait; the oldest is given up
Context = ServerRequestContext[Any, Any]


class NotConfirmed(ToolInputError):
    """The person did not say yes; the text says what they did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Open:
    """A question that was sent, and the call that it is about."""

    question: Question
    arguments: Any  # as the client gave them
    since: float


class Asking:
    """Asks, and takes the answers; a late, a second or a borrowed one is none."""

    def __init__(self, ask_s: float) -> None:
        self._ask_s = ask_s
        self._open: OrderedDict[str, _Open] = OrderedDict()
        self._lock = threading.Lock()

    def answered(self, params: CallToolRequestParams) -> Question | None:
        """The question that this round of a call answers with a yes; None: it is the first round.

        Raises:
            NotConfirmed: The answer is another one, or to no question that is open.
        """
        if params.request_state is None:
            return None
        with self._lock:
            found = self._open.pop(params.request_state, None)
        late = found is not None and time.monotonic() - found.since > self._ask_s
        if found is None or late or (found.question.request.tool, found.arguments) != (params.name, params.arguments):
            raise NotConfirmed("nothing was done: the question that this answers is not open any more; call again")
        answer = (params.input_responses or {}).get(_KEY)
        _require_yes(answer if isinstance(answer, ElicitResult) else None)
        return found.question

    async def ask(
        self, context: Context, params: CallToolRequestParams, question: Question, text: str
    ) -> InputRequiredResult | None:
        """None: the person said yes; else what sends the question, and the call comes again with the answer.

        Raises:
            NotConfirmed: The person said no, nothing that is a yes, or nothing in time.
        """
        if context.protocol_version in MODERN_PROTOCOL_VERSIONS:
            form = ElicitRequest(params=ElicitRequestFormParams(message=text, requested_schema=FORM))
            return InputRequiredResult(input_requests={_KEY: form}, request_state=self._keep(params, question))
        _require_yes(await self._answer(context, text))
        return None

    async def _answer(self, context: Context, text: str) -> ElicitResult:
        try:
            with anyio.fail_after(self._ask_s):
                return await context.session.elicit_form(text, FORM, related_request_id=context.request_id)
        except TimeoutError:
            raise NotConfirmed(f"nothing was done: no answer came within {duration(self._ask_s)}") from None
        except ValidationError:
            raise NotConfirmed("nothing was done: the client's answer is none that the protocol knows") from None
        except MCPError as error:
            raise NotConfirmed(f"nothing was done: the client could not ask ({plain(error.message)})") from None

    def _keep(self, params: CallToolRequestParams, question: Question) -> str:
        state = secrets.token_urlsafe(24)
        with self._lock:
            self._open[state] = _Open(question=question, arguments=params.arguments, since=time.monotonic())
            while len(self._open) > MAX_OPEN:
                self._open.popitem(last=False)
        return state


def _require_yes(answer: ElicitResult | None) -> None:
    """Raises NotConfirmed: it is not an accepted form with `confirm` ticked."""
    if answer is not None and answer.action == "decline":
        raise NotConfirmed("nothing was done: the person said no")
    if answer is None or answer.action == "cancel":
        raise NotConfirmed("nothing was done: the question was closed without an answer")
    if (answer.content or {}).get("confirm") is not True:
        raise NotConfirmed("nothing was done: the person did not tick `confirm`")
