"""Repeats with other seeds: which trials are repeated, when, and with which seed."""

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agent.errors import UserError
from agent.events import StudyNoted
from agent.executor import InProcessExecutor
from agent.objective import Goal
from agent.proposal import Proposal
from agent.studies import noise
from agent.studies.runner import StudyRunner
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import blank_record, trial_seed
from memory.record import TrialRecord
from recmodels.request import EpochReport, OnEpoch, TrainRequest, TrainResult

SPEC = StudySpec.create(dataset="d", models=["ease", "bpr_mf", "ials"], n_trials=12, name="s")


def defaults(number: int, model: str, value: float | None, **changed: Any) -> TrialRecord:
    proposal = Proposal(
        number=number, model=model, params=SPEC.space(model).defaults(), proposer="defaults", rationale="r"
    )
    state = "complete" if value is not None else "failed"
    return replace(blank_record(SPEC, {}, number, proposal), **({"state": state, "value": value} | changed))


RECORDS = (defaults(0, "ease", 0.2), defaults(1, "bpr_mf", 0.3), defaults(2, "ials", 0.25))


def test_the_leaders_defaults_are_repeated_twice_with_seeds_of_their_own() -> None:
    found: list[TrialRecord] = []
    for number in (3, 4):
        proposal = noise.due(SPEC, (*RECORDS, *found), number)
        assert proposal is not None and (proposal.model, proposal.proposer, proposal.repeat_of) == (
            "bpr_mf",
            "repeat",
            1,
        )
        assert proposal.params == RECORDS[1].params and proposal.evidence == ("s/1",)
        assert "counts in the budget" in proposal.rationale and f"repeat {number - 2} of 2" in proposal.rationale
        found.append(replace(blank_record(SPEC, {}, number, proposal), state="complete", value=0.31))
    assert noise.due(SPEC, (*RECORDS, *found), 5) is None
    seeds = [record.seed for record in (RECORDS[1], *found)]
    assert seeds == [trial_seed(SPEC, "bpr_mf", RECORDS[1].params, repeat) for repeat in range(3)]
    assert len(set(seeds)) == 3


@pytest.mark.parametrize(
    ("spec", "records", "why"),
    [
        (replace(SPEC, n_trials=9), RECORDS, "the budget is small"),
        (replace(SPEC, sampler="random"), RECORDS, "another sampler is followed as it is"),
        (SPEC, RECORDS[:2], "the defaults of ials have not run"),
        (SPEC, (replace(RECORDS[0], value=0.9), *RECORDS[1:]), "the leader is not random"),
        (SPEC, tuple(replace(record, state="failed", value=None) for record in RECORDS), "there is no leader"),
        (SPEC, (), "nothing ran"),
        (replace(SPEC, goal=Goal.parse(["ndcg@10", "coverage@10"])), RECORDS, "no single value is the result"),
    ],
)
def test_there_is_no_repeat_where_it_would_say_nothing(
    spec: StudySpec, records: tuple[TrialRecord, ...], why: str
) -> None:
    assert noise.due(spec, records, 3) is None, why


def test_params_of_the_person_that_ran_first_are_no_defaults_to_repeat() -> None:
    own = replace(RECORDS[2], proposer="user", params={**RECORDS[2].params, "reg": 0.5}, value=0.9)
    proposal = noise.due(SPEC, (*RECORDS[:2], own), 3)
    assert proposal is not None and (proposal.model, proposal.repeat_of) == ("bpr_mf", 1)


def test_a_rejected_repeat_is_not_proposed_again_and_an_interrupted_one_is() -> None:
    assert noise.due(SPEC, RECORDS, 3, rejected=[("bpr_mf", RECORDS[1].params)]) is None
    repeat = noise.due(SPEC, RECORDS, 3)
    assert repeat is not None
    lost = replace(blank_record(SPEC, {}, 3, repeat), reason="interrupted")
    again = noise.due(SPEC, (*RECORDS, lost), 4)
    assert again is not None and again.seed == repeat.seed


