"""Studies that ask for lists of different texts."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agent.studies.runner import StudyRunner
from agent.studies.study_spec import StudySpec
from recmodels.data.catalogue import Catalogue
from recmodels.errors import DataError

pytestmark = pytest.mark.filterwarnings("ignore:.*pin_memory")


@pytest.fixture
def shelf(catalogue: Catalogue, tiny_csv: Path, tmp_path: Path) -> str:
    """The tiny dataset with titles."""
    words = ("dragon", "murder", "garden", "harbour", "violin")
    titles = [f"i{item},The {words[item % 5]} of volume {item}" for item in range(40)]
    (tmp_path / "titles.csv").write_text("\n".join(["item_id,title", *titles]))
    return catalogue.add(tiny_csv, name="shelf", items_path=tmp_path / "titles.csv").name


def test_the_diversity_of_texts_can_be_a_constraint(make_runner: Callable[..., StudyRunner], shelf: str) -> None:
    def best(bound: float) -> bool:
        spec = StudySpec.create(
            dataset=shelf, models=["popularity"], constraints=[f"text_diversity@10>={bound}"], n_trials=1
        )
        study = make_runner().create(spec)
        list(study.run())
        assert 0.05 < study.records()[0].metrics["valid_text_diversity@10"] < 0.9
        return study.best() is not None and study.spec.goal.is_feasible(study.records()[0].metrics)

    assert best(0.05)
    assert not best(0.9)


def test_the_diversity_of_texts_is_refused_where_there_are_none(make_runner: Callable[..., StudyRunner]) -> None:
    with pytest.raises(DataError, match="text_diversity@10 needs item texts, and dataset 'tiny' has none"):
        make_runner().create(StudySpec.create(dataset="tiny", constraints=["text_diversity@10>=0.5"]))
