"""A run of measurements: what is kept of a trial, and that a cut-off run goes on without doing anything twice."""

import json
from dataclasses import replace

import numpy as np
import pytest

from agent.errors import UserError
from agent.measuring import runner
from agent.measuring.measurement import Dataset, How, chosen_users, measured, plan
from memory.histories.files import append, pack, read_lines, shipped
from memory.histories.measured import MeasuredTrial
from recmodels.data.demo import demo_interactions
from recmodels.errors import ParamError, TrialFailed
from recmodels.request import SplitSpec
from recmodels.training import train

HOW = How(split=SplitSpec(kind="random"), epochs=2)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory) -> Dataset:
    folder = tmp_path_factory.mktemp("demo")
    demo_interactions().save(folder)
    return Dataset.open(folder, HOW)


@pytest.fixture(scope="module")
def trial(dataset) -> MeasuredTrial:
    return measured(plan([dataset], ["ials"], 1, 0, HOW)[0], train)


def test_a_trial_keeps_validation_its_curve_and_the_values_of_256_users(trial, dataset):
    assert trial.state == "complete" and trial.configuration == 0 and trial.epochs == 2
    assert trial.metrics["valid_ndcg@10"] == trial.value == max(trial.curve)
    assert trial.best_epoch == trial.curve.index(trial.value) + 1 and len(trial.curve) == 2
    assert len(trial.users) == len(set(trial.users)) == len(trial.user_values) == 256
    assert np.mean(trial.user_values) == pytest.approx(trial.value, abs=0.1)
    assert trial.cost["epochs"] == 2 and trial.profile["n_users"] == dataset.profile["n_users"]


def test_costs_are_those_of_a_machine_with_nothing_else_to_do(dataset):
    def busy(request):
        result = train(request)
        waited = {"train_s": 6.0, "total_s": 12.0, "load_s": 2.0, "processor_s": 5.0}
        return replace(result, cost={**result.cost, **waited})

    cost = measured(plan([dataset], ["item_knn"], 1, 0, HOW)[0], busy).cost

    assert (cost["train_s"], cost["total_s"], cost["load_s"], cost["processor_s"]) == (3.0, 6.0, 1.0, 5.0)
    assert cost["n_parameters"] > 100


def test_no_test_value_is_kept(trial):
    assert not any("test" in name for name in trial.metrics)
    with pytest.raises(ValueError, match="test_ndcg@10"):
        MeasuredTrial.from_line(trial.to_line().replace("valid_ndcg@10", "test_ndcg@10"))


def test_the_same_users_are_chosen_whatever_the_model(dataset, trial):
    other = measured(plan([dataset], ["item_knn"], 2, 0, HOW)[1], train)
    assert other.users == trial.users and other.user_values != trial.user_values
    assert list(chosen_users(np.arange(3))) == [0, 1, 2]


def test_a_line_gives_back_the_trial_and_a_record_marked_as_shipped(trial):
    assert MeasuredTrial.from_line(trial.to_line()) == trial
    later = json.dumps(json.loads(trial.to_line()) | {"of_a_later_version": 1})
    assert MeasuredTrial.from_line(later) == trial
    record = trial.record()
    assert record.proposer == "shipped" and record.value == trial.value and record.params == trial.params


@pytest.mark.parametrize("line", ["", "{", "[]", "{}", '{"format": 1}', '{"format": 99}', '{"format": "1"}'])
def test_a_line_that_is_no_trial_is_refused(line):
    with pytest.raises(ValueError):
        MeasuredTrial.from_line(line)


def test_a_failure_is_kept_with_its_reason(dataset):
    def fails(request):
        raise TrialFailed("diverged", "loss is nan")

    trial = measured(plan([dataset], ["ials"], 1, 0, HOW)[0], fails)
    assert (trial.state, trial.reason, trial.value, trial.curve) == ("failed", "diverged: loss is nan", None, ())


def test_the_plan_grows_evenly_and_repeats_a_tenth_of_random_models(dataset):
    wanted = plan([dataset], ["ease", "ials"], 20, 0, HOW)
    order = [(one.configuration, one.model) for one in wanted]
    assert order[:4] == [(0, "ease"), (0, "ials"), (0, "ials"), (1, "ease")]
    assert len(order) == 42 and len({one.key for one in wanted}) == 42


def test_a_run_that_was_cut_off_goes_on_and_measures_nothing_twice(tmp_path, dataset, trial):
    wanted = plan([dataset], ["ials"], 2, 0, HOW)
    append(tmp_path, trial)
    with (tmp_path / "ials.jsonl").open("a") as file:
        file.write('{"format": 1, "dataset": "half a li')
    came = []
    n = runner.measure(wanted, tmp_path, n_jobs=2, on_done=came.append)
    assert n == 2 and {one.key for one in came} == {one.key for one in wanted} - {trial.key}
    assert {one.key for one in read_lines(tmp_path)} == {one.key for one in wanted}
    assert runner.measure(wanted, tmp_path) == 0


def test_a_run_ends_when_its_time_is_over_and_keeps_no_trial_that_was_given_up(tmp_path, dataset):
    assert runner.measure(plan([dataset], ["ials"], 5, 0, HOW), tmp_path, limit_s=0.0) == 0
    assert read_lines(tmp_path) == []


def test_a_request_that_cannot_be_run_ends_the_run(tmp_path, dataset):
    impossible = How(split=SplitSpec(kind="random"), objective="auc")
    with pytest.raises(ParamError):
        runner.measure(plan([dataset], ["ease"], 3, 0, impossible), tmp_path)


def test_a_crash_is_measured_again_and_never_packed(tmp_path, dataset, trial):
    crashed = replace(trial, state="failed", reason="error: KeyError: 'x'", value=None)
    append(tmp_path, crashed)
    assert len(runner.missing(plan([dataset], ["ials"], 1, 0, HOW), tmp_path)) == 2
    assert pack([crashed], tmp_path / "packed") == []
    append(tmp_path, trial)
    assert read_lines(tmp_path) == [trial]


def test_two_runs_cannot_write_one_folder(tmp_path, dataset):
    wanted = plan([dataset], ["popularity"], 1, 0, HOW)

    def again(trial):
        with pytest.raises(UserError, match="another run"):
            runner.measure(wanted, tmp_path)

    assert runner.measure(wanted, tmp_path, on_done=again) == 1


def test_packed_files_are_the_same_bytes_for_the_same_trials(tmp_path, trial, dataset):
    (path,) = pack([trial], tmp_path / "one")
    (again,) = pack([trial, trial], tmp_path / "two")
    assert path.name == f"ials--{dataset.name}.jsonl.gz"
    assert read_lines(path.parent) == [trial] == read_lines(again.parent)


def test_a_damaged_file_is_named_with_its_line(tmp_path, dataset):
    (tmp_path / "ials.jsonl").write_text("no JSON\n")
    with pytest.raises(UserError, match=r"ials.jsonl, line 1"):
        runner.missing(plan([dataset], ["ials"], 1, 0, HOW), tmp_path)


def test_what_ships_can_be_read_and_holds_no_test_value():
    for trial in shipped():
        assert trial.record().proposer == "shipped"
        assert not any(name.startswith("test_") for name in trial.metrics)
