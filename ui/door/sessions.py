"""Who has logged in: a secret in the browser's cookie for each session, of which the server keeps only a hash."""

import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace

from ui.door.people import People, Secret

IDLE_S = 12 * 3600.0  # without a request
LONGEST_S = 7 * 86400.0
MOST = 1_000  # sessions at the same time


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One browser that has logged in."""

    person: str
    secret: Secret  # that it logged in with: another password ends it
    begun_at: float
    used_at: float


class Sessions:
    """Those of one server, kept in memory: a new start asks everyone to log in again."""

    def __init__(self, people: People, clock: Callable[[], float] = time.monotonic) -> None:
        self._people = people
        self._clock = clock
        self._open: OrderedDict[str, Session] = OrderedDict()  # by the hash of its token, the latest begun last

    def begin(self, person: str) -> str | None:
        """The token of a new session; None: the person was removed just now."""
        secret = self._people.secret_of(person)
        if secret is None:
            return None
        token, now = secrets.token_urlsafe(32), self._clock()
        self._open[_hashed(token)] = Session(person=person, secret=secret, begun_at=now, used_at=now)
        if len(self._open) > MOST:
            self._open.popitem(last=False)
        return token

    def person(self, token: str) -> str | None:
        """Whose session it is; None: it is none, has ended, or its person may no longer log in so."""
        session = self._session(token)
        if session is None:
            return None
        self._open[_hashed(token)] = replace(session, used_at=self._clock())
        return session.person

    def is_open(self, token: str) -> bool:
        """Whether it has not ended; to ask that is no use of it."""
        return self._session(token) is not None

    def _session(self, token: str) -> Session | None:
        key, now = _hashed(token), self._clock()
        session = self._open.get(key)
        if session is None:
            return None
        is_old = now - session.used_at > IDLE_S or now - session.begun_at > LONGEST_S
        if is_old or self._people.secret_of(session.person) != session.secret:
            self._open.pop(key, None)
            return None
        return session

    def end(self, token: str) -> None:
        self._open.pop(_hashed(token), None)


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()
