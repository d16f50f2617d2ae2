"""A traceback goes to the log file of the home, a terminal gets a line."""

import logging
from pathlib import Path

import pytest

from agent.debug_log import NAME, debug_log


def test_a_terminal_gets_one_line_of_a_warning_and_the_file_the_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = logging.getLogger("agent.somewhere")
    with debug_log(tmp_path):
        try:
            raise ValueError("deep inside")
        except ValueError:
            log.exception("it could not\nbe kept")
            log.debug("only for us", exc_info=True)
    assert capsys.readouterr().err == "it could not be kept\n"
    written = (tmp_path / NAME).read_text()
    assert written.count("ValueError: deep inside") == 2
    assert "only for us" in written


def test_nothing_is_left_behind(tmp_path: Path) -> None:
    log = logging.getLogger("agent")
    before = (log.level, list(log.handlers))
    with debug_log(tmp_path):
        assert (log.level, log.handlers) != before
    assert (log.level, list(log.handlers)) == before
    assert not (tmp_path / NAME).exists(), "a file begins with its first line"
