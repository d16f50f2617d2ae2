"""Simple models at their defaults, measured before a study's first trial: the lines that every trial has to beat.

They are no trials: they have no number, use no budget of trials, and take a tenth of the time limit at most: one that
knows no clock is left out where it can be foretold that it would take longer.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from agent.baseline import FLOOR, OF_REPEATS, RIVALS, Baseline
from agent.objective import Goal
from agent.proposal import Proposal
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import Place, blank_record, request_for, run_trial
from agent.uncertainty import interval, valid_values
from memory.record import TrialRecord
from recmodels.durations import in_words
from recmodels.metrics import prediction_of
from recmodels.models import MODELS
from recmodels.repeats import KEEP, MASK
from recmodels.request import EpochReport

TIME_SHARE = 0.1  # of a study's time limit, for all of them
_FLOPS = 2e10  # a second, of an inversion on two cores


def applicable(goal: Goal, repeats: str | None = MASK) -> tuple[tuple[str, ...], str | None]:
    """The models to measure under a goal and a choice of repeats; where there are none, why."""
    predicted = prediction_of(goal.primary.metric)
    models = (FLOOR, *(model for model in RIVALS if model != OF_REPEATS or repeats == KEEP))
    if predicted is None:
        return models, None
    return (
        (),
        f"{', '.join(models[:-1])} and {models[-1]} rank items, and {goal.primary.metric} is measured on {predicted}s",
    )


def foretold_s(model: str, profile: Mapping[str, float]) -> float:
    """At least how long a closed form takes: ease inverts a matrix of items × items, in 2 n³ steps; 0 for others."""
    return 2 * profile.get("n_items", 0.0) ** 3 / _FLOPS if model == "ease" else 0.0


def measured_baselines(
    spec: StudySpec,
    place: Place,
    profile: Mapping[str, float],
    known: Mapping[str, Baseline] = MappingProxyType({}),
    on_epoch: Callable[[EpochReport], None] | None = None,
    on_start: Callable[[str, float], None] | None = None,
) -> Iterator[Baseline]:
    """Measure one after the other, as trials are.

    Args:
        profile: Of the dataset.
        known: By model, those that were measured under the same terms before; they are taken as they are.
        on_epoch: As a trial's.
        on_start: Called with each model before it is measured, and with the seconds that it takes at least.

    Raises:
        recmodels.errors.SetupError: The machine lacks something, so no trial would run either.
        TrialPruned: What `on_epoch` raises to stop.
    """
    began = time.monotonic()
    for model in applicable(spec.goal, spec.repeats)[0]:
        if model in known:
            yield known[model]
            continue
        params = MODELS[model].space.defaults()
        left_s = None if spec.time_limit_s is None else TIME_SHARE * spec.time_limit_s - (time.monotonic() - began)
        takes_s = foretold_s(model, profile)
        reason = _too_long(takes_s, left_s)
        if reason is not None:
            yield Baseline(model=model, params=params, value=None, reason=reason)
            continue
        if on_start is not None:
            on_start(model, takes_s)
        proposal = Proposal(number=0, model=model, params=params, proposer="baseline", rationale="")
        blank = blank_record(spec, {}, 0, proposal)
        request = replace(
            request_for(spec, place, blank, left_s),
            checkpoint=baseline_folder(place.checkpoints, spec.name, model),
            resume_folder=None,
        )
        yield baseline_of(run_trial(spec, place, blank, request, on_epoch or _ignore))


def baseline_folder(checkpoints: Path, study: str, model: str) -> Path:
    """Where a study keeps what it measured of a simple model.

    Args:
        study: Its own name.
    """
    return checkpoints / study / f"baseline-{model}"


def _too_long(takes_s: float, left_s: float | None) -> str | None:
    if left_s is None or takes_s < left_s:
        return None
    if left_s <= 0:
        return "a tenth of the time limit was used up"
    return f"it takes {in_words(takes_s)} or more, and {in_words(left_s)} of a tenth of the time limit are left"


def baseline_of(record: TrialRecord) -> Baseline:
    """What a trial of a simple model measured."""
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
