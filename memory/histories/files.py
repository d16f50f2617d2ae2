"""Files of measured trials: lines that grow while it is measured, and the compressed ones that ship in this folder."""

import functools
import gzip
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from memory.histories.measured import SHIPPED, MeasuredTrial
from memory.likeness import likeness
from memory.record import TrialRecord
from memory.search import Recalled

SHIPPED_FOLDER = Path(__file__).parent
_LINES, _PACKED = ".jsonl", ".jsonl.gz"


def append(folder: Path, trial: MeasuredTrial) -> None:
    """Write one trial to the lines of its model, on the disk when this returns; half a line of a kill is cut off."""
    path = folder / f"{trial.model}{_LINES}"
    with path.open("ab+") as file:
        file.truncate(_whole_bytes(path))
        file.write(trial.to_line().encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def read_lines(folder: Path) -> list[MeasuredTrial]:
    """All trials that the folder's files of lines and packed files hold, each once; half a last line is left aside.

    Raises:
        ValueError: A whole line holds no measured trial; the message names the file and the line.
    """
    found: dict[tuple[str, ...], MeasuredTrial] = {}
    for path in sorted(folder.glob(f"*{_LINES}*")):
        found |= {trial.key: trial for trial in _trials(path)}
    return list(found.values())


def pack(trials: Iterable[MeasuredTrial], folder: Path) -> list[Path]:
    """Write one compressed file for each model and dataset, crashes left out; the same trials give the same bytes."""
    by_file: dict[str, list[MeasuredTrial]] = defaultdict(list)
    for trial in {trial.key: trial for trial in trials if not trial.has_crashed}.values():
        by_file[f"{trial.model}--{trial.dataset}{_PACKED}"].append(trial)
    folder.mkdir(parents=True, exist_ok=True)
    for name, those in by_file.items():
        those.sort(key=lambda trial: (trial.configuration, trial.seed))
        text = "".join(trial.to_line() + "\n" for trial in those)
        (folder / name).write_bytes(gzip.compress(text.encode(), mtime=0))
    return [folder / name for name in sorted(by_file)]


def shipped(model: str = "*") -> Iterator[MeasuredTrial]:
    """The trials that came with recpilot, all or one model's."""
    for path in sorted(SHIPPED_FOLDER.glob(f"{model}--*{_PACKED}")):
        yield from _trials(path)


def shipped_like(model: str, profile: Mapping[str, float], n_datasets: int) -> list[Recalled]:
    """A model's trials that came with recpilot, on the datasets most like `profile`; marked by their proposer."""
    by_dataset: dict[str, list[TrialRecord]] = defaultdict(list)
    for record in _shipped_records(model):
        by_dataset[record.dataset].append(record)
    likenesses = {name: likeness(profile, records[0].profile) for name, records in by_dataset.items()}
    nearest = sorted(by_dataset, key=lambda name: (-likenesses[name], name))[:n_datasets]
    return [Recalled(record=record, similarity=likenesses[name]) for name in nearest for record in by_dataset[name]]


def shipped_record(id: str) -> TrialRecord | None:
    """The one of that id among them."""
    prefix, *middle = id.split("/")
    model = middle[1] if prefix == SHIPPED and len(middle) == 4 else ""
    return next((record for record in _shipped_records(model) if record.id == id), None) if model else None


@functools.cache
def shipped_datasets() -> Mapping[str, Mapping[str, float]]:
    """The datasets of the trials that came with recpilot, by name in order, with their profiles."""
    first = {name: next(_trials(path), None) for name, path in _shipped_paths().items()}
    return {name: trial.record().profile for name, trial in first.items() if trial is not None}


def shipped_names() -> tuple[str, ...]:
    """The datasets of the trials that came with recpilot, by the names of the files alone."""
    return tuple(_shipped_paths())


@functools.cache
def _shipped_paths() -> Mapping[str, Path]:
    """One file of each dataset, by its name in order."""
    paths = sorted(SHIPPED_FOLDER.glob(f"*{_PACKED}"))
    found = {path.name.removesuffix(_PACKED).partition("--")[2]: path for path in paths}
    return {name: found[name] for name in sorted(found)}


@functools.cache  # read once a process, before each proposal
def _shipped_records(model: str) -> tuple[TrialRecord, ...]:
    return tuple(trial.record() for trial in shipped(model))


def _trials(path: Path) -> Iterator[MeasuredTrial]:
    is_packed = path.name.endswith(_PACKED)
    content = gzip.decompress(path.read_bytes()) if is_packed else path.read_bytes()[: _whole_bytes(path)]
    for number, line in enumerate(content.splitlines(), start=1):
        try:
            yield MeasuredTrial.from_line(line)
        except ValueError as error:
            raise ValueError(f"{path}, line {number}: {error}") from error


def _whole_bytes(path: Path) -> int:
    """Up to the end of the last line that was written whole."""
    return path.read_bytes().rfind(b"\n") + 1
