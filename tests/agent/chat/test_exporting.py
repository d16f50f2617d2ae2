"""A chat that is taken away: who said what and when, what was done in short, and nothing secret."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from agent.chat.conversation import Conversation
from agent.chat.exporting import exported
from agent.errors import UserError
from agent.llm.scripted import ScriptedChat, call
from agent.secrets import hold
from agent.workspace import Workspace

TABLE = "Here:\n\n| a | b |\n| --- | --- |\n| x | y |"
KEY = "sk-" + "a1b2c3d4" * 4


@pytest.fixture
def workspace(tuned: Workspace) -> Workspace:
    """A chat `c` with a step that worked, one that did not, a table, and a stopped question's worth of words."""
    lines = [call("describe_dataset", dataset="tiny"), call("describe_dataset", dataset="tinny"), TABLE, "Hello."]
    conversation = Conversation(tuned, "c", ScriptedChat(lines=lines))
    for text in ("# what is *in* tiny?\n<b>now</b>", f"my key is {KEY}"):
        list(conversation.send(text))
    tuned.chats.rename("c", "Looking: at / *tiny*")
    return tuned


def test_markdown_tells_who_said_what_and_when_with_steps_in_short(workspace: Workspace) -> None:
    found = exported(workspace.chats, "c", "md")
    assert found.name == "Looking-at-tiny.md"
    lines = found.text.splitlines()
    assert lines[0] == "# Looking: at / \\*tiny\\*"
    heads = [line for line in lines if line.startswith("## ")]
    assert [head.split(" · ")[0] for head in heads] == ["## You", "## recpilot"] * 2
    assert all(head.endswith(" UTC") for head in heads)
    assert "\\# what is \\*in\\* tiny?" in lines and "&lt;b>now&lt;/b>" in lines, "what a person says is no Markdown"
    steps = [line for line in lines if line.startswith("- ")]
    assert steps[0] == "- Profiled a dataset `describe_dataset(dataset='tiny')`"
    assert steps[1].startswith("- Profiled a dataset: not possible, ") and len(steps) == 2
    assert lines[lines.index("| a | b |") + 2] == "| x | y |"
    assert KEY not in found.text


def test_json_holds_the_events_with_whole_results(workspace: Workspace) -> None:
    hold({"API_KEY": "hunter2hunter2"})
    list(Conversation(workspace, "c", ScriptedChat(lines=["It is hunter2hunter2."])).send("and?"))
    text = exported(workspace.chats, "c", "json").text
    whole = json.loads(text)
    kinds = [event["kind"] for event in whole["events"]]
    assert kinds == ["said", "step", "step", "answer", "said", "answer", "said", "answer"]
    assert whole["events"][0]["text"] == "# what is *in* tiny?\n<b>now</b>" and whole["events"][0]["at"]
    assert whole["events"][1]["result"]["profile"]["n_users"] == 60 and whole["events"][2]["is_error"]
    assert [event["turn"] for event in whole["events"]] == [0, 0, 0, 0, 1, 1, 2, 2]
    assert "hunter2" not in text and KEY not in text


def test_where_files_lie_is_not_told(fresh: Workspace, tmp_path: Path, write_tiny: Callable[..., Path]) -> None:
    list(Conversation(fresh, "c").send("", [write_tiny(tmp_path / "orders.csv")]))
    for form in ("md", "json"):
        text = exported(fresh.chats, "c", form).text
        assert "orders.csv" in text and str(tmp_path) not in text, form


def test_what_cannot_be_exported_is_refused_with_the_rule(workspace: Workspace) -> None:
    with pytest.raises(UserError, match="no such chat"):
        exported(workspace.chats, "d", "md")
    with pytest.raises(UserError, match="as md or json, got 'pdf'"):
        exported(workspace.chats, "c", "pdf")
