"""A home folder is opened as a whole or not at all, with the built-in pilot to talk to."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from agent.assembly import open_workspace
from agent.chat.conversation import Conversation
from agent.errors import SetupError
from agent.events import AnswerFinished, ToolCalled
from agent.settings import Settings


def test_the_pilot_answers_from_a_new_home_folder_and_reads_no_more_than_it_must(tmp_path: Path) -> None:
    with open_workspace(Settings(home=tmp_path / "home")) as workspace:
        events = list(Conversation(workspace, "one").send("which datasets are there?"))
        assert [event.tool for event in events if isinstance(event, ToolCalled)] == ["list_datasets"]
        last = events[-1]
        assert isinstance(last, AnswerFinished)
        assert "`demo`" in last.text
        assert not (tmp_path / "home/datasets/demo").exists()


def test_the_pilot_explains_the_learning_rate_of_a_trial_with_numbers_from_the_record(home: Path) -> None:
    with open_workspace(Settings(home=home)) as workspace:
        record = workspace.runner.open("first").record(3)
        conversation = Conversation(workspace, "one")
        *_, last = conversation.send("why did you pick that learning rate in trial 3?")
        assert isinstance(last, AnswerFinished)
        assert f"`learning_rate` was **{record.params['learning_rate']:.4g}**" in last.text
        assert f"**{record.value:.4g}**" in last.text
        assert not last.choices


def test_a_home_folder_that_cannot_be_written_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(SetupError, match=r"home folder .*file/home cannot be written"):
        open_workspace(Settings(home=tmp_path / "file/home"))
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_home_folder_is_one_sentence(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(SetupError, match="cannot be written"):
        open_workspace(Settings(home=tmp_path))


def test_a_language_model_that_is_not_there_leaves_no_stores_behind(tmp_path: Path) -> None:
    with pytest.raises(SetupError):
        open_workspace(Settings(home=tmp_path / "home", llm="http://127.0.0.1:9/v1", llm_model="none"))
    assert list((tmp_path / "home").iterdir()) == []


def test_telemetry_is_off_once_a_workspace_was_opened(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from agent.assembly import open_workspace;"
        "from agent.settings import Settings; open_workspace(Settings(home=Path(sys.argv[1]), llm='none')).close();"
        "print(*map(os.environ.get, ('ANONYMIZED_TELEMETRY', 'LANGSMITH_TRACING', 'HF_HUB_DISABLE_TELEMETRY')))"
    )
    clean = {name: value for name, value in os.environ.items() if "TELEMETRY" not in name and "LANG" not in name}
    run = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "home")], env=clean, capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["False", "false", "1"]
