"""Simple models at their defaults, measured before a study's first trial: the lines that every trial has to beat.

They are no trials: they have no number, use no budget of trials, and take a tenth of the time limit at most.
"""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from agent.baseline import FLOOR, RIVALS, Baseline
from agent.objective import Goal
from agent.proposal import Proposal
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import Place, blank_record, request_for, run_trial
from agent.uncertainty import interval, valid_values
from memory.record import TrialRecord
from recmodels.metrics import prediction_of
from recmodels.models import MODELS
from recmodels.request import EpochReport

TIME_SHARE = 0.1  # of a study's time limit, for all of them


def applicable(goal: Goal) -> tuple[tuple[str, ...], str | None]:
    """The models to measure under a goal; where there are none, why."""
    predicted = prediction_of(goal.primary.metric)
    if predicted is None:
        return (FLOOR, *RIVALS), None
    return (), f"{FLOOR}, {' and '.join(RIVALS)} rank items, and {goal.primary.metric} is measured on {predicted}s"


def measured_baselines(
    spec: StudySpec, place: Place, on_epoch: Callable[[EpochReport], None] | None = None
) -> Iterator[Baseline]:
    """Measure one after the other, as trials are.

    Raises:
        recmodels.errors.SetupError: The machine lacks something, so no trial would run either.
        TrialPruned: What `on_epoch` raises to stop.
    """
    began = time.monotonic()
    for model in applicable(spec.goal)[0]:
        params = MODELS[model].space.defaults()
        left_s = None if spec.time_limit_s is None else TIME_SHARE * spec.time_limit_s - (time.monotonic() - began)
        if left_s is not None and left_s <= 0:
            yield Baseline(model=model, params=params, value=None, reason="a tenth of the time limit was used up")
            continue
        proposal = Proposal(number=0, model=model, params=params, proposer="baseline", rationale="")
        blank = blank_record(spec, {}, 0, proposal)
        request = replace(
            request_for(spec, place, blank, left_s),
            checkpoint=place.checkpoints / spec.name / f"baseline-{model}",
            resume_folder=None,
        )
        yield _baseline(run_trial(spec, place, blank, request, on_epoch or _ignore))


def _baseline(record: TrialRecord) -> Baseline:
    if record.state != "complete":
        return Baseline(model=record.model, params=record.params, value=None, reason=record.reason or record.state)
    users = valid_values(record)
    over = interval([users]) if users is not None else None
    return Baseline(
        model=record.model,
        params=record.params,
        value=record.value,
        low=over.low if over else None,
        high=over.high if over else None,
        metrics=record.metrics,
        train_s=record.cost.get("train_s", 0.0),
    )


def _ignore(report: EpochReport) -> None:
    """Nothing follows a baseline's epochs."""
