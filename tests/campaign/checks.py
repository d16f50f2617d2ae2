"""What must hold of a home folder, whatever was killed in it: nothing that had finished is lost, changed or doubled."""

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from agent.standing import counted
from agent.studies.ledger import Ledger
from memory.record import TrialRecord
from recmodels.data.catalogue import Catalogue


class Home:
    """A home folder, looked at again and again; what was seen to have finished must be seen for ever."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._finished: dict[str, str] = {}  # trial → its whole record
        self._datasets: set[str] = set()

    def problems(self) -> Iterator[str]:
        """What is wrong now, in one line each."""
        for name in ("studies.db", "chats.db", "memory/chroma.sqlite3"):
            yield from _damage(self.folder / name)
        yield from self._lost_datasets()
        if (self.folder / "studies.db").exists():
            try:
                studies = self._studies()
            except Exception as error:  # noqa: BLE001 - whatever it is, it is found
                yield f"the ledger cannot be read: {type(error).__name__}: {error}"
                return
            for name, records, n_trials, state in studies:
                yield from self._lost(name, records)
                yield from _doubled(name, records)
                if state == "finished" and len(counted(records)) != n_trials:
                    yield f"study {name} finished with {len(counted(records))} of {n_trials} trials"

    def to_resume(self) -> list[str]:
        """Studies that can go on."""
        if not (self.folder / "studies.db").exists():
            return []
        return [name for name, _, _, state in self._studies() if state != "finished"]

    def finished(self) -> list[str]:
        """Studies that are done."""
        if not (self.folder / "studies.db").exists():
            return []
        return [name for name, _, _, state in self._studies() if state == "finished"]

    @property
    def n_finished(self) -> int:
        """Trials that were seen to have finished."""
        return len(self._finished)

    def _studies(self) -> list[tuple[str, tuple[TrialRecord, ...], int, str]]:
        ledger = Ledger(f"sqlite:///{self.folder / 'studies.db'}", self.folder / "checkpoints")
        try:
            found = []
            for name in ledger.titles().values():
                pages = ledger.open(name)
                state = str(pages.load_state().get("state", ""))
                found.append((name, pages.records(), pages.spec.n_trials, state))
            return found
        finally:
            ledger.close()

    def _lost(self, study: str, records: tuple[TrialRecord, ...]) -> Iterator[str]:
        """What had finished and is gone or different; then what has finished since is remembered."""
        now = {record.id: repr(record) for record in counted(records)}
        for trial, before in self._finished.items():
            if trial.startswith(f"{study}/") and now.get(trial) != before:
                yield f"trial {trial} was lost" if trial not in now else f"trial {trial} was changed"
        self._finished |= now
        for record in counted(records):
            if record.checkpoint and not (Path(record.checkpoint) / "model.safetensors").exists():
                yield f"the weights of {record.id} are gone"

    def _lost_datasets(self) -> Iterator[str]:
        catalogue = Catalogue(self.folder / "datasets")
        keys = set()
        for name in catalogue.names():
            keys.add(catalogue.key_of(name) or name)
            try:
                catalogue.get(name).load()
            except Exception as error:  # noqa: BLE001 - it is what is looked for
                yield f"dataset {name} is there in half: {error}"
        for key in sorted(self._datasets - keys):
            yield f"dataset {key} was lost"
        self._datasets |= keys - {"demo"}


def _damage(database: Path) -> Iterator[str]:
    if not database.exists():
        return
    connection = sqlite3.connect(database, timeout=60)
    try:
        (found,) = connection.execute("PRAGMA integrity_check").fetchone()
        if found != "ok":
            yield f"{database.name}: {found}"
    except sqlite3.DatabaseError as error:
        yield f"{database.name}: {error}"
    finally:
        connection.close()


def _doubled(study: str, records: tuple[TrialRecord, ...]) -> Iterator[str]:
    if [record.number for record in records] != list(range(len(records))):
        yield f"study {study} has the trials {[record.number for record in records]}"
    complete = [record for record in counted(records) if record.state == "complete"]
    times = Counter((record.model, repr(sorted(record.params.items())), record.seed) for record in complete)
    for (model, params, _), n in times.items():
        if n > 1:
            yield f"study {study} ran {model} {params} {n} times with one seed"
