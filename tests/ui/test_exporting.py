"""A chat that is taken away: what the page shows, in its order, who said it and when, and nothing secret."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.errors import UserError
from agent.llm.scripted import ScriptedChat, call
from agent.secrets import hold
from agent.workspace import Workspace
from tests.homes import open_home
from ui.chats import Chat
from ui.exporting import exported

TABLE = "Here:\n\n| a | b |\n| --- | --- |\n| x | y |"
KEY = "sk-" + "a1b2c3d4" * 4
LINES = [call("describe_dataset", dataset="demo"), call("describe_dataset", dataset="tinny"), TABLE, "Hello."]


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with open_home(tmp_path / "home") as opened:
        yield opened


@pytest.fixture
def talk(workspace: Workspace) -> Callable[..., Chat]:
    def said(lines: list[Any], *texts: str, files: tuple[str, ...] = ()) -> Chat:
        model = ScriptedChat(lines=lines)
        workspace.load_model = lambda _: model
        chat = Chat(workspace, "c")
        for text in texts:
            chat.say(text, files)
        until = time.monotonic() + 60
        while chat.is_answering:
            assert time.monotonic() < until
            time.sleep(0.005)
        return chat

    return said


def taken(chat: Chat, form: str) -> str:
    return exported(chat._workspace.chats.get("c"), chat.transcript.entries(), chat.history(), form).text


def test_markdown_tells_who_said_what_and_when_with_steps_by_their_titles(talk: Callable[..., Chat]) -> None:
    chat = talk(LINES, "# what is *in* demo?\n<b>now</b>", f"my key is {KEY}")
    chat._workspace.chats.rename("c", "Looking: at / *demo*")
    found = exported(chat._workspace.chats.get("c"), chat.transcript.entries(), chat.history(), "md")
    assert found.name == "Looking-at-demo.md"
    lines = found.text.splitlines()
    assert lines[0] == "# Looking: at / \\*demo\\*"
    heads = [line for line in lines if line.startswith("## ")]
    assert [head.split(" · ")[0] for head in heads] == ["## You", "## recpilot"] * 2
    assert all(head.endswith(" UTC") for head in heads)
    assert "\\# what is \\*in\\* demo?" in lines and "&lt;b>now&lt;/b>" in lines, "what a person says is no Markdown"
    steps = [line for line in lines if line.startswith("- ")]
    assert steps[0] == "- Profiled a dataset"
    assert steps[1].startswith("- Profiled a dataset: not possible, ") and len(steps) == 2
    assert lines[lines.index("| a | b |") + 2] == "| x | y |"
    assert KEY not in found.text


def test_json_holds_what_was_called_and_found(talk: Callable[..., Chat]) -> None:
    hold({"API_KEY": "hunter2hunter2"})
    chat = talk([*LINES, "It is hunter2hunter2."], "# what is *in* demo?\n<b>now</b>", f"my key is {KEY}", "and?")
    text = taken(chat, "json")
    told = json.loads(text)["events"]
    assert [one["kind"] for one in told] == ["said", "step", "step", "answer", "said", "answer", "said", "answer"]
    assert told[0]["text"] == "# what is *in* demo?\n<b>now</b>" and told[0]["at"]
    assert told[1]["title"] == "Profiled a dataset" and told[1]["args"] == {"dataset": "demo"}
    assert told[1]["result"]["profile"]["n_users"] and not told[1]["is_error"] and told[2]["is_error"]
    assert [one["turn"] for one in told] == [0, 0, 0, 0, 1, 1, 2, 2]
    assert "hunter2" not in text and KEY not in text


def test_trials_lines_to_beat_and_how_a_study_stood_are_in_it(talk: Callable[..., Chat]) -> None:
    begin = call("start_study", dataset="demo", models=["popularity"], n_trials=1)
    chat = talk([begin, "It runs."], "tune popularity on demo, 1 trial")
    study = chat.study
    assert study is not None
    until = time.monotonic() + 120
    while chat.is_working:
        assert time.monotonic() < until
        time.sleep(0.01)
    chat.follow()
    shown = [entry.kind for entry in chat.transcript.entries()]
    assert shown[-2:] == ["trial", "finished"]
    told = json.loads(taken(chat, "json"))["events"]
    assert [one["kind"] for one in told] == shown
    trial = told[-2]
    assert (trial["study"], trial["trial"], trial["model"], trial["state"]) == (study, 0, "popularity", "complete")
    text = taken(chat, "md")
    line = next(line for line in text.splitlines() if line.startswith("- Trial 0 · popularity · ndcg@10 "))
    assert text.index("It runs.") < text.index(line) < text.index("Best is trial 0")
    assert "start_study" not in text


def test_where_files_lie_is_not_told(talk: Callable[..., Chat], tmp_path: Path) -> None:
    table = tmp_path / "orders.csv"
    table.write_text("user,item,timestamp\n" + "\n".join(f"u{n % 12},i{n * 7 % 9},{n}" for n in range(120)))
    chat = talk([], "", files=(str(table),))
    for form in ("md", "json"):
        text = taken(chat, form)
        assert "orders.csv" in text and str(tmp_path) not in text, form


def test_what_cannot_be_exported_is_refused_with_the_rule(talk: Callable[..., Chat]) -> None:
    chat = talk(["Hello."], "hello")
    with pytest.raises(UserError, match="no such chat"):
        exported(None, [], [], "md")
    with pytest.raises(UserError, match="as md or json, got 'pdf'"):
        taken(chat, "pdf")
