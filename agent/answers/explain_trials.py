"""Why a trial was run, how trials compare and what they trade off, in words."""

from collections.abc import Sequence

from agent.answers.curve_shapes import SETTLED, peak_words
from agent.answers.explain_memory import lesson_line
from agent.answers.wording import (
    changes,
    count,
    duration,
    listed,
    moved,
    number,
    param,
    param_or_none,
    params,
    searched,
    sentence,
    signed,
    source,
    table,
    unmet_words,
    unquoted,
    varying,
)
from agent.proposal import predicted_words
from agent.results.comparison import NotPaired, Paired, TradeOffs, TrialsCompared
from agent.results.explained import Curve, Focus, TrialExplained, ValueConsidered
from agent.results.memory import LessonShown
from agent.results.proposal import CandidateShown
from agent.results.trial import TrialRemembered
from agent.standing import DEFAULTS


def explain_trial(facts: TrialExplained) -> str:
    """The answer to “why this trial?”, or, with a focus, “why this value of that param?”."""
    return _why_param(facts, facts.focus) if facts.focus else _why_trial(facts)


def candidates_table(candidates: Sequence[CandidateShown], objective: str) -> str:
    rows = [(c.source, c.model, params(c), _guess(c.mean, c.spread)) for c in candidates]
    return table(("from", "model", "params", f"expected {objective}"), rows)


def compare_trials(facts: TrialsCompared) -> str:
    numbers = [trial.number for trial in facts.trials]
    rows: list[tuple[object, ...]] = [
        *((f"`{name}`", *map(param_or_none, map(row.get, numbers))) for name, row in facts.params.items()),
        *((name, *(row[n] for n in numbers)) for name, row in facts.metrics.items()),
    ]
    return (
        f"{compared_words(facts)}\n\n{table(('', *(f'trial {n}' for n in numbers)), rows)}\n\n{_paired(facts.paired)}"
    )


def compared_words(facts: TrialsCompared) -> str:
    """Which of them is the best, and whether that is more than chance where two are compared."""
    numbers = listed(str(trial.number) for trial in facts.trials)
    which = f"trials {numbers} of {facts.study}, to {facts.goal}"
    barred = " ".join(f"Trial {n} {unmet_words(unmet)}, so it cannot be the best." for n, unmet in facts.unmet.items())
    if facts.best is None:
        return f"{sentence(which)} {barred}".strip()
    sure = facts.paired.is_clear if len(facts.trials) == 2 and isinstance(facts.paired, Paired) else None
    how = (
        ""
        if sure is None or barred
        else ", and clearly so over users"
        if sure
        else ", but the difference could be chance"
    )
    if len(set(facts.best_by.values())) > 1:
        first, *others = (f"trial {n} is ahead by {metric}" for metric, n in facts.best_by.items())
        return f"None of {which}, is the best by all of them: {'; '.join([first + how, *others])}. {barred}".strip()
    return f"Trial {facts.best} is the best of {which}{how}. {barred}".strip()


def show_tradeoffs(facts: TradeOffs) -> str:
    metrics = list(facts.metrics)
    if not facts.front and facts.n_infeasible:
        return f"No complete trial of {facts.study} that measured {listed(metrics)} meets {listed(facts.constraints)}."
    if not facts.front:
        return f"No complete trial of {facts.study} measured {listed(metrics)} yet."
    better = {"maximize": "higher", "minimize": "lower"}
    ways = listed(f"{name} ({better[way]} is better)" for name, way in facts.metrics.items())
    rows = [(t.number, t.model, params(t), *(t.values[m] for m in metrics)) for t in varying(facts.front)]
    header = ("trial", "model", "params", *metrics)
    beaten = f" {count(facts.n_beaten, 'other trial')} are beaten by one of them." if facts.n_beaten > 1 else ""
    if n := facts.n_infeasible:
        beaten += f" {count(n, 'trial')} that {'breaks' if n == 1 else 'break'} {listed(facts.constraints)} {'is' if n == 1 else 'are'} left out."
    return (
        f"No other trial beats {'these' if facts.n_front > 1 else 'this one'} on {ways} at once.{beaten}\n\n"
        f"{table(header, rows)}"
    )


