"""Which names a server may be asked for under, and from which pages: no page reaches it by a name of its own.

A name that an attacker's page points at this machine (DNS rebinding) arrives in the Host header, a request that another
page makes in the Origin header.
"""

import ipaddress
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from agent.errors import SetupError
from recmodels.outside import visible
from ui.door.refusing import Refusal, refuse

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
ANY_ADDRESS = ("0.0.0.0", "::")  # noqa: S104 - what a server listens on that takes every address of the machine
_NAME = re.compile(r"(?P<name>[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?")
UNKNOWN_HOST = Refusal(
    status=421, sentence="This server does not answer under that name; `--allow-host NAME` allows a further one."
)
FOREIGN_PAGE = Refusal(status=403, sentence="A page of another site may not use this server.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosts:
    """The values of Host that are answered, and those of Origin."""

    names: frozenset[str]  # in lower case, with the port where it is not the usual one
    allowed: frozenset[str] = frozenset()  # in lower case, without a port: with any port, as a proxy may have its own
    takes_any_address: bool = False  # the server listens on every address of the machine

    @classmethod
    def of(cls, host: str, port: int, allowed: Sequence[str] = ()) -> "Hosts":
        """For a server on this address.

        Args:
            allowed: Further names; one with a port is answered with that alone.

        Raises:
            SetupError: One of them is no name.
        """
        own = () if host in ANY_ADDRESS else (bracketed(host),)
        further = [allowed_name(name) for name in allowed]
        names = [f"{name}:{port}" for name in (*LOOPBACK, *own, *further)]
        usual = [*LOOPBACK, *own] if port == 80 else []
        return cls(
            names=frozenset(name.lower() for name in (*names, *usual, *further)),
            allowed=frozenset(name for name in further if _without_port(name) == name),
            takes_any_address=host in ANY_ADDRESS,
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
        if origin is not None and not self._takes(origin.lower(), headers["host"].lower(), scope):
            return FOREIGN_PAGE
        is_from_elsewhere = headers.get("sec-fetch-site") in ("cross-site", "same-site")
        is_a_link = headers.get("sec-fetch-mode") == "navigate" and scope.get("method") == "GET"
        return FOREIGN_PAGE if is_from_elsewhere and not is_a_link else None

    def _answers(self, name: str, scope: Scope) -> bool:
        if name in self.names or _without_port(name) in self.allowed:
            return True
        return self.takes_any_address and name == _reached(scope)

    def _takes(self, origin: str, host: str, scope: Scope) -> bool:
        """Of a name with any port the page has to be the server's own: another port may be another program."""
        scheme, _, name = origin.partition("://")
        if scheme not in ("http", "https") or not self._answers(name, scope):
            return False
        return name in self.names or _without_port(name) not in self.allowed or name == host


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


def allowed_name(text: str) -> str:
    """A name for `--allow-host`, in lower case, in the form that browsers send, without the dot of the root.

    Raises:
        SetupError: It is a URL, a pattern, or no name at all.
    """
    name = text.strip().lower()
    with suppress(ValueError):
        name = bracketed(str(ipaddress.ip_address(name)))
    with suppress(UnicodeError):
        name = name if name.isascii() else name.encode("idna").decode()
    name = re.sub(r"\.(?=$|:)", "", name)
    if not _NAME.fullmatch(name):
        kind = "a URL" if "//" in name or "/" in name else "a pattern" if "*" in name else "something else"
        raise SetupError(
            f"--allow-host takes a host name as it stands in the address, such as rec.team.example, got {kind}: "
            f"{visible(text)[:100]!r}"
        )
    return name


def _without_port(name: str) -> str | None:
    """The name alone, also where it ends with the dot of the root; None: it is none."""
    found = _NAME.fullmatch(name)
    return found["name"].removesuffix(".") if found else None


def bracketed(host: str) -> str:
    """An address as a URL has it."""
    return f"[{host}]" if ":" in host else host


def _reached(scope: Scope) -> str | None:
    """The very address that this connection came to, which no name can stand for."""
    server = scope.get("server")
    return f"{bracketed(server[0])}:{server[1]}".lower() if server else None
