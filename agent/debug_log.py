"""Where tracebacks go: to a file in the home folder. A terminal gets one line for what a person should know.

keep_secrets()
with debug_log(home):
    ...
"""

import logging
import os
import sys
import threading
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

from agent.secrets import hold, masked
from recmodels.outside import on_one_line, visible

NAME = "debug.log"
MAX_BYTES = 2**20  # then it is kept as `debug.log.1`, and a new one begins
_PACKAGES = ("agent", "memory", "recmodels", "ui")


def keep_secrets() -> None:
    """From now on no secret of this process is in what it logs, nor in what is printed of its errors and warnings."""
    hold(os.environ)
    make = logging.getLogRecordFactory()
    if not isinstance(make, _MaskedRecords):
        logging.setLogRecordFactory(_MaskedRecords(make))
    if sys.excepthook is sys.__excepthook__:  # another one was put there by whoever uses this project as a library
        sys.excepthook = _print_error
    if threading.excepthook is threading.__excepthook__:
        threading.excepthook = _print_thread_error
    if sys.unraisablehook is sys.__unraisablehook__:
        sys.unraisablehook = _print_unraisable
    warnings.showwarning = _print_warning


class _MaskedRecords:
    """Makes the records of all loggers, those of libraries too; one without secrets stays as it is."""

    def __init__(self, make: Callable[..., logging.LogRecord]) -> None:
        self._make = make

    def __call__(self, *args: Any, **kwargs: Any) -> logging.LogRecord:
        record = self._make(*args, **kwargs)
        with suppress(Exception):  # arguments that do not fit the message are told where it is written
            text = record.getMessage()
            if (safe := masked(text)) != text:
                record.msg, record.args = safe, ()
        if record.exc_info and record.exc_info[1] is not None:
            text = "".join(traceback.format_exception(record.exc_info[1])).removesuffix("\n")
            if (safe := masked(text)) != text:
                record.exc_text = safe  # what formatters take before they look at the error itself
        return record


def _print_error(_: type[BaseException], error: BaseException, __: TracebackType | None) -> None:
    """As Python prints what ends a program, without secrets."""
    print(masked("".join(traceback.format_exception(error))), end="", file=sys.stderr)  # noqa: T201


def _print_thread_error(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None and not isinstance(told.exc_value, SystemExit):
        print(f"Exception in thread {told.thread.name if told.thread else '?'}:", file=sys.stderr)  # noqa: T201
        _print_error(told.exc_type, told.exc_value, told.exc_traceback)


def _print_unraisable(told: "sys.UnraisableHookArgs") -> None:
    if told.exc_value is not None:
        print(f"{told.err_msg or 'Exception ignored in'}: {type(told.object).__name__}", file=sys.stderr)  # noqa: T201
        _print_error(told.exc_type, told.exc_value, told.exc_traceback)


def _print_warning(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: Any = None,
    line: str | None = None,
) -> None:
    print(masked(warnings.formatwarning(message, category, filename, lineno, line)), end="", file=file or sys.stderr)


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
