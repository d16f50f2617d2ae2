"""What a server or a library says when it fails, in one plain line: no markup, no dicts, not longer than is read."""

import json
import re
from collections.abc import Mapping
from typing import Any

from recmodels.outside import on_one_line

LONGEST = 200  # characters
_TITLE = re.compile(r"<title[^>]*>(.*?)</title>|<h1[^>]*>(.*?)</h1>", re.IGNORECASE | re.DOTALL)
_WHERE_TEXTS_STAND = ("message", "error", "detail", "msg", "error_description", "title", "reason")


def plain(said: Any, longest: int = LONGEST) -> str:
    """The message that stands in it: of an object its `message` or `error`, of a page its title.

    >>> plain({"error": {"message": "CUDA out of memory", "type": "server_error"}})
    'CUDA out of memory'
    """
    line = on_one_line(_found(said, 0) or "")
    return line if len(line) <= longest else line[:longest] + "…"


def _found(said: Any, depth: int) -> str | None:
    if isinstance(said, str):
        return _of_text(said.strip(), depth)
    if depth < 4 and isinstance(said, Mapping):
        return next((text for key in _WHERE_TEXTS_STAND if (text := _found(said.get(key), depth + 1))), None)
    if depth < 4 and isinstance(said, list):
        return "; ".join(filter(None, (_found(one, depth + 1) for one in said[:3]))) or None
    return None


def _of_text(text: str, depth: int) -> str | None:
    if text.startswith("<"):
        title = _TITLE.search(text)
        return re.sub(r"<[^>]*>", " ", (title[1] or title[2]) if title else "") or "a web page"
    if text.startswith(("{", "[")):
        try:
            return _found(json.loads(text), depth + 1)
        except (ValueError, RecursionError):
            return None
    return text or None
