"""The language models that a page offers: which there are, what a server lists, whether one answers, and choosing one.

A page calls no address that a person typed unless the start allowed it (`takes_any`).
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from agent.errors import SetupError
from agent.llm.nearby import LONGEST_NAME, MOST_MODELS, nearby_models
from agent.llm.probe import TIME_S, Probed, in_settings, probe
from agent.origins import is_loopback, is_url
from agent.secrets import masked_address
from agent.settings import Settings
from agent.workspace import Workspace
from recmodels.outside import visible
from recmodels.pretrained.shelf import ShelvedModel, all_shelved

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

Kind = Literal["start", "built in", "kept", "nearby", "chosen"]
_MOST_KEPT = 32  # results of tests, and lists of servers


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A language model that may be chosen."""

    text: str  # what chooses it, as `--llm` takes it; for a server, after a space, its model
    kind: Kind
    is_chosen: bool
    says: str  # what it is, in a phrase
    result: Probed | None = None  # of the last test

    @property
    def shown(self) -> str:
        """The text without secrets and with what cannot be seen written out."""
        return visible(masked_address(self.text))


class KnownModels:
    """What one server has found out about language models: it is the same for all tabs."""

    def __init__(
        self, *, takes_any: bool = False, look: Callable[[], list[str]] = nearby_models, time_s: float = TIME_S
    ) -> None:
        """
        Args:
            takes_any: A person may type an address, which this server calls then.
            look: Finds models on this machine.
            time_s: For each request of a test.
        """
        self.takes_any = takes_any
        self._look = look
        self._time_s = time_s
        self._nearby: tuple[str, ...] = ()
        self._results: dict[str, Probed] = {}
        self._lists: dict[str, tuple[str, ...]] = {}
        self._lock = threading.Lock()

    def look(self) -> int:
        """Look for servers on this machine; returns how many models they list."""
        found = tuple(self._look())
        with self._lock:
            self._nearby = found
        return len(found)

    def choices(self, workspace: Workspace, chat: str | None) -> tuple[Choice, ...]:
        """The models that may be chosen in a chat, that of the start first; the chosen one is among them."""
        chosen, started = workspace.settings_of(chat).chosen_llm, workspace.settings.chosen_llm
        kept = {model.name: model for model in all_shelved(workspace.settings.models)}
        kinds: dict[str, Kind] = {started: "start"}
        kinds.setdefault("pilot", "built in")
        for name in kept:
            kinds.setdefault(name, "kept")
        for text in self._nearby:
            kinds.setdefault(text, "nearby")
        kinds.setdefault("none", "built in")
        kinds.setdefault(chosen, "chosen")
        return tuple(
            Choice(
                text=text,
                kind=kind,
                is_chosen=text == chosen,
                says=_says(text, kept.get(text)) + (", as recpilot was started" if kind == "start" else ""),
                result=self.result_of(text),
            )
            for text, kind in kinds.items()
        )

    def lists(self) -> Mapping[str, Sequence[str]]:
        """The models of the servers that were asked for them, by address."""
        return dict(self._lists)

    def result_of(self, text: str) -> Probed | None:
        """What the last test of a model found."""
        return self._results.get(text)

    def choose(self, workspace: Workspace, chat: str, text: str) -> str:
        """Let a chat talk to another language model from its next message on; returns how it is named.

        Raises:
            SetupError: It is not on the list and the start allows no other, or it cannot be used; all stays as it was.
        """
        self._check(workspace, chat, text)
        try:
            return workspace.use_llm(text, chat)
        except SetupError as error:
            raise SetupError(in_settings(str(error))) from error

    def models_of(self, workspace: Workspace, chat: str | None, url: str) -> tuple[str, ...]:
        """The models that a server lists, as they are chosen: `http://127.0.0.1:11434/v1 qwen3`.

        Raises:
            SetupError: The start allows no address that is typed, no server answers there, or it lists none.
        """
        url = url.strip()
        if not is_url(url):
            raise SetupError(
                f"the address of a server begins with http:// or https://, got {masked_address(url)[:80]!r}"
            )
        if not self.takes_any and not any(one.split(" ")[0] == url for one in self._texts(workspace, chat)):
            raise SetupError(NOT_ALLOWED)
        from agent.llm.server_search import models_at

        settings = workspace.settings_of(chat).switched(url, None, workspace.settings)
        try:
            address, listed = models_at(url, settings.key_for(url))
        except SetupError as error:
            raise SetupError(in_settings(str(error))) from error
        names = [name for name in listed[:MOST_MODELS] if 0 < len(name) <= LONGEST_NAME and " " not in name]
        found = tuple(f"{address} {name}" for name in names if name.isprintable())
        if not found:
            raise SetupError(f"{masked_address(url)} lists no model: load one there (Ollama: `ollama pull NAME`)")
        with self._lock:
            self._lists[address] = found
            _forget_oldest(self._lists)
        return found

    def test(self, workspace: Workspace, chat: str | None, text: str) -> Probed:
        """Ask a model something tiny; the result is kept and shown with it.

        Raises:
            SetupError: It is not on the list, and the start allows no other.
        """
        self._check(workspace, chat, text)
        if text == "pilot":
            result = Probed(answers=True, calls_tools=True, writes_json=True)
        else:
            result = probe(partial(_load, workspace, chat, text), self._time_s)
        with self._lock:
            self._results.pop(text, None)
            self._results[text] = result
            _forget_oldest(self._results)
        return result

    def _check(self, workspace: Workspace, chat: str | None, text: str) -> None:
        if not self.takes_any and text not in self._texts(workspace, chat):
            raise SetupError(NOT_ALLOWED)

    def _texts(self, workspace: Workspace, chat: str | None) -> list[str]:
        return [one.text for one in self.choices(workspace, chat)]


NOT_ALLOWED = "this page offers the language models of its list only; start recpilot with `--any-llm` to type others"


def _load(workspace: Workspace, chat: str | None, text: str) -> "BaseChatModel | None":
    return workspace.load_model(_settings(workspace, chat, text))


def _settings(workspace: Workspace, chat: str | None, text: str) -> Settings:
    """Raises SetupError: a key is set that must not go there."""
    name, _, model = text.strip().partition(" ")
    return workspace.settings_of(chat).switched(name, model.strip() or None, workspace.settings)


def is_elsewhere(text: str) -> bool:
    """Whether messages to the model leave this machine."""
    address = text.split(" ")[0]
    return is_url(address) and not is_loopback(address)


def _says(text: str, kept: ShelvedModel | None) -> str:
    """What a model is, in a phrase."""
    if kept is not None:
        size = f", {kept.n_parameters / 1e6:,.0f} million parameters" if kept.n_parameters else ""
        return f"kept on this machine{size}"
    known = {
        "pilot": "built in: needs no model and answers at once",
        "none": "no language model: the advisor works alone, and chats are not answered",
    }
    if text in known:
        return known[text]
    if is_url(text):
        return "a server elsewhere" if is_elsewhere(text) else "a server on this machine"
    return "a folder, or a model of the hub"


def _forget_oldest(kept: dict[str, Any]) -> None:
    while len(kept) > _MOST_KEPT:
        kept.pop(next(iter(kept)))
