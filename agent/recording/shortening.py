"""What a recording keeps of a value: no secrets, and no text that is too long to keep whole."""

from typing import Any

from agent.secrets import cleaned

MAX_TEXT = 100_000  # characters of one text


def kept(value: Any) -> Any:
    """The JSON value with `***` for secrets in every text, and long texts shortened, which their ends say."""
    return _shortened(cleaned(value))


def _shortened(value: Any) -> Any:
    if isinstance(value, str) and len(value) > MAX_TEXT:
        return f"{value[:MAX_TEXT]}… [recording: {MAX_TEXT} of {len(value)} characters are kept]"
    if isinstance(value, dict):
        return {_shortened(key): _shortened(item) for key, item in value.items()}
    return [_shortened(item) for item in value] if isinstance(value, list) else value
