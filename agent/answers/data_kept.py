"""Where a person's data lie, who can read them, whether ids are hashed, and what leaves the machine: from facts."""

import os
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from agent.answers.facts import quoted
from agent.answers.wording import size
from agent.origins import is_loopback, is_url
from agent.privacy import OTHERS
from agent.results.data import DataTold
from agent.secrets import masked_address
from agent.settings import Settings
from recmodels.data.catalogue import Catalogue
from recmodels.data.pseudonyms import KEY_FILE
from recmodels.data.set_aside import all_aside
from recmodels.data.stored_dataset import StoredDataset

Aspect = Literal["who", "hashed", "where", "sent", "ids"]
_MAX_NAMED = 8
_SHOWN: dict[str, tuple[str, ...]] = {
    "who": ("who", "clear"),
    "hashed": ("hashed",),
    "ids": ("hashed", "clear"),
    "where": ("where",),
    "sent": ("sent",),
}
"""The facts below the answer to a question of each kind; what asks for none of these gets all."""


def told_of_privacy(
    catalogue: Catalogue, settings: Settings, stored: StoredDataset | None, aspect: str | None
) -> DataTold:
    """What is true of a dataset, or of all: the answer to what was asked first, the other facts after it.

    Args:
        settings: Those of the chat.
        aspect: One of `Aspect`; any other text asks for all.
    """
    datasets = [stored] if stored is not None else catalogue.all(only_there=True)[0]
    own = [one for one in datasets if one.source != "built in"]
    facts = {
        "hashed": [*_hashed(own)],
        "where": [*_copies(catalogue, settings, own)],
        "clear": [*_clear(settings, own)],
        "who": [*_readers(settings)],
        "sent": [_sent(settings)],
    }
    shown = _SHOWN.get(aspect or "", tuple(name for name in facts if name != "clear"))
    said = [one for name in shown for one in facts[name]]
    return DataTold(
        dataset=None if stored is None else stored.name,
        what="privacy",
        lead=quoted(_lead(aspect, own, settings), 400),
        sentences=tuple(quoted(one, 400) for one in said),
    )


def _lead(aspect: str | None, own: Sequence[StoredDataset], settings: Settings) -> str:
    clear = [one for one in own if "user" not in one.choices.hashed]
    if aspect == "who":
        return (
            f"Others with an account on this machine can read some of it: {', '.join(open_)}."
            if (open_ := _open_places(settings))
            else f"Only {_owner(settings.home)}, who runs recpilot here, and the administrator of this machine; the parts"
            " of its home are closed to others."
        )
    if aspect == "sent":
        return "No: nothing is sent away." if not _servers(settings) else "Yes, some of it is sent to a server."
    if aspect in ("hashed", "ids") and own:
        seen = "they can still be seen" if aspect == "ids" else "they are kept as they are"
        if not clear:
            return (
                f"Not in the data: {_named(own)} holds keyed hashes, no id of a user. What was handed over still holds them."
                if aspect == "ids"
                else f"Yes: the ids of users are keyed hashes in {_named(own)}."
            )
        which = "" if len(clear) == len(own) else f" in {_named(clear)}"
        return f"{'Yes' if aspect == 'ids' else 'No'}: the ids of users are not hashed{which}; {seen}."
    return f"On this machine, in {settings.home}; your own files stay where they are."


def _hashed(own: Sequence[StoredDataset]) -> Iterator[str]:
    for hashed in sorted({one.choices.hashed for one in own}):
        alike = [one for one in own if one.choices.hashed == hashed]
        keeps = f"{_named(alike)} {'keeps' if len(alike) == 1 else 'keep'}"
        if hashed:
            whose = " and ".join(f"{role}s" for role in hashed)
            yield (
                f"{keeps} keyed hashes in place of the ids of {whose}: pseudonyms; who has the key"
                f" {alike[0].folder.parent / KEY_FILE} can find a known person again"
            )
        else:
            mails = any("looks like an e-mail address" in note for one in alike for note in one.notes)
            yield f"{keeps} the ids of users as the file has them{', e-mail addresses among them' * mails}"
            yield "say “add FILE with hashed user ids” to keep keyed hashes in their place"


def _copies(catalogue: Catalogue, settings: Settings, own: Sequence[StoredDataset]) -> Iterator[str]:
    for one in own[:_MAX_NAMED]:
        yield f"{one.name} lies in {one.folder} ({size(_bytes(one.folder))})"
    yield from _clear(settings, own)
    for aside in all_aside(settings.datasets)[:_MAX_NAMED]:
        yield f"removed, and kept so that undo brings it back: {aside.name} in {aside.folder} ({size(aside.n_bytes)})"


def _clear(settings: Settings, own: Sequence[StoredDataset]) -> Iterator[str]:
    """Where the rows lie as they were handed over."""
    files = dict.fromkeys(Path(one.source) for one in own if Path(one.source).exists())
    for file in [file for file in files if not file.is_relative_to(settings.uploads)][:_MAX_NAMED]:
        yield f"your own file stays as it is: {file}{_mode(file)}"
    dropped = [file for file in settings.uploads.glob("*/*") if file.is_file()]
    if dropped:
        n_bytes = sum(file.stat().st_size for file in dropped)
        yield f"copies of what was dropped into chats, as it was dropped: {settings.uploads} ({len(dropped):,}, {size(n_bytes)})"
    yield f"chats keep what was typed and shown, ids too: {settings.chats}"


def _readers(settings: Settings) -> Iterator[str]:
    open_ = _open_places(settings)
    if open_:
        yield f"others on this machine may read {', '.join(open_)}; `chmod -R go= {settings.home}` closes it"
    yield f"the files of {settings.home} belong to {_owner(settings.home)}; whoever may log in to the page sees all datasets there"


def _sent(settings: Settings) -> str:
    servers = _servers(settings)
    if not servers:
        return "nothing is sent away: the language model, the memory and the ledger are on this machine"
    return f"sent to servers: {'; '.join(servers)}"


def _servers(settings: Settings) -> list[str]:
    """Who is sent what; a server on this machine is none of them."""
    found = []
    if is_url(settings.llm) and not is_loopback(settings.llm):
        found.append(f"messages and what tools find, to the language model at {masked_address(settings.llm)}")
    if settings.memory_url and not is_loopback(settings.memory_url):
        found.append(f"trials and notes, to the memory at {masked_address(settings.memory_url)}")
    if settings.ledger_file is None:
        found.append("studies and their trials, to the ledger's database server")
    return found


def _open_places(settings: Settings) -> list[str]:
    """What of the home others may read, where they may enter it at all."""
    if not _others_may(settings.home):
        return []
    return [str(place) for place in (settings.datasets, settings.uploads, settings.chats) if _others_may(place)]


def _others_may(place: Path) -> bool:
    try:
        return bool(stat.S_IMODE(place.stat().st_mode) & OTHERS)
    except OSError:
        return False


def _mode(file: Path) -> str:
    return ", which others on this machine can read" if _others_may(file) and _others_may(file.parent) else ""


def _owner(place: Path) -> str:
    try:
        return place.owner()
    except (OSError, KeyError, NotImplementedError):  # no such user, or a system that has none
        return f"user {os.getuid()}" if hasattr(os, "getuid") else "its owner"


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _named(datasets: Sequence[StoredDataset]) -> str:
    return ", ".join(one.name for one in datasets[:_MAX_NAMED])
