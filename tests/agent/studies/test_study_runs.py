"""Whole studies on a tiny dataset, in process."""

from collections.abc import Callable

import pytest

from agent.errors import UserError
from agent.events import (
    ApprovalNeeded,
    EpochFinished,
    ProposalMade,
    StudyFinished,
    StudyStarted,
    TrialFinished,
    TrialStarted,
)
from agent.executor import InProcessExecutor
from agent.studies.runner import StudyRunner
from agent.studies.study import Study
from agent.studies.study_spec import StudySpec
from recmodels.errors import DataError, ParamError, SetupError, TrialFailed
from recmodels.models import MODELS
from recmodels.request import OnEpoch, TrainRequest, TrainResult


def spec(**changed: object) -> StudySpec:
    given: dict[str, object] = {"dataset": "tiny", "models": ("ease",), "n_trials": 3, "epochs": 3}
    return StudySpec.create(**(given | changed))  # type: ignore[arg-type]


def finished(study: Study) -> list[object]:
    return list(study.run())


def test_a_study_runs_its_budget_and_ends_with_the_best_trial(runner: StudyRunner) -> None:
    study = runner.create(spec(n_trials=4))
    events = finished(study)
    assert isinstance(events[0], StudyStarted)
    assert isinstance(events[-1], StudyFinished)
    assert events[-1].reason == "4 of 4 trials done"
    values = [record.value for record in study.records()]
    assert events[-1].best == study.best()
    assert study.best() is not None and study.best().value == max(values)  # type: ignore[union-attr, type-var]
    assert [type(event) for event in events if isinstance(event, ProposalMade | TrialStarted | TrialFinished)] == [
        ProposalMade,
        TrialStarted,
        TrialFinished,
    ] * 4
    status = study.status()
    assert (status.state, status.n_finished, status.running, status.pending) == ("finished", 4, None, None)
    assert status.scoreboard["advisor"]["trials"] == 4


def test_the_first_trial_of_each_model_is_its_defaults(runner: StudyRunner) -> None:
    study = runner.create(spec(models=("popularity", "ease", "bpr_mf"), n_trials=3, epochs=None))
    finished(study)
    assert [record.model for record in study.records()] == ["popularity", "ease", "bpr_mf"]
    for record in study.records():
        assert record.params == MODELS[record.model].space.defaults()
        assert record.proposer == "defaults"


def test_the_same_seed_gives_the_same_study(make_runner: Callable[..., StudyRunner]) -> None:
    runner = make_runner()
    studies = [runner.create(spec(name=name, models=("bpr_mf",), n_trials=5, seed=3)) for name in ("a", "b")]
    for study in studies:
        finished(study)
    first, second = ([(r.params, r.value, r.seed) for r in study.records()] for study in studies)
    assert first == second
    assert len({tuple(sorted(r.params.items())) for r in studies[0].records()}) == 5


def test_a_model_without_params_runs_once_and_the_study_says_why_it_ends(runner: StudyRunner) -> None:
    study = runner.create(spec(models=("popularity",), n_trials=5))
    finished(study)
    assert len(study.records()) == 1
    assert study.status().reason == "every point of the search space was tried"


def test_models_compete_and_the_better_one_gets_more_trials(runner: StudyRunner) -> None:
    study = runner.create(spec(models=("popularity", "bpr_mf"), n_trials=6))
    finished(study)
    models = [record.model for record in study.records()]
    assert models.count("popularity") == 1 and models.count("bpr_mf") == 5


def test_every_finished_trial_can_be_explained(runner: StudyRunner) -> None:
    study = runner.create(spec(n_trials=6))
    finished(study)
    for record in study.records():
        proposal = study.proposal(record.number)
        assert proposal.rationale == record.rationale != ""
        assert proposal.params == record.params
        assert set(proposal.evidence) <= {earlier.id for earlier in study.records()[: record.number]}
    last = study.proposal(5)
    assert last.expected is not None and last.evidence
    with pytest.raises(UserError, match="no trial 9; its trials are: 0 to 5"):
        study.proposal(9)


class Breaking(InProcessExecutor):
    """Raises instead of training where it is told to."""

    def __init__(self, errors: dict[int, Exception]) -> None:
        self.errors = errors
        self.n = -1

    def train(self, request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        self.n += 1
        if self.n in self.errors:
            raise self.errors[self.n]
        return super().train(request, on_epoch)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (TrialFailed("diverged", "the loss is nan"), "diverged: the loss is nan"),
        (TrialFailed("out_of_memory"), "out_of_memory"),
        (TrialFailed("worker_died", "exit status -9"), "worker_died: exit status -9"),
        (DataError("ease needs more memory than there is"), "error: ease needs more memory than there is"),
    ],
)
def test_a_failed_trial_is_recorded_with_its_reason_and_the_study_goes_on(
    make_runner: Callable[..., StudyRunner], error: Exception, reason: str
) -> None:
    study = make_runner(Breaking({1: error})).create(spec(n_trials=4))
    finished(study)
    states = [(record.state, record.reason) for record in study.records()]
    assert states[1] == ("failed", reason)
    assert [state for state, _ in states] == ["complete", "failed", "complete", "complete"]
    failed = study.record(1)
    for later in study.records()[2:]:
        gap = abs(float(later.params["l2"]) - float(failed.params["l2"])) / float(failed.params["l2"])
        assert gap > 0.1, "params next to those that failed came back"


