"""What was said of a dataset and still holds stays with what is made of it; what is counted is counted again."""

from collections.abc import Sequence

import polars as pl
import pytest

from recmodels.data.deriving import joined
from recmodels.data.filtering import Filter, filtered
from recmodels.data.interactions import Interactions
from recmodels.data.reading.read import read_interactions

BOT = "bot@x.com"


@pytest.fixture
def shop(tmp_path) -> Interactions:
    people = [
        (f"u{user}@x.com", f"i{item}", user + 40 * item, "buy", "paid") for user in range(40) for item in range(6)
    ]
    bot = [(BOT, f"i{n % 6}", 7 * n, "view", "paid" if n else "cancelled") for n in range(80)]
    return read(tmp_path, "shop.csv", people + bot)


def read(folder, name: str, rows: Sequence[tuple[str, str, int, str, str]]) -> Interactions:
    names = ["user_id", "item_id", "timestamp", "event", "status"]
    table = pl.DataFrame([(u, i, 1_600_000_000 + t, *k) for u, i, t, *k in rows], schema=names, orient="row")
    table.write_csv(folder / name)
    return read_interactions(folder / name)


def note(data: Interactions, words: str) -> str:
    found = [one for one in data.notes if words in one]
    assert len(found) == 1, data.notes
    return found[0]


def test_a_filter_counts_kinds_again_and_keeps_the_warnings_that_hold(shop: Interactions) -> None:
    assert "buy (240 rows), view (80 rows)" in note(shop, "names kinds of events")
    assert "'bot@x.com' has 25% of all events" in note(shop, "the user '")

    part = filtered(shop, Filter(max_user_events=50))

    assert "buy (240 rows), view (0 rows)" in note(part, "names kinds of events")
    assert not any("the user '" in one for one in part.notes)
    assert note(part, "an e-mail address") == note(shop, "an e-mail address")
    assert note(part, "came to nothing").endswith("leaves them out (counted in shop)")
    twice = filtered(part, Filter(since="2020-09-13T12:27:00"))
    assert note(twice, "came to nothing") == note(part, "came to nothing")


def test_what_is_appended_leaves_no_warning_out(shop: Interactions, tmp_path) -> None:
    rows = [(f"u{user}@x.com", f"i{item}", 99_000 + user, "buy", "paid") for user in range(40) for item in range(3)]
    more = read(tmp_path, "may.csv", rows + [("u1@x.com", f"i{n}", 99_999, "view", "cancelled") for n in (1, 2)])

    both = joined(shop, more, "may.csv").interactions

    assert "check this: the user 'bot@x.com' has 18% of all events" in both.notes
    assert note(both, "an e-mail address") == note(shop, "an e-mail address")
    assert any(one.startswith("check this: `status`") and "(counted in shop)" in one for one in both.notes)
    assert any(one.startswith("check this: may.csv: `status`") for one in both.notes)
    assert any("buy (360 rows), view (82 rows)" in one for one in both.notes)
