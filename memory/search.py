"""What resembles a question: by its words, by the dataset's profile, or by both."""

import functools
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np

from memory.chroma import PROFILES, Shelf
from memory.documents import STAMP, clean, dataset_of, profile_of, record_of
from memory.embedding import Vectors
from memory.likeness import likeness
from memory.listings import Listings
from memory.record import Lesson, Record, TrialRecord
from memory.shelves import ids_of

T = TypeVar("T")
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
    each: int | None = None  # of one dataset at most, where they are listed


_Hit = tuple[float, Any, str]  # cosine distance of the words, collection, id in it
_Row = Mapping[str, Any]  # the metadata of a document
_Found = dict[str, tuple[Record, float, _Row]]  # id → the record, the similarity of its words, its metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class _Profiled:
    """A remembered dataset: all that has its name."""

    profiles: tuple[Mapping[str, float], ...]  # of what has the name, here and in other homes; the latest first
    stamp: str  # another one after each write of its records


def search(shelf: Shelf, wanted: Wanted, listings: Listings) -> list[Recalled]:
    """The `k` that fit best; among equals the better result of its dataset and objective comes first.

    Similarity is that of the words, or the likeness of the datasets, or the mean of both where both are asked for.
    """
    known = {} if wanted.profile is None and wanted.vector is not None else _profiled(shelf, wanted)
    likenesses = None if wanted.profile is None else dict(_ranked(known, wanted.profile))
    names = list(likenesses or ()) if wanted.dataset is None else [wanted.dataset]
    if wanted.vector is not None and likenesses:
        least = max(likenesses.values()) / 2
        names = [name for name in names if likenesses.get(name, 0.0) >= least][:_ALIKE]
    model = wanted.model and clean(wanted.model)
    collections = [collection for kind in wanted.kinds for collection in shelf.of(kind, model)]
    if wanted.vector is None:
        stamps = {name: dataset.stamp for name, dataset in known.items()}
        return _listed(collections, wanted, {name: stamps.get(clean(name)) for name in names}, likenesses, listings)
    found = list(_candidates(collections, wanted.vector, wanted, names).values())
    hits = [
        Recalled(record=record, similarity=_similarity(record, words, likenesses, wanted)) for record, words, _ in found
    ]
    standing = _standing([row for _, _, row in found])
    order = sorted(range(len(hits)), key=lambda i: (-hits[i].similarity, standing[i], hits[i].record.id))
    return [hits[i] for i in order[: wanted.k]]


def alike(shelf: Shelf, profile: Mapping[str, float]) -> list[tuple[str, float]]:
    """Every dataset's name with its likeness to `profile`, most alike first."""
    return _ranked(_profiled(shelf), profile)


def n_datasets(shelf: Shelf) -> int:
    """Of how many datasets something is remembered; a profile alone is what is left of dropped trials."""
    collections = [*shelf.of("trial"), *shelf.of("lesson")]
    profiled = set(_profiled(shelf))
    there = {name for name in profiled if any(_is_of(collection, name) for collection in collections)}
    where = {"dataset": {"$nin": sorted(profiled)}} if profiled else None
    for collection in collections:
        there |= {str(row["dataset"]) for _, row in _rows(collection, where=where) if row.get("dataset")}
    return len(there | {id.removeprefix("dataset/") for id in ids_of(shelf, "dataset")})


def _is_of(collection: Any, name: str) -> bool:
    return bool(collection.get(where={"dataset": name}, limit=1, include=[])["ids"])


def _ranked(known: Mapping[str, _Profiled], profile: Mapping[str, float]) -> list[tuple[str, float]]:
    pairs = [(name, max(_like(profile, of) for of in dataset.profiles)) for name, dataset in known.items()]
    return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))


def _like(asked: Mapping[str, float], of: Mapping[str, float]) -> float:
    return _likeness(tuple(sorted(asked.items())), tuple(of.items()))


@functools.lru_cache(maxsize=20_000)  # a study asks the same before each trial
def _likeness(asked: tuple[tuple[str, float], ...], of: tuple[tuple[str, float], ...]) -> float:
    return likeness(dict(asked), dict(of))


def _profiled(shelf: Shelf, wanted: Wanted | None = None) -> dict[str, _Profiled]:
    """The datasets that have a profile, by the names that the store gives them; one where only one is asked for."""
    is_of_one = wanted is not None and wanted.profile is None and wanted.dataset is not None
    ids = {"ids": [clean(wanted.dataset or "")]} if wanted and is_of_one else {}
    rows = [pair for collection in shelf.of(PROFILES) for pair in _rows(collection, **ids)]
    found: dict[str, _Profiled] = {}
    for id, row in sorted(rows, key=lambda pair: "dataset" in pair[1]):  # first those that have a stamp
        name = str(row.get("dataset", id))
        before = found.get(name) or _Profiled(profiles=(), stamp=str(row.get(STAMP, "")))
        found[name] = _Profiled(profiles=(*before.profiles, profile_of(row)), stamp=before.stamp)
    return found


