"""Train one model from the command line, several GPUs included.

python -m recmodels DATASET_FOLDER --model bpr_mf --set learning_rate=0.01 --epochs 20
torchrun --nproc_per_node 2 -m recmodels DATASET_FOLDER --model sasrec
"""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from recmodels.command import TEST_WAS_READ
from recmodels.errors import RecmodelsError, UserError
from recmodels.request import Budget, EpochReport, RefitReport, SplitSpec, TrainRequest


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 done, 1 the training failed, 2 wrong usage or data."""
    args = _parser().parse_args(arguments)
    try:
        from recmodels.training import train  # imports torch

        request = TrainRequest(
            dataset=args.dataset,
            model=args.model,
            params=dict(args.set),
            split=SplitSpec(kind=args.split),
            objective=args.objective,
            budget=Budget(epochs=args.epochs, time_limit_s=args.time_limit, patience=args.patience),
            seed=args.seed,
            measures_test=True,
            refit=args.refit,
            checkpoint=args.checkpoint,
            resume_folder=args.resume_folder,
            tracker_folder=args.tracker_folder,
            device=args.device,
            n_threads=args.threads,
        )
        result = train(request, _show, _show_refit)
    except RecmodelsError as error:
        sys.stderr.write(f"{error}\n")
        return 2 if isinstance(error, UserError) else 1
    if os.environ.get("RANK", "0") == "0":  # one of several processes speaks
        sys.stderr.write(f"{TEST_WAS_READ}\n")
        sys.stdout.write(json.dumps({"model": args.model} | result.summary()) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m recmodels", description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path, help="a folder written by Interactions.save")
    parser.add_argument("--model", required=True)
    parser.add_argument("--set", action="append", default=[], type=_param, metavar="NAME=VALUE")
    parser.add_argument("--split", default="auto")
    parser.add_argument("--objective", default="ndcg@10")
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--time-limit", type=float, metavar="SECONDS")
    parser.add_argument("--patience", type=int, default=Budget().patience, metavar="EPOCHS")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--refit", action="store_true", help="in the end, learn again from train and valid")
    parser.add_argument("--checkpoint", type=Path)
    parser.add_argument("--resume-folder", type=Path, help="keep the state here, and go on from one that is there")
    parser.add_argument("--tracker-folder", type=Path)
    parser.add_argument("--device", default="auto")
    parser.add_argument("--threads", type=int)
    return parser


def _param(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise argparse.ArgumentTypeError(f"a param is written name=value, got {text!r}")
    try:
        return name, json.loads(value)
    except json.JSONDecodeError:
        return name, value


def _show(report: EpochReport) -> None:
    loss = "" if report.loss is None else f"  loss {report.loss:.4f}"
    sys.stderr.write(f"epoch {report.epoch}/{report.epochs}{loss}  {report.value:.4f}  {report.elapsed_s:.1f} s\n")


def _show_refit(report: RefitReport) -> None:
    loss = "" if report.loss is None else f"  loss {report.loss:.4f}"
    sys.stderr.write(f"refit {report.epoch}/{report.epochs}{loss}\n")


if __name__ == "__main__":
    sys.exit(main())
