"""Text from outside (files, past trials, people) travels quoted and capped, so that it reads as what it is: data."""

MAX_TEXT = 240  # characters of a quoted text


def quoted(text: object, limit: int = MAX_TEXT) -> str:
    """Text from outside on one line, without control characters, capped at `limit` and in quotation marks."""
    line = " ".join("".join(char if char.isprintable() else " " for char in str(text)[: 4 * limit]).split())
    line = line.replace("“", '"').replace("”", '"')  # so that it cannot close its own quotation
    return f"“{line[: limit - 1]}…”" if len(line) > limit else f"“{line}”"
