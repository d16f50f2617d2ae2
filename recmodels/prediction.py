"""What a model that predicts is trained for and measured by: labels, ratings, or lists like all others.

A model learns from labels where the data have them, or where the objective is of labels and a rule says which ratings
are likes; from ratings where the objective is of ratings; else from the likes against sampled items. Lists are ranked
and measured where a metric that is asked for needs them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from recmodels.data.examples import Target
from recmodels.data.features import Features
from recmodels.data.interactions import Interactions
from recmodels.data.observations import Observations, past_of
from recmodels.data.outcomes import outcomes_of_examples
from recmodels.data.split import Split, split_examples
from recmodels.errors import DataError, ParamError, TrialFailed
from recmodels.evaluation import Evaluation
from recmodels.metrics import METRICS, ctr, cutoff_of, parse_metric, prediction_of
from recmodels.models import MODELS, ModelEntry
from recmodels.models.parts.predicting import Predictor
from recmodels.outcomes import WEIGHED_PREDICTIONS, OutcomeWeights, metric_names
from recmodels.plan import Plan
from recmodels.request import TrainRequest

_OF_LABELS: dict[str, Callable[[Tensor, Tensor], float]] = {"logloss": ctr.logloss, "auc": ctr.auc, "f1": ctr.f1}
_OF_RATINGS: dict[str, Callable[[Tensor, Tensor], float]] = {"rmse": ctr.rmse, "mae": ctr.mae}


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a run trains for."""

    target: Target | None = None  # what is predicted and measured
    ranks: bool = True  # whether lists are measured


def task_of(request: TrainRequest, plan: Plan, entry: ModelEntry, interactions: Interactions) -> Task:
    """The task of a model on a dataset under an objective.

    Raises:
        ParamError: The model cannot predict what the objective, or another metric that is asked for, measures.
        DataError: The data do not have it.
    """
    wanted = [plan.followed, *map(parse_metric, request.metrics)]
    beyond = (metric for metric in wanted if (kind := prediction_of(metric)) and kind not in entry.predicts)
    if metric := next(beyond, None):
        kind = prediction_of(metric)
        able = [name for name, other in MODELS.items() if kind in other.predicts and not other.needs]
        what = f"predicts no {kind}s" if entry.predicts else "ranks and predicts nothing"
        raise ParamError(f"{entry.name} {what}, so `{metric}` needs another model: {_or(able)}")
    if not entry.predicts:
        return Task()
    there_is, possible = interactions.target(), interactions.targets()
    kinds = {metric: kind for metric in wanted if (kind := prediction_of(metric))}
    for metric, kind in kinds.items():
        if kind not in possible:
            raise DataError(_lacks(metric, there_is, interactions.name))
    if len(set(kinds.values())) > 1:
        raise ParamError(f"a run predicts labels or ratings, not both, got {' and '.join(kinds)}")
    predicts = next(iter(kinds.values()), "label" if there_is == "label" else None)
    return Task(target=predicts, ranks=any(cutoff_of(metric) is not None for metric in wanted))


def _lacks(metric: str, there_is: Target | None, name: str) -> str:
    needs = {"label": "a column of 0 and 1 (label, clicked, …)", "rating": "a column of ratings"}
    fitting = [other for other, about in METRICS.items() if about.predicts == there_is and there_is]
    needed = needs[prediction_of(metric) or "label"]
    return f"`{metric}` needs {needed}, and `{name}` has none; take {_or(fitting or ['ndcg'])}"


