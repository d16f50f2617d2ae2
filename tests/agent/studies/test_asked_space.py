"""What is searched and what runs first can be said as a study begins; what cannot be is refused with what is legal."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agent.errors import UserError
from agent.studies.asked_space import narrowed_from_the_start
from agent.studies.asked_trials import check_tries, due, tries_of
from agent.studies.runner import StudyRunner
from agent.studies.space_options import options_of, options_of_tries, space_of, tries_of_texts
from agent.studies.study_spec import StudySpec
from recmodels.errors import ParamError
from recmodels.models import MODELS

TEXTS: dict[str, Any] = {"fix": ["shrinkage=5"], "ranges": ["n_neighbors=20:200"], "choices": ["weighting=tfidf,bm25"]}


def spec_of(*models: str, tries: tuple[str, ...] = (), n_trials: int = 4, **texts: Any) -> StudySpec:
    models = models or ("item_knn",)
    spec = StudySpec.create(dataset="tiny", models=models, n_trials=n_trials)
    ranges = narrowed_from_the_start(models, space_of(**texts, models=models), {})
    return replace(spec, ranges=ranges, tries=tries_of(models, tries_of_texts(tries)))


def test_ranges_and_tries_read_back_from_the_options_that_they_are_written_as() -> None:
    spec = spec_of(tries=("n_neighbors=50 weighting=bm25", "item_knn n_neighbors=60"), **TEXTS)
    assert spec.ranges["item_knn"] == {
        "shrinkage": {"low": 5.0, "high": 5.0},
        "n_neighbors": {"low": 20, "high": 200},
        "weighting": {"choices": ["tfidf", "bm25"]},
    }
    assert spec.tries == (("item_knn", {"n_neighbors": 50, "weighting": "bm25"}), ("item_knn", {"n_neighbors": 60}))
    written = [*options_of(spec.ranges), *options_of_tries(spec.tries)]
    read: dict[str, list[str]] = {"--fix": [], "--range": [], "--choices": [], "--try": []}
    for option, text in written:
        read[option].append(text)
    again = spec_of(tries=tuple(read["--try"]), fix=read["--fix"], ranges=read["--range"], choices=read["--choices"])
    assert (again.ranges, again.tries) == (spec.ranges, spec.tries)
    assert StudySpec.from_dict(spec.to_dict()) == spec


def test_one_end_may_be_left_out_and_one_model_alone_be_meant() -> None:
    spec = spec_of("ease", "lightgcn", ranges=["dropout=:0.2", "ease.dropout=0.3:"])
    assert spec.ranges["lightgcn"]["dropout"] == {"low": 0.0, "high": 0.2}
    assert spec.ranges["ease"]["dropout"]["low"] == 0.3


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"fix": ["shrinkag=1"]}, "`shrinkag`; did you mean `shrinkage`"),
        ({"fix": ["ease.l2=1"]}, "`ease`, which is no model of this study: item_knn"),
        ({"ranges": ["n_neighbors=20:2000"]}, r"item_knn: `n_neighbors` must be in \[5, 1000\].*got 2000"),
        ({"ranges": ["n_neighbors=20-200"]}, "name=low:high"),
        ({"ranges": ["n_neighbors=:"]}, "name=low:high"),
        ({"choices": ["n_neighbors=10,50"]}, r"is a number in \[5, 1000\].*--range"),
        ({"choices": ["weighting=bm26"]}, "one of cosine, tfidf, bm25, got 'bm26'"),
        ({"fix": ["n_neighbors=9"], "ranges": ["n_neighbors=9:20"]}, "given twice"),
        ({"tries": ("n_neighbors=9 n_neighbors=8",)}, "given twice"),
        ({"tries": ("item_knn",)}, "--try 'n_neighbors=50"),
        ({"tries": ("ease l2=3",)}, "this study tunes item_knn; got 'ease'"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_is_legal(said: dict[str, Any], why: str) -> None:
    with pytest.raises(ParamError, match=why):
        spec_of(**said)


@pytest.mark.parametrize(
    ("params", "why"),
    [
        ("n_neighbors=500", r"`n_neighbors` is searched in \[20, 200\].*got 500"),
        ("shrinkage=6", "`shrinkage` is fixed at 5"),
        ("n_neighbors=5000", r"must be in \[5, 1000\]"),
        ("weighting=tfidf bm25_b=0.2", "`bm25_b` has no effect unless weighting is bm25"),
    ],
)
def test_what_is_to_run_first_has_to_lie_within_what_is_searched(params: str, why: str) -> None:
    with pytest.raises(ParamError, match=why):
        check_tries(spec_of(tries=(params,), **TEXTS))


def test_params_of_several_models_need_the_model_and_tries_fit_in_the_budget() -> None:
    with pytest.raises(ParamError, match="ease or lightgcn"):
        spec_of("ease", "lightgcn", tries=("dropout=0.1",))
    assert spec_of("ease", "lightgcn", tries=("dropout=0.1 l2=3",)).tries[0][0] == "ease"
    with pytest.raises(UserError, match="need 2 trials, and the study has 1"):
        check_tries(spec_of(tries=("n_neighbors=50",), n_trials=1))


def test_tries_run_after_the_defaults_of_their_model_and_once(runner: StudyRunner) -> None:
    study = runner.create(spec_of(tries=("n_neighbors=7", "n_neighbors=9"), n_trials=4))
    list(study.run(2))
    study.narrow("item_knn", "shrinkage", value=3.0)  # what was asked for stays what it was
    list(study.run())
    defaults, first, second, other = study.records()
    assert dict(defaults.params) == MODELS["item_knn"].space.defaults() and defaults.proposer == "defaults"
    assert [one.params["n_neighbors"] for one in (first, second)] == [7, 9]
    assert second.params["shrinkage"] == defaults.params["shrinkage"]
    assert first.proposer == "user" and "right after the defaults of item_knn" in first.rationale
    assert other.proposer not in ("user", "defaults")


def test_a_study_can_do_without_the_defaults(runner: StudyRunner) -> None:
    spec = replace(spec_of(tries=("n_neighbors=7",), n_trials=2), runs_defaults=False)
    study = runner.create(spec)
    list(study.run())
    first, second = study.records()
    assert first.params["n_neighbors"] == 7
    assert "defaults" not in (first.proposer, second.proposer)


def test_what_was_rejected_or_is_of_a_model_that_was_left_out_is_not_asked_for_again() -> None:
    spec = spec_of("item_knn", "ease", tries=("n_neighbors=7",))
    spaces: Callable[..., Any] = lambda *models: {model: spec.space(model) for model in models}  # noqa: E731
    first = due(spec, spaces("item_knn", "ease"), [], 0)
    assert first is not None and first.proposer == "defaults"
    second = due(spec, spaces("item_knn", "ease"), [], 0, [("item_knn", first.params)])
    assert second is not None and second.params["n_neighbors"] == 7
    rejected = [(one.model, one.params) for one in (first, second)]
    assert due(spec, spaces("item_knn", "ease"), [], 0, rejected) is None
    assert due(spec, spaces("ease"), [], 0) is None