def _rows(collection: Any, **which: Any) -> list[tuple[str, _Row]]:
    """Ids with their metadata."""
    got = collection.get(include=["metadatas"], **which)
    return list(zip(got["ids"], got["metadatas"], strict=True))


def _listed(
    collections: Sequence[Any],
    wanted: Wanted,
    stamps: Mapping[str, str | None],
    likenesses: Mapping[str, float] | None,
    listings: Listings,
) -> list[Recalled]:
    """Those of the first datasets that together have `k` records, best first; only what is returned is read in full.

    Of a dataset that has more than `each`, some of every rank: what was bad is as telling as what was good.
    """
    hits: list[Recalled] = []
    places = tuple(str(collection.id) for collection in collections)
    for name, stamp in stamps.items():
        key = (places, clean(name), wanted.each, wanted.k if wanted.each is None else None)
        kept = listings.of(key, stamp, lambda: _best(collections, wanted, name))  # noqa: B023
        of_name = 1.0 if likenesses is None else likenesses.get(clean(name), 0.0)
        found = [Recalled(record=record, similarity=_of_data(record, wanted, of_name)) for record in kept]
        hits += sorted(found, key=lambda hit: -hit.similarity)[: wanted.k - len(hits)]
        if len(hits) == wanted.k:
            break
    return hits


def _of_data(record: Record, wanted: Wanted, of_name: float) -> float:
    """The likeness of the data that a record is of: data of one name may differ, so a trial's own profile counts."""
    if wanted.profile is None or not isinstance(record, TrialRecord) or not record.profile:
        return of_name
    return _like(wanted.profile, record.profile)


def _best(collections: Sequence[Any], wanted: Wanted, name: str) -> Sequence[Record]:
    """Of one dataset `each`, or else the `k` best."""
    rows = [row for collection in collections for row in _rows(collection, where={"dataset": clean(name)})]
    standing = _standing([row for _, row in rows])
    best = sorted(range(len(rows)), key=lambda i: (standing[i], rows[i][0]))
    chosen = spread(best, wanted.each) if wanted.each else best[: wanted.k]
    return [record_of(rows[i][1]) for i in chosen]


def spread(ranked: Sequence[T], n: int | None) -> Sequence[T]:
    """`n` of them at even distances, the first and the last among them; all where there are no more."""
    if n is None or len(ranked) <= n:
        return ranked
    return [ranked[round(i * (len(ranked) - 1) / (n - 1))] for i in range(n)] if n > 1 else ranked[:1]


def _candidates(collections: Sequence[Any], vector: Vectors, wanted: Wanted, names: Sequence[str]) -> _Found:
    """The records that may be among the best; `names` are the datasets to look at."""
    where = _any_of([clean(name) for name in names]) if names else None
    if wanted.dataset is not None or wanted.profile is None:
        return _fetched(_nearest(collections, vector, wanted.k, where))
    n = max(wanted.k, _WIDE)  # more than are wanted: the likeness of the datasets ranks them anew
    near = _nearest(collections, vector, n, None)
    return _fetched(near + _nearest(collections, vector, n, where) if where else near)


def _any_of(names: Sequence[str]) -> Mapping[str, Any]:
    """Records of these datasets; Chroma finds one name in half the time that it takes for a list of one."""
    return {"dataset": names[0]} if len(names) == 1 else {"dataset": {"$in": list(names)}}


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
        for name, row in _rows(collection, ids=list(distances)):
            record = record_of(row)
            found[record.id] = record, min(max(1 - distances[name], 0.0), 1.0), row
    return found


def _similarity(record: Record, words: float, likenesses: Mapping[str, float] | None, wanted: Wanted) -> float:
    if likenesses is None:
        return words
    dataset = dataset_of(record)
    if isinstance(record, Lesson) and dataset is None:
        return (words + _NEUTRAL) / 2
    return (words + _of_data(record, wanted, likenesses.get(clean(dataset or ""), 0.0))) / 2


def _standing(rows: Sequence[Mapping[str, Any]]) -> list[float]:
    """The place of each trial among those it can be compared with: 0 the best, towards 1; 1 without a value.

    Those have its data, its objective, its rule of what counts as a like, its choice of repeats and its weights of
    outcomes.

    What is no trial stands at 0.
    """
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    standing = [0.0] * len(rows)
    for i, row in enumerate(rows):
        if row.get("objective"):
            terms = (row.get("positive") or "all", row.get("repeats") or "mask", row.get("outcomes") or "")
            groups[row.get("dataset", ""), row.get("data") or "", row["objective"], *terms].append(i)
    for group in groups.values():
        group.sort(key=lambda i: _goodness(rows[i]), reverse=True)
        for place, i in enumerate(group):
            standing[i] = place / len(group) if _goodness(rows[i]) > -math.inf else 1.0
    return standing


def _goodness(row: Mapping[str, Any]) -> float:
    value = row.get("value")
    if value is None:
        return -math.inf
    return float(value) if row["direction"] == "maximize" else -float(value)
