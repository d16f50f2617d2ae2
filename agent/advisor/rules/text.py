"""The text of a file of rules, and its TOML: whatever lies there, it is read quickly or refused in one sentence."""

import re
import tomllib
from pathlib import Path
from stat import S_ISBLK, S_ISCHR, S_ISDIR, S_ISFIFO, S_ISREG, S_ISSOCK
from typing import Any

from agent.errors import SetupError

_LARGEST = 1_000_000  # bytes
_DEEPEST = 100  # brackets or dots on one line; tomllib takes the square of their number
_MOST_DIGITS = 4300  # of a number, as Python reads them
_KINDS = (
    (S_ISDIR, "a folder"),
    (S_ISFIFO, "a pipe"),
    (S_ISCHR, "a device"),
    (S_ISBLK, "a device"),
    (S_ISSOCK, "a socket"),
)


def read_text(path: Path) -> str:
    """The text of the file, line ends as `\\n`, without a byte order mark.

    Raises:
        SetupError: There is no file, it is no file, it is too large, or it is not written in UTF-8.
    """
    try:
        mode = path.stat().st_mode
        if not S_ISREG(mode):
            kind = next((name for is_kind, name in _KINDS if is_kind(mode)), "no file")
            raise SetupError(f"the rules in {path} cannot be read: it is {kind}; a file of TOML text is needed")
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
    except OSError as error:
        raise SetupError(f"the rules in {path} cannot be read: {_why(error)}") from error
    if len(data) > _LARGEST:
        raise SetupError(f"the rules in {path} cannot be read: a file of rules has at most {_LARGEST:,} bytes")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SetupError(
            f"{path}, line {line}: the file is not written in UTF-8 (byte 0x{data[error.start]:02x}); save it as UTF-8"
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def toml_in(text: str, path: Path) -> dict[str, Any]:
    """What the text says.

    Raises:
        SetupError: It is no TOML, or nested too deeply.
    """
    for number, line in enumerate(text.split("\n"), start=1):
        if max(map(line.count, "[{.")) > _DEEPEST:
            raise SetupError(f"{path}, line {number}: rules are nested at most {_DEEPEST} deep")
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise SetupError(f"{path} is no TOML: {error}") from error
    except RecursionError as error:
        raise SetupError(f"{path}: rules are nested at most {_DEEPEST} deep") from error
    except ValueError as error:  # of Python, of a number that is too long
        long = re.search(rf"\d{{{_MOST_DIGITS + 1}}}", text.replace("_", ""))
        line = f", line {text.count(chr(10), 0, long.start()) + 1}" if long else ""
        raise SetupError(f"{path}{line}: a number has more than {_MOST_DIGITS:,} digits") from error


def _why(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "there is no file"
    return (error.strerror or str(error)).lower()
