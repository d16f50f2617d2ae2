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
from agent.deciding.lessons import strange_models
from agent.objective import Goal, measured
from agent.proposal import Candidate, predicted_words
from agent.standing import Means, counted, pareto_front, repeats_of
from memory.record import Lesson, TrialRecord
from recmodels.models import MODELS
from recmodels.outcomes import parse_outcomes
from recmodels.outside import on_one_line
from recmodels.param_words import PARAM_WORDS
from recmodels.positive import parse_rule
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
    """How trials are measured, how far they differ by chance, which are the best, and what one costs."""
    found = [f"Measured on the validation part, split: {_split(context)}{_likes(context)}."]
    found += [*_chance(context), *_leaders(context)]
    if costs := _costs(context.records):
        found.append(f"A trial takes about {costs}.")
    found.append(f"A trial ends after {context.terms.patience} epochs without a gain.")
    return " ".join(found)


def _chance(context: DecisionContext) -> Iterator[str]:
    """How far values differ by chance: over users, and over seeds."""
    noise, metrics = context.noise, [objective.metric for objective in context.goal.objectives]
    if noise.intervals:
        best = next(iter(noise.intervals.values()))
        error = shown(best.half_width / 1.96)
        yield f"Each {metrics[0]} is a mean over {best.n_users} users, with a standard error of {error}."
    if noise.intervals or noise.further or any(one.spread is not None for one in context.baselines):
        yield "± is a 95 % interval over users; a prediction says which interval it gives."
    levels = {metrics[0]: noise.repeats_sd} | dict(noise.further_sd)
    known = [f"{metric} by {shown(level)}" for metric, level in levels.items() if level is not None]
    if known:
        runs = f"(standard deviation, {noise.n_repeats} runs)"
        yield f"Runs of the same params with other seeds differ in {' and in '.join(known)} {runs}."
    dark = [metric for metric in metrics[1:] if metric not in noise.further_sd and metric not in noise.further]
    if dark and context.records:
        yield f"How far {' and '.join(dark)} differs by chance is not known."


def _leaders(context: DecisionContext) -> Iterator[str]:
    """The best trial with those that are as good as far as can be told, and the front of several objectives."""
    goal, group = context.goal, context.noise.group
    if len(group) > 1:
        others = ", ".join(map(str, group[1:]))
        yield f"The best is trial {group[0]}; cannot be told apart from it in {goal.primary.metric}: {others}."
    if len(goal.objectives) > 1 and (front := pareto_front(goal, context.records)):
        listed = ", ".join(str(record.number) for record in front)
        yield f"The front, trials that no other beats on every objective: {listed}."


def order(context: DecisionContext) -> str:
    """How the trials are listed."""
    bounds = ", those that meet every constraint before those that miss one" if context.goal.constraints else ""
    repeated = any(len(repeats_of(record, context.records)) > 1 for record in context.records)
    means = ", repeats of the same params by the mean of their runs" if repeated else ""
    by = f" by {context.goal.primary.metric}" if len(context.goal.objectives) > 1 else ""
    return f"the best{by} first{bounds}{means}, then the latest of the others"


def _likes(context: DecisionContext) -> str:
    rule = parse_rule(context.terms.positive)
    weights = "" if context.terms.outcomes is None else parse_outcomes(context.terms.outcomes).words()
    said = ("" if rule.is_all else rule.words(), weights, context.terms.repeats)
    return "".join(f"; {says}" for says in said if says)


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


def baselines(goal: Goal, found: Sequence[Baseline]) -> list[str]:
    """Simple models, where they were measured, on all that the goal asks about."""
    return [_baseline(goal, one) for one in found if one.value is not None]


def _baseline(goal: Goal, one: Baseline) -> str:
    parts = [f"{one.model} {goal.primary.metric} {shown(one.value)}{_spread(one.spread)}"]
    known = {metric: measured(one.metrics, metric) for metric in _asked(goal)}
    parts += [f"{metric} {shown(value)}" for metric, value in known.items() if value is not None]
    missed = [str(bound) for bound in goal.constraints if bound.violation(one.metrics) > 0]
    return ", ".join(parts) + (f"; misses {', '.join(missed)}" if missed else "")


def _asked(goal: Goal) -> list[str]:
    """The goal's metrics after the first objective."""
    metrics = [objective.metric for objective in goal.objectives[1:]] + [bound.metric for bound in goal.constraints]
    return list(dict.fromkeys(metrics))


def _spread(half_width: float | None) -> str:
    return "" if half_width is None else f" ± {shown(half_width)}"


def lesson(one: Lesson, context: DecisionContext) -> str:
    """A lesson with where it comes from."""
    whose = "told by the person" if one.source == "user" else f"of study {capped(one.study or 'unknown')}"
    whose = "imported from elsewhere, not from this person" if one.imported else whose
    others = strange_models(one, context.spaces)
    strange = f" (on {', '.join(others)}, not in this study)" if others else ""
    return f"{one.id}, {whose}{strange}: {quoted(one.text)}"


def deeds(found: Sequence[Deed]) -> list[str]:
    """What the decider did to the study, and what the person answered."""
    return [f"after {deed.after} trials: {capped(deed.in_words())}{_answer(deed)}" for deed in found]


