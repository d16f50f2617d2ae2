"""The chats that are open in this server: each a conversation, its transcript, and the studies that it follows."""

import logging
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace
from itertools import count

from agent import events, outside
from agent.chat.conversation import Conversation
from agent.confirming.opening import outlook
from agent.errors import USER_ERRORS, UserError
from agent.results.confirmed import ConfirmationBegun
from agent.results.subject import about
from agent.secrets import without_keys
from agent.stopping import Stop, StoppedError
from agent.studies.machine import ENDED
from agent.studies.study_spec import trials_done
from agent.workspace import Workspace
from ui.confirmation import write_record
from ui.door.incoming import let_go
from ui.meanwhile import Followed, dated, moment_of
from ui.render import apply
from ui.transcript import Entry, Moment, Transcript, now

GRACE_S = 2.0  # so long a stopped answer may take to end; then the chat goes on without it
FOLLOW_S = 0.25  # how often it is looked at what studies did, for all chats together
IDLE_S = 60.0  # after that long without a screen nothing is looked at
MAX_OPEN = 64  # chats kept in memory; more only while all of them work
BROKEN = "Something went wrong here; `debug.log` in the home folder says what. What was said before is kept."
_STEERING = (
    "start_study",
    "open_study",
    "run_trial",
    "extend_study",
    "repeat_trial",
    "control_study",
    "confirm",
)  # the tools after which a chat follows their study

