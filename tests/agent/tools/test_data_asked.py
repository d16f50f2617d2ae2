"""What a dataset holds is counted as it was asked: what was left out and why, shares by a column, who comes again."""

from collections.abc import Callable
from typing import Any

import pytest

from agent.answers.explain import word
from agent.answers.in_chinese import word as in_chinese
from agent.workspace import Workspace

Use = Callable[..., dict[str, Any]]
HEADER = "reader,book,stars,lent,branch,state"


@pytest.fixture
def library(fresh: Workspace, use: Use) -> Workspace:
    """Four readers: r0 and r1 borrow a book in both months; three rows are lost ones, one stands twice."""
    rows = [
        f"r{reader},b{book},{5 - book % 3},2024-0{month}-1{reader},{'north' if reader else 'south'},ok"
        for reader in range(4)
        for month in ((1, 2) if reader < 2 else (1,))
        for book in range(6)
        if not (month == 2 and book > reader)
    ]
    rows += [rows[0], *(f"r3,b{book},1,2024-02-09,north,lost" for book in range(3))]
    (fresh.settings.data_root / "loans.csv").write_text("\n".join([HEADER, *rows]))
    use(fresh, "add_dataset", path="loans.csv", columns={"user": "reader", "item": "book"}, where=["state!=lost"])
    return fresh


def told(workspace: Workspace, use: Use, **args: Any) -> str:
    return word("inspect_data", use(workspace, "inspect_data", dataset="loans", **args))


def test_what_was_left_out_is_told_with_its_reasons_in_both_languages(library: Workspace, use: Use) -> None:
    facts = use(library, "inspect_data", dataset="loans", what="left_out")
    assert (facts["n_left_out"], facts["n_kept"], len(facts["reasons"])) == (4, 27, 2)
    assert word("inspect_data", facts).startswith("4 rows were left out of **loans**, and 27 rows are kept.")
    said = in_chinese("inspect_data", facts)
    assert "去掉了 4 行，保留 27 行" in said
    assert "去掉 3 行" in said and "1 行与另一行的用户、物品和时间相同" in said


def test_of_what_was_left_out_only_what_is_named_is_told(library: Workspace, use: Use) -> None:
    said = told(library, use, what="left_out", filter="lost ones")
    assert "state" in said and "kept once" not in said
    assert "kept once" in told(library, use, what="left_out", filter="nothing like that")


def test_nothing_left_out_is_said_so(fresh: Workspace, use: Use) -> None:
    (fresh.settings.data_root / "loans.csv").write_text("user,item\n" + "\n".join(f"u{n},i{n % 3}" for n in range(9)))
    use(fresh, "add_dataset", path="loans.csv")
    assert told(fresh, use, what="left_out") == "No row was left out of **loans**: 9 rows are kept."


def test_a_share_is_counted_by_the_column_that_holds_the_value_or_what_can_be_asked_is_told(
    library: Workspace, use: Use
) -> None:
    assert told(library, use, what="share", filter="NORTH", of="users").startswith(
        "3 users of 4 in **loans** have `branch` = north"
    )
    assert "`branch` of 4 users: north (3), south (1)" in told(library, use, what="share", filter="branch", of="users")
    unknown = told(library, use, what="share", filter="west", of="users")
    assert "has no value or column “west”" in unknown and "north (3), south (1)" in unknown
    assert told(library, use, what="share", filter="r1", of="rows").startswith("User r1 has 8 interactions")


def test_who_comes_again_and_who_has_most(library: Workspace, use: Use) -> None:
    assert "2 of 4 users of **loans** have rows in each of the 2 months" in told(library, use, what="regular")
    assert "2 of 4 users took an item more than once" in told(library, use, what="repeats")
    assert "is r1, with 8 of 27 rows" in told(library, use, what="top_users")


def test_items_are_ranked_by_their_mean_rating_where_they_have_enough(library: Workspace, use: Use) -> None:
    facts = use(library, "inspect_data", dataset="loans", what="top_rated")
    assert [row["mean"] for row in facts["rows"]] == sorted((row["mean"] for row in facts["rows"]), reverse=True)
    assert all(row["n"] >= facts["least"] for row in facts["rows"])
    low = use(library, "inspect_data", dataset="loans", what="low_rated")
    assert low["rows"][0]["mean"] == min(row["mean"] for row in low["rows"])


def test_dates_sizes_and_the_number_of_rows_that_was_asked_for(library: Workspace, use: Use) -> None:
    assert told(library, use, what="dates") == "**loans** goes from 2024-01-10 to 2024-02-11 (UTC)."
    assert told(library, use, what="size") == "**loans** has 27 rows, of 4 users with 6 items."
    assert "2 fewer" not in told(library, use, what="size", against="loans", of="users")
    assert len(use(library, "inspect_data", dataset="loans", what="head", n_rows=3)["rows"]) == 3


def test_the_newest_dataset_is_named_with_what_it_was_made_of(library: Workspace, use: Use) -> None:
    use(library, "filter_dataset", dataset="loans", since="2024-02-01", name="february")
    said = told(library, use, what="newest")
    assert said.startswith("february is the newest dataset") and "from loans" in said


def test_what_would_be_left_is_counted_and_not_done(fresh: Workspace, use: Use) -> None:
    """The column that says that rows came to nothing is not kept: its note counts them."""
    rows = [f"u{n % 7},i{n % 5},2024-01-{1 + n:02d},{'cancelled' if n < 4 else 'done'}" for n in range(28)]
    (fresh.settings.data_root / "loans.csv").write_text("\n".join(["user,item,time,status", *rows]))
    use(fresh, "add_dataset", path="loans.csv")
    asked = {"what": "share", "of": "rows", "without": True}
    known = fresh.catalogue.names()
    assert "24 rows of 28 of **loans** would be left: 4 rows fewer. Nothing was done." in told(
        fresh, use, filter="cancelled", **asked
    )
    assert "cannot tell “refunded”" in told(fresh, use, filter="refunded", **asked)
    assert fresh.catalogue.names() == known
