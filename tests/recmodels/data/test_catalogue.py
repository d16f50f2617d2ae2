import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from recmodels.data.catalogue import Catalogue, safe_name
from recmodels.data.folders import UNFINISHED
from recmodels.data.interactions import Interactions
from recmodels.data.reading.writing import read_here
from recmodels.errors import DataError, SetupError

CSV = "user,item,rating,ts\n1,2,5,1700000000\n1,3,4,1700000001\n2,2,1,1700000002\n"


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    return Catalogue(tmp_path / "datasets", read=read_here)


@pytest.fixture
def shop(write) -> Path:
    path: Path = write("shop.csv", CSV)
    return path


@pytest.fixture
def other(write) -> Path:
    """Other rows."""
    path: Path = write("other.csv", CSV.replace("1,3,4", "1,3,2"))
    return path


def test_an_added_file_is_there_by_name_with_profile_columns_and_notes(write, catalogue: Catalogue) -> None:
    stored = catalogue.add(write("Film Ratings.csv", CSV))

    assert stored.name == "film-ratings"
    assert catalogue.names() == ["demo", "film-ratings"]
    assert catalogue.get("film-ratings") == stored
    assert stored.profile["n_interactions"] == 3
    assert stored.description.startswith("film-ratings: 3 interactions of 2 users")
    assert stored.columns == {"user": "user", "item": "item", "weight": "rating", "time": "ts"}
    assert any("guessed" in note for note in stored.notes)
    assert len(stored.load()) == len(Interactions.load(stored.folder)) == 3
    json.dumps(stored.summary())


def test_the_demo_is_drawn_at_first_use_and_kept(catalogue: Catalogue) -> None:
    first = catalogue.get("demo")

    before = (first.folder / "interactions.parquet").stat().st_mtime_ns
    again = catalogue.get("demo")
    assert again == first
    assert (again.folder / "interactions.parquet").stat().st_mtime_ns == before
    assert first.load().n_users == 2000


def test_a_path_is_read_and_added_on_the_fly(write, catalogue: Catalogue) -> None:
    path = write("books.csv", CSV)

    assert catalogue.get(str(path)).name == "books"
    assert catalogue.names() == ["books", "demo"]


def test_adding_the_same_content_again_changes_nothing(write, catalogue: Catalogue) -> None:
    first = catalogue.add(write("a.csv", CSV), name="x")

    again = catalogue.add(write("b.csv", CSV.replace(",", ";")), name="x")

    assert again == first


def test_a_name_taken_by_other_content_is_refused_and_the_old_data_stays(write, catalogue: Catalogue) -> None:
    first = catalogue.add(write("a.csv", CSV), name="x")

    with pytest.raises(
        DataError, match=r"the name 'x' is taken by other data \(from .*a.csv\); add .*b.csv under another"
    ):
        catalogue.add(write("b.csv", CSV + "3,3,3,1700000003\n"), name="x")

    assert catalogue.get("x") == first


def test_the_name_of_built_in_data_is_refused(write, catalogue: Catalogue) -> None:
    with pytest.raises(DataError, match="the name 'demo' belongs to the built-in dataset"):
        catalogue.add(write("demo.csv", CSV))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("../../etc/passwd", "etc-passwd"),
        ("Ünïcode Bücher", "n-code-b-cher"),
        ("a/b\\c", "a-b-c"),
        (".hidden", "hidden"),
        ("CON", "con"),
        ("x" * 200, "x" * 60),
        ("tab\tnew\nline\0", "tab-new-line"),
        ("  ml-100k.v2  ", "ml-100k.v2"),
    ],
)
def test_names_are_made_safe(text: str, name: str) -> None:
    assert safe_name(text) == name


@pytest.mark.parametrize("text", ["", "///", "..", "本"])
def test_a_name_without_a_letter_or_digit_is_refused(text: str) -> None:
    with pytest.raises(DataError, match="a dataset's name needs a letter or digit"):
        safe_name(text)


