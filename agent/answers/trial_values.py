"""One value of a trial by the name that people give it: a param, a metric, a cost, or what is known of the trial."""

import difflib
from collections.abc import Sequence

from agent.errors import UserError
from agent.objective import measured
from memory.record import ParamValue, TrialRecord
from recmodels.errors import ParamError
from recmodels.metrics import parse_metric

ABOUT = ("number", "model", "state", "proposer", "seed", "reason", "expected", "rationale")


def value_of(record: TrialRecord, name: str) -> ParamValue | None:
    """The value; None where the trial has none of that name.

    Args:
        name: From `known_name`.
    """
    if name in ABOUT:
        found: ParamValue | None = getattr(record, name)
        return found
    if name == "value":
        return record.value
    if name in record.params:
        return record.params[name]
    if name in record.cost:
        return record.cost[name]
    value = measured(record.metrics, name)
    return record.value if value is None and name == record.objective else value


def known_name(text: str, records: Sequence[TrialRecord]) -> str:
    """The name of something that trials have, whatever its case, spaces or a metric's missing cutoff.

    Raises:
        UserError: No trial has it; the text names what there is.
    """
    wanted = text.strip().strip("`'\"").lower()
    plain = wanted.replace(" ", "_").replace("-", "_")
    if plain in ("objective", "score", "result"):
        return "value"
    params = dict.fromkeys(name for record in records for name in record.params)
    costs = dict.fromkeys(name for record in records for name in record.cost)
    for name in (*ABOUT, "value", *params, *costs):
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
    hint = f"the nearest are {', '.join(near)}" if near else f"there are {', '.join([*ABOUT[:5], *params])}"
    raise UserError(
        f"no trial has {text!r}; {hint}; metrics such as ndcg@10 and costs such as train_s can be named too"
    )
