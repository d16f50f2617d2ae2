"""What came of each row is kept by name, through everything that makes datasets of others."""

from pathlib import Path

import polars as pl
import pytest

from recmodels.data.deriving import joined
from recmodels.data.filtering import Filter, filtered
from recmodels.data.interactions import Interactions
from recmodels.data.outcomes import known_outcomes
from recmodels.data.reading.read import read_interactions
from recmodels.errors import DataError
from recmodels.outcomes import parse_outcomes

LOG = [
    ("ann", "tea", 10, "view"),
    ("ann", "tea", 20, "purchase"),
    ("bob", "tea", 30, "view"),
    ("bob", "mug", 40, "cart"),
]


def written(path: Path, rows: list[tuple[str, str, int, str]]) -> Interactions:
    names = ["user_id", "item_id", "timestamp", "event"]
    pl.DataFrame([(u, i, 1_600_000_000 + t, k) for u, i, t, k in rows], schema=names, orient="row").write_csv(path)
    return read_interactions(path)


def told(data: Interactions) -> set[tuple[str, str, frozenset[str]]]:
    assert data.outcomes is not None
    return {
        (
            data.user_ids[int(user)],
            data.item_ids[int(item)],
            frozenset(name for place, name in enumerate(data.outcome_names) if bits >> place & 1),
        )
        for user, item, bits in zip(data.users, data.items, data.outcomes, strict=True)
    }


@pytest.fixture
def shop(tmp_path: Path) -> Interactions:
    return written(tmp_path / "shop.csv", LOG)


def test_kinds_of_events_are_kept_and_stored(shop: Interactions, tmp_path: Path) -> None:
    assert told(shop) == {
        ("ann", "tea", frozenset({"view"})),
        ("ann", "tea", frozenset({"purchase"})),
        ("bob", "tea", frozenset({"view"})),
        ("bob", "mug", frozenset({"cart"})),
    }
    shop.save(tmp_path / "saved")
    loaded = Interactions.load(tmp_path / "saved")
    assert told(loaded) == told(shop)
    assert loaded.fingerprint() == shop.fingerprint()


def test_events_of_one_moment_are_one_row_with_the_outcomes_of_all(tmp_path: Path) -> None:
    shop = written(tmp_path / "shop.csv", [*LOG, ("bob", "mug", 40, "purchase")])
    assert len(shop) == len(LOG)
    assert ("bob", "mug", frozenset({"cart", "purchase"})) in told(shop)


def test_filtered_and_joined_data_keep_them_under_their_names(shop: Interactions, tmp_path: Path) -> None:
    assert told(filtered(shop, Filter(min_item_events=2))) == {row for row in told(shop) if row[1] == "tea"}
    written(tmp_path / "more.csv", [("eve", "mug", 50, "addtocart"), ("eve", "tea", 60, "purchase")])
    more = read_interactions(tmp_path / "more.csv", more_of=shop)
    new = {("eve", "mug", frozenset({"addtocart"})), ("eve", "tea", frozenset({"purchase"}))}
    assert told(joined(shop, more, "more.csv").interactions) == told(shop) | new


def test_a_joined_row_has_the_outcomes_of_the_one_in_whose_place_it_is_too(shop: Interactions, tmp_path: Path) -> None:
    written(tmp_path / "more.csv", [("bob", "tea", 30, "purchase")])
    together = joined(shop, read_interactions(tmp_path / "more.csv", more_of=shop), "more.csv")
    assert together.n_repeated == 1
    assert ("bob", "tea", frozenset({"view", "purchase"})) in told(together.interactions)


def test_columns_of_0_and_1_are_outcomes_of_impressions_too_and_never_their_context(tmp_path: Path) -> None:
    rows = [("ann", "tea", 1, 1, 1, "phone"), ("ann", "mug", 2, 1, 0, "web"), ("bob", "tea", 3, 0, 0, "phone")]
    rows += [("bob", "mug", 4, 1, 0, "web"), ("bob", "pot", 5, 1, 1, "phone"), ("ann", "pot", 6, 0, 0, "web")]
    names = ["user_id", "item_id", "timestamp", "click", "bought", "device"]
    pl.DataFrame(rows, schema=names, orient="row").write_csv(tmp_path / "shown.csv")
    data = read_interactions(tmp_path / "shown.csv", columns={"weight": "click"})
    assert data.outcome_names == ("click", "bought")
    assert data.examples is not None
    assert data.examples.outcomes is not None
    assert data.examples.outcomes.tolist() == [3, 1, 0, 0, 1, 3]
    assert data.examples.context is not None
    assert data.examples.context.columns == ["device"]


def test_kinds_that_are_one_for_each_item_are_kept_too(tmp_path: Path) -> None:
    assert written(tmp_path / "shop.csv", [LOG[0], LOG[3]]).outcome_names == ("cart", "view")


def test_parts_in_files_of_their_own_have_one_numbering(tmp_path: Path) -> None:
    written(tmp_path / "train.csv", LOG)
    written(tmp_path / "test.csv", [("bob", "pot", 70, "purchase"), ("ann", "mug", 80, "addtocart")])
    assert ("bob", "pot", frozenset({"purchase"})) in told(read_interactions(tmp_path / "train.csv"))


def test_an_outcome_is_found_by_its_meaning_where_only_one_has_it(tmp_path: Path) -> None:
    german = {"view": "angesehen", "purchase": "kauf", "cart": "warenkorb"}
    data = written(tmp_path / "shop.csv", [(u, i, t, german[k]) for u, i, t, k in LOG])
    for said in ("kauf=10,Warenkorb=3", "purchase=10,basket=3", "compra=10,cart=3"):
        assert known_outcomes(data, parse_outcomes(said)).names == ("kauf", "warenkorb")
    with pytest.raises(DataError, match="no outcome 'click'; it has angesehen"):
        known_outcomes(data, parse_outcomes("purchase=10,click=1"))
