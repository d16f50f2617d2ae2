"""The reasons that are given most often are told in Chinese; their English words stand in the code that refuses."""

from pathlib import Path

import pytest

from agent.answers.explain import word
from agent.answers.in_chinese import WORDS
from agent.answers.refusals_in_chinese import refusal
from agent.limits import Limits
from agent.results.result import Failure
from agent.studies.room import OverLimit, Room
from agent.studies.study_spec import StudySpec


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("study 'demo-1' is finished already, so it cannot be paused", "研究 'demo-1' 已完成，不能再暂停。"),
        ("there is no dataset “x”; the datasets are: demo, shop", "没有名为 “x” 的数据集；有：demo, shop。"),
        ("anna began study `demo-1`.", "研究 `demo-1` 是 anna 开始的。"),
        ("something that nobody translated", "Something that nobody translated."),
    ],
)
def test_a_reason_is_told_in_chinese_where_its_words_are_known(text: str, says: str) -> None:
    assert refusal(text) == says


@pytest.mark.parametrize("asked", [{"n_trials": 9_000}, {"time_limit_s": 360_000.0}])
def test_the_limits_are_told_in_chinese_with_how_to_raise_them(tmp_path: Path, asked: dict[str, float]) -> None:
    room = Room(limits=Limits(), folders=(tmp_path,), n_at_work=lambda: 0)
    spec = StudySpec.create(**{"dataset": "tiny", "n_trials": 3, **asked})  # type: ignore[arg-type]
    with pytest.raises(OverLimit) as found:
        room.check_new(spec)
    told = refusal(str(found.value))
    assert "上限；要提高上限，请用 RECPILOT_MAX_" in told and "limit" not in told


def test_a_failed_call_is_worded_so_in_a_chinese_chat() -> None:
    failed = Failure(error="there is no study 'x'; the studies are: a, b")
    assert WORDS[Failure](failed) == "没有执行：没有名为 'x' 的研究。"
    assert word("study_status", failed) == "There is no study 'x'; the studies are: a, b."
