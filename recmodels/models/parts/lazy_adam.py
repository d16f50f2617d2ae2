"""Adam that touches only the rows of a large table that a batch reads, so that a step costs what the batch costs.

A gradient that is sparse by rows moves its rows and their moments alone (lazy Adam, as `torch.optim.SparseAdam`); all
other gradients take torch's own step. On a CPU this pays from some ten thousand rows on.
"""

from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from recmodels.search_space import Params

MIN_ROWS = 30_000  # of a table whose gradient is worth being sparse


def read_rows(numbers: Tensor, table: Tensor, params: Params) -> Tensor:
    """The rows of an embedding table, with a gradient that is sparse where that is quicker. (m,), (n, d) to (m, d)

    It stays dense on a GPU, which writes whole tables in no time; where gradients are clipped, which torch cannot do of
    sparse ones; and in a run of several processes.
    """
    is_large = table.device.type == "cpu" and len(table) >= MIN_ROWS
    is_shared = torch.distributed.is_available() and torch.distributed.is_initialized()
    return F.embedding(numbers, table, sparse=is_large and not params.get("max_grad_norm") and not is_shared)


class LazyAdam(torch.optim.Adam):
    """`torch.optim.Adam` for dense and row-sparse gradients."""

    @torch.no_grad()
    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """One step; what torch's Adam refuses, gradients sparse by rows, are taken here."""
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is not None and weight.grad.is_sparse:
                    self._step_rows(weight, group)
                    weight.grad = None
        return super().step(closure)

    def _step_rows(self, weight: Tensor, group: dict[str, Any]) -> None:
        state = self.state[weight]
        if not state:
            state["step"] = torch.zeros(())
            state["exp_avg"], state["exp_avg_sq"] = torch.zeros_like(weight), torch.zeros_like(weight)
        state["step"] += 1
        gradient = weight.grad.coalesce()  # type: ignore[union-attr]
        rows, values = gradient.indices()[0], gradient.values()  # (r,), (r, d)
        first, second = group["betas"]
        mean = state["exp_avg"][rows].lerp_(values, 1 - first)
        square = state["exp_avg_sq"][rows].mul_(second).addcmul_(values, values, value=1 - second)
        state["exp_avg"][rows], state["exp_avg_sq"][rows] = mean, square
        n = float(state["step"])
        scale = (square / (1 - second**n)).sqrt_().add_(group["eps"])
        weight.index_add_(0, rows, mean.div_(scale), alpha=-group["lr"] / (1 - first**n))
