"""The datasets that the shipped histories are measured on: public ones, parts of them, and planted ones.

python tests/benchmarks/history_datasets.py --to datasets
recpilot memory measure --to measured --dataset datasets/ml-100k … --model ease … --pack-to memory/histories

Never among them, so that what is learned from the others can be tried on them: ml-latest-small, Toys_and_Games, and
planted datasets of seeds above 1000. The public datasets themselves may not be passed on; the folder stays here.
"""

import argparse
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import polars as pl
from common import REAL_DATA

from recmodels.data.demo import demo_interactions
from recmodels.data.interactions import Interactions
from recmodels.data.reading.read import read_interactions

ML_1M = REAL_DATA / "ml-1m"
PLANTED = {  # seed, users, items
    "planted-dense": (7, 600, 300),
    "planted-sparse": (11, 4000, 4000),
    "planted-wide": (13, 800, 3000),
}
WHOLE = {
    "ml-100k": "ml-100k",
    "book-crossing": "book-crossing/book_history.dat",
    "lastfm-hetrec": "lastfm-hetrec/user_artists.dat",
    "steam": "steam/game_purchase.dat",
    "beauty": "amazon-beauty-toys/Beauty.txt",
}
FAMILIES = {name: name.split("-")[0] for name in PLANTED} | {name: name for name in WHOLE}
FAMILIES |= {"ml-1m-first": "ml-1m", "ml-1m-light": "ml-1m", "ml-1m-comedy": "ml-1m", "lastfm-known": "lastfm-hetrec"}


def ml_1m_first() -> Interactions:
    """By time: of each user the first quarter of the ratings, five at least."""
    place, n = pl.int_range(pl.len()).over("userId"), pl.len().over("userId")
    return _ml_1m("ml-1m-first", lambda rows: rows.sort("userId", "pos").filter(place < pl.max_horizontal(n // 4, 5)))


def ml_1m_light() -> Interactions:
    """By activity: users with up to 60 ratings."""
    return _ml_1m("ml-1m-light", lambda rows: rows.filter(pl.len().over("userId") <= 60))


def ml_1m_comedy() -> Interactions:
    """By category: comedies."""
    lines = (ML_1M / "movies.dat").read_text("latin-1").splitlines()
    comedies = [int(line.split("::")[0]) for line in lines if "Comedy" in line.split("::")[2]]
    return _ml_1m("ml-1m-comedy", lambda rows: rows.filter(pl.col("movieId").is_in(comedies)))


def lastfm_known() -> Interactions:
    """By popularity: artists with 20 listeners and more."""
    source = REAL_DATA / "lastfm-hetrec"
    rows = pl.read_csv(source / "user_artists.dat", separator="\t")
    return _read("lastfm-known", rows.filter(pl.len().over("artistID") >= 20), source, ("artists.dat",))


def _ml_1m(name: str, chosen: Callable[[pl.DataFrame], pl.DataFrame]) -> Interactions:
    rows = pl.read_csv(ML_1M / "ratings_in_order.csv").select("userId", "movieId", "rating", "pos")
    return _read(name, chosen(rows), ML_1M, ("movies.dat", "users.dat"))


def _read(name: str, rows: pl.DataFrame, source: Path, beside: tuple[str, ...]) -> Interactions:
    with tempfile.TemporaryDirectory() as folder:
        for file in beside:
            (Path(folder) / file).write_bytes((source / file).read_bytes())
        path = Path(folder) / f"{name}.csv"
        rows.write_csv(path)
        return read_interactions(path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, required=True)
    to: Path = parser.parse_args().to
    made: dict[str, Callable[[], Interactions]] = {
        name: (lambda file=file: read_interactions(REAL_DATA / file))  # type: ignore[misc]
        for name, file in WHOLE.items()
    }
    made |= {
        "ml-1m-first": ml_1m_first,
        "ml-1m-light": ml_1m_light,
        "ml-1m-comedy": ml_1m_comedy,
        "lastfm-known": lastfm_known,
    }
    made |= {name: (lambda shape=shape: demo_interactions(*shape)) for name, shape in PLANTED.items()}  # type: ignore[misc]
    for name, make in made.items():
        if not (to / name).exists():
            interactions = replace(make(), name=name)
            interactions.save(to / name)
            print(f"{name}: {interactions.n_users:,} users, {interactions.n_items:,} items, {len(interactions):,} rows")


if __name__ == "__main__":
    main()
