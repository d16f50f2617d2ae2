"""Text in the layouts of public datasets: the events read, or the sentence that names the layout and what helps."""

import gzip
import io
import pickle
import zipfile

import numpy as np
import pytest

from recmodels.data.reading.formats import read_table
from recmodels.data.reading.read import read_interactions
from recmodels.errors import DataError

RIGHT = {"17": ["5", "9", "2"], "8": ["9", "5"]}
SETS = {user: sorted(items) for user, items in RIGHT.items()}

NETFLIX = "9:\n8,3,2005-09-06\n17,5,2005-05-14\n5:\n17,4,2005-05-13\n8,1,2005-10-01\n2:\n17,1,2005-06-01\n"
MIND = (
    "1\t17\t11/11/2019 9:05:58 AM\tN1 N2\t5-1 9-0\n"
    "2\t17\t11/11/2019 12:05:58 PM\tN1 N2\t2-0 9-1\n"
    "3\t8\t11/12/2019 12:05:58 AM\t\t9-1 2-0\n"
    "4\t17\t11/13/2019 1:00:00 PM\tN1\t9-0 2-1\n"
    "5\t8\t11/13/2019 1:00:00 AM\tN1\t5-1\n"
)
SNAP = "\n".join(
    f"product/productId: {item}\nproduct/title: A: b\nreview/userId: {user}\nreview/helpfulness: 1/1\n"
    f"review/score: {n + 1}.0\nreview/time: {1_200_000_000 + n}\nreview/text: so, so\n"
    for user, items in RIGHT.items()
    for n, item in enumerate(items)
)
MATRIX = "%%MatrixMarket matrix coordinate real general\n% made by hand\n20 10 5\n"
WIDE = "user,m5,m9,m2,m7,m8,m1\nu17,1,2,3,,,\nu8,2,1.5,,,,\nu9,,,5,,,\n"

# layout → file name, content, items by user, what a note must say
READ: dict[str, tuple[str, str | bytes, dict[str, list[str]], str]] = {
    "Netflix": ("combined_data_1.txt", NETFLIX, RIGHT, "has the users of each item below its id"),
    "Netflix without ratings": (
        "probe.txt", "9:\n8\n17\n5:\n17\n8\n2:\n17\n", SETS, "has the users of each item below its id",
    ),
    "Netflix with dates alone": (
        "qualifying.txt",
        "\n".join(line if ":" in line else f"{line.split(',')[0]},{line.split(',')[2]}" for line in NETFLIX.split()),
        RIGHT,
        "time = date",
    ),
    "MIND": ("behaviors.tsv", MIND, RIGHT, "6 earlier clicks in column 4 of behaviors.tsv have no time"),
    "MIND with CRLF": ("behaviors.tsv", MIND.replace("\n", "\r\n"), RIGHT, "5 impressions, of 9 items"),
    "SNAP reviews": ("foods.txt", SNAP, RIGHT, "records of `key: value` lines: 5 of them"),
    "Matrix Market": ("x.mtx", MATRIX + "17 5 1\n17 9 2\n17 2 3\n8 9 1\n8 5 4\n", SETS, "sparse matrix"),
    "Matrix Market, a pattern": (
        "x.mtx",
        MATRIX.replace("real", "pattern") + "17 5\n17 9\n17 2\n8 9\n8 5\n",
        SETS,
        "rows were read as users and its columns as items, numbered from 1",
    ),
    "adjacency": ("x.adj", "17: 5 9 2\n8: 9 5\n", RIGHT, "read in their order, the first is the oldest"),
    "adjacency with commas": ("x.txt", "17: 5, 9, 2\n8: 9, 5\n", RIGHT, "read in their order, the first is the oldest"),
    "a matrix with names": (
        "wide.csv", WIDE, {"u17": ["m2", "m5", "m9"], "u8": ["m5", "m9"], "u9": ["m2"]},
        "a matrix of 3 users (its rows, named by `user`) and 6 items (its columns); its 6 values were read as",
    ),
    "a matrix with 99": (
        "wide.csv", WIDE.replace(",,", ",99,").replace(",,", ",99,").replace(",\n", ",99\n"),
        {"u17": ["m2", "m5", "m9"], "u8": ["m5", "m9"], "u9": ["m2"]}, "99 as missing",
    ),
    "aligned by blanks": (
        "x.txt", "user   item   rating   timestamp\n  17      5        1        1700000001\n  17     9  2  1700000002\n"
        "17   2   3   1700000003\n8   9   1   1700000001\n8   5   1   1700000002\n", RIGHT, "",
    ),
    "lines that lost their end": ("x.csv", "user,item\n17,5\n17,9\n17,2\n8,9\n8,5", SETS, "its last line '8,5' is not whole"),  # noqa: E501
    "a last line that was cut off": (
        "x.csv", "user,item,rating\n17,5,1\n17,9,2\n17,2,3\n8,9,1\n8,5,2\n8,", SETS,
        "the last line of x.csv, '8,', has 2 of 3 fields and no line end: it was cut off, and left out",
    ),
    "LightGCN": ("train.txt", "17 5 9 2\n8 9 5\n", RIGHT, "read in their order, the first is the oldest"),
    "SASRec": ("ml-1m.txt", "17 5\n17 9\n17 2\n8 9\n8 5\n", SETS, ""),
}  # fmt: skip


