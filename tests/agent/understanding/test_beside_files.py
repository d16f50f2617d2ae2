"""What is said beside a dropped file belongs to the file; the rest is kept for who answers it."""

import pytest

from agent.understanding.data.beside_files import said_beside


@pytest.mark.parametrize(
    ("text", "name", "append", "rest"),
    [
        ("call this one shop2", "shop2", None, ""),
        ("name: kiosk", "kiosk", None, ""),
        ("nenn es laden", "laden", None, ""),
        ("叫它 dian", "dian", None, ""),
        ("please read this, customer = member, ignore age, and call it w7", "w7", None, "read this"),
        ("tune bpr on it, 2 trials, call the data s5", "s5", None, "tune bpr on it, 2 trials"),
        ("append this to shop please", None, "shop", ""),
        ("add to shop, call it spring", "spring", "shop", ""),
        ("append it to nosuch", None, "nosuch", ""),
        ("add it to nosuch", None, None, "add it to nosuch"),
        ("what is this?", None, None, "what is this?"),
        ("this is our data", None, None, "this is our data"),
    ],
)
def test_names_and_what_it_is_joined_to_are_read(text: str, name: str | None, append: str | None, rest: str) -> None:
    found = said_beside(text, ("demo", "shop"))
    assert (found.name, found.append, found.rest) == (name, append, rest)


def test_what_a_file_is_said_to_be_is_a_name_that_was_not_asked_for() -> None:
    found = said_beside("this is our shop, the user is kunde, tune ease for 5 trials", ())
    assert (found.name, found.is_told, found.columns) == ("shop", False, {"user": "kunde"})
    assert found.rest == "tune ease for 5 trials"
