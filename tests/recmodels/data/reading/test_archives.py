"""Zip and tar archives as Kaggle, GroupLens and others hand them out, and such as should not be opened."""

import gzip
import io
import struct
import tarfile
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from recmodels.data.catalogue import Catalogue
from recmodels.data.reading.archives import UNPACKED
from recmodels.data.reading.writing import read_here
from recmodels.data.stored_dataset import StoredDataset
from recmodels.errors import ContentError, DataError, LimitError

Add = Callable[[Path | str], StoredDataset]
RATINGS = "userId,movieId,rating,timestamp\n" + "".join(
    f"{u},{i},{1 + (u * i) % 5},{1_600_000_000 + 50 * u + i}\n" for u in range(1, 7) for i in range(1, 6)
)
MOVIES = "movieId,title,genres\n" + "".join(f"{i},Film no {i},Drama|War\n" for i in range(1, 6))
JUNK = {"__MACOSX/._ratings.csv": "junk", ".DS_Store": "junk", "readme.txt": "About.", "plot.png": "PNG"}


def packed(path: Path, members: Mapping[str, str | bytes]) -> Path:
    """An archive of the kind that the name says."""
    if ".t" not in path.name:
        return zipped(path, members)
    with tarfile.open(path, "w:gz" if path.name.endswith("gz") else "w") as archive:
        for name, content in members.items():
            whole = content.encode() if isinstance(content, str) else content
            info = tarfile.TarInfo(name)
            info.size = len(whole)
            archive.addfile(info, io.BytesIO(whole))
    return path


def zipped(path: Path, members: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@pytest.fixture
def add(tmp_path: Path) -> Add:
    catalogue = Catalogue(tmp_path / "home", read=read_here)

    def added(path: Path | str) -> StoredDataset:
        return catalogue.add(path)

    return added


@pytest.mark.parametrize(
    ("members", "name"),
    [
        ({"ratings.csv": RATINGS} | JUNK, "archive.zip"),
        ({"ml-x/ratings.csv": RATINGS, "ml-x/README.html": "About."}, "archive.zip"),
        ({"ratings.csv": RATINGS}, "bad.csv"),  # a zip under another ending
        ({"ratings.csv": RATINGS} | JUNK, "archive.tar"),
        ({"./ml-x/ratings.csv": RATINGS, "./ml-x/README.html": "About."}, "archive.tar.gz"),
        ({"ratings.csv": RATINGS, "._ratings.csv": "junk"}, "archive.tgz"),
    ],
)
def test_an_archive_of_one_table_is_read_as_that_table(
    tmp_path: Path, add: Add, members: Mapping[str, str], name: str
) -> None:
    stored = add(packed(tmp_path / name, members))

    assert stored.name == f"{name.split('.')[0]}"
    assert stored.profile["n_interactions"] == 30
    assert any(note.startswith(f"{name} was unpacked: ") for note in stored.notes)
    assert not any(place.name == UNPACKED for place in tmp_path.rglob("*"))


@pytest.mark.parametrize("ending", ["zip", "tar", "tar.gz", "tgz"])
def test_a_known_folder_is_read_with_the_tables_beside(tmp_path: Path, add: Add, ending: str) -> None:
    members = {
        "ml-x/ratings.csv": RATINGS,
        "ml-x/movies.csv": MOVIES,
        "ml-x/README.txt": "x",
        "other/links.csv": MOVIES,
    }

    stored = add(packed(tmp_path / f"ml-x.{ending}", members))

    assert stored.name == "ml-x"
    assert stored.profile["has_text"] == 1.0


@pytest.mark.parametrize("name", ["kaggle.zip", "kaggle.tar.gz"])
def test_of_several_tables_one_is_named(tmp_path: Path, add: Add, name: str) -> None:
    archive = packed(tmp_path / name, {"data/orders.csv": RATINGS, "data/baskets.csv": RATINGS})

    with pytest.raises(DataError, match=rf"holds several tables: data/orders.csv, .*as {name}/data/orders.csv"):
        add(archive)
    with pytest.raises(DataError, match=r"no one table 'sales.csv'; its tables are: data/orders.csv, data/baskets"):
        add(archive / "sales.csv")

    assert add(archive / "data" / "orders.csv").profile["n_interactions"] == 30
    assert add(archive / "Baskets.csv").name == "baskets"
    assert add(packed(tmp_path / f"more-{name}", {"ratings.csv": RATINGS, "x.csv": "a"}) / "ratings.csv").name == (
        "more-kaggle-ratings"
    )


@pytest.mark.parametrize("ending", ["zip", "tar", "tar.gz"])
@pytest.mark.parametrize(
    ("members", "error", "sentence"),
    [
        ({"../ratings.csv": RATINGS}, ContentError, r"'../ratings.csv' in x.zip leads out of its folder"),
        ({"/srv/ratings.csv": RATINGS}, ContentError, r"leads out of its folder"),
        ({"a\\..\\..\\ratings.csv": RATINGS}, ContentError, r"leads out of its folder"),
        ({"inner.zip": "PK", "readme.md": "x"}, ContentError, r"x.zip holds archives, .*: inner.zip; unpack it"),
        ({"readme.md": "x"}, ContentError, r"x.zip holds no table; its files are: readme.md"),
        ({"ratings.csv": b"\0" * (70 << 20)}, LimitError, r"may take 100 times its size in memory, x.zip has"),
    ],
)
def test_what_is_not_opened_is_said_in_a_sentence(
    tmp_path: Path, add: Add, ending: str, members: Mapping[str, str], error: type[Exception], sentence: str
) -> None:
    if ending == "tar" and error is LimitError:
        pytest.skip("a tar alone packs nothing")
    with pytest.raises(error, match=sentence.replace("x.zip", f"x.{ending}")):
        add(packed(tmp_path / f"x.{ending}", members))

    assert [*tmp_path.rglob("*.csv")] == []


def test_a_bomb_that_hides_its_size_is_not_unpacked(tmp_path: Path, add: Add) -> None:
    archive = zipped(tmp_path / "x.zip", {"ratings.csv": b"\0" * (3 << 20)})
    archive.write_bytes(archive.read_bytes().replace(struct.pack("<I", 3 << 20), struct.pack("<I", 1000)))

    with pytest.raises(DataError, match=r"'ratings.csv' in x.zip is damaged"):
        add(archive)


def test_links_and_encrypted_members_are_refused(tmp_path: Path, add: Add) -> None:
    link = zipfile.ZipInfo("ratings.csv")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    whole = bytearray(zipped(tmp_path / "locked.zip", {"ratings.csv": RATINGS}).read_bytes())
    for sign, at in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        whole[whole.find(sign) + at] |= 1
    (tmp_path / "locked.zip").write_bytes(whole)

    for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE):
        with tarfile.open(tmp_path / "link.tar", "w") as tar:
            info = tarfile.TarInfo("ratings.csv")
            info.type, info.linkname = kind, "/etc/passwd"
            tar.addfile(info)
        with pytest.raises(DataError, match=r"'ratings.csv' in link.tar is a link or a device"):
            add(tmp_path / "link.tar")
    with pytest.raises(DataError, match=r"'ratings.csv' in link.zip is a link"):
        add(tmp_path / "link.zip")
    with pytest.raises(LimitError, match=r"locked.zip is encrypted; unpack it with its password"):
        add(tmp_path / "locked.zip")