_log = logging.getLogger(__name__)


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
        known = {key: Moment(*moment) for key, moment in workspace.chats.shown(chat_id).items()}
        self.transcript = Transcript(known)
        self._workspace = workspace
        self._conversation = conversation or Conversation(workspace, chat_id, person=person)
        self._followed: dict[str, Followed] = {}  # by study
        self._begun: dict[int, str] = {}  # turn → when it began, ISO 8601
        self._study: str | None = None
        self._turns = count()  # their numbers, from the next one on
        self._said: deque[_Said] = deque()  # what waits for an answer
        self._answering: _Said | None = None  # what is being answered
        self._worker: object = None  # who answers; another one takes over where a stopped answer does not end
        self._speaking = threading.Lock()  # held to read and change the three above
        self._following = threading.Lock()  # held from reading a study's events until they are shown
        self._restore()
        self._study = workspace.chats.study(chat_id) or self._study

    @property
    def study(self) -> str | None:
        """The name of the study that was last begun, opened or steered here, or that the person turned to."""
        return self._study

    @property
    def is_answering(self) -> bool:
        """Whether an answer is being given, or messages wait for one."""
        return self._worker is not None

    @property
    def is_watched(self) -> bool:
        """Whether a screen listens to its transcript."""
        return self.transcript.is_watched

    @property
    def n_waiting(self) -> int:
        """Messages that are not being answered yet."""
        return len(self._said)

    @property
    def is_working(self) -> bool:
        """Whether an answer is being given, or a study that is followed goes on."""
        return self.is_answering or any(not self._workspace.runner.peek(name).is_over for name in list(self._followed))

    def turn_to(self, study: str | None) -> None:
        """The person turns to a study in this chat; None: to none."""
        self._study = study
        self._workspace.chats.turn_to(self.id, study)

    def say(self, text: str, files: tuple[str, ...] = (), study: str | None = None) -> None:
        """Takes a message; it is answered in the background, after those that were said before it.

        Args:
            study: The one that the person sees beside the chat.
        """
        with self._speaking:
            turn = next(self._turns)
            self._say(_Said(turn=turn, at=now(), text=without_keys(text), files=files, study=study))

    def retry(self, study: str | None = None) -> None:
        """The last answer is given again; one that is being given is stopped first.

        Args:
            study: The one that the person sees beside the chat.

        Raises:
            UserError: Nothing was said yet.
        """
        said = [entry for entry in self.transcript.entries() if entry.kind == "said"]
        waiting = {one.turn for one in list(self._said)}
        last = next((entry for entry in reversed(said) if entry.turn not in waiting), None)
        if last is None:
            raise UserError("nothing was said here yet, so there is no answer to give again")
        self._replace(last, last.text, study)

    def edit(self, turn: int, text: str, study: str | None = None) -> None:
        """What the person said in a turn is said otherwise; it and all that came after it give way.

        Args:
            study: The one that the person sees beside the chat.

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
        with self._speaking:
            if self.is_answering:
                raise UserError("an answer is being given; wait for it or stop it first")
            undone, study = self._conversation.undo(), self._study
            self._take_out(undone.taken)
            self._recall(turns=undone.back)
            self._study = study
        return undone.stays

    def _replace(self, old: Entry, text: str, study: str | None) -> None:
        """Says it instead of an earlier message, before what waits; what waits itself is changed where it stands."""
        if not any(one.turn == old.turn for one in list(self._said)):
            self.stop()
        with self._speaking:
            waiting = list(self._said)
            new = _Said(turn=0, at=now(), text=without_keys(text), files=old.files, study=study)
            if any(one.turn == old.turn for one in waiting):
                waiting = [new if one.turn == old.turn else one for one in waiting]
            else:
                waiting = [replace(new, replaces=old.turn), *waiting]
            self.transcript.remove([f"said/{one.turn}" for one in self._said])
            self._said.clear()
            for one in waiting:
                self._say(replace(one, turn=next(self._turns)))

    def _say(self, said: "_Said") -> None:
        """Takes a message; called with `_speaking` held."""
        self.transcript.put(_entry(said.turn, said.text, said.files, said.at))
        self._said.append(said)
        if self._worker is None:
            self._begin()

    def stop(self, *, drops_waiting: bool = False) -> bool:
        """Stops the answer that is being given, from any thread; what was written of it stays.

        Args:
            drops_waiting: The messages that wait are taken back, too; else the next one is answered.

        Returns:
            Whether there was one.
        """
        with self._speaking:
            said, waiting = self._answering, list(self._said) if drops_waiting else []
            for one in waiting:
                self._said.remove(one)
        self.transcript.remove([f"said/{one.turn}" for one in waiting])
        if said is None:
            return False
        said.stop.set()
        late = threading.Timer(GRACE_S, self._leave, (said,))
        late.daemon = True
        late.start()
        return True

    def follow(self) -> None:
        """Takes in what the followed studies did since the last call."""
        with self._following:
            for study, followed in list(self._followed.items()):
                fresh = self._workspace.runner.events(study, after=followed.n_seen)
                followed.n_seen += len(fresh)
                for event, at in dated(fresh):
                    if at < followed.after:
                        continue
                    moment = moment_of(at, self._begun, followed.since) if at else None
                    apply(self.transcript, event, answer="", moment=moment)
                    if isinstance(event, events.ConfirmationFinished):
                        write_record(event.confirmation, self._workspace.settings.reports)
            if first := self.transcript.fresh():
                self._workspace.chats.note_shown(self.id, first)

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

    def _begin(self) -> None:
        """Answers what waits, in a thread of its own; called with `_speaking` held."""
        worker = self._worker = object()
        threading.Thread(target=self._answer_all, args=(worker,), name=f"chat {self.id}", daemon=True).start()

    def _leave(self, said: "_Said") -> None:
        """Goes on without an answer that was stopped and does not end, such as one that waits for a dead server."""
        with self._speaking:
            if self._answering is not said:
                return
            self._answering = None
            self._worker = object()  # of nobody: what is said now waits until this answer is closed
        told = self._conversation.leave(said.stop)
        ended = [] if told else self._conversation.history(said.turn)  # just now, without a word here
        for event in told or [event for event in ended if isinstance(event, events.AnswerFinished)]:
            self._show(event, said.turn)
        with self._speaking:
            self._begin()

    def _answer_all(self, worker: object) -> None:
        while (said := self._next(worker)) is not None:
            self._answer(said, worker)

    def _next(self, worker: object) -> "_Said | None":
        with self._speaking:
            if self._worker is not worker:
                return None
            self._answering = self._said.popleft() if self._said else None
            if self._answering is None:
                self._worker = None
            return self._answering

    def _answer(self, said: "_Said", worker: object) -> None:
        turn = said.turn
        self._begun[turn] = now()
        self.transcript.begin(turn)
        try:
            for event in self._conversation.send(
                said.text,
                said.files if said.replaces is None else self._kept_files(said.replaces),
                study=said.study,
                turn=turn,
                said_at=said.at,
                stop=said.stop,
                replaces=said.replaces,
            ):
                if self._worker is not worker:
                    return
                self._show(event, turn)
        except StoppedError:  # it was left meanwhile
            return
        except USER_ERRORS as error:
            self._fail(said, worker, outside.said(str(error)))
        except Exception:  # noqa: BLE001 - a bug ends this answer, not the chat
            _log.exception("chat %s broke", self.id)
            self._fail(said, worker, BROKEN)
        finally:
            self._workspace.chats.turn_to(self.id, self._study)
            let_go(said.files)

    def _kept_files(self, turn: int) -> tuple[str, ...]:
        """Where the files of a turn lie, which were moved when they were read."""
        said = [event for event in self._conversation.history(turn) if isinstance(event, events.MessageSaid)]
        return said[0].files if said else ()

    def _fail(self, said: "_Said", worker: object, text: str) -> None:
        if self._worker is worker:
            self.transcript.put(Entry(key=f"answer/{said.turn}", text=text, is_error=True))

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

    def _restore(self) -> None:
        self._recall()
        self._turns = count(self.transcript.turn + 1)
        self.follow()
        for study in self._followed:
            self._recall_end(study)

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
                self._recall_confirmation(begun.study, begun.confirmation)

    def _recall_end(self, study: str) -> None:
        """How a followed study ended, where that is the last that is known of it."""
        found = self._workspace.runner.peek(study)
        status = found.status()
        if status.state == "finished":
            ended = events.StudyFinished(
                study=study, best=found.best(), n_finished=status.n_finished, reason=status.reason
            )
            last = found.records()[-1:]
            since = self._followed[study].since
            moment = moment_of(last[0].finished_at, self._begun, since) if last else None
            apply(self.transcript, ended, answer="", moment=moment)
        if status.state != "stopped" or status.reason != ENDED:
            return
        name, done = outside.text(study), trials_done(status.n_finished, status.n_trials)
        text = f"The program ended while **{name}** ran: it is stopped with {done}. `resume {name}` goes on with it."
        self.transcript.put(Entry(key=f"{study}/ended", kind="state", study=study, text=text))

    def _recall_confirmation(self, study: str, number: int) -> None:
        """What became of a confirmation that was begun here, when this server did not run yet."""
        known = outlook(self._workspace, study)
        found = next((one for one in known.all if one.number == number), None)
        if found is None:
            return
        if found.is_done:
            apply(self.transcript, events.ConfirmationFinished(study=study, confirmation=found), answer="")
        elif known.holder is None:
            apply(self.transcript, events.ConfirmationStopped(study=study, confirmation=found, reason=""), answer="")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """A message that waits for its answer."""

    turn: int
    at: str  # when it was said, ISO 8601
    text: str
    files: tuple[str, ...]
    study: str | None  # that the person saw beside the chat
    stop: Stop = field(default_factory=Stop)
    replaces: int | None = None  # the first turn that it takes the place of


def _entry(turn: int, text: str, files: tuple[str, ...], at: str) -> Entry:
    return Entry(key=f"said/{turn}", kind="said", role="user", text=text, files=files, turn=turn, at=at)


class OpenChats:
    """The chats of one server by id, opened when first looked at; the longest unused are let go.

    One thread takes in what studies did for all of them, so that no screen has to ask.
    """

    def __init__(self, workspace: Workspace, max_open: int = MAX_OPEN, make: Callable[..., Chat] = Chat) -> None:
        self._workspace = workspace
        self._max_open = max_open
        self._make = make
        self._open: OrderedDict[str, Chat] = OrderedDict()  # the latest used last
        self._lock = threading.Lock()
        self._following: threading.Thread | None = None

    def get(self, chat_id: str, person: str | None = None) -> Chat:
        """The chat, restored from `chats.db` where it is not open; one that works or is looked at stays open.

        Args:
            person: Who has logged in: a chat is one person's.
        """
        with self._lock:
            if chat_id not in self._open:
                self._open[chat_id] = self._make(self._workspace, chat_id, **({"person": person} if person else {}))
            self._open.move_to_end(chat_id)
            self._let_go()
            if self._following is None:
                self._following = threading.Thread(target=self._follow, name="chats follow", daemon=True)
                self._following.start()
            return self._open[chat_id]

    def _let_go(self) -> None:
        for chat_id in list(self._open)[:-1]:
            if len(self._open) <= self._max_open:
                return
            chat = self._open[chat_id]
            if not chat.is_working and not chat.is_watched:
                del self._open[chat_id]

    def _follow(self) -> None:
        """Until no chat has been looked at for a while; the next that is opened begins it again."""
        idle_s = 0.0
        while True:
            time.sleep(FOLLOW_S)
            with self._lock:
                chats = [chat for chat in self._open.values() if chat.is_watched]
                idle_s = 0.0 if chats else idle_s + FOLLOW_S
                if idle_s > IDLE_S:
                    self._following = None
                    return
            for chat in chats:
                try:
                    chat.follow()
                except Exception:  # noqa: BLE001 - a bug in one chat leaves the others as they are
                    _log.exception("what happened cannot be shown in chat %s", chat.id)
