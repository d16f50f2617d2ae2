"""Where a URL leads: its origin, which decides whether an API key may go there."""

import ipaddress
import re
from importlib.util import find_spec
from urllib.request import getproxies

from agent.errors import SetupError

_PORTS = {"http": 80, "https": 443}


def is_url(text: str) -> bool:
    """Whether it begins like the URL of a web server."""
    return re.match(r"(?i)https?://", text.strip()) is not None


def origin_of(url: str) -> str | None:
    """`scheme://host:port` in one spelling, as the HTTP client itself reads the URL; None: it leads nowhere."""
    import httpx  # takes a moment, and most homes name no server

    if not is_url(url):
        return None
    try:
        parsed = httpx.URL(url.strip())
    except httpx.InvalidURL:
        return None
    return f"{parsed.scheme}://{parsed.host}:{parsed.port or _PORTS[parsed.scheme]}" if parsed.host else None


def check_proxies() -> None:
    """Raises SetupError: a proxy of the environment cannot be used; HTTP clients would say so with its password."""
    import httpx

    for kind, proxy in getproxies().items():
        if kind not in ("http", "https", "all"):
            continue
        try:
            parsed = httpx.URL(proxy if "://" in proxy else f"http://{proxy}")
        except httpx.InvalidURL:
            parsed = httpx.URL()
        has_socks = parsed.scheme in ("socks5", "socks5h") and find_spec("socksio") is not None
        if not parsed.host or not (parsed.scheme in _PORTS or has_socks):
            raise SetupError(
                f"{kind.upper()}_PROXY is no proxy that can be used; it is like http://user:password@host:port"
            )


def is_loopback(url: str) -> bool:
    """Whether it leads to this machine, told by the name alone: `localhost` or a loopback address."""
    host = (origin_of(url) or "").partition("://")[2].rpartition(":")[0]
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
