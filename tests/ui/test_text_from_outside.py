"""On no screen is text from outside more than text: chat, terminal, HTML, log."""

import io
import logging
from pathlib import Path

from jinja2 import DictLoader

from agent.debug_log import NAME, debug_log
from agent.results.kept import as_json
from ui.markup import html, template
from ui.terminal import Terminal


def test_the_terminal_shows_what_cannot_be_seen_and_hides_no_link() -> None:
    file = io.StringIO()
    out = Terminal(file=file, force_terminal=True, width=120, highlight=False)
    out.print("[bold]a[/] \x1b[2J \u202e \x07 [link=http://a.b]words[/link]")
    out.print_answer("See [words](http://a.b/x) ![p](http://a.b/leak) <b>so</b> \x9b31m")
    shown = file.getvalue()
    assert all(
        one in shown for one in ("\\x1b[2J", "\\u202e", "\\x07", "words (http://a.b/x)", "<b>so</b>", "\\x9b31m")
    )
    assert not any(one in shown for one in ("\x1b[2J", "\u202e", "\x07", "\x1b]8;", "\x9b"))


def test_html_is_escaped_and_shows_what_cannot_be_seen() -> None:
    assert html("<b>\u202e'") == "&lt;b&gt;\\u202e&#x27;"
    environment = template("macros.html.j2").environment
    page = environment.overlay(loader=DictLoader({"x": "<p>{{ text }}</p>"})).get_template("x")
    assert page.render(text="<b>\u202e") == "<p>&lt;b&gt;\\u202e</p>"


def test_the_log_shows_what_cannot_be_seen(tmp_path: Path) -> None:
    with debug_log(tmp_path):
        logging.getLogger("agent.test").debug("read %s", "\x1b[31m\u202e")
    assert "read \\x1b[31m\\u202e" in (tmp_path / NAME).read_text("utf-8")


def test_results_hold_nothing_that_a_person_does_not_see() -> None:
    assert as_json({"a\u200b": ["b\U000e0041", 1]}) == {"a\\u200b": ["b\\U000e0041", 1]}
