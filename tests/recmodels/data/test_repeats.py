"""People who buy the same few things again, and data whose rows only look like it."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch

from recmodels.data.interactions import Interactions
from recmodels.data.likes import with_likes
from recmodels.data.repeats import choice_of, repeats_across
from recmodels.data.split import split
from recmodels.errors import ParamError
from recmodels.evaluation import measured_users
from recmodels.loop.preparation import data_on
from recmodels.models.base import Entities
from recmodels.models.personal_frequency import PersonalFrequency
from recmodels.positive import parse_rule
from recmodels.repeats import RepeatChoice, parse_repeats
from recmodels.request import SplitSpec, TrainRequest, TrainResult
from recmodels.serving import Recommender
from recmodels.training import train
from tests.benchmarks.common import histories_of

pytestmark = pytest.mark.filterwarnings("ignore:.*pin_memory")
N_USERS, N_ITEMS, DAY = 40, 30, 86_400


def bought(histories: list[list[tuple[int, int]]], kind: Any = "timestamp", **rest: Any) -> Interactions:
    """From each person's purchases: item and time."""
    rows = [
        {"user": f"u{user}", "item": f"i{item}", "time": time}
        for user, history in enumerate(histories)
        for item, time in history
    ]
    return Interactions.from_events("shop", pl.DataFrame(rows), time_kind=kind, **rest)


def buyers() -> Interactions:
    """Each buys the same three things in turn, a day apart."""
    rng = np.random.default_rng(0)
    own = [rng.choice(N_ITEMS, 3, replace=False).tolist() for _ in range(N_USERS)]
    return bought([[(things[n % 3], n * DAY) for n in range(9)] for things in own])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("buyers") / "saved"
    buyers().save(place)
    return place


def run(folder: Path, model: str = "item_knn", **rest: Any) -> TrainResult:
    return train(TrainRequest(dataset=folder, model=model, measures_test=True, device="cpu", n_threads=1, **rest))


def evidence(data: Interactions, kind: Any = "auto") -> tuple[int, int]:
    return repeats_across(data, split(data, SplitSpec(kind=kind)))


def test_a_thing_bought_again_is_a_repeat_and_a_duplicate_is_none() -> None:
    """The purchase before the last is the one of validation, the last one of test."""
    minute, end = 60, (9, 100 * DAY)
    histories = {
        "another thing between": [(1, 0), (2, minute), (1, 2 * minute), end],
        "a day after": [(3, 0), (1, minute), (1, minute + DAY), end],
        "a click more": [(3, 0), (1, minute), (1, 2 * minute), end],
        "the same moment": [(1, minute), (2, minute), (1, minute), end],
        "never before": [(1, 0), (2, minute), (3, 2 * minute), end],
        "only in test": [(1, 0), (2, minute), (3, 2 * minute), (1, 100 * DAY)],
    }
    found = {name: evidence(bought([history])) for name, history in histories.items()}
    assert {name for name, (n_repeats, _) in found.items() if n_repeats} == {"another thing between", "a day after"}
    assert set(found.values()) == {(1, 1), (0, 1)}
    ordered = [[(item, place) for place, (item, _) in enumerate(history)] for history in histories.values()]
    assert evidence(bought(ordered, "order")) == (2, 6), "of an order only what has another thing between"


def test_events_of_people_without_a_past_say_nothing_of_repeats() -> None:
    data = bought([[(1, 0)], [(1, 0), (2, DAY), (1, 2 * DAY), (3, 9 * DAY)]])
    assert evidence(data) == (1, 1)


def test_without_an_order_nothing_is_known_to_come_again() -> None:
    data = buyers()
    frame = pl.DataFrame({"user": data.user_ids.gather(data.users), "item": data.item_ids.gather(data.items)})
    given = Interactions.from_events("d", frame.with_columns(split=pl.Series([0, 0, 0, 0, 0, 0, 1, 1, 2] * N_USERS)))
    assert evidence(given) == (0, 80)


@pytest.mark.parametrize(("n_again", "kind"), [(0, "mask"), (1, "mask"), (4, "mask"), (5, "keep"), (40, "keep")])
def test_a_tenth_of_repeats_keeps_them_and_the_reason_is_said(n_again: int, kind: str) -> None:
    first = [(1, 0), (2, DAY), (3, 2 * DAY)]
    ends = [[(1 if user < n_again else 4, 9 * DAY), (5, 10 * DAY)] for user in range(N_USERS)]
    data = bought([first + end for end in ends])
    found = choice_of(None, data, split(data))
    assert found.kind == kind
    if not n_again:
        assert found == RepeatChoice()
        return
    assert f"{n_again} of 40 validation events are such repeats" in found.says and "by the data" in found.says
    assert ", as in study a; " in choice_of("mask", data, split(data), set_by="as in study a").says
    asked = choice_of("mask", data, split(data))
    assert asked.kind == "mask"
    assert asked.says.startswith("items that people had before are left out of the lists, as set; ")


