"""What a request comes to before training begins: what is followed, for how long, and the data on the device."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import torch

from recmodels.data.features import features_of
from recmodels.data.histories import Histories
from recmodels.data.interactions import Interactions
from recmodels.data.split import Rows, Split
from recmodels.errors import DataError, ParamError
from recmodels.metrics import cutoff_of, direction_of, is_measured_each_epoch, parse_metric
from recmodels.models import ModelEntry
from recmodels.models.base import Entities
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


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceData:
    """The parts on the device."""

    train: Histories
    valid: Histories
    test: Histories
    before_test: Histories  # train and valid


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


def wants_texts(request: TrainRequest) -> bool:
    """Whether a metric that is asked for compares item texts; unasked that is not done, since it takes an encoder."""
    return any(parse_metric(metric).startswith("text_diversity") for metric in (request.objective, *request.metrics))


def entities_of(interactions: Interactions, entry: ModelEntry) -> Entities:
    """What the model may know of users and items.

    Raises:
        DataError: The model needs item texts and the data has none.
    """
    texts = None
    if "text" in entry.needs:
        if interactions.item_table is None or not interactions.text_columns:
            raise DataError(
                f"{entry.name} reads item texts, and `{interactions.name}` has none; "
                "add a table of items with a column such as title, or take another model"
            )
        texts = tuple(interactions.item_texts())
    return Entities(
        n_users=interactions.n_users,
        n_items=interactions.n_items,
        item_texts=texts,
        features=features_of(interactions) if entry.predicts else None,
    )


def data_on(interactions: Interactions, parts: Split, device: torch.device) -> DeviceData:
    """Copy the parts to the device, once."""

    def histories(rows: Rows) -> Histories:
        return Histories.from_arrays(
            interactions.users[rows],
            interactions.items[rows],
            n_users=interactions.n_users,
            n_items=interactions.n_items,
            device=device,
        )

    return DeviceData(
        train=histories(parts.train),
        valid=histories(parts.valid),
        test=histories(parts.test),
        before_test=histories(np.union1d(parts.train, parts.valid)),
    )
