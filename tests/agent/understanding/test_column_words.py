"""What is said of the columns of a file goes with its adding, and the rest of the message is read as though alone."""

from collections.abc import Callable

import pytest

from agent.understanding.data.column_words import columns_apart
from agent.understanding.dialogue import Dialogue
from agent.understanding.plan import Plan, Request


@pytest.mark.parametrize(
    ("say", "columns", "rest"),
    [
        ("add base.csv as d2, ignore the rating column", {"ignore": "rating"}, "add base.csv as d2"),
        ("add base.csv as d2, leave out the lat and lon columns", {"ignore": "lat,lon"}, "add base.csv as d2"),
        ("add base.csv without the e-mail column", {"ignore": "e-mail"}, "add base.csv"),
        ("add base.csv ignore=rating", {"ignore": "rating"}, "add base.csv"),
        ("add base.csv, do not read the column x", {"ignore": "x"}, "add base.csv"),
        ("add base.csv, leave the lat column out", {"ignore": "lat"}, "add base.csv"),
        (
            'add base.csv, drop "Terms and Conditions" and zip columns',
            {"ignore": "Terms and Conditions,zip"},
            "add base.csv",
        ),
        ("add base.csv, don't read column x and y, and tune ease", {"ignore": "x,y"}, "add base.csv, and tune ease"),
        ("add base.csv, keep the e-mail column", {"keep": "e-mail"}, "add base.csv"),
        ("add base.csv, the rating is Bewertung", {"weight": "Bewertung"}, "add base.csv"),
        ("add base.csv, rating is How do you rate it?", {"weight": "How do you rate it?"}, "add base.csv"),
        ("add base.csv, rating is Rating (1-5)", {"weight": "Rating (1-5)"}, "add base.csv"),
        ("add base.csv, user is Kunde, item is Artikel", {"user": "Kunde", "item": "Artikel"}, "add base.csv"),
        ("add b.csv, customer is the user, likes are thumbs", {"user": "customer", "weight": "thumbs"}, "add b.csv"),
        ("add b.csv (user: msno, item: song id)", {"user": "msno", "item": "song id"}, "add b.csv"),
        (
            "add lib.csv where the user is Borrower Number and the time is Issue Date",
            {"user": "Borrower Number", "time": "Issue Date"},
            "add lib.csv",
        ),
    ],
)
def test_columns_are_taken_apart(say: str, columns: dict[str, str], rest: str) -> None:
    found = columns_apart(say)
    assert found.columns == columns
    assert found.rest == rest


@pytest.mark.parametrize(
    "say",
    [
        "tune ease on x.csv, time is 20 minutes, 6 trials",
        "add x.csv, a like is 4 stars and up",
        "add x.csv and tune sasrec without dropout",
        "add x.csv, leave out ease",
        "ignore it, then read the columns of base.csv",
        "what is the user column?",
    ],
)
def test_what_is_no_column_stays(say: str) -> None:
    assert columns_apart(say).rest == say


def test_they_go_with_the_file_that_a_study_begins_by_reading(plan_of: Callable[..., Plan]) -> None:
    plan = plan_of("tune ease on base.csv, 6 trials, ignore the rating column", tune="start_study")
    added, started = plan.requests
    assert (added.tool, dict(added.args)) == ("add_dataset", {"path": "base.csv", "columns": {"ignore": "rating"}})
    assert (started.tool, started.args["dataset"]) == ("start_study", "base")


@pytest.mark.parametrize("say", ["append f/inc.csv to shop", "put inc.csv on top of shop", "extend shop with inc.csv"])
def test_a_file_is_joined_to_a_dataset_whatever_the_words_are_taken_for(say: str, plan_of: Callable[..., Plan]) -> None:
    (added,) = plan_of(say, append="start_study", put="import_trials", extend="extend_study").requests
    assert (added.tool, added.args["append"]) == ("add_dataset", "shop")
    assert str(added.args["path"]).endswith("inc.csv")


def test_nothing_said_of_one_file_goes_with_the_next(plan_of: Callable[..., Plan]) -> None:
    args = {"path": "a.csv", "append": "shop", "columns": {"user": "Kunde"}}
    dialogue = Dialogue(last=(Request(tool="add_dataset", args=args),))
    (added,) = plan_of("add b.csv", dialogue, relation="edit", add="add_dataset").requests
    assert dict(added.args) == {"path": "b.csv"}


def test_without_a_file_to_add_they_are_named_as_not_used(plan_of: Callable[..., Plan]) -> None:
    plan = plan_of("tune ease on shop, 6 trials, ignore the rating column", tune="start_study")
    assert not plan.requests
    assert plan.unused == ("ignore the rating column",)
    assert plan.waiting is not None and plan.waiting.why == "unused"


@pytest.mark.parametrize(
    ("say", "columns"),
    [
        ("read o.csv, company=user part_no=item", {"user": "company", "item": "part_no"}),
        ("lies o.csv ein, user=Besucher item=Seite", {"user": "Besucher", "item": "Seite"}),
        ("add o.csv, Kundennummer is customer, Artikel is product", {"user": "Kundennummer", "item": "Artikel"}),
        ("add o.csv: the product is Artikel", {"item": "Artikel"}),
        ("Artikel=product", {"item": "Artikel"}),
        ("user is customer, item is product", {"user": "customer", "item": "product"}),
        ("now o.tsv please: the phone number msisdn is the user", {"user": "msisdn"}),
        ("add o.csv, Issue Date is the time", {"time": "Issue Date"}),
        ("tune ease, time=30m", {}),
    ],
)
def test_either_side_may_be_the_role(say: str, columns: dict[str, str]) -> None:
    assert columns_apart(say).columns == columns


@pytest.mark.parametrize(
    ("say", "base"),
    [
        ("append inc.csv to it", "demo"),
        ("add the october loans from inc.csv to it", "demo"),
        ("here is also may, inc.csv, please put it to the shop orders", "shop"),
    ],
)
def test_a_file_is_joined_to_the_dataset_at_hand_or_to_the_one_that_is_named(
    say: str, base: str, plan_of: Callable[..., Plan]
) -> None:
    (added,) = plan_of(say, append="add_dataset", add="add_dataset", here="add_dataset").requests
    assert (added.args["path"], added.args["append"]) == ("inc.csv", base)
