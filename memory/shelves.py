"""What is read from, and dropped from, all collections of one generation."""

from collections.abc import Iterator
from typing import Any

from memory.chroma import PROFILES, Shelf
from memory.documents import datasets_in, record_of, stamp
from memory.record import KINDS, Record

_PAGE = 5_000  # documents a read


def all_of(shelf: Shelf) -> list[Any]:
    return [collection for kind in KINDS for collection in shelf.of(kind)]


def drop(collection: Any, ids: list[str]) -> frozenset[str]:
    """Delete those of the ids that there are; the datasets that they were of.

    To delete one that is not there costs Chroma as much.
    """
    there = collection.get(ids=ids, include=["metadatas"]) if ids else {"ids": []}
    if not there["ids"]:
        return frozenset()
    collection.delete(ids=there["ids"])
    return datasets_in(there["metadatas"])


def mark(shelf: Shelf, datasets: frozenset[str]) -> None:
    for profiles in shelf.of(PROFILES):
        stamp(profiles, datasets)


def count(shelf: Shelf, kind: str) -> int:
    return sum(int(collection.count()) for collection in shelf.of(kind))


def held(shelf: Shelf, ids: list[str]) -> set[str]:
    return {id for collection in all_of(shelf) for id in collection.get(ids=ids, include=[])["ids"]}


def ids_of(shelf: Shelf, kind: str) -> set[str]:
    return {id for collection in shelf.of(kind) for id in collection.get(include=[])["ids"]}


def read(shelf: Shelf, kind: str) -> list[Record]:
    """All records of a kind, sorted by id."""
    rows = [row for collection in shelf.of(kind) for row in _pages(collection)]
    return sorted(map(record_of, rows), key=lambda record: record.id)


def trials_of(shelf: Shelf, ids: list[str]) -> list[Any]:
    """The metadata of these trials."""
    return [row for at in shelf.of("trial") for row in at.get(ids=ids, include=["metadatas"])["metadatas"]]


def read_all_but(shelf: Shelf, kind: str, known: set[str]) -> list[Record]:
    """The records of a kind with other ids than these."""
    found: list[Any] = []
    for collection in shelf.of(kind):
        ids = [id for id in collection.get(include=[])["ids"] if id not in known]
        found += collection.get(ids=ids, include=["metadatas"])["metadatas"] if ids else []
    return [record_of(row) for row in found]


def _pages(collection: Any) -> Iterator[Any]:
    """The metadata of all documents."""
    start = 0
    while page := collection.get(include=["metadatas"], limit=_PAGE, offset=start)["metadatas"]:
        yield from page
        start += len(page)
