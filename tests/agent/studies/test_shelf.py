"""Titles and deletions in the ledger: one name for one study for all who ask, and nothing half done by a kill."""

import pytest
import sqlalchemy

from agent.errors import UserError
from agent.studies.ledger import Ledger
from agent.studies.shelf import Shelf
from agent.studies.study_spec import StudySpec


def made(ledger: Ledger, *names: str) -> Ledger:
    for name in names:
        ledger.create(StudySpec.create(name=name, dataset="tiny", models=["ease"]), {})
    return ledger


def test_a_title_stands_for_a_name_in_every_ledger_that_is_opened(ledger: Ledger) -> None:
    made(ledger, "a-1", "a-2").rename("a-1", "winner")
    again = Ledger(ledger.url)
    assert again.names() == ["a-2", "winner"]
    assert [again.name_of(called) for called in ("winner", "Winner", "a-1", "A-1", "a-2", "nobody")] == [
        "a-1",
        "a-1",
        "a-1",
        "a-1",
        "a-2",
        None,
    ]
    assert (again.title("a-1"), again.title("a-2")) == ("winner", "a-2")
    again.close()


def test_a_study_can_take_its_own_name_back(ledger: Ledger) -> None:
    made(ledger, "a-1").rename("a-1", "winner")
    ledger.rename("a-1", "a-1")
    assert ledger.names() == ["a-1"]


@pytest.mark.parametrize("title", ["a-2", "A-2", "best", "a-3", "", " ", "x" * 101])
def test_a_title_that_is_another_ones_or_no_name_is_refused_and_nothing_changes(ledger: Ledger, title: str) -> None:
    made(ledger, "a-1", "a-2", "a-3", "a-4").rename("a-4", "best")
    ledger.hide("a-3")
    before = ledger.titles()
    with pytest.raises(UserError):
        ledger.rename("a-1", title)
    assert ledger.titles() == before


def test_of_two_that_rename_at_once_one_gets_the_title(ledger: Ledger) -> None:
    made(ledger, "a-1", "a-2")
    shelf = Shelf(ledger.storage.engine)
    ids = [ledger.storage.get_study_id_from_name(name) for name in ("a-1", "a-2")]
    assert [shelf.rename(study_id, "winner") for study_id in ids] == [True, False]
    assert ledger.name_of("winner") == "a-1"


def test_a_hidden_study_is_refused_by_name_and_shown_again_whole(ledger: Ledger) -> None:
    pages = made(ledger, "a-1").open("a-1")
    ledger.hide("a-1")
    assert ledger.names() == []
    with pytest.raises(UserError, match="'a-1' was deleted"):
        ledger.refuse("a-1")
    with pytest.raises(UserError, match="was deleted"):
        pages.claim()
    assert ledger.open("a-1").holder() is None  # the claim that was refused was given back
    with pytest.raises(UserError, match="renamed or deleted"):
        made(ledger, "a-1")
    ledger.show("a-1")
    pages.claim()
    assert ledger.names() == ["a-1"]


def test_what_a_deleted_study_taught_is_for_a_rebuilt_memory_unless_it_is_to_be_forgotten(ledger: Ledger) -> None:
    made(ledger, "a-1", "a-2")
    ledger.hide("a-1", forgets=True)
    ledger.hide("a-2")
    places = Shelf(ledger.storage.engine).places()
    assert [place.is_forgotten for _, place in sorted(places.items())] == [True, False]
    ledger.show("a-1")
    assert not Shelf(ledger.storage.engine).place(ledger.storage.get_study_id_from_name("a-1")).is_forgotten


def test_a_ledger_of_an_earlier_version_gets_the_tables_when_it_is_opened(ledger: Ledger) -> None:
    made(ledger, "a-1")
    with ledger.storage.engine.begin() as connection:
        for table in ("recpilot_shelf", "recpilot_acts"):
            connection.execute(sqlalchemy.text(f"DROP TABLE {table}"))
    again = Ledger(ledger.url)
    assert again.names() == ["a-1"]
    assert again.acts.last(None) == []
    again.close()


def test_a_new_study_cannot_take_anothers_title(ledger: Ledger) -> None:
    made(ledger, "a-1").rename("a-1", "winner")
    with pytest.raises(UserError, match="already a study 'winner'"):
        made(ledger, "winner")
    assert ledger.taken() == {"a-1", "winner"}
