"""The collections of the memory in Chroma, in numbered generations.

Chroma filters slowly where many rows pass, so each kind of record, and each model's trials, have their own collection.
A small root collection says in its metadata which generation is in use and whose vectors it holds. A rebuild fills the
next generation and then changes that one number, so a crash at any moment leaves one whole memory.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from memory.errors import DamagedError, UserError
from memory.links import FolderLink, link_to
from memory.record import KINDS

T = TypeVar("T")
ROOT = "recpilot-memory"
PROFILES = "profile"  # of the datasets, beside the kinds of records
_NAME = re.compile(rf"recpilot-({'|'.join((*KINDS, PROFILES))})-(\d+)(-.+)?")
# no embedding function: Chroma's own would download a model
_HOW: dict[str, Any] = {"embedding_function": None, "configuration": {"hnsw": {"space": "cosine"}}}


@dataclass(frozen=True, slots=True)
class Section:
    """What one collection holds: a kind of record, and for trials the model."""

    kind: str
    model: str | None = None

    def name(self, generation: int) -> str:
        """Of the collection; the hash tells apart what is the same after cleaning."""
        start = f"recpilot-{self.kind}-{generation}"
        if self.model is None:
            return start
        digest = hashlib.blake2s(self.model.encode(), digest_size=6).hexdigest()
        return f"{start}-{re.sub(r'[^a-z0-9]+', '', self.model.lower())[:40]}{digest}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One generation: its collections, and the embedder that their vectors are of."""

    generation: int
    embedder: str
    dimension: int
    collections: Mapping[Section, Any]
    client: Any

    def of(self, kind: str, model: str | None = None) -> list[Any]:
        """The collections there are of a kind, or of one model's trials."""
        return [
            collection
            for section, collection in self.collections.items()
            if section.kind == kind and (model is None or section.model == model)
        ]

    def writable(self, section: Section) -> Any:
        """The section's collection, made if there is none."""
        found = self.collections.get(section)
        return found or self.client.get_or_create_collection(
            section.name(self.generation), metadata=section.model and {"model": section.model}, **_HOW
        )


class Chroma:
    """One store; safe in several threads and, in a folder, several processes.

    Args:
        place: A folder, or the URL of a Chroma server.
        embedder: The name of the embedder that new generations are for.
        dimension: The length of its vectors.

    Raises:
        UserError: A URL that cannot be one.
    """

    def __init__(self, place: str | Path, embedder: str, dimension: int) -> None:
        self._link = link_to(place)
        self._embedder, self._dimension = embedder, dimension

    def run(self, action: Callable[[Shelf], T], *, writes: bool = False) -> T:
        """What `action` returns for the generation in use; it may be called twice.

        Raises:
            UserError: The store cannot be reached, read or written.
        """
        from chromadb.errors import NotFoundError

        with self._link.turn(writes=writes) as client:
            try:
                return action(self._in_use(client))
            except NotFoundError:  # on a server, somebody rebuilt the memory a moment ago
                return action(self._in_use(client))

    def begin(self) -> int:
        """The number of a new, empty generation that is not in use yet.

        Raises:
            UserError: As `run`.
        """
        with self._link.turn(writes=True) as client:
            self._in_use(client)
            number = max((generation for generation, _, _ in _listed(client)), default=0) + 1
            client.create_collection(Section(PROFILES).name(number), **_HOW)
            return number

    def fill(self, generation: int, action: Callable[[Shelf], None]) -> None:
        """Write into a generation that `begin` made.

        Raises:
            UserError: Another rebuild was quicker; or as `run`.
        """
        with self._link.turn(writes=True) as client:
            action(self._begun(client, generation))

    def adopt(self, generation: int, last: Callable[[Shelf, Shelf], None]) -> None:
        """Put a filled generation in use, in one step, after `last(old, new)`; then remove the others.

        Raises:
            UserError: As `fill`.
        """
        with self._link.turn(writes=True) as client:
            last(self._in_use(client), self._begun(client, generation))
            client.get_collection(ROOT, embedding_function=None).modify(metadata=self._says(generation))
            for number, _, collection in _listed(client):
                if number != generation:
                    client.delete_collection(collection.name)

    def set_aside(self) -> Path | None:
        """Move a damaged folder out of the way; returns where it lies now, None for a server."""
        return self._link.set_aside() if isinstance(self._link, FolderLink) else None

    def close(self) -> None:
        """Let go of the files or the connection; the next call opens them again."""
        self._link.close()

    def _says(self, generation: int) -> dict[str, str | int]:
        return {"generation": generation, "embedder": self._embedder, "dimension": self._dimension}

    def _in_use(self, client: Any) -> Shelf:
        root = client.get_or_create_collection(ROOT, metadata=self._says(1), **_HOW)
        return _shelf(client, root.metadata)

    def _begun(self, client: Any, generation: int) -> Shelf:
        shelf = _shelf(client, self._says(generation))
        if not shelf.of(PROFILES):
            raise UserError("the memory was rebuilt by another process at the same time; try again")
        return shelf


def _shelf(client: Any, says: Mapping[str, Any] | None) -> Shelf:
    """The generation that the root collection says; entries of a newer version are left aside.

    Raises:
        DamagedError: It says none.
    """
    number, embedder, dimension = ((says or {}).get(name) for name in ("generation", "embedder", "dimension"))
    if not (isinstance(number, int) and isinstance(embedder, str) and isinstance(dimension, int)):
        raise DamagedError(
            f"the memory does not say what is in use ({ROOT} holds {dict(says or {})!a:.120}); "
            "`recpilot memory rebuild` writes it again from the ledger"
        )
    collections = {section: collection for of, section, collection in _listed(client) if of == number}
    return Shelf(generation=number, embedder=embedder, dimension=dimension, collections=collections, client=client)


def _listed(client: Any) -> list[tuple[int, Section, Any]]:
    """The collections of all generations; on a server there may be others' collections too."""
    found = []
    for collection in client.list_collections():
        match = _NAME.fullmatch(collection.name)
        if match:
            model = (collection.metadata or {}).get("model")
            found.append((int(match[2]), Section(match[1], model), collection))
    return found
