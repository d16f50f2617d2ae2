"""What a chat or a model may start: the limit is said, the smaller number is offered, nothing is cut in silence."""

import math
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from agent.chat.conversation import Conversation
from agent.chat.known_now import known_in
from agent.errors import ToolInputError, UserError
from agent.events import AnswerFinished
from agent.limits import NO_LIMITS, Limits
from agent.llm.pilot.chat import PilotChat
from agent.studies.room import OverLimit, Room
from agent.studies.study_spec import StudySpec
from agent.tools import checked, make_tools
from agent.workspace import Workspace


def spec(**changed: Any) -> StudySpec:
    return StudySpec.create(**{"name": "s", "dataset": "tiny", "models": ["bpr_mf"], "n_trials": 3, **changed})


def room(folder: Path, n_at_work: int = 0, **limits: float) -> Room:
    return Room(limits=Limits(**limits), folders=(folder,), n_at_work=lambda: n_at_work)


def use(workspace: Workspace, name: str, **args: Any) -> Any:
    return next(tool for tool in make_tools(workspace) if tool.name == name).invoke(args)


def test_more_trials_than_the_limit_are_refused_with_the_limit_and_how_to_raise_it(tmp_path: Path) -> None:
    with pytest.raises(
        OverLimit, match=r"10,000 trials are over the limit of 500 .*RECPILOT_MAX_TRIALS=10000"
    ) as found:
        room(tmp_path).check_new(spec(n_trials=10_000))
    assert found.value.instead == {"n_trials": 500}
    room(tmp_path).check_new(spec(n_trials=500))


def test_more_time_than_the_limit_is_refused_too(tmp_path: Path) -> None:
    with pytest.raises(OverLimit, match=r"48 h are over the limit of 24 h .*RECPILOT_MAX_HOURS=48") as found:
        room(tmp_path).check_new(spec(time_limit_s=172_800.0))
    assert found.value.instead == {"time_limit_s": 86_400.0}


def test_a_study_that_is_larger_already_can_be_made_smaller_but_not_larger(tmp_path: Path) -> None:
    large = spec(n_trials=600)
    room(tmp_path).check_change(large, 550, None)
    with pytest.raises(OverLimit) as found:
        room(tmp_path).check_change(large, 700, None)
    assert found.value.instead == {}, "500 would take trials away"
    with pytest.raises(OverLimit, match="recpilot study resume s"):
        room(tmp_path).check_going_on(large, 0.0)


def test_a_study_may_not_begin_where_as_many_run_or_wait_as_the_limit_says(tmp_path: Path) -> None:
    room(tmp_path, n_at_work=7).check_start()
    with pytest.raises(OverLimit, match="8 studies run or wait already"):
        room(tmp_path, n_at_work=8).check_start()


def test_free_disk_is_looked_at_and_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=200 << 20))
    told = room(tmp_path).short_of_disk("demo-1")
    assert told is not None
    assert "has 200 MiB left, and under 500 MiB (RECPILOT_MIN_FREE_MIB)" in told
    assert told.endswith("free space; then go on with `recpilot study resume demo-1`")
    assert room(tmp_path, min_free_mib=100).short_of_disk("demo-1") is None
    with pytest.raises(OverLimit, match="would have 80 MiB left"):
        room(tmp_path, min_free_mib=100).check_data(120 << 20)


def test_what_datasets_and_weights_take_is_limited(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "weights").write_bytes(bytes(2 << 20))
    with pytest.raises(OverLimit, match="datasets and weights take"):
        room(tmp_path, max_disk_gib=1 / 1024).check_start()
    room(tmp_path, max_disk_gib=3 / 1024).check_start()


def test_a_typed_command_has_no_limit_but_the_disk(tmp_path: Path) -> None:
    typed = Limits().of_a_command()
    assert (typed.max_trials, typed.max_hours, typed.min_free_mib) == (math.inf, math.inf, 500.0)
    free = Room(limits=NO_LIMITS, folders=(tmp_path,), n_at_work=lambda: 99)
    free.check_new(spec(n_trials=10**7, time_limit_s=1e9))
    assert free.short_of_disk("s") is None


def test_the_settings_raise_the_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    from agent.settings import Settings

    assert Settings().limits == Limits()
    monkeypatch.setenv("RECPILOT_MAX_TRIALS", "10000")
    assert Settings().limits.max_trials == 10_000


@pytest.mark.parametrize(
    ("tool", "args", "instead"),
    [
        ("start_study", {"dataset": "tiny", "n_trials": 10_000}, {"n_trials": 500}),
        ("extend_study", {"n_trials": 10_000}, {"n_trials": None, "total_trials": 500}),
        ("extend_study", {"total_time_s": 400_000}, {"time_limit_s": None, "total_time_s": 86_400.0}),
    ],
)
def test_tools_refuse_what_is_over_the_limit_and_say_what_would_be_within(
    tuned: Workspace, tool: str, args: dict[str, Any], instead: dict[str, Any]
) -> None:
    with pytest.raises(ToolInputError, match="over the limit"):
        use(tuned, tool, **args)
    assert checked(tuned, tool, args).prospect.instead == instead
    assert tuned.runner.names() == ["first"] and tuned.runner.peek("first").spec.n_trials == 6


def test_the_pilot_offers_the_smaller_number_on_the_card_and_never_takes_it_by_itself(tuned: Workspace) -> None:
    conversation = Conversation(tuned, "one", PilotChat(known=lambda: known_in(tuned)))
    *_, asked = conversation.send("tune bpr_mf on tiny with 10000 trials")
    assert isinstance(asked, AnswerFinished)
    assert asked.text.startswith("10,000 trials are over the limit of 500")
    assert "did not use" not in asked.text, "the number was read"
    assert "trials: **500**" in asked.text and asked.choices == ("Do it", "Leave it")
    assert tuned.runner.names() == ["first"]
    started: list[StudySpec] = []
    tuned.runner.start = lambda spec: started.append(spec) or tuned.runner.peek("first")  # type: ignore[method-assign]
    list(conversation.send("do it"))
    assert [one.n_trials for one in started] == [500]


def test_a_study_stops_at_its_limit_of_time_and_goes_on_when_that_is_raised(tuned: Workspace) -> None:
    tuned.runner.room.limits = Limits(max_hours=1e-6)
    study = tuned.runner.create(spec(name="long"))
    list(study.run())
    assert study.state == "stopped" and "the limit of one that a chat or a model runs" in study.status().reason
    with pytest.raises(UserError, match="recpilot study resume long"):
        study.resume()
    tuned.runner.room.limits = Limits()
    list(study.run())
    assert (study.state, study.status().n_finished) == ("finished", 3)


def test_a_study_stops_before_the_trial_that_the_disk_has_no_space_for(
    tuned: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = tuned.runner.create(spec(name="full"))
    list(study.run(1))
    usage: Callable[[Path], SimpleNamespace] = lambda _: SimpleNamespace(free=1 << 20)  # noqa: E731
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", usage)
        list(study.run())
        assert (study.state, study.status().n_finished) == ("stopped", 1)
        assert "has 1 MiB left" in study.status().reason
        with pytest.raises(UserError, match="nothing was begun: the disk"):
            study.resume()
    list(study.run())
    assert (study.state, study.status().n_finished) == ("finished", 3)
