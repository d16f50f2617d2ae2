"""What cannot come to anything is refused before the first trial, in one sentence: the only place that decides it."""

from collections import defaultdict
from collections.abc import Mapping
from typing import TYPE_CHECKING

from agent.errors import UserError
from agent.objective import Constraint
from agent.studies.study_spec import StudySpec
from recmodels.data.categories import item_categories
from recmodels.data.repeats import check_split, choice_of, unmeasured
from recmodels.data.stored_dataset import StoredDataset
from recmodels.errors import DataError
from recmodels.metrics import METRICS, cutoff_of, prediction_of
from recmodels.models import MODELS
from recmodels.outcomes import parse_outcomes
from recmodels.positive import EVERY
from recmodels.repeats import KEEP, RepeatChoice

if TYPE_CHECKING:
    from recmodels.data.interactions import Interactions

_NEEDS = {  # a metric of lists → the flag of a dataset's profile that it takes, and that in words
    "text_diversity": ("has_text", "item texts"),
    "ndcg_gap": ("has_groups", "groups of users"),
    "ndcg_worst": ("has_groups", "groups of users"),
}


def check(spec: StudySpec, stored: StoredDataset) -> None:
    """Refuse a study that the dataset cannot bring to a result.

    Raises:
        recmodels.errors.DataError: The data lack what a model or a metric needs.
        UserError: A model cannot give the objective, or a constraint cannot be met.
    """
    check_change(spec, stored.profile, stored.name)
    predicted = {metric: kind for metric in _metrics(spec) if (kind := prediction_of(metric))}
    has_rule = spec.positive not in (None, EVERY.to_text())
    possible = _likes(spec, stored).targets() if predicted or has_rule else frozenset()
    for metric, kind in predicted.items():
        if kind not in possible:
            raise DataError(f"{metric} needs {kind}s, and dataset {stored.name!r} has none")
    if spec.outcomes is not None:
        known_outcomes(spec.outcomes, stored)
    if any(_name(metric) == "diversity" for metric in _metrics(spec)) and item_categories(stored.load()) is None:
        raise DataError(
            f"diversity needs a column of the items such as genres or category, and dataset {stored.name!r} has none"
        )
    if spec.repeats == KEEP and not is_prediction(spec):
        from recmodels.data.split import resolve  # loads polars, which a list of studies does not need

        check_split(spec.repeats, resolve(stored.load(), spec.split))


def repeat_choice(spec: StudySpec, stored: StoredDataset) -> RepeatChoice:
    """What becomes of items that users had before, settled once, as `_positive` of the runner; by the rule of likes.

    Raises:
        recmodels.errors.DataError, recmodels.errors.ParamError: The data cannot be split so.
    """
    if is_prediction(spec) or (spec.repeats is None and not stored.profile.get("repeat_rate")):
        return unmeasured(spec.repeats)
    from recmodels.data.split import split

    data = _likes(spec, stored)
    return choice_of(spec.repeats, data, split(data, spec.split), set_by=spec.repeats_says or "as set")


def is_prediction(spec: StudySpec) -> bool:
    """Whether no lists are measured, only labels or ratings."""
    metrics = _metrics(spec)
    return any(map(prediction_of, metrics)) and not any(map(cutoff_of, metrics))


def _likes(spec: StudySpec, stored: StoredDataset) -> "Interactions":
    """The rows as they count. Raises recmodels.errors.DataError: none of them is a like."""
    from recmodels.data.likes import rule_of, with_likes

    data = stored.load()
    return with_likes(data, rule_of(spec.positive, data))


def known_outcomes(outcomes: str, stored: StoredDataset) -> str:
    """The weights under the data's own names. Raises recmodels.errors.DataError: the data have no such outcome."""
    from recmodels.data import outcomes as data_outcomes

    return data_outcomes.known_outcomes(stored.load(), parse_outcomes(outcomes)).to_text()


def check_change(spec: StudySpec, profile: Mapping[str, float], dataset: str) -> None:
    """As `check`, as far as it can be told without reading the data.

    Raises:
        recmodels.errors.DataError: The data lack what a model or a metric needs.
        UserError: A model cannot give the objective, or a constraint cannot be met.
    """
    _require_data(spec, profile, dataset)
    for model in spec.models:
        for metric in _metrics(spec):
            kind = prediction_of(metric)
            if kind is not None and kind not in MODELS[model].predicts:
                raise UserError(f"{model} predicts no {kind}s, so it has no {metric}; leave {model} out")
    _require_reachable(spec.goal.constraints)


def _require_data(spec: StudySpec, profile: Mapping[str, float], dataset: str) -> None:
    for model in spec.models:
        for need in sorted(MODELS[model].needs):
            if not profile.get(f"has_{need}", 1.0):
                raise DataError(f"{model} needs {need}, and dataset {dataset!r} has none; leave {model} out")
    for metric in _metrics(spec):
        flag, what = _NEEDS.get(_name(metric), ("", ""))
        if flag and not profile.get(flag, 1.0):
            raise DataError(f"{metric} needs {what}, and dataset {dataset!r} has none")


def _require_reachable(constraints: tuple[Constraint, ...]) -> None:
    """Each bound lies within what its metric can be, and no two exclude each other."""
    bounds: dict[str, tuple[float, float]] = defaultdict(lambda: (float("-inf"), float("inf")))
    for constraint in constraints:
        low, high = METRICS[_name(constraint.metric)].range
        is_out = constraint.bound > high if constraint.at_least else constraint.bound < low
        if is_out:
            least_or_most = f"at most {high:g}" if constraint.at_least else f"at least {low:g}"
            raise UserError(f"no trial can meet {constraint}: {constraint.metric} is {least_or_most}")
        bottom, top = bounds[constraint.metric]
        if constraint.at_least:
            bottom = max(bottom, constraint.bound)
        else:
            top = min(top, constraint.bound)
        if bottom > top:
            raise UserError(
                f"no trial can meet {constraint.metric} >= {bottom:g} and {constraint.metric} <= {top:g} at once"
            )
        bounds[constraint.metric] = bottom, top


def _metrics(spec: StudySpec) -> list[str]:
    objectives = [objective.metric for objective in spec.goal.objectives]
    return objectives + [constraint.metric for constraint in spec.goal.constraints]


def _name(metric: str) -> str:
    return metric.partition("@")[0]
