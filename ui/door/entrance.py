"""The way from the network to the page: every request passes these in their order."""

from starlette.types import ASGIApp

from ui.door.headers import SafeHeaders
from ui.door.hosts import HostGuard, Hosts
from ui.door.paths import PathGuard


def door(page: ASGIApp, hosts: Hosts) -> ASGIApp:
    """The page behind its door; also a refusal carries the headers."""
    return SafeHeaders(HostGuard(PathGuard(page), hosts))
