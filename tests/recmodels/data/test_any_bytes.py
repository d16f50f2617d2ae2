"""Whatever a file holds, reading it ends in interactions or in a `DataError`."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recmodels.data.interactions import Interactions
from recmodels.data.profile import describe, profile
from recmodels.data.reading.read import read_interactions
from recmodels.errors import DataError

GOOD = [
    b"user,item,rating,timestamp\n1,2,5,1700000000\n1,3,4,1700000001\n2,2,1,1700000002\n",
    b"user_id:token\titem_id:token\n1\t2\n1\t3\n",
    b"1::2::5::978300760\n1::3::4::978300761\n",
    b"1 2 3 4\n2 3\n3 4 5 6 7 8\n",
    b'{"user": 1, "item": "a", "date": "2024-01-31"}\n{"user": 2, "item": "b", "date": "2024-02-01"}\n',
    b'[{"user": 1, "item": "a"}, {"user": 2, "item": "b"}]',
    b'{"4": [1, 2], "5": [3]}',
]
PIECES = [
    b",",
    b"\t",
    b"\n",
    b"\r",
    b'"',
    b"::",
    b"user",
    b"nan",
    b"-",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"\xff",
    b"9" * 30,
    b" ",
    b"\x00",
]


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    data = draw(st.sampled_from(GOOD))
    for _ in range(draw(st.integers(1, 4))):
        at, end = sorted(draw(st.tuples(*[st.integers(0, len(data))] * 2)))
        data = data[:at] + draw(st.sampled_from(PIECES)) + data[draw(st.sampled_from([at, end])) :]
    return data


@given(data=st.one_of(damaged(), st.binary(max_size=60), st.text(max_size=80).map(str.encode)))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_read_or_refused_in_one_sentence(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(data)

    try:
        interactions = read_interactions(path)
    except DataError as error:
        assert "\n" not in str(error)
        return

    assert isinstance(interactions, Interactions)
    assert len(interactions) > 0
    assert describe(profile(interactions))


@pytest.mark.parametrize("data", GOOD[:-1])
def test_the_undamaged_files_are_read(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "good").write_bytes(data)

    assert len(read_interactions(tmp_path / "good")) >= 2
