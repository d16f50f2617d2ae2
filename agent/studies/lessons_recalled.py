"""What remembered lessons lean the advisor to: away from where trials on such data were worse or broke.

A lesson weighs by how far it is about the study's data, and by what its evidence adds to the past trials that are
recalled anyway: those speak for themselves, and nothing counts twice. Failures teach past trials' values nothing, so
lessons on them always add theirs.
"""

import logging
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from agent.advisor.leaning import Leaning, Span
from agent.advisor.situation import shown
from agent.objective import Goal
from agent.studies.blame import FAILURES
from agent.studies.relevance import relevance
from agent.studies.study_spec import StudySpec
from memory.content import Condition, Content
from memory.record import Lesson, ParamValue, TrialRecord

if TYPE_CHECKING:
    from memory.store import TrialMemory

_log = logging.getLogger(__name__)
WORSE = 1.5  # log weight away from where trials were worse
FAILS = 2.0  # … from where they broke, more than once
BROKE_ONCE = 1.0
_MOST_EVIDENCE = 200  # ids of one imported lesson that are looked up
_LEAST = 0.1  # a weaker leaning is left out


def leanings_of_lessons(
    memory: "TrialMemory | None",
    spec: StudySpec,
    profile: Mapping[str, float],
    recalled: Sequence[tuple[TrialRecord, float]],
) -> tuple[Leaning, ...]:
    """Of the lessons that hold, on the models of a study; none without a memory.

    Args:
        profile: Of the study's dataset.
        recalled: The past trials that the advisor looks at.
    """
    if memory is None:
        return ()
    try:
        lessons = memory.lessons("worse", "fails")
    except Exception as error:  # noqa: BLE001 - a broken memory costs its hints, never the study
        _log.warning("the memory cannot be read: %s", error)
        return ()
    speaking = _speaking(recalled)
    others = [lesson for lesson in lessons if lesson.study != spec.name]
    found = [_leaning(_borne_out(lesson, memory), spec, profile, speaking) for lesson in others]
    return tuple(leaning for leaning in found if leaning is not None)


def _borne_out(lesson: Lesson, memory: "TrialMemory") -> Lesson:
    """An imported lesson with what of its evidence is here: only that speaks for it, not what it says of itself."""
    content = lesson.content
    if not lesson.imported or content is None:
        return lesson
    found = [memory.get(id) for id in dict.fromkeys(lesson.evidence[:_MOST_EVIDENCE])]
    trials = [one for one in found if isinstance(one, TrialRecord)]
    there = [one for one in trials if content.holds(one.model, one.params)]
    if content.says == "fails":
        there = trials = [one for one in there if one.state == "failed"]
    kept = tuple(one.id for one in trials) if there else ()
    return replace(lesson, evidence=kept, content=replace(content, n=len(there), n_others=len(trials) - len(there)))


def _leaning(lesson: Lesson, spec: StudySpec, profile: Mapping[str, float], speaking: frozenset[str]) -> Leaning | None:
    content = lesson.content
    if content is None or content.model not in spec.models or not _can_act(content, spec):
        return None
    if lesson.imported and not lesson.evidence:
        return None
    if content.says == "worse":
        new = [id for id in lesson.evidence if id not in speaking]
        weight = WORSE * len(new) / max(len(lesson.evidence), 1)
    else:
        weight = FAILS if content.n > 1 else BROKE_ONCE
    strength = weight * relevance(lesson, spec.dataset, profile)
    if strength < _LEAST:
        return None
    return Leaning(
        model=content.model,
        where={one.param: _within(one) for one in content.where},
        strength=-strength,
        source="a lesson" if lesson.study is None else f"a lesson of study {lesson.study}",
        reason=_reason(content),
        evidence=(lesson.id,),
    )


def _can_act(content: Content, spec: StudySpec) -> bool:
    """Whether the study can use it: its params are there, and worse is worse by the study's only aim."""
    space = spec.space(content.model or "")
    if not content.where or any(one.param not in space for one in content.where):
        return False
    if content.failure == "time_limit" and spec.trial_time_limit_s is None:
        return False  # nothing is too slow where no trial is timed
    return content.says == "fails" or _is_only_aim(spec.goal, content.metric)


def _is_only_aim(goal: Goal, metric: str) -> bool:
    same = goal.primary.metric.partition("@")[0] == metric.partition("@")[0]
    return same and len(goal.objectives) == 1 and not goal.constraints


def _speaking(recalled: Sequence[tuple[TrialRecord, float]]) -> frozenset[str]:
    """The ids of trials whose values the advisor follows."""
    if not recalled:
        return frozenset()
    from agent.advisor.past import FEWEST  # imports scipy, which a study without a past does without

    complete = [record for record, _ in recalled if record.state == "complete" and record.value is not None]
    counts = Counter((record.dataset, record.model) for record in complete)
    return frozenset(record.id for record in complete if counts[record.dataset, record.model] >= FEWEST)


def _within(condition: Condition) -> Span | tuple[ParamValue, ...]:
    if condition.choices:
        return condition.choices
    low, high = condition.low, condition.high
    return Span(low=-math.inf if low is None else low, high=math.inf if high is None else high)


def _reason(content: Content) -> str:
    if content.says == "fails":
        trials = "a trial" if content.n == 1 else f"all {content.n} trials"
        return f"{trials} with {content.words()} {FAILURES.get(content.failure, 'failed')}"
    effect = "" if content.effect is None else f", {content.metric} by {shown(content.effect)} in the median"
    return f"{content.words()} was worse in {content.n} trials against {content.n_others}{effect}"
