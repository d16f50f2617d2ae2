"""What of the past weighed in on a study: read from the reasons and the evidence that its trials keep."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from agent.answers.facts import quoted
from agent.results.weighed import BestFound, DataTrusted, PastWeighed, Spoke
from agent.studies.study import Study
from memory.histories.files import shipped_datasets
from memory.likeness import likeness
from memory.record import Lesson, TrialRecord

Profiles = Mapping[str, Mapping[str, float]]
_TRUST = re.compile(r"\(trust: (?P<all>(?:[^()]|\([^()]*\))*)\)")
_SINCE = r"by the likeness of the datasets, [01]\.\d\d|(?:since it|which) ranks the \d+ trials? here [^,;]+, rank correlation -?[01]\.\d\d"
_ONE = re.compile(rf"(?:^|[;,] )(?P<dataset>[^;,]+?) (?P<trust>[01]\.\d\d)(?:, (?P<since>{_SINCE}))?(?=[;,] |$)")
"""A history of the list, which earlier versions parted by commas; words that are not known are no reason of any."""
_NO_NAME = re.compile(r"^(?:since|which|by|rank)\s")
_RULES = re.compile(r"\brule ([\w.-]+)(?= \()")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trusted:
    """What a reason says of one dataset."""

    dataset: str
    trust: float
    since: str = ""


def trusted_in(reason: str) -> tuple[Trusted, ...]:
    """The datasets that a trial's reason says are followed: "trust: ml-100k 0.11, since …; ml-1m 0.08"."""
    found = _TRUST.search(reason)
    ones = [] if found is None else _ONE.finditer(found["all"])
    return tuple(
        Trusted(dataset=one["dataset"], trust=float(one["trust"]), since=one["since"] or "")
        for one in ones
        if not _NO_NAME.match(one["dataset"])
    )


def rules_in(reason: str) -> tuple[str, ...]:
    """The ids of the rules that a trial's reason says leaned it."""
    return tuple(dict.fromkeys(_RULES.findall(reason)))


def weighed_in(study: Study, lessons: Sequence[Lesson], profiles: Profiles, trial: int | None = None) -> PastWeighed:
    """What weighed in on a study, or on one of its trials.

    Args:
        lessons: All that are remembered.
        profiles: Of the person's datasets, by their key.

    Raises:
        UserError: There is no such trial.
    """
    records = [record for record in study.records() if trial is None or record.number == trial]
    by_data: dict[tuple[str, str], list[tuple[int, Trusted]]] = defaultdict(list)  # and by model, of several
    by_rule: dict[str, list[int]] = defaultdict(list)
    by_lesson: dict[str, list[int]] = defaultdict(list)
    for record in records:
        for one in trusted_in(record.rationale):
            model = record.model if len(study.spec.models) > 1 else ""
            by_data[one.dataset, model].append((record.number, one))
        for rule in rules_in(record.rationale):
            by_rule[rule].append(record.number)
        for id in record.evidence:
            if id.startswith("lesson/"):
                by_lesson[id].append(record.number)
    texts = {lesson.id: lesson.text for lesson in lessons}
    data = [replace(_trusted(name, told, study, profiles), model=model) for (name, model), told in by_data.items()]
    best = study.best()
    return PastWeighed(
        study=study.title,
        dataset=study.spec.dataset,
        trial=trial,
        n_trials=len(records),
        n_from_past=sum(bool(trusted_in(record.rationale)) for record in records),
        objective=str(study.spec.goal.primary.metric),
        sampler=study.spec.sampler,
        data=tuple(sorted(data, key=lambda one: (-(one.most or 0.0), one.dataset, one.model))),
        rules=tuple(Spoke(says=rule, trials=tuple(numbers)) for rule, numbers in by_rule.items()),
        lessons=tuple(
            Spoke(says=quoted(texts.get(id, f"{id}, which is forgotten"), 200), trials=tuple(numbers))
            for id, numbers in by_lesson.items()
        ),
        bounds=tuple(Spoke(says=quoted(lesson.text, 200)) for lesson in lessons if study.name in lesson.weighed_in),
        best=None if best is None or best.value is None else _best(best, best.value),
    )


def standing_of(dataset: str, found: PastWeighed, study: Study, profiles: Profiles) -> DataTrusted:
    """How a dataset stands in a study, trusted or not."""
    known = next((one for one in found.data if one.dataset == dataset), None)
    return known or _compared(dataset, study, profiles)


def shipped_histories(study: Study | None) -> tuple[DataTrusted, ...]:
    """The histories that came with recpilot, the most like the study's data first."""
    names = shipped_datasets()
    if study is None:
        return tuple(DataTrusted(dataset=name, is_shipped=True) for name in names)
    found = [_compared(name, study, {}) for name in names]
    return tuple(sorted(found, key=lambda one: (-(one.likeness or 0.0), one.dataset)))


def _trusted(name: str, told: Sequence[tuple[int, Trusted]], study: Study, profiles: Profiles) -> DataTrusted:
    values = [one.trust for _, one in told]
    return replace(
        _compared(name, study, profiles),
        trials=tuple(number for number, _ in told),
        first=values[0],
        most=max(values),
        last=values[-1],
        since=next((one.since for _, one in reversed(told) if one.since), ""),
    )


def _compared(name: str, study: Study, profiles: Profiles) -> DataTrusted:
    """The dataset with its likeness to the study's."""
    shipped = shipped_datasets()
    profile = profiles.get(name) or shipped.get(name)
    return DataTrusted(
        dataset=name,
        likeness=None if profile is None else likeness(study.profile, profile),
        is_shipped=name in shipped and name not in profiles,
    )


def _best(record: TrialRecord, value: float) -> BestFound:
    trusted: Iterable[Trusted] = trusted_in(record.rationale)
    return BestFound(
        number=record.number, value=value, proposer=record.proposer, trusted=tuple(one.dataset for one in trusted)
    )
