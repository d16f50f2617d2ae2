"""A confirmation from study to sealed test, with an executor that answers at once and keeps what it was asked."""

import json
import os
import shutil
import socket
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sqlalchemy as sa
from safetensors.numpy import save_file

from agent.answers.confirmation import details
from agent.confirmation import Confirmation
from agent.confirming.choice import incumbent_of, incumbent_trial
from agent.confirming.confirmer import Confirmer
from agent.confirming.job import ConfirmationJob
from agent.confirming.readings import Readings
from agent.errors import UserError
from agent.events import ConfirmationFinished, ConfirmationStep, ConfirmationStopped, Event
from agent.studies.ownership import Owner
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import Place
from memory.record import TrialRecord
from recmodels.data.demo import demo_interactions
from recmodels.errors import TrialFailed
from recmodels.models import MODELS
from recmodels.per_user import PER_USER_FILE, load_per_user
from recmodels.request import EpochReport, OnEpoch, SplitSpec, TrainRequest, TrainResult

USERS = np.arange(200)
HARD = np.random.default_rng(0).random(200)
QUALITY = {"bpr_mf": 0.0, "ease": 0.02, "item_knn": 0.01}

DEFAULTS = "defaults of bpr_mf with learning_rate 0.002"  # of RECORDS: not what the model declares


