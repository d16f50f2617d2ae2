"""How a study stands, in facts and in sentences that chat, terminal, panel and report share: validation only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.answers.bounds import barred_defaults, bounds, gain_shown, measured_of
from agent.answers.evidence import trial_shown
from agent.answers.over_defaults import gain_words
from agent.answers.own_defaults import gain_over_baseline
from agent.answers.wording import count, listed, number, unmet_words
from agent.baseline import Baseline, shown
from agent.cut_defaults import cut_words
from agent.objective import Goal, measured
from agent.results.result import extended
from agent.results.standing import (
    BaselineShown,
    BestStands,
    FrontEnd,
    GainOver,
    GainShown,
    NothingBest,
    StandingShown,
)
from agent.results.trial import TrialRanked, TrialValue
from agent.standing import (
    DEFAULTS,
    RULE,
    Standing,
    best_of,
    counted,
    gains_over,
    is_better,
    mean_of,
    ordered,
    pareto_front,
    ranks_of,
    repeats_of,
    same_configuration,
    standing,
)
from agent.studies.study import Study
from agent.uncertainty import CONFIDENCE, Difference, Interval, interval, valid_values
from memory.record import TrialRecord
from recmodels.measured import MeasuredUsers
from recmodels.metrics import cutoff_of
from recmodels.outcomes import WEIGHED_PREDICTIONS, metric_names, parse_outcomes

_NAMED = 6  # trials of a group at most that a sentence names


def standing_of(study: Study) -> Standing:
    """The best trial, what cannot be told apart from it, and what was gained, the noise in view."""
    return standing(study.spec.goal, study.records(), valid_values)


def spread_of(record: TrialRecord) -> float | None:
    """What stands behind ± of a trial's value: half of its 95 % interval over users; None where there is none."""
    found = interval_over_users(record)
    return None if found is None else found.half_width


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialStanding:
    """How one trial stands among those of its study."""

    rank: int | None  # among the feasible trials
    interval: Interval | None  # of its own value, over users; None where it was not kept or the trial is not complete
    in_group: bool  # the best trial is not clearly better
    is_clear: bool | None  # clearly better than the defaults; None where that cannot be said
    is_starred: bool  # it is the best, and clearly better than the defaults
    is_on_front: bool  # no other beats it on every objective; False where there is only one objective

    @property
    def half_width(self) -> float | None:
        """What stands behind ± of its value."""
        return None if self.interval is None else self.interval.half_width


def trial_standings(goal: Goal, records: Sequence[TrialRecord]) -> dict[int, TrialStanding]:
    """By number; `records` are all of the study."""
    found, ranks = standing(goal, records, valid_values), ranks_of(goal, records)
    group = {record.number for record in found.group} if found.is_group_known else set()
    front = {record.number for record in pareto_front(goal, records)} if len(goal.objectives) > 1 else set()

    gain_over = None if found.defaults is None else gains_over(goal, found.defaults, records, valid_values)

    def gain(record: TrialRecord) -> Difference | None:
        return None if gain_over is None or record.number not in ranks else gain_over(record)

    return {
        record.number: TrialStanding(
            rank=ranks.get(record.number),
            interval=interval_over_users(record),
            in_group=record.number in group,
            is_clear=None if (won := gain(record)) is None else won.low > 0,
            is_starred=record is found.best and found.is_clear_gain and not _is_cut(found.defaults),
            is_on_front=record.number in front,
        )
        for record in records
    }


def _is_cut(defaults: TrialRecord | None) -> bool:
    return defaults is not None and bool(cut_words(defaults.model, defaults.params))


