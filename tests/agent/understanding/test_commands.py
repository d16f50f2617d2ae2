"""The command that would do the same is one that the command line takes."""

import shlex
from typing import Any

import click
import pytest
import typer

from agent.understanding.commands import _COMMANDS, asks_command, command, said_of_commands
from agent.understanding.known import Known
from agent.understanding.plan import Request
from ui.cli.app import app

ARGS: dict[str, Any] = {
    "dataset": "shop",
    "name": "autumn",
    "path": "a file.csv",
    "query": "small data",
    "user": "u1",
    "trial": 3,
    "action": "resume",
    "k": 5,
}
STUDY = {
    "dataset": "shop",
    "models": ["sasrec", "ease"],
    "objective": ["ndcg@10"],
    "constraints": ["coverage@10>=0.3"],
    "n_trials": 6,
    "time_limit_s": 5400.0,
    "seed": 1,
}


def parsed(line: str) -> None:
    """Raises click's errors where the command line would not take it."""
    group: click.Command = typer.main.get_command(app)
    words = shlex.split(line)[1:]
    while hasattr(group, "commands"):
        group = group.commands[words.pop(0)]
    group.make_context("recpilot", words)


@pytest.mark.parametrize("tool", sorted(set(_COMMANDS) - {"start_study"}))
def test_every_command_is_one_that_the_command_line_takes(known: Known, tool: str) -> None:
    line = command(Request(tool=tool, args=ARGS), known)
    assert line is not None
    parsed(line)


def test_a_study_keeps_all_that_was_said(known: Known) -> None:
    line = command(Request(tool="start_study", args=STUDY), known)
    assert line == (
        "recpilot tune shop --model sasrec --model ease --objective ndcg@10 --constraint 'coverage@10>=0.3' "
        "--trials 6 --time-limit 5400s --seed 1"
    )
    parsed(line)


def test_what_is_searched_and_what_runs_first_are_options(known: Known) -> None:
    args = {
        "dataset": "shop",
        "space": {"dropout": 0.2, "l2": [1, 5], "loss": {"choices": ["bpr", "bce"]}, "n_layers": {"low": 2}},
        "try_first": [{"l2": 3}, {"model": "ease", "l2": 4}],
        "run_defaults": False,
    }
    line = command(Request(tool="start_study", args=args), known)
    assert line == (
        "recpilot tune shop --fix dropout=0.2 --range l2=1:5 --choices loss=bpr,bce --range n_layers=2: "
        "--try l2=3 --try 'ease l2=4' --no-defaults"
    )
    parsed(line)


def test_what_a_command_cannot_hold_makes_none(known: Known) -> None:
    assert command(Request(tool="start_study", args=STUDY | {"patience": 3}), known) is None
    assert command(Request(tool="run_trial"), known) is None
    assert "no command for that" in said_of_commands([Request(tool="run_trial")], known)


@pytest.mark.parametrize(
    ("say", "asks"),
    [
        ("what's the command for tuning sasrec on shop?", True),
        ("how do I do that from the terminal", True),
        ("tune sasrec on shop", False),
        ("stop at my command", False),
    ],
)
def test_a_question_about_commands_is_known(say: str, asks: bool) -> None:
    assert asks_command(say) is asks
