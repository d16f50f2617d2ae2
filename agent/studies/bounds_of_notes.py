"""What a person's confirmed notes leave of a new study's space: "never use dim above 128"."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from textwrap import shorten
from typing import Any

from agent.studies.saved_state import asked_for, range_of
from agent.studies.study_spec import StudySpec
from memory.content import Condition, Content
from memory.record import Lesson
from recmodels.errors import ParamError
from recmodels.models import MODELS, whole_space
from recmodels.search_space import Choice, Param, SearchSpace

_TEXT = 120  # characters of a note
_EMPTY = "would have no value left of {}{}, so the note is not followed there"
_ASKED = "would be narrower than {}, which this study asks for and which stands"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounded:
    """A spec with what notes left of its space."""

    spec: StudySpec
    says: tuple[str, ...] = ()  # a clause for each param and note
    lessons: tuple[Lesson, ...] = ()  # the notes that narrowed something


def bounded(spec: StudySpec, notes: Sequence[Lesson]) -> Bounded:
    """The spec as the notes narrow it; a range that is asked for with the study itself stands over them, which is said.

    Of notes that leave no value together the one that was told last stands, and the other is said not to be followed.

    Args:
        notes: That say a bound and hold.
    """
    ranges = {model: dict(found) for model, found in spec.ranges.items()}
    told: dict[tuple[str, str, str], list[str]] = defaultdict(list)  # param, how it stands, note named → models
    used: dict[str, Lesson] = {}
    own = [note for note in notes if not note.imported]  # another person's decides nothing here
    newest_first = sorted(own, key=lambda note: note.created_at, reverse=True)
    for model in spec.models:
        space = asked_for(spec, model, spec.ranges)
        held: dict[str, list[Lesson]] = defaultdict(list)  # param → the notes that narrowed it
        for note in newest_first:
            content = note.content
            if content is None or content.model not in (None, model) or content.dataset not in (None, spec.dataset):
                continue
            for condition in content.where:
                if condition.param not in space:
                    continue
                param = space[condition.param]
                try:
                    narrowed = _narrowed(space, condition)
                except ParamError:
                    told[condition.param, _EMPTY.format(param, _after(held[condition.param])), _named(note)].append(
                        model
                    )
                    continue
                if narrowed != param and condition.param in spec.ranges.get(model, {}):
                    told[condition.param, _ASKED.format(param), _named(note)].append(model)
                elif narrowed != param:
                    space = SearchSpace({**space, condition.param: narrowed}, space)
                    ranges.setdefault(model, {})[condition.param] = range_of(narrowed)
                    how = f"fixed at {narrowed.default}" if narrowed.is_fixed else f"in {narrowed}"
                    told[condition.param, f"is {how}", _named(note)].append(model)
                    used[note.id] = note
                    held[condition.param].append(note)
    says = tuple(f"by {note}, {param} of {' and '.join(models)} {how}" for (param, how, note), models in told.items())
    return Bounded(spec=replace(spec, ranges=ranges), says=says, lessons=tuple(used.values()))


def _named(note: Lesson, kind: str = "note") -> str:
    whose = f"{note.told_by}'s" if note.told_by else "your"
    return f"{whose} {kind} “{shorten(note.text, _TEXT, placeholder='…')}”"


def contradicted(content: Content, notes: Sequence[Lesson]) -> list[Lesson]:
    """The notes that leave a param no value together with this bound, where both are for the same data and model.

    Args:
        notes: That say a bound and hold.
    """
    return [
        note
        for note in notes
        if note.content is not None
        and (content.dataset == note.content.dataset or None in (content.dataset, note.content.dataset))
        and any(not _can_meet(content, note.content, model) for model in _models_of_both(content, note.content))
    ]


def _models_of_both(one: Content, other: Content) -> Sequence[str]:
    named = {content.model for content in (one, other) if content.model is not None}
    return [model for model in MODELS if named <= {model}]


def _can_meet(one: Content, other: Content, model: str) -> bool:
    """Whether each param keeps a value under both; true where the model has it not, or either alone leaves none."""
    space = whole_space(model)
    pairs = [(a, b) for a in one.where for b in other.where if a.param == b.param and a.param in space]
    return all(
        _leaves_some(space[a.param], a, b) or not (_leaves_some(space[a.param], a) and _leaves_some(space[a.param], b))
        for a, b in pairs
    )


def _leaves_some(param: Param, *conditions: Condition) -> bool:
    if isinstance(param, Choice):
        return any(all(one.holds({one.param: choice}) for one in conditions) for choice in param.choices)
    chosen = [[n for n in one.choices if isinstance(n, int | float)] for one in conditions if one.choices]
    lows = [param.low, *(one.low for one in conditions if one.low is not None), *(min(n) for n in chosen if n)]
    highs = [param.high, *(one.high for one in conditions if one.high is not None), *(max(n) for n in chosen if n)]
    return all(chosen) and max(lows) <= min(highs)


def _after(notes: Sequence[Lesson]) -> str:
    """Which notes of the person left the values."""
    texts = " and ".join(_named(note, "later note") for note in notes)
    return f" after {texts}" if texts else ""


def _narrowed(space: SearchSpace, condition: Condition) -> Param:
    """The param with the values that stay.

    Raises:
        ParamError: None does.
    """
    name, param = condition.param, space[condition.param]
    if isinstance(param, Choice):
        kept = tuple(choice for choice in param.choices if condition.holds({name: choice}))
        return param if kept == param.choices else param.narrowed(name, kept)
    if condition.choices:
        numbers = [one for one in condition.choices if isinstance(one, int | float) and param.low <= one <= param.high]
        if not numbers:
            raise ParamError(f"`{name}` has none of the values of the note")
        return param.narrowed(name, min(numbers), max(numbers))
    low, high = _ends(param, condition)
    if param.held:  # a budget is searched only where a person asks for that: it is cut, not opened
        value = min(max(param.default, low), high)
        return param if value == param.default else param.narrowed(name, value, value)
    return param if (low, high) == (param.low, param.high) else param.narrowed(name, low, high)


def _ends(param: Any, condition: Condition) -> tuple[Any, Any]:
    low = param.low if condition.low is None else max(param.low, condition.low)
    high = param.high if condition.high is None else min(param.high, condition.high)
    return low, high


def is_within(spaces: Mapping[str, SearchSpace], model: str, params: Mapping[str, Any]) -> bool:
    """Whether params lie in a model's space."""
    try:
        spaces[model].check({name: value for name, value in params.items() if name in spaces[model]})
    except ParamError:
        return False
    return True
