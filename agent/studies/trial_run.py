"""One trial from request to record: whatever happens to it becomes a state with a reason."""

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.advisor.rules import Rule
from agent.advisor.situation import seed_from
from agent.baseline import Baseline
from agent.executor import Executor
from agent.objective import measured
from agent.proposal import Proposal
from agent.studies.room import Room
from agent.studies.study_spec import StudySpec
from memory.formats import sealed
from memory.histories.measured import DEVICE_BYTES
from memory.record import TrialRecord
from recmodels.data.folders import remove_folder
from recmodels.errors import DataError, ParamError, TrialFailed, TrialPruned
from recmodels.metrics import cutoff_of
from recmodels.positive import EVERY
from recmodels.repeats import MASK
from recmodels.request import Budget, EpochReport, OnEpoch, TrainRequest, TrainResult
from recmodels.search_space import Params

_CUTOFFS = (10, 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where and with what trials run."""

    executor: Executor
    find_dataset: Callable[[], Path]  # the folder of the study's data, or SetupError: a study outlives its data
    checkpoints: Path
    device: str = "auto"
    n_threads: int | None = None
    measures_baselines: bool = False  # before a study's first trial
    known_baselines: Callable[[StudySpec], Mapping[str, Baseline]] = lambda spec: {}  # that need no measuring again
    answer_wait_s: float = 0.0  # how long a study waits for the person's answer; 0: nobody is there
    rules: Callable[[], Sequence[Rule]] = tuple  # that the advisor heeds, or SetupError: the person's are wrong
    room: Room | None = None  # how much a study may use; None: as much as it likes


def trial_seed(spec: StudySpec, model: str, params: Params, repeat: int = 0) -> int:
    """The same params in the same study train with the same seed, so one trial can be run again alone.

    Args:
        repeat: How many trials with these params there are before.
    """
    return seed_from(spec.seed, model, dict(params), *([repeat] if repeat else []))


def seed_of(spec: StudySpec, proposal: Proposal) -> int:
    """What the proposal's trial trains with."""
    return trial_seed(spec, proposal.model, proposal.params) if proposal.seed is None else proposal.seed


def blank_record(spec: StudySpec, profile: Mapping[str, float], number: int, proposal: Proposal) -> TrialRecord:
    """The record of a trial that has measured nothing yet."""
    return TrialRecord(
        id=f"{spec.name}/{number}",
        study=spec.name,
        number=number,
        dataset=spec.dataset,
        profile=profile,
        model=proposal.model,
        params=proposal.params,
        state="failed",
        objective=spec.goal.primary.metric,
        direction="maximize" if spec.goal.primary.is_maximized else "minimize",
        value=None,
        proposer=proposal.proposer,
        act=proposal.act,
        rationale=proposal.rationale,
        evidence=proposal.evidence,
        expected=proposal.expected,
        seed=seed_of(spec, proposal),
        positive=spec.positive or EVERY.to_text(),
        repeats=spec.repeats or MASK,
        outcomes=spec.outcomes or "",
    )


def run_trial(
    spec: StudySpec, place: Place, record: TrialRecord, request: TrainRequest, on_epoch: OnEpoch
) -> TrialRecord:
    """Train and fill in the record.

    Args:
        record: From `blank_record`.
        request: From `request_for`.
        on_epoch: Reports pass through it; TrialPruned from it stops the trial with its text as the reason.

    Raises:
        recmodels.errors.SetupError: The machine lacks something, so no trial would run.
    """
    curve: list[EpochReport] = []
    started_at = utc_now()

    def watch(report: EpochReport) -> None:
        curve.append(report)
        on_epoch(report)

    try:
        result = place.executor.train(request, watch)
    except TrialPruned as pruned:
        filled = _partial(record, curve, state="pruned", reason=str(pruned) or "pruned")
    except TrialFailed as failure:
        filled = _partial(record, curve, state="failed", reason=str(failure))
        if failure.device_bytes:
            filled = replace(filled, cost={**filled.cost, DEVICE_BYTES: float(failure.device_bytes)})
    except (ParamError, DataError) as error:  # this model cannot use this dataset or params: another one may
        filled = _partial(record, curve, state="failed", reason=f"error: {error}")
    else:
        filled = _complete(spec, record, result)
    return replace(filled, started_at=started_at, finished_at=max(started_at, utc_now()))


def utc_now() -> str:
    """The time as records keep it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


def request_for(
    spec: StudySpec, place: Place, record: TrialRecord, time_left_s: float | None, patience: int | None = None
) -> TrainRequest:
    """What is asked of the training tool; a trial with the same params goes on where an interrupted one stopped.

    Args:
        time_left_s: Of the whole study; None when it has no limit.
        patience: Of this trial alone; None: as all of the study.
    """
    limits = [limit for limit in (spec.trial_time_limit_s, time_left_s) if limit is not None]
    metrics = [objective.metric for objective in spec.goal.objectives]
    metrics += [constraint.metric for constraint in spec.goal.constraints]
    cutoffs = {cutoff for metric in metrics if (cutoff := cutoff_of(metric)) is not None}
    request = TrainRequest(
        dataset=place.find_dataset(),
        model=record.model,
        params=record.params,
        split=spec.split,
        positive=spec.positive,
        repeats=spec.repeats,
        outcomes=spec.outcomes,
        objective=record.objective,
        cutoffs=tuple(sorted(cutoffs | set(_CUTOFFS))),
        metrics=tuple(metrics),
        budget=Budget(
            epochs=spec.epochs,
            time_limit_s=min(limits, default=None),
            patience=patience or spec.patience or Budget().patience,
        ),
        seed=record.seed,
        checkpoint=place.checkpoints / spec.name / str(record.number),
        device=place.device,
        n_threads=place.n_threads,
    )
    unfinished = place.checkpoints / spec.name / "unfinished"
    return replace(request, resume_folder=unfinished / request.fingerprint())


def forget(request: TrainRequest) -> None:
    """Remove what an unfinished trial left to go on from."""
    if request.resume_folder is not None:
        remove_folder(request.resume_folder)
        with suppress(OSError):  # other trials wait there
            request.resume_folder.parent.rmdir()


def _complete(spec: StudySpec, record: TrialRecord, result: TrainResult) -> TrialRecord:
    metrics = {name: value for name, value in sealed(result.metrics).items() if math.isfinite(value)}
    known = metrics | {name: value for name, value in result.cost.items() if name not in metrics}
    missing = [o.metric for o in spec.goal.objectives if measured(known, o.metric) is None]
    common: dict[str, Any] = {
        "metrics": metrics | {name: known[name] for name in _wanted(spec) if name in known},
        "curve": tuple(report.value for report in result.curve),
        "cost": dict(result.cost),
        "measured": {part: counts for part, counts in result.measured.items() if part == "valid"},
        "split": result.split,
        "checkpoint": str(result.checkpoint) if result.checkpoint else None,
        "reason": result.reason,
    }
    if missing:
        reason = f"error: {', '.join(missing)} was not measured"
        return replace(record, **common | {"state": "failed", "reason": reason})
    return replace(record, state="complete", value=measured(known, record.objective), **common)


def _wanted(spec: StudySpec) -> list[str]:
    """Objectives and constraints that are costs, such as train_s, and so stand without a part's name."""
    goal = spec.goal
    return [o.metric for o in goal.objectives] + [c.metric for c in goal.constraints]


def _partial(record: TrialRecord, curve: list[EpochReport], **changed: Any) -> TrialRecord:
    """What a trial that did not get to its end had measured by its best epoch."""
    if not curve:
        return replace(record, **changed)
    sign = 1 if record.direction == "maximize" else -1
    best = max(curve, key=lambda report: sign * report.value)
    follows_objective = measured(best.metrics, record.objective) is not None
    return replace(
        record,
        value=best.value if follows_objective and changed["state"] == "pruned" else None,
        metrics=dict(best.metrics),
        curve=tuple(report.value for report in curve),
        cost={"epochs": float(len(curve)), "train_s": curve[-1].elapsed_s},
        **changed,
    )
