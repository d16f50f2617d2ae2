"""Text from outside (files, past trials, people) travels quoted and capped, so that it reads as what it is: data."""

from recmodels.outside import on_one_line

MAX_TEXT = 240  # characters of a quoted text


def quoted(text: object, limit: int = MAX_TEXT) -> str:
    """Text from outside on one line, what cannot be seen written out, capped at `limit` and in quotation marks."""
    line = on_one_line(str(text)[: 4 * limit])
    line = line.replace("“", '"').replace("”", '"')  # so that it cannot close its own quotation
    return f"“{line[: limit - 1]}…”" if len(line) > limit else f"“{line}”"
