import pytest

from recmodels.data.reading.read import read_interactions
from recmodels.errors import DataError

RATINGS = "user_id,item_id,rating\n1,10,5\n1,20,4\n2,20,3\n3,30,1\n"


def test_item_and_user_tables_beside_the_file_are_joined_by_id(write) -> None:
    write("movies.dat", "30::Three::Drama\n10::One::Comedy|Drama\n20::Two::War\n40::Four::War\n")
    write("users.dat", "3::F::25::1::00501\n1::M::1::1::10001\n2::M::56::2::10001\n")

    data = read_interactions(write("ratings.csv", RATINGS))

    assert data.item_table["title"].to_list() == ["One", "Two", "Three"]
    assert data.text_columns == ("title", "genres")
    assert data.item_texts() == ["One; Comedy|Drama", "Two; War", "Three; Drama"]
    assert data.user_table["age_group"].to_list() == ["under 18", "56 and over", "25-34"]
    assert data.user_table["zip_code"].to_list() == ["10001", "10001", "00501"]  # text, or the zeros would be lost
    assert data.group_columns == ("gender", "occupation")  # three values for three readers are no groups
    assert "1 items of movies.dat have no interaction and were left out" in data.notes


def test_the_id_column_of_a_side_table_is_found_by_its_values(write) -> None:
    write("items_info.dat", "ISBN\tBook_ID\tBook-Title\tImage-URL\n" + "".join(
        f"00{i}\t{i}\tBook {i} of all\thttp://x/{i}\n" for i in (10, 20, 30)
    ))  # fmt: skip

    data = read_interactions(write("ratings.csv", RATINGS))

    assert data.item_table["Book-Title"].to_list() == ["Book 10 of all", "Book 20 of all", "Book 30 of all"]
    assert data.text_columns == ("Book-Title",)
    assert "3 of 3 items are described in items_info.dat (by `Book_ID`)" in data.notes


def test_a_table_beside_the_file_that_describes_other_items_is_not_used(write) -> None:
    write("movies.csv", "movieId,title\n1,A b\n2,C d\n")

    assert read_interactions(write("ratings.csv", RATINGS)).item_table is None


def test_a_broken_table_that_nobody_named_is_passed_over(write) -> None:
    write("movies.csv", b"PK\x03\x04")

    assert read_interactions(write("ratings.csv", RATINGS)).item_table is None


def test_a_link_beside_the_file_is_not_followed(write, tmp_path_factory, tmp_path) -> None:
    secret = tmp_path_factory.mktemp("elsewhere") / "movies.csv"
    secret.write_text("movieId,title\n10,A b\n20,C d\n30,E f\n")
    (tmp_path / "movies.csv").symlink_to(secret)

    assert read_interactions(write("ratings.csv", RATINGS)).item_table is None


def test_given_tables_go_before_those_beside_the_file(write) -> None:
    write("movies.csv", "movieId,title\n10,no\n20,no\n30,no\n")
    mine = write("mine.csv", "sku,description\n10,A red one\n20,A blue one\n")

    data = read_interactions(write("ratings.csv", RATINGS), items_path=mine)

    assert data.item_table["description"].to_list() == ["A red one", "A blue one", None]
    assert data.item_texts() == ["A red one", "A blue one", "30"]
    assert "2 of 3 items are described in mine.csv (by `sku`)" in data.notes


def test_a_given_table_without_the_ids_is_refused(write) -> None:
    mine = write("mine.csv", "sku,description\n1,A red one\n2,A blue one\n")

    with pytest.raises(DataError, match=r"mine.csv must have a column with the item ids, such as '10, 20, 30'"):
        read_interactions(write("ratings.csv", RATINGS), items_path=mine)


def test_text_of_items_and_groups_of_users_within_the_file_are_used(write) -> None:
    rows = [(u, i, f"Title of {i}", "f" if u % 2 else "m", u + i) for u in range(12) for i in range(3)]
    text = "user,item,item title,sex,noise\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)

    data = read_interactions(write("x.csv", text), columns={"item": "item"})

    assert (data.text_columns, data.group_columns) == (("item title",), ("sex",))
    assert data.item_table["item title"].to_list() == ["Title of 0", "Title of 1", "Title of 2"]
    assert data.user_table["sex"].to_list()[:3] == ["m", "f", "m"]


def test_missing_groups_are_unknown_and_countries_come_from_places(write) -> None:
    places = ["paris, france", "lyon, france", "rome, italy", "", "oslo, norway", "turin, italy"] * 2
    ages = [20, 30, 999, 20, 0, 30] * 2
    rows = "".join(f"{user}\t{places[user]}\t{ages[user]}\n" for user in range(12))
    write("users_info.dat", "User-ID\tLocation\tAge\n" + rows)

    data = read_interactions(write("r.csv", "user,item\n" + "".join(f"{u},1\n{u},2\n" for u in range(12))))

    assert data.group_columns == ("country", "age_group")
    assert data.user_table["country"].to_list()[:6] == ["france", "france", "italy", "unknown", "norway", "italy"]
    assert data.user_table["age_group"].to_list()[:6] == ["18-24", "25-34", "unknown", "18-24", "unknown", "25-34"]


def test_a_side_table_of_ids_alone_describes_nothing(write) -> None:
    mine = write("mine.csv", "sku,empty\n10,\n20,\n30,\n")

    data = read_interactions(write("ratings.csv", RATINGS), items_path=mine)

    assert (data.item_table, data.text_columns) == (None, ())


@pytest.mark.parametrize("written", ["{}.0", '"=""{}"""', "'{}"])
def test_a_side_table_is_joined_however_a_program_has_written_its_ids(written: str, write) -> None:
    write(
        "items.csv", "item_id,title\n" + "".join(f"{written.format(i)},Title {i}\n" for i in range(5)) + "NULL,None\n"
    )

    data = read_interactions(write("x.csv", "user,item\n" + "".join(f"u{i},{i}\n" for i in range(5))))

    assert data.item_texts() == [f"Title {i}" for i in range(5)]
    assert not any("have no interaction" in note for note in data.notes)
