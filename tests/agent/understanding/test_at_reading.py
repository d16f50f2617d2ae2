"""What is said of a file's rows and ids while it is added is used, or asked about before anything is added."""

import pytest

from agent.understanding.data.at_reading import at_reading
from agent.understanding.data.words_left import without_same_rules, words_left
from agent.understanding.plan import Plan
from tests.agent.understanding.conftest import PlanOf


@pytest.mark.parametrize(
    ("say", "where"),
    [
        ("add o.csv as kaffee, only rows where Status is geliefert", ["Status=geliefert"]),
        ("add o.csv where Status=geliefert", ["Status=geliefert"]),
        ("read o.csv again with only Status=geliefert", ["Status=geliefert"]),
        ("add e.zip as buys only event=transaction, then tune ease", ["event=transaction"]),
        ("add e.zip, only the rows with event=cart or buy and price>=10", ["event=cart|buy", "price>=10"]),
        ('add o.csv except rows where "Order Status" is returned', ["Order Status!=returned"]),
        ("add o.csv where user=email and item=sku", None),
        ("keep only ratings of 4 and more", None),
    ],
)
def test_conditions_on_rows_are_read(say: str, where: list[str] | None) -> None:
    assert at_reading(say).args.get("where") == where


@pytest.mark.parametrize(
    ("say", "hashed", "is_sure"),
    [
        ("add k.csv with hashed user ids, user is email", ["user"], True),
        ("add it with --hash-ids", ["user"], True),
        ("add k.csv with the e-mails hashed", ["user"], True),
        ("add k.csv, the ids must be hashed", ["user"], True),
        ("add k.csv as k9, hashed", ["user"], True),
        ("add k.csv with pseudonyms instead of e-mails", ["user"], True),
        ("add k.csv, hash user and item ids", ["user", "item"], True),
        ("load k.csv without personal data", ["user"], False),
        ("add k.csv anonymised as foo", ["user"], False),
        ("add k.csv but hash the phone numbers", ["user"], False),
        ("add k.csv, not hashed", None, True),
        ("add hashed.csv, the user is hash", None, True),
    ],
)
def test_hashing_is_read_and_what_may_mean_more_is_kept_to_be_asked(
    say: str, hashed: list[str] | None, is_sure: bool
) -> None:
    found = at_reading(say)
    assert (found.args.get("hash_ids"), not found.unsure) == (hashed, is_sure)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("add o.csv as x, without the cancelled orders", ("without the cancelled orders",)),
        ("add o.csv as x, drop phone, ip and city", ("drop phone, ip and city",)),
        ("add o.csv weekly as x", ("weekly",)),
        ("add o.csv as x, event=view", ("event=view",)),
        ("add o.csv as x, deduplicated", ("deduplicated",)),
        ("add o.csv as x but no test accounts", ("no test accounts",)),
        ("hi, the vendor sent o.csv at last, could you please read it in as x? thanks", ()),
        ("add o.csv as x, not movies.csv", ()),
    ],
)
def test_words_that_nothing_used_are_named_and_chatter_is_not(text: str, left: tuple[str, ...]) -> None:
    assert words_left(text, ["o.csv", "x"]) == left


def _asked(plan: Plan) -> str:
    assert not plan.requests and plan.waiting is not None
    return plan.waiting.text


def test_a_plan_adds_with_what_was_said_or_asks_before(plan_of: PlanOf) -> None:
    plan = plan_of("add k.csv as k, hash the ids, only rows with event=buy", add="add_dataset")
    assert [dict(one.args) for one in plan.requests] == [
        {"path": "k.csv", "name": "k", "where": ["event=buy"], "hash_ids": ["user"]}
    ]
    assert "without the cancelled orders" in _asked(
        plan_of("add k.csv as k, without the cancelled orders", add="add_dataset")
    )
    asked = _asked(plan_of("add k.csv as k, without personal data", add="add_dataset"))
    assert "without personal data" in asked and "hashed ids of users" in asked


@pytest.mark.parametrize(
    ("say", "where", "rest"),
    [
        ("add o.csv where state=paid, the user is company", ["state=paid"], "add o.csv the user is company"),
        ("add o.csv only state=paid, company is the user", ["state=paid"], "add o.csv, company is the user"),
        ("add o.csv, only rating>=4", ["rating>=4"], "add o.csv"),
        ("add o.csv where user=email", None, "add o.csv where user=email"),
    ],
)
def test_columns_behind_a_condition_take_nothing_from_it(say: str, where: list[str] | None, rest: str) -> None:
    found = at_reading(say)
    assert (found.args.get("where"), found.rest) == (where, rest)


def test_pseudonyms_for_somebody_are_hashed_ids() -> None:
    assert at_reading("add o.csv as l2 with pseudonyms for the members").args == {"hash_ids": ["user"]}


@pytest.mark.parametrize(
    ("wish", "left"),
    [
        ("the test account stays out", "the test account stays out"),
        ("keep bob@x.de out", "keep bob@x.de out"),
        ("bots are left out again", "bots are left out again"),
        ("but not bob", "but not bob"),
        ("same rules please", None),
        ("with the same filters as before", None),
    ],
)
def test_a_wish_said_with_an_append_is_asked_about_unless_it_is_what_holds_anyway(wish: str, left: str | None) -> None:
    found = words_left(f"append o.csv to x, {wish}", ["o.csv", "x"])
    assert found
    assert without_same_rules(found) == (() if left is None else (left,))