def further_metrics(goal: Goal, records: Sequence[TrialRecord] = ()) -> list[str]:
    """What is shown of each trial next to its first objective.

    The other objectives, what is constrained, and what each outcome alone has where the records' outcomes are weighed.
    """
    names = [objective.metric for objective in goal.objectives[1:]] + [c.metric for c in goal.constraints]
    weighed = next((record.outcomes for record in records if record.outcomes), None)
    if weighed is not None:
        outcomes, metric = parse_outcomes(weighed).names, goal.primary.metric
        if metric in WEIGHED_PREDICTIONS:
            names += metric_names(outcomes, metric)
        else:
            names += [f"{name}@{cutoff_of(metric) or 10}" for name in metric_names(outcomes)]
    return [name for name in dict.fromkeys(names) if name != goal.primary.metric]


def further_values(goal: Goal, known: Mapping[str, float], records: Sequence[TrialRecord] = ()) -> list[str]:
    """The values of `further_metrics` among what was measured, marked where one breaks a constraint."""
    broken = {c.metric for c in goal.constraints if c.violation(known) > 0}
    values = {name: measured(known, name) for name in further_metrics(goal, records)}
    return [f"{number(value)}{' ✗' if name in broken and value is not None else ''}" for name, value in values.items()]


def _known_further(goal: Goal, known: Mapping[str, float], records: Sequence[TrialRecord]) -> dict[str, float]:
    values = {name: measured(known, name) for name in further_metrics(goal, records)}
    return {name: value for name, value in values.items() if value is not None}


def interval_over_users(record: TrialRecord) -> Interval | None:
    """Of a complete trial's value, at 95 %; None where its users' values were not kept."""
    values = valid_values(record) if record.state == "complete" else None
    return None if values is None else interval([values])


def standing_shown(study: Study) -> StandingShown:
    """What the words below are made of."""
    found, goal = standing_of(study), study.spec.goal
    best, defaults, gain = found.best, found.defaults, found.gain
    stands_by = None if best is None else _stands_by(best, study.records())
    front = pareto_front(goal, study.records()) if len(goal.objectives) > 1 else []
    return StandingShown(
        objective=goal.primary.metric,
        best=stands_by,
        best_model="" if best is None else best.model,
        uncertainty=found.interval.half_width if found.interval else None,
        confidence=CONFIDENCE,
        group=tuple(record.number for record in found.group),
        is_group_known=found.is_group_known,
        defaults=None if defaults is None else TrialValue(number=defaults.number, value=defaults.value),
        is_defaults=best is not None and defaults is not None and same_configuration(best, defaults),
        is_alone=best is not None and _is_alone(best, study.records()),
        defaults_model="" if defaults is None else defaults.model,
        defaults_cut="" if defaults is None else cut_words(defaults.model, defaults.params),
        barred_defaults=barred_defaults(study, best),
        bounds=bounds(study, best),
        gain=None if gain is None or best is None or defaults is None else _gain_shown(goal, gain, best, defaults),
        is_clear_gain=found.is_clear_gain,
        baselines=tuple(_baseline_shown(study, one, stands_by) for one in _lines(study, best, defaults)),
        rule=RULE.format(goal.primary.metric) if len(goal.objectives) > 1 else None,
        front=tuple(record.number for record in front),
        front_ends=_front_ends(goal, front),
        nothing=_nothing(study) if best is None else None,
        repeats=study.spec.repeats_says,
        measured=None if best is None else measured_by(best),
    )


def _front_ends(goal: Goal, front: Sequence[TrialRecord]) -> tuple[FrontEnd, ...]:
    """The best of the front by each objective."""
    found = []
    for objective in goal.objectives:
        known = [(objective.sign * value, one) for one in front if (value := _value(one, objective.metric)) is not None]
        if known:
            best = max(known, key=lambda pair: pair[0])[1]
            values = {other.metric: _value(best, other.metric) for other in goal.objectives}
            found.append(FrontEnd(objective=objective.metric, number=best.number, values=values))
    return tuple(found)


def _value(record: TrialRecord, metric: str) -> float | None:
    return record.value if metric == record.objective else measured(measured_of(record), metric)


