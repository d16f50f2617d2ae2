"""What several processes of one run decide together, so that none waits for one that has left; free with one process.

With more, each call here is a meeting: all processes come to the same ones in the same order.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from accelerate import Accelerator
from accelerate.utils import broadcast, gather_object

from recmodels.errors import RecmodelsError, TrialFailed


def decided(accelerator: Accelerator, decide: Callable[[], bool]) -> bool:
    """The main process's decision, in all of them: their clocks differ, and on GPUs the last digits of a metric."""
    if accelerator.num_processes == 1:
        return decide()
    answer = torch.tensor(decide() if accelerator.is_main_process else False, device=accelerator.device)
    return bool(broadcast(answer.to(torch.uint8)))


def mean_over(accelerator: Accelerator, value: float) -> float:
    """The mean of the processes' values; not finite where one of them is not."""
    if accelerator.num_processes == 1:
        return value
    values: list[float] = gather_object([value])
    return sum(values) / len(values)


@contextmanager
def together(accelerator: Accelerator) -> Iterator[None]:
    """What one process raises inside, all raise: the error of the first that has one.

    There must be no other meeting inside, as in a backward pass: who failed before it would not come.
    """
    own: Exception | None = None
    try:
        yield
    except Exception as error:
        if accelerator.num_processes == 1:
            raise
        own = error
    if accelerator.num_processes == 1:
        return
    told: list[Any] = gather_object([None if own is None else _told(own)])
    first = next((number for number, error in enumerate(told) if error is not None), None)
    if first is None:
        return
    raise own if own is not None and first == accelerator.process_index else told[first]


def _told(error: Exception) -> RecmodelsError:
    """What the others raise for it; an error that is not of this package may not be packed."""
    if isinstance(error, RecmodelsError):
        return error
    return TrialFailed("error", f"in another process: {type(error).__name__}: {error}")
