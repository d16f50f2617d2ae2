"""How values are written on every screen: as in answers, plus sizes and params on one line."""

from collections.abc import Mapping

from agent.answers.wording import Ran, count, duration, number, param, size, told, with_spread
from agent.baseline import Baseline
from agent.events import BaselineStarted
from agent.proposal import Proposal
from agent.standing import INTERRUPTED
from agent.studies.study_spec import trials_done
from memory.record import TrialRecord
from recmodels.models import whole_space

__all__ = [
    "baseline_started",
    "changes_line",
    "count",
    "duration",
    "epochs_line",
    "measured_before",
    "number",
    "param",
    "params_line",
    "size",
    "state_line",
    "told",
    "trials_done",
    "values_line",
    "with_spread",
]

Trial = TrialRecord | Proposal
_WORTH_SAYING_S = 10.0


def params_line(trial: Trial) -> str:
    """Those worth saying: what a study holds at its default goes without."""
    return values_line(told(trial.model, trial.params))


def changes_line(trial: Ran) -> str:
    """`dropout 0.4`, what differs from the model's defaults; `defaults` where nothing does."""
    return values_line(whole_space(trial.model).changed(trial.params)) or "defaults"


def measured_before(baseline: Baseline) -> str:
    """`, as club-1 measured it on the same data and terms`; empty where this study measured it."""
    return f", as {baseline.measured_in} measured it on the same data and terms" if baseline.measured_in else ""


def is_worth_saying(event: BaselineStarted) -> bool:
    """Whether its time is foretold and long."""
    return event.at_least_s >= _WORTH_SAYING_S


def baseline_started(event: BaselineStarted) -> str:
    """`measuring ease first (9 min or more)`, with its time where that is foretold and long."""
    takes = f" ({duration(event.at_least_s)} or more)" if is_worth_saying(event) else ""
    return f"measuring {event.model} first{takes}"


def epochs_line(cost: Mapping[str, float]) -> str:
    """`15 epochs in 3.2 s`, of a trial that was trained."""
    return f"{count(int(cost.get('epochs', 1)), 'epoch')} in {duration(cost['train_s'])}"


def state_line(record: TrialRecord) -> str:
    """`complete`, `failed: diverged`; a trial that was interrupted runs again, and has not failed."""
    if record.reason == INTERRUPTED:
        return f"{INTERRUPTED} after {duration(record.cost['train_s'])}" if "train_s" in record.cost else INTERRUPTED
    return ": ".join(filter(None, (record.state, record.reason)))


def values_line(params: Mapping[str, object]) -> str:
    """Every one of them, `learning_rate 0.001, dropout 0.2`."""
    return ", ".join(f"{name} {param(value)}" for name, value in params.items())
