"""Columns that tell who a person is, columns that are to be ignored, and users that are hardly people."""

from pathlib import Path

import numpy as np
import pytest

from recmodels.data.id_hints import named_as_no_person
from recmodels.data.interactions import Interactions
from recmodels.data.outliers import bots
from recmodels.data.reading.read import read_interactions
from recmodels.errors import DataError

START = 1_600_000_000


def written(folder: Path, head: str, rows: list[str], columns: dict[str, str] | None = None) -> Interactions:
    (folder / "log.csv").write_text("\n".join([head, *rows]))
    return read_interactions(folder / "log.csv", columns=columns)


def checks(data: Interactions) -> str:
    return "\n".join(note for note in data.notes if note.startswith("check this"))


PEOPLE = {
    "email": lambda u: f"ann{u}@example.org",
    "contact": lambda u: f"ann{u}@example.org",
    "mobile": lambda u: f"0170 55{u}",
    "reachable": lambda u: f"+49 170 1234{u}",
    "First Name": lambda u: f"Ann{u}",
    "ip": lambda u: f"10.0.0.{u}",
    "visited_from": lambda u: f"10.0.0.{u}",
    "date_of_birth": lambda u: f"19{10 + u}-01-01",
    "shipping_address": lambda u: f"{u} Main Street",
}


@pytest.mark.parametrize("column", PEOPLE)
def test_what_tells_who_a_person_is_is_left_out_and_said(tmp_path: Path, column: str) -> None:
    rows = [f"u{u},i{i},{'fm'[u % 2]},{PEOPLE[column](u)}" for u in range(30) for i in range(4)]
    data = written(tmp_path, f"user_id,item_id,gender,{column}", rows)
    assert data.user_table is not None and data.user_table.columns == ["gender"]
    assert any(f"`{column}`" in note and "who a person is" in note for note in data.notes)


def test_a_personal_column_that_is_wanted_stays_and_one_to_ignore_goes(tmp_path: Path) -> None:
    rows = [f"u{u},i{i},{'fm'[u % 2]},10.0.0.{u % 5}" for u in range(30) for i in range(4)]
    data = written(tmp_path, "user_id,item_id,gender,ip", rows, {"keep": "ip", "ignore": "Gender"})
    assert data.user_table is not None and data.user_table.columns == ["ip"]
    assert any("not read, as you said: gender" in note for note in data.notes)
    with pytest.raises(DataError, match="no column 'gendr'; did you mean 'gender'"):
        written(tmp_path, "user_id,item_id,gender,ip", rows, {"ignore": "gendr"})


def test_a_table_of_users_beside_the_file_is_held_to_the_same(tmp_path: Path) -> None:
    (tmp_path / "users.csv").write_text(
        "user_id,gender,phone\n" + "\n".join(f"u{u},{'fm'[u % 2]},555-{u}" for u in range(30))
    )
    data = written(tmp_path, "user_id,item_id", [f"u{u},i{i}" for u in range(30) for i in range(4)])
    assert data.user_table is not None and data.user_table.columns == ["gender"]


def test_users_called_by_their_address_are_pointed_at(tmp_path: Path) -> None:
    data = written(tmp_path, "user,item", [f"ann{u}@example.org,i{i}" for u in range(30) for i in range(4)])
    assert "each user's id looks like an e-mail address" in checks(data)


def ordinary(n_users: int = 30) -> list[str]:
    """Users with twelve events each, an hour apart, all of them different."""
    return [f"u{u},i{(u * 7 + k * k + k) % 97},{START + u * 977 + k * 3600}" for u in range(n_users) for k in range(12)]


def test_ordinary_users_are_not_pointed_at(tmp_path: Path) -> None:
    assert not checks(written(tmp_path, "user,item,timestamp", ordinary()))


def test_bursts_and_the_same_histories_and_a_giant_are_pointed_at(tmp_path: Path) -> None:
    burst = [f"bot,i{k},{START + k // 2}" for k in range(110)]
    twins = [f"copy{u},i{k},{START + k * 3600}" for u in range(3) for k in range(12)]
    said = checks(written(tmp_path, "user,item,timestamp", [*ordinary(), *burst, *twins]))
    assert "1 of 34 users ('bot') has 100 events or more within a minute" in said
    assert "3 of 34 users ('copy0', 'copy1', 'copy2') have the same items in the same order" in said
    assert said.count("`recpilot data filter` with `--without-bots` leaves them out") == 2
    assert "the user 'bot' has 22% of all events" in said


def listener() -> list[str]:
    """A heavy user who is a person: 60 days, 16 hours each, pauses of a random length."""
    gaps = np.random.default_rng(0)
    moments = [START + day * 86_400 + int(s) for day in range(60) for s in np.cumsum(gaps.exponential(900, size=64))]
    return [f"ann,i{k % 97},{moment}" for k, moment in enumerate(moments)]


MACHINES = {
    "one a minute": lambda k: 60 * k,
    "one or several a minute": lambda k: 60 * (k // 3),
    "almost one a minute": lambda k: 60 * k + (k * 7919) % 5,
    "at random, day and night": lambda k: 600 * k + (k * 7919) % 599,
}


@pytest.mark.parametrize("pace", MACHINES)
def test_a_heavy_user_with_the_pace_of_a_machine_is_pointed_at_and_a_person_is_not(tmp_path: Path, pace: str) -> None:
    crawler = [f"eve,i{k * k % 89},{START + MACHINES[pace](k)}" for k in range(600)]
    data = written(tmp_path, "user,item,timestamp", [*ordinary(), *listener(), *crawler])
    assert data.user_ids.gather(bots(data)).to_list() == ["eve"]
    assert "1 of 32 users ('eve') has 10 times as many events as the median user or more" in checks(data)


def test_times_at_one_pace_for_all_users_point_at_nobody(tmp_path: Path) -> None:
    rows = [f"u{u},i{(u * 7 + k * k + k) % 97},{START + u * 977 + k * 60}" for u in range(30) for k in range(120)]
    data = written(tmp_path, "user,item,timestamp", rows)
    assert not len(bots(data))


def test_ids_that_name_a_program_or_a_test_account_are_a_hint_with_their_rows(tmp_path: Path) -> None:
    odd = ["test@x.de", "tester2@x.de", "bot-crawler@x.com", "Googlebot@x.com", "test_user7"]
    people = ["botho@x.de", "talbot", "testa@x.de", "spiderman", "contest", "abbot"]
    rows = [
        *ordinary(),
        *(f"{name},i{k},{START + k}" for name in odd + people for k in range(3)),
        f"{odd[0]},i9,{START}",
    ]
    data = written(tmp_path, "user,item,timestamp", rows)
    assert dict(named_as_no_person(data)) == dict.fromkeys(odd, 3) | {"test@x.de": 4}
    assert not len(bots(data))
    every = written(tmp_path, "user,item", [f"test{u},i{k}" for u in range(5) for k in range(3)])
    assert not named_as_no_person(every)
