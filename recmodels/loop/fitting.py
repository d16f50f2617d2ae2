"""A run to its end: from a saved state where there is one, with smaller batches where they do not fit in memory."""

import gc
from collections.abc import Callable
from dataclasses import replace

import torch
from accelerate import Accelerator

from recmodels.errors import TrialFailed
from recmodels.loop.agreement import together
from recmodels.loop.gradient import BatchTooLarge
from recmodels.loop.resuming import SavedState
from recmodels.loop.run import Job, Run
from recmodels.metrics.cost import device_bytes
from recmodels.models.base import RecModel
from recmodels.search_space import Params

MAX_SPLITS = 5  # halvings of the batches
MIN_BATCH = 2  # a batch norm can tell nothing of one row


def fitted(
    job: Job,
    build: Callable[[Params], RecModel],
    params: Params,
    begin: Callable[[Job, RecModel, SavedState | None, int], Run] = Run,
    n_splits: int = 0,
) -> Run:
    """A run that is over.

    Where a batch does not fit in memory, training goes on from the last saved state, or begins again, with batches of
    half the size, twice as many a step.
    """
    too_large, is_first = "", True
    while True:
        with together(job.accelerator):
            saved = None if job.state is None else job.state.load(job.accelerator.device)
        if saved is not None:
            n_splits = max(n_splits, saved.progress.n_splits)
            if is_first:
                n_resumed = job.n_resumed + saved.progress.n_epochs
                job = replace(job, earlier_s=saved.progress.elapsed_s, n_resumed=n_resumed)
        if n_splits and not _can_split(params, n_splits, job.accelerator):
            raise TrialFailed("out_of_memory", too_large, device_bytes(job.accelerator.device))
        torch.manual_seed(job.request.seed)
        with together(job.accelerator):
            model = build(_split(params, n_splits))
        run = begin(job, model, saved, n_splits)
        del saved, model
        try:
            run.fit(is_first)
            return run
        except BatchTooLarge as error:
            too_large = f"{error} (with batches of {run.model.params.get('batch_size', 'one size')})"
        del run
        free_memory(job.accelerator)
        n_splits, is_first = n_splits + 1, False


def _can_split(params: Params, n_splits: int, accelerator: Accelerator) -> bool:
    """The other processes of a run would wait for the one that begins again."""
    is_possible = accelerator.num_processes == 1 and "batch_size" in params and n_splits <= MAX_SPLITS
    return is_possible and int(params["batch_size"]) >> n_splits >= MIN_BATCH


def _split(params: Params, n_splits: int) -> Params:
    """The params with batches halved so often, and as many rows in a step as before."""
    if not n_splits:
        return params
    smaller = {
        "batch_size": int(params["batch_size"]) >> n_splits,
        "accumulation": int(params.get("accumulation", 1)) << n_splits,
    }
    return {**params, **smaller}


def free_memory(accelerator: Accelerator) -> None:
    """Give back what runs that nobody holds any more took."""
    accelerator.free_memory()
    gc.collect()
    if accelerator.device.type == "cuda":
        torch.cuda.empty_cache()
