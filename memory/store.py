"""The memory of past trials, datasets and lessons, over Chroma.

memory = TrialMemory("~/memory", embedder)
memory.remember(trial, lesson)
memory.recall("sparse book data, sasrec", model="sasrec", profile=profile, k=5)
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np

from memory.chroma import PROFILES, Chroma, Section, Shelf
from memory.content import Says
from memory.documents import (
    Changes,
    Document,
    changes,
    clean,
    datasets_in,
    document_of,
    profile_documents,
    record_of,
    write,
)
from memory.embedding import Embedder, Vectors
from memory.errors import DamagedError, UserError
from memory.exchange import read_records, write_records
from memory.histories.files import shipped_record
from memory.listings import Listings
from memory.record import KINDS, DatasetRecord, Lesson, Record, TrialRecord, kind_of
from memory.search import Recalled, Wanted, alike, n_datasets, search
from memory.shelves import all_of, count, drop, held, ids_of, mark, read, read_all_but, trials_of

__all__ = ["Imported", "Rebuilt", "Recalled", "TrialMemory"]
_BATCH = 500  # documents a write: others get their turn in between, and a kill loses at most one
_PAGE = 5_000  # documents a read


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuilt:
    """What a rebuild of the memory did."""

    counts: Mapping[str, int]  # as `TrialMemory.stats`
    kept: tuple[Record, ...]  # what only the old memory held and could be read of it
    unread: tuple[str, ...]  # the kinds of which the old memory could not be read
    moved_to: Path | None  # where a folder that was damaged lies now
    n_elsewhere: int = 0  # of the trials, those that no study of the ledger measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What an import brought."""

    n_new: int  # records
    n_here: int  # that were here already, or twice in the file
    n_notes: int  # of the new ones, what another person noted
    refused: tuple[str, ...] = ()  # a sentence for each line that is not remembered
    ignored: tuple[str, ...] = ()  # fields that this version does not know


