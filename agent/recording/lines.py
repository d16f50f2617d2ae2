"""Where the lines of a recording go: to a file, at once, or to a list, where a replay is compared from."""

import hashlib
import json
import logging
import os
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from agent.errors import SetupError
from agent.recording.plain import plain
from agent.recording.shortening import kept

FORMAT = 1
SUFFIX = ".jsonl"
PART = "part"

_log = logging.getLogger(__name__)


class Lines:
    """Takes lines, without secrets and with each shared value once; this one keeps them in memory."""

    def __init__(self) -> None:
        self.kept: list[dict[str, Any]] = []
        self._parts: set[str] = set()
        self._lock = threading.RLock()

    def write(self, kind: str, **fields: Any) -> None:
        """One line, now."""
        with self._lock:
            self._put({"kind": kind, "at": datetime.now(UTC).isoformat(timespec="milliseconds")} | self._clean(fields))

    def part(self, value: Any) -> dict[str, str]:
        """What stands in a line for a value that is kept once."""
        value = self._clean(value)
        digest = digest_of(value)
        with self._lock:
            if digest not in self._parts:
                self._parts.add(digest)
                self._put({"kind": PART, "digest": digest, "value": value})
        return {PART: digest}

    def _clean(self, value: Any) -> Any:
        return kept(plain(value))

    def _put(self, line: Mapping[str, Any]) -> None:
        self.kept.append(dict(line))

    def close(self) -> None:
        """Let go of what is held."""


class FileLines(Lines):
    """Lines in a new file of the folder, each written at once: a kill loses the last one at most."""

    def __init__(self, folder: Path, **about: Any) -> None:
        """
        Args:
            about: For the first line.

        Raises:
            SetupError: The folder cannot be written, or is a file.
        """
        super().__init__()
        self._file = _new_file(folder)
        self.write("recording", format=FORMAT, version=metadata.version("recpilot"), pid=os.getpid(), **about)

    def _put(self, line: Mapping[str, Any]) -> None:
        if self._file is None:
            return
        data = (json.dumps(line, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")  # JSON's own escapes
        try:
            while data:
                data = data[os.write(self._file, data) :]
        except OSError as error:
            _log.warning("the recording ends here, since it cannot be written: %s", error.strerror)
            self.close()

    def close(self) -> None:
        with self._lock:
            if self._file is not None:
                os.close(self._file)
                self._file = None


def digest_of(value: Any) -> str:
    """16 hexadecimal digits that tell JSON values apart."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _new_file(folder: Path) -> int | None:
    """Opened for its owner alone; the folder is made where it is not there."""
    began = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    try:
        if not folder.is_dir():
            folder.mkdir(parents=True, mode=0o700)
        path = folder / f"{began}-{os.getpid()}{SUFFIX}"
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
    except OSError as error:
        raise SetupError(
            f"no recording can be kept in {folder} ({error.strerror}); name another folder with --record"
        ) from error
