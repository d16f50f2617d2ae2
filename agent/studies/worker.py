"""The one writer of a study: puts each message to the machine and carries out what it wants done.

Any thread may `post`. One lock makes of all messages one order; a study that this process does not work on is claimed
for as long as a command takes, so that of two processes one writes. Training runs in the thread that calls `work`, and
a proposal is made in a thread of its own, so that commands are answered while a language model decides or a trial runs.
"""

import logging
import math
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from agent.deciding.acts import Deed
from agent.deciding.decision import DecidesByName, Deciding, HearsChoices
from agent.deciding.own_params import OwnParams
from agent.errors import SETUP_ERRORS, USER_ERRORS, UserError
from agent.events import BaselinesMeasured, BaselineStarted, StudyNoted
from agent.proposal import Proposal
from agent.secrets import masked
from agent.standing import INTERRUPTED, counted
from agent.studies import messages as m
from agent.studies.baselines import measured_baselines
from agent.studies.claim_renewal import ClaimRenewal
from agent.studies.deeds import told as told_deed
from agent.studies.event_log import EventLog, replay
from agent.studies.learning import Learner
from agent.studies.machine import transition
from agent.studies.moment import WAITING, Moment, RunningTrial, Work
from agent.studies.pages import StudyLedger
from agent.studies.planner import Planner
from agent.studies.pruners.recalled import RecalledProgress
from agent.studies.saved_state import OVER, SavedState
from agent.studies.study_spec import Choosing
from agent.studies.trial_run import Place, blank_record, forget, request_for, run_trial, utc_now
from agent.studies.weights import unused
from memory.record import TrialRecord
from recmodels.errors import TrialPruned
from recmodels.request import EpochReport, TrainRequest

if TYPE_CHECKING:
    from memory.store import TrialMemory

_log = logging.getLogger(__name__)
Clock = Callable[[], float]


@dataclass(slots=True, kw_only=True)
class Outcome:
    """What a message brought to the thread that posted it."""

    value: Any = None  # of the answer
    later: "Future[Proposal] | None" = None  # the answer comes here
    refused: Exception | None = None
    stop: str | None = None  # why the running trial should stop
    is_woken: bool = False  # someone should work now


