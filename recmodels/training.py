"""The training tool: `train(request, on_epoch)` fits one model, keeps its best epoch and measures it on held-out data.

train(TrainRequest(dataset=Path("datasets/books"), model="bpr_mf", params={"learning_rate": 0.01}))
"""

import gc
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace

import torch
from accelerate import Accelerator

from recmodels import checkpoint
from recmodels.aspects import aspects_of
from recmodels.data.interactions import Interactions
from recmodels.data.split import split
from recmodels.errors import TrialFailed
from recmodels.loop.devices import is_out_of_memory, open_accelerator, torch_threads
from recmodels.loop.gradient import BatchTooLarge
from recmodels.loop.preparation import data_on, entities_of, plan_of, wants_texts
from recmodels.loop.resuming import StateFolder
from recmodels.loop.run import Job, Run
from recmodels.metrics.cost import reset_peak_memory
from recmodels.models import ModelEntry, find_model, whole_space
from recmodels.models.base import RecModel
from recmodels.models.parts.predicting import Predictor
from recmodels.prediction import observations_on, task_of
from recmodels.pretrained.causal import causal_model_name
from recmodels.request import OnEpoch, TrainRequest, TrainResult
from recmodels.search_space import ParamValue

MAX_SPLITS = 5  # halvings of the batches
MIN_BATCH = 2  # a batch norm can tell nothing of one row


def train(request: TrainRequest, on_epoch: OnEpoch | None = None) -> TrainResult:
    """Train one model as asked and report every epoch.

    Args:
        request: Complete; the same request gives the same weights on a CPU with the same number of threads, also where
            it was interrupted and went on from its `resume_folder`.
        on_epoch: Called after each epoch (once for a closed form); what it raises, such as TrialPruned, passes through.

    Raises:
        ParamError: An unknown model, param, metric, split or device, or a state of another run, before any work.
        DataError: The dataset cannot be read, or lacks what the model or the split needs; or the state is damaged.
        SetupError: This machine lacks the device, or the checkpoint or the state cannot be written.
        TrialFailed: The trial diverged, ran out of memory with the smallest batches too, or reached its time limit
            before the first epoch ended.
    """
    start_s = time.perf_counter()
    entry = find_model(request.model)
    space = whole_space(request.model) if "rerank" in request.params else entry.space
    params = space.check(request.params)
    plan = plan_of(request, params)
    interactions = Interactions.load(request.dataset)
    task = task_of(request, plan, entry, interactions)
    entities = entities_of(interactions, entry)
    parts = split(interactions, request.split)
    accelerator = open_accelerator(request)
    device, kind = accelerator.device, entry.load()
    devices = [device] if device.type == "cuda" else []
    with torch_threads(request.n_threads), torch.random.fork_rng(devices), _failures(accelerator):
        reset_peak_memory(device)
        rows = {}
        if entities.features is not None:
            reads_past = issubclass(kind, Predictor) and kind.reads_past
            rows = observations_on(interactions, parts, entities.features, task, device, with_past=reads_past)
        job = Job(
            request=request,
            plan=plan,
            task=task,
            data=data_on(interactions, parts, device),
            aspects=aspects_of(interactions, device, request.dataset if wants_texts(request) else None),
            accelerator=accelerator,
            on_epoch=on_epoch,
            start_s=start_s,
            observations=rows,
            state=_state_folder(request, entry, params, interactions, accelerator),
        )
        run = _fitted(job, lambda its_params: kind(its_params, entities).to(device), params)
        result = run.result(params, parts.kind)
        if request.checkpoint is not None and accelerator.is_main_process:
            checkpoint.save(
                request.checkpoint,
                run.model,
                name=entry.name,
                result=result,
                dataset=request.dataset,
                interactions=interactions,
                evaluations=run.evaluations,
            )
        if job.state is not None and accelerator.is_main_process:
            job.state.remove()
    return result


def _fitted(job: Job, build: Callable[[Mapping[str, ParamValue]], RecModel], params: Mapping[str, ParamValue]) -> Run:
    """A run that is over.

    Where a batch does not fit in memory, training goes on from the last saved state, or begins again, with batches of
    half the size, twice as many a step.
    """
    too_large, n_splits, is_first = "", 0, True
    while True:
        saved = None if job.state is None else job.state.load(job.accelerator.device)
        if saved is not None:
            n_splits = max(n_splits, saved.progress.n_splits)
            if is_first:
                job = replace(job, earlier_s=saved.progress.elapsed_s, n_resumed=len(saved.progress.curve))
        if n_splits and not _can_split(params, n_splits, job.accelerator):
            raise TrialFailed("out_of_memory", too_large)
        torch.manual_seed(job.request.seed)
        run = Run(job, build(_split(params, n_splits)), saved, n_splits)
        del saved
        try:
            run.fit(is_first)
            return run
        except BatchTooLarge as error:
            too_large = f"{error} (with batches of {run.model.params.get('batch_size', 'one size')})"
        del run
        _free_memory(job.accelerator)
        n_splits, is_first = n_splits + 1, False


def _can_split(params: Mapping[str, ParamValue], n_splits: int, accelerator: Accelerator) -> bool:
    """The other processes of a run would wait for the one that begins again."""
    is_possible = accelerator.num_processes == 1 and "batch_size" in params and n_splits <= MAX_SPLITS
    return is_possible and int(params["batch_size"]) >> n_splits >= MIN_BATCH


def _split(params: Mapping[str, ParamValue], n_splits: int) -> Mapping[str, ParamValue]:
    """The params with batches halved so often, and as many rows in a step as before."""
    if not n_splits:
        return params
    smaller = {
        "batch_size": int(params["batch_size"]) >> n_splits,
        "accumulation": int(params.get("accumulation", 1)) << n_splits,
    }
    return {**params, **smaller}


def _free_memory(accelerator: Accelerator) -> None:
    accelerator.free_memory()
    gc.collect()
    if accelerator.device.type == "cuda":
        torch.cuda.empty_cache()


def _state_folder(
    request: TrainRequest,
    entry: ModelEntry,
    params: Mapping[str, ParamValue],
    interactions: Interactions,
    accelerator: Accelerator,
) -> StateFolder | None:
    if request.resume_folder is None:
        return None
    about = {
        "params": dict(params),
        "data": interactions.fingerprint(),
        "device": accelerator.device.type,
        "processes": accelerator.num_processes,
    }
    if "causal_model" in entry.needs:
        about["causal_model"] = causal_model_name()
    return StateFolder(request.resume_folder, request.identity() | about)


@contextmanager
def _failures(accelerator: Accelerator) -> Iterator[None]:
    """Turns what torch raises into a reason, and closes what the run opened."""
    try:
        yield
    except torch.linalg.LinAlgError as error:  # type: ignore[attr-defined]
        raise TrialFailed("diverged", str(error).splitlines()[0]) from error
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise TrialFailed("out_of_memory", str(error).splitlines()[0]) from error
    finally:
        for tracker in accelerator.trackers:
            tracker.finish()
        if accelerator.device.type != "cpu":  # collecting garbage takes longer than a small trial
            accelerator.free_memory()