def test_a_name_with_a_path_in_it_stays_below_the_catalogue(write, catalogue: Catalogue, tmp_path: Path) -> None:
    stored = catalogue.add(write("a.csv", CSV), name="../../outside")

    assert stored.folder.parent == tmp_path / "datasets"


def test_a_general_file_name_takes_the_folders_name(write, catalogue: Catalogue, tmp_path: Path) -> None:
    folder = tmp_path / "Steam"
    folder.mkdir()
    (folder / "ratings.csv").write_text(CSV)

    assert catalogue.add(folder / "ratings.csv").name == "steam-ratings"
    assert catalogue.add(folder).name == "steam"


def test_an_unknown_name_is_refused_with_the_names_there_are(write, catalogue: Catalogue) -> None:
    catalogue.add(write("books.csv", CSV))

    with pytest.raises(DataError, match="there is no dataset or file 'boks'; the datasets are: books, demo"):
        catalogue.get("boks")
    with pytest.raises(DataError, match="there is no dataset 'boks'"):
        catalogue.remove("boks")


def test_a_removed_dataset_is_gone_and_its_file_stays(write, catalogue: Catalogue) -> None:
    path = write("books.csv", CSV)
    stored = catalogue.add(path)

    catalogue.remove("books")

    assert catalogue.names() == ["demo"]
    assert not stored.folder.exists()
    assert path.is_file()
    assert catalogue.add(path).name == "books"


def test_a_folder_left_unfinished_by_a_crash_is_no_dataset(write, catalogue: Catalogue, tmp_path: Path) -> None:
    catalogue.add(write("books.csv", CSV))
    (tmp_path / "datasets" / f"{UNFINISHED}abc").mkdir()
    (tmp_path / "datasets" / "half").mkdir()  # no about.json

    assert catalogue.names() == ["books", "demo"]


def test_a_damaged_dataset_is_refused_and_can_be_removed(write, catalogue: Catalogue) -> None:
    stored = catalogue.add(write("books.csv", CSV))
    (stored.folder / "about.json").write_text("{")
    (stored.folder / "interactions.parquet").write_bytes(b"PAR1")

    with pytest.raises(DataError, match=r"the dataset 'books' in .* is damaged; remove it .* and add its file again"):
        catalogue.get("books")
    catalogue.remove("books")
    assert catalogue.names() == ["demo"]


def _emptied(file: str) -> Callable[[Path], None]:
    return lambda folder: (folder / file).write_bytes(b"") and None


def _cut(file: str) -> Callable[[Path], None]:
    return lambda folder: os.truncate(folder / file, (folder / file).stat().st_size - 5)


def _removed(file: str) -> Callable[[Path], None]:
    return lambda folder: (folder / file).unlink()


def _a_pipe(folder: Path) -> None:
    (folder / "item_ids.parquet").unlink()
    os.mkfifo(folder / "item_ids.parquet")


def _a_link(folder: Path) -> None:
    (folder / "interactions.parquet").unlink()
    (folder / "interactions.parquet").symlink_to("/dev/zero")


def _a_file(folder: Path) -> None:
    shutil.rmtree(folder)
    folder.write_text("x")


DAMAGES = {
    "dataset.json is empty": _emptied("dataset.json"),
    "interactions.parquet is cut off": _cut("interactions.parquet"),
    "item_ids.parquet is cut off": _cut("item_ids.parquet"),
    "user_ids.parquet is missing": _removed("user_ids.parquet"),
    "a file is in the place": _a_file,
    "dataset.json is damaged": lambda folder: (folder / "dataset.json").write_text("{}") and None,
    "item_ids.parquet is no regular file": _a_pipe,
    "interactions.parquet is no regular file": _a_link,
}


@pytest.mark.parametrize("says", DAMAGES)
def test_a_damaged_dataset_is_listed_as_damaged_with_what_helps(says: str, write, catalogue: Catalogue) -> None:
    catalogue.add(write("whole.csv", CSV))
    path = write("books.csv", CSV)
    DAMAGES[says](catalogue.add(path).folder)

    found, damaged = catalogue.all()

    assert [one.name for one in found if one.name != "demo"] == ["whole"]
    assert list(damaged) == ["books"] and "add" in damaged["books"] and says.split()[0] in damaged["books"]
    assert "\n" not in damaged["books"]
    with pytest.raises(DataError, match=r"'books' .*damaged"):  # else the damaged one would be called added
        catalogue.add(path)
    catalogue.remove("books")
    assert catalogue.add(path).load().n_users == 2


