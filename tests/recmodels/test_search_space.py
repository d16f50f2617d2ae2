"""What is legal, what is the default, what applies when, and how a range is narrowed."""

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recmodels.errors import ParamError
from recmodels.models import MODELS
from recmodels.search_space import Choice, Float, Int, SearchSpace, When

SPACE = SearchSpace(
    {
        "learning_rate": Float(1e-4, 1e-1, default=1e-2, log=True),
        "adapter": Choice(("lora", "frozen"), default="lora"),
        "rank": Int(1, 64, default=8, log=True, when=When(name="adapter", values=("lora",))),
        "batch_size": Choice((256, 512, 1024), default=512),
        "biases": Choice((False, True), default=True),
    }
)


def test_missing_params_take_their_defaults() -> None:
    assert SPACE.check({"learning_rate": 0.05}) == SPACE.defaults() | {"learning_rate": 0.05}


def test_a_param_whose_condition_does_not_hold_is_left_out() -> None:
    assert "rank" not in SPACE.check({"adapter": "frozen", "rank": 4})
    assert SPACE.check({"rank": 4})["rank"] == 4


@pytest.mark.parametrize(
    ("params", "words"),
    [
        ({"learning_rate": 3.0}, r"`learning_rate` must be in \[0.0001, 0.1\] \(log scale\), got 3.0"),
        ({"learning_rate": math.nan}, "must be a number"),
        ({"learning_rate": True}, "must be a number"),
        ({"rank": 2.5}, "must be a whole number"),
        ({"rank": 65}, r"must be in \[1, 64\]"),
        ({"adapter": "lorra"}, "must be one of lora, frozen, got 'lorra'"),
        ({"biases": 1}, "must be one of False, True"),
        ({"learning_rte": 0.1}, "did you mean `learning_rate`"),
    ],
)
def test_an_illegal_param_is_refused_with_the_rule_and_the_value(params: dict[str, object], words: str) -> None:
    with pytest.raises(ParamError, match=words):
        SPACE.check(params)


def test_numbers_are_narrowed_widened_and_fixed() -> None:
    assert str(SPACE.narrowed("learning_rate", low=1e-3)["learning_rate"]) == "[0.001, 0.1] (log scale)"
    assert str(SPACE.narrowed("rank", high=8).narrowed("rank", high=32)["rank"]) == "[1, 32] (log scale)"
    assert SPACE.narrowed("rank", value=16).check({})["rank"] == 16
    assert str(SPACE.narrowed("rank", choices=(2, 4))["rank"]) == "[2, 4] (log scale)"


def test_choices_are_narrowed_by_name_or_by_bounds() -> None:
    assert SPACE.narrowed("adapter", value="frozen").defaults()["adapter"] == "frozen"
    assert str(SPACE.narrowed("batch_size", high=512)["batch_size"]) == "256, 512"


