"""Tools that look at a study: how it stands, and what it searches."""

import statistics
from collections.abc import Iterable
from contextlib import suppress
from typing import Annotated

from pydantic import Field

from agent.advisor.trial_times import whole_s
from agent.answers.evidence import proposal_shown, trial_shown
from agent.answers.facts import quoted
from agent.answers.standings import leaderboard, standing_shown
from agent.confirmation import told_time
from agent.confirming.opening import outlook
from agent.errors import USER_ERRORS, ToolInputError
from agent.results.prediction import ParamShown, SpaceShown
from agent.results.status import ChoosingNow, Confirmed, RunningTrial, Status, TimeLeft
from agent.studies.estimates import rest_of
from agent.studies.pace import pace_s
from agent.studies.study import Study
from agent.studies.study_spec import StudyStatus
from agent.tools.making import correctable
from agent.tools.studies_at_hand import StudyName, data_title, study_at_hand
from agent.workspace import Workspace
from memory.record import TrialRecord
from recmodels.models import MODELS, find_model
from recmodels.param_words import PARAM_WORDS
from recmodels.repeats import MASK
from recmodels.search_space import Param, SearchSpace

BEST_SHOWN = 10
_RECALLED = 20  # past trials on the same data, to tell the time from where a study has none yet


def study_status(workspace: Workspace, study: StudyName = None) -> Status:
    """How a study stands now: state, progress, time left, the best trials so far, the latest, what waits."""
    chosen = study_at_hand(workspace, study)
    status = chosen.status()
    records = chosen.records()
    return Status(
        study=chosen.title,
        dataset=data_title(workspace, status.dataset),
        models=status.models,
        split=records[-1].split if records and records[-1].split else chosen.spec.split.kind,
        sampler=chosen.spec.sampler,
        goal=status.objective,
        objective=chosen.spec.goal.primary.metric,
        repeats=chosen.spec.repeats or MASK,
        state=status.state,
        is_stopping=chosen.is_stopping,
        reason=quoted(status.reason) if status.reason else None,
        run_by=quoted(status.run_by) if status.run_by else None,
        n_finished=status.n_finished,
        n_trials=status.n_trials,
        n_asked_for=max(0, status.n_finished - status.n_trials),
        elapsed_s=status.elapsed_s,
        time_left=_time_left(workspace, chosen, status),
        confirmed=_confirmed(workspace, chosen),
        best=trial_shown(status.best) if status.best else None,
        standing=standing_shown(chosen),
        running=None
        if status.running is None
        else RunningTrial(number=status.running, epoch=status.epoch, epochs=status.epochs),
        choosing=None
        if (now := status.choosing) is None
        else ChoosingNow(number=now.number, since_s=round(now.since_s, 1), by=now.by),
        pending=proposal_shown(status.pending) if status.pending else None,
        leaderboard=leaderboard(chosen, BEST_SHOWN),
        latest=trial_shown(records[-1]) if records else None,
        exports=tuple(workspace.ledger.acts.told(chosen.name, "export_model")),
        scoreboard=status.scoreboard,
        acts=status.acts or None,
    )


def show_space(
    workspace: Workspace,
    model: Annotated[str | None, Field(description="left out: the study's models")] = None,
    param: Annotated[str | None, Field(description="only this one", max_length=100)] = None,
    study: StudyName = None,
) -> SpaceShown:
    """Show what can be tuned: each param's range as it is searched now, its default, and what it means."""
    chosen = study_at_hand(workspace, study) if study is not None else workspace.runner.current()
    with correctable():
        if model is not None:
            find_model(model)
        if chosen is None and model is None:
            raise ToolInputError(f"there is no study yet, so say of which model; the models are: {', '.join(MODELS)}")
    mine = {} if chosen is None else chosen.spaces()
    names = [model] if model is not None else list(mine)
    having = [name for name in names if param is None or param in _space(mine, name)]
    if not having:
        legal = "; ".join(f"{name}: {', '.join(_space(mine, name)) or 'no params'}" for name in names)
        raise ToolInputError(f"no param {quoted(param, 60)} here; the params are {legal}")
    return SpaceShown(
        study=chosen.title if chosen is not None and set(having) <= set(mine) else None,
        param=param,
        models={
            name: tuple(
                _param(name, key, _space(mine, name), is_short=len(having) > 1 and param is None)
                for key in _space(mine, name)
                if param in (None, key)
            )
            for name in having
        },
    )


def _space(mine: dict[str, SearchSpace], model: str) -> SearchSpace:
    return mine[model] if model in mine else MODELS[model].space


def _param(model: str, name: str, space: SearchSpace, *, is_short: bool) -> ParamShown:
    now = space[name]
    declared: Param = MODELS[model].space.get(name, now)
    words = PARAM_WORDS.get(name)
    return ParamShown(
        param=name,
        range=str(now),
        default=now.default,
        declared_default=None if declared.default == now.default else declared.default,
        declared=str(declared) if str(declared) != str(now) else None,
        is_fixed=now.is_fixed,
        is_held=now.held,
        when=None if now.when is None else f"{now.when.name} is {' or '.join(map(str, now.when.values))}",
        says=None if is_short or words is None else words.says,
    )


def _confirmed(workspace: Workspace, study: Study) -> Confirmed:
    """Whether the study was confirmed, and when."""
    now = outlook(workspace, study.name)
    at = None if now.done is None else told_time(now.done.ended_at)
    return Confirmed(is_confirmed=now.done is not None, at=at, is_running=now.holder is not None)


def _time_left(workspace: Workspace, study: Study, status: StudyStatus) -> TimeLeft:
    """Trials left × what one is expected to take by this study's trials, or earlier ones on its data, and by others."""
    n_left = max(0, status.n_trials - status.n_finished)
    limit, used = study.spec.time_limit_s, status.elapsed_s
    most = None if limit is None else max(0.0, limit - used)
    times, where = _times(study.records()), "this study"
    earlier = [] if times or not n_left else _earlier(workspace, study)
    if earlier:
        times, where = _times(earlier), "earlier studies on these data"
    if not n_left:
        each_s = max(statistics.median(times), pace_s(used, status.n_finished)) if times else None
        return TimeLeft(n_left=0, seconds=0.0, limit_left_s=most, each_s=each_s)
    each = rest_of(study, earlier)
    left = [value for value in (None if each is None else n_left * each.expected, most) if value is not None]
    return TimeLeft(
        n_left=n_left,
        seconds=min(left, default=None),
        limit_left_s=most,
        each_s=None if each is None else each.expected,
        low_s=None if each is None else n_left * each.low,
        high_s=None if each is None else n_left * each.high,
        from_=None if each is None else where,
        n_measured=0 if each is None else each.n_here,
        n_elsewhere=0 if each is None else each.n_elsewhere,
    )


def _times(records: Iterable[TrialRecord]) -> list[float]:
    """How long complete trials took, loading and measuring included."""
    return [whole_s(record) for record in records if record.state == "complete" and "train_s" in record.cost]


def _earlier(workspace: Workspace, study: Study) -> list[TrialRecord]:
    """Remembered trials of the study's models on its data; none where the memory cannot be read."""
    found: list[TrialRecord] = []
    for model in study.spec.models:
        with suppress(*USER_ERRORS):  # the memory cannot be read
            recalled = workspace.memory.recall(kind="trial", model=model, dataset=study.spec.dataset, k=_RECALLED)
            found += [one.record for one in recalled if isinstance(one.record, TrialRecord)]
    return found