class TrialMemory:
    """Records that can be asked for by likeness; safe in several threads and processes.

    Nothing is opened before the first call. Every method raises `UserError` where the store cannot be used.

    Args:
        place: A folder, made when it is first needed, or the URL of a Chroma server.
        embedder: What turns sentences into vectors; a store that holds another embedder's must be rebuilt.
    """

    def __init__(self, place: str | Path, embedder: Embedder) -> None:
        self._embedder = embedder
        self._chroma = Chroma(place, embedder.name, embedder.dimension)
        self._is_shared = "://" in str(place)  # with other homes
        self._listings = Listings()

    def remember(self, *records: Record) -> None:
        """Keep the records; one whose id is kept already is replaced.

        Raises:
            UserError: A record without an id; vectors of another embedder in the store.
        """
        for section, batch in _batches(records):
            new = self._chroma.run(lambda shelf: self._changes(shelf, section, batch))  # noqa: B023
            if not new:
                continue
            vectors = self._vectors(section, new)
            self._chroma.run(lambda shelf: self._write(shelf, section, new, vectors), writes=True)  # noqa: B023

    def recall(
        self,
        query: str = "",
        *,
        kind: str | None = None,
        dataset: str | None = None,
        model: str | None = None,
        profile: Mapping[str, float] | None = None,
        k: int = 5,
        each: int | None = None,
    ) -> list[Recalled]:
        """The `k` records that fit best, best first.

        Args:
            query: Words. Without words, a profile or a dataset lists its trials, the best results first.
            kind: Only `trial`, `dataset` or `lesson`.
            dataset: Only of this dataset.
            model: Only trials of this model.
            profile: Of a dataset; trials and lessons of datasets like it fit better.
            k: At most so many.
            each: Of one dataset at most so many, of every rank; counts where they are listed without words.

        Raises:
            UserError: Vectors of another embedder in the store, an unknown kind, `k` below 1.
        """
        if kind is not None and kind not in KINDS:
            raise UserError(f"`kind` must be one of {', '.join(KINDS)}, got {kind!r}")
        if k < 1:
            raise UserError(f"`k` must be at least 1, got {k}")
        words = query if query.strip() or dataset or profile else model or "trials, datasets and lessons"
        wanted = Wanted(
            kinds=("trial",) if model and not kind else (kind,) if kind else tuple(KINDS),
            dataset=dataset,
            model=model,
            vector=self._embedder.embed([clean(words)])[0] if words.strip() else None,
            profile=profile or None,
            k=k,
            each=each,
        )
        return self._chroma.run(lambda shelf: search(self._fitting(shelf), wanted, self._listings))

    def lessons(self, *says: Says) -> list[Lesson]:
        """The lessons that hold and say one of these, sorted by id."""

        def find(shelf: Shelf) -> list[Lesson]:
            where = {"state": {"$in": list(says)}}
            rows = [row for at in shelf.of("lesson") for row in at.get(where=where, include=["metadatas"])["metadatas"]]
            return [record for record in map(record_of, rows) if isinstance(record, Lesson)]

        return sorted(self._chroma.run(find), key=lambda lesson: lesson.id)

    def alike(self, profile: Mapping[str, float], k: int = 5) -> list[tuple[str, float]]:
        """The names of the `k` remembered datasets most like `profile`, with their likeness in [0, 1]."""
        return self._chroma.run(lambda shelf: alike(shelf, profile)[:k])

    def get(self, id: str) -> Record | None:
        """The record of that id, kept here or among those that came with recpilot."""

        def find(shelf: Shelf) -> Record | None:
            rows = (collection.get(ids=[clean(id)], include=["metadatas"])["metadatas"] for collection in all_of(shelf))
            return next((record_of(found[0]) for found in rows if found), None)

        return (self._chroma.run(find) or shipped_record(id)) if id else None

    def forget(self, id: str) -> None:
        """Drop the record of that id, if there is one."""

        def forgotten(shelf: Shelf) -> None:
            mark(shelf, frozenset().union(*(drop(collection, [clean(id)]) for collection in all_of(shelf))))

        if id:
            self._chroma.run(forgotten, writes=True)

    def records(self, kind: str | None = None) -> list[Record]:
        """All records, or all of one kind, sorted by kind and id."""
        return [record for name in ([kind] if kind else KINDS) for record in self._records(name)]

    def stats(self) -> dict[str, int]:
        """How many trials, lessons and datasets there are; a dataset counts where anything of it is remembered."""
        return self._chroma.run(
            lambda shelf: {kind: count(shelf, kind) for kind in KINDS} | {"dataset": n_datasets(shelf)}
        )

    def holding(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids that are kept here, as the store spells them; it takes no longer where much else is kept."""
        rest = iter(dict.fromkeys(map(clean, ids)))
        found: set[str] = set()
        while batch := list(islice(rest, _BATCH)):
            found |= self._chroma.run(lambda shelf: held(shelf, batch))
        return found

    def ids(self, kind: str) -> set[str]:
        """The ids of all records of a kind, as the store spells them."""
        return self._chroma.run(lambda shelf: ids_of(shelf, kind))

    def rebuild(self, records: Iterable[Record]) -> Rebuilt:
        """Write the memory again from `records`; datasets and lessons that it has, and they lack, stay.

        Trials stay that are another's, of which there are none unless a subclass knows some.

        Until all is written the old memory is in use, so a crash in the middle costs nothing. What another thread or
        process remembers meanwhile is kept. A folder that cannot be read is moved aside, not deleted.
        """
        old = self._salvaged()
        known, given = old.known, {record.id: record for record in records}
        kept = tuple(record for record in old.kept if record.id not in given)
        wanted = {record.id: record for record in kept} | given
        moved_to = old.moved_to
        try:
            self._write_again(wanted, known)
        except DamagedError:  # reading did not meet it
            moved_to = self._chroma.set_aside()
            if moved_to is None:
                raise
            self._write_again(wanted, known)
        return Rebuilt(counts=TrialMemory.stats(self), kept=kept, unread=old.unread, moved_to=moved_to)

    def export(self, path: str | Path) -> int:
        """Write all records to a JSON-lines file, all or nothing, notes without who told them; returns how many.

        Raises:
            UserError: The file cannot be written.
        """
        records = (replace(one, told_by="") if isinstance(one, Lesson) else one for one in self.records())
        return write_records(Path(path), list(records))

    def import_(self, path: str | Path) -> "Imported":
        """Remember what of a JSON-lines file is not here yet; bad lines are named, and the good ones remembered.

        Raises:
            UserError: The file cannot be read, or the store not be written.
        """
        found = read_records(Path(path), self._check)
        new = self._adopted(found.records)
        self.remember(*new)
        return Imported(
            n_new=len(new),
            n_here=len(found.records) - len(new),
            n_notes=sum(isinstance(record, Lesson) and record.source == "user" for record in new),
            refused=found.refused,
            ignored=found.ignored,
        )

    def close(self) -> None:
        """Let go of the files or the connection; a later call opens them again."""
        self._chroma.close()

    def _check(self, record: Record) -> None:
        """Raises ValueError: the record of another's file cannot be what recpilot measured."""

    def _adopted(self, records: Sequence[Record]) -> Sequence[Record]:
        """Imported records as they are remembered."""
        return records

    def _counts(self) -> dict[str, int]:
        return self._chroma.run(_count_all)

    def _fitting(self, shelf: Shelf) -> Shelf:
        ours = (self._embedder.name, self._embedder.dimension)
        if (shelf.embedder, shelf.dimension) != ours:
            raise UserError(
                f"the memory holds vectors of {shelf.embedder} (dimension {shelf.dimension}), not of {ours[0]} "
                f"(dimension {ours[1]}); `recpilot memory rebuild` writes it again from the ledger"
            )
        return shelf

    def _changes(self, shelf: Shelf, section: Section, batch: list[Document]) -> Changes:
        """Those of the documents that are not kept yet as they are."""
        kept = self._fitting(shelf).collections.get(section)
        return changes(kept, batch) if kept else Changes(worded=batch, numbered=[])

    def _write(self, shelf: Shelf, section: Section, new: Changes, vectors: Vectors) -> None:
        write(self._fitting(shelf).writable(section), new, vectors)
        touched = new.left | datasets_in(document.metadata for document in (*new.worded, *new.numbered))
        if section.model is not None:  # a trial of that id may have been another model's
            for other in shelf.of("trial"):
                if other.name != section.name(shelf.generation):
                    touched |= drop(other, [document.id for document in new.worded])
        mark(shelf, touched)

    def _vectors(self, section: Section, new: Changes) -> Vectors:
        if section.kind == PROFILES or not new.worded:
            return np.ones((len(new.worded), 1), dtype=np.float32)  # profiles are compared by `likeness`
        return self._embedder.embed([document.text for document in new.worded])

    def _records(self, kind: str) -> list[Record]:
        if kind not in KINDS:
            raise UserError(f"`kind` must be one of {', '.join(KINDS)}, got {kind!r}")
        return self._chroma.run(lambda shelf: read(shelf, kind))

    def _write_again(self, wanted: Mapping[str, Record], known: set[str]) -> None:
        """Fill a new generation and put it in use.

        Args:
            wanted: What is to be in it, by id.
            known: Ids of what was there when the rebuild began.
        """
        generation = self._chroma.begin()
        self._fill(generation, wanted.values())
        for trials in self._trials_of_others(known - wanted.keys()):
            self._fill(generation, trials)

        def last(old: Shelf, new: Shelf) -> None:
            """Carry over what came meanwhile."""
            came = [record for kind in KINDS for record in read_all_but(old, kind, known)]
            for section, batch in _batches(record for record in came if record.id not in wanted):
                missed = Changes(worded=batch, numbered=[])
                write(new.writable(section), missed, self._vectors(section, missed))

        self._chroma.adopt(generation, last)

    def _fill(self, generation: int, records: Iterable[Record]) -> None:
        for section, batch in _batches(records):
            new = Changes(worded=batch, numbered=[])
            vectors = self._vectors(section, new)
            self._chroma.fill(generation, lambda shelf: write(shelf.writable(section), new, vectors))  # noqa: B023

    def _is_anothers(self, trial: TrialRecord) -> bool:
        """Whether a trial that this memory is not rebuilt from is not this one's to drop."""
        return False

    def _trials_of_others(self, ids: set[str]) -> Iterator[list[TrialRecord]]:
        """Those among these ids, in pages: a server may hold more than fits in this process."""
        rest = iter(sorted(ids) if self._is_shared else ())
        while page := list(islice(rest, _PAGE)):
            rows = self._chroma.run(lambda shelf: trials_of(shelf, page))
            records = map(record_of, rows)
            yield [trial for trial in records if isinstance(trial, TrialRecord) and self._is_anothers(trial)]

    def _salvaged(self) -> "_Salvaged":
        """What can be read of the present memory; a folder that cannot be read wholly is moved aside."""
        known: set[str] = set()
        kept: list[Record] = []
        unread: list[str] = []
        for kind in KINDS:
            try:
                known |= self._chroma.run(lambda shelf: ids_of(shelf, kind))  # noqa: B023
                kept += self._records(kind) if kind != "trial" else []
            except DamagedError:
                unread.append(kind)
        moved_to = self._chroma.set_aside() if unread else None
        return _Salvaged(kept=kept, known=known, unread=tuple(unread), moved_to=moved_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Salvaged:
    """What could be read of a memory that is rebuilt."""

    kept: Sequence[Record]  # its datasets and lessons
    known: set[str]  # the ids of all its records
    unread: tuple[str, ...]  # kinds
    moved_to: Path | None


def _count_all(shelf: Shelf) -> dict[str, int]:
    return {kind: count(shelf, kind) for kind in KINDS}


def _batches(records: Iterable[Record]) -> Iterator[tuple[Section, list[Document]]]:
    """The documents of the records, and of their datasets' profiles, by section; the last of each id."""
    documents: dict[Section, dict[str, Document]] = defaultdict(dict)
    for record in {record.id: record for record in records}.values():
        section = Section(kind_of(record), clean(record.model) if isinstance(record, TrialRecord) else None)
        document = document_of(record)
        documents[section][document.id] = document
        if isinstance(record, TrialRecord | DatasetRecord) and record.profile:
            name = record.dataset if isinstance(record, TrialRecord) else record.name
            documents[Section(PROFILES)] |= {one.id: one for one in profile_documents(name, record.profile)}
    for section, by_id in documents.items():
        rest = iter(by_id.values())
        while batch := list(islice(rest, _BATCH)):
            yield section, batch
