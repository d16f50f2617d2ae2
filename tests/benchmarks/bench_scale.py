"""How training and evaluation grow with the data: seconds an epoch from 10^5 interactions on, and the slope.

python tests/benchmarks/bench_scale.py [--largest 1e7] [--models bpr_mf sasrec] [--seconds 60] [--items 5000]
       [--keep scale.json] [--plot scale.png]

Made-up interactions, 50 a user, of --items items or, with --items 0, 20 users an item (500 to 50,000 items); the
models' defaults, one thread, one process a measurement; seconds are of the processor. Where an epoch takes longer than
--seconds, a part of it is run and the whole is reckoned from that share, which is printed. The slope is that of the
logarithms: 1 is linear.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from common import Curve, Kept, epoch_s, made_up, picture

from recmodels.data.histories import Histories
from recmodels.evaluation import evaluate
from recmodels.models import MODELS
from recmodels.models.base import Entities

A_USER, USERS_AN_ITEM, LEAST_ITEMS, MOST_ITEMS = 50, 20, 500, 50_000
MOST_ITEMS_OF = {"ease": 5_000}  # a dense matrix of items x items
EVALUATED = 5_000  # users at most


def child(name: str, n_rows: int, n_items: int, limit_s: float) -> dict[str, float]:
    n_users = n_rows // A_USER
    n_items = n_items or max(n_users // USERS_AN_ITEM, LEAST_ITEMS)
    n_items = min(n_items, MOST_ITEMS_OF.get(name, MOST_ITEMS))
    train, held_out = made_up(n_rows, n_users, n_items)
    torch.manual_seed(0)
    entry = MODELS[name]
    model = entry.load()(entry.space.check({}), Entities(n_users=n_users, n_items=n_items))
    start = time.process_time()
    model.fit(train)
    fit_s = time.process_time() - start
    an_epoch_s, share = (fit_s, 1.0) if model.is_closed_form else epoch_s(model, train, limit_s)
    start = time.process_time()
    evaluate(model, train, first(held_out, EVALUATED), (10,))
    return {
        "rows": n_rows,
        "users": n_users,
        "items": n_items,
        "epoch_s": an_epoch_s,
        "share": share,
        "fit_s": fit_s,
        "eval_s": (time.process_time() - start) * n_users / min(EVALUATED, n_users),
        "bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def first(histories: Histories, n: int) -> Histories:
    """With what the first `n` users have only."""
    end = int(histories.offsets[min(n, histories.n_users)])
    return Histories(
        offsets=histories.offsets.clamp(max=end),
        items=histories.items[:end],
        users=histories.users[:end],
        n_items=histories.n_items,
    )


def measured(name: str, n_rows: int, n_items: int, limit_s: float) -> Any:
    size = ["--largest", str(n_rows), "--items", str(n_items), "--seconds", str(limit_s)]
    command = [sys.executable, __file__, "--child", name, *size]
    done = subprocess.run(command, env=os.environ | {"OMP_NUM_THREADS": "1"}, capture_output=True, text=True)
    if done.returncode:
        print(f"{name} at {n_rows:,}: not measured, {done.stderr.strip().splitlines()[-1][:200]}", flush=True)
        return None
    return json.loads(done.stdout)


def slope(runs: list[dict[str, float]], key: str) -> float:
    return float(np.polyfit(np.log([run["rows"] for run in runs]), np.log([run[key] for run in runs]), 1)[0])


def plotted(found: dict[str, list[dict[str, float]]], path: Path) -> None:
    """Processor seconds an epoch by interactions, both by their order of magnitude."""
    from ui.figures import scales  # not needed by what measures memory
    from ui.figures.theme import MARKERS, SERIES

    curves = []
    for i, (name, runs) in enumerate(found.items()):
        words = f"{name}, slope {slope(runs, 'epoch_s'):.2f}" if len(runs) > 1 else name
        looks = {"color": SERIES[i % len(SERIES)], "linewidth": 2, "marker": MARKERS[i % len(MARKERS)], "markersize": 6}
        rows, seconds = [run["rows"] for run in runs], [run["epoch_s"] for run in runs]
        curves.append(Curve(name=words, xs=rows, ys=seconds, looks=looks))
    x = scales.logarithmic("interactions", [x for curve in curves for x in curve.xs])
    y = scales.logarithmic("processor seconds an epoch", [y for curve in curves for y in curve.ys])
    picture(curves, x, y, path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--largest", type=float, default=1e6)
    parser.add_argument("--items", type=int, default=5_000, help="0: they grow with the users")
    parser.add_argument("--models", nargs="+", default=["bpr_mf", "ials", "ease", "sasrec"])
    parser.add_argument("--seconds", type=float, default=4.0, help="of training a measurement")
    parser.add_argument("--keep", type=Path, help="a JSON file: what stands there is not measured again")
    parser.add_argument("--plot", type=Path, help="a .png, .svg or .pdf to write")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        torch.set_num_threads(1)
        print(json.dumps(child(arguments.child, int(arguments.largest), arguments.items, arguments.seconds)))
        return
    kept = Kept(arguments.keep)
    n_sizes = max(round(2 * np.log10(arguments.largest / 1e5)) + 1, 1)
    sizes = [round(1e5 * 10 ** (step / 2)) for step in range(n_sizes)]
    found: dict[str, list[dict[str, float]]] = {}
    for name in arguments.models:
        runs = []
        for n_rows in sizes:
            make = partial(measured, name, n_rows, arguments.items, arguments.seconds)
            run = kept.get(f"{name} {n_rows} {arguments.items}", make)
            if run is None:
                break
            runs.append(run)
            reckoned = "" if run["share"] == 1 else f" (reckoned from {run['share']:.0%} of it)"
            print(
                f"{name:8} {run['rows']:>10,} interactions, {run['users']:>7,} users, {run['items']:>6,} items: "
                f"{run['epoch_s']:8.2f} s an epoch{reckoned}, {run['eval_s']:7.2f} s an evaluation, "
                f"peak {run['bytes'] / 2**30:.2f} GiB",
                flush=True,
            )
        if len(runs) > 1:
            print(f"{name:8} slope: training {slope(runs, 'epoch_s'):.2f}, evaluation {slope(runs, 'eval_s'):.2f}")
            found[name] = runs
    if arguments.plot and found:
        plotted(found, arguments.plot)
        print(f"plot: {arguments.plot}")


if __name__ == "__main__":
    main()
