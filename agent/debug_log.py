"""Where tracebacks go: to a file in the home folder. A terminal gets one line for what a person should know.

with debug_log(home):
    ...
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from logging.handlers import RotatingFileHandler
from pathlib import Path

from recmodels.outside import on_one_line, visible

NAME = "debug.log"
MAX_BYTES = 2**20  # then it is kept as `debug.log.1`, and a new one begins
_PACKAGES = ("agent", "memory", "recmodels", "ui")


class _OneLine(logging.Formatter):
    """The message alone, without a traceback."""

    def format(self, record: logging.LogRecord) -> str:
        return on_one_line(record.getMessage())


class _Whole(logging.Formatter):
    """With the traceback, and what cannot be seen written out."""

    def format(self, record: logging.LogRecord) -> str:
        return visible(super().format(record))


class _DebugFile(RotatingFileHandler):
    """A log that a full disk does not disturb: what cannot be written is not worth a word of its own."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Nothing."""


@contextmanager
def debug_log(home: Path) -> Iterator[None]:
    """Keep everything that this project logs under `home`, and show its warnings as one line each."""
    file = _DebugFile(home / NAME, maxBytes=MAX_BYTES, backupCount=1, encoding="utf-8", delay=True)
    file.setFormatter(_Whole("%(asctime)s %(process)d %(name)s %(levelname)s %(message)s"))
    terminal = logging.StreamHandler()
    terminal.setLevel(logging.WARNING)
    terminal.setFormatter(_OneLine())
    loggers = [logging.getLogger(name) for name in _PACKAGES]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
        logger.addHandler(file)
        logger.addHandler(terminal)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)
            logger.removeHandler(file)
            logger.removeHandler(terminal)
        file.close()
