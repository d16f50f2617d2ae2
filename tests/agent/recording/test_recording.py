"""A recording holds all that passed, without secrets, readable by its owner alone, whatever is torn off its end."""

import json
import logging
import stat
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from agent.assembly import open_workspace
from agent.chat.conversation import Conversation
from agent.errors import SetupError, UserError
from agent.llm.scripted import ScriptedChat, call
from agent.recording.lines import FileLines
from agent.recording.reading import Passage, read_recording
from agent.recording.recorder import Recorder
from agent.recording.shortening import MAX_TEXT, kept
from agent.settings import Settings
from agent.workspace import Workspace

KEY = "sk-test-0123456789abcdef"
SAID = "what is in tiny? my key is " + KEY


def recorded(workspace: Workspace, folder: Path, *lines: Any, says: str = "what is in tiny?") -> list[Passage]:
    """The passages of a chat of one turn."""
    workspace.recorder = Recorder(FileLines(folder))
    list(Conversation(workspace, "one", ScriptedChat(lines=list(lines))).send(says))
    workspace.recorder.close()
    return list(read_recording(folder).passages)


def test_a_turn_is_kept_with_its_prompts_replies_calls_cuts_and_answer(tuned: Workspace, tmp_path: Path) -> None:
    lie = "It has 60 users. It has 99 moons. It has 40 items."
    [turn] = recorded(tuned, tmp_path / "r", call("describe_dataset", dataset="tiny"), lie, lie)
    assert turn.turn is not None
    assert (turn.turn["said"], turn.turn["history"], turn.is_whole) == ("what is in tiny?", [], True)
    assert [len(exchange.messages) for exchange in turn.exchanges] == [2, 4, 6]
    assert [exchange.answer["data"]["content"] for exchange in turn.exchanges if exchange.answer][1].strip() == lie
    [tool] = turn.all("tool")
    assert (tool["tool"], json.loads(tool["result"])["profile"]["n_users"]) == ("describe_dataset", 60)
    cut = {"text": "It has 99 moons.", "why": "99 stands in no result"}
    assert [line["cuts"] for line in turn.all("checked")] == [[cut], [cut]]
    assert turn.lines[-1]["removed"] == ["99"]
    assert [message["type"] for message in turn.lines[-1]["kept"]] == ["human", "ai", "tool", "ai"]


def test_a_call_that_is_not_made_is_kept_with_the_reason(tuned: Workspace, tmp_path: Path) -> None:
    [turn] = recorded(tuned, tmp_path / "r", call("delete_study", study="first"), "All right.")
    [refused] = turn.all("refused")
    assert (refused["tool"], turn.all("tool")) == ("delete_study", [])
    assert refused["result"]["error"]


def test_a_model_that_fails_is_kept_as_it_failed(tuned: Workspace, tmp_path: Path) -> None:
    [turn] = recorded(tuned, tmp_path / "r", TimeoutError("no answer in 120 s"))
    assert turn.exchanges[0].error == {"type": "TimeoutError", "text": "no answer in 120 s"}


def test_no_byte_of_a_secret_is_kept(tuned: Workspace, tmp_path: Path) -> None:
    leak = f"Your key {KEY} works at https://me:hunter22@host/v1?api_key={KEY}&x=1, Bearer abcdefgh12345678."
    recorded(tuned, tmp_path / "r", call("describe_dataset", dataset=KEY), leak, leak, says=SAID)
    written = b"".join(path.read_bytes() for path in (tmp_path / "r").iterdir())
    assert b"my key is [key removed]" in written
    for secret in (KEY, "hunter22", "abcdefgh12345678"):
        assert secret.encode() not in written


def test_the_key_of_the_settings_is_kept_nowhere_whoever_says_it(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path / "home", llm="none", llm_api_key=SecretStr("plain words-key"), record=tmp_path / "r"
    )
    with open_workspace(settings) as workspace:
        model = ScriptedChat(lines=["Use plain words-key, please."])
        list(Conversation(workspace, "one", model).send("what is in tiny? my key is plain words-key"))
    written = b"".join(path.read_bytes() for path in (tmp_path / "r").iterdir())
    assert b"my key is [key removed]" in written and b"words-key" not in written


def test_a_long_text_says_how_much_of_it_is_kept() -> None:
    text = kept("x" * (MAX_TEXT + 5))
    assert text.endswith(f"… [recording: {MAX_TEXT} of {MAX_TEXT + 5} characters are kept]")
    assert kept("x" * MAX_TEXT) == "x" * MAX_TEXT


def test_the_files_belong_to_their_owner_alone(tmp_path: Path) -> None:
    FileLines(tmp_path / "new" / "r").close()
    [file] = (tmp_path / "new" / "r").iterdir()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "new" / "r").stat().st_mode) == 0o700


