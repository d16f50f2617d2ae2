"""The table of the README: simple baselines beside ours, at defaults and tuned by random search, on public data.

python tests/benchmarks/bench_table.py [--data FOLDER] [--datasets ml-100k steam] [--models ease bpr_mf] [--trials 20]
       [--minutes 60] [--refit] [--keep rows.json] [--out table.md]

Every model at its defaults first, then `--trials` random draws of each from its search space; the best by validation is
"tuned"; with `--refit` that of each dataset learns once more from train and valid together. Test scores come with 95 %
intervals by bootstrap over users. Rows are kept as they come: a run that was cut off goes on. The quick run without
options is of a few models on ml-100k; `--datasets all --models all` is the whole.
"""

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import optuna
import torch
from common import REAL_DATA, Kept, commit

from agent.answers.paired import CONFIDENCE, N_SAMPLES, bootstrap_interval
from recmodels import checkpoint
from recmodels.data.interactions import Interactions
from recmodels.data.reading.read import read_interactions
from recmodels.data.split import split
from recmodels.errors import TrialFailed
from recmodels.loop.preparation import entities_of
from recmodels.models import MODELS
from recmodels.per_user import load_per_user
from recmodels.prediction import Task as PredictionTask
from recmodels.prediction import observations_on
from recmodels.request import Budget, SplitKind, SplitSpec, TrainRequest
from recmodels.search_space import ParamValue
from recmodels.training import train

