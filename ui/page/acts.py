"""What a tab may ask to be done: each act names its chat or study, and the person is known from the login."""

import re
import threading
from collections.abc import Callable, Mapping, Sequence

from agent.confirming.opening import stop_confirmation
from agent.studies.study import Study
from agent.workspace import Workspace
from ui.chats import Chat
from ui.door.limits import MESSAGE_LENGTH, MESSAGES_WAITING, MOST_FILES, Rates
from ui.open_chats import OpenChats
from ui.owners import is_own
from ui.page.refusals import NO_STUDY, NOT_YOURS, Refused
from ui.page.settled import is_open

ANSWERED = "This was answered before, so nothing was done; the latest question stands at the end of the chat."
TOO_MANY = "That is faster than they can be answered; say it again in a moment."


class Acts:
    """Those of one server."""

    def __init__(self, workspace: Workspace, chats: OpenChats) -> None:
        self._workspace = workspace
        self._chats = chats
        self._rates = Rates()
        self._deciding = threading.Lock()  # held from looking what waits until it is decided
        self._answering = threading.Lock()  # held from looking whether a question is open until it is answered
        self._steps: Mapping[str, Callable[[Study], None]] = {
            "pause": lambda study: study.pause(),
            "resume": lambda study: study.resume(),
            "stop": self._stop,
        }

    def chat(self, chat: object, person: str | None) -> Chat:
        """Raises Refused: it is another person's, or none."""
        if not isinstance(chat, str) or not is_own(chat, person):
            raise Refused(NOT_YOURS, 403)
        return self._chats.get(chat, person)

    def study(self, name: object) -> Study:
        """Raises Refused: there is none of that name; agent.errors.UserError: it cannot be read."""
        called = self._workspace.runner.called(name) if isinstance(name, str) else None
        if called is None:
            raise Refused(NO_STUDY, 404)
        return self._workspace.runner.peek(called)

    def say(
        self,
        chat: Chat,
        person: str | None,
        text: str,
        files: Sequence[str],
        study: str | None,
        answers: str | None = None,
    ) -> None:
        """Takes a message, said where a tab shows a study; only when this returns does it leave the box.

        Args:
            answers: The key of the entry whose button says it; an entry is answered once.

        Raises:
            Refused: It is empty, too long, one too many, or answers what was answered before.
        """
        text = text.strip()
        if not text and not files:
            raise Refused("There is nothing in this message.")
        _check_length(text)
        if len(files) > MOST_FILES:
            raise Refused(f"Up to {MOST_FILES} files are dropped together, these are {len(files)}.", 413)
        answered = re.match(r"answer\s*:\s*(?P<text>.+)", text, re.IGNORECASE | re.DOTALL)
        shown = study or chat.study
        if answered and shown and (found := self.study(shown)).question is not None:
            self.answer(found, person, answered["text"])
            return
        if chat.n_waiting >= MESSAGES_WAITING:
            raise Refused(TOO_MANY, 429)
        self._count(chat.id, person)
        with self._answering:
            if answers is not None and not is_open(chat.transcript.entries(), answers):
                raise Refused(ANSWERED, 409)
            chat.say(text, tuple(files), study, answers or "")

    def again(self, chat: str, person: str | None, study: str | None) -> None:
        """The last answer is given again."""
        self._count(chat, person)
        self.chat(chat, person).retry(study)

    def edit(self, chat: str, person: str | None, turn: object, text: object, study: str | None) -> None:
        """An earlier message is said otherwise; what came after it gives way.

        Raises:
            Refused: It is no message, or too long.
        """
        if not isinstance(turn, int) or not isinstance(text, str):
            raise Refused("A message is named by its turn, and said as a text.")
        _check_length(text)
        self._count(chat, person)
        self.chat(chat, person).edit(turn, text, study)

    def steer(self, study: Study, person: str | None, action: str) -> str:
        """Pauses, resumes or stops a study; a confirmation of it that runs is stopped instead. Returns what was done.

        Raises:
            Refused: There is no such action, or another person began the study.
            agent.errors.UserError: It cannot be, in the state that it is in.
        """
        if action not in self._steps:
            raise Refused(f"A study can be told to {', '.join(self._steps)}; got {action[:40]!r}.", 404)
        self._check_own(study, person, f"{action} the study {study.title}")
        self._steps[action](study)
        return ""

    def approve(self, study: Study, person: str | None, trial: object, proposal: object) -> None:
        """Runs the trial that waits.

        Args:
            proposal: The mark of what the person saw.
        """
        with self._deciding:
            self._check_waits(study, person, "run", trial, proposal)
            study.approve()

    def reject(self, study: Study, person: str | None, trial: object, proposal: object) -> None:
        """Another trial is proposed instead of the one that waits."""
        with self._deciding:
            self._check_waits(study, person, "reject", trial, proposal)
            study.reject()

    def answer(self, study: Study, person: str | None, text: str) -> None:
        """Answers a language model's question."""
        if study.begun.is_of_another(person):
            raise Refused(f"{study.begun.person} began this study and is asked this.", 403)
        study.answer(text)

    def rename(self, study: Study, person: str | None, title: str) -> None:
        """Calls a study otherwise from now on."""
        self._check_own(study, person, f"rename the study {study.title} to …")
        self._workspace.runner.rename(study.title, title)

    def delete(self, study: Study, person: str | None) -> None:
        """Takes a study out of sight, which `restore` takes back."""
        self._check_own(study, person, f"delete the study {study.title}")
        self._workspace.runner.delete(study.title)

    def restore(self, name: str) -> Mapping[str, object]:
        """Brings a deleted study back; `name` is its own."""
        return {"said": f"The study {self._workspace.runner.restore(name).title} is back."}

    def _count(self, chat: str, person: str | None) -> None:
        if not self._rates.takes(person or chat):
            raise Refused(TOO_MANY, 429)

    def _stop(self, study: Study) -> None:
        if stop_confirmation(self._workspace, study.spec.name) is None:
            study.stop()

    def _check_waits(self, study: Study, person: str | None, act: str, trial: object, proposal: object) -> None:
        self._check_own(study, person, f"{act} the trial that waits in study {study.title}")
        pending = study.waiting()
        if pending is None or pending.number != trial:
            raise Refused(f"Trial {trial if isinstance(trial, int) else '?'} of {study.title} no longer waits.", 409)
        if pending.mark != proposal:
            other = f"Trial {trial} of {study.title} is now proposed with other params"
            raise Refused(f"{other}; look at them, then say it again. Nothing was done.", 409)

    def _check_own(self, study: Study, person: str | None, say: str) -> None:
        if study.begun.is_of_another(person):
            instead = f"say “{say}” in the chat to do it all the same"
            raise Refused(f"{study.begun.person} began this study; {instead}.", 403)


def _check_length(text: str) -> None:
    if len(text) > MESSAGE_LENGTH:
        most = f"A message has up to {MESSAGE_LENGTH:,} characters, this one {len(text):,}; drop it as a file."
        raise Refused(most, 413)