def measured_by(record: TrialRecord) -> MeasuredUsers | None:
    """Whose mean a trial's value is; None where it ranked nothing, or an older version ran it."""
    counts = record.measured.get("valid")
    return None if counts is None else MeasuredUsers.from_json(counts)


def _gain_shown(goal: Goal, gain: Difference, best: TrialRecord, defaults: TrialRecord) -> GainShown:
    """Where less is better, it is the defaults minus the best."""
    of, minus = (best, defaults) if goal.primary.is_maximized else (defaults, best)
    return GainShown(of=of.number, minus=minus.number, mean=gain.mean, low=gain.low, high=gain.high)


def _nothing(study: Study) -> NothingBest:
    """Why there is no best trial yet: none is complete, or none meets the constraints."""
    records, goal = counted(study.records()), study.spec.goal
    first = next((record for record in ordered(goal, study.records(), records) if record.state == "complete"), None)
    known = {} if first is None else measured_of(first)
    return NothingBest(
        n_trials=len(records),
        n_complete=sum(record.state == "complete" for record in records),
        constraints=tuple(str(constraint) for constraint in goal.constraints),
        closest=None if first is None else first.number,
        closest_values={} if first is None else {c.metric: measured(known, c.metric) for c in goal.constraints},
    )


def _stands_by(record: TrialRecord, records: Sequence[TrialRecord]) -> BestStands:
    """What a trial stands by: the mean of its runs, which is its own value where there is one."""
    runs = repeats_of(record, records)
    return BestStands(number=record.number, value=mean_of(runs).value or 0.0, n_runs=len(runs))


def _lines(study: Study, best: TrialRecord | None, defaults: TrialRecord | None) -> list[Baseline]:
    """The baselines to beat, and the real defaults of the model in question where no trial ran them whole."""
    lines = list(shown(study.spec.goal, study.baselines()))
    if best is None:
        return lines
    model = best.model if defaults is None else defaults.model
    ran = [one for one in study.records() if one.proposer == DEFAULTS and one.model == model]
    if any(one.state == "complete" and not _is_cut(one) for one in ran):
        return lines
    known = [one for one in study.baselines() if one.model == model and one.value is not None]
    return lines + [one for one in known if one not in lines]


def _baseline_shown(study: Study, one: Baseline, best: BestStands | None) -> BaselineShown:
    return BaselineShown(
        model=one.model,
        value=one.value,
        low=one.low,
        high=one.high,
        half_width=one.spread,
        is_beaten=None
        if best is None or one.value is None
        else is_better(study.spec.goal.primary, best.value, one.value),
        gain=_gain_over(study, one),
        unmet=study.spec.goal.unmet(one.metrics),
        further=_known_further(study.spec.goal, one.metrics, study.records()),
    )


def _gain_over(study: Study, one: Baseline) -> GainOver | None:
    """What the best trial won over a simple model."""
    best = best_of(study.spec.goal, study.records())
    return None if best is None else gain_shown(gain_over_baseline(study, best, one))


def _is_alone(best: TrialRecord, records: Sequence[TrialRecord]) -> bool:
    """Whether no trial measured any other params."""
    measured_ones = [record for record in records if record.state in ("complete", "pruned")]
    return all(same_configuration(record, best) for record in measured_ones)


def leaderboard(study: Study, n: int) -> tuple[TrialRanked, ...]:
    """The `n` best trials, best first, each with how it stands."""
    goal, records = study.spec.goal, study.records()
    stands = trial_standings(goal, records)
    return tuple(
        extended(
            TrialRanked,
            trial_shown(record),
            rank=stands[record.number].rank,
            half_width=stands[record.number].half_width,
            in_group=stands[record.number].in_group,
            is_starred=stands[record.number].is_starred,
            further=_known_further(goal, measured_of(record), records),
        )
        for record in ordered(goal, counted(records))[:n]
    )