def test_each_line_is_on_disk_when_it_is_written_and_a_torn_last_one_is_read_over(
    tuned: Workspace, tmp_path: Path
) -> None:
    whole = recorded(tuned, tmp_path / "r", call("describe_dataset", dataset="tiny"), "It has 60 users.")
    [file] = (tmp_path / "r").iterdir()
    data = file.read_bytes()
    for at in range(len(data) - 2, 0, -997):  # as a kill leaves it, wherever it comes
        file.write_bytes(data[:at])
        if data[:at].count(b"\n"):
            found = read_recording(tmp_path / "r")
            assert found.n_torn == (0 if data[at - 1 : at] == b"\n" or _is_whole(data[:at]) else 1)
            kept = [line for passage in found.passages for line in passage.lines]
            assert list(whole[0].lines[: len(kept)]) == kept
            assert not any(passage.is_whole for passage in found.passages)


def _is_whole(data: bytes) -> bool:
    try:
        json.loads(data.rpartition(b"\n")[2])
    except ValueError:
        return False
    return True


def test_each_shared_value_is_kept_once(tuned: Workspace, tmp_path: Path) -> None:
    recorded(tuned, tmp_path / "r", call("describe_dataset", dataset="tiny"), "It has 60 users.")
    text = "".join(path.read_text() for path in (tmp_path / "r").iterdir())
    assert text.count("You are recpilot.") == 1


def test_odd_characters_are_kept(tmp_path: Path) -> None:
    lines = FileLines(tmp_path)
    Recorder(lines).chat("c").write("tool", tool="t", args={}, text="\ud800 ü \u2028 \n 你好")
    lines.close()
    [passage] = read_recording(tmp_path).passages
    assert passage.lines[0]["text"] == "\ud800 ü \u2028 \n 你好"


def test_processes_share_a_folder_each_with_a_file_of_its_own(tmp_path: Path) -> None:
    for said in ("first", "second"):
        lines = FileLines(tmp_path, llm="pilot")
        Recorder(lines).chat("c").begin(said, (), "scripted", ())
        lines.close()
    found = read_recording(tmp_path)
    assert [passage.turn["said"] for passage in found.passages if passage.turn] == ["first", "second"]
    assert [head["llm"] for head in found.heads] == ["pilot", "pilot"]


def test_a_folder_without_a_recording_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "trials.jsonl").write_text('{"kind": "trial"}\n')
    with pytest.raises(SetupError, match="holds no recording"):
        read_recording(tmp_path)
    with pytest.raises(SetupError, match="there is no folder"):
        read_recording(tmp_path / "elsewhere")


def test_a_recording_of_a_newer_version_is_not_guessed_at(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"kind": "recording", "format": 99}\n')
    with pytest.raises(UserError, match="format 99"):
        read_recording(tmp_path)


def test_a_recording_cannot_be_kept_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="--record"):
        FileLines(tmp_path / "file")


def test_a_full_disk_ends_the_recording_and_not_the_chat(
    tuned: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    lines = FileLines(tmp_path / "r")

    def full(file: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("agent.recording.lines.os.write", full)
    tuned.recorder = Recorder(lines)
    with caplog.at_level(logging.WARNING, "agent"):
        events = list(Conversation(tuned, "one", ScriptedChat(lines=["Hello."])).send("hello"))
    assert events[-1].text == "Hello."  # type: ignore[union-attr]
    assert [record.getMessage() for record in caplog.records if "recording" in record.getMessage()] == [
        "the recording ends here, since it cannot be written: No space left on device"
    ]


def test_nothing_is_kept_where_no_folder_is_named(tuned: Workspace, tmp_path: Path) -> None:
    before = set(tmp_path.rglob("*.jsonl"))
    list(Conversation(tuned, "one", ScriptedChat(lines=["Hello."])).send("hello"))
    assert set(tmp_path.rglob("*.jsonl")) == before
    assert tuned.settings.record is None


@pytest.mark.parametrize(
    ("place", "line"),
    [(0, "{}"), (1, "this is no JSON"), (1, '{"kind": "banana"}'), (1, '{"kind": "turn", "of": "1"}')],
)
def test_a_line_that_cannot_be_read_is_named_unless_it_is_the_last(tmp_path: Path, place: int, line: str) -> None:
    lines = FileLines(tmp_path)
    Recorder(lines).chat("c").write("tool", tool="t", args={})
    lines.close()
    [file] = tmp_path.iterdir()
    rows = file.read_text().splitlines()
    file.write_text("\n".join([*rows[:place], line, *rows[place + (place == 0) :]]))
    with pytest.raises(UserError, match=f"line {place + 1} cannot be read"):
        read_recording(tmp_path)
    file.write_text("\n".join([*rows, line]))
    assert read_recording(tmp_path).n_torn == 1