def _or(names: list[str]) -> str:
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def observations_on(
    interactions: Interactions,
    parts: Split,
    features: Features,
    task: Task,
    device: torch.device,
    *,
    weights: OutcomeWeights | None = None,
    with_past: bool = False,
    is_refit: bool = False,
) -> dict[str, Observations]:
    """The examples of train, valid and test on the device, with labels where the task is to predict them.

    Args:
        weights: Of outcomes, whose weighted mean is the label.
        with_past: Whether each row says what its user had answered before.
        is_refit: Whether the rows of valid stand in train.

    Raises:
        DataError: A part has no example.
    """
    examples, has_ratings = interactions.all_examples(), interactions.target() == "rating"
    came = None if weights is None or task.target != "label" else outcomes_of_examples(interactions, weights)
    found = {}
    train, valid, test = split_examples(interactions, parts)
    divided = {0: ("train", train), 1: ("valid", valid), 2: ("test", test)}
    if is_refit:
        divided = {0: ("train", np.union1d(train, valid)), 2: divided[2]}
    part_of_row = np.zeros(len(examples), dtype=np.int8)
    for number, (_, rows) in divided.items():
        part_of_row[rows] = number
    for number, (part, rows) in divided.items():
        if not len(rows) and (task.target or part == "train"):
            raise DataError(f"`{interactions.name}` has no labelled row in its {part} part")
        arrays = (examples.users, examples.items, features.context_codes, features.context_numbers)
        users, items, context, numbers = (torch.as_tensor(array[rows], device=device) for array in arrays)
        given = None if examples.labels is None else torch.as_tensor(examples.labels[rows], device=device)
        liked = None if examples.is_liked is None else torch.as_tensor(examples.is_liked[rows], device=device)
        labels = given if task.target != "label" or liked is None else liked.float()
        outcomes = None if came is None else torch.as_tensor(came[rows], device=device)
        if outcomes is not None and weights is not None:
            labels = outcomes @ torch.tensor(weights.shares(), device=device)
        found[part] = Observations(
            users=users,
            items=items,
            context=context,
            numbers=numbers,
            labels=labels if task.target else None,
            target=task.target,
            outcomes=outcomes,
            ratings=given if has_ratings else None,
            wanted=None if liked is None or task.target else liked.nonzero().squeeze(1),
            past=past_of(examples, part_of_row, number, device) if with_past else None,
        )
    return found


@torch.inference_mode()
def evaluate_predictions(
    model: Predictor,
    rows: Observations,
    part: str,
    followed: str | None,
    weights: OutcomeWeights | None = None,
) -> Evaluation:
    """Predict the labels or ratings of rows that the model has not seen.

    AUC and F1 say nothing where all labels are the same, the AUC within users where that is so for every user: such
    metrics are left out.

    Args:
        followed: A metric that must not be left out.
        weights: Of the outcomes of the rows, where they have some: metrics are the weighted means over these.

    Raises:
        DataError: The metric that is followed says nothing.
        TrialFailed: The predictions are not numbers ("diverged").
    """
    model.eval()
    predicted = model.predicted(rows)
    if rows.labels is None or not predicted.isfinite().all():
        raise TrialFailed("diverged", "the model's predictions are not numbers")
    if rows.outcomes is not None and weights is not None:
        return _of_outcomes(predicted, rows.outcomes, weights, part, followed)
    measures = _OF_LABELS if rows.target == "label" else _OF_RATINGS
    metrics = {name: measure(predicted, rows.labels) for name, measure in measures.items()}
    users, per_user = np.empty(0, dtype=np.int64), {}
    if rows.target == "label":
        within = ctr.auc_by_group(predicted, rows.labels, rows.users, model.n_users)
        defined = within.isfinite().nonzero().squeeze(1)
        metrics["user_auc"] = float(within[defined].mean())  # NaN when there is none
        users, per_user = defined.cpu().numpy(), {"user_auc": within[defined].float().cpu().numpy()}
    kept = {name: value for name, value in metrics.items() if np.isfinite(value)}
    if followed is not None and followed not in kept:
        of_one = " of one user" if followed == "user_auc" else ""
        raise DataError(f"`{followed}` needs rows{of_one} with both labels in the {part} part, and there are none")
    return Evaluation(metrics=kept, users=users, per_user=per_user)


def _of_outcomes(
    predicted: Tensor, outcomes: Tensor, weights: OutcomeWeights, part: str, followed: str | None
) -> Evaluation:
    """How well one prediction tells each outcome, and the weighted mean of that; an outcome of weight 0 is left out."""
    metrics: dict[str, float] = {}
    for metric in WEIGHED_PREDICTIONS:
        values = [_OF_LABELS[metric](predicted, outcomes[:, place]) for place in range(outcomes.shape[1])]
        metrics |= dict(zip(metric_names(weights.names, metric), values, strict=True))
        metrics[metric] = sum(share * value for share, value in zip(weights.shares(), values, strict=True) if share)
    kept = {name: value for name, value in metrics.items() if np.isfinite(value)}
    if followed is not None and followed not in kept:
        alike = [name for name, rows in zip(weights.names, outcomes.T, strict=True) if len(rows.unique()) < 2]
        raise DataError(
            f"`{followed}` needs rows with and without each outcome in the {part} part; there all rows are alike in "
            f"{', '.join(alike)}"
        )
    return Evaluation(metrics=kept, users=np.empty(0, dtype=np.int64), per_user={})
