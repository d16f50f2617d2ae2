"""The socket that a server listens on."""

import socket

from agent.errors import SetupError


def bound(host: str, port: int) -> socket.socket:
    """Bound and not yet listening; port 0 takes a free one.

    Raises:
        SetupError: The port cannot be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise SetupError(
            f"port {port} of {host} cannot be used ({error.strerror}); choose another with --port"
        ) from None
    return listening