def _answer(deed: Deed) -> str:
    if not deed.is_question:
        return ""
    return "; no answer came" if deed.answer is None else f"; the person answered {quoted(deed.answer)}"


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


def trial(record: TrialRecord, context: DecisionContext, means: Means, *, curves: bool, metrics: bool) -> str:
    """A trial of this study in a line.

    Args:
        means: Of the study's trials.
        metrics: Also those that the goal does not ask about.
    """
    parts = [f"{record.id} {record.model} {params(record.params, context.scope.limits.get(record.model))}"]
    parts.append(_outcome(record, context, means))
    parts.append(_missed(means.of(record), context.goal))
    parts.append(_by(record))
    if "train_s" in record.cost:
        parts.append(f"{shown(record.cost['train_s'])} s")
    if len(record.curve) > 1:
        parts.append(_epochs(record, context, curves=curves))
    if metrics and (further := _metrics(record, context.goal)):
        parts.append(further)
    if record.act and record.rationale:
        parts.append(f"you said {quoted(record.rationale, _REASON_CAP)}")
    return "; ".join(filter(None, parts))


def _outcome(record: TrialRecord, context: DecisionContext, means: Means) -> str:
    """Every objective; of a repeated trial also the mean that it stands by."""
    reason = f" ({capped(record.reason)})" if record.reason else ""
    if record.value is None:
        return f"{record.state}{reason}"
    values = [f"{record.objective} {shown(record.value)}{_over_users(context, record, record.objective)}"]
    reached = dict(record.cost) | dict(record.metrics)
    further = {metric: measured(reached, metric) for metric in _asked(context.goal)}
    values += [f"{m} {shown(x)}{_over_users(context, record, m)}" for m, x in further.items() if x is not None]
    runs = repeats_of(record, context.records) if record.state == "complete" else []
    if len(runs) > 1:
        listed = ", ".join(str(run.number) for run in runs)
        values.append(f"mean {record.objective} of trials {listed}: {shown(means.of(record).value)}")
    state = "" if record.state == "complete" else f", {record.state}"
    return f"{', '.join(values)}{state}{reason}"


def _over_users(context: DecisionContext, record: TrialRecord, metric: str) -> str:
    noise, is_first = context.noise, metric == context.goal.primary.metric
    over = (noise.intervals if is_first else noise.further.get(metric, {})).get(record.number)
    return "" if over is None else _spread(over.half_width)


def _missed(record: TrialRecord, goal: Goal) -> str:
    """The constraints that a complete trial does not meet, by the mean of its runs."""
    if record.state != "complete":
        return ""
    missed = [str(bound) for bound in goal.constraints if bound.violation(record.metrics) > 0]
    return f"misses {', '.join(missed)}" if missed else ""


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
    """A few values, the first, the last and the best among them."""
    known = record.by_epoch()
    if not known:
        return "without numbers"
    epochs = sorted(known)
    n = min(_N_CURVE, len(epochs))
    places = {epochs[round(i * (len(epochs) - 1) / max(n - 1, 1))] for i in range(n)} | {
        _best_epoch(known, record.sign)
    }
    return ", ".join(f"{shown(float(known[epoch]))} at {epoch}" for epoch in sorted(places))


def _best_epoch(known: Mapping[int, float], sign: int) -> int:
    """The earliest with the best value."""
    return max(sorted(known), key=lambda epoch: sign * known[epoch])


def _metrics(record: TrialRecord, goal: Goal) -> str:
    """A few that the goal does not ask about."""
    more = [metric for metric in _FURTHER if metric not in (record.objective, *_asked(goal))]
    known = {metric: measured(record.metrics, metric) for metric in more}
    return ", ".join([f"{metric} {shown(value)}" for metric, value in known.items() if value is not None][:_N_METRICS])


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
    predicted = "" if one.mean is None else f"; predicted {_predicted(one.mean, one.spread)}"
    reason = one.reason.partition("; predicted ")[0]
    return f"{number}: {one.model} {params(one.params, space)}; from {one.source}{predicted}; {capped(reason)}"


def _predicted(mean: float, spread: float | None) -> str:
    return shown(mean) if spread is None else predicted_words(mean, spread)


def curve_shape(curve: Sequence[float | None], is_maximized: bool) -> str:
    """A learning curve in words, whichever way is better: where its best epoch lies and what follows it.

    What is less than a tenth of the way from the worst to the best value is level.
    """
    sign = 1 if is_maximized else -1
    signed = {epoch: sign * value for epoch, value in enumerate(curve, start=1) if value is not None}
    if len(signed) < 3:
        return "too short to say"
    best, values = _best_epoch(signed, 1), list(signed.values())
    level = 0.1 * (max(values) - min(values))
    if best == max(signed):
        late = values[-1] - values[-1 - len(values) // 3]
        return "still improving at the last epoch" if late > level else "level at the end"
    after = [value for epoch, value in signed.items() if epoch > best]
    if signed[best] - after[-1] <= level:
        what = "level after it"
    elif after[-1] - min(after) > level:
        what = "worse after it, then improving again"
    else:
        what = "worse after it"
    return f"best at epoch {best} of {len(curve)}, {what}"


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
