"""What is never said, logged or kept: keys, tokens and passwords, in a URL or alone, whoever wrote them.

masked("http://me:hunter22@host/v1?api_key=abc")       # http://***@host/v1?api_key=***

Three kinds are found: what stands where URLs and commands have secrets, what has the shape of a well-known kind of
key, and the values that this process holds (`hold`), however they are spelled.
"""

import base64
import html
import json
import re
import threading
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote, quote_plus

from recmodels.environment import secrets_in
from recmodels.outside import visible

MASK = "***"
REMOVED = "[key removed]"  # what stands in a message for a key that a person wrote into it
WHERE_KEYS_GO = (
    "What looks like a key or a password in your message was removed from it and is kept nowhere. The API key of a "
    "language model goes into the variable `RECPILOT_LLM_API_KEY` before the start, and is sent to that model's server "
    "alone."
)
_VALUE = r"[^\s&;#`\"'<>]{0,500}[^\s&;#`\"'<>),.\]}]"
_WITH_DIGIT = r"(?=[\w.~+/-]{0,100}\d)"
_RULES = tuple(  # where one of the signs stands, the pattern is looked for
    (signs.split(" "), re.compile(pattern), replacement)
    for signs, pattern, replacement in (
        # user and password in URLs, also a password with signs that it should not have
        (
            "@",
            r"(?i)\b([a-z][a-z0-9+.-]{0,20}://)(?:[^\s/?#]{0,500}|[^\s/?#@:]{0,100}:(?!\d+/)[^\s@]{0,500})@",
            r"\1{}@",
        ),
        (
            "=",
            rf"(?i)([?&;#][^\s=&;#]{{0,40}}(?:key|token|secret|passw|pwd|auth|sig)[^\s=&;#]{{0,40}}=){_VALUE}",
            r"\1{}",
        ),
        # well-known kinds of keys: OpenAI, Anthropic, Stripe; Hugging Face, GitHub and others; Amazon, Google; JWT
        ("sk- sk_ pk- pk_ rk- rk_", rf"\b[spr]k[-_]{_WITH_DIGIT}[\w-]{{16,}}", "{}"),
        (
            "hf_ gsk_ r8_ nvapi- pypi- gho_ ghp_ ghr_ ghs_ ghu_ _pat_ glpat- npm_ xox",
            r"\b(?:hf_|gsk_|r8_|nvapi-|pypi-|gh[oprsu]_|github_pat_|glpat-|npm_|xox[abeprs]-)[\w-]{20,}",
            "{}",
        ),
        ("AKIA ASIA AIza", r"\b(?:(?:AKIA|ASIA)[0-9A-Z]{16}\b|AIza[\w-]{35})", "{}"),
        ("eyJ", r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]+", "{}"),
        (
            "-----BEGIN",
            r"(?s)-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----.*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z)",
            "{}",
        ),
        # what a header, a command, a connection string or JSON says of itself
        ("earer asic EARER ASIC", rf"(?i)\b(bearer|basic)(\s{{1,9}}){_WITH_DIGIT}[\w.~+/-]{{8,}}=*", r"\1\2{}"),
        (
            "=",
            rf"\b([A-Z][A-Z0-9_]{{0,60}}(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|AUTH)=)(?!\*)[\"']?{_VALUE}",
            r"\1{}",
        ),
        ("=", rf"(?i)\b((?:api_?key|access_?token|auth_?token|password|passwd)=)(?!\*)[\"']?{_VALUE}", r"\1{}"),
        # what a person writes of it; words without a digit or a sign are words
        (
            "assw ASSW assphrase ASSPHRASE pwd PWD 密码",
            r"(?i)(\b(?:password|passwd|passphrase|passwort|pwd)\b|密码)(\s{0,3}(?:[:：=]|\b(?:is|ist)\b|是)\s{0,3})"
            r"(?!\*|\[)(?=\S{0,100}[\d!@$%^&*])[\"']?[^\s\"']{5,500}[^\s\"',.)]",
            r"\1\2{}",
        ),
        (
            "\" '",
            r"(?i)([\"'](?:api_?key|access_?token|auth_?token|authorization|password|secret)[\"']\s{0,9}:\s{0,9})"
            r"(?:\"[^\"]{6,}\"|'[^']{6,}')",
            r'\1"{}"',
        ),
    )
)
_ABOUT_KEYS = re.compile(
    r"(?:\W|\b(?:use|take|set|add|this|that|here|it|is|s|my|the|an?|as|for|with|to|and|of|please|new|llm|language|model|api|"
    r"access|secret|keys?|tokens?|passwords?|authorization|bearer|basic|export|openai|anthropic|\w+_(?:KEY|TOKEN))\b)*",
    re.I,
)


class Held:
    """Values that a process holds; they are masked however they are spelled."""

    def __init__(self) -> None:
        self._spellings: tuple[str, ...] = ()  # the longest first
        self._values: set[str] = set()
        self._lock = threading.Lock()

    def hold(self, variables: Mapping[str, str]) -> None:
        """Adds the secrets in the values of variables, or of settings, by name."""
        found = {secret for name, value in variables.items() for secret in secrets_in(name, value)}
        with self._lock:
            if not found <= self._values:
                self._values |= found
                spellings = {spelling for value in self._values for spelling in _spellings(value)}
                self._spellings = tuple(sorted(spellings, key=len, reverse=True))

    def masked(self, text: str, mark: str) -> str:
        for spelling in self._spellings:
            if spelling in text:
                text = text.replace(spelling, mark)
        return text


_here = Held()
hold = _here.hold


def is_without_secrets(url: str) -> bool:
    """Whether a URL holds no password and no key, by where they stand and by their shape."""
    return _replaced(url, MASK) == url


def masked(text: str, mark: str = MASK) -> str:
    """The text with the mark for each secret."""
    return _replaced(_here.masked(text, mark), mark)


def masked_address(text: str) -> str:
    """What was given for an address or a name: nothing of it where it may be `user:password@host`."""
    return MASK if "@" in text and "://" not in text else masked(text)


def shown(text: str) -> str:
    """The text as a screen or a log may show it: without secrets, and with what cannot be seen written out."""
    return visible(masked(text))


def without_keys(message: str) -> str:
    """A person's message as it may be read, kept and sent to a language model."""
    return masked(message, REMOVED)


def cleaned(value: Any, mark: str = MASK) -> Any:
    """The JSON value with the mark for secrets in every text, keys of objects too."""
    if isinstance(value, str):
        return masked(value, mark)
    if isinstance(value, Mapping):
        return {cleaned(str(key), mark): cleaned(item, mark) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(item, mark) for item in value]
    return value


def is_only_keys(message: str) -> bool:
    """Whether a message from which keys were removed says nothing but that they are keys."""
    return REMOVED in message and _ABOUT_KEYS.fullmatch(message.replace(REMOVED, " ")) is not None


def _replaced(text: str, mark: str) -> str:
    for signs, pattern, replacement in _RULES:
        if any(sign in text for sign in signs):
            text = pattern.sub(replacement.format(mark), text)
    return text


def _spellings(value: str) -> Iterator[str]:
    """As it is, as URLs, JSON, Python and HTML write it, and within base64."""
    yield value
    yield from (quote(value, safe=""), quote(value), quote_plus(value))
    yield from (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1])
    yield html.escape(value)
    yield from _in_base64(value.encode())


def _in_base64(value: bytes) -> Iterator[str]:
    """The characters that it alone decides, wherever it stands in what is encoded, as `user:password` is."""
    for before in range(3):
        begin, end = -(-before * 8 // 6), (before + len(value)) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(bytes(before) + value)[begin:end].decode()
