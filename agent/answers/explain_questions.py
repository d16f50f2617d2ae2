"""Predictions, search spaces, tables of trials and sums in words."""

from collections.abc import Sequence

from agent.answers.wording import changes, count, listed, number, param, percent, sentence, table, unquoted
from agent.results.prediction import ParamShown, Prediction, SpaceShown
from agent.results.sums import Sum
from agent.results.table import Cell, TrialTable
from agent.results.trial import Changed

_MOST_CHANGES = 3  # of a trial, in one cell


def predict(facts: Prediction) -> str:
    """What would probably come out, and what that rests on; where it cannot be said, why."""
    given = ", ".join(f"`{name}` {param(value)}" for name, value in facts.given.items() if value is not None)
    rest = "its defaults" if facts.base is None else f"the params of trial {facts.base}"
    what = f"`{facts.model}` with {f'{given}, else {rest}' if given else rest}"
    parts = [_measured(facts) or _expected(facts, what)]
    if facts.nearest:
        rows = [(row.number, row.value, _changes(row.differs)) for row in facts.nearest]
        parts.append(f"The nearest trials:\n\n{table(('trial', facts.objective, 'would change'), rows)}")
    parts.append("Nothing was run. Say “run it” with these params to find out.")
    return "\n\n".join(parts)


def _changes(differs: Changed) -> str:
    """The first few params that are not the same."""
    if not differs:
        return "nothing"
    shown = dict(list(differs.items())[:_MOST_CHANGES])
    more = len(differs) - len(shown)
    return changes(shown) + (f" and {more} more" if more else "")


def _measured(facts: Prediction) -> str:
    found = facts.measured
    if not found:
        return ""
    ran = listed(str(n) for n in found.trials)
    which = f"trial{'s' * (len(found.trials) > 1)} {ran}"
    return f"These very params ran already, as {which}: {facts.objective} **{number(found.value)}**."


def _expected(facts: Prediction, what: str) -> str:
    if facts.mean is None or facts.interval is None or facts.confidence is None:
        return f"What {what} would reach cannot be predicted yet: {facts.why_not}."
    low, high = facts.interval
    best = facts.best
    against = ""
    if best is not None and facts.against_best is not None:
        way = "below" if facts.against_best < 0 else "above"
        chance = "could still beat it" if facts.could_win else "would hardly beat it"
        against = (
            f" That is {abs(facts.against_best):.2g} {way} trial {best.number}, the best "
            f"({number(best.value)}), and {chance}."
        )
    return (
        f"Probably {facts.objective} **{number(facts.mean)}** for {what}: the {percent(facts.confidence)} "
        "interval goes"
        f" from {number(low)} to {number(high)}, from {count(facts.n_trials, 'trial')}.{against}"
    )


def show_space(facts: SpaceShown) -> str:
    """The ranges as they are searched now; of a single param in one sentence."""
    found = [(model, row) for model, rows in facts.models.items() for row in rows]
    if facts.param is not None:
        return "\n".join(sentence(_one_param(model, row)) for model, row in found)
    where = f" in **{facts.study}**" if facts.study else ""
    parts = [_model_space(model, rows, where) for model, rows in facts.models.items()]
    return "\n\n".join(parts)


def _one_param(model: str, row: ParamShown) -> str:
    narrowed = f" (the model allows {row.declared})" if row.declared is not None else ""
    how = "is fixed at" if row.is_fixed else "is held at its default" if row.is_held else "is searched in"
    now = f"{how} {param(row.default) if row.is_fixed or row.is_held else row.range}"
    says = f": {row.says}" if row.says else ""
    when = f", while {row.when}" if row.when else ""
    return f"`{row.param}` of `{model}` {now}{narrowed}{when}; the default is {_default(row)}{says}"


def _model_space(model: str, rows: Sequence[ParamShown], where: str) -> str:
    if not rows:
        return f"`{model}` has no params."
    has_words = any(row.says for row in rows)
    cells = [(f"`{row.param}`", _range(row), _default(row), *((row.says or "",) if has_words else ())) for row in rows]
    header = ("param", "searched in", "default", *(("what it changes",) if has_words else ()))
    return f"`{model}`{where} has {count(len(rows), 'param')}:\n\n{table(header, cells)}"


def _default(row: ParamShown) -> str:
    """`200`; where the range cuts it `200, of which 100 is left here`."""
    if row.declared_default is None:
        return param(row.default)
    return f"{param(row.declared_default)} (here {param(row.default)}, to keep within the range)"


def _range(row: ParamShown) -> str:
    fixed = "fixed at " + param(row.default) if row.is_fixed else ""
    held = f"held at {param(row.default)}" if row.is_held else ""
    declared = f", of {row.declared}" if row.declared is not None else ""
    when = f", when {row.when}" if row.when else ""
    return (fixed or held or row.range) + declared + when


def trials(facts: TrialTable) -> str:
    if not facts.n:
        of = f" that fits {unquoted(facts.filter)}" if facts.filter else ""
        return f"**{facts.study}** has no trial{of or ' yet'}."
    fits = f" fit {unquoted(facts.filter)}" if facts.filter else ""
    names = [facts.objective if name == "value" else name for name in facts.columns]
    rows = [[_cell(cell) for cell in row] for row in facts.rows]
    more = facts.n - len(rows)
    rest = f"\n\nAnd {number(more)} more; a filter such as `{facts.objective}>…` shows fewer." if more > 0 else ""
    order = "best first" if facts.sort is None else f"by {facts.sort}"
    how_many = f"{number(facts.n)} of {count(facts.n_all, 'trial')}" if facts.filter else count(facts.n, "trial")
    return f"{how_many} of **{facts.study}**{fits}, {order}:\n\n{table(names, rows)}{rest}"


def _cell(value: Cell) -> Cell:
    return unquoted(value) if isinstance(value, str) else param(value) if isinstance(value, bool) else value


def calc(facts: Sum) -> str:
    """The result first; then the values, and for two of them their difference as a share."""
    known = listed(f"{one.what} is {number(one.value)}" for one in facts.values)
    change = facts.relative_change
    share = (
        f" The first is {percent(abs(change))} {'more' if change > 0 else 'less'} than the second." if change else ""
    )
    where = f" In {facts.study}, {known}." if known else ""
    return f"{facts.expression} = **{number(facts.result)}**.{where}{share}"
