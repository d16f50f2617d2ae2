"""An open chat: a conversation, its transcript, and the studies that it follows."""

import logging
import threading
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from itertools import count

from agent import events, outside
from agent.chat.chats import Shown
from agent.chat.conversation import Conversation
from agent.chat.taken import Taken
from agent.errors import USER_ERRORS, UserError
from agent.results.confirmed import ConfirmationBegun
from agent.results.subject import about
from agent.secrets import without_keys
from agent.stopping import StoppedError
from agent.workspace import Workspace
from ui.answering import Answering, Said
from ui.confirmation import write_record
from ui.decided import decided_by
from ui.door.incoming import let_go
from ui.meanwhile import Followed, dated, moment_of
from ui.recalled import as_shown, recall_confirmation, recall_end, recall_shown
from ui.render import apply
from ui.state_lines import n_told as n_told_of
from ui.transcript import Entry, Moment, Transcript, now

BROKEN = "Something went wrong here; `debug.log` in the home folder says what. What was said before is kept."
_STEERING = (
    "start_study",
    "open_study",
    "run_trial",
    "reject_trial",
    "extend_study",
    "repeat_trial",
    "control_study",
    "confirm",
)  # the tools after which a chat follows their study

_PROCESS = uuid.uuid4().hex[:8]  # names this one among those that have followed a study
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A study that a message of this chat began."""

    study: str
    said: Said
    at: str  # ISO 8601


class Chat:
    """One chat; several tabs may look at it and speak in it at the same time."""

    def __init__(
        self,
        workspace: Workspace,
        chat_id: str,
        conversation: Conversation | None = None,
        person: str | None = None,
    ) -> None:
        """`person`: Who has logged in and speaks here."""
        self.id = chat_id
        shown = workspace.chats.shown(chat_id)
        self.transcript = Transcript({one.key: Moment(one.turn, one.at) for one in shown})
        self._workspace = workspace
        self._conversation = conversation or Conversation(workspace, chat_id, person=person)
        self._person = person
        self._followed: dict[str, Followed] = {}  # by study
        self._begun: dict[int, str] = {}  # turn → when it began, ISO 8601
        self._study: str | None = None
        self._last_begun: Begun | None = None
        self._turns = count()  # their numbers, from the next one on
        self._answering = Answering(chat_id, self._answer, self._leave)
        self._following = threading.Lock()  # held from reading a study's events until they are shown
        self._restore(shown)
        self._study = workspace.chats.study(chat_id) or self._study

    @property
    def study(self) -> str | None:
        """The name of the study that was last begun, opened or steered here, or that the person turned to."""
        return self._study

    @property
    def followed(self) -> tuple[str, ...]:
        """The names of the studies whose trials are told here."""
        return tuple(self._followed)

    @property
    def is_answering(self) -> bool:
        """Whether an answer is being given, or messages wait for one."""
        return self._answering.is_busy

    @property
    def is_watched(self) -> bool:
        """Whether a screen listens to its transcript."""
        return self.transcript.is_watched

    @property
    def n_waiting(self) -> int:
        """Messages that are not being answered yet."""
        return len(self._answering.waiting)

    @property
    def is_working(self) -> bool:
        """Whether an answer is being given, or a study that is followed goes on."""
        return self.is_answering or any(map(self._goes_on, list(self._followed)))

    def history(self) -> list[events.ChatEvent]:
        """What was said, called, found and answered, as it is kept."""
        return self._conversation.history()

    def turn_to(self, study: str | None) -> None:
        """The person turns to a study in this chat; None: to none."""
        self._study = study
        self._workspace.chats.turn_to(self.id, study)

    def say(self, text: str, files: tuple[str, ...] = (), study: str | None = None, answers: str = "") -> None:
        """Takes a message, on disk; it is answered in the background, after those that were said before it.

        Args:
            study: The one that the person sees next to the chat.
            answers: The key of the entry whose button says it.
        """
        with self._answering.lock:
            turn = next(self._turns)
            self._say(Said(turn=turn, at=now(), text=without_keys(text), files=files, study=study), answers)

    def retry(self, study: str | None = None) -> None:
        """The last answer is given again; one that is being given is stopped first.

        Args:
            study: The one that the person sees next to the chat.

        Raises:
            UserError: Nothing was said yet.
        """
        said = [entry for entry in self.transcript.entries() if entry.kind == "said"]
        waiting = {one.turn for one in self._answering.waiting}
        last = next((entry for entry in reversed(said) if entry.turn not in waiting), None)
        if last is None:
            raise UserError("nothing was said here yet, so there is no answer to give again")
        self._replace(last, last.text, study)

    def edit(self, turn: int, text: str, study: str | None = None) -> None:
        """What the person said in a turn is said otherwise; it and all that came after it give way.

        Args:
            study: The one that the person sees next to the chat.

        Raises:
            UserError: There is no such message, or nothing is said.
        """
        said = self.transcript.get(f"said/{turn}")
        if said is None:
            raise UserError("there is no such message any more")
        if not text.strip() and not said.files:
            raise UserError("an empty message says nothing; write what it should say instead")
        self._replace(said, text.strip(), study)

    @property
    def can_undo(self) -> bool:
        """Whether what the last retry or edit replaced can be brought back."""
        return not self.is_answering and self._conversation.can_undo

    def undo(self) -> str:
        """Brings back what the last retry or edit replaced.

        Returns:
            What was done meanwhile and stays, in a sentence; empty: nothing.

        Raises:
            UserError: Nothing was replaced, something else was said since, or an answer is being given.
        """
        with self._answering.lock:
            if self.is_answering:
                raise UserError("an answer is being given; wait for it or stop it first")
            undone, study = self._conversation.undo(), self._study
            self._take_out(undone.taken)
            self._recall(turns=undone.back)
            self._study = study
        return undone.stays

    def _replace(self, old: Entry, text: str, study: str | None) -> None:
        """Says it instead of an earlier message, before what waits; what waits itself is changed where it stands."""
        if not any(one.turn == old.turn for one in self._answering.waiting):
            self.stop()
        with self._answering.lock:
            waiting = list(self._answering.waiting)
            new = Said(turn=0, at=now(), text=without_keys(text), files=old.files, study=study)
            after = [new if one.turn == old.turn else one for one in waiting]
            if after == waiting:
                after = [replace(new, replaces=old.turn), *waiting]
            self._drop_waiting()
            for one in after:
                self._say(replace(one, turn=next(self._turns)))

    def _say(self, said: Said, answers: str = "") -> None:
        self._workspace.chats.take(self.id, Taken(turn=said.turn, at=said.at, text=said.text, files=said.files))
        self.transcript.put(replace(_entry(said.turn, said.text, said.files, said.at), answers=answers))
        self._answering.add(said)

    def stop(self, *, drops_waiting: bool = False) -> bool:
        """Stops the answer that is being given, from any thread; what was written of it stays.

        Args:
            drops_waiting: The messages that wait are taken back, too; else the next one is answered.

        Returns:
            Whether there was one.
        """
        with self._answering.lock:
            if drops_waiting:
                self._drop_waiting()
            return self._answering.stop()

    def _drop_waiting(self) -> None:
        turns = [one.turn for one in self._answering.waiting]
        self._answering.clear()
        self.transcript.remove([f"said/{turn}" for turn in turns])
        self._workspace.chats.let_go(self.id, turns)

    def follow(self) -> None:
        """Takes in what the followed studies did since the last call."""
        with self._following:
            for study, followed in list(self._followed.items()):
                try:
                    fresh = self._workspace.runner.events(study, after=followed.n_seen)
                except USER_ERRORS:  # it was deleted, and may come back
                    continue
                first = followed.n_seen
                n_told = n_told_of(self.transcript, study, _PROCESS) if fresh else 0
                followed.n_seen += len(fresh)
                for number, (event, at) in enumerate(dated(fresh), first):
                    is_told = isinstance(event, events.StudyStateChanged) and number < n_told
                    if at < followed.after or is_told:
                        continue
                    placed = followed.placed(at)
                    moment = moment_of(placed, self._begun, followed.since) if placed else None
                    by = self._decided_by(event)
                    apply(self.transcript, event, answer="", moment=moment, place=f"{_PROCESS}/{number}", by=by)
                    followed.show(placed)
                    if isinstance(event, events.ConfirmationFinished):
                        write_record(event.confirmation, self._workspace.settings.reports)
                followed.after = ""
            if fresh_entries := self.transcript.fresh():
                self._workspace.chats.note_shown(self.id, [*map(as_shown, fresh_entries)])

    def follow_study(self, study: str, *, is_begun_here: bool = True, after: str = "") -> None:
        """Shows the study's events here: all of them where it was begun in this chat, else those from now on.

        Args:
            after: Of one that was not begun here: what happened after this time (ISO 8601) is shown, too.
        """
        with self._following:
            if study not in self._followed:
                is_whole = is_begun_here or after
                past = 0 if is_whole else len(self._workspace.runner.events(study))
                after = "" if is_begun_here else after
                self._followed[study] = Followed(n_seen=past, since=self.transcript.turn, after=after)
        self._study = study

    def _decided_by(self, event: events.Event) -> str:
        """The other person who decided about what waits no longer; empty: nobody else did."""
        if self._person is None or not isinstance(event, events.StudyEvent):
            return ""
        return decided_by(self._workspace.ledger.acts, self.transcript, event, self._person)

    def _goes_on(self, study: str) -> bool:
        try:
            return not self._workspace.runner.peek(study).is_over
        except USER_ERRORS:  # it was deleted
            return False

    def _leave(self, said: Said) -> None:
        """Closes the turn of an answer that was stopped and does not end."""
        told = self._conversation.leave(said.stop)
        ended = [] if told else self._conversation.history(said.turn)  # just now, without a word here
        for event in told or [event for event in ended if isinstance(event, events.AnswerFinished)]:
            self._show(event, said.turn)

    def _answer(self, said: Said, is_wanted: Callable[[], bool]) -> None:
        turn = said.turn
        self._begun[turn] = now()
        self.transcript.begin(turn)
        try:
            for event in self._conversation.send(
                said.text,
                said.files if said.replaces is None else self._kept_files(said.replaces),
                study=self._study_meant(said),
                turn=turn,
                said_at=said.at,
                stop=said.stop,
                replaces=said.replaces,
            ):
                if not is_wanted():
                    return
                self._note_begun(event, said)
                self._show(event, turn)
        except StoppedError:  # it was left meanwhile
            return
        except Exception as error:  # noqa: BLE001 - a bug ends this answer, not the chat
            is_bug = not isinstance(error, USER_ERRORS)
            if is_bug:
                _log.exception("chat %s broke", self.id)
            if is_wanted():
                text = BROKEN if is_bug else outside.said(str(error))
                self.transcript.put(Entry(key=f"answer/{turn}", text=text, is_error=True))
        finally:
            self._workspace.chats.turn_to(self.id, self._study)
            self._workspace.chats.let_go(self.id, [turn])
            let_go(said.files)

    def _study_meant(self, said: Said) -> str | None:
        """What was typed ahead while a study was being begun here is said of that one, which could not be shown yet."""
        begun = self._last_begun
        is_ahead = begun is not None and said.turn > begun.said.turn and said.at < begun.at
        return begun.study if begun is not None and is_ahead and said.study == begun.said.study else said.study

    def _note_begun(self, event: events.ChatEvent, said: Said) -> None:
        if not isinstance(event, events.ToolReturned) or event.tool != "start_study" or event.is_error:
            return
        if (study := about(event.result).study) is not None:
            self._last_begun = Begun(study=study, said=said, at=now())

    def _kept_files(self, turn: int) -> tuple[str, ...]:
        """Where the files of a turn lie, which were moved when they were read."""
        said = [event for event in self._conversation.history(turn) if isinstance(event, events.MessageSaid)]
        return said[0].files if said else ()

    def _show(self, event: events.ChatEvent, turn: int, moment: Moment | None = None) -> None:
        """Shows an event of an answer; `moment` is when it was, if it was before a restart."""
        if isinstance(event, events.TurnsReplaced):
            self._take_out(event.turns)
            self._tell_what_stays(turn, event.stays)
        apply(self.transcript, event, answer=f"answer/{turn}", moment=moment)
        if isinstance(event, events.ToolReturned) and event.tool in _STEERING:
            study, after = about(event.result).study, moment.at if moment else ""
            if study is not None and study in self._workspace.runner.names():
                self.follow_study(study, is_begun_here=event.tool == "start_study", after=after)

    def _take_out(self, turns: tuple[int, ...]) -> None:
        """What studies did meanwhile stays."""
        told = [f"stays/{turn}" for turn in turns]
        block = [entry.key for entry in self.transcript.entries() if entry.is_of_turn and entry.turn in turns]
        self.transcript.remove([*block, *told])

    def _tell_what_stays(self, turn: int, text: str, at: str | None = None) -> None:
        """Of turns that were taken out."""
        if text:
            self.transcript.put(Entry(key=f"stays/{turn}", kind="note", text=text, turn=turn, at=at))

    def _restore(self, shown: Sequence[Shown]) -> None:
        self._conversation.close_lost()
        self._recall()
        recall_shown(self.transcript, shown)
        self._turns = count(self.transcript.turn + 1)
        self.follow()
        for study, followed in self._followed.items():
            recall_end(self.transcript, self._workspace, study, self._begun, followed.since)

    def _recall(self, turns: Collection[int] | None = None) -> None:
        """Shows what was said before; `turns`: only of these."""
        moment = Moment(-1, "")
        for event in self._conversation.history():
            if isinstance(event, events.MessageSaid):
                moment = Moment(event.turn, event.begun)
                self._begun[event.turn] = event.begun
                self.transcript.begin(event.turn)
            if turns is not None and moment.turn not in turns:
                continue
            if isinstance(event, events.MessageSaid):
                self.transcript.put(_entry(event.turn, event.text, event.files, event.at))
                self._tell_what_stays(event.turn, event.stays, event.begun)
                continue
            at = event.at if isinstance(event, events.AnswerFinished) else moment.at
            self._show(event, moment.turn, Moment(moment.turn, at))
            if isinstance(event, events.ToolReturned) and isinstance(begun := event.result, ConfirmationBegun):
                recall_confirmation(self.transcript, self._workspace, begun.study, begun.confirmation)


def _entry(turn: int, text: str, files: tuple[str, ...], at: str) -> Entry:
    return Entry(key=f"said/{turn}", kind="said", role="user", text=text, files=files, turn=turn, at=at)
