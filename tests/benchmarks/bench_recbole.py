"""Training and evaluation beside RecBole 1.2.1 on ml-100k: the same rows, parts and model size, one thread each.

python tests/benchmarks/bench_recbole.py --recbole-python PYTHON [--data FOLDER] [--models BPR SASRec] [--keep FILE]
       [--batches 2] [--whole EPOCHS]

PYTHON is the interpreter of an environment with recbole 1.2.1 (`setuptools<81`, `numpy<2`, `scipy<1.13`, `pandas<3`);
FOLDER holds ml-100k.inter, .user and .item. The split is ours, written out as RecBole's benchmark files. Seconds are
of the processor. "To its score" is our training until our validation score is RecBole's best, beside RecBole's until
that. Of RecBole's SASRec and GRU4Rec, which take minutes an epoch, --batches are run and the epoch is reckoned from
them, unless --whole says of how many epochs the scores are to be compared. RecBole's lists of such models may repeat
the history; here they are masked as ours are.
"""

import argparse
import json
import math
import os
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import torch
from common import REAL_DATA, Kept, steps

from recmodels.data.interactions import Interactions
from recmodels.data.reading.read import read_interactions
from recmodels.data.split import split
from recmodels.evaluation import evaluate
from recmodels.loop.preparation import data_on, entities_of
from recmodels.models import MODELS
from recmodels.models.base import RecModel
from recmodels.models.parts.predicting import Predictor
from recmodels.prediction import Task, evaluate_predictions, observations_on
from recmodels.request import SplitSpec