def test_a_repeat_that_was_asked_for_takes_the_next_seed_or_the_one_given() -> None:
    first = noise.asked_for(SPEC, RECORDS, [], 3, RECORDS[1], None)
    second = noise.asked_for(SPEC, RECORDS, [first], 3, RECORDS[1], None)
    seeds = [trial_seed(SPEC, "bpr_mf", RECORDS[1].params, repeat) for repeat in range(4)]
    assert [first.seed, second.seed] == seeds[1:3]
    other = replace(first, params={**first.params, "learning_rate": 0.5})
    third = noise.asked_for(SPEC, RECORDS, [first, other, second], 3, RECORDS[1], None)
    assert third.seed == seeds[3], "what waits with other params counts for nothing"
    with pytest.raises(UserError, match=f"a trial that runs or waits has these params with seed {first.seed} already"):
        noise.asked_for(SPEC, RECORDS, [first], 3, RECORDS[1], first.seed)
    assert (first.number, first.proposer, first.repeat_of) == (3, "user", 1)
    given = noise.asked_for(SPEC, RECORDS, [], 3, RECORDS[1], 77)
    assert given.seed == 77
    ran = replace(blank_record(SPEC, {}, 3, given), state="complete", value=0.3)
    assert noise.asked_for(SPEC, (*RECORDS, ran), [], 4, ran, 78).repeat_of == 1, "of the first of them"
    with pytest.raises(UserError, match="trial 3 has these params with seed 77 already"):
        noise.asked_for(SPEC, (*RECORDS, ran), [], 3, ran, 77)
    with pytest.raises(UserError, match="ease is not random"):
        noise.asked_for(SPEC, RECORDS, [], 3, RECORDS[0], None)
    with pytest.raises(UserError, match="was interrupted"):
        noise.asked_for(SPEC, RECORDS, [], 3, replace(RECORDS[1], reason="interrupted"), None)


class Noisy(InProcessExecutor):
    """A formula of the learning rate, with a little of the seed."""

    def train(self, request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
        value = 0.5 - abs(math.log10(float(request.params["learning_rate"])) + 2) / 10 + request.seed % 97 / 1e4
        report = EpochReport(epoch=1, epochs=1, loss=None, value=value, metrics={}, elapsed_s=0.0)
        if on_epoch is not None:
            on_epoch(report)
        how = {"cost": {}, "best_epoch": 1, "params": request.params, "split": "x", "checkpoint": None}
        return TrainResult(metrics={"valid_ndcg@10": value}, curve=(report,), **how)  # type: ignore[arg-type]


def test_a_study_of_ten_trials_repeats_its_defaults_within_its_budget(
    make_runner: Callable[..., StudyRunner],
) -> None:
    spec = StudySpec.create(dataset="tiny", models=["bpr_mf"], n_trials=10)
    study = make_runner(Noisy()).create(spec)
    list(study.run(4))
    assert [record.proposer for record in study.records()][:3] == ["defaults", "repeat", "repeat"]
    assert study.record(0).params == study.record(1).params == study.record(2).params
    assert len({record.seed for record in study.records()[:3]}) == 3
    assert len({record.value for record in study.records()[:3]}) == 3
    assert study.record(3).params != study.record(0).params
    proposal = study.repeat_trial(3)
    assert study.spec.n_trials == 10 and proposal.seed is not None
    list(study.run(1))
    assert (study.record(4).params, study.record(4).seed) == (study.record(3).params, proposal.seed)
    assert study.request(4).seed == proposal.seed


def test_limits_and_constraints_change_while_the_study_runs_and_a_restart_knows_them(
    make_runner: Callable[..., StudyRunner],
) -> None:
    spec = StudySpec.create(dataset="tiny", models=["bpr_mf"], n_trials=2, sampler="random")
    runner = make_runner(Noisy())
    study = runner.create(spec)
    for event in study.run():
        if type(event).__name__ == "TrialStarted" and study.spec.n_trials == 2:
            study.extend(n_trials=4, constraints=["coverage@10>=0.1"])
    assert len(study.records()) == 4 and study.best() is None, "the formula measures no coverage"
    notes = [event.text for event in study.log.events() if isinstance(event, StudyNoted)]
    assert notes == ["changed by the person: trials: 4, 2 more; constraints: coverage@10>=0.1"]
    again = make_runner(Noisy()).open(study.spec.name)
    assert again.status().n_trials == 4 and again.status().objective.endswith("coverage@10 >= 0.1")
    again.extend(n_trials=5, constraints=[])
    assert again.state == "stopped"
    list(again.run())
    assert (again.state, len(again.records())) == ("finished", 5) and again.best() is not None
