"""The study as a state machine: a moment and a message give the next moment and what is to be done about it.

moment, effects = transition(moment, Pause(now=12.0))

Pure: no ledger, no thread, no clock, no lock. `worker.py` carries the effects out and is the only one to write.

idle ──Start, Resume, RunTrial, Approve…──► asked ──Enqueue──► queued ──WorkBegins──► working ──► idle
working:  next ──► asking ──► next ──► starting ──► training ──► learning ──► next, until there is a reason to end
          asking ──► asking, when a language model changes the study first; ──► answering ──► next, when it asks
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from agent.errors import SETUP_ERRORS, USER_ERRORS
from agent.events import (
    ApprovalNeeded,
    ProposalMade,
    StudyFinished,
    StudyNoted,
    StudyStarted,
    StudyState,
    StudyStateChanged,
)
from agent.events import EpochFinished as EpochTold
from agent.events import TrialStarted as TrialStartTold
from agent.proposal import Proposal
from agent.standing import DEFAULTS, INTERRUPTED, best_of, counted
from agent.studies import asked_trials, deeds, noise, steering
from agent.studies import messages as m
from agent.studies.moment import WAITING, Finished, Moment, RunningTrial, Work
from agent.studies.planner import Exhausted
from agent.studies.pruners import PRUNERS, can_prune
from agent.studies.pruners.look import Look
from agent.studies.pruners.progress import Progress
from agent.studies.saved_state import OVER, Queued
from agent.studies.steering import STOPPED
from agent.studies.study_spec import trials_done
from agent.studies.turn import Turn
from memory.record import TrialRecord
from recmodels.durations import in_words

ENDED = "the program ended on the way; resume it to go on"
ANSWERED = "nothing waits for an answer any more; resume it to go on"
LATE_S = 15.0  # a trial ends itself in time, with its best epoch measured; a limit that was lowered it does not know of
TAKEN = "another process took the study, so this one stopped working on it"


def transition(moment: Moment, message: m.Message) -> tuple[Moment, tuple[m.Effect, ...]]:
    """The moment after the message, and what is to be done, in order.

    A command that is not legal changes nothing and gives one `Refuse`; every other command gives one `Answer` or
    `AnswerLater`.
    """
    turn = Turn(moment.at(message.now))
    try:
        _HANDLERS[type(message)](turn, message)
    except USER_ERRORS as error:
        if not isinstance(message, m.Command):
            raise
        return moment, (m.Refuse(error=error),)
    return turn.result()


# -- the ledger, as others write it -------------------------------------------------------------------------


def _seen(turn: Turn, message: m.Seen) -> None:
    """Take over what the ledger holds; what another process did is told."""
    before, was_over = turn.moment, turn.moment.is_over
    saved = message.saved
    if saved.state in ("running", "queued") and not message.is_held:  # its process died
        saved = replace(saved, state="stopped", reason=ENDED)
    if saved.state == "waiting" and saved.question is not None and not message.is_held:  # its process died
        saved = replace(saved, state="stopped", reason=ENDED)
    is_answered = saved.state == "waiting" and saved.pending is None and saved.question is None
    if is_answered:  # taken up or withdrawn, and then its process died, or it is about to go on here
        saved = replace(saved, state="paused", reason=ANSWERED)
    turn.only_look()
    turn.change(saved=saved, records=message.records, n_started=message.n_started)
    if len(message.records) > len(before.records):
        turn.do(m.Retell(records=message.records, after=len(before.records)))
    for deed in saved.deeds[len(before.saved.deeds) :]:
        turn.tell(deeds.told(before.created.name, deed))
    goes_on = is_answered and before.stage == "asked"  # which is told when it does
    if (saved.state, saved.reason) != (before.saved.state, before.saved.reason) and not goes_on:
        turn.tell(StudyStateChanged(study=before.created.name, state=saved.state, reason=saved.reason))
        if saved.state in OVER and not was_over:
            best, n_finished = best_of(turn.moment.spec.goal, message.records), len(counted(message.records))
            name = before.created.name
            turn.tell(StudyFinished(study=name, best=best, n_finished=n_finished, reason=saved.reason))


def _claim_lost(turn: Turn, message: m.ClaimLost) -> None:
    if turn.moment.is_at_work:
        turn.only_look()
        turn.change(stage="idle", work=None)
        turn.drop_proposal(TAKEN)
        turn.tell(StudyNoted(study=turn.moment.created.name, text=TAKEN))


# -- a stretch of work --------------------------------------------------------------------------------------


def _begin(turn: Turn, message: m.WorkBegins) -> None:
    """Say that the study starts; what a crash cut off runs again, before anything else."""
    turn.change(records=message.records, n_started=message.n_started)
    _queue_lost(turn, message.again)
    if turn.saved.wanted != "run" and not turn.saved.queue:  # paused or stopped while it was queued
        turn.change(stage="idle")
        return
    spec = turn.moment.spec
    work = Work(since=message.now, n_left=message.n, answer_wait_s=message.answer_wait_s, most_s=message.most_s)
    turn.change(stage="working", work=work)
    turn.tell(
        StudyStarted(
            study=spec.name,
            dataset=spec.dataset,
            models=spec.models,
            objective=spec.aim,
            n_trials=spec.n_trials,
            resumed_from=len(counted(message.records)),
        )
    )
    turn.set_state("running")
    for record in message.lost:
        turn.tell_finished(record)


def _queue_lost(turn: Turn, again: tuple[tuple[int, Proposal], ...]) -> None:
    """A kill between a trial's start and the next saved state leaves its proposal waiting as well: that one goes."""
    saved = turn.saved
    started = [(proposal.model, proposal.params, proposal.seed) for _, proposal in again]
    note = "trial {} was interrupted; the same params run again"
    lost = [Queued(proposal=replace(p, note=note.format(number)), repeats=number) for number, p in again]
    kept = [entry for entry in saved.queue if entry.repeats is None and _key(entry.proposal) not in started]
    is_started = saved.pending is not None and _key(saved.pending) in started
    turn.change_saved(queue=(*lost, *kept), pending=None if is_started else saved.pending)


