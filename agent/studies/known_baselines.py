"""Simple models that an earlier study measured on the same data under the same terms, which need no measuring again."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from agent.baseline import Baseline
from agent.objective import measured
from agent.standing import counted
from agent.studies.baselines import applicable, baseline_of
from agent.studies.ledger import Ledger
from agent.studies.pages import StudyLedger
from agent.studies.study_spec import StudySpec
from recmodels.models import MODELS
from recmodels.search_space import Params

_SAME = ("dataset", "split", "positive", "repeats", "outcomes")


def known_baselines(ledger: Ledger, profile: Mapping[str, float], spec: StudySpec) -> dict[str, Baseline]:
    """By model, from the latest studies that hold them, each with the study that measured it.

    The data are the same where name and profile are; the terms where split and its seed, likes, repeats, outcomes and
    the objective are. The models are not random, so that no seed of training matters.

    Args:
        profile: Of the dataset.
    """
    wanted = [model for model in applicable(spec.goal, spec.repeats)[0] if not MODELS[model].is_random]
    found: dict[str, Baseline] = {}
    for pages in ledger.pages_of_data(spec.dataset):
        if all(model in found for model in wanted):
            break
        if pages.spec.name == spec.name or pages.profile != profile or not _is_alike(pages.spec, spec):
            continue
        missing = [model for model in wanted if model not in found]
        for one in _held(pages, missing):
            if one.model not in found and _is_whole(one, spec):
                found[one.model] = replace(one, measured_in=one.measured_in or ledger.title(pages.spec.name))
    return found


def _is_alike(one: StudySpec, other: StudySpec) -> bool:
    is_same = all(getattr(one, name) == getattr(other, name) for name in _SAME)
    return is_same and one.goal.primary.metric == other.goal.primary.metric


def _held(pages: StudyLedger, models: Sequence[str]) -> Iterator[Baseline]:
    """What a study measured of these models before its first trial, and its trials of their defaults."""
    yield from (one for one in pages.baselines() or () if one.model in models)
    for record in counted(pages.records()):
        if record.model in models and record.state == "complete" and _is_default(record.model, record.params):
            yield baseline_of(record)


def _is_default(model: str, params: Params) -> bool:
    return dict(params) == MODELS[model].space.defaults()


def _is_whole(one: Baseline, spec: StudySpec) -> bool:
    """Whether it holds the defaults, an interval, and all that the study compares by."""
    wanted = [objective.metric for objective in spec.goal.objectives]
    wanted += [constraint.metric for constraint in spec.goal.constraints]
    has_all = all(measured(one.metrics, metric) is not None for metric in wanted)
    return one.value is not None and one.low is not None and has_all and _is_default(one.model, one.params)
