"""What a study's steering and its work share: the ledger's pages, the saved state, the log, and one lock over them."""

import logging
import threading
import time
from typing import TYPE_CHECKING, Literal

from agent.deciding.decision import Decider
from agent.errors import UserError
from agent.events import Event, ProposalMade, StudyFinished, StudyState, StudyStateChanged, TrialFinished
from agent.proposal import Proposal
from agent.standing import best_of, counted
from agent.studies import ownership
from agent.studies.event_log import EventLog, replay
from agent.studies.ledger import StudyLedger
from agent.studies.planner import Planner
from agent.studies.running import RunningTrial
from agent.studies.study_spec import StudySpec
from agent.studies.study_state import SavedState
from agent.studies.trial_run import Place
from memory.record import TrialRecord
from recmodels.search_space import Int, Params, SearchSpace

if TYPE_CHECKING:
    from memory.store import TrialMemory

_log = logging.getLogger(__name__)
ENDED = "the program ended on the way; resume it to go on"
OVER: tuple[StudyState, ...] = ("finished", "stopped", "failed")


class StudyCore:
    """Shared by `Study` (any thread) and `StudyWork` (one thread at a time); change its fields under `lock` only."""

    def __init__(
        self, ledger: StudyLedger, place: Place, memory: "TrialMemory | None", decider: Decider | None
    ) -> None:
        self.spec: StudySpec = ledger.spec
        self.ledger = ledger
        self.place = place
        self.memory = memory
        self.planner = Planner(self.spec, ledger.profile, memory, decider if self.spec.llm != "none" else None)
        self.lock = threading.RLock()
        self.wanted: Literal["run", "pause", "stop"] = "run"
        self.is_working = False
        self.has_work = False  # asked for and not yet taken up
        self.is_interrupted = False
        self.running: RunningTrial | None = None
        self.work_began = 0.0
        self._planning = threading.Lock()
        self.load()
        self.log = EventLog(replay(self.spec, self.records(), ledger.proposal))

    def records(self) -> tuple[TrialRecord, ...]:
        return self.ledger.records()

    def emit(self, event: Event) -> None:
        self.log.append(event)

    def emit_finished(self, record: TrialRecord) -> None:
        """Tell of a trial, and whether it is the best now."""
        records = self.records()
        best = best_of(self.spec.goal, records)
        self.emit(
            TrialFinished(
                study=self.spec.name,
                record=record,
                is_best=best is not None and best.id == record.id,
                n_finished=len(counted(records)),
                n_trials=self.spec.n_trials,
            )
        )

    # -- the saved state ------------------------------------------------------------------------------------

    def load(self) -> None:
        """The state from the ledger; one that claims to run without a living process was cut off."""
        data = self.ledger.load_state()
        self.saved = SavedState.from_dict(data) if data else SavedState()
        if self.saved.state in ("running", "queued") and not ownership.is_alive(self.ledger.owner()):
            self.saved.state, self.saved.reason = "stopped", ENDED

    def save(self) -> None:
        self.ledger.save_state({**self.saved.to_dict(), "elapsed_s": self.elapsed_s()})

    def set_state(self, state: StudyState, reason: str = "") -> None:
        if (state, reason) != (self.saved.state, self.saved.reason):
            self.saved.state, self.saved.reason = state, reason
            self.save()
            self.emit(StudyStateChanged(study=self.spec.name, state=state, reason=reason))

    def end(self, state: StudyState, reason: str) -> None:
        """Stop working in this state and give the study free; one lock holds it all, so nobody is woken in between."""
        with self.lock:
            self.saved.elapsed_s = self.elapsed_s()
            self.is_working = False
            self.set_state(state, reason)
            self.save()
            self.ledger.release()
            if state in OVER:
                records = self.records()
                best, n_finished = best_of(self.spec.goal, records), len(counted(records))
                self.emit(StudyFinished(study=self.spec.name, best=best, n_finished=n_finished, reason=reason))

    def elapsed_s(self) -> float:
        """Working time; pauses do not count."""
        return self.saved.elapsed_s + (time.monotonic() - self.work_began if self.is_working else 0.0)

    def time_left_s(self) -> float | None:
        """Of the study's time limit; None without one."""
        return None if self.spec.time_limit_s is None else self.spec.time_limit_s - self.elapsed_s()

    def require_own(self) -> None:
        """Raises UserError: another living process works on the study."""
        owner = self.ledger.owner()
        if owner is not None and ownership.is_alive(owner) and not ownership.is_mine(owner):
            where = f"process {owner['pid']} on {owner['host']}"
            raise UserError(f"study {self.spec.name!r} is run by {where}; steer it there")

    # -- the next proposal ----------------------------------------------------------------------------------

    def propose(self, request: str | None = None) -> Proposal:
        """The pending proposal, made now if there is none; a request replaces one that is there.

        Raises:
            agent.studies.planner.Exhausted: Nothing is left to try.
        """
        with self._planning:
            with self.lock:
                if self.saved.pending is not None and request is None:
                    return self.saved.pending
                excluded, wish = self._excluded(), request or self.saved.request
                number, spaces = self.next_number(), self.spaces()
            proposal = self.planner.propose(number, self.records(), spaces, excluded, wish)
            with self.lock:
                self.saved.pending, self.saved.request = proposal, None
                self.save()
                self.emit(ProposalMade(study=self.spec.name, proposal=proposal))
            return proposal

    def next_number(self) -> int:
        """The number of the next trial that is not yet queued."""
        return self.ledger.next_number() + len(self.saved.queue)

    def spaces(self) -> dict[str, SearchSpace]:
        """Each model's space as narrowed so far; a study that sets the epochs leaves none to tune."""
        return {model: self._with_set_epochs(self.saved.space(self.spec, model)) for model in self.spec.models}

    def _with_set_epochs(self, space: SearchSpace) -> SearchSpace:
        declared = space.get("epochs")
        if self.spec.epochs is None or not isinstance(declared, Int):
            return space
        return space.narrowed("epochs", value=min(max(self.spec.epochs, declared.low), declared.high))

    def _excluded(self) -> list[tuple[str, Params]]:
        """What runs, waits, or was rejected."""
        waiting = [queued.proposal for queued in self.saved.queue]
        waiting += [self.saved.pending] if self.saved.pending else []
        waiting += [self.running.proposal] if self.running else []
        return self.saved.rejected + [(proposal.model, proposal.params) for proposal in waiting]
