"""The options that the two commands which train share."""

import inspect
from pathlib import Path
from typing import Any

import pytest
import typer

from recmodels.__main__ import _parser
from recmodels.command import HELP, assignments, request_of
from recmodels.errors import ParamError
from recmodels.request import Budget, TrainRequest
from ui.cli.app import app


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
    assert typed - {"--json", "--column"} == plain - {"--help"}
    names = {name for name in inspect.signature(request_of).parameters if name != "dataset"}
    assert names - {"assigned"} | {"set"} == HELP.keys()


def test_what_is_not_said_is_as_in_a_request() -> None:
    request = request_of(Path("d"), "ease")
    assert request == TrainRequest(dataset=Path("d"), model="ease", measures_test=True)
    said = request_of(Path("d"), "ease", split="leave-last-out", objective="HR@5", time_limit="1h30", patience=3)
    assert (said.split.kind, said.objective) == ("leave_last_out", "hit@5")
    assert said.budget == Budget(time_limit_s=5400, patience=3)
