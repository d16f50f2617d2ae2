"""A study settles once which ratings count as likes, and says so wherever its numbers stand."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from agent.answers.across_studies import compare_studies
from agent.confirming.commands import tune_command
from agent.studies.ledger import Ledger
from agent.studies.runner import StudyRunner
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import blank_record, request_for
from memory.summary import summarize
from recmodels.data.catalogue import Catalogue
from recmodels.errors import DataError, ParamError


@pytest.fixture
def rated(catalogue: Catalogue, tmp_path: Path) -> Catalogue:
    """Thirty people with ten ratings each, half of them 1 and half of them 5."""
    rng = np.random.default_rng(0)
    rows = [f"u{u},i{i},{5 if n < 5 else 1}" for u in range(30) for n, i in enumerate(rng.permutation(20)[:10])]
    (tmp_path / "rated.csv").write_text("\n".join(["user_id,item_id,rating", *rows]))
    catalogue.add(tmp_path / "rated.csv")
    return catalogue


def spec(**given: object) -> StudySpec:
    return StudySpec.create(**({"dataset": "rated", "models": ["item_knn"], "n_trials": 1} | given))  # type: ignore[arg-type]


def test_the_rule_goes_from_the_spec_to_the_records(
    rated: Catalogue, make_runner: Callable[..., StudyRunner], ledger: Ledger
) -> None:
    study = make_runner().create(spec(positive="4+"))
    for _ in study.run():
        pass
    (record,) = study.records()
    assert (record.state, record.positive) == ("complete", ">=4")
    assert study.status().objective == "maximize ndcg@10, ratings of 4 and more count as likes"
    assert summarize(record).endswith("where ratings >=4 count as likes.")
    assert ledger.open(study.spec.name).spec.positive == ">=4"
    assert "--positive '>=4'" in tune_command(study.spec)
    request = request_for(study.spec, study.place, blank_record(study.spec, {}, 0, study.proposal(0)), None)
    assert request.positive == ">=4"
    assert json.loads((Path(str(record.checkpoint)) / "checkpoint.json").read_text())["positive"] == ">=4"


def test_what_is_left_to_the_data_is_settled_when_the_study_begins(
    rated: Catalogue, make_runner: Callable[..., StudyRunner]
) -> None:
    runner = make_runner()
    assert runner.create(spec()).spec.positive == ">=4"
    assert runner.create(spec(dataset="tiny")).spec.positive == "all"
    assert runner.create(spec(positive="all")).spec.positive == "all"


def test_a_study_from_before_there_were_rules_counts_every_row() -> None:
    written = spec(positive=">=4").to_dict()
    del written["positive"]
    assert StudySpec.from_dict(written).positive == "all"


def test_a_rule_that_cannot_work_is_refused_before_the_first_trial(
    rated: Catalogue, make_runner: Callable[..., StudyRunner]
) -> None:
    with pytest.raises(ParamError, match="what counts as a like"):
        spec(positive="good ones")
    runner = make_runner()
    with pytest.raises(DataError, match="no row of `rated` is a like"):
        runner.create(spec(positive=">=6"))
    with pytest.raises(DataError, match="no ratings to compare"):
        runner.create(spec(dataset="tiny", positive=">=4"))


def test_likes_can_be_predicted_where_a_rule_tells_them(
    rated: Catalogue, make_runner: Callable[..., StudyRunner]
) -> None:
    runner, asked = make_runner(), {"models": ["biased_mf"], "objectives": ["auc"]}
    with pytest.raises(DataError, match="auc needs labels"):
        runner.check(spec(positive="all", **asked))
    runner.check(spec(positive=">=4", **asked))


def test_studies_of_other_likes_are_not_compared(rated: Catalogue, make_runner: Callable[..., StudyRunner]) -> None:
    runner = make_runner()
    one, other = (runner.create(spec(positive=rule)) for rule in ("all", ">=4"))
    assert compare_studies(one, other).unlike == ("positive",)
