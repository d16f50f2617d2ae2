"""What a model costs: time to answer, sizes, peak memory."""

import math
import os
import resource
import sys
import time
from contextlib import suppress
from pathlib import Path

import torch

from recmodels.data.histories import Histories
from recmodels.models.base import RecModel
from recmodels.pretrained.adapters import trainable_share

N_TIMED, LIMIT_S = 20, 0.5


@torch.inference_mode()
def latency_ms(model: RecModel, histories: Histories, k: int = 10) -> float:
    """Milliseconds to score, mask and rank all items for one user: the median of 20 users, one at a time.

    A model that takes half a second for fewer is asked of no more, but of three at least. The first tenth warm it up.
    """
    items = model.encode_items()
    times_ms: list[float] = []
    while len(times_ms) < N_TIMED and (len(times_ms) < 3 or sum(times_ms) < LIMIT_S * 1e3):
        user = torch.tensor([len(times_ms) * histories.n_users // N_TIMED], device=histories.device)
        start = time.perf_counter()
        scores = model.score(user, histories, items)
        scores[histories.masked(user)] = -torch.inf
        scores.topk(min(k, histories.n_items)).indices.tolist()  # tolist waits for the device
        times_ms.append((time.perf_counter() - start) * 1e3)
    timed = sorted(times_ms[math.ceil(len(times_ms) / 10) :])
    return timed[len(timed) // 2]


def sizes(model: RecModel) -> dict[str, float]:
    """`n_parameters` (frozen ones and buffers too), `n_trainable`, `trainable_share` (of the parameters, without
    buffers) and `weights_bytes` (of what a checkpoint holds)."""
    tensors = [*model.parameters(), *model.buffers()]
    return {
        "n_parameters": float(sum(tensor.numel() for tensor in tensors)),
        "n_trainable": float(sum(weight.numel() for weight in model.parameters() if weight.requires_grad)),
        "trainable_share": trainable_share(model),
        "weights_bytes": float(sum(weight.nbytes for weight in model.weights().values())),
    }


def device_bytes(device: torch.device) -> int:
    """All the memory of the GPU, else of this machine; 0 where the system does not tell."""
    if device.type == "cuda":
        return int(torch.cuda.get_device_properties(device).total_memory)
    try:
        return int(os.sysconf("SC_PHYS_PAGES")) * int(os.sysconf("SC_PAGE_SIZE"))
    except (AttributeError, OSError, ValueError):
        return 0


def reset_peak_memory(device: torch.device) -> None:
    """Begin to watch the memory anew, where the system lets a process do so (Linux; a GPU)."""
    if device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(device)
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_memory_bytes(device: torch.device) -> int:
    """The most that was in use since `reset_peak_memory`: of the GPU, else of this process.

    Where the system keeps no such peak, it is that of this process since it began.
    """
    if device.type == "cuda":
        return torch.cuda.max_memory_allocated(device)
    with suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