@pytest.mark.parametrize("layout", READ)
def test_each_layout_gives_the_events_and_says_so(layout: str, read) -> None:
    name, content, right, note = READ[layout]

    found, notes = read(name, content)

    assert found == right
    assert note in "\n".join(notes), notes


def test_what_was_shown_and_not_clicked_is_a_no(tmp_path) -> None:
    path = tmp_path / "behaviors.tsv"
    path.write_text(MIND)
    data = read_interactions(path)

    assert data.examples is not None
    assert len(data) == 5
    assert sorted(data.examples.labels.tolist()) == [0] * 4 + [1] * 5


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "user,item\n1,2\n")
    return buffer.getvalue()


def of_numpy(array: object) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


JESTER = "\n".join(",".join(["3", *(("99" if (i + j) % 3 else "4.13") for j in range(20))]) for i in range(9))
REFUSED: dict[str, tuple[str | bytes, str]] = {
    "Jester": (JESTER, r"looks like a matrix with a row a user and a column an item, .*: 21 columns .* 99 in \d\d% of"),
    "LibSVM": ("0 1:1 27:1\n1 22:4 13:2\n", r"x is LibSVM or LibFM text .*; write the events as user,item,rating"),
    "LibFFM": ("0 1:1:1 2:27:1\n1 1:22:4 2:13:2\n", r"x is LibFFM text"),
    "negatives of NCF": ("(0,25)\t1064\t174\t2791\n(1,133)\t1072\t3154\t3368\n", r"x is lists of sampled negatives"),
    "XML": ("<?xml version='1.0'?>\n<ratings>\n<r u='1' i='2'/>\n</ratings>\n", r"x is XML; export .* CSV"),
    "a web page": ("<!DOCTYPE html>\n<html><body>Sign in</body></html>\n", r"x is a web page, not the data"),
    "YAML": ("- user: 1\n  item: 2\n- user: 2\n  item: 3\n", r"x is YAML; write a row an event"),
    "SQL": ("-- MySQL dump 10.13\nINSERT INTO `r` VALUES (1,2),(1,3);\n", r"x is an SQL dump; export the table"),
    "ARFF": ("% c\n@RELATION r\n@ATTRIBUTE u NUMERIC\n@DATA\n1,2\n", r"x is an ARFF file of Weka; export it as CSV"),
    "Markdown": ("| user | item |\n|------|------|\n| 1 | 2 |\n", r"x is a table in Markdown"),
    "Git LFS": ("version https://git-lfs.github.com/spec/v1\noid sha256:1\nsize 3\n", r"pointer of Git LFS.*git lfs pull"),  # noqa: E501
    "Criteo": (
        "\n".join("\t".join(["0", *"1234567890123", *(["68fd1e64"] * 25), ""]) for _ in range(3)),
        r"x is a log of clicks in Criteo's columns",
    ),
    "Avazu": ("id,click,hour,banner_pos,site_id,app_id,device_id\n1,0,14102100,0,a,b,c\n", r"the columns of Avazu"),
    "fixed width": (
        "name        film             stars\nAnn Lee     The Sea          5\nBob         A long day out   4\n",
        r"x is text in columns of fixed width",
    ),
    "MIND's test part": (MIND.replace("-1", "").replace("-0", ""), r"not what was clicked .* take the train or dev"),
    "a dense Matrix Market": ("%%MatrixMarket matrix array real general\n2 2\n1\n2\n", r"'matrix array real gen"),
    "a cut Matrix Market": (MATRIX + "17 5 1\n17 9 2\n", r"must have 5 entries of 3 numbers, it has 2 of 3; it may be"),
    "Netflix with a broken line": (NETFLIX + "3:\n" * 200 + "8,3\n", r"must have 3 fields .* line 209 has 2"),
    "a record that says a thing twice": (SNAP.replace("product/title", "review/userId"), r"'userId' in line 2 stands"),
    "lost line ends": ("user,item,rating" + ",".join(map(str, range(60))), r"x is one line of 59 numbers or more"),
    "orders without users": (
        "order_id,product_id,add_to_cart_order\n1,2,1\n1,3,2\n",
        r"names orders \(`order_id`\) and items but no users: join it .* or take each order as a user",
    ),
    "a zip archive": (zipped("a.csv", "b/c.csv"), r"x is a zip archive of 2 files, whatever its ending; unpack it"),
    "Excel": (zipped("[Content_Types].xml", "xl/workbook.xml"), r"x is an Excel workbook, .*; save its sheet as CSV"),
    "a cut zip archive": (zipped("a.csv")[:40], r"x is a zip archive that is damaged or cut off"),
    "npz": (zipped("a.npy"), r"x is numpy arrays \(npz\), .*numpy.load"),
    "sparse npz": (zipped("indices.npy", "indptr.npy", "data.npy", "shape.npy"), r"x is a sparse matrix of scipy"),
    "npy": (of_numpy(np.ones((3, 3))), r"x is a numpy array"),
    "a pickle": (pickle.dumps([{"user": 1, "item": 2}] * 9), r"x is a Python pickle, which could run code when read"),
    "old Excel": (b"\xd0\xcf\x11\xe0" + bytes(900), r"x is an old Excel workbook"),
    "HDF5": (b"\x89HDF\r\n\x1a\n" + bytes(90), r"x is an HDF5 file.*pandas.read_hdf"),
    "R": (gzip.compress(b"RDX3\nX\n\0\0\0\3"), r"x is an R workspace"),
    "Stata": (b"<stata_dta><header>", r"x is a Stata file.*read_stata"),
    "SPSS": (b"$FL2@(#) SPSS DATA FILE", r"x is an SPSS file"),
    "Feather": (b"ARROW1\0\0" + bytes(90), r"x is an Arrow or Feather file"),
    "tar": (b"a.csv".ljust(257, b"\0") + b"ustar\00000" + bytes(300), r"x is a tar archive"),
}  # fmt: skip


