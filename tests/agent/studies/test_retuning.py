"""A study once more on other data begins with what was the best, then the defaults, and says what either is worth."""

from pathlib import Path

import pytest

from agent.answers.retuned import retuned_words
from agent.errors import UserError
from agent.studies.retuning import retune, retuned, retuned_spec, terms_kept
from agent.studies.runner import StudyRunner
from agent.studies.study import Study
from agent.studies.study_spec import StudySpec
from recmodels.data.catalogue import Catalogue
from recmodels.data.versions import append
from recmodels.models import MODELS
from recmodels.request import SplitSpec

DEFAULT = MODELS["item_knn"].space.defaults()


@pytest.fixture
def grown(catalogue: Catalogue, tmp_path: Path) -> str:
    more = tmp_path / "more.csv"
    more.write_text("user_id,item_id,timestamp\n" + "".join(f"u{u},i{u % 7},2000000\n" for u in range(70)))
    return append(catalogue, more, "tiny").key


def earlier(runner: StudyRunner, n_neighbors: int) -> Study:
    """One whose best trial has so many neighbours, and one param that is fixed."""
    spec = StudySpec.create(
        dataset="tiny",
        models=["item_knn"],
        n_trials=1,
        split=SplitSpec(kind="random", seed=3),
        epochs=3,
        seed=4,
        sampler="tpe",
        pruner="none",
        uses_rules=False,
        ranges={"item_knn": {"shrinkage": {"low": 1.0, "high": 50.0}}},
    )
    study = runner.create(spec)
    study.run_trial({"n_neighbors": n_neighbors})
    list(study.run())
    return study


def test_the_earlier_best_runs_first_then_the_defaults_then_the_study_goes_on(runner: StudyRunner, grown: str) -> None:
    before = earlier(runner, 7)
    assert retuned_spec(before, grown).repeats_says == "as in study tiny-1"
    again = retune(runner, before, retuned_spec(before, grown, n_trials=3))
    list(again.watch())
    assert again.state == "finished" and again.name == "tiny-v2-1"
    assert again.spec.split == SplitSpec(kind="random", seed=3) and (again.spec.epochs, again.spec.seed) == (3, 4)
    first, second, third = again.records()
    assert dict(first.params) == dict(before.record(0).params) and first.params["n_neighbors"] == 7
    assert first.evidence == ("tiny-1/0",) and "the best of tiny-1 (its trial 0 with ndcg@10" in first.rationale
    assert dict(second.params) == DEFAULT and second.proposer == "defaults"
    assert dict(third.params) not in (dict(first.params), dict(second.params))
    assert retuned_words(again).startswith("On tiny-v2 the best of tiny-1 reaches ndcg@10 ")
    found = retuned(again)
    assert found is not None and (found.to_json()["from"], found.to_json()["past"]) == ("tiny-1/0", 0)
    assert retuned_words(before) == "" and retuned(before) is None
    assert StudySpec.from_dict(again.spec.to_dict()) == again.spec


def test_defaults_that_were_the_best_run_once(runner: StudyRunner, grown: str) -> None:
    before = earlier(runner, int(DEFAULT["n_neighbors"]))
    again = retune(runner, before, retuned_spec(before, grown, n_trials=1))
    list(again.watch())
    (only,) = again.records()
    assert only.proposer == "defaults" and "they are the defaults of item_knn" in only.rationale
    assert retuned_words(again).endswith("(trial 0), and is still the best.")


def test_a_study_without_a_best_or_on_the_same_data_is_refused(runner: StudyRunner, grown: str) -> None:
    empty = runner.create(StudySpec.create(dataset="tiny", models=["ease"], n_trials=1))
    with pytest.raises(UserError, match="has no best trial yet"):
        retuned_spec(empty, grown)
    with pytest.raises(UserError, match="ran on 'tiny' already"):
        retuned_spec(earlier(runner, 7), "tiny")


def test_what_is_not_said_is_the_earlier_studys_and_both_are_told(runner: StudyRunner, grown: str) -> None:
    before = earlier(runner, 7)
    same = retuned_spec(before, grown)
    assert (same.sampler, same.pruner, same.uses_rules, same.seed) == ("tpe", "none", False, 4)
    assert same.ranges == before.ranges() != {}
    said = retuned_spec(before, grown, sampler="random", pruner=None, uses_rules=True, time_limit_s=60.0)
    assert (said.sampler, said.pruner, said.uses_rules, said.time_limit_s) == ("random", "none", True, 60.0)
    told = terms_kept(before, said)
    kept, now = told.split("; ")
    assert kept.startswith("as in tiny-1: ") and "pruner none" in kept and "--range item_knn.shrinkage=1.0:50.0" in kept
    assert now == "as said now: sampler random, rules used, time limit 60 s"
    with pytest.raises(UserError, match="the best of tiny-1 is of item_knn, which takes no part"):
        retuned_spec(before, grown, models=("ease",))


def test_a_study_goes_on_without_an_earlier_best_outside_of_its_ranges(runner: StudyRunner, grown: str) -> None:
    before = earlier(runner, 7)
    ranges = {"item_knn": {"n_neighbors": {"low": 20, "high": 30}}}
    again = retune(runner, before, retuned_spec(before, grown, ranges=ranges, runs_defaults=False))
    list(again.watch())
    (only,) = again.records()
    assert only.state == "complete" and 20 <= int(only.params["n_neighbors"]) <= 30