def _key(proposal: Proposal) -> tuple[Any, ...]:
    return proposal.model, proposal.params, proposal.seed


def _what_next(turn: Turn, message: m.WhatNext) -> None:
    """End, or begin the next trial, or have a proposal made for it."""
    work = turn.moment.work
    if work is None or work.step != "next":
        return
    ending = _ending(turn.moment, work, message)
    if ending is not None:
        turn.end(*ending)
    elif turn.saved.queue:
        turn.change_work(step="starting", starting=turn.saved.queue[0])
    else:
        _from_pending(turn)


def _from_pending(turn: Turn) -> None:
    moment = turn.moment
    if moment.saved.pending is None and moment.asking is None:
        planned = _planned(moment)
        if planned is not None:
            turn.change_saved(pending=planned)
            turn.tell(ProposalMade(study=moment.created.name, proposal=planned))
    pending = turn.saved.pending
    if pending is None and turn.saved.question is not None:  # asked before the program ended, or the study paused
        deeds.open_question(turn)
    elif pending is None:
        turn.change_work(step="asking")
        if moment.asking is None:
            turn.ask()
    elif moment.spec.needs_approval:
        turn.tell(ApprovalNeeded(study=moment.created.name, proposal=pending))
        turn.end("waiting", "for the person's approval")
    else:
        turn.change_work(step="starting", starting=Queued(proposal=pending))


def _planned(moment: Moment) -> Proposal | None:
    """What runs next whatever is expected of it: what was asked for with the study, then repeats of the defaults."""
    rejected, number = moment.saved.rejected, moment.next_number
    asked = asked_trials.due(moment.spec, moment.spaces(), moment.records, number, rejected)
    return asked or noise.due(moment.spec, moment.records, number, rejected)


def _ending(moment: Moment, work: Work, message: m.WhatNext) -> tuple[StudyState, str] | None:
    """The state to end in now, and why; None while there is work. What the person queued comes first."""
    spec, done, left_s = moment.spec, len(counted(moment.records)), moment.time_left_s(message.now)
    if work.is_interrupted:
        return "stopped", ENDED
    no_room = message.worked_long if moment.has_worked_long(message.now) else message.no_room
    if moment.saved.queue:
        return None if no_room is None else ("stopped", no_room)
    if moment.saved.wanted == "stop":
        return "stopped", STOPPED
    if done >= spec.n_trials:
        return "finished", trials_done(done, spec.n_trials)
    if left_s is not None and left_s <= 0:
        return "finished", _time_is_up(moment)
    if moment.saved.wanted == "pause":
        return "paused", ""
    if no_room is not None:
        return "stopped", no_room
    if work.n_left is not None and work.n_left <= 0:
        return "paused", "as many trials as asked are done"
    return None


