"""Studies whose objective is of predictions."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.answers.analysis import show_tradeoffs
from agent.studies.runner import StudyRunner
from agent.studies.study_spec import StudySpec
from recmodels.data.catalogue import Catalogue
from recmodels.errors import DataError, ParamError

pytestmark = pytest.mark.filterwarnings("ignore:.*pin_memory")


@pytest.fixture
def offers(catalogue: Catalogue, tmp_path: Path) -> str:
    """A dataset with labels: an offer is taken when its number and the user's agree."""
    rows = [f"u{u},i{i},{int(u % 2 == i % 2)}" for u in range(20) for i in range(25)]
    (tmp_path / "offers.csv").write_text("\n".join(["user,item,clicked", *rows]))
    return catalogue.add(tmp_path / "offers.csv").name


def test_models_that_predict_compete_where_the_objective_is_of_predictions() -> None:
    spec = StudySpec.create(dataset="offers", objectives=["logloss"])
    assert spec.models == ("biased_mf", "deepfm")
    assert str(spec.goal) == "minimize logloss"
    assert not set(spec.models) & set(StudySpec.create(dataset="offers").models)
    with pytest.raises(ParamError, match="did you mean `logloss`"):
        StudySpec.create(dataset="offers", objectives=["loglos"])


def test_the_trial_with_the_least_log_loss_is_the_best(make_runner: Callable[..., StudyRunner], offers: str) -> None:
    spec = StudySpec.create(
        dataset=offers, models=["biased_mf"], objectives=["logloss"], constraints=["auc>=0.1"], n_trials=3, epochs=2
    )
    study = make_runner().create(spec)
    list(study.run())
    values = [record.metrics["valid_logloss"] for record in study.records() if record.state == "complete"]
    assert len(values) >= 2
    assert study.best().value == min(values)
    assert show_tradeoffs(study).metrics.keys() == {"logloss", "auc"}


def test_lists_that_a_constraint_asks_for_are_measured_too(
    make_runner: Callable[..., StudyRunner], offers: str
) -> None:
    spec = StudySpec.create(
        dataset=offers, models=["biased_mf"], objectives=["auc"], constraints=["coverage@5>=0"], n_trials=1, epochs=1
    )
    study = make_runner().create(spec)
    list(study.run())
    assert {"valid_auc", "valid_coverage@5"} <= study.records()[0].metrics.keys()


def test_a_dataset_without_labels_is_refused_before_any_trial(make_runner: Callable[..., StudyRunner]) -> None:
    with pytest.raises(DataError, match="auc needs labels, and dataset 'tiny' has none"):
        make_runner().create(StudySpec.create(dataset="tiny", objectives=["auc"]))
