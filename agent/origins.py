"""Where a URL leads: its origin, which decides whether an API key may go there, and URLs without their secrets."""

import ipaddress
import re

_USER = re.compile(r"(?i)\b([a-z][a-z0-9+.-]*://)[^\s/?#]*@")
_QUERY_KEY = re.compile(r"(?i)([?&;][^\s=&;#]*(?:key|token|secret|passw|pwd|auth|sig)[^\s=&;#]*=)[^\s&;#]+")
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


def is_loopback(url: str) -> bool:
    """Whether it leads to this machine, told by the name alone: `localhost` or a loopback address."""
    host = (origin_of(url) or "").partition("://")[2].rpartition(":")[0]
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def masked(text: str, *secrets: str) -> str:
    """The text with `***` for passwords and keys in its URLs, and for each of the secrets."""
    text = _QUERY_KEY.sub(r"\1***", _USER.sub(r"\1***@", text))
    for secret in secrets:
        text = text.replace(secret, "***") if secret else text
    return text
