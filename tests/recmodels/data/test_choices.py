"""What a person chose at the first reading: it stays with the dataset, and holds for what is made of it."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from recmodels.data.catalogue import Catalogue
from recmodels.data.choices import Choices
from recmodels.data.filtering import Filter
from recmodels.data.interactions import Interactions
from recmodels.data.likes import default_rule
from recmodels.data.pseudonyms import KEY_FILE, as_kept, made_key, pseudonym, read_key
from recmodels.data.reading.hashing import with_hashed_ids
from recmodels.data.reading.writing import read_here
from recmodels.data.versions import append, keep_filtered
from recmodels.errors import DataError, ParamError, SetupError

Write = Callable[[str, str], Path]
HEADER = "user_id,item_id,stars,date,code,referrer"


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "datasets", read=read_here)


def people(first: int = 0, month: int = 1) -> str:
    """Eight people with ten ratings each; `code` repeats who they are, dates may be read in two ways."""
    rows = (
        f"qx{u}zw@example.org,sku-{(u * 7 + k * k) % 23},{(u + k) % 5 + 1},0{k % 9 + 1}/0{month}/2024,"
        f"qx{u}zw@example.org,r{u % 3}"
        for u in range(first, first + 8)
        for k in range(10)
    )
    return "\n".join([HEADER, *rows]) + "\n"


def everything_in(folder: Path) -> str:
    """All bytes of all files, those of tables as text."""
    files = [file for file in folder.rglob("*") if file.is_file()]
    texts = [str(file) + file.read_bytes().decode("latin-1") for file in files]
    return "\n".join([*texts, *(pl.read_parquet(file).write_csv() for file in files if file.suffix == ".parquet")])


HASHED = Choices(hashed=("user",))


def test_hashed_ids_stand_nowhere_and_are_the_same_in_what_is_joined(catalogue: Catalogue, write: Write) -> None:
    columns = {"dates": "day-first", "keep": "code"}
    shop = catalogue.add(write("people.csv", people()), name="shop", columns=columns, choices=HASHED)
    more = append(catalogue, write("more.csv", people(4, month=2)), "shop")
    assert more.load().n_users == 12  # four of the eight were there
    kept = keep_filtered(catalogue, "shop-v2", Filter(min_weight=2))
    assert kept.load().choices.hashed == ("user",)
    without = keep_filtered(catalogue, "shop", Filter(where=("user_id!=qx0zw@example.org|qx1zw@example.org",)))
    assert without.load().n_users == 6 and "zw@" not in str(without.derived)
    assert "zw@" not in everything_in(catalogue.folder) and "sku-7" in everything_in(catalogue.folder)
    assert any("pseudonymisation, not anonymisation" in note for note in shop.notes)
    assert not any("looks like an e-mail address" in note for note in shop.notes)
    key = read_key(catalogue.folder)
    assert pseudonym(key, "user", "qx3zw@example.org") in shop.load().user_ids.to_list()
    assert (catalogue.folder / KEY_FILE).stat().st_mode & 0o077 == 0


def test_conditions_on_what_describes_users_keep_their_values_where_ids_are_hashed(
    catalogue: Catalogue, write: Write
) -> None:
    rows = [f"p{n}@example.org,sku-{n * k % 7},{'DE' if n % 2 else 'AT'}" for n in range(8) for k in range(1, 5)]
    text = "\n".join(("mail,sku,land", *rows))
    catalogue.add(write("a.csv", text), name="shop", columns={"user": "mail", "item": "sku"}, choices=HASHED)
    kept = keep_filtered(catalogue, "shop", Filter(where=("land=DE",)))
    assert kept.load().n_users == 4 and kept.derived is not None and "land=DE" in kept.derived.says
    without = keep_filtered(catalogue, "shop", Filter(where=("land=DE", "mail!=p1@example.org")))
    assert without.load().n_users == 3


def test_columns_that_repeat_hashed_ids_are_left_out(tmp_path: Path) -> None:
    made_key(tmp_path)
    events = pl.DataFrame({"user": ["ann", "bob", "cat"], "item": ["x", "y", "x"], "weight": [1.0, 0.0, 1.0]})
    context = {"login": ["ann", "bob", "cat"], "page": ["a", "b", "a"]}
    data = Interactions.from_events(
        "shop",
        events,
        events.with_columns(**{name: pl.Series(values) for name, values in context.items()}),
        user_table=pl.DataFrame({"account": ["ann", "bob", None], "age": ["20", "30", "40"]}),
        group_columns=("account", "age"),
        choices=HASHED,
    )
    hashed = with_hashed_ids(data, tmp_path)
    assert hashed.user_table is not None and hashed.user_table.columns == ["age"] == list(hashed.group_columns)
    assert hashed.examples is not None and hashed.examples.context is not None
    assert hashed.examples.context.columns == ["page"]
    assert any("they repeat the ids of users that are hashed: `account`, `login`" in note for note in hashed.notes)


def test_items_are_hashed_on_wish_and_otherwise_than_users(catalogue: Catalogue, write: Write) -> None:
    both = Choices(hashed=("user", "item"))
    shop = catalogue.add(write("people.csv", people()), columns={"dates": "day-first"}, choices=both).load()
    assert "sku-" not in everything_in(catalogue.folder)
    assert as_kept(catalogue.folder, both.hashed, "item", "sku-7", shop.item_ids) in shop.item_ids.to_list()
    key = read_key(catalogue.folder)
    assert pseudonym(key, "user", "7") != pseudonym(key, "item", "7")


def test_notes_quote_no_id_that_is_hashed(catalogue: Catalogue, write: Write) -> None:
    rows = [f"{'Qx' if k % 2 else 'qX'}{k % 5}zw,i{k * 7 % 11},{k}" for k in range(60)]
    text = "\n".join(["user,item,timestamp", *rows, "qx-17zw ,i1,70", "qx-17zw,i2,71"]) + "\n"
    plain = catalogue.add(write("a.csv", text), name="plain")
    assert any("zw" in note for note in plain.notes)  # what is checked here
    hashed = catalogue.add(write("a.csv", text), name="hashed", choices=HASHED)
    assert "zw" not in "".join(hashed.notes) and len(hashed.notes) > 3


@pytest.mark.parametrize("last", ["qx9zw,i1,70", "qx-17zw,i", "qx-17zw"])
def test_a_last_line_is_not_quoted_where_ids_are_hashed(catalogue: Catalogue, write: Write, last: str) -> None:
    rows = [f"qx{k % 5}zw,i{k * 7 % 11},{k}" for k in range(60)]
    file = write("a.csv", "\n".join(["user,item,timestamp", *rows, last]))
    assert any("last line" in note and "zw" in note for note in catalogue.add(file, name="plain").notes)
    hashed = catalogue.add(file, name="hashed", choices=HASHED)
    more = append(catalogue, write("b.csv", file.read_text().replace(",i1", ",j1")), "hashed")
    assert "zw" not in "".join((*hashed.notes, *more.notes))
    assert sum("last line" in note for note in more.notes) == 2


def test_without_its_key_no_file_is_joined_to_hashed_ids(catalogue: Catalogue, write: Write) -> None:
    catalogue.add(write("people.csv", people()), name="shop", columns={"dates": "day-first"}, choices=HASHED)
    (catalogue.folder / KEY_FILE).unlink()
    with pytest.raises(SetupError, match="is gone"):
        append(catalogue, write("more.csv", people(4)), "shop")


def test_ids_are_not_hashed_by_halves(catalogue: Catalogue, write: Write) -> None:
    catalogue.add(write("people.csv", people()), name="shop", columns={"dates": "day-first"})
    with pytest.raises(DataError, match="add all of its files again"):
        append(catalogue, write("more.csv", people(4)), "shop", choices=HASHED)


def test_what_was_said_of_dates_holds_for_what_is_appended(catalogue: Catalogue, write: Write) -> None:
    catalogue.add(write("people.csv", people()), name="shop", columns={"dates": "day-first"})
    more = append(catalogue, write("more.csv", people(month=2)), "shop")
    times = more.load().times
    assert times is not None
    assert int(times.max()) == 1_707_436_800  # 9 February 2024; month first, it would be 2 September
    assert any("more.csv: read as shop was: dates=day-first" in note for note in more.notes)


def test_rows_are_kept_by_the_same_condition_in_what_is_appended(catalogue: Catalogue, write: Write) -> None:
    chosen = Choices(where=("referrer!=r0",))
    catalogue.add(write("people.csv", people()), name="shop", columns={"dates": "day-first"}, choices=chosen)
    more = append(catalogue, write("more.csv", people(8)), "shop").load()
    assert more.n_users == sum(u % 3 != 0 for u in range(16)) and more.choices.where == ("referrer!=r0",)


def test_what_counts_as_a_like_is_the_datasets_own(catalogue: Catalogue, write: Write) -> None:
    file = write("people.csv", people())
    shop = catalogue.add(file, name="shop", columns={"dates": "day-first"}, choices=Choices(positive=">=2"))
    assert default_rule(shop.load()).to_text() == ">=2"
    assert any("64 of 80 rows" in note and "as was chosen for these data" in note for note in shop.notes)
    part = keep_filtered(catalogue, "shop", Filter(min_user_events=2, where=("item_id!=sku-7",)))
    assert default_rule(part.load()).to_text() == ">=2"
    other = catalogue.add(file, name="other", columns={"dates": "day-first"})
    assert default_rule(other.load()).to_text() == ">=4" and other.fingerprint != shop.fingerprint
    with pytest.raises(DataError, match="no row of `none` is a like"):
        catalogue.add(file, name="none", columns={"dates": "day-first"}, choices=Choices(positive=">9"))
    with pytest.raises(ParamError, match="what counts as a like is said as"):
        catalogue.add(file, name="none", columns={"dates": "day-first"}, choices=Choices(positive="good"))


def test_choices_are_read_back_and_absent_where_nothing_was_chosen(tmp_path: Path) -> None:
    data = Interactions.from_events("x", pl.DataFrame({"user": ["u"], "item": ["i"]}))
    data.save(tmp_path / "x")
    assert Interactions.load(tmp_path / "x").choices == Choices()
    chosen = Choices(positive=">=4", reading={"dates": "day-first"}, where=("a=b",), hashed=("user",))
    assert Choices.from_json(chosen.to_json()) == chosen and Choices().to_json() == {}
    with pytest.raises(ValueError, match="only ids of"):
        Choices.from_json({"hashed": ["nobody"]})


def test_a_column_that_is_ignored_is_named_for_nothing_else(catalogue: Catalogue, write: Write) -> None:
    columns = {"ignore": "stars", "thousands": "stars", "dates": "day-first"}
    with pytest.raises(DataError, match="is to be left out and to be read as something"):
        catalogue.add(write("people.csv", people()), columns=columns)
