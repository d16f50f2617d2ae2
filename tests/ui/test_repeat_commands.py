"""The lines in a record of a confirmation are read by the command line to what they were written from."""

import shlex
from typing import Any

import pytest
from typer.main import get_command

from agent.confirmation import Confirmation, Contender, Run, Score
from agent.confirming.commands import confirm_command, notes_of, train_commands, tune_command
from agent.studies.study_spec import StudySpec
from memory.record import TrialRecord
from recmodels.command import assignments
from recmodels.durations import seconds
from recmodels.models import MODELS
from recmodels.request import SplitSpec
from ui.cli.app import app

SPEC = StudySpec.create(
    name="a-study",
    dataset="my data; rm -rf",
    models=["sasrec", "ease"],
    objectives=["recall@20", "coverage@10"],
    constraints=["coverage@10>=0.25", "latency_ms<=5"],
    n_trials=7,
    time_limit_s=5400,
    trial_time_limit_s=90.5,
    epochs=3,
    sampler="tpe",
    pruner="none",
    split=SplitSpec(kind="temporal"),
    seed=4,
)


def parsed(line: str) -> dict[str, Any]:
    program, name, *words = shlex.split(line)
    assert program == "recpilot"
    group: Any = get_command(app)
    command = group.commands[name]
    return dict(command.make_context(name, words).params)


@pytest.mark.parametrize("spec", [SPEC, StudySpec.create(name="s", dataset="demo")])
def test_the_line_that_tunes_makes_the_same_study(spec: StudySpec) -> None:
    given = parsed(tune_command(spec))
    limits = {
        name: None if given[option] is None else seconds(given[option])
        for name, option in (("time_limit_s", "time_limit"), ("trial_time_limit_s", "trial_time_limit"))
    }
    made = StudySpec.create(
        dataset=given["dataset"],
        models=given["model"],
        objectives=given["objective"],
        constraints=given["constraint"] or (),
        n_trials=given["trials"],
        split=SplitSpec(kind=given["split"]),
        **limits,
        **{name: given[name] for name in ("name", "epochs", "sampler", "pruner", "seed")},
    )
    assert made == spec


def test_the_line_that_confirms_holds_its_options() -> None:
    line = confirm_command("a-study", 4, 2, "my file.json")
    given = parsed(line)
    assert (given["study"], given["seeds"], given["top"], given["against"]) == ("a-study", 4, 2, "my file.json")
    assert parsed(confirm_command("a-study", 5, 3))["against"] is None
    assert parsed(confirm_command("a-study", 5, 3, 0))["against"] == "0"


def confirmation(model: str = "sasrec", **params: Any) -> Confirmation:
    full = MODELS[model].space.defaults() | params
    contender = Contender(name="trial 1", role="contender", model=model, params=full, trial=1, n_seeds=2)
    given = Contender(name="incumbent", role="incumbent", model="ease", params={"l2": 7.5})
    score = Score(contender="trial 1", mean=0.1, error=0.1, low=None, high=None, n_runs=1, n_users=0, train_s=1)
    run = Run(contender="trial 1", stage="test", seed=0, value=0.1, train_seed=99, epochs=6)
    return Confirmation(
        study="a-study", number=1, dataset="d", data="f", split="temporal", split_seed=0, moves_border=False,
        objective="recall@20", direction="maximize", contenders=(contender, given), winner="trial 1", valid=(score,),
        runs=(run,), n_seeds=2,
    )  # fmt: skip


def test_the_line_that_trains_has_the_params_the_seed_and_the_limits_of_the_run() -> None:
    found = confirmation(dropout=0.123456789)
    (line,) = train_commands(SPEC, found)
    given = parsed(line)
    assert assignments(given["set_"]) == dict(found.contenders[0].params)
    assert (given["model"], given["split"], given["seed"], given["epochs"]) == ("sasrec", "temporal", 99, 3)
    assert (given["objective"], given["refit"], seconds(given["time_limit"])) == ("recall@20", True, 90.5)


def test_what_the_lines_cannot_say_is_noted() -> None:
    found = confirmation()
    record = {"study": "a-study", "dataset": "d", "state": "complete", "objective": "recall@20", "value": 0.1}
    records = [
        TrialRecord(id=f"s/{n}", number=n, model="ease", params={}, proposer=who, **record)  # type: ignore[arg-type]
        for n, who in enumerate(("defaults", "user", "gp"))
    ]
    spec = StudySpec.create(name="s", dataset="demo", split=SplitSpec(kind="random", seed=3), time_limit_s=60)
    with_lines = Confirmation.from_dict(found.to_dict() | {"train_commands": train_commands(SPEC, found)})
    words = " ".join(notes_of(spec, records, with_lines))
    for said in ("(user)", "time limit", "the seed 3", '{"model": "ease", "params": {"l2": 7.5}}', "trial 1 6"):
        assert said in words, said
    assert notes_of(StudySpec.create(name="s", dataset="demo"), records[:1], confirmation()) != ()
