"""What a decider is told, as lines: params, trials, noise, costs, candidates; four digits at most.

Text that comes from data or people is capped and cannot end its quotation.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from statistics import median

from agent.advisor.situation import shown
from agent.baseline import Baseline
from agent.deciding.acts import Deed
from agent.deciding.context import DecisionContext
from agent.objective import measured
from agent.proposal import Candidate
from agent.standing import counted
from memory.record import TrialRecord
from recmodels.models import MODELS
from recmodels.outside import on_one_line
from recmodels.param_words import PARAM_WORDS
from recmodels.search_space import Param, Params, SearchSpace

_TEXT_CAP = 300  # characters of any text that comes from data or people
_REASON_CAP = 160  # of a reason that was given before
_N_CURVE = 5  # values of a curve
_N_METRICS = 3  # apart from the goal's
_FURTHER = ("ndcg@10", "recall@10", "coverage@10", "diversity@10", "auc", "rmse", "logloss")


# -- the study ----------------------------------------------------------------------------------------------


def left(context: DecisionContext) -> str:
    """The budget that is left."""
    n_left = max(context.n_trials - len(counted(context.records)), 0)
    terms, parts = context.terms, [f"{n_left} trial{'' if n_left == 1 else 's'} left"]
    if terms.time_left_s is not None:
        parts.append(f"{max(terms.time_left_s, 0):.0f} s left")
    if terms.trial_time_limit_s is not None:
        parts.append(f"{terms.trial_time_limit_s:.0f} s for a trial at most")
    return ", ".join(parts)


def measuring(context: DecisionContext) -> str:
    """How trials are measured, how far they differ by chance, and what one costs."""
    noise, terms, metric = context.noise, context.terms, context.goal.primary.metric
    lines = [f"Measured on the validation part, split: {_split(context)}."]
    if noise.intervals:
        best = next(iter(noise.intervals.values()))
        error = best.half_width / 1.96
        lines.append(
            f"Each value is a mean over {best.n_users} users, with a standard error of {shown(error)}; ± is its 95 % "
            "interval."
        )
    if noise.repeats_sd is not None:
        lines.append(
            f"Runs of the same params with other seeds differ in {metric} by {shown(noise.repeats_sd)} (standard "
            f"deviation, {noise.n_repeats} runs)."
        )
    if len(noise.group) > 1:
        lines.append(f"Cannot be told apart from the best: {', '.join(map(str, noise.group))}.")
    if costs := _costs(context.records):
        lines.append(f"A trial takes about {costs}.")
    lines.append(f"A trial ends after {terms.patience} epochs without a gain.")
    return " ".join(lines)


def _split(context: DecisionContext) -> str:
    found = [record.split for record in context.records if record.split]
    return (found[-1] if found else context.terms.split).replace("_", " ")


def _costs(records: Sequence[TrialRecord]) -> str:
    """`12 s of ease, 40 s of sasrec (2.1 s an epoch)`."""
    found = []
    for model in dict.fromkeys(record.model for record in records):
        costs = [record.cost for record in records if record.model == model and "train_s" in record.cost]
        if not costs:
            continue
        epochs = [cost["train_s"] / cost["epochs"] for cost in costs if cost.get("epochs", 0) > 1]
        each = f" ({shown(median(epochs))} s an epoch)" if epochs else ""
        found.append(f"{shown(median(cost['train_s'] for cost in costs))} s of {model}{each}")
    return ", ".join(found)


def profile(context: DecisionContext) -> str:
    """The dataset."""
    return ", ".join(f"{name} {_number(float(value))}" for name, value in context.profile.items()) or "none"


def baselines(found: Sequence[Baseline]) -> list[str]:
    """Simple models, where they were measured."""
    return [
        f"{one.model} {shown(one.value)}" + ("" if one.spread is None else f" ± {shown(one.spread)}")
        for one in found
        if one.value is not None
    ]


def deeds(found: Sequence[Deed]) -> list[str]:
    """What the decider did to the study, and what the person answered."""
    return [f"after {deed.after} trials: {capped(deed.in_words())}{_answer(deed)}" for deed in found]


def _answer(deed: Deed) -> str:
    if not deed.is_question:
        return ""
    return ", which nobody answered" if deed.answer is None else f"; the person answered {quoted(deed.answer)}"


# -- params -------------------------------------------------------------------------------------------------


def space(model: str, now: SearchSpace, limits: SearchSpace, said: set[str] | None) -> Iterator[str]:
    """A model's params: range, default, condition and meaning; then what is held.

    Args:
        limits: What the person allows.
        said: Params whose meaning was said already, which grows; None: no meanings.
    """
    says = f": {MODELS[model].says}" if said is not None and model in MODELS else ""
    yield f"{model}{says}"
    searched = now.searched()
    free = {name: param for name, param in searched.items() if not param.is_fixed}
    for name, param in free.items():
        meaning = _meaning(name, said)
        wider = "" if str(limits.get(name, param)) == str(param) else f" (allowed: {limits[name]})"
        yield f"  {name} {param}{wider}, default {shown(param.default)}{_condition(param, searched)}{meaning}"
    held = [f"{name} {shown(param.default)}" for name, param in now.items() if param.held and name in searched]
    if held:
        yield f"  held until the person gives a range: {', '.join(held)}"
    fixed = [
        f"{name} {shown(param.default)}" for name, param in searched.items() if param.is_fixed and not now[name].held
    ]
    if fixed:
        yield f"  set by the person: {', '.join(fixed)}"


def short(model: str, now: SearchSpace) -> Iterator[str]:
    """A model's params at their defaults, without ranges."""
    free = [f"{name}={shown(param.default)}" for name, param in now.searched().items() if not param.is_fixed]
    yield f"{model} by default: {' '.join(free)}" if free else model