def standing_words(facts: StandingShown) -> str:
    """The group, the gain over the defaults and the baselines, or why nothing is best; empty before the first trial."""
    if facts.best is None:
        return "" if facts.nothing is None else _none_is_best(facts.nothing)
    return " ".join(
        filter(
            None,
            (
                group_words(facts, facts.best),
                gain_words(facts, facts.best),
                baseline_words(facts),
                rule_words(facts),
                measured_words(facts),
            ),
        )
    )


def measured_words(facts: StandingShown) -> str:
    """On how many users the best was measured, and how it went for cold ones; empty where that is not known."""
    if facts.measured is None:
        return ""
    more = filter(None, (facts.measured.cold_words(), facts.repeats))
    return " ".join((f"Measured on {facts.measured}.", *(f"{said[0].upper()}{said[1:]}." for said in more)))


def _none_is_best(facts: NothingBest) -> str:
    if not facts.n_trials:
        return ""
    if not facts.n_complete:
        return "No trial has come to its end, so none is the best."
    values = listed([f"{name} {number(value)}" for name, value in facts.closest_values.items()])
    n_others = facts.n_trials - facts.n_complete
    others = f" {count(n_others, 'trial')} that stopped early or failed {'does' if n_others == 1 else 'do'} not count."
    none = f"No finished trial meets {listed(facts.constraints)}; the closest is trial {facts.closest} with {values}."
    return none + (others if n_others else "")


def baseline_words(facts: StandingShown) -> str:
    """`To beat: ease 0.19 [0.18, 0.2], popularity 0.05 [0.04, 0.06].`"""
    lines = [f"{row.model} {number(row.value)}{_interval(row)}" for row in reversed(facts.baselines)]
    if not lines:
        return ""
    above = [row.model for row in facts.baselines if row.is_beaten is False]
    warning = f" The best trial is not above {listed(above)}." if above else ""
    barred = [f" {row.model} {words}." for row in facts.baselines if (words := unmet_words(row.unmet))]
    return f"To beat, at their defaults: {listed(lines)}.{warning}{''.join(barred)}"


def group_words(facts: StandingShown, best: BestStands) -> str:
    """`Trials 9, 1 and 2 cannot be told apart on validation.`; empty where the best stands alone."""
    group = [best.number, *(n for n in facts.group if n != best.number)]
    if len(group) < 2 or not facts.is_group_known:
        return ""
    named, n_more = group[:_NAMED], len(group) - _NAMED
    names = listed([*map(str, named), *([f"{n_more} more"] if n_more > 0 else [])])
    return f"Trials {names} cannot be told apart on validation."


def front_words(facts: StandingShown) -> str:
    """Of several objectives, the trials that no other beats on all of them, and the best by each; else empty."""
    if not facts.front:
        return ""
    numbers = [str(number) for number in facts.front]
    which = f"trial {numbers[0]}, which" if len(numbers) == 1 else f"{len(numbers)} trials, {listed(numbers)}, which"
    best = [_front_end(one) for one in facts.front_ends]
    return f"On the Pareto front {'is' if len(numbers) == 1 else 'are'} {which} no other beats on every objective. Best {'; best '.join(best)}."


def _front_end(one: FrontEnd) -> str:
    others = [f"{name} {number(value)}" for name, value in one.values.items() if name != one.objective]
    return f"{one.objective}: trial {one.number} with {number(one.values[one.objective])} (and {listed(others)})"


def _interval(row: BaselineShown) -> str:
    return "" if row.low is None else f" [{number(row.low)}, {number(row.high)}]"


def rule_words(facts: StandingShown) -> str:
    """Which trial of the Pareto front is called best; empty with one objective."""
    if not facts.rule:
        return ""
    front = [str(number) for number in facts.front]
    are = f"trial{'s' * (len(front) > 1)} {listed(front)} {'are' if len(front) > 1 else 'is'}"
    return f"Several objectives: {are} on the Pareto front; {facts.rule}."
