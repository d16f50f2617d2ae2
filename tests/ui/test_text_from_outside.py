"""On no screen is text from outside more than text: chat, terminal, HTML, log."""

import io
import logging
from pathlib import Path

import pytest
from jinja2 import DictLoader
from markdown_it import MarkdownIt

from agent import events
from agent.debug_log import NAME, debug_log
from agent.proposal import Proposal
from agent.results.kept import as_json
from memory.record import Lesson
from ui.markup import html, template
from ui.render import apply, messages
from ui.terminal import Terminal
from ui.transcript import Entry, Transcript

HOSTILE = "` ![p](http://a.b/leak) <iframe srcdoc='x'> [l](http://a.b) \u202e \x1b[31m"
READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def live(markdown: object) -> list[str]:
    tokens = [child for token in READER.parse(str(markdown)) for child in token.children or [token]]
    return [token.type for token in tokens if token.type in ("link_open", "image", "html_inline", "html_block")]


EVENTS: list[events.Event] = [
    events.TextDelta(chat="c", text=HOSTILE),
    events.AnswerFinished(chat="c", text=HOSTILE),
    events.ToolCalled(chat="c", call_id="1", tool="inspect_data", args={"id": HOSTILE}),
    events.ToolReturned(chat="c", call_id="1", tool=HOSTILE, facts={"a": f"```\n{HOSTILE}"}, is_error=False),
    events.LessonLearned(study="s", lesson=Lesson(id="l", text=HOSTILE, source="user", dataset="d")),
    events.StudyNoted(study="s", text=HOSTILE),
    events.StudyStateChanged(study=HOSTILE, state="failed", reason=HOSTILE),
    events.QuestionAsked(study="s", text=HOSTILE, choices=(HOSTILE,), wait_s=1.0),
    events.ProposalMade(
        study="s",
        proposal=Proposal(
            number=0,
            model="ease",
            params={"l2": 1.0},
            proposer="llm",
            rationale=HOSTILE,
            note=HOSTILE,
            evidence=(HOSTILE,),
        ),
    ),
]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_nothing_live_and_nothing_hidden_reaches_the_page(event: events.Event) -> None:
    transcript = Transcript()
    apply(transcript, event, answer="a")
    for message in messages(transcript):
        shown = f"{message.content}\n\n{message.metadata}\n\n{message.options}"
        assert live(message.content) == live((message.metadata or {}).get("title", "")) == []
        assert not set(shown) & {"\u202e", "\x1b"} or message.options


def test_what_the_person_said_is_shown_as_it_was_typed() -> None:
    transcript = Transcript()
    transcript.put(Entry(key="k", role="user", text="see ![p](http://a.b/x)\n# and *this*\n    <b>so</b>"))
    (message,) = messages(transcript)
    assert live(message.content) == []
    words = READER.render(str(message.content))
    assert "<h1>" not in words and "<em>" not in words and "<pre>" not in words and "*this*" in words


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
