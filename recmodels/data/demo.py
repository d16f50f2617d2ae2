"""A bookshop drawn from a seed: its readers' chances of reading each book next are known, so models can be judged.

A reader's next book is, with chance FOLLOW, the next volume of the series just read; with chance SAME_AUTHOR, another
book of the author just read; else one drawn by taste: softmax of `TASTE z(t)·v + FAME q`. Tastes drift from a first to
a last vector and lean on the reader's age group; no book is read twice.

    z  a reader's taste                                     (U, D)
    v  a book's place: genre + theme + author + noise       (I, D)
    q  a book's fame                                        (I,)
    t  how far through the history a reader is, 0 to 1, in PHASES steps

Popularity can see q, matrix factorisation z·v as well, a sequence model also the drift and the series; only the words
of a title tell its theme, which is finer than the genre.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from recmodels.data.demo_words import AGES, FIRST_NAMES, GENDERS, LAST_NAMES, THEMES, TITLES
from recmodels.data.interactions import Interactions

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

FOLLOW, SAME_AUTHOR = 0.3, 0.15
TASTE, FAME = 7.0, 0.8
D = 24
PHASES = 5
TRIES = 8  # draws by taste, of which the first unread book counts
FIRST_DAY, N_DAYS, GAP_DAYS = 1_609_459_200, 700, 9  # 2021-01-01; readers join over N_DAYS and read every GAP_DAYS
GENRES = tuple(THEMES)
THEME_NAMES = tuple(theme for themes in THEMES.values() for theme in themes)
THEMES_A_GENRE = len(THEME_NAMES) // len(GENRES)


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoTruth:
    """What generated the demo data, aligned with its `user_ids` and `item_ids`."""

    next_item: Floats  # (n_users, n_items) chance of each book to be the reader's last, given all before; rows sum to 1
    taste: Floats  # (n_users, n_items) chance of being drawn by taste, averaged over the history; rows sum to 1
    last_items: Ints  # (n_users,) the reader's last book


@dataclass(frozen=True, slots=True, kw_only=True)
class _Books:
    theme: Ints  # (I,)
    author: Ints  # (I,)
    series: Ints  # (I,)
    volume: Ints  # (I,) from 1 within a series
    successor: Ints  # (I,) the next volume, -1 where there is none
    by_author: Ints  # (I,) books sorted by author
    author_start: Ints  # (A + 1,) where each author begins in `by_author`
    place: Floats  # (I, D)
    fame: Floats  # (I,)
    genre_places: Floats  # (G, D)
    theme_places: Floats  # (T, D)


def demo_interactions(seed: int = 0, n_users: int = 2000, n_items: int = 1500) -> Interactions:
    """The demo dataset: time, ratings, titles, authors, genres and groups of readers."""
    return demo_with_truth(seed, n_users, n_items)[0]


def demo_with_truth(seed: int = 0, n_users: int = 2000, n_items: int = 1500) -> tuple[Interactions, DemoTruth]:
    """The demo dataset and the chances it was drawn from; the same seed gives the same data."""
    rng = np.random.default_rng(seed)
    books = _draw_books(rng, n_items)
    ages = rng.choice(len(AGES), n_users, p=(0.3, 0.35, 0.25, 0.1))
    genders = rng.choice(len(GENDERS), n_users, p=(0.5, 0.46, 0.04))
    tastes = _draw_tastes(rng, books, ages)
    lengths = np.clip(rng.lognormal(3.2, 0.5, n_users), PHASES, min(100, n_items // 4)).astype(np.int64)
    drawn, taste, last_taste = _draw_by_taste(rng, books, tastes, lengths)
    books_read = _read(rng, books, drawn, lengths)
    interactions = Interactions.from_events(
        "demo",
        _events(rng, books, books_read, tastes[0], lengths),
        time_kind="timestamp",
        columns={"user": "reader", "item": "book", "weight": "rating", "time": "timestamp"},
        user_table=pl.DataFrame({"age": [AGES[a] for a in ages], "gender": [GENDERS[g] for g in genders]}),
        group_columns=("age", "gender"),
    )
    numbers = interactions.item_ids.str.slice(1).cast(pl.Int64).to_numpy() - 1  # books nobody reads have no row
    interactions = replace(
        interactions, item_table=_describe(rng, books)[numbers], text_columns=("title", "author", "genres")
    )
    next_item = _next_chances(books, books_read, lengths, last_taste)
    last = interactions.items[interactions.offsets()[1:] - 1]
    return interactions, DemoTruth(
        next_item=_normalised(next_item[:, numbers]), taste=_normalised(taste[:, numbers]), last_items=last
    )


def _draw_books(rng: np.random.Generator, n_items: int) -> _Books:
    n_authors = max(n_items // 6, 1)
    author = np.sort(rng.choice(n_authors, n_items, p=rng.dirichlet(np.full(n_authors, 2.0))))
    starts = (np.diff(author, prepend=-1) != 0) | (rng.random(n_items) < 0.28)
    series = np.cumsum(starts) - 1
    author_genre = rng.integers(len(GENRES), size=n_authors)
    theme_of_series = rng.integers(THEMES_A_GENRE, size=n_items)
    theme = author_genre[author] * THEMES_A_GENRE + theme_of_series[series]
    volume = np.arange(n_items) - np.flatnonzero(starts)[series] + 1
    has_next = np.append(series[1:] == series[:-1], False)

    genre_places, theme_places = _directions(rng, len(GENRES)), _directions(rng, len(THEME_NAMES))
    author_places, noise = _directions(rng, n_authors), _directions(rng, n_items)
    genre = theme // THEMES_A_GENRE
    place = genre_places[genre] + 0.8 * theme_places[theme] + 0.5 * author_places[author] + 0.3 * noise
    fame = rng.normal(size=n_authors)[author] * 0.6 + rng.normal(size=n_items) * 0.8 - 0.15 * (volume - 1)

    at = rng.permutation(n_items)  # book numbers tell nothing: sorted position p becomes book at[p]
    sorted_by_at = np.argsort(at)
    return _Books(
        theme=theme[sorted_by_at],
        author=author[sorted_by_at],
        series=series[sorted_by_at],
        volume=volume[sorted_by_at],
        successor=np.where(has_next, np.append(at[1:], -1), -1)[sorted_by_at],
        by_author=at,
        author_start=np.searchsorted(author, np.arange(n_authors + 1)),
        place=place[sorted_by_at].astype(np.float32),
        fame=fame[sorted_by_at].astype(np.float32),
        genre_places=genre_places,
        theme_places=theme_places,
    )


def _directions(rng: np.random.Generator, n: int) -> Floats:
    vectors = rng.normal(size=(n, D))
    return _of_length_one(vectors)


def _of_length_one(vectors: npt.NDArray[np.floating]) -> Floats:
    scaled: Floats = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    return scaled


def _draw_tastes(rng: np.random.Generator, books: _Books, ages: Ints) -> Floats:
    """First and last taste of each reader. (2, U, D)"""
    n = len(ages)
    age_lean = rng.dirichlet(np.full(len(GENRES), 0.5), len(AGES))  # genres that an age group likes

    def draw() -> Floats:
        genres = 0.7 * rng.dirichlet(np.full(len(GENRES), 0.25), n) + 0.3 * age_lean[ages]
        within = rng.dirichlet(np.full(THEMES_A_GENRE, 0.4), (n, len(GENRES)))
        themes = (genres[:, :, None] * within).reshape(n, -1)
        taste = genres @ books.genre_places + 1.2 * themes @ books.theme_places
        return _of_length_one(taste)

    first, other = draw(), draw()
    return np.stack([first, 0.4 * first + 0.6 * other])


def _draw_by_taste(
    rng: np.random.Generator, books: _Books, tastes: Floats, lengths: Ints
) -> tuple[Ints, Floats, Floats]:
    """TRIES books for every step (U, L, TRIES), the mean chances and those of the last phase (U, I)."""
    n_users, n_items = len(lengths), len(books.fame)
    steps = np.arange(lengths.max())
    phase_of = PHASES * steps[None, :] // lengths[:, None]  # (U, L); PHASES and more are beyond the history
    drawn = np.zeros((n_users, len(steps), TRIES), dtype=np.int64)
    mean = np.zeros((n_users, n_items), dtype=np.float32)
    chances = mean
    for phase in range(PHASES):
        t = phase / (PHASES - 1)
        chances = _chances(books, (1 - t) * tastes[0] + t * tastes[1])
        mean += chances / PHASES
        reader, step = np.nonzero(phase_of == phase)
        edges = np.cumsum(chances, axis=1, dtype=np.float64)
        edges = edges / edges[:, -1:] + np.arange(n_users)[:, None]  # row u lies in (u, u + 1], so one search does all
        wanted = reader[:, None] + rng.random((len(reader), TRIES))
        drawn[reader, step] = np.searchsorted(edges.ravel(), wanted, side="right") - reader[:, None] * n_items
    return np.minimum(drawn, n_items - 1), mean, chances


def _chances(books: _Books, taste: Floats) -> Floats:
    scores = TASTE * (taste @ books.place.T) + FAME * books.fame
    scores = np.exp(scores - scores.max(axis=1, keepdims=True)).astype(np.float32)
    return _normalised(scores)


def _read(rng: np.random.Generator, books: _Books, drawn: Ints, lengths: Ints) -> Ints:
    """The books of each reader in order, -1 beyond the end. (U, L)"""
    n_users, n_steps, _ = drawn.shape
    is_read = np.zeros((n_users, len(books.fame) + 1), dtype=bool)
    is_read[:, -1] = True  # index -1: no such book
    read = np.full((n_users, n_steps), -1)
    chance, pick = rng.random((2, n_users, n_steps))
    for step in range(n_steps):
        who = np.flatnonzero(lengths > step)
        options = drawn[who, step]
        unread = ~is_read[who[:, None], options]
        book = options[np.arange(len(who)), unread.argmax(axis=1)]
        if step:
            book = _after(books, is_read, who, read[who, step - 1], book, chance[who, step], pick[who, step])
        stuck = is_read[who, book]
        book[stuck] = is_read[who[stuck], :-1].argmin(axis=1)  # the first unread; rare
        is_read[who, book] = True
        read[who, step] = book
    return read


def _after(
    books: _Books,
    is_read: npt.NDArray[np.bool_],
    who: Ints,
    last: Ints,
    by_taste: Ints,
    chance: npt.NDArray[np.float64],
    pick: npt.NDArray[np.float64],
) -> Ints:
    successor = books.successor[last]
    follows = (chance < FOLLOW) & ~is_read[who, successor]
    start, end = books.author_start[books.author[last]], books.author_start[books.author[last] + 1]
    other = books.by_author[start + (pick * (end - start)).astype(np.int64)]
    same_author = (chance >= FOLLOW) & (chance < FOLLOW + SAME_AUTHOR) & ~is_read[who, other]
    return np.where(follows, successor, np.where(same_author, other, by_taste))


def _next_chances(books: _Books, read: Ints, lengths: Ints, taste: Floats) -> Floats:
    """The mixture that each reader's last book was drawn from. (U, I)"""
    n_users, n_items = taste.shape
    rows, before_last = np.arange(n_users), read[np.arange(n_users), lengths - 2]
    history = read.copy()
    history[rows, lengths - 1] = -1
    unread = np.ones((n_users, n_items + 1), dtype=bool)
    unread[rows[:, None], history] = False
    successor = books.successor[before_last]
    follow = FOLLOW * unread[rows, successor]
    unread = unread[:, :-1]

    author = books.author[before_last]
    sizes = np.diff(books.author_start)[author]
    by_author = (books.author[None, :] == author[:, None]) * unread * (SAME_AUTHOR / sizes)[:, None]
    by_taste = _normalised(taste * unread) * (1 - follow - by_author.sum(axis=1))[:, None]
    chances = by_taste + by_author
    chances[rows, successor] += follow  # successor -1 has follow 0
    return _normalised(chances)


