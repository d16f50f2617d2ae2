"""What a recording never holds: keys, tokens and passwords; and texts that are too long to keep whole."""

import os
import re
from collections.abc import Iterable, Mapping
from typing import Any

from agent.origins import masked

MAX_TEXT = 100_000  # characters of one text
SHORTENED = re.compile(r"… \[recording: \d+ of \d+ characters are kept\]\Z")
_NAMED = re.compile(r"(?:KEY|TOKEN|SECRET|PASSWORD|PASSWD|AUTH|CREDENTIALS)\Z")  # ends of variables' names
_SHAPED = re.compile(r"\b(?:sk|pk|rk|hf|ghp|gho|glpat|xox[abprs])[-_][\w-]{16,}|(?i:\bbearer\s+)[\w.~+/=-]{8,}")
_SHORTEST = 6  # characters; a shorter value of a variable is a word that may stand anywhere


def secrets_of(environment: Mapping[str, str], *more: str) -> tuple[str, ...]:
    """The values that no line may hold, the longest first: of variables named like a key, and those given.

    The password of `user:password` is one too.
    """
    found = [value for name, value in environment.items() if _NAMED.search(name.upper())]
    found += [value.partition(":")[2] for value in found]
    kept = {value for value in found if len(value) >= _SHORTEST} | {value for value in more if value}
    return tuple(sorted(kept, key=len, reverse=True))


def secrets_here(*more: str) -> tuple[str, ...]:
    """Those of this process."""
    return secrets_of(os.environ, *more)


def cleaned(value: Any, secrets: Iterable[str]) -> Any:
    """The JSON value with `***` for secrets in every text, and long texts shortened, which their ends say."""
    if isinstance(value, str):
        return _shortened(_SHAPED.sub("***", masked(value, *secrets)))
    if isinstance(value, Mapping):
        return {cleaned(str(key), secrets): cleaned(item, secrets) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [cleaned(item, secrets) for item in value]
    return value


def _shortened(text: str) -> str:
    if len(text) <= MAX_TEXT:
        return text
    return f"{text[:MAX_TEXT]}… [recording: {MAX_TEXT} of {len(text)} characters are kept]"
