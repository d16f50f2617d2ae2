"""A study: ask → proposal → (approval) → train → tell → remember → reflect, until its budget is done.

study = runner.create(StudySpec.create(dataset="demo", models=["ease"], n_trials=8))
for event in study.run():
    ...

This is the one face of a study. What it may do is decided in machine.py, and done in worker.py.
"""

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from agent.baseline import Baseline
from agent.deciding.acts import Deed
from agent.deciding.decision import Deciding
from agent.deciding.own_params import OwnParams
from agent.errors import UserError
from agent.events import Event, StudyState
from agent.objective import Goal
from agent.proposal import Proposal
from agent.secrets import without_keys
from agent.standing import best_of, counted, scoreboard, scoreboard_of_acts
from agent.studies import messages as m
from agent.studies.begun import Begun
from agent.studies.event_log import EventLog
from agent.studies.moment import RunningTrial
from agent.studies.pages import StudyLedger
from agent.studies.saved_state import Change
from agent.studies.steering import no_finished_trial
from agent.studies.study_spec import Ranges, StudySpec, StudyStatus
from agent.studies.trial_run import Place, request_for
from agent.studies.worker import Worker
from memory.record import TrialRecord
from recmodels.request import TrainRequest
from recmodels.search_space import ParamValue, SearchSpace

if TYPE_CHECKING:
    from memory.store import TrialMemory


