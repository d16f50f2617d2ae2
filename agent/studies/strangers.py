"""What a record of another's file must keep to by what recpilot knows: models and their params, metrics and ranges."""

import math

from memory.content import Condition, Content
from memory.plausible import must
from memory.record import Lesson, Record, TrialRecord
from recmodels.errors import ParamError
from recmodels.metrics import METRICS, direction_of, is_measured_each_epoch, parse_metric
from recmodels.models import MODELS, whole_space
from recmodels.positive import parse_rule
from recmodels.repeats import KEEP, MASK
from recmodels.search_space import Choice

_ROUNDED = 1e-5  # so far single precision may leave a range


def check_known(record: Record) -> None:
    """Raises ValueError: a param, a metric or a value that no trial of a model can have; the message says which."""
    match record:
        case TrialRecord():
            _check_trial(record)
        case Lesson(content=Content() as content):
            _check_content(content)


def _check_trial(trial: TrialRecord) -> None:
    _check_model("model", trial.model)
    space = whole_space(trial.model)
    for name, value in trial.params.items():
        try:
            space.require(name).check(name, value)
        except ParamError as error:
            raise ValueError(f"`params.{name}`: {trial.model}: {error}") from None
    _check_metric("objective", trial.objective)
    direction = direction_of(trial.objective)
    must(trial.direction == direction, "direction", f"be {direction}, as {trial.objective} is", trial.direction)
    for name, value in trial.metrics.items():
        _check_range(f"metrics.{name}", name.removeprefix("valid_"), value)
    if trial.value is not None:
        _check_range("value", trial.objective, trial.value)
    if trial.expected is not None:
        _check_range("expected", trial.objective, trial.expected, beyond=1.0)  # a prediction knows no range
    if is_measured_each_epoch(trial.objective):
        _check_curve(trial)
    must(trial.repeats in (MASK, KEEP), "repeats", f"be {MASK} or {KEEP}", trial.repeats)
    try:
        parse_rule(trial.positive)
    except ParamError as error:
        raise ValueError(f"`positive`: {error}") from None


def _check_curve(trial: TrialRecord) -> None:
    is_bounded = math.isfinite(_range(trial.objective)[1])
    for epoch, value in enumerate(trial.curve, start=1):
        place = f"curve (epoch {epoch})"
        if value is not None:
            _check_range(place, trial.objective, value)
        elif is_bounded:  # an error may overflow, a share cannot
            must(False, place, f"be a number, as {trial.objective} is after every epoch", value)


def _check_content(content: Content) -> None:
    if content.model is not None:
        _check_model("content.model", content.model)
    if content.metric:
        _check_metric("content.metric", content.metric)
        low, high = _range(content.metric)
        if content.effect is not None and math.isfinite(high):
            must(abs(content.effect) <= high - low, "content.effect", f"be within {high - low:g}", content.effect)
    for one in content.where:
        _check_condition(content, one)


def _check_condition(content: Content, one: Condition) -> None:
    models = [content.model] if content.model is not None else list(MODELS)
    found = [param for model in models if (param := whole_space(model).get(one.param)) is not None]
    place = f"content.where.{one.param}"
    must(bool(found), place, f"be a param of {content.model or 'a model'}", one.param)
    if content.says == "bound" or content.model is None:  # a person may draw a bound anywhere
        return
    bounds = () if isinstance(found[0], Choice) and not one.choices else (one.low, one.high)
    for value in (*one.choices, *bounds):
        if value is not None:
            try:
                found[0].check(one.param, value)
            except ParamError as error:
                raise ValueError(f"`{place}`: {content.model}: {error}") from None


def _check_model(field: str, name: str) -> None:
    must(name in MODELS, field, f"be a model of this version: {', '.join(MODELS)}", name)


def _check_metric(field: str, name: str) -> None:
    try:
        parse_metric(name)
    except ParamError as error:
        raise ValueError(f"`{field}`: {error}") from None


def _range(metric: str) -> tuple[float, float]:
    """What its values lie in; of one that this version does not know, all numbers."""
    known = METRICS.get(metric.partition("@")[0])
    return (-math.inf, math.inf) if known is None else known.range


def _check_range(field: str, metric: str, value: float, beyond: float = _ROUNDED) -> None:
    low, high = _range(metric)
    rule = f"be in [{low:g}, {high:g}]" if math.isfinite(high) else f"be {low:g} or more"
    must(low - beyond <= value <= high + beyond, field, rule, value)
