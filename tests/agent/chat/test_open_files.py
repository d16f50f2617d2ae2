"""Questions about columns: each file's stays open until it is answered, and what was ordered with it is done then."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from agent.chat.conversation import Conversation
from agent.chat.known_now import known_in
from agent.chat.open_files import open_files
from agent.events import AnswerFinished, MessageSaid
from agent.llm.pilot.chat import PilotChat
from agent.workspace import Workspace

ROWS = [f"b{n % 8},s{n // 4 % 30},p{n % 9},{1 + n % 5}" for n in range(160)]


Drop = Callable[..., Path]


@pytest.fixture
def drop(tmp_path: Path) -> Drop:
    def made(name: str, header: str = "buyer_id,seller_id,listing,stars") -> Path:
        path = tmp_path / name
        path.write_text("\n".join([header, *ROWS, ""]))
        return path

    return made


@pytest.fixture
def chat(fresh: Workspace) -> Conversation:
    return Conversation(fresh, "one", PilotChat(known=lambda: known_in(fresh)))


def answer(chat: Conversation, text: str, files: Sequence[Path] = ()) -> AnswerFinished:
    return next(event for event in chat.send(text, files) if isinstance(event, AnswerFinished))


def roles(workspace: Workspace, dataset: str) -> tuple[str, str]:
    columns = workspace.catalogue.get(dataset).columns
    return columns["user"], columns["item"]


@pytest.mark.parametrize("says", ["in trades.csv the item is listing", "for trades: item = listing"])
def test_a_question_stays_open_while_another_file_is_read(
    fresh: Workspace, chat: Conversation, drop: Drop, says: str
) -> None:
    assert answer(chat, "", [drop("trades.csv")]).choices == ("seller_id", "listing")
    answer(chat, "", [drop("plain.csv", "user,other,item,rating")])
    assert "Added as **trades**" in answer(chat, says).text
    assert roles(fresh, "trades") == ("buyer_id", "listing")


def test_what_may_be_said_of_two_files_is_asked_back(fresh: Workspace, chat: Conversation, drop: Drop) -> None:
    answer(chat, "", [drop("swaps.csv"), drop("deals.csv")])
    which = answer(chat, "the item is listing")
    assert which.choices == ('in "swaps.csv", the item is listing', 'in "deals.csv", the item is listing')
    assert fresh.catalogue.names() == ["demo"]
    answer(chat, which.choices[0])
    assert fresh.catalogue.names() == ["demo", "swaps"]
    again = answer(chat, "the item is seller_id")  # of the one that is left, or of the one that was just read
    answer(chat, again.choices[0])
    assert roles(fresh, "deals") == ("buyer_id", "seller_id")


def test_columns_that_two_files_have_are_asked_about_once_another_was_read(
    fresh: Workspace, chat: Conversation, drop: Drop
) -> None:
    answer(chat, "", [drop("trades.csv")])
    answer(chat, "the user is buyer_id, the item is stars", [drop("market.csv")])
    which = answer(chat, "the item is listing")
    assert which.choices == ('in "trades.csv", the item is listing', "in market, the item is listing")
    answer(chat, which.choices[1])
    assert roles(fresh, "market") == ("buyer_id", "listing") and "trades" not in fresh.catalogue.names()


def test_a_wrong_answer_leaves_the_question_open_and_offers_the_column_that_is_meant(
    fresh: Workspace, chat: Conversation, drop: Drop
) -> None:
    answer(chat, "", [drop("trades.csv")])
    wrong = answer(chat, "the item is listings, the user is seller_id")
    assert "did you mean 'listing'" in wrong.text and wrong.choices == ('the item is "listing"',)
    answer(chat, wrong.choices[0])
    assert roles(fresh, "trades") == ("seller_id", "listing")  # what was right of the answer is kept


@pytest.mark.parametrize("says", ["add trades.csv", "tune ease on trades", "what is in trades.csv?"])
def test_what_is_wanted_of_an_open_file_asks_its_question_again(chat: Conversation, drop: Drop, says: str) -> None:
    answer(chat, "", [drop("trades.csv")])
    answer(chat, "", [drop("plain.csv", "user,other,item,rating")])
    again = answer(chat, says)
    assert "`trades.csv` is not read yet" in again.text and again.choices == ("seller_id", "listing")


def test_a_dataset_goes_before_an_open_file_that_is_called_like_it(
    fresh: Workspace, chat: Conversation, drop: Drop
) -> None:
    answer(chat, "the user is buyer_id, the item is seller_id", [drop("trades.csv")])
    answer(chat, "", [drop("trades.csv")])
    answer(chat, "in trades the item is listing")
    assert fresh.catalogue.names() == ["demo", "trades"] and roles(fresh, "trades") == ("buyer_id", "listing")


def test_no_puts_the_question_off(fresh: Workspace, chat: Conversation, drop: Drop) -> None:
    answer(chat, "", [drop("trades.csv")])
    assert [one.file for one in open_files(chat._kept.messages())] == ["trades.csv"]
    answer(chat, "never mind")
    assert open_files(chat._kept.messages()) == [] and fresh.catalogue.names() == ["demo"]


@pytest.mark.parametrize("says", ["the item is listing, and call it bazaar", "call it bazaar; listing"])
def test_an_answer_may_name_the_dataset(fresh: Workspace, chat: Conversation, drop: Drop, says: str) -> None:
    answer(chat, "", [drop("trades.csv")])
    answer(chat, says)
    assert roles(fresh, "bazaar") == ("buyer_id", "listing")


@pytest.mark.parametrize(
    ("beside", "says"),
    [
        ("rename it to bazaar", "the item is listing"),
        ("rename it to bazaar", "listing"),
        ("", "the item is listing, then rename it to bazaar"),
    ],
)
def test_what_is_ordered_with_an_unclear_file_is_done_once_it_is_read(
    fresh: Workspace, chat: Conversation, drop: Drop, beside: str, says: str
) -> None:
    asked = answer(chat, beside, [drop("trades.csv")])
    assert ("I go on with “rename it to bazaar”" in asked.text) == bool(beside)
    assert fresh.catalogue.names() == ["demo"]
    assert "is called **bazaar** now" in answer(chat, says).text
    said = [event.text for event in Conversation(fresh, "one").history() if isinstance(event, MessageSaid)]
    assert said == [beside, says]


def test_an_order_waits_for_all_files_of_its_message(fresh: Workspace, chat: Conversation, drop: Drop) -> None:
    answer(chat, "rename swaps to bazaar", [drop("swaps.csv"), drop("deals.csv")])
    answer(chat, "in swaps.csv the item is listing")
    assert fresh.catalogue.names() == ["demo", "swaps"]
    answer(chat, "in deals.csv the item is listing")
    assert fresh.catalogue.names() == ["bazaar", "deals", "demo"]


def test_an_order_beside_a_file_that_cannot_be_read_is_not_lost_in_silence(chat: Conversation, tmp_path: Path) -> None:
    (tmp_path / "letter.csv").write_text("")
    refused = answer(chat, "tune ease on this", [tmp_path / "letter.csv"])
    assert "nothing was done with “tune ease on this”" in refused.text
