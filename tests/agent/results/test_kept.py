"""Results are written as JSON and read back, also what other versions wrote."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args, get_type_hints

import pytest

import agent
from agent.answers import explain, in_chinese
from agent.results.by_tool import RESULTS, read_result, result_of
from agent.results.comparison import Paired, TrialsCompared
from agent.results.kept import as_json, from_json, to_json
from agent.results.result import ColumnsAsked, Failure, NotDone, Result, Unknown
from agent.results.rows import Head, OneItem, Popular
from agent.results.status import TimeLeft
from agent.results.sums import Sum, ValueUsed
from agent.tools import TOOLS


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    value: float
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outer(Result):
    """One of each kind of field."""

    what: Literal["a", "b"]
    inner: Inner
    maybe: Inner | None
    several: tuple[Inner, ...] = ()
    pair: tuple[float, float] | None = None
    by_number: dict[int, Inner] | None = None
    is_so: bool = False
    part: str = "validation"


WHOLE = Outer(
    what="b",
    inner=Inner(value=0.5),
    maybe=None,
    several=(Inner(value=1.0, text="x"), Inner(value=2.0)),
    pair=(0.1, 0.2),
    by_number={3: Inner(value=3.0)},
    is_so=True,
)


def test_what_is_written_is_read_back() -> None:
    assert from_json(Outer, as_json(WHOLE)) == WHOLE  # type: ignore[arg-type]  # a dict


def test_a_default_that_says_nothing_is_left_out_and_what_must_be_there_stays() -> None:
    written = as_json(Outer(what="a", inner=Inner(value=1 / 3), maybe=None))
    assert written == {"what": "a", "inner": {"value": 0.333333}, "maybe": None, "part": "validation"}


def test_what_another_version_wrote_is_read_as_far_as_it_is_known() -> None:
    found = from_json(Outer, {"what": "b", "since": 3, "inner": {"value": 2, "unit": "s"}})
    assert found == Outer(what="b", inner=Inner(value=2), maybe=None)
    assert from_json(Outer, {}) == Outer(what="a", inner=Inner(value=0.0), maybe=None)


def test_a_key_that_python_keeps_for_itself_is_a_field_with_an_underscore() -> None:
    left = TimeLeft(n_left=2, seconds=6.0, limit_left_s=None, each_s=3.0, from_="this study", n_measured=4)
    written = as_json(left)
    assert isinstance(written, dict)
    assert written["from"] == "this study"
    assert from_json(TimeLeft, written) == left


def test_a_number_that_is_not_finite_is_none() -> None:
    assert as_json(Inner(value=float("nan"))) == {"value": None}


@pytest.mark.parametrize(
    ("data", "cls"),
    [
        ({"error": "no"}, Failure),
        ({"error": "no", "advice": "ask"}, Failure),
        ({"error": "no", "not_done": "refused"}, NotDone),
        ({"error": "two", "question": "Which?", "role": "user", "candidates": ["a", "b"], "path": "x"}, ColumnsAsked),
        ({"dataset": "d", "what": "item", "item": "“a”", "n": 2, "rows": []}, OneItem),
        ({"dataset": "d", "what": "popular", "rows": []}, Popular),
        ({"dataset": "d", "what": "head", "rows": 3}, Unknown),
    ],
)
def test_the_class_of_a_result_is_found_by_its_keys(data: dict[str, object], cls: type[Result]) -> None:
    assert type(result_of("inspect_data", data)) is cls


@pytest.mark.parametrize("text", ["plain words", "[1]", '"a"', "{"])
def test_what_is_no_json_of_a_result_is_a_failure(text: str) -> None:
    assert read_result("calc", text) == Failure(error=text)


def test_a_result_of_an_unknown_tool_is_worded_by_its_keys() -> None:
    assert explain.word("new_tool", {"answer": 42}) == "Answer: 42."
    assert "42" in in_chinese.word("new_tool", {"answer": 42})


def test_a_message_of_a_chat_is_read_by_its_tool() -> None:
    found = Sum(expression="1 + 1", result=2.0, values=(ValueUsed(what="ndcg@10 of trial 3", value=0.25),))
    assert read_result("calc", to_json(found)) == found


@pytest.mark.parametrize("tool", sorted(RESULTS))
def test_every_tool_gives_the_results_that_its_chat_reads(tool: str) -> None:
    """By its annotation; several classes are written as their union or as `Result`."""
    function = next(one for one in TOOLS if one.__name__ == tool)
    given = get_type_hints(function)["return"]
    assert given is Result or set(get_args(given) or (given,)) - {ColumnsAsked} == set(RESULTS[tool])


@pytest.mark.parametrize("cls", [cls for classes in RESULTS.values() for cls in classes], ids=lambda cls: cls.__name__)
def test_every_result_has_words_in_both_languages(cls: type[Result]) -> None:
    assert cls in explain.WORDS
    assert cls in in_chinese.WORDS
    assert isinstance(from_json(cls, {}), cls)


def test_a_head_without_rows_is_worded() -> None:
    assert "0 rows" in explain.word("inspect_data", Head(dataset="d", what="head", n=0, rows=()))


EARLIER = json.loads((Path(__file__).parents[1] / "grounding" / "demo_facts.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("row", EARLIER, ids=[f"{place}-{row['tool']}" for place, row in enumerate(EARLIER)])
def test_what_a_chat_of_an_earlier_version_keeps_is_worded_as_ever(row: dict[str, Any]) -> None:
    found = result_of(row["tool"], row["result"])
    assert type(found) in RESULTS[row["tool"]]
    for words in (explain.word(row["tool"], found), in_chinese.word(row["tool"], found)):
        assert len(words) > 10
        assert "None" not in words


def test_a_difference_that_did_not_say_what_minus_what_was_the_second_minus_the_first() -> None:
    row = next(row["result"] for row in EARLIER if row["tool"] == "compare_trials")
    found = result_of("compare_trials", row)
    assert isinstance(found, TrialsCompared)
    assert isinstance(found.paired, Paired)
    first, second = (trial["number"] for trial in row["trials"])
    assert (found.of, found.minus) == (found.paired.of, found.paired.minus) == (second, first)
    assert f"of trial {second} minus trial {first} is" in explain.word("compare_trials", found)


@pytest.mark.parametrize("package", ["answers", "results"])
def test_no_result_and_no_wording_is_of_any_type(package: str) -> None:
    for file in (Path(agent.__path__[0]) / package).glob("*.py"):
        assert not re.search(r"\bAny\b", file.read_text(encoding="utf-8")), file.name


def test_what_is_not_so_is_said_where_claims_are_held_against_it(tuned_facts: Callable[..., dict[str, Any]]) -> None:
    """A trial that is not like the best is told so: what a result leaves out cannot be checked."""
    assert all("in_group" in row for row in tuned_facts("study_status")["leaderboard"])
    explained = tuned_facts("explain_trial", trial=0)
    assert isinstance(explained["is_like_best"], bool)
    assert explained["broken"] == explained["constraints"] == []
