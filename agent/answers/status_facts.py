"""How a study stands now, as facts that chat, tools and page share."""

import statistics
from collections.abc import Iterable
from contextlib import suppress
from weakref import WeakKeyDictionary

from agent.advisor.trial_times import Seconds, whole_s
from agent.answers.evidence import proposal_shown, trial_shown
from agent.answers.facts import quoted
from agent.answers.standings import leaderboard, standing_shown
from agent.confirmation import told_time
from agent.confirming.opening import outlook
from agent.errors import USER_ERRORS
from agent.results.status import ChoosingNow, Confirmed, RunningTrial, Status, TimeLeft
from agent.studies.estimates import rest_of
from agent.studies.pace import pace_s
from agent.studies.study import Study
from agent.studies.study_spec import StudyStatus
from agent.workspace import Workspace
from memory.record import TrialRecord
from recmodels.repeats import MASK

_EACH: WeakKeyDictionary[Study, tuple[object, Seconds | None]] = WeakKeyDictionary()
BEST_SHOWN = 10
_RECALLED = 20  # past trials on the same data, to tell the time from where a study has none yet


def data_title(workspace: Workspace, dataset: str) -> str:
    """What a study's dataset is called now."""
    return workspace.catalogue.called(dataset) or dataset


def status_facts(workspace: Workspace, chosen: Study) -> Status:
    """All that is told of a study's state; nothing of it is changed or taken to hand."""
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
        time_left=time_left(workspace, chosen, status),
        confirmed=confirmed(workspace, chosen),
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


def confirmed(workspace: Workspace, study: Study) -> Confirmed:
    """Whether the study was confirmed, and when."""
    now = outlook(workspace, study.name)
    at = None if now.done is None else told_time(now.done.ended_at)
    return Confirmed(is_confirmed=now.done is not None, at=at, is_running=now.holder is not None)


def time_left(workspace: Workspace, study: Study, status: StudyStatus) -> TimeLeft:
    """Trials left × what one is expected to take by this study's trials, or earlier ones on its data, and by others.

    Of the trial that runs, what its epochs so far leave.
    """
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
    each = _each(study, earlier)
    to_do = n_left - (status.epoch / status.epochs if status.running is not None and status.epochs else 0.0)
    left = [value for value in (None if each is None else to_do * each.expected, most) if value is not None]
    return TimeLeft(
        n_left=n_left,
        seconds=min(left, default=None),
        limit_left_s=most,
        each_s=None if each is None else each.expected,
        low_s=None if each is None else to_do * each.low,
        high_s=None if each is None else to_do * each.high,
        from_=None if each is None else where,
        n_measured=0 if each is None else each.n_here,
        n_elsewhere=0 if each is None else each.n_elsewhere,
    )


def _each(study: Study, earlier: list[TrialRecord]) -> Seconds | None:
    """What a trial to come is expected to take; worked out once after each trial, as a screen asks at every epoch."""
    given = len(study.records()), len(earlier), study.spec, study.ranges()
    known = _EACH.get(study)
    if known is None or known[0] != given:
        _EACH[study] = known = given, rest_of(study, earlier)
    return known[1]


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
