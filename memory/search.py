"""What resembles a question: by its words, by the dataset's profile, or by both."""

import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from memory.chroma import PROFILES, Shelf
from memory.documents import clean, record_of
from memory.embedding import Vectors
from memory.likeness import likeness
from memory.record import DatasetRecord, Lesson, Record, TrialRecord

_WIDE = 32  # hits that are weighed anew by the likeness of their datasets
_ALIKE = 3  # datasets whose records are looked at beside the nearest of all
_NEUTRAL = 0.5  # the likeness of a lesson that belongs to no dataset


@dataclass(frozen=True, slots=True, kw_only=True)
class Recalled:
    """A remembered record, and how well it fits the question, in [0, 1]."""

    record: Record
    similarity: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The question."""

    kinds: Sequence[str]
    dataset: str | None
    model: str | None
    vector: Vectors | None  # of the words, (dimension,)
    profile: Mapping[str, float] | None
    k: int


_Hit = tuple[float, Any, str]  # cosine distance of the words, collection, id in it
_Found = dict[str, tuple[Record, float]]  # id → the record and the similarity of its words


def search(shelf: Shelf, wanted: Wanted) -> list[Recalled]:
    """The `k` that fit best; among equals the better result of its dataset and objective comes first.

    Similarity is that of the words, or the likeness of the datasets, or the mean of both where both are asked for.
    """
    likenesses = None if wanted.profile is None else dict(alike(shelf, wanted.profile))
    names = list(likenesses or ()) if wanted.dataset is None else [wanted.dataset]
    if wanted.vector is not None and likenesses:
        least = max(likenesses.values()) / 2
        names = [name for name in names if likenesses.get(name, 0.0) >= least][:_ALIKE]
    model = wanted.model and clean(wanted.model)
    collections = [collection for kind in wanted.kinds for collection in shelf.of(kind, model)]
    found = _candidates(collections, wanted, names)
    hits = [
        Recalled(record=record, similarity=_similarity(record, words, wanted, likenesses))
        for record, words in found.values()
    ]
    standing = _standing([hit.record for hit in hits])
    hits.sort(key=lambda hit: (-hit.similarity, standing.get(hit.record.id, 0.0), hit.record.id))
    return hits[: wanted.k]


def alike(shelf: Shelf, profile: Mapping[str, float]) -> list[tuple[str, float]]:
    """Every dataset's name with its likeness to `profile`, most alike first."""
    rows = [collection.get(include=["metadatas"]) for collection in shelf.of(PROFILES)]
    pairs = [
        (str(name), likeness(profile, json.loads(metadata["record"])))
        for kept in rows
        for name, metadata in zip(kept["ids"], kept["metadatas"], strict=True)
    ]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def _candidates(collections: Sequence[Any], wanted: Wanted, names: Sequence[str]) -> _Found:
    """The records that may be among the best; `names` are the datasets to look at."""
    if wanted.vector is None:
        return _of_datasets(collections, wanted, names)
    where = {"dataset": {"$in": [clean(name) for name in names]}} if names else None
    if wanted.dataset is not None or wanted.profile is None:
        return _fetched(_nearest(collections, wanted.vector, wanted.k, where))
    n = max(wanted.k, _WIDE)  # more than are wanted: the likeness of the datasets ranks them anew
    near = _nearest(collections, wanted.vector, n, None)
    return _fetched(near + _nearest(collections, wanted.vector, n, where) if where else near)


def _of_datasets(collections: Sequence[Any], wanted: Wanted, names: Sequence[str]) -> _Found:
    """All records of the first datasets that together have `k`."""
    found: _Found = {}
    for name in names:
        for collection in collections:
            rows = collection.get(where={"dataset": clean(name)}, include=["metadatas"])["metadatas"]
            found |= {record.id: (record, 1.0) for record in map(record_of, rows)}
        if len(found) >= wanted.k:
            break
    return found


def _nearest(collections: Sequence[Any], vector: Vectors, n: int, where: Mapping[str, Any] | None) -> list[_Hit]:
    """The `n` nearest by words in all collections together, nearest first."""
    hits = [
        (float(distance), at, str(id))
        for at, collection in enumerate(collections)
        for id, distance in _query(collection, vector, n, where)
    ]
    return [(distance, collections[at], id) for distance, at, id in sorted(hits)[:n]]


def _query(collection: Any, vector: Vectors, n: int, where: Mapping[str, Any] | None) -> list[tuple[str, float]]:
    """Ids and distances of the `n` nearest; metadata would cost more than the search."""
    got = collection.query(query_embeddings=[vector], n_results=n, where=where, include=["distances"])
    rows = list(zip(got["ids"][0], got["distances"][0], strict=True))
    is_short = len(rows) < n and len(rows) < _count(collection, where)
    return _exactly(collection, vector, n, where) if is_short else rows


def _count(collection: Any, where: Mapping[str, Any] | None) -> int:
    return len(collection.get(where=where, include=[])["ids"]) if where else int(collection.count())


def _exactly(collection: Any, vector: Vectors, n: int, where: Mapping[str, Any] | None) -> list[tuple[str, float]]:
    """As `_query`, without the graph of neighbours: where many vectors are the same, parts of it cannot be reached."""
    got = collection.get(where=where, include=["embeddings"])
    distances = (1 - np.asarray(got["embeddings"]) @ vector).tolist()
    nearest = sorted(zip(distances, got["ids"], strict=True))[:n]
    return [(id, distance) for distance, id in nearest]


def _fetched(hits: Sequence[_Hit]) -> _Found:
    """The records of the hits, with the similarity of their words."""
    found: _Found = {}
    for collection in {id(collection): collection for _, collection, _ in hits}.values():
        distances = {name: distance for distance, of, name in hits if of is collection}
        kept = collection.get(ids=list(distances), include=["metadatas"])
        for name, metadata in zip(kept["ids"], kept["metadatas"], strict=True):
            record = record_of(metadata)
            found[record.id] = record, min(max(1 - distances[name], 0.0), 1.0)
    return found


def _similarity(record: Record, words: float, wanted: Wanted, likenesses: Mapping[str, float] | None) -> float:
    if likenesses is None:
        return words
    dataset = record.name if isinstance(record, DatasetRecord) else record.dataset
    is_general = isinstance(record, Lesson) and dataset is None
    alike = _NEUTRAL if is_general else likenesses.get(clean(dataset or ""), 0.0)
    return alike if wanted.vector is None else (words + alike) / 2


def _standing(records: Sequence[Record]) -> dict[str, float]:
    """The place of each trial among those of its dataset and objective: 0 the best, towards 1; 1 without a value."""
    groups: dict[tuple[str, str], list[TrialRecord]] = defaultdict(list)
    for record in records:
        if isinstance(record, TrialRecord):
            groups[record.dataset, record.objective].append(record)
    return {
        trial.id: place / len(trials) if _goodness(trial) > -math.inf else 1.0
        for trials in groups.values()
        for place, trial in enumerate(sorted(trials, key=_goodness, reverse=True))
    }


def _goodness(trial: TrialRecord) -> float:
    if trial.value is None or not math.isfinite(trial.value):
        return -math.inf
    return trial.value if trial.direction == "maximize" else -trial.value
