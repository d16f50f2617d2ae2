"""One value of a trial by the name that people give it: a param, a metric, a cost, or what is known of the trial."""

import difflib
from collections.abc import Mapping, Sequence

from agent.errors import UserError
from agent.objective import measured
from agent.standing import INTERRUPTED, Configuration, configuration_of
from memory.record import ParamValue, TrialRecord
from recmodels.errors import ParamError
from recmodels.metrics import parse_metric

ABOUT = ("number", "model", "state", "proposer", "seed", "reason", "expected", "rationale", "split", "finished_at")
WORKED_OUT = ("surprise", "repeats", "curve", "best_epoch", "epochs_run")
_POINTS = 6  # of a curve
_SAME = {
    "objective": "value",
    "score": "value",
    "result": "value",
    "trial": "number",
    "repeat": "repeats",
    "repeat_of": "repeats",
    "learning_curve": "curve",
    "proposed_by": "proposer",
}


class Values:
    """The values of a study's trials, those too that take its other trials to tell."""

    def __init__(self, records: Sequence[TrialRecord]) -> None:
        self.records = records
        self._firsts: dict[Configuration, int] = {}
        for record in records:
            if record.reason != INTERRUPTED:
                self._firsts.setdefault(configuration_of(record), record.number)

    def of(self, record: TrialRecord, name: str) -> ParamValue | None:
        """As `value_of`; `repeats` is the first trial with the same params."""
        if name != "repeats":
            return value_of(record, name)
        first = self._firsts.get(configuration_of(record))
        return None if first == record.number else first


def value_of(record: TrialRecord, name: str) -> ParamValue | None:
    """The value; None where the trial has none of that name.

    Args:
        name: From `known_name`.
    """
    if name in ABOUT:
        found: ParamValue | None = getattr(record, name)
        return found
    if name in WORKED_OUT:
        return _worked_out(record, name)
    if name == "value":
        return record.value
    if name in record.params:
        return record.params[name]
    if name in record.cost:
        return record.cost[name]
    value = measured(record.metrics, name)
    return record.value if value is None and name == record.objective else value


def _worked_out(record: TrialRecord, name: str) -> ParamValue | None:
    by_epoch = record.by_epoch()
    if name == "surprise":
        return None if record.value is None or record.expected is None else record.value - record.expected
    if name == "epochs_run":
        return len(record.curve) or record.cost.get("epochs")
    if not by_epoch:
        return None
    best = max(by_epoch, key=lambda epoch: record.sign * by_epoch[epoch])
    return best if name == "best_epoch" else _points(by_epoch, best)


def _points(by_epoch: Mapping[int, float], best: int) -> str:
    """A few values of a curve by epoch, the first, the best and the last among them: `1: 0.102, 7: 0.131, 12: 0.129`."""
    epochs = list(by_epoch)
    step = max(1, (len(epochs) - 1) / (_POINTS - 1))
    kept = {epochs[round(place * step)] for place in range(_POINTS) if round(place * step) < len(epochs)}
    return ", ".join(f"{epoch}: {by_epoch[epoch]:.4g}" for epoch in sorted(kept | {epochs[-1], best}))


def is_metric(name: str) -> bool:
    """Whether it is the name of one, with its cutoff."""
    try:
        return parse_metric(name) == name
    except ParamError:
        return False


def is_from_outside(name: str) -> bool:
    """Whether a value of that name is a text that a person, a model or a file wrote."""
    return name in ("reason", "rationale")


def names_of(text: str, records: Sequence[TrialRecord]) -> list[str]:
    """The names that a column stands for: itself, or all params, metrics or costs.

    Raises:
        UserError: No trial has it.
    """
    kind = text.strip().lower()
    if kind == "params":
        return list(dict.fromkeys(name for record in records for name in record.params))
    if kind in ("costs", "cost"):
        return list(dict.fromkeys(name for record in records for name in record.cost))
    if kind == "metrics":
        found = (name.removeprefix("valid_") for record in records for name in record.metrics)
        return list(dict.fromkeys(found))
    return [known_name(text, records)]


def known_name(text: str, records: Sequence[TrialRecord]) -> str:
    """The name of something that trials have, whatever its case, spaces or a metric's missing cutoff.

    Raises:
        UserError: No trial has it; the text names what there is.
    """
    wanted = text.strip().strip("`'\"").lower()
    plain = wanted.replace(" ", "_").replace("-", "_")
    if plain in _SAME:
        return _SAME[plain]
    params = dict.fromkeys(name for record in records for name in record.params)
    costs = dict.fromkeys(name for record in records for name in record.cost)
    for name in (*ABOUT, *WORKED_OUT, "value", *params, *costs):
        if plain == name:
            return name
    try:
        metric = parse_metric(wanted)
    except ParamError:
        metric = ""
    if metric and (any(value_of(record, metric) is not None for record in records) or not records):
        return metric
    if "test" in plain.split("_"):
        raise UserError("trials are never measured on test, which stays sealed; `confirm` reads it once")
    metrics = dict.fromkeys(name.removeprefix("valid_") for record in records for name in record.metrics)
    near = difflib.get_close_matches(plain, [*params, *metrics, *costs], n=3, cutoff=0.6)
    hint = (
        f"the nearest are {', '.join(near)}" if near else f"there are {', '.join([*ABOUT[:7], *WORKED_OUT, *params])}"
    )
    raise UserError(
        f"no trial has {text!r}; {hint}; metrics such as ndcg@10 and costs such as train_s can be named too"
    )
