"""The rules for what changes a study, ends it, or asks the person."""

from agent.advisor.situation import Situation
from agent.deciding.acts import (
    Ask,
    BringIn,
    Deed,
    Draft,
    End,
    IllegalError,
    LeaveOut,
    Longer,
    Own,
    Repeat,
    SetRange,
    Take,
)
from agent.deciding.context import DecisionContext
from agent.standing import best_of, counted
from recmodels.errors import ParamError
from recmodels.search_space import Choice, SearchSpace

MIN_BEFORE_END = 4  # trials, and a quarter of the budget
MAX_STEPS = 3  # changes of the study or questions between two trials


def deed_of(context: DecisionContext, situation: Situation, draft: Draft) -> Deed:
    """What a draft does to the study.

    Raises:
        IllegalError: It breaks a rule.
    """
    if not context.scope.may_act:
        raise IllegalError("only the next trial is asked for now: a candidate, params, a repeat, or a longer run")
    needs_yes = False
    match draft.act:
        case SetRange():
            needs_yes = _goes_beyond(context, situation, draft.act)
        case LeaveOut():
            _require_dispensable(context, draft.act.model)
        case BringIn():
            needs_yes = _needs_yes(context, draft.act.model)
        case End():
            _require_enough(context)
        case Ask():
            _require_question(context, draft.act)
        case Take() | Own() | Repeat() | Longer():
            raise AssertionError("a trial is no deed")
    if needs_yes and unanswered(context):
        raise IllegalError("it needs the person's yes, and no answer came a moment ago; choose what needs none")
    return Deed(act=draft.act, rationale=draft.rationale, after=len(context.records), needs_yes=needs_yes)


def ranged(space: SearchSpace, limits: SearchSpace, act: SetRange) -> SearchSpace:
    """`limits` with the act's range of the param.

    Args:
        space: As it is now; a bound that the act does not give stays so.

    Raises:
        ParamError: The range lies outside of `limits`, is empty, or says nothing.
    """
    limit, now = limits.require(act.param), space[act.param]
    within = SearchSpace(dict(limits))
    if isinstance(limit, Choice) or isinstance(now, Choice):
        if not act.choices:
            raise ParamError(f"`{act.param}` takes `choices`, of {limit}")
        return within.narrowed(act.param, choices=act.choices)
    if act.low is None and act.high is None:
        raise ParamError(f"`{act.param}` takes a `low` or a `high` bound, in {limit}")
    low, high = (now.low if act.low is None else act.low), (now.high if act.high is None else act.high)
    return within.narrowed(act.param, low=low, high=high)


def _goes_beyond(context: DecisionContext, situation: Situation, act: SetRange) -> bool:
    """Whether the range lies outside what the person allowed, within what the model declares."""
    if act.model not in context.spaces:
        raise IllegalError(f"the models are {', '.join(context.spaces)}; got {act.model!r}")
    if act.model not in ran(context):
        raise IllegalError(f"the defaults of {act.model} run first, before its ranges change")
    space, declared = context.spaces[act.model], situation.declared[act.model]
    try:
        changed = ranged(space, declared, act)[act.param]
    except ParamError as error:
        raise IllegalError(str(error)) from error
    now = space[act.param]
    if not now.held and str(changed) == str(now):
        raise IllegalError(f"`{act.param}` of {act.model} is searched in {now} already")
    if now.held:
        return True
    try:
        ranged(space, context.scope.limits.get(act.model, space), act)
    except ParamError:
        return True
    return False


def _require_dispensable(context: DecisionContext, model: str) -> None:
    if model not in context.spaces:
        raise IllegalError(f"the models are {', '.join(context.spaces)}; got {model!r}")
    if len(context.spaces) == 1:
        raise IllegalError(f"{model} is the only model of the study")
    if model not in ran(context):
        raise IllegalError(f"{model} has not run yet; its defaults run before it is left out")
    best = best_of(context.goal, context.records)
    if best is not None and best.model == model:
        raise IllegalError(f"the best trial, {best.number}, is of {model}")


def _needs_yes(context: DecisionContext, model: str) -> bool:
    if model not in context.scope.reserve:
        legal = ", ".join(context.scope.reserve) or "none"
        raise IllegalError(f"the models that suit the task and may come in are: {legal}; got {model!r}")
    return context.scope.reserve[model]


def ran(context: DecisionContext) -> list[str]:
    """The study's models that have a trial, whose ranges may change."""
    tried = {record.model for record in counted(context.records)}
    return [model for model in context.spaces if model in tried]


def dispensable(context: DecisionContext) -> list[str]:
    """The models that may be left out."""
    best = best_of(context.goal, context.records)
    found = [model for model in ran(context) if best is None or model != best.model]
    return found if len(context.spaces) > 1 else []


def unanswered(context: DecisionContext) -> bool:
    """Whether the person was asked before this trial, and no answer came."""
    now = (deed for deed in context.deeds if deed.after == len(context.records))
    return any(deed.is_question and deed.answer is None for deed in now)


def end_objection(context: DecisionContext) -> str | None:
    """Why the study cannot be ended now."""
    done = counted(context.records)
    if any(isinstance(deed.act, End) and deed.after == len(context.records) for deed in context.deeds):
        return "the person went on with the study after you ended it; run a trial first"
    least = min(max(MIN_BEFORE_END, -(-context.n_trials // 4)), context.n_trials)
    if len(done) < least:
        return f"a study of {context.n_trials} trials ends after {least} at the earliest; {len(done)} ran"
    untried = [model for model in context.spaces if not any(record.model == model for record in done)]
    if untried:
        return f"the defaults of {', '.join(untried)} have not run yet"
    if best_of(context.goal, context.records) is None:
        return "no trial has met every constraint yet"
    return None


def question_objection(context: DecisionContext) -> str | None:
    """Why the person cannot be asked now."""
    if any(deed.is_question and deed.after == len(context.records) for deed in context.deeds):
        return "one question was asked before this trial already; choose without another"
    return None


def _require_enough(context: DecisionContext) -> None:
    if (rule := end_objection(context)) is not None:
        raise IllegalError(rule)


def _require_question(context: DecisionContext, act: Ask) -> None:
    if not act.question.strip():
        raise IllegalError("a question needs words")
    if (rule := question_objection(context)) is not None:
        raise IllegalError(rule)
