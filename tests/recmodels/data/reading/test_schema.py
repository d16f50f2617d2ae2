from pathlib import Path

import polars as pl
import pytest

from recmodels.data.reading.read import read_interactions
from recmodels.data.reading.schema import infer_schema
from recmodels.data.reading.table import Table
from recmodels.errors import AmbiguousColumns, DataError


def table(*columns: str, has_names: bool = True, rows: list[tuple[object, ...]] | None = None) -> Table:
    frame = pl.DataFrame(rows or [["1"] * len(columns)], schema=list(columns), orient="row")
    return Table(path=Path("x.csv"), kind="csv", frame=frame, has_names=has_names)


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        (("userId", "movieId", "rating", "timestamp"), "userId movieId rating timestamp"),
        (("timestamp", "visitorid", "event", "itemid", "transactionid"), "visitorid itemid - timestamp"),
        (("reviewerID", "asin", "overall", "unixReviewTime", "reviewTime"), "reviewerID asin overall unixReviewTime"),
        (("userID", "artistID", "weight"), "userID artistID weight -"),
        (("User_ID", "Game_ID", "Hours"), "User_ID Game_ID Hours -"),
        (("User-ID", "ISBN", "Book-Rating"), "User-ID ISBN Book-Rating -"),
        (("customer_id", "article_id", "t_dat", "price"), "customer_id article_id - t_dat"),
        (("user", "song", "play count"), "user song play count -"),
        (
            ("InvoiceNo", "StockCode", "Quantity", "InvoiceDate", "CustomerID"),
            "CustomerID StockCode Quantity InvoiceDate",
        ),
        (("anon_user_id", "my_movie_code", "stars"), "anon_user_id my_movie_code stars -"),
        (("user_id", "username", "product_id", "product_name"), "user_id product_id - -"),
        (("user", "item", "rating", "plays"), "user item rating -"),
    ],
)
def test_roles_are_guessed_from_the_names_people_use(columns: tuple[str, ...], expected: str) -> None:
    schema = infer_schema(table(*columns))

    found = " ".join(column or "-" for column in (schema.user, schema.item, schema.weight, schema.time))
    assert found == expected
    assert any("guessed" in note and schema.user in note for note in schema.notes)


@pytest.mark.parametrize(
    ("columns", "role", "candidates"),
    [
        (("user_id", "customer_id", "item"), "user", ("user_id", "customer_id")),
        (("user", "track_id", "artist_id"), "item", ("track_id", "artist_id")),
        (("user", "item", "rating", "score"), "weight", ("rating", "score")),
        (("from_user_id", "to_user_id", "item"), "user", ("from_user_id", "to_user_id")),
    ],
)
def test_two_columns_that_could_be_it_are_asked_about(
    columns: tuple[str, ...], role: str, candidates: tuple[str, ...]
) -> None:
    with pytest.raises(AmbiguousColumns) as caught:
        infer_schema(table(*columns))

    assert (caught.value.role, caught.value.candidates) == (role, candidates)
    assert f"`{candidates[0]}` or `{candidates[1]}`" in str(caught.value)
    assert infer_schema(table(*columns), {role: candidates[1]}).roles()[role] == candidates[1]


def test_a_given_column_goes_before_a_guess_and_an_empty_one_means_none() -> None:
    schema = infer_schema(table("user", "item", "rating", "who"), {"user": "who", "weight": ""})

    assert (schema.user, schema.item, schema.weight) == ("who", "item", None)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"user": "usr"}, r"x.csv has no column 'usr'; did you mean 'user'\? its columns are: user, item"),
        ({"user": "e-mail"}, r"x.csv has no column 'e-mail'; did you mean 'user'\? its columns are: user, item"),
        ({"person": "user"}, r"there is no role 'person' .*: user, item, weight, .*keep, thousands, decimals, dates"),
        ({"user": "item", "item": "item"}, "the column 'item' of x.csv was given two roles"),
    ],
)
def test_a_wrong_given_column_is_refused_with_what_is_there(given: dict[str, str], message: str) -> None:
    with pytest.raises(DataError, match=message):
        infer_schema(table("user", "item"), given)


def test_no_user_column_is_refused_with_the_columns_that_are_there() -> None:
    with pytest.raises(DataError, match=r"no column of x.csv looks like the user; its columns are: colour, movieId"):
        infer_schema(table("colour", "movieId"))


def test_ambiguity_survives_pickling() -> None:
    import pickle

    error = pickle.loads(pickle.dumps(AmbiguousColumns("user", ["a", "b"], "x.csv")))  # noqa: S301  # our own bytes

    assert (error.role, error.candidates, str(error)) == (
        "user",
        ("a", "b"),
        str(AmbiguousColumns("user", "ab", "x.csv")),
    )


@pytest.mark.parametrize(
    ("rows", "weight", "time"),
    [
        ([("1", "2", "5", "964982703"), ("1", "3", "4", "964982931")], "column_3", "column_4"),
        ([("1", "2", "964982703000", "5"), ("1", "3", "964982931000", "4")], "column_4", "column_3"),
        ([("1", "2", "2020-01-31", "x"), ("1", "3", "2020-02-01", "y")], None, "column_3"),
        ([("151603712", "Skyrim", "play", "273.0"), ("151603712", "Fallout", "play", "87.0")], "column_4", None),
    ],
)
def test_a_file_without_names_is_guessed_by_shape(
    rows: list[tuple[str, ...]], weight: str | None, time: str | None
) -> None:
    names = [f"column_{i}" for i in range(1, len(rows[0]) + 1)]

    schema = infer_schema(table(*names, has_names=False, rows=rows))

    assert (schema.user, schema.item, schema.weight, schema.time) == ("column_1", "column_2", weight, time)
    assert any("guessed by shape" in note for note in schema.notes)


def test_columns_of_a_file_without_names_can_be_given_by_number(write) -> None:
    data = read_interactions(write("x.csv", "9,1,5\n9,2,4\n8,1,3\n"), columns={"user": "2", "item": "1"})

    assert data.user_ids.to_list() == ["1", "2"]
    assert data.columns == {"user": "column_2", "item": "column_1", "weight": "column_3"}
