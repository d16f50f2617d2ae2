"""Each act of a decider: what it comes to where it is legal, and the rule that it is sent back with where it is not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import jsonschema
import pytest

from agent.advisor.situation import Situation
from agent.deciding.acts import (
    Act,
    Ask,
    BringIn,
    Deed,
    Draft,
    End,
    IllegalError,
    LeaveOut,
    Longer,
    Own,
    Repeat,
    SetRange,
    Take,
)
from agent.deciding.answer import choice_of, draft_of
from agent.deciding.context import DecisionContext
from agent.deciding.prompt import fitted
from agent.deciding.rules import checked
from agent.proposal import Proposal
from memory.record import TrialRecord

Seen = Callable[..., DecisionContext]


def done(seen: Seen, situation: Situation, act: Act, **changed: Any) -> Proposal | Deed:
    context = seen(**changed)
    if "records" in changed:
        situation = replace(situation, records=changed["records"])
    return checked(context, situation, Draft(act=act, rationale="So.", expected=0.33, evidence=("s/0",)))


def rule(seen: Seen, situation: Situation, act: Act, **changed: Any) -> str:
    with pytest.raises(IllegalError) as caught:
        done(seen, situation, act, **changed)
    return str(caught.value)


def test_own_params_are_completed_and_what_does_not_apply_is_left_out(seen: Seen, situation: Situation) -> None:
    found = done(seen, situation, Own(model="m", params={"rate": 0.25, "loss": "bce", "margin": 0.3}))
    assert isinstance(found, Proposal)
    assert found.params == {"rate": 0.25, "loss": "bce", "batch": 32, "epochs": 10}
    assert (found.proposer, found.act, found.expected, found.evidence) == ("llm", "own", 0.33, ("s/0",))


def test_what_is_held_is_left_to_the_person(seen: Seen, situation: Situation) -> None:
    said = rule(seen, situation, Own(model="m", params={"rate": 0.25, "batch": 16}))
    assert said == "`batch` is held at 32 until the person gives it a range"


def test_the_defaults_of_a_model_run_before_its_other_params(
    seen: Seen, situation: Situation, make_record: Callable[..., TrialRecord]
) -> None:
    only_m = (make_record(0, 0.3),)
    said = rule(seen, situation, Own(model="n", params={"l2": 20.0}), records=only_m)
    assert said == "the defaults of n run first, so that every change is measured against them"
    assert isinstance(done(seen, situation, Own(model="n", params={}), records=only_m), Proposal)
    asked = done(seen, situation, Own(model="n", params={"l2": 20.0}), records=only_m, request="l2 of 20")
    assert isinstance(asked, Proposal), "the person's wish goes first"


def many(make_record: Callable[..., TrialRecord], **changed: Any) -> tuple[TrialRecord, ...]:
    """Trials of n whose value falls with l2."""
    values = enumerate((1.0, 2.0, 4.0, 8.0, 16.0, 32.0))
    return tuple(make_record(i, 0.4 - 0.05 * i, model="n", params={"l2": l2}, **changed) for i, l2 in values)


def test_an_exploration_passes_the_surrogate_within_its_share_of_the_budget(
    seen: Seen, situation: Situation, make_record: Callable[..., TrialRecord]
) -> None:
    records = many(make_record)
    best = replace(seen().candidates[1], params={"l2": 1.4})
    bad, scope = Own(model="n", params={"l2": 90.0}), seen().scope
    assert "further apart than the margin" in rule(seen, situation, bad, records=records, candidates=(best,))
    explores = replace(bad, explores=True)
    found = done(seen, situation, explores, records=records, candidates=(best,))
    assert isinstance(found, Proposal) and (found.act, found.proposer) == ("explore", "llm")
    said = rule(seen, situation, explores, records=records, scope=replace(scope, n_explored=4))
    assert said == "4 of 20 trials may be explorations, and 4 were"
    assert isinstance(done(seen, situation, explores, records=records, n_trials=3), Proposal), "one at least"
    ran = Own(model="n", params={"l2": 8.0}, explores=True)
    assert rule(seen, situation, ran, records=records) == "these params are those of trial 3"


def test_a_repeat_runs_the_first_of_its_params_with_the_next_seed(
    seen: Seen, situation: Situation, make_record: Callable[..., TrialRecord]
) -> None:
    found = done(seen, situation, Repeat(trial=2))
    assert isinstance(found, Proposal)
    assert (found.repeat_of, found.seed, found.act, found.proposer) == (2, 12, "repeat", "llm")
    assert found.evidence == ("s/2", "s/0")
    assert "cannot be repeated" in rule(seen, situation, Repeat(trial=1)), "its model is not random"
    assert rule(seen, situation, Repeat(trial=9)) == "the finished trials are 0, 1, 2, 3; got 9"
    four = tuple(make_record(i, 0.3) for i in range(4))
    assert "ran 4 times" in rule(seen, situation, Repeat(trial=0), records=four)


def test_a_longer_run_has_more_epochs_or_more_patience(seen: Seen, situation: Situation) -> None:
    found = done(seen, situation, Longer(trial=0, epochs=30))
    assert isinstance(found, Proposal)
    assert (found.params["epochs"], found.params["rate"], found.act, found.patience) == (30, 0.5, "longer", None)
    assert rule(seen, situation, Longer(trial=0, epochs=51)) == "`epochs` of m must be in [1, 50], got 51"
    assert "was given 10 epochs; give others" in rule(seen, situation, Longer(trial=0, epochs=10))
    assert rule(seen, situation, Longer(trial=0, epochs=9)) == "trial 0 ran 10 epochs; `epochs` must be more"
    early = rule(seen, situation, Longer(trial=2, epochs=30))
    assert early == "trial 2 ended after 3 of 10 epochs, 5 without a gain; give it more `patience`"
    patient = done(seen, situation, Longer(trial=2, epochs=30, patience=20))
    assert isinstance(patient, Proposal) and patient.patience == 20
    assert "cannot run longer" in rule(seen, situation, Longer(trial=1, epochs=30)), "it has no epochs"
    fixed = replace(seen().terms, epochs=10)
    assert "cannot run longer" in rule(seen, situation, Longer(trial=0, epochs=30), terms=fixed), "the person set them"


@pytest.mark.parametrize(
    ("act", "needs_yes"),
    [
        (SetRange(model="m", param="rate", low=0.2, high=0.4), False),
        (SetRange(model="m", param="rate", low=0.2), False),
        (SetRange(model="m", param="loss", choices=("bce",)), False),
        (SetRange(model="m", param="rate", low=0.0, high=0.4), True),  # the person said 0.1
        (SetRange(model="m", param="epochs", low=5, high=20), True),  # held
        (LeaveOut(model="n"), False),
        (BringIn(model="ease"), False),
        (BringIn(model="ials"), True),
        (Ask(question="May lists be slower?", choices=("yes", "no")), False),
    ],
)
def test_a_study_act_is_done_at_once_unless_the_person_has_to_say_yes(
    seen: Seen, situation: Situation, act: Any, needs_yes: bool
) -> None:
    found = done(seen, situation, act)
    assert found == Deed(act=act, rationale="So.", after=4, needs_yes=needs_yes)
    assert Deed.from_dict(found.to_dict()) == found


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (SetRange(model="x", param="rate", low=0.2), "the models are m, n; got 'x'"),
        (SetRange(model="m", param="rote", low=0.2), "unknown param `rote`; did you mean `rate`?"),
        (SetRange(model="m", param="rate", low=-3.0), "`rate` must be in [0, 1], got -3.0"),
        (SetRange(model="m", param="rate"), "`rate` takes a `low` or a `high` bound"),
        (SetRange(model="m", param="loss", low=1.0), "`loss` takes `choices`"),
        (SetRange(model="m", param="rate", low=0.8, high=0.3), "needs a low bound that is not above the high one"),
        (SetRange(model="m", param="rate", low=0.1, high=0.9), "is searched in [0.1, 0.9] already"),
        (LeaveOut(model="m"), "the best trial, 2, is of m"),
        (LeaveOut(model="x"), "the models are m, n; got 'x'"),
        (BringIn(model="sasrec"), "may come in are: ials, ease; got 'sasrec'"),
        (Ask(question=" "), "a question needs words"),
        (End(), "a study of 20 trials ends after 5 at the earliest; 4 ran"),
    ],
)
def test_a_study_act_against_a_rule_goes_back_with_it(seen: Seen, situation: Situation, act: Any, said: str) -> None:
    assert said in rule(seen, situation, act)


def test_a_study_is_ended_once_enough_ran_and_not_again_before_another_trial(
    seen: Seen, situation: Situation, make_record: Callable[..., TrialRecord]
) -> None:
    records = (*seen().records, make_record(4, 0.2, params={"rate": 0.7}))
    assert isinstance(done(seen, situation, End(), records=records), Deed)
    ended = (Deed(act=End(), rationale="", after=5),)
    assert "run a trial first" in rule(seen, situation, End(), records=records, deeds=ended)
    of_m = (*(one for one in records if one.model == "m"), make_record(5, 0.1), make_record(6, 0.1))
    assert rule(seen, situation, End(), records=of_m) == "the defaults of n have not run yet"


def test_one_question_is_asked_before_a_trial_and_nothing_is_done_where_only_a_trial_is_wanted(
    seen: Seen, situation: Situation
) -> None:
    asked = (Deed(act=Ask(question="How slow?"), rationale="", after=4),)
    assert "one question was asked" in rule(seen, situation, Ask(question="And how big?"), deeds=asked)
    scope = replace(seen().scope, may_act=False)
    for act in (End(), LeaveOut(model="n"), SetRange(model="m", param="rate", low=0.2)):
        assert "only the next trial is asked for" in rule(seen, situation, act, scope=scope)


ACTS: list[Act] = [
    Take(candidate=1),
    Own(model="m", params={"rate": 0.25, "loss": "bce"}),
    Own(model="n", params={"l2": 3.5}, explores=True),
    Repeat(trial=2),
    Longer(trial=0, epochs=20, patience=9),
    SetRange(model="m", param="rate", low=0.2, high=0.3),
    SetRange(model="m", param="loss", choices=("bce",)),
    LeaveOut(model="n"),
    BringIn(model="ials"),
    End(),
    Ask(question="How slow may it be?", choices=("5 ms", "50 ms")),
]


@pytest.mark.parametrize("act", ACTS)
def test_every_act_is_a_branch_of_the_schema_and_is_read_back_as_it_was_written(seen: Seen, act: Act) -> None:
    answer = {"rationale": "r", "choice": choice_of(act), "expected": 0.4, "evidence": ["s/2"]}
    jsonschema.validate(answer, fitted(seen(n_trials=16)).schema)
    assert draft_of(answer).act == act


@pytest.mark.parametrize(
    "changed",
    [
        {"choice": {"candidate": 2}},
        {"choice": {"model": "m", "params": {"rate": 0.25, "loss": "bce", "batch": 16}}},  # held
        {"choice": {"model": "m", "params": {"rate": 0.05, "loss": "bce"}}},  # narrowed by the person
        {"choice": {"model": "m", "params": {"loss": "bce"}}},
        {"choice": {"repeat": 1}},
        {"choice": {"longer": 1, "epochs": 20}},
        {"choice": {"longer": 0, "epochs": 51}},
        {"choice": {"bring_in": "sasrec"}},
        {"choice": {"stop": False}},
        {"expected": 1.01},
        {"evidence": ["s/9"]},
        {"rationale": "x" * 401},
        {"weather": "fine"},
    ],
)
def test_the_schema_allows_nothing_else(seen: Seen, changed: dict[str, Any]) -> None:
    good = {"rationale": "r", "choice": {"candidate": 0}, "expected": 0.4, "evidence": []}
    check = jsonschema.Draft202012Validator(fitted(seen()).schema)
    assert check.is_valid(good) and not check.is_valid(good | changed)


def test_where_only_a_trial_is_wanted_the_schema_has_no_study_act(seen: Seen) -> None:
    found = fitted(seen(scope=replace(seen().scope, may_act=False))).schema
    branches = [set(one["properties"]) for one in found["properties"]["choice"]["anyOf"]]
    assert branches == [
        {"candidate"},
        {"model", "params", "explores"},
        {"model", "params", "explores"},
        {"repeat"},
        {"longer", "epochs", "patience"},
    ]
