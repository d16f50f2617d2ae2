"""What the two commands that train share: `python -m recmodels` and `recpilot train`.

Their options have one meaning, one way to be written and one help text.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from recmodels.durations import seconds
from recmodels.errors import ParamError
from recmodels.metrics import parse_metric
from recmodels.outcomes import parse_outcomes
from recmodels.positive import parse_rule
from recmodels.repeats import parse_repeats
from recmodels.request import Budget, SplitSpec, TrainRequest
from recmodels.search_space import ParamValue

HELP = {
    "model": "Its name, such as sasrec; an unknown one brings the list.",
    "set": "A param, as learning_rate=0.001; the rest are defaults.",
    "split": "auto, leave_last_out, temporal, random, given.",
    "positive": "What counts as a like: all, or ratings such as 4+ or '>3.5'; default: the upper part of a scale.",
    "repeat_events": "mask: no item twice in a list of a person; keep: people have it again; default: by the data.",
    "outcome": "What outcomes count in ndcg, auc, logloss: purchase=10,cart=3,view=1; others 0. Default: all alike.",
    "objective": "Early stopping and the best epoch follow it.",
    "epochs": "At most.",
    "time_limit": "90s, 30m, 1h30m.",
    "patience": "Epochs without a better objective before it stops.",
    "seed": "The same seed gives the same weights on a CPU.",
    "refit": "Learn again from train and valid, for as many epochs as were best, and measure test on that.",
    "test": "Measure the test part too; `recpilot train` does unless told not to, and counts its readings.",
    "checkpoint": "Folder for the weights.",
    "resume_folder": "Keep the state here after each epoch, and resume an earlier run from it.",
    "tensorboard": "Folder for TensorBoard logs.",
    "device": "auto, cpu, cuda, cuda:1, mps.",
    "precision": "auto, fp32, bf16.",
    "threads": "Of torch on the CPU.",
}
TEST_WAS_READ = "Test was measured: reading it again and again to choose would make it optimistic."


def request_of(
    dataset: Path,
    model: str,
    *,
    assigned: Iterable[str] = (),
    split: str = "auto",
    positive: str | None = None,
    repeat_events: str | None = None,
    outcome: str | None = None,
    objective: str = "ndcg@10",
    epochs: int | None = None,
    time_limit: str | None = None,
    patience: int = Budget().patience,
    seed: int = 0,
    refit: bool = False,
    test: bool = True,
    checkpoint: Path | None = None,
    resume_folder: Path | None = None,
    tensorboard: Path | None = None,
    device: str = "auto",
    precision: str = "auto",
    threads: int | None = None,
) -> TrainRequest:
    """The request that a command line asks for; the options are those of `HELP`.

    Raises:
        ParamError: One cannot be read; the training tool checks the rest.
    """
    limit_s = None if time_limit is None else seconds(time_limit)
    return TrainRequest(
        dataset=dataset,
        model=model,
        params=assignments(assigned),
        split=SplitSpec(kind=split),  # type: ignore[arg-type]  # it checks itself
        positive=None if positive is None else parse_rule(positive).to_text(),
        repeats=None if repeat_events is None else parse_repeats(repeat_events),
        outcomes=None if outcome is None else parse_outcomes(outcome).to_text(),
        objective=parse_metric(objective),
        budget=Budget(epochs=epochs, time_limit_s=limit_s, patience=patience),
        seed=seed,
        measures_test=test,
        refit=refit,
        checkpoint=checkpoint,
        resume_folder=resume_folder,
        tracker_folder=tensorboard,
        device=device,
        precision=precision,  # type: ignore[arg-type]  # checked by the training tool
        n_threads=threads,
    )


def check_device(name: str) -> None:
    """Refuse a device before anything is stored or begun; torch is imported only for what is neither auto nor cpu.

    Raises:
        ParamError: No such kind of device.
        SetupError: This machine has no such device.
    """
    if name in ("auto", "cpu"):
        return
    from recmodels.loop.devices import device_of

    device_of(name)


def assignments(pairs: Iterable[str]) -> dict[str, ParamValue]:
    """Values with their types, where a name is set twice the last one.

    >>> assignments(["dropout=0.2", "loss=bpr", "biases=true"])
    {'dropout': 0.2, 'loss': 'bpr', 'biases': True}

    Raises:
        ParamError: A pair without a name or an equals sign.
    """
    return {name: literal(value) for name, value in named_texts(pairs).items()}


def named_texts(pairs: Iterable[str]) -> dict[str, str]:
    """`["user=reader", "item=book"]` → `{"user": "reader", "item": "book"}`.

    Raises:
        ParamError: A pair without a name or an equals sign.
    """
    values = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name.strip():
            raise ParamError(f"a value is given as name=value, got {pair!r}")
        values[name.strip()] = value.strip()
    return values


def literal(text: str) -> Any:
    """The value that a text stands for: a number, true or false, else the text itself."""
    try:
        return json.loads(text.lower() if text in ("True", "False") else text)
    except json.JSONDecodeError:
        return text
