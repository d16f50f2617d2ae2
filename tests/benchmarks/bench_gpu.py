"""Samples a second on a GPU, and how near that is to the limit that binds: memory bandwidth or arithmetic.

python tests/benchmarks/bench_gpu.py [--device cuda] [--workloads bpr_mf sasrec lora] [--side-by-side 1 2 4]

The limits are measured in the same run by a large copy and large matrix products. The products of a step are counted
by torch's counter, its bytes as what each operation reads and writes if nothing stays in a cache, so the share can
exceed 1 where much does. A step is what training does: drawing the batch, loss, gradients, optimizer. Then as many
processes train side by side as --side-by-side says. `--device cpu --tiny` walks the whole way on small data.
"""

import argparse
import json
import math
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import torch
from common import made_up
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import FlopCounterMode

from recmodels.data.histories import Histories
from recmodels.models import MODELS
from recmodels.models.base import Entities, RecModel
from recmodels.schedule import Steps

WARM_UP = 5
# name → model, params, (rows, users, items), the same tiny, what a sample is
WORKLOADS: dict[str, tuple[str, dict[str, Any], tuple[int, int, int], tuple[int, int, int], str]] = {
    "bpr_mf": ("bpr_mf", {"batch_size": 8192}, (10**7, 200_000, 50_000), (20_000, 400, 200), "interactions"),
    "sasrec": (
        "sasrec",
        {"embedding_size": 256, "max_length": 200, "batch_size": 128},
        (2 * 10**6, 10_000, 10_000),
        (20_000, 400, 200),
        "histories",
    ),
    "lora": (
        "text_tower",
        {"adapter": "lora", "adapter_layers": 6, "adapter_targets": "attention+mlp", "encoded_items": 256},
        (10**6, 20_000, 10_000),
        (2_000, 40, 50),
        "texts",
    ),
}
TINY = {"sasrec": {"embedding_size": 32, "max_length": 20}, "lora": {"adapter_layers": 1, "encoded_items": 8}}
GATHERS = ("embedding", "index", "gather", "index_select")  # read as much as they write, not the whole table


