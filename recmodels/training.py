"""The training tool: `train(request, on_epoch)` fits one model, keeps its best epoch and measures it on held-out data.

The test part is measured only where the request says so: who chooses between models has to do it without.

>>> result = train(TrainRequest(dataset=Path("datasets/books"), model="bpr_mf", params={"learning_rate": 0.01}))
>>> 0 < result.metrics["valid_ndcg@10"] < 1
True
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial

import torch
from accelerate import Accelerator

from recmodels import checkpoint
from recmodels.aspects import aspects_of
from recmodels.data import outcomes
from recmodels.data.interactions import Interactions
from recmodels.data.likes import rule_of, said_of, with_likes
from recmodels.data.observations import Observations
from recmodels.data.repeats import choice_of, unmeasured
from recmodels.data.split import split
from recmodels.errors import TrialFailed
from recmodels.grading import grades_of
from recmodels.loop.agreement import together
from recmodels.loop.devices import is_out_of_memory, open_accelerator, torch_threads
from recmodels.loop.fitting import fitted, free_memory
from recmodels.loop.preparation import data_on, entities_of, graded_parts
from recmodels.loop.refit import Refit, refit_job
from recmodels.loop.resuming import Progress, StateFolder
from recmodels.loop.run import Clock, Job, Run
from recmodels.metrics.cost import device_bytes, reset_peak_memory
from recmodels.models import ModelEntry, find_model, whole_space
from recmodels.models.base import RecModel
from recmodels.models.parts.predicting import Predictor
from recmodels.outcomes import parse_outcomes
from recmodels.plan import plan_of, wants_texts
from recmodels.positive import PositiveRule
from recmodels.prediction import observations_on, task_of
from recmodels.pretrained.causal import causal_model_name
from recmodels.repeats import KEEP, RepeatChoice
from recmodels.request import OnEpoch, OnRefit, TrainRequest, TrainResult
from recmodels.search_space import Params


def train(
    request: TrainRequest,
    on_epoch: OnEpoch | None = None,
    on_refit: OnRefit | None = None,
    *,
    clock: Clock = time.perf_counter,
) -> TrainResult:
    """Train one model as asked and report every epoch.

    Args:
        request: Complete; the same request gives the same weights on a CPU with the same number of threads, also where
            it was interrupted and went on from its `resume_folder`.
        on_epoch: Called after each epoch (once for a closed form); what it raises, such as TrialPruned, passes through.
        on_refit: Called after each epoch of a refit.
        clock: Seconds, for the time limit and the costs; of several processes the first one's ends the run for all.

    Raises:
        ParamError: An unknown model, param, metric, split or device, or a state of another run, before any work.
        DataError: The dataset cannot be read, or lacks what the model or the split needs; or the state is damaged.
        SetupError: This machine lacks the device, or the checkpoint or the state cannot be written.
        TrialFailed: The trial diverged, ran out of memory with the smallest batches too, or reached its time limit
            before the first epoch ended.
    """
    start_s = clock()
    entry = find_model(request.model)
    space = whole_space(request.model) if "rerank" in request.params else entry.space
    params = space.check(request.params)
    plan = plan_of(request, params)
    known = Interactions.load(request.dataset)
    rule = rule_of(request.positive, known)
    interactions = with_likes(known, rule)
    weights = None if request.outcomes is None else outcomes.known_outcomes(known, parse_outcomes(request.outcomes))
    task = task_of(request, plan, entry, interactions)
    entities = entities_of(interactions, entry)
    parts = split(interactions, request.split)
    repeats = choice_of(request.repeats, interactions, parts) if task.ranks else unmeasured(request.repeats)
    accelerator = open_accelerator(request)
    device, kind = accelerator.device, entry.load()
    devices = [device] if device.type == "cuda" else []
    with torch_threads(request.n_threads), torch.random.fork_rng(devices), _failures(accelerator):
        reset_peak_memory(device)

        def rows(*, is_refit: bool = False) -> dict[str, Observations]:
            if entities.features is None:
                return {}
            with_past = issubclass(kind, Predictor) and kind.reads_past
            return observations_on(
                interactions,
                parts,
                entities.features,
                task,
                device,
                weights=weights,
                with_past=with_past,
                is_refit=is_refit,
            )

        def build(its_params: Params) -> RecModel:
            return kind(its_params, entities).to(device)

        data, grades = data_on(interactions, parts, device, keeps_repeats=repeats.kind == KEEP), {}
        if weights is not None:
            data = graded_parts(data, interactions, parts, weights)
            grades = {"valid": grades_of(data.valid, weights), "test": grades_of(data.test, weights)}
        job = Job(
            request=request,
            plan=plan,
            task=task,
            data=data,
            grades=grades,
            weights=weights,
            aspects=aspects_of(interactions, device, request.dataset if wants_texts(request) else None),
            accelerator=accelerator,
            on_epoch=on_epoch,
            clock=clock,
            start_s=start_s,
            observations=rows() if request.refit_epochs is None else {},
            state=_state_folder(request, entry, params, known, rule, repeats, accelerator),
        )
        run, chosen = _fitted(job, build, params, partial(rows, is_refit=True), on_refit)
        with together(accelerator):
            result = run.result(params, parts.kind, chosen)
            result = replace(
                result,
                positive=rule.to_text(),
                likes=said_of(known, rule),
                repeats=repeats.kind,
                repeats_says=repeats.says,
            )
            if weights is not None:
                said = outcomes.said_of(known, weights, predicts=task.target == "label")
                result = replace(result, outcomes=weights.to_text(), outcomes_said=said)
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


def _fitted(
    job: Job,
    build: Callable[[Params], RecModel],
    params: Params,
    rows_of_refit: Callable[[], dict[str, Observations]],
    on_refit: OnRefit | None,
) -> tuple[Run, Progress | None]:
    """The run whose weights are wanted, and where that is a refit the run before it, if there was one."""
    n_epochs, chosen = job.request.refit_epochs, None
    if n_epochs is None:
        run = fitted(job, build, params)
        if not job.request.refit:
            return run, None
        job, chosen, n_epochs = run.job, run.progress, run.progress.best_epoch
        del run
        free_memory(job.accelerator)
    begin = partial(Refit, n_epochs=n_epochs, on_refit=on_refit)
    n_splits = 0 if chosen is None else chosen.n_splits
    return fitted(refit_job(job, n_epochs, rows_of_refit()), build, params, begin, n_splits), chosen


def _state_folder(
    request: TrainRequest,
    entry: ModelEntry,
    params: Params,
    interactions: Interactions,
    rule: PositiveRule,
    repeats: RepeatChoice,
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
    if not rule.is_all:  # states of before there were rules go on
        about["positive"] = rule.to_text()
    if repeats.kind == KEEP:
        about["repeats"] = repeats.kind
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
        size = device_bytes(accelerator.device)
        raise TrialFailed("out_of_memory", str(error).splitlines()[0], size) from error
    finally:
        for tracker in accelerator.trackers:
            tracker.finish()
        if accelerator.device.type != "cpu":  # collecting garbage takes longer than a small trial
            accelerator.free_memory()
