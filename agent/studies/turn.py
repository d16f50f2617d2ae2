"""One transition in the making: the moment as it changes, and the effects so far. Lives within `machine.transition`."""

from dataclasses import replace
from typing import Any

from agent.errors import UserError
from agent.events import Event, StudyFinished, StudyState, StudyStateChanged, TrialFinished
from agent.proposal import Proposal
from agent.standing import best_of, counted
from agent.studies.messages import AnswerLater, AskForProposal, Effect, Save, Settle, Tell, Wake
from agent.studies.moment import Moment
from agent.studies.saved_state import OVER, SavedState
from agent.studies.scope import may_act, reserve
from memory.record import TrialRecord


class Turn:
    """What handlers change; `result` is what the transition returns."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment
        self._before = moment.saved
        self._must_save = False
        self._may_save = True
        self._effects: list[Effect] = []

    def result(self) -> tuple[Moment, tuple[Effect, ...]]:
        """The moment after, and the effects: what was changed of the saved state is written before anyone is told."""
        is_changed = self._must_save or replace(self.saved, elapsed_s=0.0) != replace(self._before, elapsed_s=0.0)
        saves: list[Effect] = [Save(state=self.saved)] if is_changed and self._may_save else []
        return self.moment, (*saves, *self._effects)

    @property
    def saved(self) -> SavedState:
        return self.moment.saved

    @property
    def is_working(self) -> bool:
        return self.moment.stage == "working"

    def save(self) -> None:
        """Write the state, whatever changed: the working time at least."""
        self._must_save = True

    def only_look(self) -> None:
        """Write nothing: the study is another process's."""
        self._may_save = False

    def do(self, effect: Effect) -> None:
        self._effects.append(effect)

    def tell(self, event: Event) -> None:
        self.do(Tell(event=event))

    def change(self, **fields: Any) -> None:
        self.moment = replace(self.moment, **fields)

    def change_work(self, **fields: Any) -> None:
        """Of a stretch of work, if there is one."""
        if self.moment.work is not None:
            self.change(work=replace(self.moment.work, **fields))

    def change_saved(self, **fields: Any) -> None:
        self.change(saved=replace(self.saved, **fields))

    def set_state(self, state: StudyState, reason: str = "") -> None:
        """The study's state for people."""
        if (state, reason) != (self.saved.state, self.saved.reason):
            self.change_saved(state=state, reason=reason)
            self.tell(StudyStateChanged(study=self.moment.created.name, state=state, reason=reason))

    def end(self, state: StudyState, reason: str) -> None:
        """Nobody works from here on; whoever waits for a proposal hears why there is none."""
        self.save()
        self.change(stage="idle", work=None)
        self.drop_proposal(f"study {self.moment.created.name!r} is {state} now, so no proposal was made")
        self.set_state(state, reason)
        if state in OVER:
            goal, records = self.moment.spec.goal, self.moment.records
            best, n_finished = best_of(goal, records), len(counted(records))
            event = StudyFinished(study=self.moment.created.name, best=best, n_finished=n_finished, reason=reason)
            self.tell(event)

    def kick(self) -> None:
        """Let someone work again if nobody does."""
        if self.moment.stage == "idle":
            self.change(stage="asked")
        if self.moment.stage == "asked" and Wake() not in self._effects:
            self.do(Wake())

    def ask(self, request: str | None = None) -> None:
        """Have a proposal made; one that is being made already is dropped for it.

        Args:
            request: The person's wish.
        """
        moment = self.moment
        wish = request or moment.request or self.saved.request
        token = moment.n_asked + 1
        self.change(asking=token, n_asked=token, request=wish)
        self.do(
            AskForProposal(
                token=token,
                number=moment.next_number,
                spec=moment.spec,
                records=moment.records,
                spaces=moment.spaces(),
                excluded=moment.excluded(),
                request=wish,
                limits=moment.limits(),
                reserve=reserve(moment),
                deeds=moment.saved.deeds,
                waiting=tuple(moment.waiting()),
                time_left_s=self.time_left_s(),
                may_act=wish is None and may_act(moment),
            )
        )

    def time_left_s(self) -> float | None:
        """Of the study's time limit, as the working time was counted when the turn began; None without one."""
        limit = self.moment.spec.time_limit_s
        return None if limit is None else limit - self.saved.elapsed_s

    def ask_for_someone(self, request: str | None) -> None:
        """Have a proposal made, if none is being made as wished, which is the answer."""
        if self.moment.asking is None or request is not None:
            self.ask(request)
        self.do(AnswerLater())

    def drop_proposal(self, reason: str) -> None:
        """Forget the proposal that is being made; its late result is not looked at."""
        if self.moment.asking is not None:
            self.change(asking=None, request=None)
            self.do(Settle(result=UserError(reason)))

    def withdraw_pending(self) -> None:
        """What it was made for has changed; one that is being made, or waits for approval, is asked for again."""
        starting = self.moment.work.starting if self.moment.work else None
        if starting is not None and starting not in self.saved.queue:
            self.change_work(step="next", starting=None)
        self.change_saved(pending=None)
        if self.moment.asking is not None:
            self.ask()
        if self.saved.state == "waiting":
            self.kick()

    def tell_finished(self, record: TrialRecord) -> None:
        """Tell of a trial, and whether it is the best now."""
        spec, records = self.moment.spec, self.moment.records
        best = best_of(spec.goal, records)
        self.tell(
            TrialFinished(
                study=spec.name,
                record=record,
                is_best=best is not None and best.id == record.id,
                n_finished=len(counted(records)),
                n_trials=spec.n_trials,
            )
        )

    def pending(self) -> Proposal:
        """The proposal that waits.

        Raises:
            UserError: There is none.
        """
        if self.saved.pending is None:
            raise UserError(f"study {self.moment.created.name!r} has no proposal that waits; it is {self.saved.state}")
        return self.saved.pending
