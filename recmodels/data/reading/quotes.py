"""How a text table quotes its fields: as CSV does, or not at all, and blanks between a separator and a quote."""

import re
from collections.abc import Sequence

_HEAD = 1 << 16  # bytes that show a file's habit
_QUOTED = re.compile(r'\s*".*"\s*')


def quote_order(lines: Sequence[str], separator: str) -> tuple[str | None, str | None]:
    """The quote characters to try, the likelier first; None: quotes are part of a text.

    A TSV seldom quotes, and names such as `"Heroes"` would lose their quotes, unless a whole column is quoted (but for
    its first line, which may be names).

    Args:
        lines: The first ones.
    """
    if separator != "\t":
        return '"', None
    rows = [line.rstrip("\r\n").split(separator) for line in lines]
    is_quoted = any(all(_QUOTED.fullmatch(value) for value in column) for column in zip(*rows[1:], strict=False))
    return ('"', None) if is_quoted else (None, '"')


def without_blanks_at_quotes(data: bytes, separator: str) -> bytes:
    """`"a" , "b"` as `"a","b"`, where the first lines have such blanks; a parser takes them for text."""
    if separator in (" ", ""):
        return data
    mark = re.escape(separator.encode())
    around = re.compile(rb'(?<=")[ ]+(?=' + mark + rb")|(?<=" + mark + rb')[ ]+(?=")')
    return around.sub(b"", data) if around.search(data, 0, _HEAD) else data


def with_doubled_quotes(data: bytes, separator: str) -> bytes:
    r"""`"Say \"hi\" now"` as `"Say ""hi"" now"`, where the first lines have such quotes as MySQL writes them."""
    if separator in (" ", ""):
        return data
    mark = re.escape(separator.encode())
    head = data[:_HEAD]
    within = re.compile(rb"(?:^|" + mark + rb'|\n)"[^"\n]*[^"\n\\]\\"[^' + mark + rb'\r\n"]')
    if not within.search(head) or re.search(rb"[^\\" + mark + rb'\n]""[^' + mark + rb"\r\n]", head):
        return data
    return re.sub(rb'(?<!\\)\\"', b'""', data)
