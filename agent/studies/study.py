"""A study: ask → proposal → (approval) → train → tell → remember → reflect, until its budget is done.

study = runner.create(StudySpec.create(dataset="demo", models=["ease"], n_trials=8))
for event in study.run():
    ...
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from agent.deciding.decision import Decider
from agent.errors import UserError
from agent.events import Event, ProposalMade, StudyState
from agent.proposal import Proposal
from agent.standing import best_of, counted, scoreboard
from agent.studies.event_log import EventLog
from agent.studies.ledger import StudyLedger
from agent.studies.study_core import OVER, StudyCore
from agent.studies.study_spec import StudySpec, StudyStatus
from agent.studies.study_state import Queued, model_of
from agent.studies.study_work import STOPPED, StudyWork
from agent.studies.trial_run import Place, request_for
from memory.record import TrialRecord
from recmodels.request import TrainRequest
from recmodels.search_space import ParamValue, SearchSpace

if TYPE_CHECKING:
    from memory.store import TrialMemory


class Study:
    """One study; every method may be called from any thread while it runs in another."""

    def __init__(
        self,
        ledger: StudyLedger,
        place: Place,
        memory: "TrialMemory | None" = None,
        decider: Decider | None = None,
        wake: "Callable[[Study], None] | None" = None,
    ) -> None:
        """`wake` is called when there is work again and nobody works; without it, `run` goes on by itself."""
        self.spec: StudySpec = ledger.spec
        self._core = StudyCore(ledger, place, memory, decider)
        self._wake = wake
        self._is_driven = False  # by `run`, which goes on by itself when there is work again

    # -- looking --------------------------------------------------------------------------------------------

    @property
    def log(self) -> EventLog:
        """What has happened."""
        return self._core.log

    @property
    def state(self) -> StudyState:
        return self.status().state

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens unless somebody asks for it: finished, stopped or failed."""
        with self._core.lock:
            return not self._core.is_working and self._core.saved.state in OVER

    def status(self) -> StudyStatus:
        """The study as it stands now."""
        core, spec, records = self._core, self.spec, self.records()
        with core.lock:
            if not core.is_working:
                core.load()  # another process may work on it
            running, saved = core.running, core.saved
            return StudyStatus(
                name=spec.name,
                dataset=spec.dataset,
                models=spec.models,
                objective=str(spec.goal),
                state=saved.state,
                reason=saved.reason,
                n_finished=len(counted(records)),
                n_trials=spec.n_trials,
                elapsed_s=core.elapsed_s(),
                best=best_of(spec.goal, records),
                running=running.proposal.number if running else None,
                epoch=len(running.curve) if running else 0,
                epochs=running.epochs if running else 0,
                pending=saved.pending or (saved.queue[0].proposal if saved.queue else None),
                space={model: space.describe() for model, space in core.spaces().items()},
                scoreboard=scoreboard(spec.goal, records),
            )

    def records(self) -> tuple[TrialRecord, ...]:
        """The finished trials by number, interrupted ones included."""
        return self._core.records()

    def record(self, number: int) -> TrialRecord:
        """One finished trial.

        Raises:
            UserError: No finished trial has that number.
        """
        found = {record.number: record for record in self.records()}
        if number not in found:
            which = f"its finished trials are {', '.join(map(str, found))}" if found else "it has none yet"
            raise UserError(f"study {self.spec.name!r} has no finished trial {number}; {which}")
        return found[number]

    def request(self, number: int) -> TrainRequest:
        """What trains a finished trial once more. Raises UserError: there is no such trial."""
        return request_for(self.spec, self._core.place, self.record(number), None)

    def proposal(self, number: int) -> Proposal:
        """Why trial `number` was run. Raises UserError: there is no such trial."""
        return self._core.ledger.proposal(number)

    def best(self) -> TrialRecord | None:
        """The best complete trial that meets every constraint."""
        return best_of(self.spec.goal, self.records())

    # -- steering -------------------------------------------------------------------------------------------

    def propose(self, request: str | None = None) -> Proposal:
        """The next proposal, kept as pending; nothing runs. A request replaces a proposal that is already pending.

        Raises:
            UserError: Nothing is left to try, or another process works on the study.
        """
        self._core.require_own()
        return self._core.propose(request)

    def run_trial(self, params: Mapping[str, ParamValue] | None = None, model: str | None = None) -> Proposal:
        """Queue these params, or the pending proposal, as the next trial, beyond the budget if need be.

        Args:
            params: What differs from the model's defaults; None, without a model: the pending proposal, or a new one.
            model: Needed with several models when the params do not tell.

        Raises:
            recmodels.errors.ParamError: A param or value that the model does not have.
            UserError: These very params ran already, or another process works on the study.
        """
        self._core.require_own()
        if params is None and model is None:
            return self._queue(self._core.propose())
        proposal = self._of_person(params or {}, model, "params given by the person")
        self._core.emit(ProposalMade(study=self.spec.name, proposal=proposal))
        return self._queue(proposal)

    def narrow(
        self,
        model: str | None,
        param: str,
        low: float | None = None,
        high: float | None = None,
        choices: tuple[Any, ...] | None = None,
        value: ParamValue | None = None,
    ) -> SearchSpace:
        """Narrow, widen (within what the model declares) or fix a param from the next proposal on.

        Args:
            model: None stands for the only model of the study that has the param.

        Returns:
            The model's space from now on.

        Raises:
            recmodels.errors.ParamError: An unknown param, or a range outside what is declared.
            UserError: Several models have the param, or another process works on the study.
        """
        core = self._core
        core.require_own()
        with core.lock:
            space = core.saved.narrow(self.spec, model_of(param, model, self.spec), param, low, high, choices, value)
            core.saved.pending = None  # it was made for the old ranges
            core.save()
            return space

    def approve(self, params: Mapping[str, ParamValue] | None = None) -> Proposal:
        """Let the pending proposal run, with params changed by the person if given.

        Raises:
            UserError: Nothing is pending.
            recmodels.errors.ParamError: Illegal params.
        """
        with self._core.lock:
            pending = self._pending()
            if params is not None:
                pending = self._of_person(params, pending.model, "params changed by the person on approval")
            self._core.wanted = "run"
            return self._queue(pending)

    def reject(self, reason: str = "") -> None:
        """Drop the pending proposal and never propose it again; the next one is told the reason."""
        core = self._core
        with core.lock:
            pending = self._pending()
            core.saved.rejected.append((pending.model, pending.params))
            core.saved.pending, core.saved.request = None, reason or None
            core.wanted = "run"
            core.save()
        self._kick()

    def pause(self) -> None:
        """Hold before the next trial; the present one finishes.

        Raises:
            UserError: The study is over, or another process works on it.
        """
        core = self._core
        with core.lock:
            self._require_going("paused")
            core.wanted = "pause"
            core.set_state("paused", f"trial {core.running.proposal.number} finishes first" if core.running else "")

    def resume(self) -> None:
        """Go on: after a pause, a stop, a failure or a crash. A proposal that waits for approval goes on waiting.

        Raises:
            UserError: The study is finished, or another process works on it.
        """
        core = self._core
        core.require_own()
        with core.lock:
            if core.saved.state == "finished":
                raise UserError(
                    f"study {self.spec.name!r} is finished: {core.saved.reason}; ask for one more trial instead"
                )
            core.wanted = "run"
            core.planner.forgive()
            if core.is_working:
                core.set_state("running")
        self._kick()

    def stop(self) -> None:
        """End the running trial at its next epoch, and the study; it can be resumed.

        Raises:
            UserError: The study is over, or another process works on it.
        """
        core = self._core
        with core.lock:
            self._require_going("stopped")
            core.wanted = "stop"
            core.saved.queue.clear()
            if not core.is_working:
                core.end("stopped", STOPPED)

    def interrupt(self) -> None:
        """The program ends: the running trial is given up, and runs again when the study is resumed."""
        with self._core.lock:
            self._core.is_interrupted = True
            is_working = self._core.is_working
        if is_working:
            self._core.place.executor.close()

    # -- working --------------------------------------------------------------------------------------------

    def run(self, n: int | None = None) -> Iterator[Event]:
        """Run to the end of the budget, or `n` more trials, as a stream of events.

        Approve, pause and stop may be called between events. The stream ends when the study is over, paused, or waits
        for an answer that was not given. Closing it early (Ctrl-C) interrupts the trial. A study that works in the
        background already is only watched.
        """
        core, next_number = self._core, self._core.ledger.next_number
        if self._is_at_work():
            yield from self.log.follow(len(self.log), lambda: not self._is_at_work())
            return
        last = None if n is None else next_number() + n
        self._is_driven = core.has_work = True
        core.wanted, core.is_interrupted = "run", False
        try:
            while core.has_work and not core.is_interrupted:
                yield from self._stream(None if last is None else last - next_number())
        finally:
            self._is_driven = False

    def work(self, n: int | None = None) -> None:
        """Work in this thread, if anything was asked for, until the study is over, paused, or waits for the person.

        Raises:
            UserError: Somebody works on the study already.
        """
        StudyWork(self._core).run(n)

    def enqueue(self) -> None:
        """Take the study for this process and show it as queued; `work` is to be called.

        Raises:
            UserError: Another process works on it.
        """
        core = self._core
        with core.lock:
            if not core.is_working:
                core.ledger.claim()
                core.has_work = True
                core.set_state("queued")

    def _stream(self, n: int | None) -> Iterator[Event]:
        """Work in a thread of its own and yield what happens meanwhile."""
        failure: list[BaseException] = []

        def work() -> None:
            try:
                self.work(n)
            except BaseException as error:  # noqa: BLE001 - raised again in the thread that iterates
                failure.append(error)

        position = len(self.log)
        thread = threading.Thread(target=work, name=f"study {self.spec.name}", daemon=True)
        thread.start()
        try:
            yield from self.log.follow(position, lambda: not thread.is_alive())
        finally:
            if thread.is_alive():
                self.interrupt()
            thread.join()
        if failure:
            raise failure[0]

    # -- small parts ----------------------------------------------------------------------------------------

    def _queue(self, proposal: Proposal) -> Proposal:
        """Run this next; a pending proposal makes way."""
        core = self._core
        with core.lock:
            core.saved.pending = None
            core.saved.queue.append(Queued(proposal=proposal))
            core.save()
        self._kick()
        return proposal

    def _of_person(self, params: Mapping[str, ParamValue], model: str | None, rationale: str) -> Proposal:
        """The person's params as a proposal: anything that the model declares, narrowed or not."""
        name = model_of(next(iter(params), None), model, self.spec)
        full = self.spec.space(name).check(params)
        for record in self.records():
            if record.model == name and dict(record.params) == full and record.state == "complete":
                raise UserError(f"these params are those of trial {record.number}, which reached {record.value:.4g}")
        number = self._core.next_number()
        return Proposal(number=number, model=name, params=full, proposer="user", rationale=rationale)

    def _kick(self) -> None:
        """Let somebody work again if nobody does."""
        with self._core.lock:
            if self._core.is_working:
                return
            self._core.has_work = True
        if self._wake is not None and not self._is_driven:
            self._wake(self)

    def _is_at_work(self) -> bool:
        with self._core.lock:
            return self._core.is_working or self._core.saved.state == "queued"

    def _pending(self) -> Proposal:
        self._core.require_own()
        if self._core.saved.pending is None:
            raise UserError(f"study {self.spec.name!r} has no proposal that waits; it is {self._core.saved.state}")
        return self._core.saved.pending

    def _require_going(self, wanted: str) -> None:
        self._core.require_own()
        if self.is_over:
            raise UserError(f"study {self.spec.name!r} is {self._core.saved.state} already, so it cannot be {wanted}")
