"""The handlers of the page: what each click, message and tick of a tab does, and what the tab shows then."""

import html
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import gradio as gr

from agent.confirming.opening import confirmations_of, stop_confirmation
from agent.errors import USER_ERRORS, SetupError
from agent.llm.nearby import nearby_models
from agent.secrets import masked
from agent.studies.runner import Action
from agent.studies.study import Study
from agent.workspace import Workspace
from recmodels.pretrained.shelf import all_shelved
from ui import panel
from ui.chats import Chat, OpenChats
from ui.door.limits import MESSAGE_LENGTH, MESSAGES_WAITING, MOST_FILES, Rates
from ui.looks import Look, Looks
from ui.render import answer_of, decision, messages
from ui.report import write_report
from ui.transcript import Waiting

NO_STUDY = "There is no study yet."


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What the panel of a tab showed last; a part is drawn again when it differs."""

    turned_to: str = ""  # the chat and its study; the panel follows when these change
    card: str = ""
    results: str = ""
    curves: str = ""
    confirmed: str = ""


class Page:
    """The handlers of one server. What belongs to a tab lies in Gradio's states and in the values of its components.

    `study_name` is always the study that the tab shows and names: what a button does, it does to that one.
    """

    def __init__(
        self, workspace: Workspace, chats: OpenChats, *, takes_any_llm: bool = False, looks: Looks | None = None
    ) -> None:
        """
        Args:
            takes_any_llm: A person may type the language model, so that the server calls an address of theirs.
            looks: How studies look; None looks again each time.
        """
        self._workspace = workspace
        self._chats = chats
        self._looks = looks or Looks(workspace)
        self._takes_any_llm = takes_any_llm
        self._rates = Rates()
        self._nearby: list[str] = []  # language models that were found on this machine

    # -- chats ----------------------------------------------------------------------------------------------

    def arrive(self, remembered: str | None, request: gr.Request) -> tuple[str, Any, Any]:
        """A tab opens on the chat that it showed before, else on the person's latest, and then takes messages."""
        known = self._known(request)
        latest = known[0][1] if known else _fresh_id(request)
        chat_id = remembered if remembered and is_own(remembered, request) else latest
        is_known = any(known_id == chat_id for _, known_id in known)
        choices = known if is_known else [("New chat", chat_id), *known]
        return chat_id, gr.Dropdown(choices=choices, value=chat_id), gr.MultimodalTextbox(interactive=True)

    def new_chat(self, request: gr.Request) -> tuple[str, Any]:
        """A new chat next to the old ones."""
        chat_id = _fresh_id(request)
        return chat_id, gr.Dropdown(choices=[("New chat", chat_id), *self._known(request)], value=chat_id)

    def pick_chat(self, chosen: str, request: gr.Request) -> str:
        """The person turns to another of their chats.

        Raises:
            gr.Error: It is another person's, or none.
        """
        return _own(chosen, request)

    def titles(self, chat_id: str, request: gr.Request) -> Any:
        """The names of the chats, of which a new one has its name from its first message."""
        known = self._known(request)
        is_known = any(known_id == chat_id for _, known_id in known)
        return gr.Dropdown(choices=known, value=chat_id) if is_known else gr.skip()

    def login(self, request: gr.Request) -> str:
        """Whose page it is, and the way out; empty where nobody logs in."""
        if not request.username:
            return ""
        name = html.escape(request.username)
        return f'<form method="post" action="logout">Logged in as <b>{name}</b> <button>Log out</button></form>'

    # -- speaking -------------------------------------------------------------------------------------------

    def say(self, message: dict[str, Any] | None, chat_id: str, request: gr.Request) -> None:
        """Takes a message; only when this returns does it leave the box.

        Raises:
            gr.Error: The page is still opening, or the message is too long or one too many.
        """
        message = message or {}
        text, files = (message.get("text") or "").strip(), tuple(message.get("files") or ())
        chat = self._chat(chat_id, request) if text or files else None
        _check_size(text, files)
        answered = re.match(r"answer\s*:\s*(?P<text>.+)", text, re.IGNORECASE | re.DOTALL)
        if answered and chat and chat.study and (study := self._study(chat.study)) and study.question is not None:
            self._answer(chat.study, answered["text"], request)
        elif chat:
            self._say(chat, request, text, files)

    async def watch(self, chat_id: str, request: gr.Request) -> AsyncIterator[Any]:
        """The chat as its answers are written, until none is left to write; and what the tab has seen of it then."""
        chat = self._chat(chat_id, request)
        async for version in chat.watch():
            yield messages(chat.transcript), _seen(chat, version)

    def pick_example(self, chat_id: str, picked: gr.SelectData, request: gr.Request) -> None:
        """An example is said as if typed."""
        self._say(self._chat(chat_id, request), request, picked.value["text"])

    def pick_choice(self, chat_id: str, picked: gr.SelectData, request: gr.Request) -> None:
        """A choice below an answer is said as if typed; the two of a trial that waits act at once."""
        chat = self._chat(chat_id, request)
        decided, answered = decision(chat.transcript, picked.value), answer_of(chat.transcript, picked.value)
        if decided is not None:
            self._decide(*decided, request)
        elif answered is not None:
            self._answer(*answered, request)
        elif any(picked.value in entry.choices for entry in chat.transcript.entries()):
            self._say(chat, request, picked.value)
        else:
            gr.Warning("This was decided already.")

    # -- showing --------------------------------------------------------------------------------------------

    def draw(self, chat_id: str, study_name: str | None, request: gr.Request) -> Any:
        """Everything that is shown; the panel turns to the chat's study."""
        return self.tick(chat_id, study_name, Drawn(), "", request)

    def pick_study(self, chat_id: str, study_name: str | None, drawn: Drawn, seen: str, request: gr.Request) -> Any:
        """Shows the study that was picked, until the chat turns to another."""
        return self.tick(chat_id, study_name, Drawn(turned_to=drawn.turned_to), seen, request)

    def tick(self, chat_id: str, study_name: str | None, drawn: Drawn, seen: str, request: gr.Request) -> Any:
        """Draws what has changed since the last look and nothing else, since a plot keeps the browser busy.

        Args:
            drawn: What the tab shows of a study.
            seen: What it shows of the chat.
        """
        if not chat_id:
            return gr.skip()
        chat = self._chat(chat_id, request)
        chat.follow()
        turned_to = f"{chat.id}/{chat.study or ''}"
        # among several people a chat shows what is its own
        other = study_name or (None if request.username else self._looks.latest())
        name = chat.study if chat.study and turned_to != drawn.turned_to else other
        look = self._looks.of(name) if name else None
        now, said = _drawn(look, turned_to), _seen(chat, chat.transcript.version)
        if (now, said) == (drawn, seen):
            return gr.skip()
        has_results, has_curves = now.results != drawn.results, now.curves != drawn.curves
        has_words = has_results or now.confirmed != drawn.confirmed
        shown = look.shown if look else None
        return (
            messages(chat.transcript) if said != seen else gr.skip(),
            now if now != drawn else gr.skip(),
            now.card if now.card != drawn.card else gr.skip(),
            (shown and shown.values) if has_results else gr.skip(),
            (shown and shown.curves) if has_curves else gr.skip(),
            (shown.trials if shown else []) if has_results else gr.skip(),
            self._names(shown.study if shown else None, study_name) if has_results else gr.skip(),
            (shown.standing if shown else "") if has_words else gr.skip(),
            said if said != seen else gr.skip(),
        )

    # -- the study that is shown ----------------------------------------------------------------------------

    def steer(self, action: Action) -> Callable[[str | None, str, gr.Request], str]:
        """A handler that pauses, resumes or stops the study.

        What is stopped instead is a file that is being read for the chat, else a confirmation of the study that runs.
        """

        def handler(study_name: str | None, chat_id: str, request: gr.Request) -> str:
            study = self._study(study_name)
            if action == "stop" and self._workspace.readings.stop(_own(chat_id, request)):
                return panel.status_card(study.status() if study else None)
            if study is None:
                gr.Warning(NO_STUDY)
                return panel.status_card(None)
            if _is_anothers(study, request, f"{action} the study {study.title}"):
                return panel.status_card(study.status())
            try:
                if action != "stop" or stop_confirmation(self._workspace, study.spec.name) is None:
                    self._workspace.runner.control(study.spec.name, action)
            except USER_ERRORS as error:
                gr.Warning(masked(str(error)))
            return panel.status_card(study.status())

        return handler

    def report(self, study_name: str | None) -> str:
        """Writes the report and returns where it lies.

        Raises:
            gr.Error: There is no study.
        """
        study = self._study(study_name)
        if study is None:
            raise _refused(NO_STUDY)
        found = confirmations_of(self._workspace, study.spec.name)
        return str(write_report(study, self._workspace.settings.reports, found))

    # -- settings -------------------------------------------------------------------------------------------

    def llm_choices(self, chat_id: str = "") -> list[str]:
        """The language models that may be chosen: built-in ones, those kept here or found nearby, that of the start."""
        settings = self._workspace.settings
        kept = [model.name for model in all_shelved(settings.models)]
        here = self._workspace.settings_of(chat_id).chosen_llm
        return list(dict.fromkeys((settings.chosen_llm, "pilot", *kept, *self._nearby, "none", here)))

    def settings(self, chat_id: str, request: gr.Request) -> tuple[Any, bool]:
        """What was chosen in this chat: its language model, and whether trials need approval."""
        chosen = self._workspace.settings_of(_own(chat_id, request))
        return gr.Dropdown(choices=self.llm_choices(chat_id), value=chosen.chosen_llm), chosen.needs_approval

    def look_nearby(self, chat_id: str, request: gr.Request) -> Any:
        """Offers the models of servers on this machine too."""
        _own(chat_id, request)
        self._nearby = nearby_models()
        found = f"{len(self._nearby)} model(s)" if self._nearby else "no server that lists a model"
        gr.Info(f"Found on this machine: {found}.")
        return self.settings(chat_id, request)[0]

    def choose_llm(self, text: str, chat_id: str, request: gr.Request) -> str:
        """Another language model for this chat, from its next message on."""
        before = self._workspace.settings_of(_own(chat_id, request)).chosen_llm
        try:
            if not self._takes_any_llm and text not in self.llm_choices(chat_id):
                raise SetupError(
                    "this page offers the language models of its list only; start it with `--any-llm` to type others"
                )
            chosen = self._workspace.use_llm(text, chat_id)
        except USER_ERRORS as error:
            gr.Warning(masked(str(error)))
            return before
        gr.Info(f"The next answer here comes from {chosen}.")
        return chosen

    def set_approval(self, is_needed: bool, chat_id: str, request: gr.Request) -> None:
        """Whether the studies that begin in this chat from now on ask before each trial."""
        self._workspace.set_approval(bool(is_needed), _own(chat_id, request))

    def _say(self, chat: Chat, request: gr.Request, text: str, files: tuple[str, ...] = ()) -> None:
        """Raises gr.Error: it is too long, or too many were said in a short time."""
        _check_size(text, files)
        if chat.n_waiting >= MESSAGES_WAITING or not self._rates.takes(request.username or chat.id):
            raise _refused("That is faster than they can be answered; say it again in a moment.")
        chat.say(text, files)

    def _answer(self, study_name: str, text: str, request: gr.Request) -> None:
        """Answers a language model's question."""
        study = self._study(study_name)
        if study is not None and _is_anothers(study, request):
            return
        try:
            if study is not None:
                study.answer(text)
        except USER_ERRORS as error:
            gr.Warning(masked(str(error)))

    def _decide(self, waiting: Waiting, is_approved: bool, request: gr.Request) -> None:
        study = self._study(waiting.study)
        if study is not None and _is_anothers(study, request, f"run the trial that waits in study {study.title}"):
            return
        pending = study.status().pending if study else None
        if study is None or pending is None or pending.number != waiting.trial:
            gr.Warning(f"Trial {waiting.trial} of {waiting.study} no longer waits.")
            return
        try:
            if is_approved:
                study.approve()
            else:
                study.reject()
        except USER_ERRORS as error:
            gr.Warning(masked(str(error)))

    def _chat(self, chat_id: str, request: gr.Request) -> Chat:
        if not chat_id:
            raise _refused("The page is still opening; say it again in a moment.")
        return self._chats.get(_own(chat_id, request), request.username)

    def _study(self, name: str | None) -> Study | None:
        """The study of that name; looking at it makes it nobody else's."""
        return self._workspace.runner.peek(name) if name else None

    def _names(self, study: Study | None, shown: str | None) -> Any:
        """The studies to pick from; the value only where the panel turns, since the person may be picking just now."""
        names = self._workspace.runner.names()
        turns = study is not None and study.spec.name != shown
        return gr.update(choices=names, value=study.spec.name) if study and turns else gr.update(choices=names)

    def _known(self, request: gr.Request) -> list[tuple[str, str]]:
        """(title, id) of this person's chats, the latest first."""
        return [(chat.title, chat.id) for chat in self._workspace.chats.all() if is_own(chat.id, request)]


