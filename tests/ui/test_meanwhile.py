"""When what a study did is shown to have happened, as far as its finished trials tell."""

from dataclasses import replace

from agent import events
from memory.record import TrialRecord
from ui.meanwhile import dated

TRIAL = TrialRecord(
    id="s/0", study="s", number=0, dataset="d", model="ease", params={}, state="complete", objective="ndcg@10",
    value=0.2, finished_at="2026-01-01T10:00",
)  # fmt: skip


def ended(number: int, at: str) -> events.TrialFinished:
    record = replace(TRIAL, number=number, finished_at=at)
    return events.TrialFinished(study="s", record=record, is_best=False, n_finished=1, n_trials=3)


def test_what_came_before_the_first_finished_trial_is_not_dated_after_it() -> None:
    happened = [
        events.BaselinesMeasured(study="s", baselines=()),
        events.TrialStarted(study="s", number=0, model="ease", params={}),
        ended(0, "10:00"),
        events.StudyNoted(study="s", text="noted"),
        ended(1, "10:05"),
        events.TrialStarted(study="s", number=2, model="ease", params={}),
    ]
    assert [at for _, at in dated(happened)] == ["10:00", "10:00", "10:00", "10:00", "10:05", "10:05"]
    assert [at for _, at in dated(happened[:2])] == ["", ""]