def test_keep_needs_a_split_in_which_something_comes_again(folder: Path) -> None:
    with pytest.raises(ParamError, match="`keep` needs a split that follows time"):
        run(folder, repeats="keep", split=SplitSpec(kind="random"))
    assert run(folder, split=SplitSpec(kind="random")).repeats == "mask"
    with pytest.raises(ParamError, match=r"`mask` .* or `keep`"):
        parse_repeats("again")
    assert parse_repeats(" Keep ") == "keep"


@pytest.mark.parametrize("model", ["item_knn", "ease"])
def test_who_buys_again_is_measured_and_recommended_their_things(model: str, folder: Path, tmp_path: Path) -> None:
    found = {choice: run(folder, model, repeats=choice, checkpoint=tmp_path / str(choice)) for choice in ("keep", None)}
    assert found[None].metrics["test_ndcg@10"] == found["keep"].metrics["test_ndcg@10"] > 0.6
    assert (found[None].repeats, found["keep"].repeats) == ("keep", "keep")
    assert found[None].measured["test"]["n_measured"] == N_USERS
    kept = Recommender.load(tmp_path / "keep")
    for user in range(5):
        own = set(kept.history(f"u{user}"))
        assert {place.item_id for place in kept.recommend(f"u{user}", k=3)} == own
        assert {place.item_id for place in kept.recommend_after(sorted(own), k=3)} == own
    lists = kept.lists(3)
    assert set(lists.filter(pl.col("user_id") == "u0")["item_id"]) == set(kept.history("u0"))


def test_masked_repeats_are_neither_listed_nor_relevant(tmp_path: Path) -> None:
    histories = [[(item, n * DAY) for n, item in enumerate((1, 2, 3, 1, 1))] for _ in range(20)]
    bought([*histories, [(n, n * DAY) for n in range(9)]]).save(tmp_path / "data")
    result = run(tmp_path / "data", repeats="mask", checkpoint=tmp_path / "c")
    assert result.measured["test"]["n_measured"] == 1 and result.measured["test"]["n_only_seen"] == 20
    masked = Recommender.load(tmp_path / "c")
    assert not {place.item_id for place in masked.recommend("u0", k=50)} & {"i1", "i2", "i3"}


def test_what_was_disliked_stays_out_unless_it_was_liked_too() -> None:
    rows = [("a", 1, 5), ("a", 2, 1), ("a", 3, 1), ("a", 3, 5), ("a", 1, 5), ("a", 4, 5), ("b", 9, 5), ("b", 8, 1)]
    frame = pl.DataFrame(
        [{"user": u, "item": f"i{i}", "weight": float(w), "time": n * DAY} for n, (u, i, w) in enumerate(rows)]
    )
    data = with_likes(Interactions.from_events("d", frame, time_kind="timestamp"), parse_rule(">=4"))
    parts = split(data, SplitSpec(kind="leave_last_out"))
    on_device = data_on(data, parts, torch.device("cpu"), keeps_repeats=True)
    _, items = on_device.train.masked(torch.tensor([0]))
    assert {data.item_ids[item] for item in items.tolist()} == {"i2"}
    assert measured_users(on_device.train, on_device.valid).n_measured == 1, "i1 came again"


def test_the_choice_is_part_of_a_run_only_where_repeats_are_kept(folder: Path) -> None:
    plain, masked, kept = (
        TrainRequest(dataset=folder, model="ease", repeats=choice).fingerprint() for choice in (None, "mask", "keep")
    )
    assert plain == masked != kept


def test_what_a_person_had_most_often_comes_first_and_what_is_popular_after_it() -> None:
    """One with 2, 2, 1, 3 in this order, one without anything, one with 3 and 3."""
    seen = histories_of([[2, 2, 1, 3], [], [3, 3]], 5)
    for decay, best in ((1.0, [2, 3, 1, 0, 4]), (0.5, [3, 1, 2, 0, 4])):
        model = PersonalFrequency({"decay": decay}, Entities(n_users=3, n_items=5))
        model.fit(seen)
        scores = model.score(torch.tensor([0, 1]), seen, None)
        assert scores.argsort(dim=1, descending=True, stable=True).tolist() == [best, [3, 2, 1, 0, 4]]
    assert scores[0, 2] == pytest.approx(0.5**3 + 0.5**2, rel=1e-4), "a half less with each later event"
