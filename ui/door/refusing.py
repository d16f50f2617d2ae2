"""How a request is refused: a status and one sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

POLICY_VIOLATION = 1008  # RFC 6455, section 7.4.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a request is not answered."""

    status: int
    sentence: str
    headers: Mapping[str, str] = field(default_factory=dict)


async def refuse(refusal: Refusal, scope: Scope, receive: Receive, send: Send) -> None:
    """Answers a request with the refusal; a WebSocket is closed before it opens."""
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": POLICY_VIOLATION, "reason": refusal.sentence[:100]})
        return
    answer = PlainTextResponse(refusal.sentence, refusal.status, {"Connection": "close", **refusal.headers})
    await answer(scope, receive, send)