class Worker:
    """The machine of one study with its ledger, its memory and its threads."""

    def __init__(
        self,
        ledger: StudyLedger,
        place: Place,
        memory: "TrialMemory | None",
        decider: Deciding | None,
        clock: Clock = time.monotonic,
    ) -> None:
        self.ledger = ledger
        self.place = place
        self._created = ledger.spec
        self._clock = clock
        if isinstance(decider, DecidesByName):
            decider = decider.named(self._created.llm)
        asked = decider if self._created.llm != "none" else None
        self._planner = Planner(
            self._created,
            ledger.profile,
            memory,
            asked,
            tell=self._tell_of_decider,
            decided=decider.decided if isinstance(decider, HearsChoices) else None,
            baselines=lambda: ledger.baselines() or (),
            rules=place.rules,
            device=place.device,
        )
        self._recalled = RecalledProgress(memory, ledger.profile)
        self._changed = threading.Condition(threading.RLock())
        self._answer: Future[Proposal] | None = None  # the proposal that is being made, for all who wait for it
        self._asked_at = 0.0  # on the clock: when it was asked for
        self._failure: BaseException | None = None  # a bug in making a proposal, raised again by `work`
        self._n_stretches = 0
        self._moment = self._first_look()
        moment = self._moment
        told = [told_deed(self._created.name, deed) for deed in moment.saved.deeds]
        self.log = EventLog([*replay(moment.spec, moment.records, ledger.proposals()), *told])
        self._learner = Learner(self._created.name, memory, self.log.append)
        self._renewal = ClaimRenewal(ledger.renew, lambda: self.post(m.ClaimLost()), f"study {self._created.name}")

    # -- looking --------------------------------------------------------------------------------------------

    @property
    def is_at_work(self) -> bool:
        """Whether this process works on the study, or will in turn; asks nobody."""
        return self._moment.is_at_work

    @property
    def is_wanted(self) -> bool:
        """Whether work was asked for that nobody has taken up."""
        return self._moment.stage == "asked"

    def look(self) -> Moment:
        """The study as it stands now, whoever works on it."""
        with self._changed:
            if not self._moment.is_at_work:
                self._handle(self._seen(self.ledger.holder() is not None))
            return self._moment

    def choosing(self) -> Choosing | None:
        """The proposal that this process makes now; None: it makes none."""
        with self._changed:
            if self._moment.asking is None:
                return None
            by = masked(self._moment.spec.llm) if self._planner.is_decided_by_model else "advisor"
            return Choosing(number=self._moment.next_number, since_s=self._clock() - self._asked_at, by=by)

    def run_by(self) -> str | None:
        """The other process that works on the study, if one does."""
        with self._changed:
            saved = self._moment.saved
            is_running = saved.state in ("running", "queued") or saved.question is not None
            holder = self.ledger.holder() if is_running and not self._moment.is_at_work else None
            return None if holder is None else str(holder)

    def elapsed_s(self) -> float:
        """Working time until now."""
        with self._changed:
            return self._moment.elapsed_s(self._clock())

    # -- steering -------------------------------------------------------------------------------------------

    def post(self, message: m.Message) -> Outcome:
        """Put a message to the machine and do at once what it wants done.

        Raises:
            UserError: Another living process works on the study, so that no command can be taken here.
        """
        with self._changed:
            try:
                if self._moment.is_at_work and not self.ledger.holds():
                    self._handle(m.ClaimLost())
                if self._moment.is_at_work:
                    return self._handle(message)
                if isinstance(message, m.Command):
                    return self._visit(message)
                if isinstance(message, m.ProposalReady) and message.token == self._moment.asking:
                    return self._bring(message)
                return self._handle(message)
            finally:
                self._changed.notify_all()

    def would(self, command: m.Command) -> Outcome:
        """What a command would be answered with now; nothing is done or written.

        Raises:
            UserError: As `post`.
        """
        with self._changed:
            moment = self.look()
            if not moment.is_at_work:
                self.ledger.check_free()
            outcome = Outcome()
            for effect in transition(moment, replace(command, now=self._clock()))[1]:
                self._note(effect, outcome)
            return outcome

    def check_idle(self) -> None:
        """Raises UserError: this or another process works on the study."""
        with self._changed:
            if self._moment.is_at_work:
                raise UserError(f"study {self._created.name!r} is {self._moment.saved.state}; stop it first")
            self.ledger.check_free()

    def _visit(self, message: m.Message) -> Outcome:
        """Hold the claim for this message, and longer if the machine is at work then."""
        self.ledger.claim()
        try:
            self._handle(self._seen(is_held=False))
            return self._handle(message)
        finally:
            self._let_go()

    def _bring(self, message: m.ProposalReady) -> Outcome:
        """A proposal that someone asked for while nobody works; whoever waits hears when it cannot be kept."""
        try:
            return self._visit(message)
        except UserError as error:
            return self._handle(m.ProposalFailed(token=message.token, error=error))

    def aside(self, act: Callable[[], None]) -> None:
        """Hold the claim while `act` runs, which no process can work meanwhile.

        Raises:
            UserError: This or another process works on the study.
        """
        with self._changed:
            self.check_idle()
            self.ledger.claim()
            try:
                act()
            finally:
                self.ledger.release()

    def _let_go(self) -> None:
        """Give the claim back unless the machine is at work, which renews it."""
        if self._moment.is_at_work:
            self._renewal.start()
        else:
            self._renewal.stop()
            self.ledger.release()

    # -- working --------------------------------------------------------------------------------------------

    def work(self, n: int | None = None) -> None:
        """Work in this thread, if anything was asked for, until the machine has a reason to end.

        Args:
            n: Trials at most.

        Raises:
            UserError: This or another process works on the study already.
        """
        with self._changed:
            if self._moment.stage == "working":
                raise UserError(f"study {self._created.name!r} is already running")
            if self._moment.stage == "idle":
                return
            self.ledger.claim()
            self._n_stretches += 1
            stretch, self._failure = self._n_stretches, None
        try:
            self._begin(n)
            while self._step(stretch):
                pass
            self._conclude()
        except BaseException as error:
            self._break(error)
            if not _is_told(error):
                raise
        if self._failure is not None:
            raise self._failure

    def _begin(self, n: int | None) -> None:
        """Recover what a crash left, and begin."""
        with self._changed:
            if self._moment.stage == "asked":
                self._handle(self._seen(is_held=False))
            lost = self.ledger.recover()
            records, n_started = self.ledger.records(), self.ledger.next_number()
            again = tuple(self.ledger.to_repeat())
            begins = m.WorkBegins(records=records, n_started=n_started, lost=tuple(lost), again=again, n=n)
            self._handle(replace(begins, answer_wait_s=self.place.answer_wait_s, most_s=self._most_s()))
            self._let_go()
            if not self._moment.is_at_work:
                return
        self.place.find_dataset()
        self._learner.remember_missed(counted(records))
        self._measure_baselines()

    def _measure_baselines(self) -> None:
        """The lines to beat, before the first trial; what is cut off is measured again next time."""
        if not self.place.measures_baselines or self.ledger.baselines() is not None:
            return
        found, moment = [], self._moment
        for baseline in measured_baselines(
            moment.spec,
            self.place,
            moment.profile,
            self.place.known_baselines(moment.spec),
            self._go_on_only,
            self._tell_of_baseline,
        ):
            if not self._goes_on():
                return
            found.append(baseline)
        if self.ledger.holds():
            self.ledger.save_baselines(found)
            self.log.append(BaselinesMeasured(study=self._created.name, baselines=tuple(found)))

    def _tell_of_baseline(self, model: str, at_least_s: float) -> None:
        self.log.append(BaselineStarted(study=self._created.name, model=model, at_least_s=at_least_s))

    def _goes_on(self) -> bool:
        work = self._moment.work
        return work is not None and not work.is_interrupted and self._moment.saved.wanted == "run"

    def _go_on_only(self, report: EpochReport) -> None:
        """Stops a baseline that is not wanted any more."""
        if not self._goes_on():
            raise TrialPruned(INTERRUPTED)

    def _step(self, stretch: int) -> bool:
        """Do what the machine waits for; False when this stretch of work is over."""
        with self._changed:
            while (work := self._moment.work) is not None and work.step in WAITING and stretch == self._n_stretches:
                self._wait(work)
            if work is None or stretch != self._n_stretches:
                return False
            if work.step == "next":
                self.post(self._what_next())
                return True
            running = self._start() if work.step == "starting" else None
        if running is not None:
            self._train(running)
        elif work.finished is not None:
            self._learner.learn(work.finished)
            self._conclude(at_last=False)
            self.post(m.Learned())
        return True

    def _conclude(self, *, at_last: bool = True) -> None:
        """Learn from all trials, where the budget is used up, or at last where the study is over."""
        moment = self._moment
        is_over = moment.saved.state in OVER if at_last else len(counted(moment.records)) >= moment.spec.n_trials
        if is_over:
            self._learner.conclude(moment.spec, moment.records, moment.profile)

    def _what_next(self) -> m.WhatNext:
        """With what stands against another trial."""
        room, name = self.place.room, self._created.name
        if room is None:
            return m.WhatNext()
        return m.WhatNext(no_room=room.short_of_disk(name), worked_long=room.worked_long(name))

    def _most_s(self) -> float | None:
        most_s = self.place.room.limits.max_s if self.place.room is not None else math.inf
        return None if math.isinf(most_s) else most_s

    def _wait(self, work: Work) -> None:
        """For a proposal, or for the person's answer until its time is over."""
        if work.step != "answering":
            self._changed.wait()
            return
        left_s = work.answer_by - self._clock()
        if left_s > 0:
            self._changed.wait(left_s)
        if work.answer_by <= self._clock():
            self.post(m.AnswerDue())

    def _start(self) -> RunningTrial | None:
        """Open the trial in the ledger; None when the study was taken away."""
        work = self._moment.work
        assert work is not None and work.starting is not None  # noqa: S101 - the step says so
        if self.ledger.holds():
            number = self.ledger.start_trial(work.starting.proposal, work.starting.repeats)
            self._handle(m.TrialStarted(number=number, at=utc_now()))
        else:
            self.post(m.ClaimLost())
        return self._moment.running

    def _train(self, running: RunningTrial) -> None:
        """Run the trial, whatever comes of it."""
        moment, request = self._moment, None
        record = blank_record(moment.spec, moment.profile, running.proposal.number, running.proposal)
        try:
            left_s, patience = moment.time_left_s(self._clock()), running.proposal.patience
            request = request_for(moment.spec, self.place, record, left_s, patience)
            request = replace(request, checkpoint=request.checkpoint and unused(request.checkpoint))
            record = run_trial(moment.spec, self.place, record, request, self._on_epoch)
        except BaseException:
            self.post(m.TrialEnded(record=replace(record, reason=INTERRUPTED)))
            raise
        self._end_trial(record, request)

    def _end_trial(self, record: TrialRecord, request: TrainRequest) -> None:
        self.post(m.TrialEnded(record=record))
        kept = self._moment.records[-1] if self._moment.records else None
        if kept is not None and kept.id == record.id and kept.reason != INTERRUPTED:
            forget(request)

    def _on_epoch(self, report: EpochReport) -> None:
        """TrialPruned when the trial should not go on."""
        running, spec = self._moment.running, self._moment.spec
        is_judged = running is not None and 1 < report.epoch < report.epochs
        past = self._recalled.of(spec, running.proposal.model) if running and is_judged else ()
        outcome = self.post(m.EpochFinished(report=report, past=past))
        if outcome.stop is not None:
            raise TrialPruned(outcome.stop)

    def _break(self, error: BaseException) -> None:
        """End as failed; where even that cannot be written, this process at least stops working."""
        try:
            self.post(m.Broke(error=error))
        except Exception as second:  # noqa: BLE001 - the first error is the one to raise
            if isinstance(second, USER_ERRORS):  # the disk is full, for one
                self.log.append(StudyNoted(study=self._created.name, text=str(second)))
            else:
                _log.exception("study %s could not be ended", self._created.name)
            with self._changed:
                self._moment = replace(self._moment, stage="idle", work=None)
                self._changed.notify_all()
        with suppress(Exception):
            self._let_go()

    # -- the machine ----------------------------------------------------------------------------------------

    def _handle(self, message: m.Message) -> Outcome:
        """One message and what follows from it, under the lock. What cannot be written has not happened."""
        outcome, before = Outcome(), self._moment
        inbox = deque([message])
        try:
            while inbox:
                self._moment, effects = transition(self._moment, replace(inbox.popleft(), now=self._clock()))
                self.ledger.spec = self._moment.spec
                for effect in effects:
                    inbox.extend(self._do(effect, outcome))
        except BaseException:
            self._moment = before
            raise
        if before.is_at_work and not self._moment.is_at_work:
            self._let_go()
        return outcome

    def _do(self, effect: m.Effect, outcome: Outcome) -> list[m.Message]:
        """Carry one effect out; the messages that follow from it."""
        match effect:
            case m.Save():
                self.ledger.save_state(effect.state.to_dict())
            case m.Report():
                self.ledger.report(effect.number, effect.epoch, effect.value)
            case m.CloseTrial():
                return [m.TrialClosed(record=self.ledger.finish(effect.record.number, effect.record))]
            case m.Tell():
                self.log.append(effect.event)
            case m.Retell():
                for event in replay(self._moment.spec, effect.records, self.ledger.proposals(), effect.after):
                    self.log.append(event)
            case m.AskForProposal():
                self._ask(effect)
            case m.Settle():
                self._settle(effect.result)
            case m.Forgive():
                self._planner.forgive()
            case m.Raise():
                self._failure = effect.error
            case _:
                self._note(effect, outcome)
        return []

    def _note(self, effect: m.Effect, outcome: Outcome) -> None:
        """What the thread that posted the message is told."""
        match effect:
            case m.Answer():
                outcome.value = effect.value
            case m.AnswerLater():
                outcome.later = self._answer
            case m.Refuse():
                outcome.refused = effect.error
            case m.StopTrial():
                outcome.stop = effect.reason
            case m.Wake():
                outcome.is_woken = True

    def _first_look(self) -> Moment:
        """As the ledger has it, before anything is told."""
        blank = Moment(created=self._created, profile=self.ledger.profile, saved=SavedState())
        moment, _ = transition(blank, self._seen(self.ledger.holder() is not None))
        return moment

    def _seen(self, is_held: bool) -> m.Seen:
        """What the ledger holds now."""
        saved = SavedState.from_dict(self.ledger.load_state())
        self.ledger.spec = saved.spec(self._created)
        records, n_started = self.ledger.records(), self.ledger.next_number()
        return m.Seen(saved=saved, records=records, n_started=n_started, is_held=is_held)

    # -- proposals ------------------------------------------------------------------------------------------

    def _ask(self, order: m.AskForProposal) -> None:
        """Make a proposal in a thread of its own, whose result is dropped when it is not wanted any more."""
        self._answer = self._answer or Future()
        self._asked_at = self._clock()
        name = f"proposal {order.token} of {self._created.name}"
        threading.Thread(target=self._propose, args=(order,), name=name, daemon=True).start()

    def _tell_of_decider(self, text: str) -> None:
        self.log.append(StudyNoted(study=self._created.name, text=text))

    def _propose(self, order: m.AskForProposal) -> None:
        try:
            found = self._planner.propose(order)
            result: m.Message = (
                m.DeedReady(token=order.token, deed=found)
                if isinstance(found, Deed)
                else m.ProposalReady(token=order.token, proposal=found)
            )
        except BaseException as error:  # noqa: BLE001 - raised again where it is waited for
            result = m.ProposalFailed(token=order.token, error=error)
        try:
            self.post(result)
        except Exception as error:  # noqa: BLE001 - the ledger cannot be written; no one would hear of it here
            if not isinstance(error, SETUP_ERRORS):
                _log.exception("a proposal of study %s could not be kept", self._created.name)
            self._give_up(order.token, error)

    def _give_up(self, token: int, error: Exception) -> None:
        """Let nobody wait for a proposal that cannot be kept."""
        with self._changed:
            if self._moment.asking == token:
                self._moment = replace(self._moment, asking=None, request=None)
                self._settle(error)
                self._break(error)

    def own(self, own: OwnParams) -> Proposal:
        """What a language model of the chat wants to run, as a proposal; nothing is queued yet.

        Raises:
            recmodels.errors.ParamError: A name or a value outside the narrowed space.
            UserError: The gate refuses it.
        """
        moment = self.look()
        return self._planner.own(
            moment.spec, moment.next_number, moment.records, moment.spaces(), moment.excluded(), own
        )

    def _settle(self, result: Proposal | BaseException) -> None:
        answer, self._answer = self._answer, None
        if answer is None:
            return
        if isinstance(result, BaseException):
            answer.set_exception(result)
        else:
            answer.set_result(result)


def _is_told(error: BaseException) -> bool:
    """Whether the study's state says it all, so that no traceback is wanted."""
    return isinstance(error, SETUP_ERRORS)
