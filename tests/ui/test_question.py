"""A language model's question on the screens: its answers are offered, and nobody is waited for where none can come."""

from typing import Any

import pytest

from agent.events import QuestionAsked
from ui.cli import question

ASKED = QuestionAsked(study="s", text="the language model asks: May I?", choices=("yes", "no"), wait_s=60.0)


class Asked:
    """A study that keeps its answers."""

    def __init__(self) -> None:
        self.answers: list[str] = []

    def answer(self, text: str) -> None:
        self.answers.append(text)


class Terminal:
    """Where a person sits, and what they typed."""

    def __init__(self, line: str) -> None:
        self.line = line

    def isatty(self) -> bool:
        return True

    def readline(self) -> str:
        return self.line


@pytest.mark.parametrize(("line", "answers"), [("yes, do\n", ["yes, do"]), ("\n", [])])
def test_a_line_at_the_terminal_is_the_answer(monkeypatch: pytest.MonkeyPatch, line: str, answers: list[str]) -> None:
    terminal, study = Terminal(line), Asked()
    monkeypatch.setattr(question.sys, "stdin", terminal)
    monkeypatch.setattr(question.sys, "stderr", terminal)
    monkeypatch.setattr("select.select", lambda reads, *rest: (reads, [], []))
    assert question.wait_s() == question.WAIT_S
    out: Any = type("Out", (), {"print": lambda self, *args, **options: None})()
    question.ask(ASKED, study, out)  # type: ignore[arg-type]
    assert study.answers == answers


def test_without_a_person_at_the_terminal_nobody_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = type("Closed", (), {"isatty": lambda self: False})()
    monkeypatch.setattr(question.sys, "stdin", closed)
    assert question.wait_s() == 0.0
