"""Where the chat is served and who may see it, checked before anything slow is loaded."""

from collections.abc import Sequence
from dataclasses import dataclass

from agent.errors import SetupError
from ui.door.listening import bound


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A free port of this machine, and the name and password that a browser is asked for."""

    host: str = "127.0.0.1"
    port: int = 7860  # 0: any free one
    names: tuple[str, ...] = ()  # further host names that requests may come to
    credentials: tuple[str, str] | None = None

    @classmethod
    def parse(cls, host: str, port: int, auth: str | None, names: Sequence[str] = ()) -> "Address":
        """The checked address; `auth` is written `user:password`.

        Raises:
            SetupError: The port is in use or not ours to take, or `auth` is written otherwise.
        """
        credentials = _credentials(auth)
        bound(host, port).close()
        return cls(host=host, port=port, names=tuple(names), credentials=credentials)


def _credentials(auth: str | None) -> tuple[str, str] | None:
    if auth is None:
        return None
    user, colon, password = auth.partition(":")
    if not (user and colon and password):
        raise SetupError("--auth is written user:password")
    return user, password