CPU, LENGTH, PARTS = torch.device("cpu"), 50, ("train", "valid", "test")
TOKENS = {"user_id": "user_id:token", "item_id": "item_id:token", "label": "label:float"}
FEATURES = {"user": ["user_id", "age", "gender", "occupation"], "item": ["item_id", "release_year", "class"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One model in both libraries."""

    kind: str  # list, sequence, label
    ours: str
    params: dict[str, Any]  # ours, as RecBole's defaults have the model
    theirs: dict[str, Any]
    epochs: int  # RecBole's
    our_epochs: int
    tuned: dict[str, Any]  # ours beside `params`, to the same score


SIZE = {"embedding_size": 64}
PAIRS = {
    "BPR": Pair(
        kind="list",
        ours="bpr_mf",
        params=SIZE | {"loss": "bpr", "n_negatives": 1, "batch_size": 2048, "biases": False},
        theirs=SIZE | {"train_batch_size": 2048},
        epochs=100,
        our_epochs=40,
        tuned=SIZE,
    ),
    "LightGCN": Pair(
        kind="list",
        ours="lightgcn",
        params=SIZE | {"n_layers": 2, "loss": "bpr", "n_negatives": 16, "batch_size": 2048},
        theirs=SIZE | {"n_layers": 2, "train_batch_size": 2048},
        epochs=60,
        our_epochs=40,
        tuned=SIZE | {"n_layers": 2},
    ),
    "DeepFM": Pair(
        kind="label",
        ours="deepfm",
        params={"embedding_size": 16, "n_layers": 2, "hidden_size": 128, "batch_size": 2048, "batch_norm": False},
        theirs={"embedding_size": 16, "mlp_hidden_size": [128, 128], "train_batch_size": 2048},
        epochs=20,
        our_epochs=20,
        tuned={"embedding_size": 16, "n_layers": 2, "hidden_size": 128},
    ),
    "SASRec": Pair(
        kind="sequence",
        ours="sasrec",
        params=SIZE | {"n_layers": 2, "n_heads": 2, "max_length": LENGTH},
        theirs={"hidden_size": 64, "inner_size": 128, "n_layers": 2, "n_heads": 2, "train_batch_size": 2048},
        epochs=1,
        our_epochs=3,
        tuned={},
    ),
    "GRU4Rec": Pair(
        kind="sequence",
        ours="gru4rec",
        params=SIZE | {"hidden_size": 128, "n_layers": 1, "max_length": LENGTH},
        theirs=SIZE | {"hidden_size": 128, "num_layers": 1, "train_batch_size": 2048},
        epochs=1,
        our_epochs=3,
        tuned={},
    ),
}


def prepared(kind: str, source: Path, folder: Path) -> Interactions:
    """Write RecBole's files into `folder / "data"`; the same rows with their parts as ours."""
    target = folder / "data"
    target.mkdir()
    if kind == "label":
        rows = pl.read_csv(source / "ml-100k.inter", separator="\t", infer_schema=False)
        parts = np.random.default_rng(0).permutation(np.arange(rows.height) * 10 // rows.height).clip(min=7) - 7
        is_liked = (pl.col("rating:float").cast(pl.Float64) >= 4).cast(pl.Int8)
        rows = rows.select("user_id:token", "item_id:token", is_liked.alias("label:float"))
        for number, part in enumerate(PARTS):
            rows.filter(pl.Series(parts == number)).write_csv(target / f"data.{part}.inter", separator="\t")
        for side in ("user", "item"):
            table = pl.read_csv(source / f"ml-100k.{side}", separator="\t", infer_schema=False, quote_char=None)
            kept = [column for column in table.columns if column.split(":")[0] in FEATURES[side]]
            table.select(kept).write_csv(target / f"data.{side}", separator="\t")
        named = rows.rename({column: name for name, column in TOKENS.items()})
        named.with_columns(split=pl.Series([PARTS[part] for part in parts])).write_csv(folder / "rows.csv")
        return read_interactions(folder / "rows.csv", items_path=target / "data.item", users_path=target / "data.user")
    data = read_interactions(source / "ml-100k.inter")
    found = split(data, SplitSpec(kind="random" if kind == "list" else "leave_last_out"))
    columns = {"user_id:token": data.users, "item_id:token": data.items}
    rows = pl.DataFrame(columns)
    if kind == "sequence":
        ends = np.arange(len(data))
        starts = np.maximum(data.offsets()[data.users], ends - LENGTH)
        places = starts[:, None] + np.arange(LENGTH)
        windows = pl.DataFrame({"items": data.items[places.clip(max=len(data) - 1)], "length": ends - starts})
        items = pl.col("items").arr.to_list().list.head(pl.col("length")).cast(pl.List(pl.String))
        rows = rows.hstack(windows.select(items.list.join(" ").alias("item_id_list:token_seq")))
    for part in PARTS:
        numbers = getattr(found, part)
        if kind == "sequence":
            numbers = numbers[numbers > data.offsets()[data.users[numbers]]]  # a first item follows nothing
        rows[numbers].write_csv(target / f"data.{part}.inter", separator="\t")
    return data


def settings(pair: Pair, folder: Path) -> dict[str, Any]:
    """RecBole's configuration."""
    common: dict[str, Any] = {
        "data_path": str(folder),
        "benchmark_filename": list(PARTS),
        "checkpoint_dir": str(folder / "saved"),
        "use_gpu": False,
        "state": "ERROR",
        "show_progress": False,
        "seed": 0,
        "topk": [10],
        "metrics": ["NDCG", "Recall"],
        "valid_metric": "NDCG@10",
        "eval_batch_size": 4096,
        "eval_args": {"split": {"RS": [8, 1, 1]}, "order": "RO", "group_by": "user", "mode": "full"},
    }
    load: dict[str, list[str]] = {"inter": ["user_id", "item_id"]}
    if pair.kind == "sequence":
        load["inter"].append("item_id_list")
        common |= {"eval_args": {"split": {"LS": "valid_and_test"}, "order": "TO", "group_by": "user", "mode": "full"}}
        common |= {"alias_of_item_id": ["item_id_list"], "MAX_ITEM_LIST_LENGTH": LENGTH, "train_neg_sample_args": None}
    if pair.kind == "label":
        load["inter"].append("label")
        load |= FEATURES
        common |= {"metrics": ["AUC", "LogLoss"], "valid_metric": "AUC", "LABEL_FIELD": "label"}
        common |= {"eval_args": common["eval_args"] | {"group_by": None, "mode": "labeled"}}
        common |= {"train_neg_sample_args": None}
    return common | {"load_col": load} | pair.theirs


def theirs(name: str, pair: Pair, python: Path, folder: Path, batches: int | None) -> dict[str, Any] | None:
    """What RecBole measured; `batches` of an epoch alone, None: whole ones."""
    metric = "auc" if pair.kind == "label" else "ndcg@10"
    task = {"model": name, "dataset": "data", "config": settings(pair, folder), "metric": metric}
    every = 1 if pair.kind == "sequence" else 5
    task |= {"epochs": pair.epochs if batches is None else 1, "evaluate_every": every, "batches": batches}
    (folder / "task.json").write_text(json.dumps(task))
    driver = Path(__file__).with_name("recbole_peer.py").resolve()
    environment = os.environ | {"OMP_NUM_THREADS": "1", "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD": "1", "PYTHONPATH": ""}
    command = list(map(str, [python, "-W", "ignore", driver, folder / "task.json", folder / "result.json"]))
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        print(f"{name}: RecBole failed: {done.stderr.strip().splitlines()[-1][:300]}", flush=True)
        return None
    found: dict[str, Any] = json.loads((folder / "result.json").read_text())
    return found


def ours(pair: Pair, params: dict[str, Any], data: Interactions, goal: float) -> dict[str, Any]:
    """Seconds an epoch and an evaluation, and until validation reaches `goal`."""
    entry = MODELS[pair.ours]
    kind = "random" if pair.kind == "list" else "leave_last_out" if pair.kind == "sequence" else "given"
    parts = split(data, SplitSpec(kind=kind))  # type: ignore[arg-type]
    entities, on_device = entities_of(data, entry), data_on(data, parts, CPU)
    torch.manual_seed(0)
    model = entry.load()(entry.space.check(params), entities)
    measure: Callable[[RecModel, str], dict[str, float]]
    start = time.process_time()
    if isinstance(model, Predictor) and entities.features is not None:
        rows = observations_on(data, parts, entities.features, Task(target="label", ranks=False), CPU)
        model.learn_from(rows["train"])

        def measure(model: RecModel, part: str) -> dict[str, float]:
            return dict(evaluate_predictions(model, rows[part], part, None).metrics)  # type: ignore[arg-type]
    else:

        def measure(model: RecModel, part: str) -> dict[str, float]:
            seen = on_device.train if part == "valid" else on_device.before_test
            return dict(evaluate(model, seen, getattr(on_device, part), (10,)).metrics)

    model.fit(on_device.train)
    fit_s, train_s, eval_s = time.process_time() - start, 0.0, 0.0
    generator = torch.Generator().manual_seed(0)
    metric = "auc" if pair.kind == "label" else "ndcg@10"
    best, to_goal_s = {"value": -math.inf}, math.inf
    for epoch in range(1, pair.our_epochs + 1):
        start = time.process_time()
        for _ in steps(model, on_device.train, generator):
            pass
        train_s += time.process_time() - start
        start = time.process_time()
        value = measure(model, "valid")[metric]
        eval_s += time.process_time() - start
        if value >= goal:
            to_goal_s = min(to_goal_s, fit_s + train_s)
        if value > best["value"]:
            best = {"value": value, "epoch": epoch, "train_s": train_s, "test": measure(model, "test")}
        elif epoch - best["epoch"] >= 5 and math.isfinite(to_goal_s):
            break
    return {"epoch_s": train_s / epoch, "eval_s": eval_s / epoch, "best": best, "to_goal_s": to_goal_s}


def tell(name: str, pair: Pair, peer: dict[str, Any], alike: dict[str, Any], tuned: dict[str, Any] | None) -> None:
    share = "" if peer["share"] == 1 else f" (reckoned from {peer['share']:.1%} of its batches)"
    print(f"{name}: RecBole {peer['epoch_s']:.3f} s an epoch{share}, {peer['eval_s']:.3f} s an evaluation", flush=True)
    metric = "auc" if pair.kind == "label" else "ndcg@10"
    if tuned is not None:
        value, spent_s = peer["best"]["value"], peer["best"]["train_s"]
        print(f"  valid {metric} {value:.4f} after {spent_s:.2f} s of training, {told(peer, metric)}", flush=True)
    for words, found in ((f"{pair.ours}, alike", alike), (f"{pair.ours}, our defaults", tuned)):
        if found is None:
            continue
        ratios = [peer[key] / found[key] for key in ("epoch_s", "eval_s")]
        print(
            f"  {words}: {found['epoch_s']:.3f} s an epoch, {found['eval_s']:.3f} s an evaluation: "
            f"{ratios[0]:.1f} and {ratios[1]:.1f} times as quick",
            flush=True,
        )
        if tuned is not None:
            to_goal_s = found["to_goal_s"]
            reached = f"that score after {to_goal_s:.2f} s, {peer['best']['train_s'] / to_goal_s:.1f} times as quick"
            words = reached if math.isfinite(to_goal_s) else "did not reach that score"
            print(f"    {words}; valid {metric} {found['best']['value']:.4f}, {told(found, metric)}", flush=True)


def told(found: dict[str, Any], metric: str) -> str:
    return f"test {found['best']['test'][metric]:.4f} at epoch {found['best']['epoch']}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--recbole-python", type=Path)
    parser.add_argument("--data", type=Path, default=REAL_DATA / "ml-100k")
    parser.add_argument("--models", nargs="+", choices=PAIRS, default=list(PAIRS))
    parser.add_argument("--keep", type=Path, help="a JSON file: what stands there is not measured again")
    parser.add_argument("--batches", type=int, default=2, help="of RecBole's SASRec and GRU4Rec")
    parser.add_argument("--whole", type=int, metavar="EPOCHS", help="so many whole epochs of these instead")
    arguments = parser.parse_args()
    if arguments.recbole_python is None or not (arguments.data / "ml-100k.inter").is_file():
        print("not run: it needs --recbole-python, an interpreter that has recbole 1.2.1, and ml-100k in --data")
        return
    torch.set_num_threads(1)
    kept = Kept(arguments.keep)
    for name in arguments.models:
        pair, python = PAIRS[name], arguments.recbole_python.absolute()
        if pair.kind == "sequence" and arguments.whole:
            pair = replace(pair, epochs=arguments.whole, our_epochs=15)
        with tempfile.TemporaryDirectory() as place:
            data = prepared(pair.kind, arguments.data, Path(place))
            n = arguments.batches if pair.kind == "sequence" and not arguments.whole else None
            peer = kept.get(f"RecBole {name} {n}", lambda: theirs(name, pair, python, Path(place), n))  # noqa: B023
            if peer is None:
                continue
            goal = peer["best"]["value"] if n is None else math.inf
            alike = kept.get(f"ours {name}, alike", lambda: ours(pair, pair.params, data, goal))  # noqa: B023
            tuned = kept.get(f"ours {name}", lambda: ours(pair, pair.tuned, data, goal)) if n is None else None  # noqa: B023
        tell(name, pair, peer, alike, tuned)


if __name__ == "__main__":
    main()
