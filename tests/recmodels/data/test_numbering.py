"""Numbers of ids and the order of rows, beside what numpy and polars say of the same."""

from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor

import numpy as np
import polars as pl
import pytest

from recmodels.data import numbering
from recmodels.data.numbering import blocks, in_order, numbered


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as threads:
        yield threads


@pytest.mark.parametrize("span", [1, 40, 2**31, 2**62])  # many of one moment; too far apart to be packed
@pytest.mark.parametrize("n_users", [1, 7, 500])
def test_rows_are_in_the_order_of_lexsort_over_many_blocks(
    pool: Executor, monkeypatch: pytest.MonkeyPatch, span: int, n_users: int
) -> None:
    monkeypatch.setattr(numbering, "BLOCK", 64)
    rng = np.random.default_rng(span % 1000 + n_users)
    _, (users,) = numbered(pl.Series(rng.integers(0, n_users, 2000)))
    times = rng.integers(0, span, 2000)
    order = np.lexsort((times, users))
    wanted, found = (order, users[order], times[order]), in_order(users, times, pool)
    assert all(np.array_equal(one, other) for one, other in zip(wanted, found, strict=True))  # type: ignore[arg-type]
    assert in_order(users, None, pool)[0].tolist() == np.argsort(users, kind="stable").tolist()


@pytest.mark.parametrize("ids", [["b", "a", "b", "c"], [7, 3, 7, 10**15], [5, 5, -2, 9], []])
def test_ids_are_numbered_as_they_appear(ids: list[object]) -> None:
    names, (first, second) = numbered(pl.Series(ids[:2]), pl.Series(ids[2:]))
    known = list(dict.fromkeys(map(str, ids)))
    assert names.to_list() == known
    assert [*first, *second] == [known.index(str(one)) for one in ids]


def test_blocks_hold_whole_users_and_each_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numbering, "BLOCK", 10)
    assert [*blocks(np.array([0, 3, 30, 31, 35, 44]))] == [(0, 1), (1, 2), (2, 4), (4, 5)]