def test_a_damaged_member_is_named(tmp_path: Path, add: Add) -> None:
    archive = zipped(tmp_path / "x.zip", {"ratings.csv": RATINGS})
    content = bytearray(archive.read_bytes())
    content[60:70] = b"\xff" * 10
    archive.write_bytes(content)

    with pytest.raises(DataError, match=r"'ratings.csv' in x.zip is damaged"):
        add(archive)


@pytest.mark.parametrize("name", ["x.tar", "x.tar.gz"])
def test_a_tar_that_is_cut_off_is_damaged(tmp_path: Path, add: Add, name: str) -> None:
    archive = packed(tmp_path / name, {"ratings.csv": 50 * RATINGS})
    whole = archive.read_bytes()
    archive.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(DataError, match=rf"{name} is damaged: .*; fetch it again"):
        add(archive)
    assert not any(place.name == UNPACKED for place in tmp_path.rglob("*"))


def test_a_tar_is_not_read_past_the_limits_for_a_file_that_is_passed_over(tmp_path: Path, add: Add) -> None:
    archive = packed(tmp_path / "x.tgz", {"plot.png": b"\0" * (70 << 20), "ratings.csv": RATINGS})

    with pytest.raises(LimitError, match=r"may take 100 times its size in memory, x.tgz has"):
        add(archive)


def test_of_two_files_of_one_name_in_a_tar_the_later_one_is_read(tmp_path: Path, add: Add) -> None:
    archive = packed(tmp_path / "x.tar", {"ratings.csv": "userId,movieId\n1,2\n"})
    with tarfile.open(archive, "a") as tar:
        info = tarfile.TarInfo("ratings.csv")
        info.size = len(RATINGS)
        tar.addfile(info, io.BytesIO(RATINGS.encode()))

    assert add(archive).profile["n_interactions"] == 30


def test_a_table_packed_with_gzip_is_no_archive(tmp_path: Path, add: Add) -> None:
    (tmp_path / "ratings.csv.gz").write_bytes(gzip.compress(RATINGS.encode()))

    stored = add(tmp_path / "ratings.csv.gz")

    assert stored.profile["n_interactions"] == 30
    assert not any("unpacked" in note for note in stored.notes)


def test_another_archive_beside_the_table_is_told(tmp_path: Path, add: Add) -> None:
    stored = add(zipped(tmp_path / "x.zip", {"ratings.csv": RATINGS, "images.zip": "PK"}))

    assert "archives in x.zip were not opened: images.zip" in stored.notes


def test_the_process_that_reads_opens_archives_too(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "x.zip", {"ratings.csv": RATINGS, "baskets.csv": RATINGS})
    catalogue = Catalogue(tmp_path / "home")

    assert catalogue.get(archive / "ratings.csv").name == "x-ratings"
    with pytest.raises(ContentError, match=r"x.zip holds no one table 'sales.csv'"):
        catalogue.add(archive / "sales.csv")
