"""The line that follows a study."""

from agent.events import EpochFinished
from agent.studies.study import Study
from agent.studies.study_spec import StudySpec
from agent.workspace import Workspace
from ui.views.status import status_of
from ui.words import number


def test_a_finished_study_says_its_trials_and_its_best(viewed: Workspace, shop: Study) -> None:
    status = status_of(viewed, shop)
    best = shop.best()
    assert best is not None
    assert status.words == f"6 of 6 trials done · best ndcg@10 {number(best.value)}"
    assert (status.state, status.share, status.left_s, status.is_busy) == ("finished", 1.0, None, False)


def test_a_running_study_says_trial_epoch_and_the_time_left(viewed: Workspace) -> None:
    spec = StudySpec.create(name="now", dataset="tastes", models=["bpr_mf"], n_trials=4, epochs=3, uses_rules=False)
    study = viewed.runner.create(spec)
    seen = [status_of(viewed, study) for event in study.run() if isinstance(event, EpochFinished)]
    assert seen
    told = [one for one in seen if one.trial is not None and one.epoch]
    assert all(f"trial {one.trial} · epoch {one.epoch} of {one.epochs}" in one.words for one in told)
    shares = [one.share for one in seen]
    assert shares == sorted(shares)
    assert any(one.share * 4 % 1 for one in told)  # within a trial too
    assert any(one.left_s is not None and one.words.endswith("left") for one in seen)


def test_of_the_running_trial_only_the_rest_counts_as_left(viewed: Workspace) -> None:
    spec = StudySpec.create(name="now", dataset="tastes", models=["bpr_mf"], n_trials=2, epochs=3, uses_rules=False)
    study, left = viewed.runner.create(spec), []
    for event in study.run():
        if isinstance(event, EpochFinished) and event.number == 1:
            status = status_of(viewed, study)
            left.append((status.trial, status.epoch, status.left_s))
    of_last = {epoch: left_s for trial, epoch, left_s in left if trial == 1 and left_s is not None}
    values = [of_last[epoch] for epoch in sorted(of_last)]
    assert values == sorted(values, reverse=True)


def test_a_trial_that_waits_is_named(viewed: Workspace) -> None:
    spec = StudySpec.create(
        name="asks", dataset="tastes", models=["bpr_mf"], n_trials=2, epochs=3, uses_rules=False, needs_approval=True
    )
    study = viewed.runner.create(spec)
    for _ in study.run():
        pass
    status = status_of(viewed, study)
    assert status.state == "waiting"
    assert status.words.startswith("trial 0 waits for approval · 0 of 2 trials done")