@pytest.mark.parametrize("layout", REFUSED)
def test_what_is_not_read_is_named_with_what_helps(layout: str, read) -> None:
    content, sentence = REFUSED[layout]

    with pytest.raises(DataError, match=sentence) as caught:
        read("x", content)

    assert "\n" not in str(caught.value)


def test_columns_that_stand_for_users_may_be_said(read) -> None:
    avazu = "id,click,hour,banner_pos,site_id,app_id,device_id\n1,1,14102100,0,a,b,c\n2,1,14102101,0,a,e,c\n"

    assert read("x.csv", avazu, user="device_id", item="app_id")[0] == {"c": ["b", "e"]}


def test_lines_of_orders_are_joined_with_the_orders_in_their_folder(read, tmp_path) -> None:
    (tmp_path / "orders.csv").write_text("order_id,user_id,order_number\n1,17,1\n2,17,2\n3,8,1\n")

    found, notes = read("order_products__prior.csv", "order_id,product_id\n2,2\n1,5\n3,9\n4,1\n")

    assert {user: sorted(items) for user, items in found.items()} == {"17": ["2", "5"], "8": ["9"]}
    assert "was joined with orders.csv by `order_id`, which adds `user_id`, `order_number`" in "\n".join(notes)
    assert any("1 rows of order_products__prior.csv have an order without a user there" in note for note in notes)


