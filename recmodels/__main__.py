"""Train one model from the command line, several GPUs included.

python -m recmodels DATASET_FOLDER --model bpr_mf --set learning_rate=0.01 --epochs 20
torchrun --nproc_per_node 2 -m recmodels DATASET_FOLDER --model sasrec
"""

import argparse
import json
import os
import sys
from pathlib import Path

from recmodels.command import HELP, TEST_WAS_READ, request_of
from recmodels.errors import RecmodelsError, UserError
from recmodels.request import Budget, EpochReport, RefitReport


def main(arguments: list[str] | None = None) -> int:
    """Exit status: 0 done, 1 the training failed, 2 wrong usage or data."""
    options = vars(_parser().parse_args(arguments))
    try:
        from recmodels.training import train  # imports torch

        result = train(request_of(**options), _show, _show_refit)
    except RecmodelsError as error:
        sys.stderr.write(f"{error}\n")
        return 2 if isinstance(error, UserError) else 1
    if os.environ.get("RANK", "0") == "0":  # one of several processes speaks
        if options["test"]:
            sys.stderr.write(f"{TEST_WAS_READ}\n")
        sys.stdout.write(json.dumps({"model": options["model"]} | result.summary()) + "\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m recmodels", description=__doc__.splitlines()[0])
    parser.add_argument("dataset", type=Path, help="a folder written by Interactions.save")
    parser.add_argument("--model", required=True, help=HELP["model"])
    parser.add_argument("--set", action="append", default=[], dest="assigned", metavar="NAME=VALUE", help=HELP["set"])
    parser.add_argument("--split", default="auto", help=HELP["split"])
    parser.add_argument("--positive", metavar="RULE", help=HELP["positive"])
    parser.add_argument("--repeat-events", metavar="mask|keep", help=HELP["repeat_events"])
    parser.add_argument("--outcome", metavar="WEIGHTS", help=HELP["outcome"])
    parser.add_argument("--objective", default="ndcg@10", help=HELP["objective"])
    parser.add_argument("--epochs", type=int, help=HELP["epochs"])
    parser.add_argument("--time-limit", help=HELP["time_limit"])
    parser.add_argument("--patience", type=int, default=Budget().patience, metavar="EPOCHS", help=HELP["patience"])
    parser.add_argument("--seed", type=int, default=0, help=HELP["seed"])
    parser.add_argument("--refit", action="store_true", help=HELP["refit"])
    parser.add_argument("--test", action=argparse.BooleanOptionalAction, default=False, help=HELP["test"])
    parser.add_argument("--checkpoint", type=Path, help=HELP["checkpoint"])
    parser.add_argument("--resume-folder", type=Path, help=HELP["resume_folder"])
    parser.add_argument("--tensorboard", "--tracker-folder", type=Path, dest="tensorboard", help=HELP["tensorboard"])
    parser.add_argument("--device", default="auto", help=HELP["device"])
    parser.add_argument("--precision", default="auto", help=HELP["precision"])
    parser.add_argument("--threads", type=int, help=HELP["threads"])
    return parser


def _show(report: EpochReport) -> None:
    loss = "" if report.loss is None else f"  loss {report.loss:.4f}"
    sys.stderr.write(f"epoch {report.epoch}/{report.epochs}{loss}  {report.value:.4f}  {report.elapsed_s:.1f} s\n")


def _show_refit(report: RefitReport) -> None:
    loss = "" if report.loss is None else f"  loss {report.loss:.4f}"
    sys.stderr.write(f"refit {report.epoch}/{report.epochs}{loss}\n")


if __name__ == "__main__":
    sys.exit(main())