class Bytes(TorchDispatchMode):
    """Counts what the operations inside the block read and write."""

    def __init__(self) -> None:
        super().__init__()
        self.total = 0

    def __torch_dispatch__(self, function: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        found = function(*args, **(kwargs or {}))
        read, written = stored((args, kwargs)), stored(found)
        places = {tensor.untyped_storage().data_ptr() for tensor in read}
        name = function.__name__.split(".")[0]
        is_view = written and all(tensor.untyped_storage().data_ptr() in places for tensor in written)
        if name in GATHERS:
            self.total += 2 * sum(tensor.nbytes for tensor in written) + sum(tensor.nbytes for tensor in read[1:])
        elif not is_view or name.endswith("_"):
            self.total += sum(tensor.nbytes for tensor in (*read, *written))
        return found


def stored(values: Any) -> list[Tensor]:
    """All tensors that something holds, those of a sparse one apart."""
    tensors = [leaf for leaf in tree_leaves(values) if isinstance(leaf, Tensor)]
    dense = [tensor for tensor in tensors if tensor.layout == torch.strided]
    sparse = [tensor for tensor in tensors if tensor.layout == torch.sparse_csr]
    return dense + [part for one in sparse for part in (one.crow_indices(), one.col_indices(), one.values())]


def waited(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def best_s(act: Callable[[], object], device: torch.device, repeats: int = 10) -> float:
    """The shortest of some runs."""
    act()
    taken = []
    for _ in range(repeats):
        waited(device)
        start = time.perf_counter()
        act()
        waited(device)
        taken.append(time.perf_counter() - start)
    return min(taken)


def limits(device: torch.device, is_tiny: bool) -> dict[str, float]:
    """Bytes and operations a second."""
    n = 10**6 if is_tiny else 10**9
    source, target = torch.ones(n // 4, device=device), torch.empty(n // 4, device=device)
    found = {"bytes": 2 * source.nbytes / best_s(lambda: target.copy_(source), device)}
    side = 256 if is_tiny else 8192
    for name, dtype in (("fp32", torch.float32), ("bf16", torch.bfloat16)):
        matrix = torch.ones(side, side, device=device, dtype=dtype)
        found[name] = 2 * side**3 / best_s(lambda matrix=matrix: matrix @ matrix, device)
    return found


def built(name: str, device: torch.device, is_tiny: bool) -> tuple[RecModel, Histories]:
    model_name, params, large, tiny, _ = WORKLOADS[name]
    n_rows, n_users, n_items = tiny if is_tiny else large
    train, _ = made_up(n_rows, n_users, n_items)
    histories = Histories(
        offsets=train.offsets.to(device), items=train.items.to(device), users=train.users.to(device), n_items=n_items
    )
    words = ("quiet", "red", "river", "story", "winter", "stone", "garden", "night", "glass", "lost", "summer", "city")
    texts = tuple(" ".join(words[(i * step + step) % len(words)] for step in range(1, 12)) for i in range(n_items))
    torch.manual_seed(0)
    entry = MODELS[model_name]
    entities = Entities(n_users=n_users, n_items=n_items, item_texts=texts if "text" in entry.needs else None)
    model = entry.load()(entry.space.check(params | (TINY.get(name, {}) if is_tiny else {})), entities).to(device)
    model.fit(histories)
    return model, histories


def training(name: str, model: RecModel, histories: Histories) -> Iterator[int]:
    """Steps without end; yields the samples of each."""
    generator = torch.Generator(histories.device).manual_seed(0)
    optimizer, max_grad_norm = model.optimizer(), Steps.from_params(model.params).max_grad_norm
    model.train()
    while True:
        for batch in model.batches(histories, generator):
            with torch.autocast(histories.device.type, torch.bfloat16, enabled=precision(name, histories) == "bf16"):
                loss = model(*batch)
            loss.backward()
            if max_grad_norm:
                torch.nn.utils.clip_grad_norm_(model.parameters(), max_grad_norm)
            optimizer.step()
            optimizer.zero_grad()
            yield len(batch[-1]) if name == "lora" else len(batch[0])


def precision(name: str, histories: Histories) -> str:
    return "bf16" if histories.device.type == "cuda" and name != "bpr_mf" else "fp32"


def rate(steps: Iterator[int], device: torch.device, seconds: float) -> tuple[float, float]:
    """Samples and steps a second."""
    for _ in range(WARM_UP):
        next(steps)
    waited(device)
    start, n_samples, n_steps = time.perf_counter(), 0, 0
    while time.perf_counter() - start < seconds:
        n_samples += next(steps)
        n_steps += 1
        if n_steps % 20 == 0:
            waited(device)
    waited(device)
    taken = time.perf_counter() - start
    return n_samples / taken, n_steps / taken


def measure(name: str, device: torch.device, is_tiny: bool, seconds: float, most: dict[str, float]) -> None:
    model, histories = built(name, device, is_tiny)
    steps = training(name, model, histories)
    next(steps)
    with FlopCounterMode(display=False) as products, Bytes() as moved:
        next(steps)
    samples, n_steps = rate(steps, device, seconds)
    kind = precision(name, histories)
    needs = {"bandwidth": moved.total / most["bytes"], "arithmetic": products.get_total_flops() / most[kind]}
    binding = max(needs, key=lambda limit: needs[limit])
    print(
        f"{name}: {samples:,.0f} {WORKLOADS[name][4]} a second, {1e3 / n_steps:.2f} ms a step of "
        f"{moved.total / 1e6:,.0f} MB and {products.get_total_flops() / 1e9:,.1f} GFLOP ({kind}); {binding} binds, "
        f"{needs[binding] * n_steps:.0%} of it is used",
        flush=True,
    )


def side_by_side(arguments: argparse.Namespace, counts: list[int]) -> None:
    options = ["--device", arguments.device, "--seconds", str(arguments.seconds), *(["--tiny"] * arguments.tiny)]
    alone = math.nan
    for count in counts:
        command = [sys.executable, __file__, "--child", arguments.workloads[0], *options]
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(count)]
        rates = [json.loads(process.communicate()[0]) for process in running]
        alone = rates[0] if count == 1 else alone
        words = f", {sum(rates) / alone:.2f} x one" if alone == alone else ""
        print(f"{arguments.workloads[0]}, {count} processes: {sum(rates):,.0f} samples a second{words}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--workloads", nargs="+", choices=WORKLOADS, default=list(WORKLOADS))
    parser.add_argument("--seconds", type=float, default=5.0, help="of training a measurement")
    parser.add_argument("--side-by-side", type=int, nargs="*", default=[1, 2, 4])
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--child", choices=WORKLOADS, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    device = torch.device(arguments.device)
    if device.type == "cuda" and not torch.cuda.is_available():
        print("not run: no GPU")
        return
    if arguments.child:
        steps = training(arguments.child, *built(arguments.child, device, arguments.tiny))
        print(json.dumps(rate(steps, device, arguments.seconds)[0]))
        return
    most = limits(device, arguments.tiny)
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "CPU"
    print(
        f"{name}: copies {most['bytes'] / 1e9:,.0f} GB a second, "
        f"multiplies {most['fp32'] / 1e12:.1f} (fp32) and {most['bf16'] / 1e12:.1f} (bf16) TFLOP a second"
    )
    for workload in arguments.workloads:
        measure(workload, device, arguments.tiny, arguments.seconds, most)
    side_by_side(arguments, arguments.side_by_side)


if __name__ == "__main__":
    main()
