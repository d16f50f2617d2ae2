"""How the trials of a study stand to its constraints: what the best one has of them, and how many meet them."""

from agent.answers.wording import count, number
from agent.objective import measured
from agent.results.standing import BarredDefaults, BoundShown, GainOver, StandingShown
from agent.standing import DEFAULTS, Means, defaults_of, gain_of, ordered
from agent.studies.study import Study
from agent.uncertainty import Difference, valid_values
from memory.record import TrialRecord


def measured_of(record: TrialRecord) -> dict[str, float]:
    """Metrics on validation, and costs."""
    return dict(record.cost) | dict(record.metrics)


def bounds(study: Study, best: TrialRecord | None) -> tuple[BoundShown, ...]:
    """How the trials that came to their end stand to each constraint."""
    records = study.records()
    ended = [Means.among(records).of(record) for record in records if record.state == "complete"]
    known = {} if best is None else measured_of(Means.among(records).of(best))
    return tuple(
        BoundShown(
            constraint=str(bound),
            of_best=measured(known, bound.metric),
            n_meet=sum(bound.violation(measured_of(record)) <= 0 for record in ended),
            n_complete=len(ended),
        )
        for bound in (study.spec.goal.constraints if ended else ())
    )


def barred_defaults(study: Study, best: TrialRecord | None) -> BarredDefaults | None:
    """The best trial of defaults, where none of them meets the constraints."""
    goal, records = study.spec.goal, study.records()
    ran = [record for record in records if record.proposer == DEFAULTS and record.state == "complete"]
    if not ran or defaults_of(goal, records) is not None:
        return None
    first = ordered(goal, records, ran)[0]
    gain = None if best is None else gain_of(goal, best, first, records, valid_values)
    return BarredDefaults(
        number=first.number,
        model=first.model,
        value=first.value,
        unmet=goal.unmet(measured_of(Means.among(records).of(first))),
        gain=gain_shown(gain),
    )


def gain_shown(found: Difference | None) -> GainOver | None:
    """For a result."""
    return None if found is None else GainOver(mean=found.mean, low=found.low, high=found.high)


def bound_words(facts: StandingShown) -> list[str]:
    """`coverage@10 >= 0.6: trial 2 has 0.618; 1 of the 6 trials that came to their end meets it`, for each bound."""
    return [_bound(facts, one) for one in facts.bounds]


def _bound(facts: StandingShown, one: BoundShown) -> str:
    has = f"trial {facts.best.number} has {number(one.of_best)}; " if facts.best and one.of_best is not None else ""
    ended = f"{count(one.n_complete, 'trial')} that came to {'its' if one.n_complete == 1 else 'their'} end"
    return f"{one.constraint}: {has}{one.n_meet} of {ended} {'meets' if one.n_meet == 1 else 'meet'} it"