BASELINES = ("popularity", "item_knn", "ease")
RANKING = (*BASELINES, "ials", "bpr_mf", "lightgcn")
IN_ORDER = (*RANKING, "sasrec", "gru4rec", "hstu")
QUICK = ("popularity", "item_knn", "ease", "bpr_mf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A dataset and how it is divided and measured."""

    file: str
    split: SplitKind
    objective: str
    also: str  # a second metric to show
    models: tuple[str, ...]


TASKS = {  # the quick ones first
    "ml-100k": Task(
        file="ml-100k/ml-100k.inter", split="random", objective="ndcg@10", also="recall@10", models=RANKING
    ),
    "lastfm-hetrec": Task(
        file="lastfm-hetrec/user_artists.dat", split="random", objective="ndcg@10", also="recall@10", models=RANKING
    ),
    "steam": Task(
        file="steam/game_purchase.dat", split="random", objective="ndcg@10", also="recall@10", models=RANKING
    ),
    "book-crossing": Task(
        file="book-crossing/book_history.dat", split="random", objective="ndcg@10", also="recall@10", models=RANKING
    ),
    "Beauty": Task(
        file="amazon-beauty-toys/Beauty.txt",
        split="leave_last_out",
        objective="ndcg@10",
        also="recall@10",
        models=IN_ORDER,
    ),
    "ml-1m-ultragcn-split": Task(
        file="ml-1m-ultragcn-split/train.txt", split="given", objective="ndcg@20", also="recall@20", models=RANKING
    ),
    "ml-100k in order": Task(
        file="ml-100k/ml-100k.inter", split="leave_last_out", objective="ndcg@10", also="recall@10", models=IN_ORDER
    ),
    "frappe": Task(
        file="frappe/train.csv", split="given", objective="auc", also="logloss", models=("biased_mf", "deepfm", "dcnv2")
    ),
    "ml-1m in order": Task(
        file="ml-1m/ratings_in_order.csv",
        split="leave_last_out",
        objective="ndcg@10",
        also="recall@10",
        models=IN_ORDER,
    ),
}
SEED = 0


def draw(model: str, trial: int) -> dict[str, ParamValue]:
    """The params of a trial: the defaults first, then random ones."""
    space = MODELS[model].space.searched()
    if trial == 0:
        return space.defaults()
    optuna.logging.set_verbosity(optuna.logging.ERROR)
    study = optuna.create_study(sampler=optuna.samplers.RandomSampler(seed=1000 * SEED + trial))
    return space.active(study.ask(space.distributions()).params)


def measured(
    task: Task, dataset: Path, model: str, params: dict[str, ParamValue], limit_s: float | None, refit: bool = False
) -> dict[str, Any]:
    """One trial: what it scored, with its interval."""
    start, processor = time.perf_counter(), time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        request = TrainRequest(
            dataset=dataset,
            model=model,
            params=params,
            split=SplitSpec(kind=task.split, seed=SEED),
            positive="all",  # as in the published protocols: every rated item is relevant
            objective=task.objective,
            cutoffs=(10, 20),
            budget=Budget(time_limit_s=limit_s),
            seed=SEED,
            measures_test=True,
            refit=refit,
            checkpoint=Path(folder) / "checkpoint",
            device="cpu",
            n_threads=1,
        )
        try:
            result = train(request)
        except TrialFailed as error:
            return {"params": params, "failed": str(error)}
        interval, n_users = interval_of(task, dataset, request)
    return {
        "params": dict(result.params),
        "valid": result.metrics[f"valid_{task.objective}"],
        "test": result.metrics[f"test_{task.objective}"],
        "also": result.metrics[f"test_{task.also}"],
        "interval": interval,
        "users": n_users,
        "epochs": result.cost["epochs"],
        "seconds": time.perf_counter() - start,
        "processor": time.process_time() - processor,
        "commit": commit(),
    }


def interval_of(task: Task, dataset: Path, request: TrainRequest) -> tuple[tuple[float, float], int]:
    """Of the objective on test, and over how many users."""
    saved = checkpoint.load(request.checkpoint)
    if task.objective != "auc":
        values = load_per_user(saved.folder)[f"test_{task.objective}"]
        return bootstrap_interval(values), len(values)
    interactions = Interactions.load(dataset)
    entities, parts = entities_of(interactions, MODELS[saved.model]), split(interactions, request.split)
    labels, cpu = PredictionTask(target="label", ranks=False), torch.device("cpu")
    rows = observations_on(interactions, parts, entities.features, labels, cpu)["test"]
    with torch.inference_mode():
        scores = saved.build(entities).predicted(rows).numpy()
    return auc_interval(scores, rows.labels.numpy(), rows.users.numpy())


def auc_interval(
    scores: npt.NDArray[np.floating], labels: npt.NDArray[np.floating], users: npt.NDArray[np.int64]
) -> tuple[tuple[float, float], int]:
    """The percentile interval of the AUC over all rows, users drawn with all of theirs; and how many users."""
    order = np.argsort(scores)
    scores, labels, (known, users) = scores[order], labels[order], np.unique(users[order], return_inverse=True)
    starts = np.flatnonzero(np.diff(scores, prepend=-np.inf))  # of rows that share a score
    generator, found = np.random.default_rng(0), []
    for _ in range(N_SAMPLES):
        weights = np.bincount(generator.integers(0, len(known), len(known)), minlength=len(known))[users]
        positive, negative = (np.add.reduceat(weights * of, starts) for of in (labels, 1 - labels))
        below = negative.cumsum() - negative / 2
        found.append((positive * below).sum() / (positive.sum() * negative.sum()))
    low, high = np.quantile(found, [(1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2])
    return (float(low), float(high)), len(known)


def table(rows: dict[str, Any]) -> str:
    """Markdown of all rows that are kept."""
    lines = [
        "Full ranking over all items. Masked: train for validation, train and validation for test. The best epoch and "
        "the best trial are chosen on validation. Intervals: 95 %, percentile bootstrap over users. "
        f"Split and training seed {SEED}, one thread.",
        "",
        "| data, split | model | mode | metric | validation | test | second metric, test | processor s | commit |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, task in TASKS.items():
        trials, bests = trials_of(rows, name), []
        for model in task.models:
            done = {trial: row for (its_model, trial), row in trials.items() if its_model == model}
            good = {trial: row for trial, row in done.items() if "valid" in row}
            if 0 in good:
                lines.append(line(name, task, model, "defaults", good[0]))
            if not good:
                continue
            best = max(good, key=lambda trial: good[trial]["valid"])
            spent = sum(row.get("processor", 0.0) for row in done.values())
            bests.append((good[best], model, len(done), spent))
            if len(done) > 1:
                mode = f"random search, best of {len(done)} trials" + (" (the defaults)" if best == 0 else "")
                lines.append(line(name, task, model, mode, good[best], spent))
        if len(bests) > 1:
            row, model, _, _ = max(bests, key=lambda found: found[0]["valid"])
            n_trials, spent = sum(found[2] for found in bests), sum(found[3] for found in bests)
            lines.append(line(name, task, f"**best: {model}**", f"of all {n_trials} trials", row, spent))
        if (row := refit_of(rows, name)) is not None:
            lines.append(line(name, task, "the same", "refit on train and valid", row))
    return "\n".join(lines) + "\n"


def trials_of(rows: dict[str, Any], name: str) -> dict[tuple[str, int], dict[str, Any]]:
    """The rows of a dataset by model and trial, refits aside."""
    keys = {key: key.split("|") for key in rows if key.startswith(f"{name}|")}
    return {(found[1], int(found[2])): rows[key] for key, found in keys.items() if found[1] != "refit"}


def refit_of(rows: dict[str, Any], name: str) -> dict[str, Any] | None:
    """The row of a dataset's best trial after its refit, if that was done."""
    trials = trials_of(rows, name)
    best = best_of(trials)
    return None if best is None else rows.get(f"{name}|refit|{best[0]}|{best[1]}")


def best_of(trials: dict[tuple[str, int], dict[str, Any]]) -> tuple[str, int] | None:
    """Model and trial, by validation."""
    good = [key for key, row in trials.items() if "valid" in row]
    return max(good, key=lambda key: trials[key]["valid"], default=None)


def short_table(rows: dict[str, Any]) -> str:
    """Markdown with a line a dataset, of what was measured on test."""
    lines = [
        "| data, split | metric | popularity | item_knn | ease | best at its defaults | best of all trials | refit |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, task in TASKS.items():
        trials = trials_of(rows, name)
        best = best_of(trials)
        if best is None:
            continue
        defaults = {model: row for (model, trial), row in trials.items() if trial == 0 and "valid" in row}
        plain = max(defaults, key=lambda model: defaults[model]["valid"])
        refit = refit_of(rows, name)
        cells = [
            *(f"{defaults[model]['test']:.3f}" if model in defaults else "–" for model in BASELINES),
            f"{plain} {scored(defaults[plain])}",
            f"{best[0]} {scored(trials[best])}, {len(trials)} trials",
            "–" if refit is None else scored(refit),
        ]
        lines.append(f"| {name}, {task.split} | {task.objective} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def scored(row: dict[str, Any]) -> str:
    return f"{row['test']:.3f} [{row['interval'][0]:.3f}, {row['interval'][1]:.3f}]"


def line(name: str, task: Task, model: str, mode: str, row: dict[str, Any], spent: float | None = None) -> str:
    interval = f" [{row['interval'][0]:.4f}, {row['interval'][1]:.4f}]"
    processor = row["processor"] if spent is None else spent
    return (
        f"| {name}, {task.split}, {row['users']:,} users | {model} | {mode} | {task.objective} | {row['valid']:.4f} | "
        f"{row['test']:.4f}{interval} | {task.also} {row['also']:.4f} | {processor:.0f} | {row['commit']} |"
    )


def wanted(arguments: argparse.Namespace, rows: dict[str, Any]) -> Iterator[tuple[str, str, int, bool]]:
    """Dataset, model, trial and whether it is a refit: everything at its defaults before anything is tuned."""
    chosen = [name for name in TASKS if {name, "all"} & set(arguments.datasets)]
    for trial in range(arguments.trials + 1):
        for name in chosen:
            for model in TASKS[name].models:
                is_fixed = trial > 0 and not MODELS[model].space
                if {model, "all"} & set(arguments.models) and not is_fixed:
                    yield name, model, trial, False
    for name in chosen if arguments.refit else ():
        best = best_of(trials_of(rows, name))
        if best is not None:
            yield name, *best, True


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=REAL_DATA)
    parser.add_argument("--datasets", nargs="+", choices=[*TASKS, "all"], default=["ml-100k"])
    parser.add_argument("--models", nargs="+", choices=[*MODELS, "all"], default=list(QUICK))
    parser.add_argument("--trials", type=int, default=1, help="random ones of each model, after its defaults")
    parser.add_argument("--minutes", type=float, default=2.0, help="begin no trial after these")
    parser.add_argument("--trial-minutes", type=float, help="a trial ends after these with its best epoch")
    parser.add_argument("--refit", action="store_true", help="of each dataset's best trial, in the end")
    parser.add_argument("--keep", type=Path, help="a JSON file: rows that stand there are not measured again")
    parser.add_argument("--out", type=Path, help="a Markdown file, written anew after each row")
    arguments = parser.parse_args()
    kept, start = Kept(arguments.keep), time.perf_counter()
    limit_s = None if arguments.trial_minutes is None else 60 * arguments.trial_minutes
    with tempfile.TemporaryDirectory() as folder:
        for name, model, trial, is_refit in wanted(arguments, kept.found):
            task, dataset = TASKS[name], Path(folder) / name
            if not (arguments.data / task.file).is_file():
                print(f"{name}: not run, {arguments.data / task.file} is missing")
                continue
            if time.perf_counter() - start > 60 * arguments.minutes:
                print(f"stopped after {arguments.minutes:g} minutes")
                break
            if not dataset.is_dir():
                read_interactions(arguments.data / task.file).save(dataset)
            key = f"{name}|refit|{model}|{trial}" if is_refit else f"{name}|{model}|{trial}"
            row = kept.get(key, partial(measured, task, dataset, model, draw(model, trial), limit_s, is_refit))
            words = row.get("failed") or f"valid {row['valid']:.4f}, test {row['test']:.4f}, {row['processor']:.0f} s"
            print(f"{key}: {words}", flush=True)
            if arguments.out:
                arguments.out.write_text(f"{short_table(kept.found)}\n{table(kept.found)}")
    print(short_table(kept.found))
    print(table(kept.found))


if __name__ == "__main__":
    main()
