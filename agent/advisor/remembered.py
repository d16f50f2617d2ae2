"""The best params of the most similar remembered studies: a greedy portfolio of distinct points."""

from collections import defaultdict
from collections.abc import Sequence

from agent.advisor.situation import Situation, largest_gaps, shown
from agent.proposal import Candidate
from memory.record import TrialRecord
from recmodels.errors import ParamError
from recmodels.search_space import Params

MIN_LIKENESS = 0.3
DISTINCT = 0.15  # points of the portfolio differ by this share of some range


def suggest(situation: Situation, model: str) -> Candidate | None:
    """The best remembered params that are legal, new and unlike those tried; None when there are none."""
    tried = [record.params for record in situation.of(model)]
    leanings = situation.leanings_on(model)
    passed_over: list[str] = []  # the studies of better trials that are not offered
    for record, likeness, place, n in _ranked(situation, model):
        params = legal(situation, model, record.params)
        if params is None or not _is_new(situation, model, params, tried):
            passed_over.append(record.study)
            continue
        reason = (
            f"reached {record.objective} {shown(record.value)} on {record.dataset}, place {place} of {n} remembered "
            f"trials of study {record.study}; likeness of the datasets {likeness:.2f}"
            f"{_passed_over(passed_over.count(record.study))}"
        )
        found = Candidate(model=model, params=params, source="memory", reason=reason, evidence=(record.id,))
        return leanings.told(found)
    return None


def _is_new(situation: Situation, model: str, params: Params, tried: Sequence[Params]) -> bool:
    """Whether they may run and would tell something that no trial did."""
    if situation.objection(model, params) is not None:
        return False
    return bool((largest_gaps(situation.declared[model], params, tried) >= DISTINCT).all())


def _passed_over(n: int) -> str:
    """Why a study's best trials are not the ones that are offered."""
    if not n:
        return ""
    what = "better one of it lies" if n == 1 else f"{n} better ones of it lie"
    return f"; the {what} near trials of this study or may not run here"


def _ranked(situation: Situation, model: str) -> list[tuple[TrialRecord, float, int, int]]:
    """Remembered trials by likeness × share of their study that they beat × leanings, with their place in it."""
    leanings = situation.leanings_on(model)
    studies: dict[str, list[tuple[TrialRecord, float]]] = defaultdict(list)
    for record, likeness in situation.recalled:
        if _is_usable(situation, model, record) and likeness >= MIN_LIKENESS:
            studies[record.study].append((record, likeness))
    ranked = []
    for trials in studies.values():
        trials.sort(key=lambda pair: _signed(pair[0]), reverse=True)
        n, weights = len(trials), leanings.weights([record.params for record, _ in trials])
        ranked += [
            (likeness * (1 - place / n) * weight, record, likeness, place + 1, n)
            for place, ((record, likeness), weight) in enumerate(zip(trials, weights, strict=True))
        ]
    ranked.sort(key=lambda row: (-row[0], row[1].id))
    return [row[1:] for row in ranked]


def _is_usable(situation: Situation, model: str, record: TrialRecord) -> bool:
    return (
        record.model == model
        and record.state == "complete"
        and record.value is not None
        and record.direction == situation.goal.primary.direction
        and record.id not in {own.id for own in situation.records}
    )


def _signed(record: TrialRecord) -> float:
    value = record.value or 0.0
    return value if record.direction == "maximize" else -value


def legal(situation: Situation, model: str, params: Params) -> dict[str, float | int | str | bool] | None:
    """The params in today's space; None when a range no longer holds them."""
    space = situation.spaces[model]
    try:
        return space.check({name: value for name, value in params.items() if name in space})
    except ParamError:
        return None