def is_conditional(param: Param, searched: SearchSpace) -> bool:
    """Whether a param applies for some values of another that may be chosen."""
    return param.when is not None and not searched[param.when.name].is_fixed


def _condition(param: Param, searched: SearchSpace) -> str:
    if param.when is None or not is_conditional(param, searched):
        return ""
    return f", when {param.when.name} is {' or '.join(map(str, param.when.values))}"


def _meaning(name: str, said: set[str] | None) -> str:
    if said is None or name in said or name not in PARAM_WORDS:
        return ""
    said.add(name)
    return f": {PARAM_WORDS[name].says}"


def params(given: Params, of: SearchSpace | None) -> str:
    """What differs from the defaults; all of it where the space is not known."""
    told = given if of is None else {name: x for name, x in given.items() if name not in of or x != of[name].default}
    return " ".join(f"{name}={shown(value)}" for name, value in told.items()) or "defaults"


# -- trials -------------------------------------------------------------------------------------------------


def trial(record: TrialRecord, context: DecisionContext, *, curves: bool, metrics: bool) -> str:
    """A trial of this study in a line."""
    parts = [f"{record.id} {record.model} {params(record.params, context.scope.limits.get(record.model))}"]
    parts.append(_outcome(record, context))
    parts.append(_by(record))
    if "train_s" in record.cost:
        parts.append(f"{shown(record.cost['train_s'])} s")
    if len(record.curve) > 1:
        parts.append(_epochs(record, context, curves=curves))
    if metrics and (further := _metrics(record, context)):
        parts.append(further)
    if record.act and record.rationale:
        parts.append(f"you said {quoted(record.rationale, _REASON_CAP)}")
    return "; ".join(filter(None, parts))


def _outcome(record: TrialRecord, context: DecisionContext) -> str:
    reason = f" ({capped(record.reason)})" if record.reason else ""
    if record.value is None:
        return f"{record.state}{reason}"
    over = context.noise.intervals.get(record.number)
    spread = "" if over is None else f" ± {shown(over.half_width)}"
    state = "" if record.state == "complete" else f", {record.state}"
    return f"{record.objective} {shown(record.value)}{spread}{state}{reason}"


def _by(record: TrialRecord) -> str:
    """Who chose it, and how far it came from what was expected."""
    whose = "you expected" if record.act or record.proposer == "llm" else "expected"
    who = f"by you ({record.act or 'own'})" if record.act or record.proposer == "llm" else f"by {record.proposer}"
    who = who if record.proposer or record.act else ""
    if record.expected is None or record.value is None:
        return who
    surprise = f"{whose} {shown(record.expected)}, off by {record.value - record.expected:+.2g}"
    return ", ".join(filter(None, (who, surprise)))