class Answering:
    """Better for a higher learning rate; noise by seed. Writes what real checkpoints keep of each user."""

    def __init__(self) -> None:
        self.asked: list[TrainRequest] = []
        self.breaks: set[str] = set()

    def train(self, request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        self.asked.append(request)
        if request.model in self.breaks:
            raise TrialFailed("diverged", "nan")
        part = "test" if request.measures_test else "valid"
        rate = float(request.params.get("learning_rate", 0.0))
        noise = (
            np.random.default_rng(request.seed).normal(0, 0.01, len(USERS)) if MODELS[request.model].is_random else 0
        )
        values = (HARD + QUALITY[request.model] + 10 * rate + noise).astype(np.float32)
        assert request.checkpoint is not None
        request.checkpoint.mkdir(parents=True, exist_ok=True)
        arrays = {f"{part}_users": USERS, f"{part}_ndcg@10": values, f"{part}_recall@10": values}
        save_file(arrays, request.checkpoint / PER_USER_FILE)
        (request.checkpoint / "weights").touch()
        return TrainResult(
            metrics={f"{part}_ndcg@10": float(values.mean()), f"{part}_coverage@10": 0.5 - 10 * rate},
            curve=(),
            cost={"train_s": 2.0},
            best_epoch=request.refit_epochs or 4,
            params=request.params,
            split="random",
            checkpoint=request.checkpoint,
        )

    def close(self) -> None: ...


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data") / "demo"
    demo_interactions().save(folder)
    return folder


@pytest.fixture
def executor() -> Answering:
    return Answering()


@pytest.fixture
def place(dataset: Path, executor: Answering, tmp_path: Path) -> Place:
    return Place(executor=executor, find_dataset=lambda: dataset, checkpoints=tmp_path / "checkpoints")


@pytest.fixture
def readings(tmp_path: Path) -> Iterator[Readings]:
    engine = sa.create_engine(f"sqlite:///{tmp_path}/studies.db")
    yield Readings(engine)
    engine.dispose()


def spec(split: str = "random", **given: Any) -> StudySpec:
    kind: Any = split
    return StudySpec.create(
        **{"name": "s", "dataset": "demo", "models": ["bpr_mf"], "split": SplitSpec(kind=kind), "n_trials": 5} | given
    )


def trial(number: int, rate: float, proposer: str = "gp") -> TrialRecord:
    params = MODELS["bpr_mf"].space.defaults() | {"learning_rate": rate}
    given: dict[str, Any] = {"study": "s", "dataset": "demo", "state": "complete", "objective": "ndcg@10"}
    value = float(HARD.mean()) + 10 * rate + 0.03
    metrics = {"valid_ndcg@10": value, "valid_coverage@10": 0.5 - 10 * rate}
    return TrialRecord(
        id=f"s/{number}", number=number, value=value, params=params, proposer=proposer, model="bpr_mf", metrics=metrics,
        **given,
    )  # fmt: skip


RECORDS = (trial(0, 0.002, "defaults"), trial(1, 0.01), trial(2, 0.004), trial(3, 0.003), trial(4, 0.001))


def confirmed(place: Place, readings: Readings, **given: Any) -> Confirmer:
    options = {"spec": spec(), "records": RECORDS, "n_seeds": 3} | given
    confirmer = Confirmer(place=place, readings=readings, **options)
    for _ in confirmer.steps():
        pass
    return confirmer


def test_the_winner_the_defaults_and_the_baseline_are_measured_on_test_once(
    place: Place, readings: Readings, executor: Answering
) -> None:
    found = confirmed(place, readings).confirmation
    assert found.is_done
    assert found.winner == "trial 1"
    assert [score.contender for score in found.test] == ["trial 1", DEFAULTS, "ease (baseline)"]
    assert [score.n_runs for score in found.test] == [3, 3, 1]  # ease knows no chance
    assert found.reading == 1
    assert readings.count(found.data, "random", 0) == 1
    gains = {gain.over: gain for gain in found.gains}
    assert gains[DEFAULTS].is_clear
    assert gains[DEFAULTS].mean == pytest.approx(0.08, abs=0.005)
    assert gains["ease (baseline)"].mean == pytest.approx(0.08, abs=0.005)
    assert found.optimism == pytest.approx(0.03, abs=0.01)


def test_test_is_asked_of_nothing_before_the_choice_and_only_of_refits(
    place: Place, readings: Readings, executor: Answering
) -> None:
    confirmed(place, readings)
    kinds = [request.measures_test for request in executor.asked]
    assert kinds == sorted(kinds)
    assert all(request.refit and request.refit_epochs == 4 for request in executor.asked if request.measures_test)
    assert not any(request.refit for request in executor.asked if not request.measures_test)


def test_the_border_moves_with_the_seed_and_the_test_part_does_not(
    place: Place, readings: Readings, executor: Answering
) -> None:
    confirmed(place, readings)
    valid = [request for request in executor.asked if not request.measures_test]
    borders = {request.split.border for request in valid if request.model == "ease"}
    assert len(borders) == 3
    assert None not in borders
    assert {request.split.seed for request in executor.asked} == {0}
    assert {request.split.border for request in executor.asked if request.measures_test} == {None}
    by_seed = {request.seed for request in valid if request.model == "bpr_mf"}
    assert len(by_seed) == 3


def test_all_contenders_share_a_seeds_border_and_another_study_draws_other_ones(
    place: Place, readings: Readings, executor: Answering
) -> None:
    def drawn(**given: Any) -> tuple[set[tuple[int | None, ...]], set[int]]:
        executor.asked.clear()
        confirmed(place, readings, spec=spec(**given))
        borders: dict[str, list[int | None]] = {}
        for request in (request for request in executor.asked if not request.measures_test):
            borders.setdefault(f"{request.model} {request.params}", []).append(request.split.border)
        return set(map(tuple, borders.values())), {request.seed for request in executor.asked}

    (borders, seeds), (others, other_seeds) = drawn(), drawn(name="other", seed=1)
    assert len(borders) == len(others) == 1, "one list of borders for all"
    assert not borders & others and not seeds & other_seeds


def test_a_refit_takes_the_mean_of_the_epochs_that_were_best_with_its_own_params(
    place: Place, readings: Readings, executor: Answering
) -> None:
    train, seen = executor.train, Counter[tuple[str, float]]()

    def stopping(request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        rate = float(request.params.get("learning_rate", 0.0))
        seen[request.model, rate] += not request.measures_test
        first = 10 if rate == 0.01 else 2
        return replace(train(request, on_epoch), best_epoch=first + 3 * seen[request.model, rate])

    executor.train = stopping  # type: ignore[method-assign]
    assert confirmed(place, readings).confirmation.winner == "trial 1"
    refits = {(r.params.get("learning_rate"), r.refit_epochs) for r in executor.asked if r.measures_test}
    assert refits == {(0.01, 16), (0.002, 8), (None, 8)}


def test_less_is_better_turns_the_choice_the_order_and_the_optimism(
    place: Place, readings: Readings, executor: Answering
) -> None:
    train = executor.train

    def erring(request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        result = train(request, on_epoch)
        return replace(result, metrics={n.replace("ndcg@10", "rmse"): 1 - v for n, v in result.metrics.items()})

    executor.train = erring  # type: ignore[method-assign]
    records = [replace(r, objective="rmse", direction="minimize", value=1 - (r.value or 0)) for r in RECORDS]
    found = confirmed(place, readings, spec=spec(objectives=["rmse"]), records=records).confirmation
    assert [score.contender for score in found.valid] == ["trial 1", "trial 2", "trial 3", DEFAULTS]
    assert found.winner == "trial 1" and found.optimism == pytest.approx(0.03, abs=0.01)
    assert [gain.mean for gain in found.gains] == [pytest.approx(-0.08, abs=0.005)]


def test_a_constraint_is_kept_by_the_mean_over_the_seeds_and_not_by_one_of_them(
    place: Place, readings: Readings, executor: Answering
) -> None:
    train, coverages = executor.train, iter((0.6, 0.35, 0.35))

    def varying(request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        is_best = not request.measures_test and request.params.get("learning_rate") == 0.01
        result = train(request, on_epoch)
        return replace(
            result, metrics=dict(result.metrics) | {"valid_coverage@10": next(coverages) if is_best else 0.5}
        )

    executor.train = varying  # type: ignore[method-assign]
    records = [replace(r, metrics=dict(r.metrics) | {"valid_coverage@10": 0.5}) for r in RECORDS]
    given = spec(constraints=["coverage@10>=0.45"])
    assert confirmed(place, readings, spec=given, records=records).confirmation.winner == "trial 2"


def test_a_confirmation_with_other_numbers_does_not_go_on_with_one_that_was_cut_off(
    place: Place, readings: Readings
) -> None:
    cut_off = Confirmer(spec=spec(), records=RECORDS, place=place, readings=readings, n_seeds=3)
    for _, _step in zip(range(4), cut_off.steps(), strict=False):
        pass
    assert confirmed(place, readings, n_seeds=2).confirmation.number == 2
    assert [kept.is_done for kept in readings.confirmations("s")] == [False, True]


def test_where_the_border_cannot_move_a_model_without_chance_runs_once(
    place: Place, readings: Readings, executor: Answering
) -> None:
    found = confirmed(place, readings, spec=spec("leave_last_out")).confirmation
    assert not found.moves_border
    assert sum(request.model == "ease" for request in executor.asked) == 2  # once to choose, once on test
    assert {request.split.border for request in executor.asked} == {None}
    (score,) = [score for score in found.valid if score.contender == "ease (baseline)"]
    assert score.error == pytest.approx(HARD.std() / 200**0.5, rel=0.15)  # over users, as there is one run


def test_a_confirmation_that_was_cut_off_goes_on_and_reads_test_once(
    place: Place, readings: Readings, executor: Answering
) -> None:
    whole = confirmed(place, readings, spec=spec(name="whole")).confirmation
    n_whole = len(executor.asked)
    executor.asked.clear()
    for n_steps in (2, 9, n_whole):
        confirmer = Confirmer(spec=spec(), records=RECORDS, place=place, readings=readings, n_seeds=3)
        for _, _step in zip(range(n_steps), confirmer.steps(), strict=False):
            pass
    assert confirmer.confirmation.is_done
    assert confirmer.confirmation.number == 1
    assert len(executor.asked) == n_whole
    assert confirmer.confirmation.winner == whole.winner
    assert readings.count(whole.data, "random", 0) == 2  # one for each confirmation


def test_an_interrupted_run_is_not_kept_as_a_failure(place: Place, readings: Readings, executor: Answering) -> None:
    confirmer = Confirmer(spec=spec(), records=RECORDS, place=place, readings=readings, n_seeds=3)
    train = executor.train

    def dying(request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        if len(executor.asked) == 4:
            confirmer.interrupt()
            raise TrialFailed("worker_died", "killed")
        return train(request, on_epoch)

    executor.train = dying  # type: ignore[method-assign]
    assert len(list(confirmer.steps())) == 5
    (kept,) = readings.confirmations("s")
    assert len(kept.runs) == 4
    assert all(run.value is not None for run in kept.runs)
    executor.train = train  # type: ignore[method-assign]
    assert confirmed(place, readings).confirmation.number == 1


def test_asked_for_the_same_again_nothing_is_read_and_nothing_runs(
    place: Place, readings: Readings, executor: Answering
) -> None:
    first = confirmed(place, readings)
    n_asked = len(executor.asked)
    again = confirmed(place, readings)
    assert (first.is_answered, again.is_answered) == (False, True)
    assert again.confirmation == first.confirmation
    assert len(executor.asked) == n_asked
    assert readings.count(first.confirmation.data, "random", 0) == 1
    assert len(readings.confirmations("s")) == 1


def test_asked_to_run_it_once_more_everything_runs_and_it_is_a_second_reading(
    place: Place, readings: Readings, executor: Answering
) -> None:
    first = confirmed(place, readings).confirmation
    n_asked = len(executor.asked)
    again = confirmed(place, readings, again=True).confirmation
    assert (again.number, again.reading) == (2, 2)
    assert len(executor.asked) == 2 * n_asked
    assert again.winner == first.winner
    assert confirmed(place, readings).confirmation.number == 2  # the answer is the last one


@pytest.mark.parametrize(
    "changed",
    [
        {"n_seeds": 2},
        {"n_top": 1},
        {"incumbent": incumbent_of({"params": {"learning_rate": 0.007}}, ["bpr_mf"])},
        {"spec": StudySpec.create(name="s", dataset="demo", models=["bpr_mf"], split=SplitSpec(kind="random"), seed=1)},
        {"spec": StudySpec.create(name="s", dataset="demo", models=["bpr_mf"], split=SplitSpec(kind="leave_last_out"))},
        {
            "spec": StudySpec.create(
                name="s", dataset="demo", models=["bpr_mf"], split=SplitSpec(kind="random"), epochs=2
            )
        },
    ],
    ids=["seeds", "top", "incumbent", "study seed", "split", "epochs"],
)
@pytest.mark.parametrize("is_cut", [True, False])
def test_asked_for_anything_else_it_is_a_new_confirmation(
    place: Place, readings: Readings, changed: dict[str, Any], is_cut: bool
) -> None:
    first = Confirmer(place=place, readings=readings, spec=spec(), records=RECORDS, n_seeds=3)
    for _, _step in zip(range(2 if is_cut else 99), first.steps(), strict=False):
        pass
    options: dict[str, Any] = {"spec": spec(), "records": RECORDS, "n_seeds": 3} | changed
    other = Confirmer(place=place, readings=readings, **options)
    other.interrupt()
    assert other.confirmation.number == 2
    assert other.confirmation.runs == ()


def test_other_data_are_another_confirmation(
    place: Place, readings: Readings, executor: Answering, tmp_path: Path
) -> None:
    confirmed(place, readings)
    folder = tmp_path / "other"
    data = demo_interactions()
    replace(data, items=data.n_items - 1 - data.items).save(folder)
    n_asked = len(executor.asked)
    other = confirmed(replace(place, find_dataset=lambda: folder), readings).confirmation
    assert (other.number, other.reading) == (2, 1)
    assert len(executor.asked) == 2 * n_asked, "nothing of the other data is taken over"


def test_runs_of_an_earlier_confirmation_are_taken_over_and_a_new_choice_is_a_new_reading(
    place: Place, readings: Readings, executor: Answering
) -> None:
    first = confirmed(place, readings).confirmation
    executor.asked.clear()
    given = incumbent_of({"params": {"learning_rate": 0.007}}, ["bpr_mf"])
    second = confirmed(place, readings, incumbent=given).confirmation
    assert {request.params["learning_rate"] for request in executor.asked} == {0.007}
    assert len(executor.asked) == 6  # the incumbent's three on validation and three on test
    assert second.reading == 2
    before = {(run.contender, run.stage, run.seed): run.value for run in first.runs}
    reused = [run for run in second.runs if run.reused_from == 1]
    assert len(reused) == len(first.runs)
    assert all(before[run.contender, run.stage, run.seed] == run.value for run in reused)
    assert [gain for gain in second.gains if gain.over != "incumbent"] == list(first.gains)
    assert all(score.low is not None for score in second.valid)


def test_more_borders_are_another_question_though_no_model_knows_chance(place: Place, readings: Readings) -> None:
    ease = replace(RECORDS[0], model="ease", params=MODELS["ease"].space.defaults())
    given: dict[str, Any] = {"spec": spec(models=["ease"]), "records": [ease]}
    two, three = (confirmed(place, readings, n_seeds=n, **given).confirmation for n in (2, 3))
    assert (two.number, three.number) == (1, 2)
    assert [score.n_runs for score in three.valid] == [3, 3]
    assert sum(run.reused_from is None for run in three.runs) == 2  # the third border


def test_a_winner_that_was_measured_before_without_keeping_its_weights_runs_again(
    place: Place, readings: Readings
) -> None:
    given = incumbent_of({"params": {"learning_rate": 0.02}}, ["bpr_mf"])
    assert confirmed(place, readings, incumbent=given).confirmation.winner == "incumbent"
    found = confirmed(place, readings, records=RECORDS[:1]).confirmation
    assert found.winner == DEFAULTS
    (made,) = [run for run in found.runs if run.reused_from is None]
    assert (made.contender, made.stage, made.seed) == (DEFAULTS, "test", 0)
    assert made.checkpoint is not None and (Path(made.checkpoint) / "weights").exists()


def test_a_new_choice_is_a_new_reading_though_every_value_is_known(
    place: Place, readings: Readings, executor: Answering
) -> None:
    confirmed(place, readings)
    executor.asked.clear()
    assert confirmed(place, readings, n_top=1).confirmation.reading == 2
    assert executor.asked == []


def test_a_trial_that_trains_clearly_faster_wins_and_the_best_bound_is_kept_for_the_words(
    place: Place, readings: Readings, executor: Answering
) -> None:
    train = executor.train

    def slow(request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        rate = request.params.get("learning_rate", 0.0)
        return replace(train(request, on_epoch), cost={"train_s": 40.0 if rate == 0.01 else 12.0})

    executor.train = slow  # type: ignore[method-assign]
    records = [*RECORDS, trial(5, 0.00999)]
    found = confirmed(place, readings, records=records).confirmation
    assert (found.top, found.winner) == ("trial 1", "trial 5")
    assert "trains in 12 s instead of 40 s" in details(found)[0]


def test_a_run_whose_values_are_gone_is_made_again(place: Place, readings: Readings, executor: Answering) -> None:
    first = confirmed(place, readings).confirmation
    executor.asked.clear()
    shutil.rmtree(place.checkpoints / "s" / "confirmation-1" / "ease-(baseline)")
    second = confirmed(place, readings, n_top=1).confirmation
    assert {request.model for request in executor.asked} == {"ease"}
    assert [score.mean for score in second.test] == [score.mean for score in first.test]


def test_the_record_holds_the_seeds_of_every_run(place: Place, readings: Readings, executor: Answering) -> None:
    found = confirmed(place, readings).confirmation
    asked = {(r.params.get("learning_rate"), r.measures_test, r.seed, r.split.border) for r in executor.asked}
    held = {
        (found.contender(run.contender).params.get("learning_rate"), run.stage == "test", run.train_seed, run.border)
        for run in found.runs
    }
    assert held == asked
    assert all((run.epochs == 4) == (run.stage == "test") for run in found.runs)
    assert (found.n_seeds, found.n_top, found.study_seed) == (3, 3, 0)
    assert Confirmation.from_dict(json.loads(json.dumps(found.to_dict()))) == found


def test_of_two_at_once_one_is_refused_and_told_since_when_the_other_runs(place: Place, readings: Readings) -> None:
    steps = (first := Confirmer(spec=spec(), records=RECORDS, place=place, readings=readings, n_seeds=3)).steps()
    next(steps)
    with pytest.raises(UserError, match=rf"running already since {first.confirmation.since}; stop it"):
        Confirmer(spec=spec(), records=RECORDS, place=place, readings=readings, n_seeds=3)
    Confirmer(spec=spec(name="other"), records=RECORDS, place=place, readings=readings, n_seeds=3).interrupt()
    steps.close()  # type: ignore[attr-defined]
    assert confirmed(place, readings).confirmation.number == 1


def test_what_a_dead_process_had_begun_goes_on(place: Place, readings: Readings) -> None:
    steps = Confirmer(spec=spec(), records=RECORDS, place=place, readings=readings, n_seeds=3).steps()
    next(steps)
    next(steps)
    steps.close()  # type: ignore[attr-defined]
    dead = Owner(host=socket.gethostname(), pid=os.getpid(), started=0.0)  # a later process has its number
    assert readings.claim("s").take(dead) is None
    found = confirmed(place, readings).confirmation
    assert found.number == 1
    assert found.resumed_at
    assert readings.claim("s").holder() is None


@pytest.mark.parametrize("n_done", [0, 5, 20])
def test_a_stopped_confirmation_keeps_what_is_done_and_opens_test_only_with_a_run(
    place: Place, readings: Readings, executor: Answering, n_done: int
) -> None:
    confirmer = Confirmer(spec=spec(), records=RECORDS, place=place, readings=readings, n_seeds=3)
    train = executor.train

    def stopped(request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        if len(executor.asked) == n_done:
            confirmer.interrupt()
            assert on_epoch is not None
            on_epoch(EpochReport(epoch=1, epochs=4, loss=None, value=0.1, metrics={}, elapsed_s=0.1))
        return train(request, on_epoch)

    executor.train = stopped  # type: ignore[method-assign]
    list(confirmer.steps())
    (kept,) = readings.confirmations("s")
    n_valid = len(kept.planned("valid"))
    assert len(kept.runs) == n_done
    assert (kept.reading is not None) == (n_done >= n_valid)
    assert readings.claim("s").holder() is None
    executor.train = train  # type: ignore[method-assign]
    assert confirmed(place, readings).confirmation.is_done


def test_stopped_before_it_begins_it_runs_nothing_and_lets_go(
    place: Place, readings: Readings, executor: Answering
) -> None:
    confirmer = Confirmer(spec=spec(), records=RECORDS, place=place, readings=readings, n_seeds=3)
    confirmer.interrupt()
    assert readings.claim("s").holder() is None
    assert list(confirmer.steps()) == []
    assert executor.asked == []


def test_defaults_that_failed_on_validation_are_not_tried_on_test(
    place: Place, readings: Readings, executor: Answering
) -> None:
    train = executor.train

    def failing(request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        if request.params.get("learning_rate") == RECORDS[0].params["learning_rate"]:
            raise TrialFailed("diverged", "nan")
        return train(request, on_epoch)

    executor.train = failing  # type: ignore[method-assign]
    found = confirmed(place, readings).confirmation
    assert found.finalists() == ("trial 1", "ease (baseline)")


def test_the_trial_of_today_is_measured_on_test_though_it_is_among_the_best(place: Place, readings: Readings) -> None:
    found = confirmed(place, readings, incumbent=incumbent_trial(RECORDS[2])).confirmation
    assert "trial 2 (incumbent)" in [score.contender for score in found.test]
    assert "trial 2 (incumbent)" in [gain.over for gain in found.gains]


def test_the_time_of_a_contender_is_the_median_of_its_runs(
    place: Place, readings: Readings, executor: Answering
) -> None:
    train, seconds = executor.train, iter([60.0, *[2.0] * 99])

    def slow_at_first(request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        return replace(train(request, on_epoch), cost={"train_s": next(seconds)})

    executor.train = slow_at_first  # type: ignore[method-assign]
    found = confirmed(place, readings).confirmation
    assert {score.train_s for score in found.valid} == {2.0}


def test_a_contender_that_cannot_win_is_told_to_have_broken_a_constraint(place: Place, readings: Readings) -> None:
    found = confirmed(place, readings, spec=spec(constraints=["coverage@10>=0.45"]), records=RECORDS).confirmation
    assert found.infeasible == ()  # trial 1 broke it in the study already
    best = RECORDS[1]
    lucky = replace(best, metrics=dict(best.metrics) | {"valid_coverage@10": 0.6})
    records = (RECORDS[0], lucky, *RECORDS[2:])
    found = confirmed(
        place, readings, spec=spec(constraints=["coverage@10>=0.45"], name="t"), records=records
    ).confirmation
    assert found.infeasible == ("trial 1",)
    assert found.winner == "trial 2"


def test_a_contender_that_breaks_its_constraint_over_the_seeds_cannot_win(place: Place, readings: Readings) -> None:
    found = confirmed(place, readings, spec=spec(constraints=["coverage@10>=0.45"]), records=RECORDS).confirmation
    assert found.winner == "trial 2"


def test_when_no_contender_meets_the_constraints_test_stays_sealed(
    place: Place, readings: Readings, executor: Answering
) -> None:
    given = spec(constraints=["coverage@10>=0.45"])
    records = tuple(r for r in RECORDS if r.number == 2)
    executor.train = _low_coverage(executor.train)  # type: ignore[method-assign]
    found = confirmed(place, readings, spec=given, records=records).confirmation
    assert found.is_done
    assert (found.winner, found.reading, found.test) == (None, None, ())
    assert not any(request.measures_test for request in executor.asked)


def _low_coverage(train: Any) -> Any:
    def lower(request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        result = train(request, on_epoch)
        return replace(result, metrics=dict(result.metrics) | {"valid_coverage@10": 0.1})

    return lower


def test_a_baseline_that_fails_is_told_and_costs_nothing_else(
    place: Place, readings: Readings, executor: Answering
) -> None:
    executor.breaks = {"ease"}
    found = confirmed(place, readings).confirmation
    assert "item_knn (baseline)" in [score.contender for score in found.test]
    assert {run.reason for run in found.runs if run.contender == "ease (baseline)"} == {"diverged: nan"}


def test_only_the_winners_refit_keeps_its_weights_and_the_others_what_each_user_had(
    place: Place, readings: Readings
) -> None:
    found = confirmed(place, readings).confirmation
    kept = [run for run in found.runs if run.checkpoint and (Path(run.checkpoint) / "weights").exists()]
    assert [(run.contender, run.stage, run.seed) for run in kept] == [("trial 1", "test", 0)]
    for run in found.runs:
        if run not in kept:
            assert run.checkpoint is not None
            assert load_per_user(Path(run.checkpoint)).keys() == {f"{run.stage}_users", f"{run.stage}_ndcg@10"}


def test_a_study_without_a_trial_to_confirm_is_refused(place: Place, readings: Readings) -> None:
    with pytest.raises(UserError, match="nothing to confirm"):
        Confirmer(spec=spec(), records=(), place=place, readings=readings)


def test_a_job_tells_each_run_and_how_it_ended(place: Place, readings: Readings) -> None:
    def worked(n_runs: int | None) -> list[Event]:
        confirmer = Confirmer(spec=spec(), records=RECORDS[:2], place=place, readings=readings, n_seeds=2)
        told: list[Event] = []

        def tell(event: Event) -> None:
            told.append(event)
            if len(told) == n_runs:
                job.interrupt()

        job = ConfirmationJob(confirmer, tell)
        job.work()
        return told

    first, rest = worked(3), worked(None)
    assert all(isinstance(event, ConfirmationStep) for event in [*first[:-1], *rest[:-1]])
    assert isinstance(first[-1], ConfirmationStopped) and len(first[-1].confirmation.runs) == 2
    assert [(event.stage, event.done) for event in first if isinstance(event, ConfirmationStep)] == [
        ("valid", 0),
        ("valid", 1),
        ("valid", 2),
    ]
    assert next((event.stage, event.done) for event in rest if isinstance(event, ConfirmationStep)) == ("valid", 2)
    assert isinstance(rest[-1], ConfirmationFinished) and rest[-1].confirmation.winner == "trial 1"
