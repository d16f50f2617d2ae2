import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from recmodels.data.interactions import Interactions
from recmodels.data.split import Split, moves_border, split
from recmodels.errors import DataError, ParamError
from recmodels.request import SplitSpec


def make(pairs: list[tuple[int, int]], kind: str = "timestamp", parts: list[int] | None = None) -> Interactions:
    """Events in the order given, a second apart."""
    frame = pl.DataFrame(pairs, schema=["user", "item"], orient="row")
    if kind != "none":
        frame = frame.with_columns(time=pl.int_range(pl.len()) + (10**9 if kind == "timestamp" else 0))
    if parts is not None:
        frame = frame.with_columns(split=pl.Series(parts))
    return Interactions.from_events("x", frame, time_kind=kind)


def divided(data: Interactions, kind: str, seed: int = 0) -> Split:
    try:
        return split(data, SplitSpec(kind=kind, seed=seed))
    except DataError:
        assume(False)  # too small for three parts
        raise


EVENTS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 12)), min_size=3, max_size=120)
ENOUGH_FOR_TIMES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 12)), min_size=10, max_size=120)


@given(events=EVENTS, kind=st.sampled_from(["leave_last_out", "temporal", "random"]), seed=st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_every_row_is_in_exactly_one_part(events, kind: str, seed: int) -> None:
    data = make(events)

    parts = divided(data, kind, seed)

    assert np.array_equal(np.sort(np.concatenate([parts.train, parts.valid, parts.test])), np.arange(len(data)))
    assert all((np.diff(rows) > 0).all() for rows in (parts.train, parts.valid, parts.test))


@given(events=EVENTS)
@settings(max_examples=30, deadline=None)
def test_leave_last_out_trains_on_nothing_after_what_it_asks_for(events) -> None:
    data = make(events)

    parts = divided(data, "leave_last_out")

    for user in range(data.n_users):
        train, valid, test = (
            data.times[rows[data.users[rows] == user]] for rows in (parts.train, parts.valid, parts.test)
        )
        n = len(train) + len(valid) + len(test)
        assert (len(valid), len(test)) == ((1, 1) if n >= 3 else (0, 0))
        if n >= 3:
            assert train.max() < valid[0] < test[0]


@given(events=ENOUGH_FOR_TIMES)
@settings(max_examples=30, deadline=None)
def test_temporal_trains_on_nothing_after_what_it_asks_for(events) -> None:
    data = make(events)

    parts = divided(data, "temporal")

    assert data.times[parts.train].max() < data.times[parts.valid].min()
    assert data.times[parts.valid].max() < data.times[parts.test].min()
    assert len(parts.valid) == len(parts.test) == len(data) // 10


@given(events=EVENTS, seed=st.integers(0, 5))
@settings(max_examples=30, deadline=None)
def test_random_keeps_repeats_of_a_pair_together_and_takes_a_tenth_of_each_users_items(events, seed: int) -> None:
    data = make(events)

    parts = divided(data, "random", seed)

    pairs = [
        set(zip(data.users[rows], data.items[rows], strict=True)) for rows in (parts.train, parts.valid, parts.test)
    ]
    assert not (pairs[0] & pairs[1] or pairs[0] & pairs[2] or pairs[1] & pairs[2])
    for user in range(data.n_users):
        in_train, in_valid, in_test = (sum(pair[0] == user for pair in part) for part in pairs)
        n = in_train + in_valid + in_test
        assert in_test == (max(n // 10, 1) if n >= 2 else 0)
        assert in_valid == (max(n // 10, 1) if n >= 3 else 0)


def test_random_is_the_same_for_a_seed_and_another_for_another() -> None:
    data = make([(user, item) for user in range(20) for item in range(20)])

    first, again, other = (split(data, SplitSpec(kind="random", seed=seed)) for seed in (1, 1, 2))

    assert np.array_equal(first.test, again.test)
    assert not np.array_equal(first.test, other.test)


@given(events=EVENTS, seed=st.integers(0, 5), border=st.integers(0, 5))
@settings(max_examples=60, deadline=None)
def test_a_border_is_drawn_again_and_the_test_part_never_changes(events, seed: int, border: int) -> None:
    data = make(events)
    plain = divided(data, "random", seed)

    parts = split(data, SplitSpec(kind="random", seed=seed, border=border))

    assert np.array_equal(parts.test, plain.test)
    assert np.array_equal(np.sort(np.concatenate([parts.train, parts.valid])), np.union1d(plain.train, plain.valid))
    train, valid, before = (
        {*zip(data.users[rows], data.items[rows], strict=True)} for rows in (parts.train, parts.valid, plain.valid)
    )
    assert not train & valid, "repeats of an item stay together"
    assert sorted(user for user, _ in valid) == sorted(user for user, _ in before), "as many items of each user"


def test_every_border_is_another_and_each_row_before_test_is_validated_with_equally_often() -> None:
    data = make([(user, item) for user in range(20) for item in range(20)], "none")
    plain = split(data)

    found = [split(data, SplitSpec(border=border)).valid for border in range(1, 181)]

    assert len({rows.tobytes() for rows in (plain.valid, *found)}) == 181
    counts = np.bincount(np.concatenate(found), minlength=len(data))
    assert not counts[plain.test].any()
    before_test = np.delete(counts, plain.test)
    assert before_test.mean() == 20.0  # 180 times 2 of 18; standard deviation 4.2
    assert before_test.min() > 4
    assert before_test.max() < 42


@pytest.mark.parametrize(
    ("kind", "times", "parts", "moves"),
    [
        ("random", "none", None, True),
        ("auto", "none", None, True),
        ("leave_last_out", "order", None, False),
        ("temporal", "timestamp", None, False),
        ("auto", "order", None, False),
        ("given", "none", [0, 0, 0, 2], True),
        ("given", "none", [0, 0, 1, 2], False),
        ("given", "none", [0, 0, 0, 1], False),
        ("given", "none", [0, 0, 0, 0], True),
        ("random", "none", [0, 0, 1, 2], True),
    ],
)
def test_a_border_moves_only_what_is_drawn_at_random_and_that_can_be_asked(
    kind: str, times: str, parts: list[int] | None, moves: bool
) -> None:
    events = [(user, item) for item in range(12) for user in range(10)]
    data = make(events, times, None if parts is None else [parts[item % 4] for _, item in events])
    plain = split(data, SplitSpec(kind=kind))

    others = [split(data, SplitSpec(kind=kind, border=border)) for border in range(1, 4)]

    assert moves_border(data, SplitSpec(kind=kind)) == moves
    assert all(np.array_equal(other.test, plain.test) for other in others)
    assert all((not np.array_equal(other.valid, plain.valid)) == moves for other in others)
    assert {len(other.valid) for other in others} == {len(plain.valid)}


@pytest.mark.parametrize("name", ["leave-last-out", "Leave_Last_Out", " leave last out "])
def test_the_name_of_a_split_may_have_hyphens(name: str) -> None:
    assert SplitSpec(kind=name).kind == "leave_last_out"
    assert SplitSpec(kind=name) == SplitSpec(kind="leave_last_out")


def test_an_unknown_split_is_answered_with_those_that_are() -> None:
    with pytest.raises(ParamError, match="one of auto, leave_last_out, temporal, random, given, got 'sideways'"):
        SplitSpec(kind="sideways")


def test_random_takes_every_place_of_a_history_equally_often() -> None:
    data = make([(user, item) for user in range(3000) for item in range(10)])

    parts = split(data, SplitSpec(kind="random"))

    counts = np.bincount(data.items[parts.test], minlength=10)
    assert counts.sum() == 3000
    assert counts.min() > 240  # expected 300, standard deviation 16
    assert counts.max() < 360


@pytest.mark.parametrize(
    ("kind", "parts", "expected"),
    [
        ("timestamp", None, "leave_last_out"),
        ("order", None, "leave_last_out"),
        ("none", None, "random"),
        ("timestamp", [0, 0, 1, 2, 0], "given"),
    ],
)
def test_auto_takes_what_the_data_offers(kind: str, parts: list[int] | None, expected: str) -> None:
    data = make([(1, 1), (1, 2), (1, 3), (1, 4), (1, 5)], kind, parts)

    assert split(data).kind == expected


def test_given_parts_are_kept_as_they_are() -> None:
    data = make([(1, 1), (1, 2), (1, 3), (1, 4)], "none", [0, 2, 1, 0])

    parts = split(data)

    assert (parts.train.tolist(), parts.valid.tolist(), parts.test.tolist()) == ([0, 3], [2], [1])


def test_a_missing_valid_part_is_drawn_from_train_and_leaves_test_alone() -> None:
    data = make(
        [(u, i) for u in range(3) for i in range(20)],
        "none",
        [2 if i >= 15 else 0 for _ in range(3) for i in range(20)],
    )

    parts = split(data)

    assert (data.items[parts.test] >= 15).all()
    assert len(parts.test) == 15
    assert np.bincount(data.users[parts.valid]).tolist() == [1, 1, 1]
    assert np.array_equal(split(data).valid, parts.valid)


@pytest.mark.parametrize(
    ("kind", "time", "needs"), [("temporal", "order", "timestamps"), ("given", "timestamp", "train and test")]
)
def test_a_split_that_the_data_cannot_give_is_refused_with_those_that_work(kind: str, time: str, needs: str) -> None:
    with pytest.raises(ParamError, match=rf"the split '{kind}' needs {needs}.*these work: auto, leave_last_out"):
        split(make([(1, 1), (1, 2), (1, 3)], time), SplitSpec(kind=kind))


@pytest.mark.parametrize("kind", ["leave_last_out", "temporal", "random"])
def test_data_that_is_too_small_is_refused_with_its_counts(kind: str) -> None:
    with pytest.raises(DataError, match=rf"`x` is too small for a {kind} split: 2 interactions of 2 users give"):
        split(make([(1, 1), (2, 2)]), SplitSpec(kind=kind))
