"""Where the chat is served and who may see it, checked before anything slow is loaded."""

import socket
from dataclasses import dataclass

from agent.errors import SetupError


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """A free port of this machine, and the name and password that a browser is asked for."""

    host: str = "127.0.0.1"
    port: int = 7860  # 0: any free one
    credentials: tuple[str, str] | None = None

    @classmethod
    def parse(cls, host: str, port: int, auth: str | None) -> "Address":
        """The checked address; `auth` is written `user:password`.

        Raises:
            SetupError: The port is in use or not ours to take, or `auth` is written otherwise.
        """
        credentials = _credentials(auth)
        _check_port(host, port)
        return cls(host=host, port=port, credentials=credentials)


def _credentials(auth: str | None) -> tuple[str, str] | None:
    if auth is None:
        return None
    user, colon, password = auth.partition(":")
    if not (user and colon and password):
        raise SetupError("--auth is written user:password")
    return user, password


def _check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SetupError(
                f"port {port} of {host} cannot be used ({error.strerror}); choose another with --port"
            ) from None
