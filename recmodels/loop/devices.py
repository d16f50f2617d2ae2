"""One accelerate `Accelerator` a run on the device and in the precision that were asked for; its threads, its dice."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import get_args

import torch
from accelerate import Accelerator
from accelerate.state import AcceleratorState
from torch import Tensor

from recmodels.errors import ParamError, SetupError
from recmodels.request import Precision, TrainRequest


def open_accelerator(request: TrainRequest) -> Accelerator:
    """An accelerator for `request.device` and `request.precision`, with a TensorBoard tracker where one is asked for.

    Raises:
        ParamError: No such kind of device or precision.
        SetupError: This machine has no such device, or it cannot compute in bf16.
    """
    device = device_of(request.device)
    options = {
        "cpu": device.type == "cpu",
        "mixed_precision": _precision(request.precision, device),
        "log_with": "tensorboard" if request.tracker_folder else None,
        "project_dir": request.tracker_folder,
    }
    if device.type == "cuda" and device.index is not None:
        torch.cuda.set_device(device)
    try:
        return Accelerator(**options)
    except ValueError:  # accelerate keeps one state a process: an earlier run had another device or precision
        AcceleratorState._reset_state(reset_partial_state=True)
        return Accelerator(**options)


@contextmanager
def torch_threads(n_threads: int | None) -> Iterator[None]:
    """`n_threads` CPU threads inside the block; None leaves torch's choice."""
    before = torch.get_num_threads()
    torch.set_num_threads(n_threads or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def random_states(device: torch.device) -> dict[str, Tensor]:
    """Of torch's global generators: the CPU's and the device's."""
    states = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        states["cuda"] = torch.cuda.get_rng_state(device)
    elif device.type == "mps":
        states["mps"] = torch.mps.get_rng_state()
    return states


def set_random_states(states: dict[str, Tensor], device: torch.device) -> None:
    """Put back what `random_states` gave."""
    torch.set_rng_state(states["cpu"])
    if device.type == "cuda":
        torch.cuda.set_rng_state(states["cuda"], device)
    elif device.type == "mps":
        torch.mps.set_rng_state(states["mps"])


def is_out_of_memory(error: BaseException) -> bool:
    """Whether torch raised it for want of memory, which a CPU and some libraries of a GPU say in words only."""
    words = ("can't allocate memory", "out of memory", "ALLOC_FAILED")
    said = isinstance(error, RuntimeError) and any(word in str(error) for word in words)
    return said or isinstance(error, MemoryError | torch.OutOfMemoryError)


def kind_of_device(name: str) -> str:
    """cpu, cuda or mps: what a run on `name`, which may be auto, runs on."""
    return _best_device().type if name == "auto" else name.partition(":")[0]


def _best_device() -> torch.device:
    return torch.accelerator.current_accelerator(check_available=True) or torch.device("cpu")


def device_of(name: str) -> torch.device:
    """The device of that name, the best one for auto.

    Raises:
        ParamError: No such kind of device.
        SetupError: This machine has no such device.
    """
    if name == "auto":
        return _best_device()
    known = re.fullmatch(r"(cpu|cuda|mps)(?::(\d+))?", name)
    if known is None:
        raise ParamError(f"`device` must be auto, cpu, cuda, cuda:<number> or mps, got {name!r}")
    kind, number = known[1], int(known[2] or 0)
    n_devices = {
        "cpu": 1,
        "cuda": torch.cuda.device_count(),
        "mps": int(torch.backends.mps.is_available()),
    }[kind]
    if number >= n_devices:
        raise SetupError(f"this machine has {n_devices} devices of the kind {kind}, so no {name!r}; use cpu")
    return torch.device(name)


def _precision(asked: str, device: torch.device) -> str:
    if asked not in get_args(Precision):
        raise ParamError(f"`precision` must be one of {', '.join(get_args(Precision))}, got {asked!r}")
    has_bf16 = device.type == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
    if asked == "bf16" and device.type == "cuda" and not has_bf16:
        raise SetupError("this GPU cannot compute in bf16; use fp32")
    return "bf16" if asked == "bf16" or (asked == "auto" and has_bf16) else "no"