class Study:
    """One study; every method may be called from any thread while it runs in another.

    Every method that steers raises UserError where another process works on the study.
    """

    def __init__(
        self,
        ledger: StudyLedger,
        place: Place,
        memory: "TrialMemory | None" = None,
        decider: Deciding | None = None,
        wake: "Callable[[Study], None] | None" = None,
    ) -> None:
        """`wake` is called when there is work again and nobody works; without it, `run` goes on by itself.

        Raises:
            UserError: The study's state cannot be read.
        """
        self._worker = Worker(ledger, place, memory, decider)
        self._wake = wake
        self._is_driven = False  # by `run`, which goes on by itself when there is work again

    # -- looking --------------------------------------------------------------------------------------------

    @property
    def spec(self) -> StudySpec:
        """What the study is asked to do, as changed so far."""
        return self._worker.ledger.spec

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def title(self) -> str:
        """What people call it; the name stays what it was."""
        return self._worker.ledger.title

    @property
    def begun(self) -> Begun:
        """Who began it, and in which chat."""
        return self._worker.ledger.begun

    @property
    def log(self) -> EventLog:
        """What has happened."""
        return self._worker.log

    @property
    def state(self) -> StudyState:
        return self._worker.look().saved.state

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens unless someone asks for it: finished, stopped or failed."""
        return self._worker.look().is_over

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop and a trial, or what is measured to compare with, has yet to end."""
        moment = self._worker.look()
        return moment.saved.wanted == "stop" and not moment.is_over

    @property
    def is_at_work(self) -> bool:
        """Whether this process works on it, or will as soon as its turn comes."""
        return self._worker.is_at_work

    def status(self) -> StudyStatus:
        """The study as it stands now."""
        moment = self._worker.look()
        spec, saved, running, records = moment.spec, moment.saved, moment.running, moment.records
        return StudyStatus(
            name=self.title,
            dataset=spec.dataset,
            models=spec.models,
            objective=spec.aim,
            state=saved.state,
            reason=saved.reason,
            n_finished=len(counted(records)),
            n_trials=spec.n_trials,
            elapsed_s=self._worker.elapsed_s(),
            best=best_of(spec.goal, records),
            running=running.proposal.number if running else None,
            epoch=len(running.curve) if running else 0,
            epochs=running.epochs if running else 0,
            choosing=self._worker.choosing(),
            run_by=self._worker.run_by(),
            pending=saved.pending or (saved.queue[0].proposal if saved.queue else None),
            space={model: space.describe() for model, space in moment.spaces().items()},
            scoreboard=scoreboard(spec.goal, records),
            acts=_acts(spec.goal, records, saved.deeds),
        )

    def records(self) -> tuple[TrialRecord, ...]:
        """The finished trials by number, interrupted ones included."""
        return self._worker.look().records

    def record(self, number: int) -> TrialRecord:
        """One finished trial.

        Raises:
            UserError: No finished trial has that number.
        """
        found = {record.number: record for record in self.records()}
        if number not in found:
            raise UserError(no_finished_trial(self.spec.name, number, list(found)))
        return found[number]

    def request(self, number: int) -> TrainRequest:
        """What trains a finished trial once more. Raises UserError: there is no such trial."""
        patience = self.proposal(number).patience
        return request_for(self.spec, self._worker.place, self.record(number), None, patience)

    def proposal(self, number: int) -> Proposal:
        """Why trial `number` was run. Raises UserError: there is no such trial."""
        return self._worker.ledger.proposal(number)

    def baselines(self) -> tuple[Baseline, ...]:
        """Simple models at their defaults, as measured before the first trial; empty when they were not."""
        return self._worker.ledger.baselines() or ()

    @property
    def profile(self) -> Mapping[str, float]:
        """Of its dataset, as it was when the study was made."""
        return self._worker.look().profile

    def spaces(self) -> dict[str, SearchSpace]:
        """What each of its models is searched in, as narrowed so far."""
        return self._worker.look().spaces()

    def ranges(self) -> Ranges:
        """What was narrowed of each model since what it declares."""
        moment = self._worker.look()
        return moment.saved.all_ranges(moment.spec)

    @property
    def place(self) -> Place:
        """Where and with what its trials run."""
        return self._worker.place

    def running(self) -> RunningTrial | None:
        """The trial that trains now, with its curve so far; None: none does, or another process trains it."""
        return self._worker.look().running

    def waiting(self) -> Proposal | None:
        """The proposal that waits to be run, changed or approved; one that is about to run waits no more."""
        moment = self._worker.look()
        is_starting = moment.work is not None and moment.work.step == "starting"
        return None if is_starting else moment.saved.pending

    def best(self) -> TrialRecord | None:
        """The best complete trial that meets every constraint."""
        return best_of(self.spec.goal, self.records())

    # -- steering -------------------------------------------------------------------------------------------

    def propose(self, request: str | None = None) -> Proposal:
        """The next proposal, kept as pending; nothing runs. A request replaces a proposal that is already pending.

        Raises:
            agent.studies.planner.Exhausted: Nothing is left to try.
            UserError: The study ended while the proposal was made.
        """
        proposal: Proposal = self._tell(m.Propose(request=request))
        return proposal

    def run_trial(
        self, params: Mapping[str, ParamValue] | None = None, model: str | None = None, rationale: str | None = None
    ) -> Proposal:
        """Queue these params, or the pending proposal, as the next trial, beyond the budget if need be.

        Args:
            params: What differs from the model's defaults; None, without a model: the pending proposal, or a new one.
            model: Needed with several models when the params do not tell.
            rationale: Where the params come from; None: the person gave them.

        Raises:
            recmodels.errors.ParamError: A param or value that the model does not have.
            UserError: These very params ran already.
        """
        if params is None and model is None:
            self.propose()
        if params is None and model is None:
            command: m.Command = m.RunPending()
        else:
            command = m.RunTrial(params=params or {}, model=model)
            command = command if rationale is None else replace(command, rationale=rationale)
        self._check_one_more()
        proposal: Proposal = self._tell(command)
        return proposal

    def run_own(self, own: OwnParams) -> Proposal:
        """Queue params that a language model of the chat chose, under the gate, as the next trial.

        Raises:
            recmodels.errors.ParamError: A name or a value outside the narrowed space.
            UserError: The gate refuses them, or these very params ran already.
        """
        self._check_one_more()
        proposal: Proposal = self._tell(m.RunProposal(proposal=self._worker.own(own)))
        return proposal

    def run_given(self, proposals: Sequence[Proposal]) -> None:
        """Queue proposals that were made elsewhere, in this order; what comes after them is proposed as ever.

        Raises:
            UserError: Such params ran already.
        """
        for proposal in proposals:
            self._tell(m.RunProposal(proposal=proposal))

    def repeat_trial(self, number: int, seed: int | None = None) -> Proposal:
        """Queue a finished trial's params once more with another seed; it counts as a trial.

        Args:
            seed: None takes the next one that follows from the study's.

        Raises:
            UserError: There is no such trial, the seed was used, or the model is not random.
        """
        self._check_one_more()
        proposal: Proposal = self._tell(m.RepeatTrial(number=number, seed=seed))
        return proposal

    def narrow(
        self,
        model: str | None,
        param: str,
        low: float | None = None,
        high: float | None = None,
        choices: tuple[Any, ...] | None = None,
        value: ParamValue | None = None,
        *,
        is_reset: bool = False,
    ) -> SearchSpace:
        """Narrow, widen (within what the model declares) or fix a param from the next proposal on.

        Args:
            model: None stands for the only model of the study that has the param.
            is_reset: The whole declared range again, and nothing else.

        Returns:
            The model's space from now on.

        Raises:
            recmodels.errors.ParamError: An unknown param, or a range outside what is declared.
            UserError: Several models have the param.
        """
        command = m.ChangeSpace(
            model=model, param=param, low=low, high=high, choices=choices, value=value, is_reset=is_reset
        )
        space: SearchSpace = self._tell(command)
        return space

    def extend(
        self,
        *,
        n_trials: int | None = None,
        time_limit_s: float | None = None,
        trial_time_limit_s: float | None = None,
        models: Sequence[str] | None = None,
        without: Sequence[str] = (),
        constraints: Sequence[str] | None = None,
        lifts_time_limit: bool = False,
        lifts_trial_time_limit: bool = False,
        needs_approval: bool | None = None,
    ) -> StudySpec:
        """Change the limits, models or constraints, also while the study runs; None leaves one as it is.

        A study that had finished is stopped then, and can be resumed.

        Args:
            n_trials: In all, those that ran included.
            time_limit_s: Working time of the whole study.
            models: Those that compete from now on.
            without: Models to leave out, of those or of the present ones.
            constraints: All of them, as "coverage@10>=0.2"; empty takes them away.
            lifts_time_limit: No limit of the whole study any more.
            lifts_trial_time_limit: Nor of each trial.
            needs_approval: Whether each trial waits for the person; without it, one that waits runs.

        Raises:
            recmodels.errors.ParamError: A limit that is not positive, a model or metric that does not exist.
            recmodels.errors.DataError: The data lack what a model needs.
            UserError: Nothing to change, no model left, a constraint that cannot be read or met, or beyond the limits.
        """
        if (room := self._worker.place.room) is not None:
            room.check_change(self.spec, n_trials, time_limit_s)
        kept = [model for model in models or self.spec.models if model not in without]
        change = Change(
            n_trials=n_trials,
            time_limit_s=time_limit_s,
            trial_time_limit_s=trial_time_limit_s,
            models=tuple(dict.fromkeys(kept)) if models is not None or without else None,
            constraints=None if constraints is None else tuple(constraints),
            lifts_time_limit=lifts_time_limit,
            lifts_trial_time_limit=lifts_trial_time_limit,
            needs_approval=needs_approval,
        )
        spec: StudySpec = self._tell(m.Change(change=change))
        return spec

    def approve(self, params: Mapping[str, ParamValue] | None = None) -> Proposal:
        """Let the pending proposal run, with params changed by the person if given.

        Raises:
            UserError: Nothing is pending.
            recmodels.errors.ParamError: Illegal params.
        """
        proposal: Proposal = self._tell(m.Approve(params=params))
        return proposal

    def reject(self, reason: str = "") -> None:
        """Drop the pending proposal and never propose it again; the next one is told the reason."""
        self._tell(m.Reject(reason=reason))

    def answer(self, text: str) -> None:
        """Answer the question that a language model asked, also after the study went on without.

        Raises:
            UserError: Nothing was asked, or it was answered.
        """
        self._tell(m.AnswerQuestion(text=without_keys(text)))

    @property
    def question(self) -> Deed | None:
        """What a language model asks the person, while the study waits for the answer."""
        return self._worker.look().saved.question

    def deeds(self) -> tuple[Deed, ...]:
        """What a language model did to the study: ranges, models, its end, questions."""
        return self._worker.look().saved.deeds

    def pause(self) -> None:
        """Hold before the next trial; the present one finishes. Raises UserError: the study is over."""
        self._tell(m.Pause())

    def resume(self) -> None:
        """Go on: after a pause, a stop, a failure or a crash. A proposal that waits for approval goes on waiting.

        Raises:
            UserError: The study is finished, or may not go on within the limits.
        """
        if (room := self._worker.place.room) is not None and not self.is_at_work:
            room.check_going_on(self.spec, self._worker.elapsed_s())
        self._tell(m.Resume())

    def stop(self) -> None:
        """End the study, a running trial at its next epoch; a resume goes on. Raises UserError: it is over."""
        self._tell(m.Stop())

    def aside(self, act: Callable[[], None]) -> None:
        """Do something with the study while no process works on it or can begin to.

        Raises:
            UserError: This or another process works on it.
        """
        self._worker.aside(act)

    def check_idle(self) -> None:
        """Raises UserError: this or another process works on it, so that nothing can be done aside."""
        self._worker.check_idle()

    def only_checked(self) -> "Study":
        """The same study, whose commands are checked and not carried out: each ends in `Allowed`, or is refused."""
        return _CheckedStudy(self._worker)

    def interrupt(self) -> None:
        """The program ends: the running trial is given up, and runs again when the study is resumed."""
        was_working = self._worker.is_at_work
        self._worker.post(m.ProgramEnds())
        if was_working and self._worker.is_at_work:  # in the middle of a trial
            self._worker.place.executor.close()

    # -- working --------------------------------------------------------------------------------------------

    def run(self, n: int | None = None) -> Iterator[Event]:
        """Run to the end of the budget, or `n` more trials, as a stream of events.

        Approve, pause and stop may be called between events. The stream ends when the study is over, paused, or waits
        for an answer that was not given. Closing it early (Ctrl-C) interrupts the trial. A study that works in the
        background already is only watched.
        """
        worker = self._worker
        if worker.is_at_work:
            yield from self.watch(len(self.log))
            return
        next_number = worker.ledger.next_number
        last = None if n is None else next_number() + n
        self._is_driven = True
        try:
            self._tell(m.Start())
            while worker.is_wanted:
                yield from self._stream(None if last is None else last - next_number())
        finally:
            self._is_driven = False

    def watch(self, after: int = 0) -> Iterator[Event]:
        """Events after the first `after`, as they happen, until this process does not work on it any more."""
        return self.log.follow(after, lambda: not self._worker.look().is_at_work)  # with its end told

    def work(self, n: int | None = None) -> None:
        """Work in this thread, if anything was asked for, until the study is over, paused, or waits for the person.

        Raises:
            UserError: This or another process works on the study already.
        """
        self._worker.work(n)

    def enqueue(self) -> None:
        """Take the study for this process and show it as queued; `work` is to be called."""
        self._tell(m.Enqueue())

    def _check_one_more(self) -> None:
        """Raises agent.studies.room.OverLimit: no trial may run beyond the budget any more, or none may run now."""
        if (room := self._worker.place.room) is None:
            return
        room.check_one_more(self.name, len(counted(self.records())))
        if not self.is_at_work:
            room.check_start(self.name, self._worker.elapsed_s())

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

    def _tell(self, command: m.Command) -> Any:
        """The answer to a command.

        Raises:
            Exception: Why it is refused, or why the proposal that it waits for was not made.
        """
        outcome = self._worker.post(command)
        if outcome.refused is not None:
            raise outcome.refused
        if outcome.is_woken and self._wake is not None and not self._is_driven:
            self._wake(self)
        return outcome.value if outcome.later is None else outcome.later.result()


class Allowed(Exception):
    """A command could be done now; it was only checked, and what would come after it is not reached."""

    def __init__(self, answer: object = None) -> None:
        """`answer` is what the command would be answered with; None where that comes later."""
        super().__init__("this was only checked")
        self.answer = answer
        self.over = ""  # for people: where the params come from that were not given


class _CheckedStudy(Study):
    """A study that carries nothing out."""

    def __init__(self, worker: Worker) -> None:
        self._worker = worker

    def _tell(self, command: m.Command) -> Any:
        outcome = self._worker.would(command)
        raise Allowed(outcome.value) if outcome.refused is None else outcome.refused

    def aside(self, act: Callable[[], None]) -> None:
        self.check_idle()
        raise Allowed

    def work(self, n: int | None = None) -> None:
        raise Allowed

    def interrupt(self) -> None:
        raise Allowed


def _acts(goal: Goal, records: Sequence[TrialRecord], deeds: Sequence[Deed]) -> dict[str, dict[str, float]]:
    """The scoreboard of a language model's acts; those that give no trial are counted."""
    counts = Counter(deed.kind for deed in deeds)
    return scoreboard_of_acts(goal, records) | {kind: {"done": float(n)} for kind, n in counts.items()}
