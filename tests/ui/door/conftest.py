"""A page that answers everything, to be put behind a guard."""

from collections.abc import Callable

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Receive, Scope, Send


async def anything(scope: Scope, receive: Receive, send: Send) -> None:
    """Reads the whole request and answers."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.close"})
        return
    while (await receive()).get("more_body"):
        pass
    await PlainTextResponse("the page")(scope, receive, send)


@pytest.fixture
def behind() -> Callable[..., TestClient]:
    """A client of the page behind a guard."""

    def make(guard: Callable[..., ASGIApp], *args: object, page: ASGIApp = anything, **more: object) -> TestClient:
        return TestClient(guard(page, *args, **more), base_url="http://127.0.0.1:7860", client=("192.0.2.7", 50000))

    return make
