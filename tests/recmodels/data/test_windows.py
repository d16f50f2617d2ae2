"""Windows of time: all events before one, none after it."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from recmodels.data.interactions import Interactions
from recmodels.data.split import split
from recmodels.data.windows import up_to, windows
from recmodels.errors import DataError, ParamError
from recmodels.request import SplitSpec


def shop(times: list[int]) -> Interactions:
    n = len(times)
    rows = {"user": [f"u{i % 5}" for i in range(n)], "item": [f"i{i % 7}" for i in range(n)], "time": times}
    return Interactions.from_events("shop", pl.DataFrame(rows), time_kind="timestamp")


def test_the_last_events_are_in_windows_of_a_tenth() -> None:
    found = windows(shop(list(range(100))), 4)
    assert [(w.first, w.last, w.n_before, w.n_events) for w in found] == [
        (60, 69, 60, 10),
        (70, 79, 70, 10),
        (80, 89, 80, 10),
        (90, 99, 90, 10),
    ]
    assert [w.n_events for w in windows(shop(list(range(100))), 10)] == [5] * 10


def test_a_window_is_tested_on_itself_and_learns_from_what_came_before() -> None:
    data = shop(list(range(100)))
    part = up_to(data, windows(data, 4)[1])
    parts = split(part, SplitSpec(kind="given"))
    assert part.times is not None
    times = [sorted(part.times[rows].tolist()) for rows in (parts.train, parts.valid, parts.test)]
    assert times == [list(range(60)), list(range(60, 70)), list(range(70, 80))]
    assert part.n_users == data.n_users and np.all(np.diff(part.users) >= 0)


def test_events_of_one_moment_are_in_one_window() -> None:
    data = shop([*range(85), *[85] * 15])
    found = windows(data, 2)
    assert [(w.first, w.n_events) for w in found] == [(80, 5), (85, 15)]


def test_data_without_windows_are_refused() -> None:
    with pytest.raises(DataError, match="no timestamps"):
        windows(replace(shop([1, 2]), time_kind="order"), 2)
    with pytest.raises(DataError, match="too few for 4 windows"):
        windows(shop([1, 2, 3]), 4)
    with pytest.raises(DataError, match="nothing came before the first"):
        windows(shop([1] * 100), 4)
    with pytest.raises(ParamError, match="at least 1"):
        windows(shop([1, 2]), 0)
