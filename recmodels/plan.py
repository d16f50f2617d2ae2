"""What a request comes to before training begins: what is followed, up to which cutoff, for how many epochs."""

from collections.abc import Mapping
from dataclasses import dataclass

from recmodels.errors import ParamError
from recmodels.metrics import METRICS, cutoff_of, direction_of, is_measured_each_epoch, parse_metric, prediction_of
from recmodels.outcomes import WEIGHED, WEIGHED_PREDICTIONS
from recmodels.request import TrainRequest
from recmodels.search_space import ParamValue


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the request comes to."""

    objective: str
    followed: str  # the metric that early stopping and the best epoch follow: the objective unless that is a cost
    sign: int  # 1 when more of `followed` is better, else -1
    cutoffs: tuple[int, ...]  # ascending
    epochs: int


def plan_of(request: TrainRequest, params: Mapping[str, ParamValue]) -> Plan:
    """Check what the search space does not.

    Raises:
        ParamError: An unknown metric, or a cutoff or budget out of bounds.
    """
    objective = parse_metric(request.objective)
    cutoffs = {cutoff_of(f"ndcg@{k}") or k for k in request.cutoffs}  # checks each
    cutoff = cutoff_of(objective)
    if cutoff is not None:
        cutoffs.add(cutoff)
    if request.outcomes is not None:
        check_weighed(objective)
    followed = objective if is_measured_each_epoch(objective) else f"ndcg@{min(cutoffs, default=10)}"
    epochs = request.budget.epochs if request.budget.epochs is not None else int(params.get("epochs", 1))
    counts = (
        ("epochs", epochs),
        ("patience", request.budget.patience),
        ("n_threads", request.n_threads),
        ("refit_epochs", request.refit_epochs),
    )
    for name, value in counts:
        if value is not None and value < 1:
            raise ParamError(f"`{name}` must be 1 or more, got {value}")
    if request.refit_epochs is not None and not request.refit:
        raise ParamError(f"`refit_epochs` is of a refit, got {request.refit_epochs} without `refit`")
    if request.budget.time_limit_s is not None and not request.budget.time_limit_s > 0:
        raise ParamError(f"`time_limit_s` must be above 0, got {request.budget.time_limit_s}")
    return Plan(
        objective=objective,
        followed=followed,
        sign=1 if direction_of(followed) == "maximize" else -1,
        cutoffs=tuple(sorted(cutoffs or {10})),
        epochs=epochs,
    )


def check_weighed(objective: str) -> None:
    """Raises ParamError: weights of outcomes do not change this objective."""
    name = objective.partition("@")[0]
    is_accuracy = METRICS[name].has_cutoff and not METRICS[name].is_beyond_accuracy and not name.startswith(WEIGHED)
    is_prediction = prediction_of(objective) is not None and objective not in WEIGHED_PREDICTIONS
    if is_prediction or is_accuracy:
        instead = "auc" if prediction_of(objective) == "label" else f"{WEIGHED}@{cutoff_of(objective) or 10}"
        raise ParamError(
            f"outcomes are weighed in {', '.join((WEIGHED, *WEIGHED_PREDICTIONS))}, and {objective} counts them alike; "
            f"take {instead} as the objective, or leave the weights out"
        )


def wants_texts(request: TrainRequest) -> bool:
    """Whether a metric that is asked for compares item texts; unasked that is not done, since it takes an encoder."""
    return any(parse_metric(metric).startswith("text_diversity") for metric in (request.objective, *request.metrics))
