"""The collections of the memory in Chroma: one for each kind of record, in numbered generations.

A small root collection says in its metadata which generation is in use and whose vectors it holds. A rebuild fills the
next generation and then changes that one number, so a crash at any moment leaves one whole memory.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from memory.errors import UserError
from memory.links import FolderLink, link_to
from memory.record import KINDS

T = TypeVar("T")
ROOT = "recpilot-memory"
PROFILES = "profile"  # of the datasets, beside the collections of the kinds of records


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One generation: its collections by kind, and the embedder that their vectors are of."""

    generation: int
    embedder: str
    dimension: int
    collections: dict[str, Any]

    def __getitem__(self, kind: str) -> Any:
        return self.collections[kind]


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
        self._opened: tuple[Any, Shelf] | None = None  # the client, and the shelf opened through it

    def run(self, action: Callable[[Shelf], T], *, writes: bool = False) -> T:
        """What `action` returns for the generation in use; it may be called twice.

        Raises:
            UserError: The store cannot be reached, read or written.
        """
        from chromadb.errors import NotFoundError

        with self._link.turn(writes=writes) as client:
            try:
                return action(self._shelf_in_use(client))
            except NotFoundError:  # somebody rebuilt the memory a moment ago
                self._opened = None
                return action(self._shelf_in_use(client))

    def begin(self) -> int:
        """The number of a new, empty generation that is not in use yet.

        Raises:
            UserError: As `run`.
        """
        with self._link.turn(writes=True) as client:
            self._root(client)
            number = max((number for number, _ in _numbered(client)), default=0) + 1
            for kind in (*KINDS, PROFILES):
                client.create_collection(_name(kind, number), **_HOW)
            return number

    def fill(self, generation: int, action: Callable[[Shelf], None]) -> None:
        """Write into a generation that `begin` made.

        Raises:
            UserError: Another rebuild was quicker; or as `run`.
        """
        from chromadb.errors import NotFoundError

        try:
            with self._link.turn(writes=True) as client:
                action(self._new_shelf(client, generation))
        except NotFoundError as error:
            raise UserError("the memory was rebuilt by another process at the same time; try again") from error

    def adopt(self, generation: int, last: Callable[[Shelf, Shelf], None]) -> None:
        """Put a filled generation in use, in one step, after `last(old, new)`; then remove the others.

        Raises:
            UserError: As `fill`.
        """
        from chromadb.errors import NotFoundError

        try:
            with self._link.turn(writes=True) as client:
                last(self._shelf_in_use(client), self._new_shelf(client, generation))
                self._root(client).modify(metadata=self._says(generation))
                self._opened = None
                for number, name in _numbered(client):
                    if number != generation:
                        client.delete_collection(name)
        except NotFoundError as error:
            raise UserError("the memory was rebuilt by another process at the same time; try again") from error

    def set_aside(self) -> Path | None:
        """Move a damaged folder out of the way; returns where it lies now, None for a server."""
        return self._link.set_aside() if isinstance(self._link, FolderLink) else None

    def close(self) -> None:
        """Let go of the files or the connection; the next call opens them again."""
        self._link.close()

    def _root(self, client: Any) -> Any:
        return client.get_or_create_collection(ROOT, metadata=self._says(1), **_HOW)

    def _says(self, generation: int) -> dict[str, str | int]:
        return {"generation": generation, "embedder": self._embedder, "dimension": self._dimension}

    def _shelf_in_use(self, client: Any) -> Shelf:
        opened = self._opened
        if opened is None or opened[0] is not client:
            says = self._root(client).metadata
            collections = {
                kind: client.get_or_create_collection(_name(kind, says["generation"]), **_HOW)
                for kind in (*KINDS, PROFILES)
            }
            self._opened = opened = client, Shelf(**says, collections=collections)
        return opened[1]

    def _new_shelf(self, client: Any, generation: int) -> Shelf:
        collections = {
            kind: client.get_collection(_name(kind, generation), embedding_function=None) for kind in (*KINDS, PROFILES)
        }
        return Shelf(generation=generation, embedder=self._embedder, dimension=self._dimension, collections=collections)


# no embedding function: Chroma's own would download a model
_HOW: dict[str, Any] = {"embedding_function": None, "configuration": {"hnsw": {"space": "cosine"}}}


_NAME = re.compile(rf"recpilot-(?:{'|'.join((*KINDS, PROFILES))})-(\d+)")


def _name(kind: str, generation: int) -> str:
    return f"recpilot-{kind}-{generation}"


def _numbered(client: Any) -> list[tuple[int, str]]:
    """The collections of all generations; on a server there may be others' collections too."""
    names = [collection.name for collection in client.list_collections()]
    matches = [_NAME.fullmatch(name) for name in names]
    return [(int(match[1]), match[0]) for match in matches if match]