def _why_trial(facts: TrialExplained) -> str:
    parts = [
        f"**Trial {facts.number}** of {facts.study} came from {source(facts.proposer)}{chosen_words(facts)}. {rationale_words(facts)}"
        f" It ran `{facts.model}` with {params(facts)}.",
        outcome_words(facts),
        nearest_words(facts),
        _evidence(facts),
    ]
    others = [candidate for candidate in facts.considered if not candidate.chosen]
    if others:
        parts.append(f"Also considered then:\n\n{candidates_table(others, facts.objective)}")
    if facts.note:
        parts.append(f"Note: {sentence(unquoted(facts.note))}")
    return "\n\n".join(part for part in parts if part)


def _why_param(facts: TrialExplained, focus: Focus) -> str:
    name, value = focus.param, focus.value
    if value is None:
        return f"`{name}` did not apply in trial {facts.number}: {params(facts)}. {outcome_words(facts)}"
    is_default = ", its default" if value == focus.default else ""
    default = "" if is_default else f"; the default is {param(focus.default)}"
    is_cut = focus.source == DEFAULTS and value != focus.default
    came_from = "the default as this study's range cuts it" if is_cut else source(focus.source)
    parts = [
        f"In **trial {facts.number}** `{name}` was **{param(value)}**{is_default}"
        f" ({searched(focus.range)}{default}). The value came from {came_from}. {rationale_words(facts)}",
        _seen(focus),
        outcome_words(facts),
        nearest_words(facts, name),
    ]
    if focus.considered:
        others = [f"{param(c.value)} (from {c.source}{_expecting(c)})" for c in focus.considered]
        parts.append(f"Also considered for `{name}` then: {listed(others)}.")
    return "\n\n".join(part for part in parts if part)


def chosen_words(facts: TrialExplained) -> str:
    """What a language model did with it: the proposer says where the params come from."""
    how = {"take": ", and the language model took it", "explore": ", as an exploration", "longer": ", to run it longer"}
    return how.get(facts.act or "", "")


def rationale_words(facts: TrialExplained) -> str:
    """The reason of the one who chose."""
    return sentence(unquoted(facts.rationale)) or "No reason was recorded."


def _seen(focus: Focus) -> str:
    """What the proposal could know about the param: recalled trials, then this study's own."""
    rows = [(row.id, param(row.value), row.measured) for row in focus.in_evidence]
    shown = {row[0] for row in rows}
    rows += [(r.id, param(r.value), r.measured) for r in focus.tried_before if r.id not in shown]
    name = focus.param
    if not rows:
        return f"No earlier trial of this model had tried any `{name}`, so nothing measured spoke for or against it."
    return f"What was known about `{name}` then:\n\n{table(('trial', name, 'measured'), rows)}"


def outcome_words(facts: TrialExplained) -> str:
    """What came out, compared with what was expected and with the other trials."""
    objective, measured, expected = facts.objective, facts.measured, facts.expected
    if facts.state in ("pruned", "failed"):
        reason = f": {unquoted(facts.reason)}" if facts.reason else ""
        last = f", at {objective} {number(measured)}" if measured is not None else ""
        return f"It was {'stopped early' if facts.state == 'pruned' else 'a failure'}{last}{reason}."
    if measured is None:
        return (
            f"It has not finished yet{f'; expected {objective}: {number(expected)}' if expected is not None else ''}."
        )
    parts = [
        f"Expected {objective} {number(expected)}, measured **{number(measured)}**"
        if expected is not None
        else f"Nothing was predicted; it measured {objective} **{number(measured)}**"
    ]
    if facts.uncertainty is not None:
        parts[0] += f" ± {facts.uncertainty:.2g} (95 % over users)"
    if facts.surprise is not None:
        parts.append(f"a difference of {signed(facts.surprise)}")
    if facts.rank is not None:
        by = "" if facts.is_on_front is None else f" by {objective}"
        parts.append(f"rank {facts.rank} of {facts.n_ranked} {ranked_words(facts)}{by}")
    if facts.is_on_front is not None:
        beaten = (
            "on the Pareto front"
            if facts.is_on_front
            else "another trial is as good on every objective and better on one"
        )
        parts.append(beaten)
    if facts.broken:
        parts.append(f"it breaks {listed(facts.broken)}, so it cannot be the best")
    if facts.reason:
        parts.append(unquoted(facts.reason))
    cost = f" It trained for {duration(facts.train_s)}." if facts.train_s is not None else ""
    return f"{', '.join(parts)}.{_curve(facts.curve)}{cost}{_best(facts)}"


