"""Inputs that know their label, outcomes among the inputs, and parts that share rows or run backwards in time."""

from pathlib import Path

import numpy as np
import pytest

from recmodels.data.interactions import Interactions
from recmodels.data.reading.read import read_interactions

N = 600
RNG = np.random.default_rng(0)
CLICKS = RNG.integers(0, 2, N)


def written(folder: Path, name: str, **columns: object) -> Interactions:
    """A log of `N` rows with these columns beside user, item and click."""
    base = {"user_id": RNG.integers(0, 40, N), "item_id": RNG.integers(0, 30, N), "click": CLICKS}
    rows = zip(*(np.asarray(values).tolist() for values in (base | columns).values()), strict=True)
    lines = [",".join([*base, *columns]), *(",".join(map(str, row)) for row in rows)]
    (folder / f"{name}.csv").write_text("\n".join(lines))
    return read_interactions(folder / f"{name}.csv", columns={"weight": "click", "time": "", "order": ""})


def inputs(data: Interactions) -> list[str]:
    assert data.examples is not None
    return [] if data.examples.context is None else data.examples.context.columns


def checks(data: Interactions) -> str:
    return "\n".join(note for note in data.notes if note.startswith("check this"))


@pytest.mark.parametrize(
    "name",
    [
        "conversion", "is_buy", "Converted", "add_to_cart", "purchased", "watch_time", "play_duration", "long_view",
        "n_shares", "dwell_ms", "satisfaction", "event_type", "isLike", "completed", "skipped", "revenue", "rating",
    ],
)  # fmt: skip
def test_what_is_known_only_after_is_no_input(tmp_path: Path, name: str) -> None:
    data = written(tmp_path, "log", hour=RNG.integers(0, 24, N), **{name: CLICKS * RNG.integers(0, 2, N)})
    assert inputs(data) == ["hour"]
    assert any("not used to predict" in note and name in note for note in data.notes)


@pytest.mark.parametrize(
    "name", ["hour", "position_on_page", "device", "weekday", "country", "price", "is_weekend", "channel"]
)
def test_what_is_known_before_is_an_input(tmp_path: Path, name: str) -> None:
    data = written(tmp_path, "log", **{name: RNG.integers(0, 5, N)})
    assert inputs(data) == [name] and not checks(data)


def test_the_columns_of_a_date_are_no_inputs(tmp_path: Path) -> None:
    dates = {"year": RNG.integers(2001, 2020, N), "month": RNG.integers(1, 13, N), "day": RNG.integers(1, 28, N)}
    rows = zip(
        RNG.integers(0, 40, N), RNG.integers(0, 30, N), CLICKS, *dates.values(), RNG.integers(0, 9, N), strict=True
    )
    (tmp_path / "log.csv").write_text(
        "user,item,click,year,month,day,shelf\n" + "\n".join(",".join(map(str, row)) for row in rows)
    )
    data = read_interactions(tmp_path / "log.csv")
    assert data.columns["time"] == "year+month+day" and inputs(data) == ["shelf"]


def test_kinds_of_events_are_outcomes_whatever_the_column_is_called(tmp_path: Path) -> None:
    data = written(
        tmp_path,
        "log",
        what=RNG.choice(["view", "addtocart", "transaction"], N),
        hour=CLICKS * 0 + RNG.integers(0, 9, N),
    )
    assert inputs(data) == ["hour"]


def test_a_value_that_tells_the_label_is_pointed_at(tmp_path: Path) -> None:
    data = written(tmp_path, "log", x7=CLICKS * RNG.integers(0, 2, N))
    assert "`x7` alone tells the label" in checks(data) and "labelled 1" in checks(data)


def test_a_number_that_tells_the_label_is_pointed_at(tmp_path: Path) -> None:
    data = written(tmp_path, "log", x7=CLICKS + RNG.normal(0, 0.3, N).round(3))
    assert "`x7` alone has an AUC of 0.9" in checks(data)
    assert not checks(written(tmp_path, "honest", x7=0.5 * CLICKS + RNG.normal(0, 1, N).round(3)))


def test_many_values_of_few_rows_tell_nothing(tmp_path: Path) -> None:
    assert not checks(written(tmp_path, "log", shop=RNG.integers(0, 200, N)))


def test_a_column_that_follows_the_rating_is_pointed_at(tmp_path: Path) -> None:
    ratings = RNG.integers(1, 6, N)
    rows = [f"{u},{i},{r},{r * 2 + RNG.integers(0, 2)},{RNG.integers(0, 9)}" for u, i, r in
            zip(RNG.integers(0, 40, N), RNG.integers(0, 30, N), ratings, strict=True)]  # fmt: skip
    (tmp_path / "ratings.csv").write_text("user,item,rating,x7,hour\n" + "\n".join(rows))
    told = checks(read_interactions(tmp_path / "ratings.csv"))
    assert "`x7` alone explains" in told and "hour" not in told


def parts(folder: Path, *, shares: int = 0, is_backwards: bool = False) -> Interactions:
    """Train of days 0 to 9, test of day 10 (or day 5), so many rows of train in test again."""
    train = [f"u{u},i{(u + d) % 15},{1_600_000_000 + d * 86_400}" for u in range(20) for d in range(10)]
    day = 5 if is_backwards else 10
    test = [f"u{u},i{(u + 12) % 15},{1_600_000_001 + day * 86_400}" for u in range(20)]
    for name, rows in (("train", train), ("test", test + train[:shares])):
        (folder / f"{name}.csv").write_text("user_id,item_id,timestamp\n" + "\n".join(rows))
    return read_interactions(folder / "train.csv")


def test_rows_of_test_that_stand_in_train_are_counted(tmp_path: Path) -> None:
    assert "7 of 27 rows of test stand in train too" in checks(parts(tmp_path, shares=7))
    assert not checks(parts(tmp_path))


def test_time_that_runs_backwards_between_the_parts_is_told(tmp_path: Path) -> None:
    assert "of 20 of 20 users a row of test is older" in checks(parts(tmp_path, is_backwards=True))
