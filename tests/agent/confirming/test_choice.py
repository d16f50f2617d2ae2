"""Who takes part in a confirmation, and who wins."""

import json
from dataclasses import replace
from typing import Any

import pytest

from agent.confirmation import Confirmation, Contender, Gain, Run, Score
from agent.confirming.choice import contenders_of, incumbent_of, incumbent_trial, winner_of
from agent.objective import Goal
from memory.record import TrialRecord
from recmodels.errors import ParamError
from recmodels.models import MODELS

NDCG = Goal.parse(["ndcg@10"])
EASE = MODELS["ease"].space.defaults()


def trial(number: int, value: float, proposer: str = "gp", **params: Any) -> TrialRecord:
    given = {"study": "s", "dataset": "d", "state": "complete", "objective": "ndcg@10", "model": "ease"}
    full = {**EASE, **params}
    return TrialRecord(id=f"s/{number}", number=number, value=value, params=full, proposer=proposer, **given)  # type: ignore[arg-type]


def score(name: str, mean: float, error: float, train_s: float = 1.0) -> Score:
    return Score(contender=name, mean=mean, error=error, low=None, high=None, n_runs=5, n_users=0, train_s=train_s)


def test_the_best_three_configurations_the_defaults_and_the_baselines_take_part() -> None:
    records = [trial(0, 0.1, "defaults"), *(trial(n, 0.1 + n / 100, l2=n + 1.0) for n in range(1, 6))]
    records.append(trial(6, 0.16, l2=6.0))  # trial 5 again
    found = contenders_of(NDCG, records)
    assert [(c.name, c.role) for c in found] == [
        ("defaults of ease", "defaults"),
        ("trial 5", "contender"),
        ("trial 4", "contender"),
        ("trial 3", "contender"),
        ("item_knn (baseline)", "baseline"),
    ]


def test_defaults_among_the_best_take_part_once() -> None:
    found = contenders_of(NDCG, [trial(0, 0.3, "defaults"), trial(1, 0.2, l2=3.0)])
    assert [c.name for c in found] == ["defaults of ease", "trial 1", "item_knn (baseline)"]


def test_the_defaults_that_take_part_are_those_of_the_model_that_did_best_with_them() -> None:
    knn = MODELS["item_knn"].space.defaults()
    better = replace(trial(1, 0.2, "defaults"), model="item_knn", params=knn)
    found = contenders_of(NDCG, [trial(0, 0.1, "defaults"), better], n_top=1)
    assert [(c.name, c.role) for c in found] == [("defaults of item_knn", "defaults"), ("ease (baseline)", "baseline")]


def test_an_incumbent_takes_part_under_its_own_name_unless_it_is_there_already() -> None:
    given = incumbent_of({"model": "ease", "params": {"l2": 77.0}}, ["ease"])
    assert given.params["l2"] == 77
    names = [c.name for c in contenders_of(NDCG, [trial(0, 0.3, "defaults")], incumbent=given)]
    assert names == ["defaults of ease", "incumbent", "item_knn (baseline)"]
    same = incumbent_of({"params": {}}, ["ease"])
    assert "incumbent" not in [c.name for c in contenders_of(NDCG, [trial(0, 0.3, "defaults")], incumbent=same)]


@pytest.mark.parametrize(
    "given", [{"params": {}}, {"model": "ease", "params": {"l3": 1}}, {"model": "ease", "params": 3}]
)
def test_an_incumbent_that_cannot_be_read_is_refused(given: dict[str, Any]) -> None:
    with pytest.raises(ParamError):
        incumbent_of(given, ["ease", "item_knn"])


def test_the_winner_has_the_best_mean_minus_its_error() -> None:
    scores = [score("lucky", 0.30, 0.05), score("steady", 0.29, 0.005)]
    assert winner_of(scores, 1).contender == "steady"


