"""Trials that were run elsewhere, read from an Optuna storage or a table, and refused where they do not fit.

A table has a column for each param, named as the model names it (Optuna's `params_` in front is taken off), one for the
value, named after a metric or `value`, and may have one for the model. A cell that does not fit is named by row
and column.
"""

import csv
import hashlib
import math
import shutil
import sqlite3
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.errors import UserError
from memory.record import TrialRecord
from recmodels.errors import ParamError
from recmodels.metrics import direction_of, parse_metric
from recmodels.models import MODELS, find_model
from recmodels.search_space import Choice, Param

if TYPE_CHECKING:
    from optuna.trial import FrozenTrial

_VALUES = ("value", "values", "values_0", "value_0", "objective", "score")
_IGNORED = ("number", "trial", "trial_id", "id", "state", "duration", "datetime_start", "datetime_complete", "seed")
_IGNORED_STARTS = ("user_attrs_", "system_attrs_", "intermediate_values")
_MAX_BYTES = 500_000_000
_SWITCHES = {"true": True, "on": True, "yes": True, "1": True, "false": False, "off": False, "no": False, "0": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """One trial: complete params and what it reached."""

    model: str
    params: Mapping[str, Any]
    value: float
    metrics: Mapping[str, float]  # of validation, by their plain names; `value` among them


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What a file held."""

    objective: str
    trials: tuple[Past, ...]
    n_left_out: int = 0  # failed, pruned or unfinished ones
    at_defaults: tuple[str, ...] = ()  # params that the file does not name, taken at their defaults


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """A trial as the file has it."""

    where: str  # "row 3", "trial 7"
    params: Mapping[str, Any]
    value: Any
    metrics: Mapping[str, Any]  # what else was measured
    model: str | None = None


def read(path: Path, *, model: str | None, models: Sequence[str], objective: str | None) -> Read:
    """The trials of a file.

    Args:
        model: What they are of; None: by the file.
        models: Those to choose from where the file does not say, the study's.
        objective: What `value` is where the file does not say.

    Raises:
        UserError: The file cannot be read, or a value does not fit; the text names the row and the column.
        recmodels.errors.ParamError: There is no such model.
    """
    if model is not None:
        find_model(model)
    if path.is_dir():
        raise UserError(f"{path.name} is a folder; name the file of past trials in it")
    if path.stat().st_size > _MAX_BYTES:
        raise UserError(f"{path.name} is larger than {_MAX_BYTES // 1_000_000} MB")
    rows, metric, n_left_out = _of_optuna(path, objective) if _is_sqlite(path) else _of_table(path, objective)
    metric = metric or objective
    if metric is None:
        raise UserError(f"{path.name} does not say which metric its values are; name the column after it, as ndcg@10")
    if not rows:
        raise UserError(f"{path.name} holds no finished trial")
    trials = [_past(path, row, row.model or model or _model_of(path, row, models)) for row in rows]
    named = {name for row in rows for name in row.params}
    missing = {
        name for past in trials for name in past.params if name not in named and not MODELS[past.model].space[name].held
    }
    return Read(objective=metric, trials=tuple(trials), n_left_out=n_left_out, at_defaults=tuple(sorted(missing)))


def records(read: Read, path: Path) -> list[TrialRecord]:
    """The trials as the memory keeps them, marked as the person's; the dataset is left to fill in."""
    study = f"imported-{path.stem}-{hashlib.sha256(path.read_bytes()).hexdigest()[:8]}"
    return [
        TrialRecord(
            id=f"{study}/{number}",
            study=study,
            number=number,
            dataset="",
            model=past.model,
            params=past.params,
            state="complete",
            objective=read.objective,
            direction=direction_of(read.objective),
            value=past.value,
            metrics={f"valid_{name}": value for name, value in past.metrics.items()}
            | {f"valid_{read.objective}": past.value},
            proposer="imported",
            rationale=f"imported by the person from {path.name}",
        )
        for number, past in enumerate(read.trials)
    ]


def _past(path: Path, row: _Row, model: str) -> Past:
    """Raises UserError: a value that the model does not allow, or no number where the result should stand."""
    space = MODELS[model].space
    params = {}
    for name, value in row.params.items():
        if name not in space:
            legal = ", ".join(space) or "none"
            raise UserError(
                f"{path.name}, {row.where}, column {name}: {model} has no such param; its params are {legal}"
            )
        try:
            params[name] = space[name].check(name, _typed(space[name], value))
        except ParamError as error:
            raise UserError(f"{path.name}, {row.where}, column {name}: {error}") from error
    value = _finite(path, row.where, "value", row.value)
    metrics = {name: _finite(path, row.where, name, cell) for name, cell in row.metrics.items()}
    return Past(model=model, params=space.check(params), value=value, metrics=metrics)


def _finite(path: Path, where: str, column: str, cell: Any) -> float:
    number = _number(cell)
    if number is None or not math.isfinite(number):
        raise UserError(f"{path.name}, {where}, column {column}: a finite number is needed, got {cell!r:.60}")
    return number


def _model_of(path: Path, row: _Row, models: Sequence[str]) -> str:
    """The only model of the study, or the only one of all that has every param of the row.

    Raises:
        UserError: None has, or several have.
    """
    if len(models) == 1:
        return models[0]
    having = [
        name for name in models or MODELS if row.params and all(param in MODELS[name].space for param in row.params)
    ]
    if len(having) != 1:
        which = f"{', '.join(having)} have" if having else "no model has"
        raise UserError(f"{path.name}, {row.where}: {which} the params {', '.join(row.params)}; say the model")
    return having[0]


def _of_table(path: Path, objective: str | None) -> tuple[list[_Row], str | None, int]:
    """Rows of a CSV, TSV or semicolon-separated table; empty cells are params that did not apply."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path.name} is no Optuna storage and no table in UTF-8: {error}") from error
    first = text.partition("\n")[0]
    separator = max("\t;,", key=first.count)
    lines = list(csv.reader(text.splitlines(), delimiter=separator))
    header = [name.strip() for name in lines[0]] if lines else []
    metrics = {name: metric for name in header if (metric := _metric(name)) is not None}
    result, metric = _result_column(path, header, metrics, objective)
    rows, n_left_out = [], 0
    for number, line in enumerate(lines[1:], start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(line) != len(header):
            raise UserError(f"{path.name}, row {number}: {len(line)} columns, and the header has {len(header)}")
        cells = {name: cell.strip() for name, cell in zip(header, line, strict=True)}
        state = next((cell for name, cell in cells.items() if name.lower() == "state"), "COMPLETE")
        if state.upper() not in ("COMPLETE", "1", ""):
            n_left_out += 1
            continue
        model = next((cell for name, cell in cells.items() if name.lower() == "model"), None)
        if model and model not in MODELS:
            raise UserError(
                f"{path.name}, row {number}, column model: no model {model!r}; there are {', '.join(MODELS)}"
            )
        others = {metrics[name]: cell for name, cell in cells.items() if cell and name in metrics and name != result}
        params = {
            _param(name): cell
            for name, cell in cells.items()
            if cell and name not in metrics and name != result and not _is_ignored(name)
        }
        rows.append(_Row(where=f"row {number}", params=params, value=cells[result], metrics=others, model=model))
    return rows, metric, n_left_out


def _result_column(
    path: Path, header: Sequence[str], metrics: Mapping[str, str], objective: str | None
) -> tuple[str, str | None]:
    """The column of the result, and its metric where the column is named after one.

    Raises:
        UserError: There is none, or several.
    """
    plain = [name for name in header if name.lower() in _VALUES]
    if len(plain) == 1:
        return plain[0], None
    wanted = [name for name, metric in metrics.items() if metric == objective] or list(metrics)
    if len(wanted) == 1 and not plain:
        return wanted[0], metrics[wanted[0]]
    problem = "several columns could be the result" if plain or metrics else "no column is the result"
    raise UserError(f"{path.name}, row 1: {problem}; one is called value, or after a metric as ndcg@10")


def _metric(name: str) -> str | None:
    try:
        return parse_metric(name.strip().removeprefix("valid_"))
    except ParamError:
        return None


def _of_optuna(path: Path, objective: str | None) -> tuple[list[_Row], str | None, int]:
    """The trials of the only study in an Optuna storage, which is read from a copy."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "storage.db"
        shutil.copyfile(path, copy)
        study = _only_study(path, f"sqlite:///{copy}")
    metric = next((m for name in study.metric_names if (m := _metric(name)) is not None), None)
    meant = metric or objective
    if meant is not None and (direction_of(meant) == "maximize") != study.is_maximized:
        way, other = ("maximised", "minimised") if study.is_maximized else ("minimised", "maximised")
        raise UserError(f"{path.name} {way} its value, and {meant} is {other} here; say which metric it was")
    done = [trial for trial in study.trials if trial.state.name == "COMPLETE"]
    rows = [
        _Row(
            where=f"trial {trial.number}",
            params={_param(name): value for name, value in trial.params.items()},
            value=trial.value,
            metrics={},
            model=_named_model(trial.params),
        )
        for trial in done
    ]
    return rows, metric, len(study.trials) - len(done)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Study:
    """What is read of an Optuna study before its storage is closed."""

    trials: "Sequence[FrozenTrial]"
    metric_names: Sequence[str]
    is_maximized: bool


def _only_study(path: Path, url: str) -> _Study:
    """Raises UserError: it cannot be read, holds no study or several with trials, or one of several objectives."""
    import optuna

    try:
        storage = optuna.storages.RDBStorage(url)
        try:
            studies = [optuna.load_study(study_name=s.study_name, storage=storage) for s in storage.get_all_studies()]
            filled = [(study, trials) for study in studies if (trials := study.get_trials(deepcopy=False))]
            names = ", ".join(study.study_name for study, _ in filled) or "none"
            if len(filled) != 1:
                raise UserError(f"{path.name} must hold one study with trials, and holds {names}")
            study, trials = filled[0]
            if len(study.directions) != 1:
                raise UserError(
                    f"{path.name} optimised {len(study.directions)} values at once; trials of one are taken"
                )
            is_maximized = study.direction == optuna.study.StudyDirection.MAXIMIZE
            return _Study(trials=trials, metric_names=study.metric_names or (), is_maximized=is_maximized)
        finally:
            storage.remove_session()
            storage.engine.dispose()
    except UserError:
        raise
    except Exception as error:  # whatever a foreign file makes Optuna raise
        reason = f"{(str(error).splitlines() or [''])[0]:.120}"
        raise UserError(f"{path.name} cannot be read as an Optuna storage: {reason}") from error


def _is_sqlite(path: Path) -> bool:
    """Whether the file is a database with Optuna's tables.

    Raises:
        UserError: It is another database.
    """
    with path.open("rb") as file:
        if not file.read(16).startswith(b"SQLite format 3"):
            return False
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise UserError(f"{path.name} cannot be read: {error}") from error
    if not {"studies", "trials", "trial_params"} <= tables:
        raise UserError(f"{path.name} is a database, but no Optuna storage")
    return True


def _named_model(params: Mapping[str, Any]) -> str | None:
    """The model in front of the params' names, as this program's own storages write them."""
    found = {name.partition(".")[0] for name in params if "." in name}
    return next(iter(found)) if len(found) == 1 and found <= set(MODELS) else None


def _param(name: str) -> str:
    plain = name.removeprefix("params_").removeprefix("param_")
    model, dot, rest = plain.partition(".")
    return rest if dot and model in MODELS else plain


def _is_ignored(name: str) -> bool:
    return name.lower() in (*_IGNORED, "model") or name.lower().startswith(_IGNORED_STARTS)


def _typed(param: Param, value: Any) -> Any:
    """A cell's text as the param's kind; what is none stays, and is refused with what is legal."""
    if not isinstance(value, str):
        return value
    if isinstance(param, Choice) and all(isinstance(choice, bool) for choice in param.choices):
        return _SWITCHES.get(value.lower(), value)
    if isinstance(param, Choice):
        return next((c for c in param.choices if str(c).lower() == value.lower() or _number(value) == c), value)
    number = _number(value)
    return value if number is None else number


def _number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
