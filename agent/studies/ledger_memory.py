"""The memory of a home folder, kept in step with its ledger, which is the truth.

What no study measured (lessons, records from elsewhere) is written to the ledger first, then to the memory. Before the
memory is first used in a process both are compared by their counts: what a kill kept from the memory is written to it,
and what only the memory holds, as earlier versions kept lessons, is taken over into the ledger. A server holds what
other homes remember too, which stays theirs: only what is of this ledger is looked for there.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

from agent.secrets import without_keys
from agent.studies.adopted import Home, adopted
from agent.studies.ledger import Ledger
from agent.studies.shared_names import AnyRecord, HomeNames
from agent.studies.strangers import check_known
from memory.content import Says
from memory.documents import clean
from memory.embedding import Embedder
from memory.errors import DamagedError
from memory.record import KINDS, Lesson, Record, TrialRecord
from memory.store import Imported, Rebuilt, Recalled, TrialMemory


class LedgerMemory(TrialMemory):
    """A `TrialMemory` that can be made again from its ledger, wholly.

    Args:
        place: A folder, or the URL of a Chroma server.
        ledger: Of the same home folder.
    """

    def __init__(self, place: str | Path, embedder: Embedder, ledger: Ledger) -> None:
        super().__init__(place, embedder)
        self._ledger = ledger
        self._place = str(place) if self._is_shared else "folder"  # a copied home has its memory with it
        self._is_ready = False
        self._getting_ready = threading.RLock()

    def remember(self, *records: Record) -> None:
        """Keep the records, in the ledger what it did not measure; one whose id is kept already is replaced."""
        records = tuple(map(_without_secrets, records))
        own = self._ledger.finished()
        foreign = [record for record in records if record.id not in own]
        self._ledger.notes.keep(foreign)
        self._ready()
        self._write_there(records)
        self._ledger.notes.give(self._place, (record.id for record in records if record.id in own))

    def forget(self, id: str) -> None:
        """Drop the record of that id, in the ledger first."""
        self._ledger.notes.drop(id)
        self._ready()
        super().forget(self._names().id_there(id))

    def recall(self, query: str = "", **wanted: Any) -> list[Recalled]:
        self._ready()
        names = self._names()
        hits = super().recall(query, **wanted)
        records = self._told_here(names.here(hit.record) for hit in hits)
        own = {one.id: one for one in self._with_own(records)} if any(map(_is_note, records)) else {}
        return [replace(hit, record=own.get(record.id, record)) for hit, record in zip(hits, records, strict=True)]

    def alike(self, profile: Mapping[str, float], k: int = 5) -> list[tuple[str, float]]:
        self._ready()
        return super().alike(profile, k)

    def lessons(self, *says: Says) -> list[Lesson]:
        self._ready()
        found = self._with_own(self._told_here(map(self._names().here, super().lessons(*says))))
        return [one for one in found if one.holds and one.content is not None and one.content.says in says]

    def get(self, id: str) -> Record | None:
        self._ready()
        names = self._names()
        found = super().get(names.id_there(id))
        there = self._told_here([names.here(found)] if found else [])
        own = self._with_own(there) if id.startswith("lesson/") else there
        return next((one for one in own if one.id == id), there[0] if there else None)

    def records(self, kind: str | None = None) -> list[Record]:
        self._ready()
        found = self._told_here(map(self._names().here, super().records(kind)))
        return self._with_own(found) if kind in (None, "lesson") else found

    def holding(self, ids: Iterable[str]) -> set[str]:
        """Those of the ids of this home that are kept."""
        names, ids = self._names(), list(ids)
        return {names.id_here(id) for id in super().holding([*ids, *map(names.marked, ids)])}

    def stats(self) -> dict[str, int]:
        self._ready()
        return super().stats()

    def rebuild(self, records: Iterable[Record] = ()) -> Rebuilt:
        """Write the memory again from the ledger, and from `records`.

        What the old memory held besides and can still be read is kept, and is in the ledger from then on.
        """
        notes = self._ledger.notes
        with self._getting_ready:
            is_known = notes.given(self._place).is_known
            if not is_known:  # an earlier version kept lessons in the memory alone, which may be damaged
                again = (*self._ledger.lessons(self._ledger.finished()), *self._ledger.acts.lessons())
                kept = notes.ids()["lesson"]  # which may be withdrawn meanwhile
                notes.keep([lesson for lesson in again if lesson.id not in kept])
            noted, own = notes.records(), self._ledger.records()
            rebuilt = super().rebuild(map(self._names().there, (*noted, *records, *own)))
            if not self._is_shared:
                notes.keep(rebuilt.kept)
            finished = self._ledger.finished()
            notes.give(self._place, finished, is_kept=False)
            notes.give(self._place, (record.id for record in own if record.id in finished))
            notes.know(self._place)
            self._is_ready = True
        rebuilt = replace(rebuilt, n_elsewhere=max(0, rebuilt.counts["trial"] - len({record.id for record in own})))
        return replace(rebuilt, unread=()) if is_known else rebuilt

    def import_(self, path: str | Path) -> Imported:
        try:
            return super().import_(path)
        except DamagedError as error:
            kept = f"what {path} holds is kept in the ledger and comes in with `recpilot memory rebuild`"
            raise DamagedError(f"{error}; {kept}") from error

    def _is_anothers(self, trial: TrialRecord) -> bool:
        return not self._names().is_own(trial.study)

    def _check(self, record: Record) -> None:
        check_known(record)

    def _adopted(self, records: Sequence[Record]) -> Sequence[Record]:
        """What this home lacks, under ids that are free here."""
        noted = self._ledger.notes.records()
        home = Home(
            trials=[*self._ledger.records(), *(one for one in noted if isinstance(one, TrialRecord))],
            lessons=[one for one in noted if isinstance(one, Lesson)],
            studies=frozenset(self._ledger.taken()),
        )
        return adopted(records, home)

    def _ready(self) -> None:
        with self._getting_ready:
            if not self._is_ready:
                self._compare()
                self._is_ready = True

    def _compare(self) -> None:
        """Bring ledger and memory together; a look at the counts where nothing is amiss."""
        notes, given = self._ledger.notes, self._ledger.notes.given(self._place)
        own, noted = self._ledger.finished(), notes.ids()
        has = given.kept & own
        expected = {kind: len(noted[kind] - own) for kind in KINDS}
        expected["trial"] += len(has)
        if self._is_shared or self._counts() != expected:
            there = self._there(has.union(*noted.values()))
            has = own & there
            if not self._is_shared:
                self._take_over()
            missing = [record for record in notes.records() if clean(record.id) not in there]
            self._write_there(missing)
        self._give(own - has - given.taught_nothing)
        if not given.is_known:
            notes.know(self._place)

    def _told_here(self, records: Iterable[AnyRecord]) -> list[AnyRecord]:
        """The records; on a server a note that a person of another home told is as imported: it binds nothing here."""
        if not self._is_shared:
            return list(records)
        return [replace(one, imported=True) if isinstance(one, Lesson) and _is_note(one) else one for one in records]

    def _with_own(self, found: Sequence[AnyRecord]) -> list[AnyRecord]:
        """The records with the notes of this home as its ledger has them, whatever a server has under their ids."""
        if not self._is_shared:
            return list(found)
        own: dict[str, Any] = {one.id: one for one in self._ledger.notes.records() if _is_note(one)}
        return sorted([*(one for one in found if one.id not in own), *own.values()], key=lambda one: one.id)

    def _names(self) -> HomeNames:
        """What the studies of this home are called in the memory."""
        return HomeNames(self._home, self._ledger.taken()) if self._is_shared else HomeNames("")

    @cached_property
    def _home(self) -> str:
        return self._ledger.notes.home()

    def _write_there(self, records: Iterable[Record]) -> None:
        super().remember(*map(self._names().there, records))

    def _there(self, ids: frozenset[str]) -> frozenset[str]:
        """The ids that the memory holds; of a server only those asked for."""
        if self._is_shared:
            return frozenset(self.holding(ids))
        return frozenset().union(*(super(LedgerMemory, self).ids(kind) for kind in KINDS))

    def _take_over(self) -> None:
        """Into the ledger, what only the memory holds: lessons of earlier versions, trials from elsewhere."""
        found = [record for kind in KINDS for record in self._records(kind)]
        known = frozenset().union(self._ledger.finished(), *self._ledger.notes.ids().values())
        forgotten = self._ledger.forgotten()
        self._ledger.notes.keep(
            [
                record
                for record in found
                if record.id not in known and not (isinstance(record, TrialRecord) and record.study in forgotten)
            ]
        )

    def _give(self, trials: frozenset[str]) -> None:
        """Write these trials of the ledger to the memory."""
        if not trials:
            return
        records = self._ledger.trials(trials)
        kept = {record.id for record in records}
        lessons = self._ledger.lessons(kept)
        self._ledger.notes.keep(lessons)
        self._write_there([*records, *lessons])
        self._ledger.notes.give(self._place, kept)
        self._ledger.notes.give(self._place, trials - kept, is_kept=False)


def _is_note(record: Record) -> bool:
    return isinstance(record, Lesson) and record.source == "user"


def _without_secrets(record: Record) -> Record:
    return replace(record, text=without_keys(record.text)) if isinstance(record, Lesson) else record
