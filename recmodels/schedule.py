"""How the steps of a gradient run go: batches a step, clipping, the learning rate from warm-up to decay. No torch."""

import math
from dataclasses import dataclass

from recmodels.search_space import Choice, Float, Int, Param, Params

SCHEDULES = ("constant", "linear", "cosine")


def step_params(max_grad_norm: float = 0.0) -> dict[str, Param]:
    """The params of the training loop, for the space of every model that learns by gradients."""
    return {
        "accumulation": Int(1, 64, default=1, log=True, held=True),  # batches a step
        "max_grad_norm": Float(0.0, 100.0, default=max_grad_norm, held=True),  # 0: gradients are not clipped
        "warmup": Float(0.0, 0.5, default=0.0, held=True),  # share of the steps in which the learning rate rises
        "schedule": Choice(SCHEDULES, default="constant", held=True),  # of the learning rate after the warm-up
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """What `step_params` came to; a model without them takes plain steps."""

    accumulation: int = 1
    max_grad_norm: float = 0.0
    warmup: float = 0.0
    schedule: str = "constant"

    @classmethod
    def from_params(cls, params: Params) -> "Steps":
        return cls(
            accumulation=int(params.get("accumulation", 1)),
            max_grad_norm=float(params.get("max_grad_norm", 0.0)),
            warmup=float(params.get("warmup", 0.0)),
            schedule=str(params.get("schedule", "constant")),
        )

    @property
    def is_constant(self) -> bool:
        """Whether the learning rate stays as it is, so that nobody has to count the steps."""
        return not self.warmup and self.schedule == "constant"

    def factor(self, step: int, n_steps: int) -> float:
        """What the learning rate is multiplied by in this step, counted from 0, of `n_steps`. In [0, 1]."""
        n_rising = round(self.warmup * n_steps)
        if step < n_rising:
            return (step + 1) / n_rising
        done = min((step - n_rising) / max(n_steps - n_rising, 1), 1.0)
        falling = {"constant": 1.0, "linear": 1.0 - done, "cosine": (1.0 + math.cos(math.pi * done)) / 2}
        return falling[self.schedule]
