"""A study weighs outcomes as the person said, and says so wherever its numbers stand."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from agent.answers.across_studies import compare_studies
from agent.answers.standings import further_metrics, further_values, leaderboard
from agent.answers.trial_table import trial_table
from agent.confirming.commands import tune_command
from agent.studies.ledger import Ledger
from agent.studies.runner import StudyRunner
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import blank_record, request_for
from memory.summary import summarize
from recmodels.data.catalogue import Catalogue
from recmodels.errors import DataError, ParamError

WEIGHTS = "purchase=10,cart=3,view=1"


@pytest.fixture
def shop(catalogue: Catalogue, tmp_path: Path) -> Catalogue:
    """Thirty people with ten events each."""
    rng, kinds = np.random.default_rng(0), ("view", "view", "cart", "Purchase")
    rows = [
        f"u{u},i{i},{1_600_000_000 + 100 * n + u},{kinds[int(rng.integers(4))]}"
        for u in range(30)
        for n, i in enumerate(rng.permutation(20)[:10])
    ]
    (tmp_path / "shop.csv").write_text("\n".join(["user_id,item_id,timestamp,event_type", *rows]))
    catalogue.add(tmp_path / "shop.csv")
    return catalogue


def spec(**given: object) -> StudySpec:
    asked = {"dataset": "shop", "models": ["item_knn"], "n_trials": 1, "outcomes": WEIGHTS}
    return StudySpec.create(**(asked | given))  # type: ignore[arg-type]


def test_the_weights_go_from_the_spec_to_the_records(
    shop: Catalogue, make_runner: Callable[..., StudyRunner], ledger: Ledger
) -> None:
    study = make_runner().create(spec())
    for _ in study.run():
        pass
    (record,) = study.records()
    theirs = "Purchase=10,cart=3,view=1"  # as the data write it
    assert (record.state, record.outcomes) == ("complete", theirs)
    assert {"valid_recall_of_purchase@10", "valid_recall_of_cart@10"} <= record.metrics.keys()
    shown = further_metrics(study.spec.goal, study.records())
    assert shown == ["recall_of_purchase@10", "recall_of_cart@10", "recall_of_view@10"]
    assert "–" not in further_values(study.spec.goal, record.metrics, study.records())
    (ranked,) = leaderboard(study, 5)
    assert ranked.further == {name: record.metrics[f"valid_{name}"] for name in shown}
    table = trial_table(study)
    at = table.columns.index("recall_of_purchase@10")
    assert table.rows[0][at] == record.metrics["valid_recall_of_purchase@10"]
    assert study.status().objective == "maximize ndcg@10, Purchase counts 10, cart 3, view 1"
    assert summarize(record).endswith(f"where outcomes count {theirs}.")
    assert ledger.open(study.spec.name).spec.outcomes == theirs
    assert f"--outcome {theirs}" in tune_command(study.spec)
    request = request_for(study.spec, study.place, blank_record(study.spec, {}, 0, study.proposal(0)), None)
    assert request.outcomes == theirs


def test_a_study_from_before_there_were_weights_counts_all_alike() -> None:
    written = spec().to_dict()
    del written["outcomes"]
    assert StudySpec.from_dict(written).outcomes is None


def test_weights_that_cannot_work_are_refused_before_the_first_trial(
    shop: Catalogue, make_runner: Callable[..., StudyRunner]
) -> None:
    with pytest.raises(ParamError, match="must be a number of 0 or more, got '-1'"):
        spec(outcomes="view=-1")
    with pytest.raises(ParamError, match="recall@10 counts them alike"):
        spec(objectives=["recall@10"])
    runner = make_runner()
    with pytest.raises(DataError, match=r"`shop` has no outcome 'like'; it has view \(\d+ rows\)"):
        runner.create(spec(outcomes="like=1"))
    with pytest.raises(DataError, match="`tiny` has none"):
        runner.create(spec(dataset="tiny"))


def test_studies_of_other_weights_are_not_compared(shop: Catalogue, make_runner: Callable[..., StudyRunner]) -> None:
    runner = make_runner()
    one, other = (runner.create(spec(outcomes=weights)) for weights in (WEIGHTS, None))
    assert compare_studies(one, other).unlike == ("outcomes",)
