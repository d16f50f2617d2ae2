"""Failed requests leave one line on the terminal; their tracebacks go to the home's `debug.log`."""

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

import gradio.queueing
import gradio.routes

_log = logging.getLogger(__name__)
LONGEST = 300  # characters of the line
_PRINTING: tuple[ModuleType, ...] = (gradio.queueing, gradio.routes)  # print the traceback of any request that fails


@contextmanager
def quiet() -> Iterator[None]:
    """While a server runs: what Gradio prints and uvicorn logs is told in our own way."""
    before = [vars(module)["traceback"] for module in _PRINTING]
    server, handler = logging.getLogger("uvicorn.error"), _Passed()
    server.addHandler(handler)
    server.propagate = False
    for module in _PRINTING:
        vars(module)["traceback"] = _OneLine()
    try:
        yield
    finally:
        server.removeHandler(handler)
        server.propagate = True
        for module, original in zip(_PRINTING, before, strict=True):
            vars(module)["traceback"] = original


class _OneLine:
    """Stands for the module `traceback` where Gradio prints with it."""

    def print_exc(self) -> None:
        error = sys.exception()
        _log.warning("a request to the page failed: %s", _said(error), exc_info=error)


class _Passed(logging.Handler):
    """Passes on what uvicorn logs."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING:
            error = record.exc_info[1] if record.exc_info else None
            text = record.getMessage().strip().partition("\n")[0]
            _log.log(record.levelno, "%s", f"{text}: {_said(error)}" if error else text, exc_info=error)


def _said(error: BaseException | None) -> str:
    text = " ".join(f"{type(error).__name__}: {error}".split())
    return text if len(text) <= LONGEST else f"{text[:LONGEST]} …"
