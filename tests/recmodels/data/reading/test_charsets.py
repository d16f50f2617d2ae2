import time
from pathlib import Path

import pytest

from recmodels.data.catalogue import Catalogue
from recmodels.data.reading.charsets import utf8
from recmodels.data.reading.read import read_interactions
from recmodels.data.versions import append
from recmodels.errors import DataError

TITLES = {
    "shift_jis": ["千と千尋の神隠し", "もののけ姫", "火垂るの墓", "となりのトトロ"],
    "euc_jp": ["千と千尋の神隠し", "もののけ姫", "火垂るの墓", "となりのトトロ"],
    "gb18030": ["霸王别姬", "活着", "大红灯笼高高挂", "让子弹飞"],
    "big5": ["霸王別姬", "悲情城市", "牯嶺街少年殺人事件", "飲食男女"],
    "cp949": ["기생충", "올드보이", "살인의 추억", "괴물"],
    "cp1251": ["Сталкер", "Зеркало", "Солярис", "Иди и смотри"],
    "cp1252": ["café", "“quoted” €5", "Åsa", "L’été"],
    "mac-roman": ["Müller", "Café crème", "Straße", "señor"],
    "cp850": ["Müller", "Größe", "übermorgen", "Büro"],
    "mac-cyrillic": ["Сталкер", "Зеркало", "Солярис", "Война и мир", "Анна Каренина", "Идиот", "Мастер"],
    "latin-1": ["Zoë", "Åsa", "Amélie", "Léon"],
}
SAID = {"shift_jis": "Shift-JIS", "euc_jp": "EUC-JP", "gb18030": "GB18030", "big5": "Big5", "latin-1": "Latin-1"}
SAID |= {"mac-roman": "Mac Roman", "cp850": "CP850", "mac-cyrillic": "Mac Cyrillic"}
SAID |= {"cp949": "Korean (CP949)", "cp1251": "Windows-1251", "cp1252": "Windows-1252"}


@pytest.mark.parametrize("encoding", TITLES)
def test_texts_in_other_encodings_are_read_and_said(encoding: str) -> None:
    text = "user,item,title\n" + "".join(f"u{i},i{i},{title}\n" for i, title in enumerate(TITLES[encoding]))

    read, notes = utf8(Path("x.csv"), text.encode(encoding))

    assert read.decode() == text
    assert "x.csv is not UTF-8 (byte 0x" in notes[0]
    assert f"; it was read as {SAID[encoding]}" in notes[0]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("letter", ["a", "é", "电影"])
def test_utf16_is_told_with_and_without_a_mark(encoding: str, letter: str) -> None:
    text = f"user,item\n{letter},1\n{letter}b,22\n" * 9

    assert utf8(Path("x.csv"), text.encode(encoding)) == (text.encode(), ("x.csv was read as UTF-16",))


def test_a_few_broken_bytes_leave_the_rest_as_it_is() -> None:
    data = "user,item\n漢字,é\n".encode() * 9 + b"caf\xe9,1\n"

    read, notes = utf8(Path("x.csv"), data)

    assert read.decode() == "user,item\n漢字,é\n" * 9 + "café,1\n"
    assert notes == ("x.csv is not UTF-8 (byte 0xe9 in line 19) in 1 bytes alone; these were read as Windows-1252",)


def test_marks_of_files_written_one_after_another_are_left_out(tmp_path: Path) -> None:
    part = "user,item\nä,1\nb,2\n".encode("utf-8-sig")
    (tmp_path / "x.csv").write_bytes(part + part.replace(b"b", b"c"))

    data = read_interactions(tmp_path / "x.csv")

    assert sorted(data.user_ids.to_list()) == ["b", "c", "ä"]
    assert "1 marks of byte order within x.csv, the first in line 4, were left out" in data.notes


def test_bytes_that_only_look_like_utf16_are_binary(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_bytes(b"\x01\x00\x02\x00\x03\x00" * 99)

    with pytest.raises(DataError, match="is a binary file"):
        read_interactions(tmp_path / "x.csv")


def test_a_long_line_next_to_a_broken_byte_takes_no_quadratic_time(write) -> None:
    path = write("x.csv", b"user,item\n" + b'"[' * 60_000 + b"\n1,\xe9\n")
    began = time.process_time()

    with pytest.raises(DataError):
        read_interactions(path)

    assert time.process_time() - began < 5


def test_an_encoding_that_was_said_holds_for_what_is_appended(tmp_path: Path) -> None:
    catalogue = Catalogue(tmp_path / "datasets")
    rows = "".join(f"{user},čaj{item}\n" for user in range(6) for item in range(5))
    (tmp_path / "shop.csv").write_bytes(("user,item\n" + rows).encode("cp1250"))
    (tmp_path / "may.csv").write_bytes("user,item\n1,lůj\n".encode("cp1250"))
    (tmp_path / "june.csv").write_bytes("user,item\n1,kůň\n".encode())

    catalogue.add(tmp_path / "shop.csv", columns={"encoding": "windows-1250"})
    append(catalogue, tmp_path / "may.csv", "shop")
    last = append(catalogue, tmp_path / "june.csv", "shop-v2").load()

    assert {"čaj0", "lůj", "kůň"} <= set(last.item_ids.to_list())
    assert last.choices.reading == {"encoding": "windows-1250"}
    assert "may.csv was read as Windows-1250, as you said" in last.notes
    assert "june.csv is UTF-8 throughout and was read so, not as Windows-1250" in last.notes


def test_an_encoding_that_does_not_fit_or_is_none_is_refused(write) -> None:
    path = write("x.csv", b"user,item\n1,a\n2,\x81\n")

    with pytest.raises(DataError, match=r"x\.csv is not Windows-1252: byte 0x81 in line 3"):
        read_interactions(path, columns={"encoding": "cp1252"})
    with pytest.raises(DataError, match=r"encoding must be one of utf-8, cp1252, .* it is 'klingon'"):
        read_interactions(path, columns={"encoding": "klingon"})
