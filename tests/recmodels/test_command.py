"""The options that the two commands which train share."""

import inspect
from pathlib import Path
from typing import Any

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st

from recmodels.__main__ import _parser
from recmodels.command import HELP, assignments, duration_s, request_of
from recmodels.errors import ParamError
from recmodels.request import Budget, TrainRequest
from ui.cli import app

UNITS = (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1))


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("90s", 90),
        ("30m", 1800),
        ("1h30", 5400),
        ("1h30m", 5400),
        ("1h 30m", 5400),
        ("1 h 30 min", 5400),
        ("2h15m", 8100),
        ("2h 15", 8100),
        ("1.5h", 5400),
        (".5 hours", 1800),
        ("2M30", 150),
        ("1h0m5s", 3605),
        ("1d12", 129_600),
        (" 45 seconds ", 45),
    ],
)
def test_a_duration_is_read(text: str, seconds: float) -> None:
    assert duration_s(text) == seconds


@pytest.mark.parametrize(
    "text",
    ["", " ", "0", "0m", "soon", "-5s", "1..5h", "1.5.5h", "30m1h", "1h2h", "5 5", "1h30 20s", "90x", "1e3", "9" * 400,
     "5ms", "h", "1h30m20s10"],
)  # fmt: skip
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ParamError, match="a duration, such as a time limit, is written"):
        duration_s(text)


@given(counts=st.tuples(*[st.integers(0, 99)] * 4), gap=st.sampled_from(["", " "]), bare=st.booleans())
def test_every_sum_of_units_is_read_back(counts: tuple[int, ...], gap: str, bare: bool) -> None:
    pieces = [(count, unit, seconds) for count, (unit, seconds) in zip(counts, UNITS, strict=True) if count]
    if not pieces:
        return
    wholes = [f"{count}{unit}" for count, unit, _ in pieces]
    follows = len(pieces) > 1 and [unit for unit, _ in UNITS].index(pieces[-1][1]) == (
        [unit for unit, _ in UNITS].index(pieces[-2][1]) + 1
    )
    if bare and follows:
        wholes[-1] = str(pieces[-1][0])
    assert duration_s(gap.join(wholes)) == sum(count * seconds for count, _, seconds in pieces)


def test_params_are_read_with_their_types() -> None:
    assert assignments(["a=0.1", " b = bpr", "c=true", "d=3", "d=4"]) == {"a": 0.1, "b": "bpr", "c": True, "d": 4}
    for pair in ("a", "=3"):
        with pytest.raises(ParamError, match="name=value"):
            assignments([pair])


def test_the_options_of_both_commands_are_the_same_and_all_are_read() -> None:
    group: Any = typer.main.get_command(app)
    params = group.commands["train"].params
    typed = {name for param in params for name in (*param.opts, *param.secondary_opts) if name.startswith("--")}
    plain = {name for action in _parser()._actions for name in action.option_strings if name.startswith("--")}
    assert typed - {"--json"} == plain - {"--help"}
    names = {name for name in inspect.signature(request_of).parameters if name != "dataset"}
    assert names - {"assigned"} | {"set"} == HELP.keys()


def test_what_is_not_said_is_as_in_a_request() -> None:
    request = request_of(Path("d"), "ease")
    assert request == TrainRequest(dataset=Path("d"), model="ease", measures_test=True)
    said = request_of(Path("d"), "ease", split="leave-last-out", objective="HR@5", time_limit="1h30", patience=3)
    assert (said.split.kind, said.objective) == ("leave_last_out", "hit@5")
    assert said.budget == Budget(time_limit_s=5400, patience=3)
