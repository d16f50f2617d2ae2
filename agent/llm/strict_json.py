"""JSON that is acted upon, read without repairs: one whole object, no key twice, no NaN, no half characters."""

import json
import re
from typing import Any

_STEERS = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f-\x9f]")
REPLACED = "\ufffd"  # stands where bytes were no UTF-8


class NotStrictError(ValueError):
    """What is wrong with the text, in a phrase."""


def strict_object(text: str) -> dict[str, Any]:
    """The object that the whole text is; an empty text is an object without keys.

    Raises:
        NotStrictError: It is cut off, followed by something, no object, or says one thing twice.
    """
    if not text.strip():
        return {}
    value, rest = strict_value(text.strip())
    if rest:
        raise NotStrictError("something follows the object")
    if not isinstance(value, dict):
        raise NotStrictError("it is no object")
    return value


def strict_value(text: str) -> tuple[Any, str]:
    """The value that the text begins with, and what follows it.

    Raises:
        NotStrictError: No whole value stands there, or one that says a thing twice.
    """
    try:
        value, end = _DECODER.raw_decode(text)
        is_whole = REPLACED not in text[:end] and not _has_half_characters(value)
    except json.JSONDecodeError as error:
        raise NotStrictError(f"it is no whole JSON: {error.msg} at character {error.pos}") from None
    except RecursionError:
        raise NotStrictError("it is nested too deeply") from None
    if not is_whole:
        raise NotStrictError("it holds half characters")
    return value, text[end:]


def clean(text: str) -> str:
    """The text with half characters replaced, which no file takes, and without what steers a terminal."""
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return _STEERS.sub("", whole)


def _has_half_characters(value: Any) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in json.dumps(value, ensure_ascii=False))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise NotStrictError(f"it gives `{key}` twice")
        found[key] = value
    return found


def _no_constant(name: str) -> Any:
    raise NotStrictError(f"{name} is no number of JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_constant)