def _events(rng: np.random.Generator, books: _Books, read: Ints, taste: Floats, lengths: Ints) -> pl.DataFrame:
    joined = FIRST_DAY + rng.integers(N_DAYS * 86_400, size=len(lengths))
    gaps = rng.exponential(GAP_DAYS * 86_400, read.shape).astype(np.int64) + 60
    times = joined[:, None] + np.cumsum(gaps, axis=1)
    reader, step = np.nonzero(read >= 0)
    book = read[reader, step]
    liking = np.einsum("nd,nd->n", taste[reader], books.place[book]) + 0.15 * books.fame[book]
    rating = np.clip(np.round(3.2 + 1.2 * liking + rng.normal(size=len(book)) * 0.8), 1, 5)
    return pl.DataFrame(
        {"user": reader + 1, "item": book + 1, "weight": rating, "time": times[reader, step]}
    ).with_columns(pl.format("b{}", "item").alias("item"))


def _describe(rng: np.random.Generator, books: _Books) -> pl.DataFrame:
    """Title, author, genre and year of every book."""
    words = [THEMES[genre][theme] for genre in GENRES for theme in THEMES[genre]]
    n_series = int(books.series.max()) + 1
    size = np.bincount(books.series, minlength=n_series)
    template, word = rng.integers(len(TITLES), size=n_series), rng.integers(len(words[0]), size=n_series)
    names = rng.permutation(len(FIRST_NAMES) * len(LAST_NAMES))
    titles = [
        TITLES[template[s]].format(words[theme][word[s]]) + (f", Book {volume}" if size[s] > 1 else "")
        for s, theme, volume in zip(books.series, books.theme, books.volume, strict=True)
    ]
    authors = names[books.author % len(names)]
    return pl.DataFrame(
        {
            "title": titles,
            "author": [f"{FIRST_NAMES[a % len(FIRST_NAMES)]} {LAST_NAMES[a // len(FIRST_NAMES)]}" for a in authors],
            "genres": [GENRES[theme // THEMES_A_GENRE] for theme in books.theme],
            "year": 1985 + rng.integers(0, 20, size=n_series)[books.series] + books.volume,
        }
    )


def _normalised(rows: npt.NDArray[np.floating]) -> Floats:
    shares: Floats = (rows / rows.sum(axis=1, keepdims=True)).astype(np.float32)
    return shares
