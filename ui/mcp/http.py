"""Over HTTP on this machine: many clients, each with the token in its requests; no study ends when one leaves."""

import hmac
import os
import secrets
import signal
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings
from mcp_types import DiscoverResult, RequestParams
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from agent.errors import SetupError
from agent.origins import is_loopback
from agent.secrets import hold
from agent.workspace import Workspace
from ui.door.hosts import Hosts, bracketed
from ui.door.listening import bound
from ui.mcp.asking import Context
from ui.mcp.rules import Rules
from ui.mcp.server import Serving

PATH = "/mcp"
TOKEN_VARIABLE = "RECPILOT_MCP_TOKEN"  # noqa: S105 - where the token stands, not the token
SHORTEST = 16  # characters of a token
CLOSE_S = 2  # for requests that run when the server is told to end


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the server listens, and under which names it may be asked for."""

    host: str = "127.0.0.1"
    port: int = 8765  # 0: any free one
    names: tuple[str, ...] = ()  # further hosts that a request may name

    def security(self, port: int) -> TransportSecuritySettings:
        """Requests for these hosts, from pages of these hosts: no page can reach it by a name of its own."""
        hosts = Hosts.of(self.host, port, self.names)
        return TransportSecuritySettings(allowed_hosts=sorted(hosts.names), allowed_origins=sorted(hosts.origins))


class TokenGuard:
    """Lets through what carries the token."""

    def __init__(self, app: ASGIApp, token: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            given = Headers(scope=scope).get("authorization", "").encode("utf-8", "replace")
            if not hmac.compare_digest(given, self._expected):
                refused = Response("The token is missing or wrong.", 401, {"WWW-Authenticate": "Bearer"})
                await refused(scope, receive, send)
                return
        await self._app(scope, receive, send)


def token_of(file: Path | None) -> tuple[str, bool]:
    """The token from the file or the variable, else a new one; and whether it is new.

    Raises:
        SetupError: The file cannot be read, or what is given is too short to be a secret.
    """
    given = os.environ.get(TOKEN_VARIABLE)
    if file is not None:
        try:
            given = file.read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise SetupError(f"the token in {file} cannot be read ({error})") from None
    if given is None:
        return secrets.token_urlsafe(32), True
    if len(given) < SHORTEST or not given.isascii() or not given.isprintable():
        raise SetupError(f"a token has {SHORTEST} characters or more, all of them printable ASCII")
    hold({TOKEN_VARIABLE: given})
    return given, False


def app_of(serving: Serving, place: Place, port: int, token: str) -> ASGIApp:
    """The whole application. It offers the protocol with sessions: a study at hand is a session's."""
    server, security = serving.server, place.security(port)

    async def discovered(context: Context, _: RequestParams) -> DiscoverResult:
        return DiscoverResult(
            supported_versions=list(HANDSHAKE_PROTOCOL_VERSIONS),
            capabilities=server.get_capabilities(protocol_version=context.protocol_version),
            instructions=server.instructions,
        )

    server.add_request_handler("server/discover", RequestParams, discovered)
    return TokenGuard(server.streamable_http_app(streamable_http_path=PATH, transport_security=security), token)


def serve(workspace: Workspace, rules: Rules, place: Place, token: tuple[str, bool]) -> None:
    """Until it is told to end.

    Raises:
        SetupError: The port cannot be used.
    """
    listening = bound(place.host, place.port)
    listening.listen()  # so that a client that reads the address is not turned away
    port = listening.getsockname()[1]
    serving = Serving(workspace, rules)
    config = uvicorn.Config(
        app_of(serving, place, port, token[0]), log_level="warning", access_log=False, timeout_graceful_shutdown=CLOSE_S
    )
    _say(place, port, token)
    signal.signal(
        signal.SIGTERM, _end
    )  # which uvicorn sends again when it has closed, so that the workspace closes too
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        serving.close()


def _end(number: int, _: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _say(place: Place, port: int, token: tuple[str, bool]) -> None:
    lines: Sequence[str] = [f"recpilot: MCP at http://{bracketed(place.host)}:{port}{PATH}"]
    if token[1]:
        lines = [*lines, f"recpilot: token {token[0]} (told once; set {TOKEN_VARIABLE} to keep one)"]
    if not is_loopback(f"http://{bracketed(place.host)}"):
        lines = [*lines, "recpilot: others on the network can read what passes, the token too: put TLS in front"]
    print(*lines, sep="\n", file=sys.stderr, flush=True)  # noqa: T201
