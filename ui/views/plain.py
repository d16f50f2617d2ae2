"""Sentences of answers without their marks of Markdown, for a page that escapes them itself."""

import re

_MARKS = re.compile(r"\*\*|`")
_QUOTED = re.compile(r"\\([\\`*_{}\[\]()#+.!<>|~-])")


def plain(sentences: str) -> str:
    """The words alone."""
    return _QUOTED.sub(r"\1", _MARKS.sub("", sentences))
