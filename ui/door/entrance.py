"""The way from the network to the page: every request passes these in their order."""

from starlette.types import ASGIApp

from ui.door.audit import Audit
from ui.door.headers import SafeHeaders
from ui.door.hosts import HostGuard, Hosts
from ui.door.limits import UPLOAD_MIB, BodyGuard
from ui.door.login import LoginGuard
from ui.door.paths import PathGuard
from ui.door.people import People
from ui.door.uploads import UploadGuard


def door(
    page: ASGIApp,
    hosts: Hosts,
    people: People | None = None,
    upload_mib: int = UPLOAD_MIB,
) -> ASGIApp:
    """The page behind its door; also a refusal carries the headers. Without people no login is asked for."""
    inner: ASGIApp = PathGuard(UploadGuard(page))
    guarded = LoginGuard(inner, people) if people is not None else inner
    return SafeHeaders(Audit(HostGuard(BodyGuard(guarded, upload_mib), hosts)))