def test_a_dataset_without_the_right_to_it_is_named_with_its_owner(unprivileged: Path) -> None:
    (unprivileged / "books.csv").write_text(CSV)
    catalogue = Catalogue(unprivileged / "datasets", read=read_here)
    stored = catalogue.add(unprivileged / "books.csv")
    for place in (stored.folder / "interactions.parquet", stored.folder):
        place.chmod(0)
        says = catalogue.all()[1]["books"]
        assert f"{place} may not be read" in says and "`chmod u+rwX" in says
        assert "damaged" not in says and "remove" not in says
    stored.folder.chmod(0o700)
    (stored.folder / "dataset.json").chmod(0)
    with pytest.raises(DataError, match=r"the saved dataset cannot be used: .*may not be read"):
        Interactions.load(stored.folder)
    catalogue.folder.chmod(0)
    with pytest.raises(SetupError, match=f"{catalogue.folder} may not be read"):
        catalogue.names()


def test_a_catalogue_that_cannot_be_written_is_named(write, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(SetupError, match="cannot write to"):
        Catalogue(tmp_path / "file", read=read_here).add(write("books.csv", CSV))


def test_a_renamed_dataset_answers_to_both_names_and_keeps_its_folder(catalogue: Catalogue, shop: Path) -> None:
    stored = catalogue.add(shop, name="shop")
    assert catalogue.rename("SHOP", "Our Shop") == "our-shop"
    assert catalogue.names() == ["demo", "our-shop"]
    for name in ("our-shop", "shop", "Our-Shop"):
        found = catalogue.get(name)
        assert (found.name, found.key, found.folder) == ("our-shop", "shop", stored.folder)
    assert (catalogue.called("shop"), catalogue.key_of("our-shop"), catalogue.called("nobody")) == (
        "our-shop",
        "shop",
        None,
    )


def test_a_name_that_is_or_was_another_datasets_is_refused(catalogue: Catalogue, shop: Path, other: Path) -> None:
    catalogue.add(shop, name="one")
    catalogue.add(shop, name="two")
    catalogue.rename("one", "first")
    for name in ("first", "one", "demo"):
        with pytest.raises(DataError, match="already a dataset"):
            catalogue.rename("two", name)
        with pytest.raises(DataError):
            catalogue.add(other, name=name)
    with pytest.raises(DataError, match="built in"):
        catalogue.rename("demo", "films")


def test_what_was_set_aside_comes_back_whole_with_its_title(catalogue: Catalogue, shop: Path) -> None:
    stored = catalogue.add(shop, name="shop")
    catalogue.rename("shop", "ours")
    before = stored.load().fingerprint()
    catalogue.set_aside("ours")
    assert catalogue.names() == ["demo"]
    assert catalogue.restore("shop") == "ours"
    assert catalogue.restore("shop") == "ours"  # it is there already
    assert catalogue.get("ours").load().fingerprint() == before


def test_of_several_set_aside_the_last_comes_back_and_never_over_another(
    catalogue: Catalogue, shop: Path, other: Path
) -> None:
    catalogue.add(shop, name="shop")
    catalogue.set_aside("shop")
    catalogue.add(other, name="shop")
    with pytest.raises(DataError, match="another dataset"):
        catalogue.restore("shop")
    second = catalogue.get("shop").load().fingerprint()
    catalogue.set_aside("shop")
    catalogue.restore("shop")
    assert catalogue.get("shop").load().fingerprint() == second
    with pytest.raises(DataError, match="built in"):
        catalogue.set_aside("demo")
    catalogue.remove("shop")
    catalogue.restore("shop")
    catalogue.remove("shop")
    with pytest.raises(DataError, match="are gone"):
        catalogue.restore("shop")