@pytest.mark.parametrize(
    ("top_s", "other_s", "winner"),
    [
        (40.0, 12.0, "other"),
        (0.142, 0.077, "top"),  # two single runs of one machine differ by this much
        (40.0, 27.0, "top"),  # more than two thirds of the time
        (2.9, 1.0, "top"),  # less than two seconds
        (3.1, 1.0, "other"),
        (12.0, 40.0, "top"),
    ],
)
def test_within_one_error_the_best_bound_wins_unless_another_trains_clearly_faster(
    top_s: float, other_s: float, winner: str
) -> None:
    scores = [score("other", 0.291, 0.01, other_s), score("top", 0.300, 0.01, top_s), score("far", 0.281, 0.002, 0)]
    assert winner_of(scores, 1).contender == winner
    assert winner_of(scores[::-1], 1).contender == winner


def test_nothing_within_one_error_trains_clearly_faster_than_the_winner() -> None:
    scores = [score("a", 0.30, 0.05, 60), score("b", 0.29, 0.05, 30), score("c", 0.28, 0.05, 10)]
    assert winner_of(scores, 1).contender == "c"
    assert winner_of([*scores[:2], score("d", 0.289, 0.05, 25)], 1).contender == "b"  # not clearly faster than b


def test_equal_bounds_are_told_apart_by_name_alone() -> None:
    scores = [score("trial 2", 0.3, 0.01, 0.2), score("trial 1", 0.3, 0.01, 0.4)]
    assert winner_of(scores, 1).contender == winner_of(scores[::-1], 1).contender == "trial 1"


def test_a_trial_that_runs_today_is_the_incumbent_even_where_it_is_among_the_best() -> None:
    records = [trial(0, 0.1, "defaults"), trial(1, 0.3, l2=1.0), trial(2, 0.2, l2=2.0)]
    found = contenders_of(NDCG, records, incumbent=incumbent_trial(records[2]))
    roles = {c.name: c.role for c in found}
    assert roles["trial 2 (incumbent)"] == "incumbent"
    assert "trial 2" not in roles
    assert [c.role for c in contenders_of(NDCG, records, incumbent=incumbent_trial(records[0]))].count("defaults") == 1


def test_how_near_is_near_enough_is_told_by_the_error_of_the_top_one() -> None:
    assert winner_of([score("steady", 0.300, 0.001, 9), score("unsure", 0.2995, 0.01, 1)], 1).contender == "steady"


def test_of_two_that_train_equally_fast_the_better_one_wins() -> None:
    assert winner_of([score("a", 0.295, 0.01), score("b", 0.300, 0.01), score("c", 0.294, 0.01)], 1).contender == "b"


def test_a_metric_that_is_minimized_turns_the_choice() -> None:
    assert winner_of([score("a", 0.9, 0.01), score("b", 0.8, 0.01)], -1).contender == "b"
    assert winner_of([score("a", 0.79, 0.2), score("b", 0.8, 0.001)], -1).contender == "b"


def test_a_confirmation_comes_back_from_json_and_ignores_what_a_newer_version_adds() -> None:
    contender = Contender(name="trial 1", role="contender", model="ease", params={"l2": 1.0}, trial=1, n_seeds=2)
    run = Run(contender="trial 1", stage="valid", seed=0, value=0.1, metrics={"valid_ndcg@10": 0.1})
    written = Confirmation(
        study="s", number=1, dataset="d", data="f", split="random", split_seed=0, moves_border=True,
        objective="ndcg@10", direction="maximize", contenders=(contender,), runs=(run,),
        valid=(score("trial 1", 0.1, 0.01),), gains=(Gain(over="x", mean=0.1, low=0.05, high=0.2, n_users=3),),
    )  # fmt: skip
    data = json.loads(json.dumps(written.to_dict()))
    data["new"], data["runs"][0]["new"] = 1, 2
    assert Confirmation.from_dict(data) == written
    assert written.gains[0].is_clear