@pytest.mark.parametrize(
    ("name", "change", "words"),
    [
        ("rank", {}, "say how to change"),
        ("rank", {"low": 9, "high": 3}, "not above the high one"),
        ("learning_rate", {"low": 0.0}, r"`learning_rate` must be in \[0.0001, 0.1\] \(log scale\), got 0.0"),
        ("rank", {"high": 128}, r"`rank` must be in \[1, 64\] \(log scale\), got 128"),
        ("rank", {"value": 5, "low": 1}, "either a value, or choices, or"),
        ("rank", {"choices": ()}, "at least one"),
        ("rank", {"value": 10**5000}, "must be a whole number in"),
        ("learning_rate", {"value": 10**5000}, "must be a number in"),
        ("batch_size", {"low": math.nan}, "a bound of `batch_size` must be a number, got nan"),
        ("batch_size", {"value": 300}, "must be one of 256, 512, 1024, got 300"),
        ("adapter", {"low": 1}, "has no bounds"),
        ("batch_size", {"high": 8}, "has no choice"),
        ("adapter", {"choices": ()}, "at least one"),
        ("rank", {"low": 1.5}, "whole number"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(name: str, change: dict[str, object], words: str) -> None:
    with pytest.raises(ParamError, match=words):
        SPACE.narrowed(name, **change)  # type: ignore[arg-type]


@pytest.mark.parametrize("model", MODELS)
def test_the_defaults_of_every_model_are_legal(model: str) -> None:
    space = MODELS[model].space
    assert space.check(space.defaults()) == space.defaults()
    assert set(space.distributions()) == set(space) == set(space.describe())


@given(st.floats(1e-4, 1e-1), st.integers(1, 64), st.sampled_from(["lora", "frozen"]))
def test_checking_twice_changes_nothing(rate: float, rank: int, adapter: str) -> None:
    once = SPACE.check({"learning_rate": rate, "rank": rank, "adapter": adapter})
    assert SPACE.check(once) == once


HELD = SearchSpace(
    {
        "rate": Float(0.1, 1.0, default=0.5),
        "epochs": Int(1, 50, default=10, held=True),
        "order": Choice(("none", "mmr"), default="none", held=True),
        "strength": Float(0.0, 1.0, default=0.3, when=When(name="order", values=("mmr",))),
    }
)


def test_what_is_held_stays_at_its_default_and_what_then_never_applies_is_left_out() -> None:
    searched = HELD.searched()
    assert list(searched) == ["rate", "epochs", "order"]
    assert searched["epochs"] == Int(10, 10, default=10, held=True)
    assert searched["order"].choices == ("none",)  # type: ignore[union-attr]
    assert HELD.check({"order": "mmr", "epochs": 3})["strength"] == 0.3, "what is held is legal all the same"


def test_what_is_given_a_range_is_searched() -> None:
    freed = HELD.narrowed("epochs", low=5).narrowed("order", choices=("none", "mmr")).searched()
    assert freed["epochs"] == Int(5, 50, default=10)
    assert list(freed) == list(HELD)
    assert HELD.describe()["order"] == "none, mmr, held at none"
    assert freed.describe()["order"] == "none, mmr"


def values(param: Float | Int | Choice) -> st.SearchStrategy[Any]:
    """Anything that a person, a file or a language model may give for a param, legal values often among them."""
    near = [param.default, *((param.low, param.high) if not isinstance(param, Choice) else param.choices)]
    near += [near[1] - 1e-9, near[2] + 1e-9] if isinstance(param, Float) else []
    near += [param.low - 1, param.high + 1, param.low + 0.5, float(param.low)] if isinstance(param, Int) else []
    odd = [math.nan, math.inf, -math.inf, True, False, "", "5", "lora", [], {}, 10**400, -(10**400), 5, 64.5, 0, -1]
    return st.one_of(st.sampled_from(near), st.sampled_from(odd), st.floats(), st.integers(), st.text(max_size=3))


PARAMS = [(model, name) for model in MODELS for name in MODELS[model].space]


@given(data=st.data(), place=st.sampled_from(PARAMS))
@settings(max_examples=150, deadline=None)
def test_no_value_outside_the_declaration_passes(data: st.DataObject, place: tuple[str, str]) -> None:
    model, name = place
    space = MODELS[model].space
    declared = space[name]
    for _ in range(2):  # the second change starts from the first
        change = data.draw(
            st.one_of(
                st.fixed_dictionaries({"value": values(declared)}),
                st.fixed_dictionaries({"choices": st.lists(values(declared), max_size=3).map(tuple)}),
                st.fixed_dictionaries({}, optional={"low": values(declared), "high": values(declared)}),
            )
        )
        try:
            space = space.narrowed(name, **change)
        except ParamError as error:
            assert name in str(error)
            assert "\n" not in str(error)
            continue
        changed = space[name]
        if isinstance(changed, Choice):
            assert set(map(repr, changed.choices)) <= set(map(repr, declared.choices))  # True is not 1
            legal = [changed.default, *changed.choices]
        else:
            assert declared.low <= changed.low <= changed.default <= changed.high <= declared.high
            legal = [changed.low, changed.default, changed.high]
        assert [declared.check(name, value) for value in legal] == legal
        assert {type(value) for value in legal} <= {
            type(declared.default),
            *map(type, getattr(declared, "choices", ())),
        }


@given(data=st.data(), place=st.sampled_from(PARAMS))
@settings(max_examples=100, deadline=None)
def test_a_fixed_value_is_that_value_or_refused(data: st.DataObject, place: tuple[str, str]) -> None:
    model, name = place
    space, value = MODELS[model].space, data.draw(values(MODELS[model].space[place[1]]))
    try:
        checked = space[name].check(name, value)
    except ParamError:
        with pytest.raises(ParamError):
            space.narrowed(name, value=value)
        return
    assert space.narrowed(name, value=value)[name].default == checked == value
