"""All that can be said of a study is in its spec, and what cannot be is refused before it begins."""

from collections.abc import Callable
from typing import Any

import pytest

from agent.answers.explain import word
from agent.errors import ToolInputError
from agent.studies.study_spec import StudySpec, usual_models
from agent.studies.trial_run import request_for
from agent.workspace import Workspace

Use = Callable[..., dict[str, Any]]


def test_everything_that_is_said_of_a_study_stands_in_its_spec_and_in_the_answer(tuned: Workspace, use: Use) -> None:
    facts = use(
        tuned,
        "start_study",
        dataset="tiny",
        models=["bpr_mf", "ease"],
        without=["ease"],
        objective=["recall@20", "coverage@20"],
        constraints=["latency_ms<=500"],
        split="random",
        sampler="nsga2",
        seed=7,
        epochs=3,
        patience=2,
        space={"embedding_size": [8, 16], "learning_rate": 0.01, "loss": {"choices": ["bpr"]}},
        n_trials=2,
        time_limit_s=600,
        trial_time_limit_s=60,
        needs_approval=True,
    )
    study = tuned.runner.open(facts["study"])
    spec = study.spec
    assert spec.models == ("bpr_mf",)
    assert [one.metric for one in spec.goal.objectives] == ["recall@20", "coverage@20"]
    assert [str(one) for one in spec.goal.constraints] == ["latency_ms <= 500"]
    assert (spec.split.kind, spec.sampler, spec.seed, spec.epochs, spec.patience) == ("random", "nsga2", 7, 3, 2)
    assert (spec.n_trials, spec.time_limit_s, spec.trial_time_limit_s, spec.needs_approval) == (2, 600, 60, True)
    space = study.spaces()["bpr_mf"]
    assert (space["embedding_size"].low, space["embedding_size"].high) == (8, 16)  # type: ignore[union-attr]
    assert space["learning_rate"].is_fixed
    assert space["loss"].choices == ("bpr",)  # type: ignore[union-attr]
    told = word("start_study", facts)
    for part in (
        "sampler nsga2",
        "split random",
        "seed 7",
        "patience 2",
        "embedding_size of bpr_mf in [8, 16]",
        "60 s each",
    ):
        assert part in told


def test_the_patience_reaches_every_trial(tuned: Workspace) -> None:
    spec = StudySpec.create(name="p", dataset="tiny", models=["bpr_mf"], patience=3)
    study = tuned.runner.create(spec)
    first = tuned.runner.peek("first")
    record = first.record(0)
    assert request_for(study.spec, study.place, record, None).budget.patience == 3
    assert request_for(first.spec, first.place, record, None).budget.patience == 5
    assert StudySpec.from_dict(spec.to_dict()) == spec


def test_a_range_counts_for_every_model_that_has_the_param(tuned: Workspace, use: Use) -> None:
    facts = use(
        tuned, "start_study", dataset="tiny", models=["bpr_mf", "ease", "lightgcn"], space={"dropout": [0.1, 0.4]}
    )
    spaces = tuned.runner.open(facts["study"]).spaces()
    for model in ("ease", "lightgcn"):
        assert (spaces[model]["dropout"].low, spaces[model]["dropout"].high) == (0.1, 0.4)  # type: ignore[union-attr]
    assert "dropout" not in spaces["bpr_mf"]


@pytest.mark.parametrize(
    ("space", "why"),
    [
        ({"dropuot": 0.1}, "no model of the study has a param `dropuot`; did you mean `dropout`"),
        ({"l2": [1, 1e9]}, "ease: .*l2"),
        ({"l2": [100, 10]}, "low bound"),
        ({"l2": "much"}, "number"),
        ({"l2": {"least": 3}}, "ease"),
        ({"l2": {}}, "say how to change"),
        ({"l2": None}, "say how to change"),
    ],
)
def test_a_range_that_cannot_be_is_refused_before_there_is_a_study(
    tuned: Workspace, use: Use, space: dict[str, Any], why: str
) -> None:
    with pytest.raises(ToolInputError, match=why):
        use(tuned, "start_study", dataset="tiny", models=["ease"], space=space)
    assert tuned.runner.names() == ["first"]


def test_models_to_leave_out_are_left_out_of_the_usual_ones(tuned: Workspace, use: Use) -> None:
    facts = use(tuned, "start_study", dataset="tiny", without=["sasrec", "lightgcn"], needs_approval=True)
    usual = usual_models(tuned.runner.open("first").spec.goal)
    assert facts["models"] == [model for model in usual if model not in ("sasrec", "lightgcn")]
    for args, why in (({"models": ["ease"], "without": ["ease"]}, "needs a model"), ({"without": ["eese"]}, "ease")):
        with pytest.raises(ToolInputError, match=why):
            use(tuned, "start_study", dataset="tiny", **args)


def test_a_study_like_another_one_differs_only_in_what_was_said(tuned: Workspace, use: Use) -> None:
    use(tuned, "set_search_space", param="embedding_size", low=16, high=20)
    facts = use(tuned, "start_study", base="first", n_trials=1, space={"learning_rate": 0.02})
    first, copy = tuned.runner.peek("first"), tuned.runner.open(facts["study"])
    assert facts["base"] == "first"
    assert copy.spec.epochs == first.spec.epochs == 4
    assert (copy.spec.models, copy.spec.goal, copy.spec.dataset) == (first.spec.models, first.spec.goal, "tiny")
    assert (copy.spec.n_trials, first.spec.n_trials) == (1, 6)
    assert copy.ranges()["bpr_mf"] == {
        "embedding_size": {"low": 16, "high": 20},
        "learning_rate": {"low": 0.02, "high": 0.02},
    }
    assert first.ranges()["bpr_mf"].keys() == {"embedding_size"}


def test_a_range_from_the_beginning_can_be_widened_to_the_whole_and_taken_back(tuned: Workspace, use: Use) -> None:
    ranges = {"bpr_mf": {"embedding_size": {"low": 16, "high": 20}}}
    study = tuned.runner.create(StudySpec.create(name="n", dataset="tiny", models=["bpr_mf"], ranges=ranges))
    declared = str(study.spec.space("bpr_mf")["embedding_size"])
    assert str(study.spaces()["bpr_mf"]["embedding_size"]).startswith("[16, 20]")
    assert use(tuned, "set_search_space", param="embedding_size", reset=True, study="n")["after"] == declared
    use(tuned, "undo")
    assert str(study.spaces()["bpr_mf"]["embedding_size"]).startswith("[16, 20]")


def test_the_whole_range_and_a_new_one_at_once_go_back(tuned: Workspace, use: Use) -> None:
    with pytest.raises(ToolInputError, match="either the whole range"):
        use(tuned, "set_search_space", param="embedding_size", reset=True, low=9)


def test_another_objective_is_a_new_study_and_that_is_said(tuned: Workspace, use: Use) -> None:
    with pytest.raises(ToolInputError, match="tune like first, optimise recall@10"):
        use(tuned, "extend_study", objective=["recall@10"])
    assert use(tuned, "extend_study", objective=["ndcg"], n_trials=1)["after"]["n_trials"] == 7