def _broke(turn: Turn, message: m.Broke) -> None:
    if turn.moment.stage != "idle":
        turn.end("failed", _why(message.error))


def _program_ends(turn: Turn, message: m.ProgramEnds) -> None:
    """The running trial is given up, and runs again when the study is resumed; nothing else starts."""
    work = turn.moment.work
    if (work is None and turn.moment.stage == "queued") or (work is not None and work.step in WAITING):
        turn.end("stopped", ENDED)
    elif work is not None:
        is_starting = work.step == "starting"
        turn.change_work(is_interrupted=True, step="next" if is_starting else work.step, starting=None)
    else:
        turn.change(stage="idle")
        turn.drop_proposal(ENDED)


# -- a proposal ---------------------------------------------------------------------------------------------


def _proposal_ready(turn: Turn, message: m.ProposalReady) -> None:
    if message.token != turn.moment.asking:
        return  # it is not wanted any more
    turn.change(asking=None, request=None)
    turn.change_saved(pending=message.proposal, request=None)
    turn.tell(ProposalMade(study=turn.moment.created.name, proposal=message.proposal))
    turn.do(m.Settle(result=message.proposal))
    _go_on(turn)


def _proposal_failed(turn: Turn, message: m.ProposalFailed) -> None:
    if message.token != turn.moment.asking:
        return
    turn.change(asking=None, request=None)
    turn.do(m.Settle(result=message.error))
    is_waited_for = turn.moment.work is not None and turn.moment.work.step == "asking"
    if turn.saved.queue or not is_waited_for:
        _go_on(turn)
    elif isinstance(message.error, Exhausted):
        has_best = best_of(turn.moment.spec.goal, turn.moment.records) is not None
        turn.end("finished" if has_best else "failed", str(message.error))
    else:
        turn.end("failed", _why(message.error))
        if not isinstance(message.error, SETUP_ERRORS):
            turn.do(m.Raise(error=message.error))


def _go_on(turn: Turn) -> None:
    if turn.moment.work is not None and turn.moment.work.step == "asking":
        turn.change_work(step="next")


# -- a trial ------------------------------------------------------------------------------------------------


def _trial_started(turn: Turn, message: m.TrialStarted) -> None:
    work = turn.moment.work
    assert work is not None and work.starting is not None  # noqa: S101 - the worker looked under the same lock
    proposal = replace(work.starting.proposal, number=message.number)
    if work.starting in turn.saved.queue:
        turn.change_saved(queue=turn.saved.queue[1:])
    else:
        turn.change_saved(pending=None)
    turn.change(n_started=message.number + 1)
    turn.change_work(step="training", starting=None, running=RunningTrial(proposal=proposal, started_at=message.at))
    name, model, params = turn.moment.created.name, proposal.model, proposal.params
    turn.tell(TrialStartTold(study=name, number=message.number, model=model, params=params))


def _epoch_finished(turn: Turn, message: m.EpochFinished) -> None:
    running, report = turn.moment.running, message.report
    if running is None:  # the study was taken away
        turn.do(m.StopTrial(reason=TAKEN))
        return
    running = running.after(report)
    turn.change_work(running=running)
    number = running.proposal.number
    turn.do(m.Report(number=number, epoch=report.epoch, value=report.value))
    turn.tell(
        EpochTold(
            study=turn.moment.created.name,
            number=number,
            epoch=report.epoch,
            epochs=report.epochs,
            loss=report.loss,
            value=report.value,
            elapsed_s=report.elapsed_s,
        )
    )
    reason = _why_stop(turn.moment, running, message) if report.epoch < report.epochs else None
    if reason is not None:
        turn.do(m.StopTrial(reason=reason))