def _epochs(record: TrialRecord, context: DecisionContext, *, curves: bool) -> str:
    """How many epochs ran, why they ended, and the curve as a few values."""
    ran, asked = len(record.curve), context.terms.epochs or record.params.get("epochs")
    said = curve_shape(record.curve, record.direction == "maximize")
    by_patience = record.state == "complete" and isinstance(asked, int) and ran < asked and not record.reason
    of = f" of {asked}, ended by patience" if by_patience else f" of {asked}" if isinstance(asked, int) else ""
    values = f"; curve {_curve(record)}" if curves else ""
    return f"{ran} epochs{of}, {said}{values}"


def _curve(record: TrialRecord) -> str:
    known = record.by_epoch()
    if not known:
        return "without numbers"
    epochs = sorted(known)
    n = min(_N_CURVE, len(epochs))
    places = {epochs[round(i * (len(epochs) - 1) / max(n - 1, 1))] for i in range(n)}
    return ", ".join(f"{shown(float(known[epoch]))} at {epoch}" for epoch in sorted(places))


def _metrics(record: TrialRecord, context: DecisionContext) -> str:
    """The goal's other metrics, then a few more."""
    goal = context.goal
    wanted = [objective.metric for objective in goal.objectives[1:]] + [bound.metric for bound in goal.constraints]
    more = [metric for metric in _FURTHER if metric not in (record.objective, *wanted)]
    known = {metric: measured(record.metrics, metric) for metric in (*wanted, *more)}
    told = [f"{metric} {shown(value)}" for metric, value in known.items() if value is not None]
    return ", ".join(told[: len(wanted) + _N_METRICS])


def recalled(record: TrialRecord, likeness: float, context: DecisionContext) -> str:
    """A trial of another study; one of another metric says so."""
    other = "" if record.objective == context.goal.primary.metric else " (another metric)"
    space = context.scope.limits.get(record.model)
    value = record.state if record.value is None else f"{record.objective} {shown(record.value)}{other}"
    data = f"{capped(record.dataset)}, likeness {likeness:.2f}"
    return f"{record.id} on {data}: {record.model} {params(record.params, space)}; {value}"


def candidate(number: int, one: Candidate, context: DecisionContext) -> str:
    """A candidate with its prediction and the advisor's reason."""
    space = context.scope.limits.get(one.model)
    predicted = "" if one.mean is None else f"; predicted {shown(one.mean)} ± {shown(one.spread)}"
    reason = one.reason.partition("; predicted ")[0]
    return f"{number}: {one.model} {params(one.params, space)}; from {one.source}{predicted}; {capped(reason)}"


def curve_shape(curve: Sequence[float | None], is_maximized: bool) -> str:
    """A learning curve in words: where its best epoch lies and what follows it."""
    sign = 1 if is_maximized else -1
    signed = {epoch: sign * value for epoch, value in enumerate(curve, start=1) if value is not None}
    if len(signed) < 3:
        return "too short to say"
    best, values = max(signed, key=signed.__getitem__), list(signed.values())
    if best == max(signed):
        late, whole = values[-1] - values[-1 - len(values) // 3], signed[best] - values[0]
        return "still rising at the last epoch" if late > 0.1 * whole else "level at the end"
    return f"best at epoch {best} of {len(curve)}, falling after it"


# -- text ---------------------------------------------------------------------------------------------------


def capped(text: str, length: int = _TEXT_CAP) -> str:
    """One line, bounded, and without the marks that end the quoted part."""
    return on_one_line(text.replace("<", "‹").replace(">", "›"))[:length]


def quoted(text: str, length: int = _TEXT_CAP) -> str:
    """As `capped`, in quotation marks."""
    return json.dumps(capped(text, length), ensure_ascii=False)


def _number(value: float) -> str:
    """Whole numbers in full, so that they are the ones that a chat says; others with four digits."""
    return f"{value:.0f}" if value == int(value) else shown(value)


def lines(rows: Sequence[str] | Mapping[str, str]) -> str:
    """One a line, or `none`."""
    return "\n".join(rows) or "none"
