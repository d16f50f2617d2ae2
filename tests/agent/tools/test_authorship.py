"""What a language model chooses is booked as its own and gated; what the person said, or what waited, stays theirs."""

import time
from typing import Any

import pytest

from agent.chat.conversation import Conversation
from agent.errors import ToolInputError
from agent.events import AnswerFinished, ToolReturned
from agent.llm.scripted import ScriptedChat, call
from agent.results.kept import as_json
from agent.tools.authorship import made_by_model
from agent.workspace import Workspace
from recmodels.models import MODELS

DEFAULTS = {name: param.default for name, param in MODELS["bpr_mf"].space.items()}
WHY = "A slightly higher learning_rate may fit more of these users."


def turn(workspace: Workspace, say: str, *lines: Any) -> tuple[list[ToolReturned], AnswerFinished]:
    events = list(Conversation(workspace, "one", ScriptedChat(lines=list(lines))).send(say))
    assert isinstance(events[-1], AnswerFinished)
    return [event for event in events if isinstance(event, ToolReturned)], events[-1]


def nothing(param: str, value: Any) -> bool:
    """The person said nothing."""
    return False


def near_the_best(workspace: Workspace) -> dict[str, Any]:
    """The arguments of a trial next to the best one, which the gate lets through."""
    best = workspace.runner.open("first").best()
    assert best is not None
    return {"base": best.number, "params": {"learning_rate": round(float(best.params["learning_rate"]) * 1.2, 5)}}


def settled(workspace: Workspace) -> None:
    study = workspace.runner.open("first")
    deadline = time.monotonic() + 60
    while not study.is_over:
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_values_of_the_models_own_are_booked_as_its_own_with_its_reason(tuned: Workspace) -> None:
    line = call("run_trial", **near_the_best(tuned), rationale=WHY, expected=0.2)
    returned, _ = turn(tuned, "run a trial with another learning rate", line, "It runs.")
    proposal = returned[0].facts["proposal"]
    assert (proposal["proposer"], proposal["expected"]) == ("llm", 0.2)
    assert proposal["rationale"] == f"“{WHY}”"
    settled(tuned)
    assert tuned.runner.open("first").record(6).proposer == "llm"


def test_values_that_the_person_said_are_the_persons_whoever_writes_the_call(tuned: Workspace) -> None:
    line = call("run_trial", params={"embedding_size": 24}, rationale=WHY)
    returned, _ = turn(tuned, "run a trial with an embedding size of 24", line, "It runs.")
    assert returned[0].facts["proposal"]["proposer"] == "user"
    settled(tuned)


def test_one_value_of_its_own_next_to_one_that_was_said_makes_the_params_the_models(tuned: Workspace) -> None:
    args = near_the_best(tuned)
    size = int(tuned.runner.open("first").record(args["base"]).params["embedding_size"])
    other = size - 1 if size > 16 else size + 1
    line = call("run_trial", **(args | {"params": args["params"] | {"embedding_size": other}}), rationale=WHY)
    returned, _ = turn(tuned, f"run a trial with an embedding size of {other}", line, "It runs.")
    assert returned[0].facts["proposal"]["proposer"] == "llm"
    settled(tuned)


def test_a_value_that_was_said_of_another_param_is_not_said_of_this_one(tuned: Workspace) -> None:
    params = {"embedding_size": 24, "n_negatives": 24}
    line = call("run_trial", params=params, rationale=WHY)
    returned, _ = turn(tuned, "run a trial with an embedding size of 24", line, "It runs.")
    facts = returned[0].facts
    assert (
        facts["error"].startswith("these params are your own")
        if "error" in facts
        else (facts["proposal"]["proposer"] == "llm")
    )


def test_without_a_reason_the_person_is_asked_and_a_yes_runs_it_as_the_models(tuned: Workspace) -> None:
    tried = [value for record in tuned.runner.open("first").records() for value in record.params.values()]
    size = next(size for size in (24, 40, 56, 72) if size not in tried)  # those are given by the state of affairs
    line = call("run_trial", params={"embedding_size": size})
    returned, answer = turn(tuned, "run a trial with another embedding size", line)
    assert returned[0].is_error
    assert f"You did not say `{size}`" in answer.text
    returned, _ = turn(tuned, "yes")
    assert returned[0].facts["proposal"]["proposer"] == "llm"
    assert "agreed to by the person" in returned[0].facts["proposal"]["rationale"]
    settled(tuned)