def _why_stop(moment: Moment, running: RunningTrial, message: m.EpochFinished) -> str | None:
    now, left_s = message.now, moment.time_left_s(message.now)
    if moment.is_interrupted or moment.saved.wanted == "stop":
        return INTERRUPTED  # it says nothing of its params, and goes on from this epoch when the study does
    if moment.has_worked_long(now):
        return INTERRUPTED  # as well
    if left_s is not None and left_s <= -LATE_S:
        return _time_is_up(moment)
    if not can_prune(moment.spec.goal) or _is_yardstick(running.proposal):
        return None
    return PRUNERS[moment.spec.pruner](_look(moment, running, message.past))


def _is_yardstick(proposal: Proposal) -> bool:
    """Whether others are measured against it, so that it has to come to its end: defaults, and repeats."""
    return proposal.proposer == DEFAULTS or proposal.repeat_of is not None


def _look(moment: Moment, running: RunningTrial, past: tuple[Progress, ...]) -> Look:
    return Look(
        curve=running.curve,
        epochs=running.epochs,
        model=running.proposal.model,
        records=moment.records,
        goal=moment.spec.goal,
        past=past,
    )


def _trial_ended(turn: Turn, message: m.TrialEnded) -> None:
    if turn.moment.running is not None:
        turn.do(m.CloseTrial(record=_judged(turn.moment, message.record, message.now)))


def _judged(moment: Moment, record: TrialRecord, now: float) -> TrialRecord:
    """A trial that broke because the program ends, or that the study's clock cut off, blames not its params."""
    left_s = moment.time_left_s(now)
    if record.state == "complete":
        return record
    if moment.is_interrupted or record.reason == INTERRUPTED:
        return replace(record, state="failed", reason=INTERRUPTED, value=None)
    if (record.reason or "").startswith("time_limit") and left_s is not None and left_s <= 0:
        return replace(record, state="pruned", reason=_time_is_up(moment))
    return record


def _trial_closed(turn: Turn, message: m.TrialClosed) -> None:
    moment, record = turn.moment, message.record
    assert moment.work is not None and moment.running is not None  # noqa: S101 - follows `TrialEnded` at once
    finished = Finished(goal=moment.spec.goal, record=record, proposal=moment.running.proposal, earlier=moment.records)
    is_lost = record.reason == INTERRUPTED
    n_left = None if moment.work.n_left is None else moment.work.n_left - 1
    turn.change(records=(*moment.records, record))
    turn.change_work(
        step="next" if is_lost else "learning", running=None, finished=None if is_lost else finished, n_left=n_left
    )
    turn.save()
    turn.tell_finished(record)


def _learned(turn: Turn, message: m.Learned) -> None:
    if turn.moment.work is not None and turn.moment.work.step == "learning":
        turn.change_work(step="next", finished=None)


def _time_is_up(moment: Moment) -> str:
    return f"time limit of {in_words(moment.spec.time_limit_s or 0.0)} reached"


def _why(error: BaseException) -> str:
    """What a person can repair in its own words; of a bug its name too."""
    return str(error) if isinstance(error, SETUP_ERRORS) else f"{type(error).__name__}: {error}"


_HANDLERS: dict[type[m.Message], Callable[[Turn, Any], None]] = {
    m.Start: steering.start,
    m.Enqueue: steering.enqueue,
    m.Resume: steering.resume,
    m.Pause: steering.pause,
    m.Stop: steering.stop,
    m.Propose: steering.propose,
    m.RunPending: steering.run_pending,
    m.RunTrial: steering.run_trial,
    m.RunProposal: steering.run_proposal,
    m.RepeatTrial: steering.repeat_trial,
    m.Approve: steering.approve,
    m.Reject: steering.reject,
    m.AnswerQuestion: deeds.answer,
    m.ChangeSpace: steering.change_space,
    m.Change: steering.change,
    m.Seen: _seen,
    m.WorkBegins: _begin,
    m.WhatNext: _what_next,
    m.ProposalReady: _proposal_ready,
    m.DeedReady: deeds.deed_ready,
    m.AnswerDue: deeds.answer_due,
    m.ProposalFailed: _proposal_failed,
    m.TrialStarted: _trial_started,
    m.EpochFinished: _epoch_finished,
    m.TrialEnded: _trial_ended,
    m.TrialClosed: _trial_closed,
    m.Learned: _learned,
    m.Broke: _broke,
    m.ClaimLost: _claim_lost,
    m.ProgramEnds: _program_ends,
}
