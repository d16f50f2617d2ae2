"""The values that a filter may go by, under the names that stand in a condition."""

import polars as pl

from recmodels.data.interactions import Interactions
from recmodels.data.kept_columns import values_of


def test_columns_of_users_and_items_are_told_with_their_values() -> None:
    events = pl.DataFrame({"user": ["a", "b"], "item": ["x", "y"]})
    data = Interactions.from_events(
        "shop",
        events,
        user_table=pl.DataFrame({"land": ["DE", None], "group": ["1", "2"]}),
        item_table=pl.DataFrame({"Group": ["p", "q"]}),
    )
    told = {name: {*known} for name, known in values_of(data).items()}
    assert told == {"weight": set(), "land": {"DE"}, "user.group": {"1", "2"}, "item.Group": {"p", "q"}}
