"""Records as what Chroma keeps: an id, a sentence, a vector, and metadata; and back, unchanged to the last digit."""

import dataclasses
import functools
import hashlib
import math
import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from memory.embedding import Vectors
from memory.errors import DamagedError, UserError
from memory.packing import packed, unpacked
from memory.record import DatasetRecord, Lesson, Record, TrialRecord, from_dict, to_dict
from memory.summary import summarize

Metadata = dict[str, str | float]
STAMP = "written"  # in the metadata of a profile: another one after each write of its dataset's records
# Chroma merges new metadata into the old: None takes out what no longer applies
_EMPTY = dict.fromkeys(("dataset", "model", "state", "value", "positive", "repeats", "outcomes", "data"))
_OF = "\x1f"  # between a dataset's name and its content, in the id of a profile


class Collection(Protocol):
    """The part of a Chroma collection that is used here."""

    def get(self, **query: Any) -> Mapping[str, Any]: ...
    def upsert(self, **documents: Any) -> None: ...
    def update(self, **documents: Any) -> None: ...


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One entry of a collection, its vector aside."""

    id: str
    text: str
    metadata: Metadata


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Documents to write: to replace a vector costs Chroma 20 ms, so it is done only where the sentence changed."""

    worded: list[Document]  # new, or with a new sentence
    numbered: list[Document]  # with the old sentence and new metadata
    left: frozenset[str] = frozenset()  # datasets that the documents were of before

    def __bool__(self) -> bool:
        return bool(self.worded or self.numbered)


def document_of(record: Record) -> Document:
    """The record's document: the whole of it, packed, in the metadata, next to the fields that filters use.

    Chroma drops None, NaN and infinity from metadata without a word; JSON as Python writes it keeps them.
    """
    if not record.id:
        raise UserError(f"a record needs an id, got {record!r:.200}")
    id, dataset = clean(record.id), dataset_of(record)
    metadata: Metadata = {"record": packed(id, to_dict(record), _plain)}
    if dataset:
        metadata["dataset"] = clean(dataset)
    if isinstance(record, Lesson) and record.content is not None:
        metadata["state"] = record.content.says if record.holds else "withdrawn"
    if isinstance(record, TrialRecord):
        metadata |= {"objective": clean(record.objective), "direction": record.direction}  # to rank without the JSON
        if record.positive != "all":
            metadata["positive"] = clean(record.positive)
        if record.repeats != "mask":
            metadata["repeats"] = clean(record.repeats)
        if record.outcomes:
            metadata["outcomes"] = clean(record.outcomes)
        if record.data or record.profile:
            metadata["data"] = clean(record.data)[:16] or content_of(record.profile)
        if record.value is not None and math.isfinite(record.value):
            metadata["value"] = float(record.value)
    return Document(id=id, text=clean(summarize(record)), metadata=metadata)


def profile_documents(dataset: str, profile: Mapping[str, float]) -> list[Document]:
    """A dataset's profile, found by the dataset's name, and by its name and content.

    Homes that share a server, and versions of one dataset, may have different data under one name.
    """
    name = clean(dataset)
    id = f"{name}{_OF}{content_of(profile)}"
    return [
        Document(id=name, text=name, metadata={"record": packed(name, dict(profile), _plain)}),
        Document(id=id, text=name, metadata={"record": packed(id, dict(profile), _plain), "dataset": name}),
    ]


def content_of(profile: Mapping[str, float]) -> str:
    """What tells data of one name apart: a digest of their profile."""
    numbers = sorted((name, float(value)) for name, value in profile.items())
    return hashlib.blake2s(repr(numbers).encode(), digest_size=8).hexdigest()


def dataset_of(record: Record) -> str | None:
    """The name of the dataset that the record is of; a lesson may be of none."""
    return record.name if isinstance(record, DatasetRecord) else record.dataset


def profile_of(metadata: Mapping[str, Any]) -> Mapping[str, float]:
    """The dataset's profile in the metadata; an empty one where it is damaged, which resembles nothing."""
    return _profile(str(metadata.get("record")))


@functools.lru_cache(maxsize=20_000)  # all are compared before each proposal
def _profile(text: str) -> Mapping[str, float]:
    try:
        found = unpacked(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def record_of(metadata: Mapping[str, Any]) -> Record:
    """The record in the metadata.

    Raises:
        DamagedError: There is none.
        UserError: A newer version wrote it.
    """
    try:
        return from_dict(unpacked(metadata["record"]))
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise DamagedError(
            f"a record of the memory is damaged ({error!r:.80}); "
            "`recpilot memory rebuild` writes it again from the ledger"
        ) from error


def clean(text: str) -> str:
    """Text that SQLite can hold: no NUL, no lone surrogates."""
    return text.replace("\0", " ").encode("utf-8", "replace").decode()


def changes(collection: Collection, documents: Sequence[Document]) -> Changes:
    """What of the documents is not kept yet as it is."""
    old = collection.get(ids=[document.id for document in documents], include=["metadatas", "documents"])
    texts = dict(zip(old["ids"], old["documents"], strict=True))
    metadatas = dict(zip(old["ids"], old["metadatas"], strict=True))
    changed = [new for new in documents if _unstamped(metadatas.get(new.id)) != new.metadata]
    return Changes(
        worded=[new for new in changed if texts.get(new.id) != new.text],
        numbered=[new for new in changed if texts.get(new.id) == new.text],
        left=datasets_in(metadatas[new.id] for new in changed if new.id in metadatas),
    )


def datasets_in(metadatas: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """The datasets that documents are of, as the store spells them."""
    return frozenset(str(metadata["dataset"]) for metadata in metadatas if metadata.get("dataset"))


def _unstamped(metadata: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return {name: value for name, value in (metadata or {}).items() if name != STAMP}


def stamp(profiles: Collection, datasets: Iterable[str]) -> None:
    """Mark these datasets as written, those of them that have a profile; after their records, so that none is missed.

    Args:
        profiles: The collection of profiles.
        datasets: Their names as the store spells them.
    """
    ids = sorted(datasets)
    there = profiles.get(ids=ids, include=[])["ids"] if ids else []
    if there:
        profiles.update(ids=there, metadatas=[{STAMP: uuid.uuid4().hex[:16]} for _ in there])


def write(collection: Collection, new: Changes, vectors: Vectors) -> None:
    """Insert or replace; `vectors` (n, dimension) belong to `new.worded`."""
    if new.worded:
        texts = [document.text for document in new.worded]
        collection.upsert(embeddings=vectors, documents=texts, **_columns(new.worded))
    if new.numbered:
        collection.update(**_columns(new.numbered))


def _columns(documents: Sequence[Document]) -> dict[str, list[Any]]:
    return {
        "ids": [document.id for document in documents],
        "metadatas": [_EMPTY | document.metadata for document in documents],
    }


def _plain(value: Any) -> Any:
    """A number of numpy as Python's own."""
    if hasattr(value, "item"):
        return value.item()
    raise TypeError(f"{type(value).__name__} cannot be remembered: {value!r:.100}")
