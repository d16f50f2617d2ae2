"""A study whose goal is more than relevance tunes the order of the lists too."""

from collections.abc import Callable
from pathlib import Path

from agent.studies.ledger import Ledger
from agent.studies.runner import StudyRunner
from agent.studies.study_spec import StudySpec
from recmodels.data.catalogue import Catalogue
from recmodels.models import MODELS
from recmodels.models.spaces import RERANKERS

GENRES = ("crime", "poetry", "travel", "history", "cooking", "science")


def shop(folder: Path, tiny_csv: Path) -> Path:
    """The tiny dataset with a genre for each item, more of them than a list has places."""
    folder.mkdir()
    (folder / "interactions.csv").write_text(tiny_csv.read_text())
    items = {line.split(",")[1] for line in tiny_csv.read_text().splitlines()[1:]}
    rows = [f"{item},book {item},{GENRES[int(item[1:]) % len(GENRES)]}" for item in sorted(items)]
    (folder / "items.csv").write_text("\n".join(["item_id,title,genres", *rows]))
    return folder


def test_relevance_is_traded_against_diversity(
    make_runner: Callable[..., StudyRunner], catalogue: Catalogue, ledger: Ledger, tmp_path: Path, tiny_csv: Path
) -> None:
    catalogue.add(shop(tmp_path / "shop", tiny_csv), name="shop")
    spec = StudySpec.create(
        dataset="shop", models=["ease"], objectives=["ndcg@5", "diversity@5"], n_trials=10, sampler="random"
    )
    study = make_runner().create(spec)
    assert study.spec.rerankers == RERANKERS
    assert study.status().space["ease"].keys() == {*MODELS["ease"].space, "rerank", "rerank_strength", "rerank_depth"}
    study.narrow("ease", "l2", value=400)
    study.narrow("ease", "rerank", choices=("none", "mmr"))
    for _ in study.run():
        pass
    trials = study.records()
    assert {trial.params["rerank"] for trial in trials} == {"none", "mmr"}
    assert trials[0].params["rerank"] == "none"
    strong = max(trials, key=lambda trial: float(trial.params.get("rerank_strength", 0)))
    assert strong.metrics["valid_diversity@5"] > trials[0].metrics["valid_diversity@5"]
    assert ledger.open(study.spec.name).spec == study.spec


def test_without_categories_only_chance_reorders(runner: StudyRunner) -> None:
    study = runner.create(StudySpec.create(dataset="tiny", models=["ease"], constraints=["coverage@10>=0.5"]))
    assert study.status().space["ease"]["rerank"] == "none, gumbel"


def test_a_study_of_relevance_leaves_the_order_alone(runner: StudyRunner) -> None:
    study = runner.create(StudySpec.create(dataset="tiny", models=["ease"]))
    assert study.status().space["ease"].keys() == MODELS["ease"].space.keys()