def test_a_study_whose_every_trial_fails_ends_as_failed_and_says_why(make_runner: Callable[..., StudyRunner]) -> None:
    errors: dict[int, Exception] = {i: TrialFailed("diverged") for i in range(20)}
    study = make_runner(Breaking(errors)).create(spec(n_trials=10))
    finished(study)
    assert len(study.records()) == 3
    assert study.status().state == "failed"
    assert study.status().reason == "every model keeps failing; trial 2 of ease: diverged"
    assert study.best() is None


def test_a_machine_that_lacks_something_fails_the_study_which_can_be_resumed(
    make_runner: Callable[..., StudyRunner],
) -> None:
    study = make_runner(Breaking({1: SetupError("no space left on the disk")})).create(spec(n_trials=3))
    finished(study)
    assert (study.status().state, study.status().reason) == ("failed", "no space left on the disk")
    finished(study)
    assert study.status().state == "finished"
    records = study.records()
    assert [(record.state, record.reason) for record in records] == [
        ("complete", None),
        ("failed", "interrupted"),
        ("complete", None),
        ("complete", None),
    ]
    assert records[2].params == records[1].params, "the interrupted params run again"
    assert study.status().n_finished == 3


def test_a_bug_is_not_swallowed(make_runner: Callable[..., StudyRunner]) -> None:
    study = make_runner(Breaking({0: ZeroDivisionError("oops")})).create(spec())
    with pytest.raises(ZeroDivisionError):
        finished(study)
    assert study.status().state == "failed"
    assert "ZeroDivisionError" in study.status().reason


def test_a_constraint_that_no_trial_meets_leaves_no_best(runner: StudyRunner) -> None:
    study = runner.create(spec(constraints=("coverage@10<=0",), n_trials=2))
    finished(study)
    assert [record.state for record in study.records()] == ["complete", "complete"]
    assert study.best() is None


def test_the_best_trial_meets_the_constraint(runner: StudyRunner) -> None:
    free = runner.create(spec(name="free", models=("popularity", "ease"), n_trials=4))
    finished(free)
    bound = free.record(0).metrics["valid_coverage@10"]
    tight = runner.create(
        spec(name="tight", models=("popularity", "ease"), n_trials=4, constraints=(f"coverage@10<={bound}",))
    )
    finished(tight)
    assert tight.best() is not None and tight.best().model == "popularity"  # type: ignore[union-attr]


def test_several_objectives_are_measured_and_kept(runner: StudyRunner) -> None:
    study = runner.create(spec(objectives=("ndcg@10", "coverage@5", "train_s"), sampler="nsga2", n_trials=8))
    finished(study)
    for record in study.records():
        assert record.state == "complete"
        assert {"valid_ndcg@10", "valid_coverage@5", "train_s"} <= set(record.metrics)


def test_a_cost_can_be_the_objective(runner: StudyRunner) -> None:
    study = runner.create(spec(objectives=("weights_bytes",), models=("popularity", "ease"), n_trials=2))
    finished(study)
    assert study.best() is not None and study.best().model == "popularity"  # type: ignore[union-attr]


def test_a_study_stops_at_its_time_limit(make_runner: Callable[..., StudyRunner]) -> None:
    study = make_runner().create(spec(models=("bpr_mf",), epochs=None, n_trials=10_000, time_limit_s=2.0))
    finished(study)
    assert study.status().state == "finished"
    reached, nothing_fits = "time limit of 2 s reached", "no trial that is left to try would end within the "
    reason = study.status().reason or ""
    assert reason == reached or reason.startswith(nothing_fits)
    assert (1.9 if reason == reached else 0.5) < study.status().elapsed_s < 10


def test_a_given_number_of_trials_pauses_the_study(runner: StudyRunner) -> None:
    study = runner.create(spec(n_trials=4))
    list(study.run(n=1))
    assert (study.status().state, len(study.records())) == ("paused", 1)
    list(study.run(n=2))
    assert len(study.records()) == 3
    finished(study)
    assert (study.status().state, len(study.records())) == ("finished", 4)


