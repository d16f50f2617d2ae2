"""The lines by which a colleague repeats a study and its confirmation, and what these lines cannot say."""

import json
import shlex
from collections.abc import Sequence
from typing import Any

from agent.confirmation import Confirmation, Contender, Run
from agent.studies.space_options import options_of, options_of_tries, written
from agent.studies.study_spec import StudySpec
from memory.record import TrialRecord
from recmodels.models import MODELS
from recmodels.search_space import Params

_OWN = ("defaults", "gp", "tpe", "cmaes", "nsga2", "grid", "random")  # proposers that follow from the line alone


def tune_command(spec: StudySpec) -> str:
    """What makes the study, as it was asked last."""
    options: list[tuple[str, Any]] = [("--model", model) for model in spec.models]
    options += [("--objective", objective.metric) for objective in spec.goal.objectives]
    options += [("--constraint", constraint.to_text()) for constraint in spec.goal.constraints]
    options += [("--trials", spec.n_trials), ("--time-limit", _seconds(spec.time_limit_s))]
    options += [("--trial-time-limit", _seconds(spec.trial_time_limit_s)), ("--epochs", spec.epochs)]
    options += [("--sampler", spec.sampler), ("--pruner", spec.pruner), ("--split", spec.split.kind)]
    options += [("--positive", spec.positive), ("--repeat-events", spec.repeats), ("--outcome", spec.outcomes)]
    options += [("--seed", spec.seed), ("--name", spec.name)]
    options += [*options_of(spec.ranges), *options_of_tries(spec.tries)]
    switches = [("--no-rules", spec.uses_rules), ("--no-defaults", spec.runs_defaults)]
    return " ".join([_line("tune", spec.dataset, options), *(switch for switch, is_on in switches if not is_on)])


def confirm_command(study: str, n_seeds: int, n_top: int, against: str | int | None = None) -> str:
    """What confirms it; `against` is a trial's number or a file."""
    return _line("confirm", study, [("--seeds", n_seeds), ("--top", n_top), ("--against", against)])


def train_commands(spec: StudySpec, confirmation: Confirmation) -> tuple[str, ...]:
    """For a reader without the study: the first run of each that test was measured for."""
    found = []
    for name in confirmation.finalists():
        runs = confirmation.runs_of(name, "test")
        if runs:
            found.append(_train_command(spec, confirmation.contender(name), runs[0]))
    return tuple(found)


def notes_of_study(spec: StudySpec, records: Sequence[TrialRecord]) -> tuple[str, ...]:
    """What the line of the study alone cannot say, in sentences."""
    notes = [_of_trials(records, "what they ran stands in the leaderboard"), _of_limits(spec), _of_split(spec)]
    return tuple(filter(None, notes))


def notes_of(spec: StudySpec, records: Sequence[TrialRecord], confirmation: Confirmation) -> tuple[str, ...]:
    """What the lines cannot say, in sentences."""
    notes = [
        _of_trials(records, "what was confirmed stands under Params"),
        _of_limits(spec),
        _of_split(spec),
        _of_incumbent(confirmation),
    ]
    if confirmation.train_commands:
        notes += ["Each `recpilot train` line has the first seed of its runs, and reads test once more."]
        notes += [_of_epochs(confirmation)]
    return tuple(filter(None, notes))


def trial_command(spec: StudySpec, record: TrialRecord, patience: int | None = None) -> str:
    """What trains a trial once more, with its seed; test stays sealed.

    Args:
        patience: Of this trial alone; None: as all of the study.
    """
    more = [("--patience", patience or spec.patience)]
    return f"{_train_line(spec, record.model, record.params, record.seed, more)} --no-test"


def _train_command(spec: StudySpec, contender: Contender, run: Run) -> str:
    return f"{_train_line(spec, contender.model, contender.params, run.train_seed)} --refit"


def _train_line(
    spec: StudySpec, model: str, params: Params, seed: int | None, more: Sequence[tuple[str, Any]] = ()
) -> str:
    options: list[tuple[str, Any]] = [("--model", model)]
    options += [("--set", f"{name}={written(value)}") for name, value in params.items()]
    options += [("--split", spec.split.kind), ("--positive", spec.positive)]
    options += [("--repeat-events", spec.repeats), ("--outcome", spec.outcomes)]
    options += [("--objective", spec.goal.primary.metric), ("--epochs", spec.epochs)]
    options += [("--time-limit", _seconds(spec.trial_time_limit_s)), ("--seed", seed), *more]
    return _line("train", spec.dataset, options)


def _of_trials(records: Sequence[TrialRecord], where: str) -> str:
    others = sorted({record.proposer for record in records if record.proposer not in _OWN})
    if not others:
        return ""
    return (
        f"Some trials of the study did not follow from the `recpilot tune` line alone ({', '.join(others)}), so it may "
        f"try others; {where}."
    )


def _of_limits(spec: StudySpec) -> str:
    has_limit = spec.time_limit_s is not None or spec.trial_time_limit_s is not None
    return "Under a time limit another machine may get through more or fewer epochs and trials." if has_limit else ""


def _of_split(spec: StudySpec) -> str:
    seed = spec.split.seed
    return f"The split has the seed {seed}, which the command line cannot give: it takes 0." if seed else ""


def _of_incumbent(confirmation: Confirmation) -> str:
    given = next((c for c in confirmation.contenders if c.role == "incumbent" and c.trial is None), None)
    if given is None:
        return ""
    text = json.dumps({"model": given.model, "params": dict(given.params)})
    return f"The file behind `--against` held what runs today: {text}"


def _of_epochs(confirmation: Confirmation) -> str:
    epochs = {
        name: runs[0].epochs
        for name in confirmation.finalists()
        if (runs := confirmation.runs_of(name, "test")) and MODELS[confirmation.contender(name).model].is_random
    }
    if not epochs:
        return ""
    told = ", ".join(f"{name} {n}" for name, n in epochs.items())
    return (
        f"Here the refits on train and validation ran for the mean of the best epochs over the seeds ({told}); "
        "`recpilot train --refit` finds that number from one run, so its values may differ a little."
    )


def _line(command: str, what: str, options: Sequence[tuple[str, Any]]) -> str:
    """Quoted for a shell; options without a value are left out."""
    given = [word for name, value in options if value is not None for word in (name, str(value))]
    return shlex.join(["recpilot", command, what, *given])


def _seconds(limit: float | None) -> str | None:
    return None if limit is None else f"{limit:g}s"
