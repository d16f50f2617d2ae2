"""Files in the layouts that public data sets document, small and invented: what is read as what, or asked about."""

import hashlib
import random
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from recmodels.data.reading.evidence import Evidence
from recmodels.data.reading.formats import read_table
from recmodels.data.reading.schema import infer_schema
from recmodels.data.reading.table import Table
from recmodels.errors import AmbiguousColumns, DataError

Row = tuple[object, ...]
N_USERS, N_ITEMS, PER_USER = 40, 90, 8


def events(seed: int = 0) -> list[tuple[int, int, int, int]]:
    """User, item, rating and unix seconds; the rows of a user together and in the order of time."""
    rng = random.Random(seed)  # noqa: S311
    rows = []
    for user in range(N_USERS):
        times = sorted(rng.randrange(1_580_000_000, 1_600_000_000) for _ in range(PER_USER))
        rows += [(user, rng.randrange(N_ITEMS), rng.randint(1, 5), time) for time in times]
    return rows


def shuffled(rows: list[tuple[int, int, int, int]]) -> list[tuple[int, int, int, int]]:
    return random.Random(1).sample(rows, len(rows))  # noqa: S311


def iso(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def clock(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%H:%M:%S")


def tweet(seconds: int) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%a %b %d %H:%M:%S +0000 %Y")


def digest(text: object, size: int = 40) -> str:
    return hashlib.sha256(str(text).encode()).hexdigest()[:size]


def uuid(text: object) -> str:
    return f"{digest(text, 8)}-0000-4000-8000-{digest(text, 12)}"


def place(item: int) -> tuple[str, str]:
    return f"{40 + item * 0.0137:.5f}", f"{-73 - item * 0.0171:.6f}"


NO_HEADER: dict[str, tuple[Callable[[int, int, int, int], Row], str]] = {
    # layout → a row of (user, item, rating, time), and the numbers of the user's, item's, weight's and time's column
    "plain numbers": (lambda u, i, r, t: (u, i), "1 2 - -"),
    "MovieLens, Douban, Netflix for one file": (lambda u, i, r, t: (u + 1, i + 1, r, t), "1 2 3 4"),
    "Amazon 2014 ratings": (lambda u, i, r, t: (f"A{u:013d}", f"B0{i:08d}", float(r), t), "1 2 3 4"),
    "Amazon 2018 ratings": (lambda u, i, r, t: (f"B0{i:08d}", f"A{u:013d}", float(r), t), "2 1 3 4"),
    "Echo Nest triplets": (lambda u, i, r, t: (digest(u), f"SO{digest(i, 16).upper()}", r * r), "1 2 3 -"),
    "Last.fm 360K": (lambda u, i, r, t: (digest(u), uuid(i), f"Band {i}", 13 * r + u % 7), "1 2 4 -"),
    "Yoochoose clicks": (lambda u, i, r, t: (u, iso(t), 214_500_000 + i, i % 12), "1 3 - 2"),
    "Foursquare": (
        lambda u, i, r, t: (u, f"4b{i:022x}", f"4bf{i % 9:021x}", f"K {i % 9}", *place(i), -240 - t % 2 * 60, tweet(t)),
        "1 2 - 8",
    ),
    "Gowalla": (lambda u, i, r, t: (u, iso(t), *place(i), 22_847 + 31 * i), "1 5 - 2"),
    "Taobao": (lambda u, i, r, t: (u, 2_268_318 + i, 2_520_377 + i % 15, ("pv", "buy", "cart")[r % 3], t), "1 2 - 5"),
    "Steam-200k": (lambda u, i, r, t: (15_160 + u, f"Game {i}", ("play", "buy")[r < 2], r * 1.7, 0), "1 2 4 -"),
    "Epinions with categories": (lambda u, i, r, t: (u + 1, i + 1, i % 7 + 1, r, (u + r) % 5, t), "1 2 4 6"),
    "row numbers first": (lambda u, i, r, t: (u * 0 + t, f"U{u}", f"N{i}"), "2 3 - 1"),
    "days as numbers": (lambda u, i, r, t: (u, datetime.fromtimestamp(t, UTC).strftime("%Y%m%d"), i, r), "1 3 4 2"),
    "a day and a clock": (lambda u, i, r, t: (u, i, iso(t)[:10], clock(t)), "1 2 - 3+column_4"),
    "a constant in between": (lambda u, i, r, t: (7, u, i, r), "2 3 4 -"),
    "a label in between": (lambda u, i, r, t: (u, r % 2, i), "1 3 2 -"),
}  # fmt: skip
ASKED: dict[str, tuple[Callable[[int, int, int, int], Row], str, str]] = {
    # layout → a row, the role that is asked about, and the columns to choose from
    "Last.fm 1K": (
        lambda u, i, r, t: (f"user_{u:06d}", iso(t), uuid(i // 3), f"Band {i // 3}", uuid(f"t{i}"), f"Song {i}"),
        "item",
        "3 5",
    ),
    "LFM-1b": (lambda u, i, r, t: (u, i // 3, i // 2, i, t), "item", "2 3 4"),
    "places, then users": (lambda u, i, r, t: (22_847 + 31 * i, *place(i), u, iso(t)), "user", "1 4"),
    "titles, then numbers of users": (lambda u, i, r, t: (f"The Song {i}", u + 7, r), "user", "1 2"),
    "items, then users whose rows lie together": (lambda u, i, r, t: (i, u, r), "user", "1 2"),
}
NAMED: dict[str, str] = {
    # header → columns of the user, the item, the weight and the time, or the role that is asked about
    "reviewerID asin reviewerName overall unixReviewTime": "reviewerID asin overall unixReviewTime",
    "user_id session_id session_start click_article_id click_timestamp": "user_id click_article_id - click_timestamp",
    "brewery_id review_time review_overall review_profilename beer_name beer_beerid": (
        "review_profilename beer_beerid review_overall review_time"
    ),
    "household_key BASKET_ID DAY PRODUCT_ID QUANTITY STORE_ID": "household_key PRODUCT_ID QUANTITY DAY",
    "TRANSACTION_DT CUSTOMER_ID AGE_GROUP PIN_CODE PRODUCT_ID SALES_PRICE": "CUSTOMER_ID PRODUCT_ID - TRANSACTION_DT",
    "user_id track_id album_id timestamp": "user_id track_id - timestamp",
    "user_id anime_id rating": "user_id anime_id rating -",
    "user_id recipe_id date rating": "user_id recipe_id rating date",
    "userID bookmarkID tagID timestamp": "userID bookmarkID - timestamp",
    "user_id book_id is_read rating is_reviewed date_added": "user_id book_id rating date_added",
    "session_id pos track_id_clean skip_1 date": "session_id track_id_clean - date",
    "log.user_id log.item_id log.interaction_type log.timestamp": "log.user_id log.item_id - log.timestamp",
    "uuid document_id timestamp platform": "uuid document_id - timestamp",
    "user time_stamp adgroup_id pid clk": "user adgroup_id clk time_stamp",
    "user_id media_id artist_id ts_listen release_id": "ask item",
    "order_id product_id reordered": "order_id product_id - -",
    "display_id ad_id clicked": "display_id ad_id clicked -",
    "Kunde Artikel Menge": "Kunde Artikel Menge -",
    "user_id asin parent_asin rating": "ask item",
}  # fmt: skip
_ITEM_WORDS = "item asin article beerid product_id track anime recipe bookmark book_id document ad_id artikel"


def read(path: Path, rows: list[Row], separator: str = "\t", header: str = "") -> Table:
    lines = [separator.join(map(str, row)) for row in rows]
    path.write_text("\n".join([separator.join(header.split()), *lines][not header :]) + "\n")
    return read_table(path)


def numbers(*columns: str | None) -> str:
    return " ".join("-" if column is None else column.removeprefix("column_") for column in columns)


@pytest.mark.parametrize("layout", NO_HEADER)
@pytest.mark.parametrize("order", [events, lambda: shuffled(events())], ids=["by user", "shuffled"])
def test_columns_without_names_are_told_apart_by_their_values(
    layout: str, order: Callable[[], list[tuple[int, int, int, int]]], tmp_path: Path
) -> None:
    row, expected = NO_HEADER[layout]

    schema = infer_schema(read(tmp_path / "events.tsv", [row(*event) for event in order()]))

    assert numbers(schema.user, schema.item, schema.weight, schema.time) == expected


@pytest.mark.parametrize("layout", ASKED)
def test_two_readings_of_columns_without_names_are_asked_about_with_rows(layout: str, tmp_path: Path) -> None:
    row, role, candidates = ASKED[layout]
    table = read(tmp_path / "events.tsv", [row(*event) for event in events()])

    with pytest.raises(AmbiguousColumns) as asked:
        infer_schema(table)

    assert (asked.value.role, numbers(*asked.value.candidates)) == (role, candidates)
    assert [list(sample) for sample in asked.value.rows] == [table.frame.columns] * 3
    last = asked.value.candidates[-1]
    assert infer_schema(table, {role: last}).roles()[role] == last


@pytest.mark.parametrize(
    ("row", "found"),
    [
        (lambda n: (n + 1, f"u{n % 4}", f"p{n % 3}"), "ask 1 2 3"),
        (lambda n: (n, 7 + n % 4, 100 + n % 3, 1_580_000_000 + n), "ask 1 2 3"),
        (lambda n: (n + 1, 100 + n % 3), "1 2, said"),
        (lambda n: (n // 2, 100 + n % 3), "1 2"),
    ],
)
@pytest.mark.parametrize("n_rows", [5, 19])
def test_a_number_for_each_of_few_rows_is_no_user_in_silence(
    row: Callable[[int], Row], found: str, n_rows: int, tmp_path: Path
) -> None:
    table = read(tmp_path / "few.tsv", [row(n) for n in range(n_rows)])

    if found.startswith("ask"):
        with pytest.raises(AmbiguousColumns, match="`column_1` counts the rows") as asked:
            infer_schema(table)
        assert f"ask {numbers(*asked.value.candidates)}" == found
    else:
        schema = infer_schema(table)
        said = ", said" if any(note.startswith("check this: `column_1`") for note in schema.notes) else ""
        assert numbers(schema.user, schema.item) + said == found


def test_an_act_that_a_few_users_hardly_ever_do_otherwise_is_still_the_act() -> None:
    rows = [(str(n % 20), str(n * 7 % 301), "buy" if n % 100 < 2 else "view", str(n % 50)) for n in range(4000)]
    frame = pl.DataFrame(rows, schema=[f"column_{i}" for i in range(1, 5)], orient="row")

    schema = infer_schema(Table(path=Path("x.csv"), kind="csv", frame=frame, has_names=False))

    assert (schema.user, schema.item) == ("column_1", "column_2")


@pytest.mark.parametrize("header", NAMED)
def test_columns_with_names_are_told_apart_or_asked_about(header: str, tmp_path: Path) -> None:
    names = header.split()
    table = read(
        tmp_path / "events.tsv", [tuple(_value(name, *event) for name in names) for event in events()], header=header
    )

    try:
        schema = infer_schema(table)
    except AmbiguousColumns as asked:
        found = f"ask {asked.role}"
    else:
        found = " ".join(column or "-" for column in (schema.user, schema.item, schema.weight, schema.time))

    assert found == NAMED[header]


def _value(name: str, user: int, item: int, rating: int, time: int) -> object:
    word = name.lower()
    if any(part in word for part in ("time", "date", "start", "_dt")):
        return time
    if word == "day":
        return (time - 1_580_000_000) // 86_400
    if any(part in word for part in _ITEM_WORDS.split()):
        return f"x{item}"
    if any(part in word for part in ("rating", "overall", "quantity", "menge", "price", "skip")):
        return rating
    if word.startswith(("is_", "clicked", "reordered")):
        return rating % 2
    return f"y{user}" if word.endswith(("id", "key", "uuid", "profilename", "kunde")) else rating


# header, a row, and the columns of the user and the item, with words of the note that says why
TAKEN: dict[str, tuple[str, Callable[[int, int, int, int], Row], tuple[str, str], str]] = {
    "the only one left": (
        "who hotel_id price adults",
        lambda u, i, r, t: (f"G{u}", f"H{i}", 80 + (u + i) % 7, 2),
        ("who", "hotel_id"),
        "no column is called like the user; `who` was taken",
    ),
    "a session alone": (
        "display_id ad_id clicked",
        lambda u, i, r, t: (u, f"x{i}", r % 2),
        ("display_id", "ad_id"),
        "check this: no column names the users, so each `display_id` was taken for one user",
    ),
    "a playlist": (
        "pid name track_uri artist_name album_uri",
        lambda u, i, r, t: (u + 500, f"mix {u}", f"spotify:track:{i}", f"Band {i // 9}", f"spotify:album:{i // 4}"),
        ("pid", "track_uri"),
        "`pid` was taken",
    ),
    "a track, its artist and its album": (
        "user artist_id track_id",
        lambda u, i, r, t: (u, i // 6, i),
        ("user", "track_id"),
        "`track_id` is the item, as the finest of several; the others describe it: `artist_id`",
    ),
    "a title whose id is called otherwise": (
        "user title articlecode",
        lambda u, i, r, t: (u, f"The song {i // 2}", f"A{i}"),
        ("user", "articlecode"),
        "item",
    ),
    "an id and its title": (
        "customer wob wobtext",
        lambda u, i, r, t: (u, f"W{i}", f"The wob {i}"),
        ("customer", "wob"),
        "`wob` was taken",
    ),
}  # fmt: skip


@pytest.mark.parametrize("layout", TAKEN)
def test_what_one_column_alone_can_be_is_taken_and_said(layout: str, tmp_path: Path) -> None:
    header, row, roles, note = TAKEN[layout]

    schema = infer_schema(read(tmp_path / "x.tsv", [row(*event) for event in shuffled(events())], header=header))

    assert (schema.user, schema.item) == roles
    assert note in "\n".join(schema.notes)


def test_after_the_user_is_said_the_only_item_left_is_taken_and_the_time_found(tmp_path: Path) -> None:
    rows = [(u + 1000, f"A{i}", r, iso(t)) for u, i, r, t in shuffled(events())]
    table = read(tmp_path / "x.tsv", rows, header="who what verdict moment")

    schema = infer_schema(table, {"user": "who"})

    assert (schema.item, schema.time) == ("what", "moment")


def test_a_category_alone_is_no_item(tmp_path: Path) -> None:
    rows = [(u, ("web", "app", "shop")[i % 3]) for u, i, _, _ in events()]

    with pytest.raises(DataError, match=r"no column of x\.tsv looks like the item"):
        infer_schema(read(tmp_path / "x.tsv", rows, header="user kanal"))


@pytest.mark.parametrize("name", ["friendID", "follower", "trustee_id"])
def test_other_people_are_no_items(name: str, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"no column of x\.tsv looks like the item"):
        infer_schema(read(tmp_path / "x.tsv", [(u, i) for u, i, _, _ in events()], header=f"userID {name}"))


def test_click_log_without_users_is_asked_about(tmp_path: Path) -> None:
    header = "id click hour site_id app_id device_id device_ip device_model C14 C21"
    rows: list[Row] = [
        (
            *(10_000_000_000 + n, r % 2, f"141021{t % 24:02d}", digest(i % 9, 8), digest(i, 8)),
            *(digest(u % 5, 8), digest((u, i), 8), digest(i, 7), 15_700 + i, r),
        )
        for n, (u, i, r, t) in enumerate(events())
    ]
    table = read(tmp_path / "train.csv", rows, ",", header)

    with pytest.raises(AmbiguousColumns) as user:
        infer_schema(table)
    with pytest.raises(AmbiguousColumns) as item:
        infer_schema(table, {"user": "device_ip"})

    assert user.value.role == "user"
    assert {"device_id", "device_ip"} <= set(user.value.candidates)
    assert not {"id", "click", "hour"} & set(user.value.candidates)
    assert item.value.role == "item"
    assert {"site_id", "app_id", "C14"} <= set(item.value.candidates)
    schema = infer_schema(table, {"user": "device_ip", "item": "app_id"})
    assert (schema.weight, schema.time) == ("click", "hour")


def test_mostly_missing_user_beside_a_session_is_asked_about(tmp_path: Path) -> None:
    rows: list[Row] = [(u, u if u % 4 == 0 else "", i, t) for u, i, _, t in events()]

    with pytest.raises(AmbiguousColumns, match="75% of the rows have no `userId`") as asked:
        infer_schema(read(tmp_path / "views.csv", rows, ";", "sessionId userId itemId eventdate"))

    assert (asked.value.role, asked.value.candidates) == ("user", ("userId", "sessionId"))


def test_positions_are_the_order_within_a_day(tmp_path: Path) -> None:
    rows: list[Row] = [(u, n % PER_USER, i, f"2018-07-{u % 28 + 1:02d}") for n, (u, i, _, _) in enumerate(events())]

    schema = infer_schema(read(tmp_path / "log.csv", rows, ",", "session_id session_position track_id date"))

    assert (schema.time, schema.order) == ("date", "session_position")
    assert "rows of one `date` of a user are in the order of `session_position`" in schema.notes


@pytest.mark.parametrize(
    ("row", "role"),
    [
        (lambda u, i, r, t: (u, r, iso(t)), "item"),  # a rating is no item
        (lambda u, i, r, t: (u, iso(t)), "item"),
        (lambda u, i, r, t: (u, 1), "item"),
        (lambda u, i, r, t: (r / 7, i / 7, u / 7, 99.25), "user"),
    ],
)
def test_without_a_column_of_ids_a_file_is_refused(
    row: Callable[[int, int, int, int], Row], role: str, tmp_path: Path
) -> None:
    table = read(tmp_path / "events.tsv", [row(*event) for event in events()])

    with pytest.raises(DataError, match=f"no column of events.tsv looks like the {role}; its columns are: column_1"):
        infer_schema(table)


def test_moment_of_another_name_is_the_time_unless_it_describes_the_item(tmp_path: Path) -> None:
    table = read(
        tmp_path / "x.tsv",
        [(u, i, iso(t), iso(i * 10**7)) for u, i, _, t in events()],
        header="user item wann released",
    )

    assert infer_schema(table).time == "wann"  # what is the same for an item is not of the event

    without = Table(path=table.path, kind="tsv", frame=table.frame.drop("released"))
    assert infer_schema(without).time == "wann"
    described = Table(path=table.path, kind="tsv", frame=table.frame.drop("wann"))
    assert infer_schema(described).time is None


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        (["2020-01-31", "31.01.2020 13:21", "1/31/2020 1:21 PM", "Wed Apr 22 13:21:45 +0000 2020"], "moment"),
        ([20200131, 20200201, 20201231], "moment"),
        ([1587561705.25, 1587561805.75], "moment"),
        (["13:21:45", "1:02 PM"], "part"),
        (["true", "False"], "label"),
        (["N24-0 N25-1", "[1, 2, 3]", "7|8"], "list"),
        (["A song", "Odd Al live"], "text"),
        (["9d607a66-0000-4000", "4bf58dd8"], "id"),
        ([None, ""], "empty"),
        ([40.7, -73.2], "fraction"),
        ([3, 4.0, 17], "number"),
        (list(range(1, 31)), "row number"),
        ([3] * 30, "constant"),
        ([0.5, 4.5, 3, 2] * 10, "rating"),
        ([0, 1] * 15, "label"),
        ([-240, -300, 540, 0] * 8, "part"),
        (["pv", "buy"] * 20, "category"),
        ([214_536_502, 214_536_500, 314_536_502], "id"),
    ],
)  # fmt: skip
def test_kinds_of_values(values: list[object], kind: str) -> None:
    texts = [None if value is None else str(value) for value in values]
    frame = pl.DataFrame({"column_1": pl.Series(texts, dtype=pl.String)})

    assert Evidence(Table(path=Path("x.csv"), kind="csv", frame=frame)).kind("column_1") == kind


def test_a_large_table_is_judged_by_rows_from_all_over_it() -> None:
    n = 50_000
    frame = pl.DataFrame(
        {
            "a": ["7"] * (n - 1) + ["8"],
            "b": [str(i) for i in range(n)],
            "c": ["5"] * n,
            "d": [str(i // 25_000) for i in range(n)],
        }
    )
    evidence = Evidence(Table(path=Path("x.csv"), kind="csv", frame=frame))

    assert [evidence.kind(name) for name in frame.columns[1:]] == ["row number", "constant", "label"]
    assert evidence.kind("a") != "constant"
    assert evidence.n_rows == 10_000


@pytest.mark.parametrize("has_names", [True, False])
def test_of_many_columns_the_first_ones_are_looked_at(has_names: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: set[str] = set()
    kind = Evidence.kind
    monkeypatch.setattr(Evidence, "kind", lambda self, name: looked.add(name) or kind(self, name))
    names = [f"column_{n}" for n in range(1, 303)]
    names[:2] = ["user_id", "item_id"] if has_names else names[:2]
    rng = random.Random(0)  # noqa: S311
    frame = pl.DataFrame({name: [str(rng.randrange(500)) for _ in range(60)] for name in names})

    schema = infer_schema(Table(path=Path("x.csv"), kind="csv", frame=frame, has_names=has_names))

    assert (schema.user, schema.item) == (names[0], names[1])
    assert len(looked) < 60


@pytest.mark.parametrize("is_mixed", [False, True])
@pytest.mark.parametrize("item", ["2", "3"])
def test_of_visits_without_names_the_start_is_the_time_and_an_id_no_weight(
    item: str, is_mixed: bool, tmp_path: Path
) -> None:
    rng = random.Random(4)  # noqa: S311
    lines = []
    for user in range(N_USERS):
        for start in sorted(rng.randrange(6000) for _ in range(PER_USER)):
            stream, streamer = (
                33_800_000_000 + rng.randrange(60) * 1_313_131,
                f"name{rng.choice('abc')}{rng.randrange(12)}",
            )
            lines.append(f"{user},{stream},{streamer},{start},{start + rng.randrange(1, 10)}")
    if is_mixed:  # by the start, and not a user after the other
        lines.sort(key=lambda line: int(line.split(",")[3]))
    path = tmp_path / "100k_a.csv"
    path.write_text("\n".join([*lines, ""]))

    schema = infer_schema(read_table(path), {"item": item})

    assert schema.roles() == {"user": "column_1", "item": f"column_{item}", "time": "column_4"}


def visits(tmp_path: Path, share: float, header: str, nobody: str = "") -> Table:
    """Events of which a share names the person; all name the browser as Google Analytics does."""
    rows: list[Row] = [
        (f"P{u}" if n % 10 < 10 * share else nobody, f"{u * 7919 + 10_000}.{1_600_000_000 + u}", f"SKU{i}", t)
        for n, (u, i, _, t) in enumerate(events())
    ]
    return read(tmp_path / "visits.csv", rows, ",", header)


@pytest.mark.parametrize(
    "header",
    [
        "user_id user_pseudo_id item_id event_timestamp",
        "userId anonymousId productId timestamp",
        "user_id domain_userid product_id collector_timestamp",
        "customer_id visitor_id sku timestamp",
    ],
)
def test_where_few_rows_name_the_person_the_browser_is_the_user_and_that_is_said(header: str, tmp_path: Path) -> None:
    person, browser = header.split()[:2]

    few = infer_schema(visits(tmp_path, 0.1, header))
    none = infer_schema(visits(tmp_path, 0, header))
    with pytest.raises(AmbiguousColumns, match=rf"40% of the rows have no `{person}`") as asked:
        infer_schema(visits(tmp_path, 0.6, header))

    assert few.user == none.user == browser
    assert any(note.startswith(f"check this: 90% of the rows have no `{person}`, so `{browser}`") for note in few.notes)
    assert f"`{person}` has no values, so `{browser}` was taken for the user" in none.notes
    assert asked.value.candidates == (person, browser)
    assert infer_schema(visits(tmp_path, 0.1, header), {"user": person}).user == person


@pytest.mark.parametrize("nobody", ["guest", "(not set)", "0", "NULL"])
def test_a_word_for_nobody_is_no_person(nobody: str, tmp_path: Path) -> None:
    header = "user_id user_pseudo_id item_id event_timestamp"

    schema = infer_schema(visits(tmp_path, 0.1, header, nobody))

    assert schema.user == "user_pseudo_id"
    said = "" if nobody == "NULL" else f", or {nobody!r} there"
    assert any(note.startswith(f"check this: 90% of the rows have no `user_id`{said}, so") for note in schema.notes)
    assert infer_schema(visits(tmp_path, 1, header, nobody)).user == "user_id"


def test_an_empty_user_column_beside_one_with_ids_is_asked_about(tmp_path: Path) -> None:
    path = tmp_path / "ga4.csv"
    rows = "".join(f",{n % 7}.{n % 7 + 100},i{n % 11},{1_600_000_000 + n}\n" for n in range(60))
    path.write_text(f"user_id,user_pseudo_id,item_id,event_timestamp\n{rows}")

    with pytest.raises(AmbiguousColumns, match="`user_id` or `user_pseudo_id`"):
        infer_schema(read_table(path))

    assert infer_schema(read_table(path), {"user": "user_pseudo_id"}).user == "user_pseudo_id"
