"""Whether later trials contradict a lesson by more than chance; then it is withdrawn and says so."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from agent.advisor.situation import value_of
from agent.standing import configuration_of, mean_of, sign_of
from agent.studies.blame import FAILURES, failure_of
from agent.studies.rank_tests import p_better
from memory.content import Content
from memory.record import Lesson, TrialRecord

LEVEL = 0.05  # chance of withdrawing a right lesson at one look, all lessons that are looked at together
_FEWEST = 2  # trials that contradict one


def withdrawn(lesson: Lesson, trials: Sequence[TrialRecord], n_looks: int = 1) -> Lesson | None:
    """The lesson as withdrawn, with the trials that contradict it; None while it stands.

    Args:
        trials: On data that it is about, of any study; its own evidence is left out.
        n_looks: How many lessons are looked at together.
    """
    content, known = lesson.content, set(lesson.evidence)
    others = [r for r in trials if r.id not in known and content is not None and r.model == content.model]
    if content is None or not others:
        return None
    found = _came_through(content, others) if content.says == "fails" else _better(content, others, n_looks)
    if found is None:
        return None
    why, against = found
    return replace(lesson, withdrawn=why, against=tuple(record.id for record in against))


Found = tuple[str, Sequence[TrialRecord]]


def _came_through(content: Content, trials: Sequence[TrialRecord]) -> Found | None:
    """Trials there that did not break, more than chance lets through (Fisher's exact test); two for one failure."""
    there = [record for record in trials if content.holds(record.model, record.params)]
    if any(failure_of(record) == content.failure for record in there):
        return None
    through = list({configuration_of(r): r for r in there if r.state == "complete"}.values())
    n, m = content.n, len(through)
    if m < _FEWEST or (n > 1 and 1 / math.comb(n + m, n) > LEVEL):
        return None
    broke = FAILURES.get(content.failure, "failed")
    return f"{m} other trials with {content.words()} came through, none {broke}", through


def _better(content: Content, trials: Sequence[TrialRecord], n_looks: int) -> Found | None:
    """Trials there that were better than the others of their study."""
    studies: dict[tuple[str, ...], list[TrialRecord]] = defaultdict(list)
    for record in _measured(content, trials):
        studies[record.study, record.dataset, record.split].append(record)
    strata, inside = [], list[TrialRecord]()
    for records in studies.values():
        is_in = np.array([content.holds(record.model, record.params) for record in records], dtype=bool)
        if is_in.any() and not is_in.all():
            values = np.array([sign_of(content.metric) * (record.value or 0.0) for record in records])
            strata.append((values, is_in))
            inside += [record for record, is_there in zip(records, is_in, strict=True) if is_there]
    if len(inside) < _FEWEST or p_better(strata) > LEVEL / n_looks:
        return None
    why = f"{len(inside)} other trials with {content.words()} had a better {content.metric} than those without"
    return why, inside


def _measured(content: Content, trials: Sequence[TrialRecord]) -> list[TrialRecord]:
    """The complete trials that have the params and the metric, with it as their value; repeats as one."""
    groups: dict[object, list[TrialRecord]] = defaultdict(list)
    for record in trials:
        value = value_of(record, content.metric) if record.state == "complete" else None
        if value is not None and math.isfinite(value) and all(one.param in record.params for one in content.where):
            groups[record.study, configuration_of(record)].append(replace(record, value=value))
    return [mean_of(group) for group in groups.values()]
