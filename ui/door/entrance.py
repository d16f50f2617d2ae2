"""The way from the network to the page: every request passes these in their order."""

from starlette.types import ASGIApp

from ui.door.headers import SafeHeaders
from ui.door.hosts import HostGuard, Hosts
from ui.door.limits import UPLOAD_MIB, BodyGuard
from ui.door.login import LoginGuard
from ui.door.paths import PathGuard
from ui.door.people import People


def door(page: ASGIApp, hosts: Hosts, people: People | None = None, upload_mib: int = UPLOAD_MIB) -> ASGIApp:
    """The page behind its door; also a refusal carries the headers. Without people nobody is asked to log in."""
    inner: ASGIApp = PathGuard(BodyGuard(page, upload_mib))
    return SafeHeaders(HostGuard(LoginGuard(inner, people) if people is not None else inner, hosts))
