"""How long the trials of a study are expected to take, by the trials of a home and those that came with recpilot."""

import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from agent.advisor.situation import from_unit
from agent.advisor.trial_times import FEWEST, HERE, Seconds, Timed, TrialTimes, sizes_of, thinned, timed
from agent.errors import USER_ERRORS
from agent.studies.pace import CHOOSING_S, choosing_s
from agent.studies.runner import StudyRunner
from agent.studies.study import Study
from memory.histories.files import shipped_like
from memory.record import TrialRecord
from recmodels.data.catalogue import Catalogue
from recmodels.models import MODELS, whole_space
from recmodels.search_space import Params, SearchSpace

_STUDIES = 40  # the latest of a home, that are looked into
_DATASETS = 8  # that came with recpilot, the most alike
_POINTS = 48  # of the space, over which a study's trials are taken to lie
_VAGUE = 40.0  # an interval from a to this times a tells nothing


def trial_seconds(
    runner: StudyRunner, catalogue: Catalogue, dataset: str, models: tuple[str, ...], epochs: int | None
) -> Seconds | None:
    """The time of a trial, the mean over models; None where past trials tell too little.

    Args:
        models: Empty: those that were measured on the dataset.
        epochs: At most, of the trials to come; None: what their params say.
    """
    stored = next((one for one in catalogue.all(only_there=True)[0] if one.name == dataset), None)
    if stored is None:  # the demo among them, which is drawn when it is first used
        return None
    profile = stored.profile
    home: dict[str, list[Timed]] = defaultdict(list)
    here: dict[str, list[Timed]] = defaultdict(list)
    choosing: dict[bool, list[float]] = {True: [], False: []}  # of studies on these data, and of others
    for name in reversed(runner.names()[:_STUDIES]):
        try:
            study = runner.peek(name)
            spec, status, records = study.spec, study.status(), study.records()
        except USER_ERRORS:
            continue
        for model in {record.model for record in records} & MODELS.keys():
            is_here = spec.dataset == dataset
            of = profile if is_here else records[0].profile
            (here if is_here else home)[model] += timed_records(records, model, spec.epochs, of)
        around = choosing_s(status.elapsed_s, [record for record in records if record.state == "complete"])
        if around is not None:
            choosing[spec.dataset == dataset].append(around)
    wanted = [model for model in models if model in MODELS] or list(here)
    found = (expected_trial(one, [*home[one], *here[one]], dataset, profile, epochs=epochs) for one in wanted)
    each = mean_of([one for one in found if one is not None])
    known = choosing[True] or choosing[False] or [CHOOSING_S]
    return each if each is None else more(each, statistics.median(known))


def rest_of(study: Study, earlier: Sequence[TrialRecord] = ()) -> Seconds | None:
    """The time of a study's trials to come, choosing included; its models' by how often each ran so far.

    Args:
        earlier: Of other studies.
    """
    spec, spaces, records = study.spec, study.spaces(), study.records()
    profile = study.profile
    found, weights = [], []
    for model in spec.models:
        own = timed_records(records, model, spec.epochs, profile)
        home = [*timed_records(earlier, model, None, profile), *own]
        one = expected_trial(model, home, spec.dataset, profile, space=spaces[model], epochs=spec.epochs)
        if one is not None:
            found.append(one)
            weights.append(1.0 + sum(record.model == model for record in records))
    each = mean_of(found, weights)
    complete = [record for record in records if record.state == "complete"]
    around = choosing_s(study.status().elapsed_s, complete)
    return None if each is None else more(each, CHOOSING_S if around is None else around)


def expected_trial(
    model: str,
    home: Sequence[Timed],
    dataset: str,
    profile: Mapping[str, float],
    *,
    space: SearchSpace | None = None,
    epochs: int | None = None,
) -> Seconds | None:
    """The mean time of a trial over the space; None where past trials tell too little.

    Args:
        home: The model's trials that were timed in this home, those on this dataset last.
        space: As narrowed; None: all of it.
        epochs: At most, of every trial to come; None: what its params say.
    """
    sizes, known = sizes_of(profile), [*_shipped(model, profile), *home]
    if sizes is None or len(known) < FEWEST:
        return None
    whole, own = whole_space(model), [one for one in home if one.dataset == dataset]
    trials = thinned([one for one in known if one not in own], own)
    machine = home[-1].machine if home else HERE
    times = TrialTimes(whole, trials, dataset=dataset, sizes=sizes, machine=machine, epochs=epochs)
    found = times.average(_spread(whole if space is None else space))
    return None if found.high > _VAGUE * found.low else found


def mean_of(times: Sequence[Seconds], weights: Sequence[float] | None = None) -> Seconds | None:
    """Of several models' trials; None of none."""
    if not times:
        return None
    by = list(weights or [1.0] * len(times))

    def mean(values: Sequence[float]) -> float:
        return statistics.fmean(values, by)

    return Seconds(
        expected=mean([one.expected for one in times]),
        low=mean([one.low for one in times]),
        high=mean([one.high for one in times]),
        n_here=sum(one.n_here for one in times),
        n_elsewhere=sum(one.n_elsewhere for one in times),
    )


def more(each: Seconds, seconds: float) -> Seconds:
    """With time that is spent around a trial, which a busy machine doubles."""
    return replace(each, expected=each.expected + seconds, low=each.low + seconds / 2, high=each.high + 2 * seconds)


def timed_records(
    records: Sequence[TrialRecord], model: str, epochs: int | None, profile: Mapping[str, float]
) -> list[Timed]:
    """Of a study whose trials had so many epochs at most."""
    found = (timed(record, epochs, profile) for record in records if record.model == model)
    return [one for one in found if one is not None]


def _shipped(model: str, profile: Mapping[str, float]) -> list[Timed]:
    recalled = (hit.record for hit in shipped_like(model, profile, _DATASETS))
    return [one for record in recalled if isinstance(record, TrialRecord) and (one := timed(record)) is not None]


def _spread(space: SearchSpace) -> list[Params]:
    """The defaults and points all over what is searched."""
    searched = space.searched()
    drawn = np.random.default_rng(0).random((_POINTS, len(searched)))
    return [space.defaults(), *({**space.defaults(), **from_unit(searched, point)} for point in drawn)]
