"""The work of a study: recover, then ask → train → tell → remember → reflect, until there is a reason to end."""

import logging
import time
from dataclasses import replace
from typing import Any

from agent.errors import UserError
from agent.events import (
    ApprovalNeeded,
    EpochFinished,
    LessonLearned,
    StudyNoted,
    StudyStarted,
    StudyState,
    TrialStarted,
)
from agent.proposal import Proposal
from agent.standing import INTERRUPTED, best_of, counted
from agent.studies.planner import Exhausted
from agent.studies.pruning import hopeless
from agent.studies.reflection import reflect
from agent.studies.running import RunningTrial
from agent.studies.study_core import ENDED, StudyCore
from agent.studies.study_state import Queued
from agent.studies.trial_run import blank_record, forget, request_for, run_trial
from memory.record import TrialRecord
from recmodels.errors import SetupError, TrialPruned
from recmodels.metrics import is_measured_each_epoch
from recmodels.request import EpochReport

_log = logging.getLogger(__name__)
_BEAT_S = 10.0
STOPPED = "stopped by the person"

Ending = tuple[StudyState, str]


class StudyWork:
    """One stretch of work, in one thread."""

    def __init__(self, core: StudyCore) -> None:
        self._core = core
        self._spec = core.spec
        self._ledger = core.ledger
        self._last_beat = 0.0

    def run(self, n: int | None = None) -> None:
        """Work until the study is over, paused, or waits for the person; `n` trials at most.

        Raises:
            UserError: Somebody works on the study already.
        """
        core = self._core
        with core.lock:
            if core.is_working:
                raise UserError(f"study {self._spec.name!r} is already running")
            asked, core.has_work = core.has_work, False
            if not asked or (core.wanted != "run" and not core.saved.queue):
                self._ledger.release()  # paused or stopped while it was queued
                return
            self._ledger.claim()
            core.load()
            core.is_working, core.is_interrupted, core.work_began = True, False, time.monotonic()
        try:
            self._begin()
            n_left = n
            while (queued := self._next(n_left)) is not None:
                self._run(queued)
                n_left = None if n_left is None else n_left - 1
        except SetupError as error:
            core.end("failed", str(error))
        except BaseException as error:
            core.end("failed", f"{type(error).__name__}: {error}")
            raise

    def _begin(self) -> None:
        """Recover what a crash left, then say that the study starts."""
        core = self._core
        core.place.find_dataset()
        lost = self._ledger.recover()
        records = core.records()
        with core.lock:
            self._queue_lost()
            core.emit(
                StudyStarted(
                    study=self._spec.name,
                    dataset=self._spec.dataset,
                    models=self._spec.models,
                    objective=str(self._spec.goal),
                    n_trials=self._spec.n_trials,
                    resumed_from=len(counted(records)),
                )
            )
            core.set_state("running" if core.wanted == "run" else core.saved.state)
        for record in lost:
            core.emit_finished(record)
        self._remember_missed(counted(records))

    def _queue_lost(self) -> None:
        """Interrupted trials run again, before anything else.

        A kill between a trial's start and the next saved state leaves its proposal waiting as well: that one goes.
        """
        saved, lost = self._core.saved, self._ledger.to_repeat()
        started = [(proposal.model, proposal.params) for _, proposal in lost]
        if saved.pending is not None and (saved.pending.model, saved.pending.params) in started:
            saved.pending = None
        waiting = [entry for entry in saved.queue if (entry.proposal.model, entry.proposal.params) not in started]
        note = "trial {} was interrupted; the same params run again"
        again = [Queued(proposal=replace(p, note=note.format(number)), repeats=number) for number, p in lost]
        saved.queue = again + [entry for entry in waiting if entry.repeats is None]

    def _next(self, n_left: int | None) -> Queued | None:
        """What to run next; None when there is nothing to do, after the state says why."""
        core = self._core
        while True:
            with core.lock:
                ending = self._ending(n_left)
                if ending is not None:
                    core.end(*ending)
                    return None
                if core.saved.queue:
                    return core.saved.queue.pop(0)
                pending = core.saved.pending
                if pending is not None and self._spec.needs_approval:
                    core.emit(ApprovalNeeded(study=self._spec.name, proposal=pending))
                    core.end("waiting", "for the person's approval")
                    return None
                if pending is not None:
                    core.saved.pending = None
                    return Queued(proposal=pending)
            try:
                core.propose()
            except Exhausted as exhausted:
                core.end("finished" if best_of(self._spec.goal, core.records()) else "failed", str(exhausted))
                return None

    def _ending(self, n_left: int | None) -> Ending | None:
        """The state to end in now, and why; None while there is work. What the person queued comes first."""
        core = self._core
        done, left_s = len(counted(core.records())), core.time_left_s()
        if core.is_interrupted:
            return "stopped", ENDED
        if core.saved.queue:
            return None
        if core.wanted == "stop":
            return "stopped", STOPPED
        if done >= self._spec.n_trials:
            return "finished", f"{done} of {self._spec.n_trials} trials done"
        if left_s is not None and left_s <= 0:
            return "finished", self._time_is_up()
        if core.wanted == "pause":
            return "paused", ""
        if n_left is not None and n_left <= 0:
            return "paused", "as many trials as asked are done"
        return None

    # -- one trial ------------------------------------------------------------------------------------------

    def _run(self, queued: Queued) -> None:
        """Ledger, training, ledger, memory, lesson."""
        core = self._core
        number = self._ledger.start_trial(queued.proposal, queued.repeats)
        proposal = replace(queued.proposal, number=number)
        earlier = core.records()
        with core.lock:
            core.running = RunningTrial(proposal=proposal)
            core.save()
            core.emit(TrialStarted(study=self._spec.name, number=number, model=proposal.model, params=proposal.params))
        record = blank_record(self._spec, self._ledger.profile, number, proposal)
        try:
            request = request_for(self._spec, core.place, record, core.time_left_s())
            record = run_trial(self._spec, core.place, record, request, self._on_epoch)
        except BaseException:
            core.emit_finished(self._ledger.finish(number, replace(record, reason=INTERRUPTED)))
            raise
        finally:
            with core.lock:
                core.running = None
        record = self._ledger.finish(number, self._judged(record))
        with core.lock:
            core.save()
        core.emit_finished(record)
        if record.reason != INTERRUPTED:
            forget(request)
            self._learn(record, proposal, earlier)

    def _on_epoch(self, report: EpochReport) -> None:
        """Note the report; TrialPruned when the trial should not go on."""
        core, running = self._core, self._core.running
        assert running is not None  # noqa: S101 - reports come from the running trial
        running.add(report)
        self._ledger.report(running.proposal.number, report.epoch, report.value)
        if time.monotonic() - self._last_beat > _BEAT_S:
            self._ledger.beat()
            self._last_beat = time.monotonic()
        core.emit(
            EpochFinished(
                study=self._spec.name,
                number=running.proposal.number,
                epoch=report.epoch,
                epochs=report.epochs,
                loss=report.loss,
                value=report.value,
                elapsed_s=report.elapsed_s,
            )
        )
        reason = self._why_stop(running) if report.epoch < report.epochs else None
        if reason is not None:
            raise TrialPruned(reason)

    def _why_stop(self, running: RunningTrial) -> str | None:
        core, goal = self._core, self._spec.goal
        left_s = core.time_left_s()
        if core.is_interrupted:
            return INTERRUPTED
        if core.wanted == "stop":
            return STOPPED
        if left_s is not None and left_s <= 0:
            return self._time_is_up()
        if len(goal.objectives) > 1 or not is_measured_each_epoch(goal.primary.metric):
            return None  # the curve does not show what decides
        return hopeless(running.curve, running.epochs, running.proposal.model, core.records(), goal.primary)

    def _judged(self, record: TrialRecord) -> TrialRecord:
        """A trial that broke because the program ends, or that the study's clock cut off, blames not its params."""
        left_s = self._core.time_left_s()
        if record.state == "complete":
            return record
        if self._core.is_interrupted or record.reason == INTERRUPTED:
            return replace(record, state="failed", reason=INTERRUPTED)
        if (record.reason or "").startswith("time_limit") and left_s is not None and left_s <= 0:
            return replace(record, state="pruned", reason=self._time_is_up())
        return record

    def _time_is_up(self) -> str:
        return f"time limit of {duration(self._spec.time_limit_s or 0.0)} reached"

    # -- remembering ----------------------------------------------------------------------------------------

    def _learn(self, record: TrialRecord, proposal: Proposal, earlier: tuple[TrialRecord, ...]) -> None:
        lesson = reflect(record, proposal, earlier)
        self._remember(record, *((lesson,) if lesson else ()))
        if lesson is not None:
            self._core.emit(LessonLearned(study=self._spec.name, lesson=lesson))

    def _remember(self, *records: Any) -> None:
        """Write to the memory; the ledger has it all already, so a failure costs nothing but the hint."""
        if self._core.memory is None or not records:
            return
        try:
            self._core.memory.remember(*records)
        except Exception as error:  # noqa: BLE001 - the memory can be rebuilt from the ledger
            _log.warning("the memory cannot be written", exc_info=True)
            text = f"the memory could not be written ({error}); the ledger has the trial, and the next resume adds it"
            self._core.emit(StudyNoted(study=self._spec.name, text=text))

    def _remember_missed(self, records: list[TrialRecord]) -> None:
        """Trials that a crash kept from the memory."""
        memory = self._core.memory
        if memory is None:
            return
        try:
            missed = [record for record in records if memory.get(record.id) is None]
        except Exception:  # noqa: BLE001 - as above; the next write says so
            _log.warning("the memory cannot be read", exc_info=True)
            return
        self._remember(*missed)


def duration(seconds: float) -> str:
    """As people write it: 90s, 30m, 2h."""
    for unit_s, name in ((3600, "h"), (60, "m")):
        if seconds >= unit_s and seconds % unit_s == 0:
            return f"{seconds / unit_s:g}{name}"
    return f"{seconds:g}s"
