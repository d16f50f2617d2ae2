"""Records as what Chroma keeps: an id, a sentence, a vector, and metadata; and back, unchanged to the last digit."""

import dataclasses
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from memory.embedding import Vectors
from memory.errors import DamagedError, UserError
from memory.record import DatasetRecord, Lesson, Record, TrialRecord, from_dict, to_dict
from memory.summary import summarize

Metadata = dict[str, str | float]
# Chroma merges new metadata into the old: None takes out what no longer applies
_EMPTY = dict.fromkeys(("dataset", "model", "state", "value", "positive", "repeats", "outcomes"))


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

    def __bool__(self) -> bool:
        return bool(self.worded or self.numbered)


def document_of(record: Record) -> Document:
    """The record's document: the whole of it as JSON in the metadata, beside the fields that filters use.

    Chroma drops None, NaN and infinity from metadata without a word; JSON as Python writes it keeps them.
    """
    if not record.id:
        raise UserError(f"a record needs an id, got {record!r:.200}")
    metadata: Metadata = {"record": json.dumps(to_dict(record), default=_plain)}
    dataset = record.name if isinstance(record, DatasetRecord) else record.dataset
    if dataset:
        metadata["dataset"] = clean(dataset)
    if isinstance(record, Lesson) and record.content is not None:
        metadata["state"] = record.content.says if record.holds else "withdrawn"
    if isinstance(record, TrialRecord):
        metadata |= {"model": clean(record.model), "state": record.state}
        metadata |= {"objective": clean(record.objective), "direction": record.direction}  # to rank without the JSON
        if record.positive != "all":
            metadata["positive"] = clean(record.positive)
        if record.repeats != "mask":
            metadata["repeats"] = clean(record.repeats)
        if record.outcomes:
            metadata["outcomes"] = clean(record.outcomes)
        if record.value is not None and math.isfinite(record.value):
            metadata["value"] = float(record.value)
    return Document(id=clean(record.id), text=clean(summarize(record)), metadata=metadata)


def profile_document(dataset: str, profile: Mapping[str, float]) -> Document:
    """A dataset's profile, found by the dataset's name."""
    return Document(
        id=clean(dataset), text=clean(dataset), metadata={"record": json.dumps(dict(profile), default=_plain)}
    )


def profile_of(metadata: Mapping[str, Any]) -> Mapping[str, float]:
    """The dataset's profile in the metadata; an empty one where it is damaged, which resembles nothing."""
    try:
        found = json.loads(metadata["record"])
        return found if isinstance(found, dict) else {}
    except (LookupError, TypeError, ValueError):
        return {}


def record_of(metadata: Mapping[str, Any]) -> Record:
    """The record in the metadata.

    Raises:
        DamagedError: There is none.
        UserError: A newer version wrote it.
    """
    try:
        return from_dict(json.loads(metadata["record"]))
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
    changed = [new for new in documents if metadatas.get(new.id) != new.metadata]
    return Changes(
        worded=[new for new in changed if texts.get(new.id) != new.text],
        numbered=[new for new in changed if texts.get(new.id) == new.text],
    )


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