def test_approval_is_asked_for_each_trial_and_can_change_it(runner: StudyRunner) -> None:
    study = runner.create(spec(needs_approval=True, n_trials=3))
    asked = []
    for event in study.run():
        if isinstance(event, ApprovalNeeded):
            asked.append(event.proposal)
            if len(asked) == 1:
                study.reject("not the defaults")
            elif len(asked) == 2:
                study.approve({"l2": 77.0})
            else:
                study.approve()
    records = study.records()
    assert [record.state for record in records] == ["complete"] * 3
    defaults = MODELS["ease"].space.defaults()
    assert asked[0].params == defaults
    assert all(record.params != defaults for record in records), "what was rejected never comes back"
    assert (records[0].params, records[0].proposer) == (defaults | {"l2": 77.0}, "user")
    assert len(asked) == 4


def test_a_study_waits_for_approval_and_the_stream_ends(runner: StudyRunner) -> None:
    study = runner.create(spec(needs_approval=True, n_trials=1))
    events = finished(study)
    assert isinstance(events[-2], ApprovalNeeded)
    assert study.status().state == "waiting" and study.status().pending is not None
    assert study.records() == ()
    study.approve()
    finished(study)
    assert len(study.records()) == 1


def test_epochs_are_told_as_they_end(runner: StudyRunner) -> None:
    study = runner.create(spec(models=("bpr_mf",), n_trials=1, epochs=3))
    epochs = [event for event in study.run() if isinstance(event, EpochFinished)]
    assert [event.epoch for event in epochs] == [1, 2, 3]
    assert tuple(event.value for event in epochs) == study.record(0).curve


@pytest.mark.parametrize(
    ("changed", "error", "message"),
    [
        ({"models": ("esae",)}, ParamError, "did you mean `ease`"),
        ({"n_trials": 0}, ParamError, "`n_trials` must be a whole number of at least 1, got 0"),
        ({"n_trials": 1.5}, ParamError, "`n_trials` must be a whole number"),
        ({"time_limit_s": 0}, ParamError, "`time_limit_s` must be above 0, got 0"),
        ({"epochs": -1}, ParamError, "`epochs` must be a whole number of at least 1, got -1"),
        ({"objectives": ("beauty@10",)}, ParamError, "unknown metric 'beauty@10'"),
        ({"constraints": ("coverage@10",)}, UserError, "a constraint is written"),
        ({"sampler": "oracle"}, ParamError, "the samplers are: advisor, tpe, gp, cmaes, nsga2, grid, random"),
        ({"name": "a/../b"}, UserError, "a study's name is"),
    ],
)
def test_a_spec_that_cannot_run_is_refused_in_one_sentence(
    changed: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message) as caught:
        spec(**changed)
    assert "\n" not in str(caught.value)


def test_a_spec_goes_to_json_and_back_unchanged() -> None:
    one = spec(
        objectives=("ndcg@10", "coverage@5"), constraints=("latency_ms<=0.1234567890123",), time_limit_s=3.5, name="x"
    )
    assert StudySpec.from_dict(one.to_dict()) == one


def test_an_unknown_dataset_leaves_no_study(runner: StudyRunner) -> None:
    with pytest.raises(DataError):
        runner.create(spec(dataset="nothing"))
    assert runner.names() == []


def test_a_taken_name_is_refused(runner: StudyRunner) -> None:
    runner.create(spec(name="one"))
    with pytest.raises(UserError, match="there is already a study 'one'"):
        runner.create(spec(name="one"))
    assert runner.create(spec()).spec.name == "tiny-1"
    assert runner.create(spec()).spec.name == "tiny-2"


def test_a_study_that_sets_the_epochs_does_not_tune_them(runner: StudyRunner) -> None:
    study = runner.create(spec(models=("bpr_mf",), n_trials=4, epochs=2, sampler="random"))
    finished(study)
    assert {record.params["epochs"] for record in study.records()} == {2}
    assert {record.cost["epochs"] for record in study.records()} <= {1.0, 2.0}


def test_a_study_leaves_the_epochs_at_their_default_until_they_are_given_a_range(runner: StudyRunner) -> None:
    study = runner.create(spec(models=("bpr_mf",), epochs=None, n_trials=2, sampler="random"))
    assert study.status().space["bpr_mf"]["epochs"] == "[1, 200], held at 40"
    finished(study)
    assert {record.params["epochs"] for record in study.records()} == {40}
    freed = runner.create(spec(models=("bpr_mf",), epochs=None, n_trials=4, sampler="random"))
    freed.narrow("bpr_mf", "epochs", low=1, high=5)
    finished(freed)
    assert len({record.params["epochs"] for record in freed.records()}) > 1
    assert {record.params["epochs"] for record in freed.records()} <= {1, 2, 3, 4, 5}