def test_where_nobody_is_asked_the_model_is_told_to_give_a_reason(tuned: Workspace, use: Any) -> None:
    with made_by_model(nothing), pytest.raises(ToolInputError, match=r"did not say embedding_size 24.*`rationale`"):
        use(tuned, "run_trial", params={"embedding_size": 24})


@pytest.mark.parametrize(
    ("params", "rule"),
    [
        ({"embedding_size": 10_000}, "must be"),
        ({"learning_rate": DEFAULTS["learning_rate"]}, "those of trial 0"),
        ({"learning_rate": 0.05}, "must be"),  # it is narrowed
    ],
)
def test_the_models_own_params_pass_the_gate_or_go_back_with_the_rule(
    tuned: Workspace, use: Any, params: dict[str, Any], rule: str
) -> None:
    use(tuned, "set_search_space", param="learning_rate", low=0.001, high=0.02)
    with made_by_model(nothing), pytest.raises(ToolInputError, match=rule):
        use(tuned, "run_trial", params=params, rationale=WHY)


def test_params_that_promise_less_than_the_advisors_are_refused_with_both_values(tuned: Workspace, use: Any) -> None:
    study = tuned.runner.open("first")
    worst = min((r for r in study.records() if r.value is not None), key=lambda record: record.value or 0.0)
    near = dict(worst.params) | {"learning_rate": float(worst.params["learning_rate"]) * 1.15}
    with made_by_model(nothing), pytest.raises(ToolInputError, match=r"these params and .* the advisor's candidate"):
        use(tuned, "run_trial", params=near, rationale=WHY)


def test_a_reason_that_does_not_hold_goes_back_and_an_expectation_must_be_possible(tuned: Workspace, use: Any) -> None:
    false = "Trial 2 reached 0.987 with ndcg@10."
    with made_by_model(nothing), pytest.raises(ToolInputError, match="does not hold"):
        use(tuned, "run_trial", **near_the_best(tuned), rationale=false)
    with made_by_model(nothing), pytest.raises(ToolInputError, match="between 0 and 1"):
        use(tuned, "run_trial", **near_the_best(tuned), rationale=WHY, expected=20)


def test_run_it_runs_what_waits_exactly_and_its_params_may_be_said_again(tuned: Workspace, use: Any) -> None:
    for args in ({}, {"params": None}):
        waits = use(tuned, "propose_trial", request="embedding_size 20, everything else like trial 2")["proposal"]
        again = args or {"params": {"embedding_size": waits["params"]["embedding_size"]}}
        with made_by_model(nothing):
            ran = use(tuned, "run_trial", **again)["proposal"]
        same = ("params", "proposer", "rationale", "expected")
        assert [ran[name] for name in same] == [waits[name] for name in same]
        settled(tuned)


def test_params_change_what_waits_in_every_state_and_a_base_is_that_trial(tuned: Workspace, use: Any) -> None:
    study = tuned.runner.open("first")
    waits = use(tuned, "propose_trial", request="embedding_size 20, everything else like trial 2")["proposal"]
    changed = use(tuned, "run_trial", params={"learning_rate": 0.0123})["proposal"]
    assert changed["params"] == waits["params"] | {"learning_rate": 0.0123}
    assert (changed["proposer"], changed["rationale"]) == ("user", "“the proposal that waited, changed by the person”")
    settled(tuned)
    use(tuned, "propose_trial", request="embedding_size 22")
    based = use(tuned, "run_trial", params={"learning_rate": 0.0124}, base=1)["proposal"]
    assert based["params"] == as_json(dict(study.record(1).params) | {"learning_rate": 0.0124})
    settled(tuned)
    plain = use(tuned, "run_trial", params={"learning_rate": 0.0125})["proposal"]
    assert plain["params"] == dict(study.record(0).params) | {"learning_rate": 0.0125}
    settled(tuned)


def test_what_waits_for_approval_can_be_changed_by_the_person(tuned: Workspace, use: Any) -> None:
    use(tuned, "start_study", dataset="tiny", models=["ease"], n_trials=1, needs_approval=True)
    study = tuned.runner.current()
    assert study is not None
    deadline = time.monotonic() + 60
    while study.state != "waiting":
        assert time.monotonic() < deadline
        time.sleep(0.02)
    proposal = use(tuned, "run_trial", params={"l2": 77.0})["proposal"]
    assert (proposal["params"]["l2"], proposal["proposer"]) == (77.0, "user")