def _drawn(look: Look | None, turned_to: str) -> Drawn:
    """What a tab shows after this look; None: there is no study."""
    if look is None:
        return Drawn(turned_to=turned_to, card=panel.status_card(None))
    parts = {"card": look.card, "results": look.results, "curves": look.curves, "confirmed": look.confirmed}
    return Drawn(turned_to=turned_to, **parts)


def _seen(chat: Chat, version: int) -> str:
    """Of a chat, at a version of its transcript."""
    return f"{chat.id}/{version}"


def _is_anothers(study: Study, request: gr.Request, say: str | None = None) -> bool:
    """Whether another person began the study, which is then told, with what the chat asks about and does."""
    if not study.begun.is_of_another(request.username):
        return False
    instead = f"; say “{say}” in the chat to do it all the same" if say else " and is asked this"
    gr.Warning(f"{study.begun.person} began this study{instead}.")
    return True


def _owner(request: gr.Request) -> str:
    return f"{request.username}-" if request.username else "chat-"


def is_own(chat_id: str, request: gr.Request) -> bool:
    """Whether it can be a chat of this person: a browser may send anything."""
    return re.fullmatch(rf"{re.escape(_owner(request))}[0-9a-f]{{8}}", chat_id) is not None


def _check_size(text: str, files: tuple[str, ...]) -> None:
    if len(text) > MESSAGE_LENGTH:
        raise _refused(f"A message has up to {MESSAGE_LENGTH:,} characters, this one {len(text):,}; drop it as a file.")
    if len(files) > MOST_FILES:
        raise _refused(f"Up to {MOST_FILES} files are dropped together, these are {len(files)}.")


def _refused(sentence: str) -> gr.Error:
    return gr.Error(masked(sentence), print_exception=False)


def _own(chat_id: str, request: gr.Request) -> str:
    if not is_own(chat_id, request):
        raise _refused("This is no chat of yours.")
    return chat_id


def _fresh_id(request: gr.Request) -> str:
    return f"{_owner(request)}{uuid4().hex[:8]}"