SURVEY = "{},Film 1,Film 2,Film 3,Film 4,Film 5\nR1,5,,2,,\nR2,,4,,1,\nR3,3,,,,5\n"
WATCHED = {"R1": ["Film 1", "Film 3"], "R2": ["Film 2", "Film 4"], "R3": ["Film 1", "Film 5"]}


@pytest.mark.parametrize("name", ["Respondent", "Response ID", "Wer"])
@pytest.mark.parametrize("is_said", [True, False])
def test_a_survey_has_a_row_a_user_and_a_column_an_item(name: str, is_said: bool, read) -> None:
    found, notes = read("x.csv", SURVEY.format(name), **({"user": name} if is_said else {}))

    assert found == WATCHED
    assert any(f"a matrix of 3 users (its rows, named by `{name}`) and 5 items" in note for note in notes)


def test_columns_of_a_survey_that_tell_of_the_respondent_stay_with_them(read) -> None:
    lines = SURVEY.format("Respondent").splitlines()
    more = [
        f"{line.split(',', 1)[0]},{age},{line.split(',', 1)[1]}"
        for line, age in zip(lines, ["Age", "31", "47", "x"], strict=True)
    ]

    found, notes = read("x.csv", "\n".join(more) + "\n")

    assert found == WATCHED
    assert any("blank as missing; columns that tell of the users: `Age`" in note for note in notes)


R_TABLE = '"user" "item" "when"\n"1" "a" "x" "2024-01-01 10:00:00"\n"2" "a" "y z" "2024-01-02 10:00:00"\n"3" "b" "x" "2024-01-03 10:00:00"\n'  # noqa: E501


@pytest.mark.parametrize(
    "content",
    [
        R_TABLE,
        R_TABLE.replace('"1" ', "").replace('"2" ', "").replace('"3" ', ""),  # row.names=FALSE
        R_TABLE.replace('" "', '"\t"'),  # sep="\t"
        R_TABLE.replace('" "', '","'),
        R_TABLE.replace('"1"', '"r7"').replace('"2"', '"r2"').replace('"3"', '"r9"'),
    ],
)
def test_tables_of_r_are_read_without_their_row_names(content: str, read) -> None:
    found, notes = read("x.txt", content, time="when")

    assert found == {"a": ["x", "y z"], "b": ["x"]}
    has_row_names = '"a"' not in content.splitlines()[1][:3]
    assert any("as R writes row names" in note for note in notes) == has_row_names


def test_lines_that_end_with_a_separator_have_no_row_names(tmp_path) -> None:
    path = tmp_path / "users.dat"
    path.write_text('id\tplace\tage\n1\ta "b" c\t24\t\n2\td\t20\t\n3\te\t\t\n')

    frame = read_table(path, strict=False).frame

    assert frame.rows() == [("1", 'a "b" c', "24"), ("2", "d", "20"), ("3", "e", None)]


ORDERS = """Name,Customer ID,Created at,Note,SKU
#1,a,2024-01-02,gift,x
#1,,,,y
#2,b,2024-01-01,,x
#3,a,2024-01-01,,z
#3,,,,w
"""


def test_what_only_the_first_line_of_an_order_says_holds_for_all_of_it(read) -> None:
    found, notes = read("orders.csv", ORDERS)

    assert {user: sorted(items) for user, items in found.items()} == {"a": ["w", "x", "y", "z"], "b": ["x"]}
    assert found["a"][2:] in (["x", "y"], ["y", "x"])
    assert any("only its first one holds `Customer ID`, `Created at`: these values were taken" in n for n in notes), (
        notes
    )


def test_a_gap_within_an_order_is_not_filled(read) -> None:
    rows = "".join(f"{n // 2},u{n % 5},i{n % 7},{2 if n % 3 else ''}\n" for n in range(60))

    _, notes = read("x.csv", "order_id,user,item,size\n" + rows)

    assert not any("first one holds" in note for note in notes)


@pytest.mark.parametrize(
    "content",
    [
        "user,item,f1,f2,f3,f4,f5\n1,7,0,0,1,0,0\n2,8,0,1,0,0,0\n",
        "user_id,a,b,c,d,e,item\n1,1,1,1,1,1,7\n2,1,1,1,1,1,8\n",
    ],
)
def test_a_table_of_features_is_no_matrix_of_ratings(content: str, read) -> None:
    assert read("x.csv", content)[0] == {"1": ["7"], "2": ["8"]}