def ranked_words(facts: TrialExplained) -> str:
    """What the ranks count: complete trials, of which constraints leave some out."""
    trials = "trial" if facts.n_ranked == 1 else "trials"
    return (
        f"{trials} that {'keeps' if facts.n_ranked == 1 else 'keep'} the constraints"
        if facts.constraints
        else f"complete {trials}"
    )


def _best(facts: TrialExplained) -> str:
    best = facts.best
    if not best:
        return ""
    if best.number == facts.number:
        others = [str(n) for n in facts.group if n != best.number]
        alike = f"; trial{'s' * (len(others) > 1)} {listed(others)} cannot be told apart from it" if others else ""
        return f" It is the best so far on validation{alike}."
    alike = ", which cannot be told apart from this one" if facts.is_like_best else ""
    return f" The best so far is trial {best.number} with {number(best.value)}{alike}."


def _curve(curve: Curve | None) -> str:
    if not curve:
        return ""
    shape = "had settled" if curve.shape == SETTLED else f"was {curve.shape}"
    return f" The curve {shape}: {peak_words(curve)}."


def nearest_words(facts: TrialExplained, param: str | None = None) -> str:
    """What was changed from the nearest earlier trial, and what that did; empty without one."""
    near = facts.nearest
    if not near:
        return ""
    if not near.changed:
        return f"It repeats the params of trial {near.number}."
    what = changes(near.changed)
    result = f" and the result {moved(near.difference)}" if near.difference is not None else ""
    held = f" (`{param}` was the same there)" if param and param not in near.changed else ""
    other = f"trial {near.number} ({number(near.value)})"
    return f"Against its nearest earlier trial, {other}, it changed {what}{held}{result}."


def _evidence(facts: TrialExplained) -> str:
    trials = [row for row in facts.rests_on if isinstance(row, TrialRemembered)]
    rows = [(row.trial, row.dataset, params(row), _value_of(row, facts.objective)) for row in trials]
    lessons = "\n".join(lesson_line(r) for r in facts.rests_on if isinstance(r, LessonShown))
    parts = [table(("trial", "dataset", "params", facts.objective), rows) if rows else "", lessons]
    shown = "\n\n".join(part for part in parts if part)
    return f"It rests on:\n\n{shown}" if shown else ""


def _value_of(row: TrialRemembered, objective: str) -> str:
    """With its metric, where that is another one than the column's."""
    return number(row.value) if row.objective == objective else f"{number(row.value)} ({row.objective})"


def _paired(paired: Paired | NotPaired) -> str:
    if isinstance(paired, NotPaired):
        return f"Whether they differ beyond chance cannot be tested: {sentence(paired.why_not)}"
    verdict = "the difference is clear" if paired.is_clear else "this could be chance"
    seeds = f" and {count(paired.n_seeds, 'seed')} on each side" if paired.n_seeds > 1 else ""
    interval = f"{paired.confidence:.0%} interval from {signed(paired.low)} to {signed(paired.high)}"
    return (
        f"Over the same {count(paired.n_users, 'user')}{seeds}, {paired.metric} of trial {paired.of} minus trial"
        f" {paired.minus} is {signed(paired.mean_difference)}, with a {interval} (paired bootstrap): {verdict}."
    )


def _guess(mean: float | None, spread: float | None) -> str:
    if mean is None:
        return "–"
    return number(mean) if spread is None else predicted_words(mean, spread)


def _expecting(candidate: ValueConsidered) -> str:
    return f", expected {number(candidate.mean)}" if candidate.mean is not None else ""
