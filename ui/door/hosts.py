"""Which names a server may be asked for under, and from which pages: no page reaches it by a name of its own.

A name that an attacker's page points at this machine (DNS rebinding) arrives in the Host header, a request that another
page makes in the Origin header.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.door.refusing import Refusal, refuse

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - what a server listens on that takes every address of the machine
UNKNOWN_HOST = Refusal(
    status=421, sentence="This server does not answer under that name; `--allow-host NAME` allows a further one."
)
FOREIGN_PAGE = Refusal(status=403, sentence="A page of another site may not use this server.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosts:
    """The values of Host that are answered, and those of Origin."""

    names: frozenset[str]  # in lower case, with the port where it is not the usual one
    takes_any_address: bool = False  # the server listens on every address of the machine

    @classmethod
    def of(cls, host: str, port: int, allowed: Sequence[str] = ()) -> "Hosts":
        """For a server on this address; `allowed` are further names, each as it is or with the server's port."""
        own = () if host in ANY_ADDRESS else (bracketed(host),)
        names = [f"{name}:{port}" for name in (*LOOPBACK, *own, *allowed)]
        usual = [*LOOPBACK, *own] if port == 80 else []
        return cls(
            names=frozenset(name.lower() for name in (*names, *usual, *allowed)), takes_any_address=host in ANY_ADDRESS
        )

    @property
    def origins(self) -> frozenset[str]:
        """Of the pages that may make requests."""
        return frozenset(f"{scheme}://{name}" for scheme in ("http", "https") for name in self.names)

    def refusal(self, scope: Scope) -> Refusal | None:
        """Why this request is not answered; None: it is."""
        headers = Headers(scope=scope)
        if len(headers.getlist("host")) != 1 or not self._answers(headers["host"].lower(), scope):
            return UNKNOWN_HOST
        origin = headers.get("origin")
        if origin is not None and not self._takes(origin.lower(), scope):
            return FOREIGN_PAGE
        is_from_elsewhere = headers.get("sec-fetch-site") in ("cross-site", "same-site")
        is_a_link = headers.get("sec-fetch-mode") == "navigate" and scope.get("method") == "GET"
        return FOREIGN_PAGE if is_from_elsewhere and not is_a_link else None

    def _answers(self, name: str, scope: Scope) -> bool:
        return name in self.names or (self.takes_any_address and name == _reached(scope))

    def _takes(self, origin: str, scope: Scope) -> bool:
        scheme, _, name = origin.partition("://")
        return scheme in ("http", "https") and self._answers(name, scope)


class HostGuard:
    """Lets through what comes under a known name, and from no other site's page."""

    def __init__(self, app: ASGIApp, hosts: Hosts) -> None:
        self._app = app
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refusal = self._hosts.refusal(scope) if scope["type"] in ("http", "websocket") else None
        if refusal is not None:
            await refuse(refusal, scope, receive, send)
        else:
            await self._app(scope, receive, send)


def bracketed(host: str) -> str:
    """An address as a URL has it."""
    return f"[{host}]" if ":" in host else host


def _reached(scope: Scope) -> str | None:
    """The very address that this connection came to, which no name can stand for."""
    server = scope.get("server")
    return f"{bracketed(server[0])}:{server[1]}".lower() if server else None
