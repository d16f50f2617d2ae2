# ruff: noqa: E501 - a table, a dataset a line
"""Public datasets by their documented columns: read without a word, or with what docs/data.md says must be said."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from recmodels.errors import DataError

DATA_PAGE = Path(__file__).parents[5] / "docs/data.md"
START = 1_577_836_800
# user, item, n-th event of all, in the order of time for each user
EVENTS = [
    (u, i, n)
    for n, (u, i) in enumerate([(1, 5), (2, 5), (1, 9), (3, 7), (2, 9), (1, 7), (3, 5), (2, 8), (3, 9), (1, 8)])
]
Row = Callable[[int, int, int], str]


def lines(row: Row, header: str = "") -> str:
    return (header + "\n" if header else "") + "".join(row(u, i, n) + "\n" for u, i, n in EVENTS)


def jsons(row: Callable[[int, int, int], dict[str, object]]) -> str:
    return lines(lambda u, i, n: json.dumps(row(u, i, n)))


def second(n: int) -> int:
    return START + 86_400 * n + 61 * n


def day(n: int, form: str = "{y}-{m:02d}-{d:02d}") -> str:
    return form.format(y=2020, m=1, d=n + 1)


def moment(n: int, form: str = "{day} 10:{n:02d}:05") -> str:
    return form.format(day=day(n), n=n)


def weekday(n: int) -> str:
    return ("Wed", "Thu", "Fri", "Sat", "Sun", "Mon", "Tue")[n % 7]  # the first of January 2020 was a Wednesday


# dataset → file, content, columns that must be said, how a user and an item are written
READ: dict[str, tuple[str, str, dict[str, str], str, str]] = {
    "MovieLens 100K": ("u.data", lines(lambda u, i, n: f"{u}\t{i}\t{n % 5 + 1}\t{second(n)}"), {}, "{}", "{}"),
    "MovieLens 1M": ("ratings.dat", lines(lambda u, i, n: f"{u}::{i}::{n % 5 + 1}::{second(n)}"), {}, "{}", "{}"),
    "MovieLens 25M": ("ratings.csv", lines(lambda u, i, n: f"{u},{i},{n % 5}.5,{second(n)}", "userId,movieId,rating,timestamp"), {}, "{}", "{}"),
    "Netflix Prize": ("combined_data_1.txt", "".join(f"{item}:\n" + "".join(f"{u},{n % 5 + 1},{day(n)}\n" for u, i, n in EVENTS if i == item) for item in (5, 7, 8, 9)), {}, "{}", "{}"),
    "Amazon 2014, reviews": ("reviews_Toys_5.json", jsons(lambda u, i, n: {"reviewerID": f"A{u}", "asin": f"B{i}", "reviewerName": "N", "helpful": [0, 1], "reviewText": "t", "overall": n % 5 + 1.0, "summary": "s", "unixReviewTime": second(n), "reviewTime": "02 1, 2020"}), {}, "A{}", "B{}"),
    "Amazon 2023": ("Toys.jsonl", jsons(lambda u, i, n: {"rating": n % 5 + 1.0, "title": "t", "text": "x", "images": [], "asin": f"B{i}v", "parent_asin": f"B{i}", "user_id": f"AE{u}", "timestamp": second(n) * 1000 + 5, "helpful_vote": 0, "verified_purchase": True}), {"item": "parent_asin"}, "AE{}", "B{}"),
    "Yelp": ("review.json", jsons(lambda u, i, n: {"review_id": f"r{n}", "user_id": f"u{u}", "business_id": f"b{i}", "stars": n % 5 + 1.0, "useful": 0, "funny": 0, "cool": 0, "text": "so", "date": moment(n)}), {}, "u{}", "b{}"),
    "Gowalla (SNAP)": ("loc-gowalla_totalCheckins.txt", lines(lambda u, i, n: f"{u}\t{moment(n, '{day}T10:{n:02d}:05Z')}\t30.2{n}\t-97.7{n}\t{i}"), {}, "{}", "{}"),
    "Foursquare NYC (TSMC2014)": ("dataset_TSMC2014_NYC.txt", lines(lambda u, i, n: f"{u}\t4b{i:022d}\t4c{n % 3:022d}\tBar\t40.7{n}\t-74.0{n}\t-240\t{weekday(n)} Jan {n + 1:02d} 18:00:09 +0000 2020"), {}, "{}", "4b0000000000000000000000{}"[:2] + "{:0>22}"),
    "Last.fm 360K": ("usersha1-artmbid-artname-plays.tsv", lines(lambda u, i, n: f"{u:040x}\t{i:08x}-0000-4000-8000-000000000000\tBand {i}\t{n * 7 + 3}"), {}, "{:0>40}", "{:0>8}-0000-4000-8000-000000000000"),
    "Last.fm 1K": ("userid-timestamp-artid-artname-traid-traname.tsv", lines(lambda u, i, n: f"user_{u:06d}\t{moment(n, '{day}T10:{n:02d}:05Z')}\ta{n % 2}\tBand\tt{i}\tSong {i}"), {"item": "5"}, "user_{:0>6}", "t{}"),
    "Last.fm (HetRec)": ("user_artists.dat", lines(lambda u, i, n: f"{u}\t{i}\t{n * 31 + 7}", "userID\tartistID\tweight"), {}, "{}", "{}"),
    "Delicious (HetRec)": ("user_taggedbookmarks-timestamps.dat", lines(lambda u, i, n: f"{u}\t{i}\t{n}\t{second(n) * 1000}", "userID\tbookmarkID\ttagID\ttimestamp"), {}, "{}", "{}"),
    "MovieLens (HetRec)": ("user_ratedmovies-timestamps.dat", lines(lambda u, i, n: f"{u}\t{i}\t{n % 5}.5\t{second(n) * 1000}", "userID\tmovieID\trating\ttimestamp"), {}, "{}", "{}"),
    "Yoochoose (RecSys 2015)": ("yoochoose-clicks.dat", lines(lambda u, i, n: f"{u},{moment(n, '{day}T10:{n:02d}:05.277Z')},{214536500 + i},0"), {}, "{}", "21453650{}"),
    "Diginetica": ("train-item-views.csv", lines(lambda u, i, n: f"{u};NA;{i};{n * 1000 + 5};{day(n)}", "sessionId;userId;itemId;timeframe;eventdate"), {"user": "sessionId"}, "{}", "{}"),
    "RetailRocket": ("events.csv", lines(lambda u, i, n: f"{second(n) * 1000},{u},view,{i},", "timestamp,visitorid,event,itemid,transactionid"), {}, "{}", "{}"),
    "Book-Crossing": ("BX-Book-Ratings.csv", lines(lambda u, i, n: f'"{u}";"034545104{i}";"{n}"', '"User-ID";"ISBN";"Book-Rating"'), {}, "{}", "034545104{}"),
    "Goodreads (UCSD), CSV": ("goodreads_interactions.csv", lines(lambda u, i, n: f"{u},{i},1,{n % 6},0", "user_id,book_id,is_read,rating,is_reviewed"), {}, "{}", "{}"),
    "Goodreads (UCSD), JSON": ("goodreads_interactions_poetry.json", jsons(lambda u, i, n: {"user_id": f"u{u}", "book_id": str(i), "review_id": f"r{n}", "is_read": True, "rating": n % 6, "review_text_incomplete": "", "date_added": f"{weekday(n)} Jan {n + 1:02d} 09:53:44 -0800 2020", "date_updated": f"{weekday(n)} Jan {n + 1:02d} 09:53:44 -0800 2020", "read_at": "", "started_at": ""}), {}, "u{}", "{}"),
    "goodbooks-10k": ("ratings.csv", lines(lambda u, i, n: f"{u},{i},{n % 5 + 1}", "user_id,book_id,rating"), {}, "{}", "{}"),
    "MIND": ("behaviors.tsv", lines(lambda u, i, n: f"{n}\tU{u}\t1/{n + 1}/2020 9:05:58 AM\tN1 N2\tN{i}-1 N0-0"), {}, "U{}", "N{}"),
    "Steam (UCSD), items": ("australian_users_items.json", "".join(str({"user_id": f"g{u}", "items_count": 1, "steam_id": f"7656{u}", "user_url": "x", "items": [{"item_id": str(i), "item_name": "Game's", "playtime_forever": 5, "playtime_2weeks": 0} for v, i, _ in EVENTS if v == u]}) + "\n" for u in (1, 2, 3)), {}, "g{}", "{}"),
    "Steam (UCSD), reviews": ("australian_user_reviews.json", "".join(str({"user_id": f"g{u}", "user_url": "x", "reviews": [{"funny": "", "posted": "Posted November 5, 2011.", "last_edited": "", "item_id": str(i), "helpful": "No ratings yet", "recommend": True, "review": "so"} for v, i, _ in EVENTS if v == u]}) + "\n" for u in (1, 2, 3)), {}, "g{}", "{}"),
    "Steam-200k": ("steam-200k.csv", lines(lambda u, i, n: f'{u},"Game {i}",play,{n}.5,0'), {}, "{}", "Game {}"),
    "Taobao UserBehavior": ("UserBehavior.csv", lines(lambda u, i, n: f"{u},{i},{n % 3},pv,{second(n)}"), {}, "{}", "{}"),
    "Taobao ads (raw_sample)": ("raw_sample.csv", lines(lambda u, i, n: f"{u},{second(n)},{i},430548_1007,0,1", "user,time_stamp,adgroup_id,pid,nonclk,clk"), {}, "{}", "{}"),
    "KuaiRec": ("big_matrix.csv", lines(lambda u, i, n: f"{u},{i},{n}00,900,{moment(n)}.705,{day(n, '{y}{m:02d}{d:02d}')},{second(n)}.705,0.{n}", "user_id,video_id,play_duration,video_duration,time,date,timestamp,watch_ratio"), {}, "{}", "{}"),
    "KuaiRand": ("log_standard_4_08_to_4_21_pure.csv", lines(lambda u, i, n: f"{u},{i},{day(n, '{y}{m:02d}{d:02d}')},1000,{second(n)}000,1,0,0,0,0,0,0,900,900,0,0,0,1", "user_id,video_id,date,hourmin,time_ms,is_click,is_like,is_follow,is_comment,is_forward,is_hate,long_view,play_time_ms,duration_ms,profile_stay_time,comment_stay_time,is_profile_enter,tab"), {"weight": "is_click"}, "{}", "{}"),
    "H&M": ("transactions_train.csv", lines(lambda u, i, n: f"{day(n)},{u:064x},010877501{i},0.0{n + 1},1", "t_dat,customer_id,article_id,price,sales_channel_id"), {}, "{:0>64}", "010877501{}"),
    "Dunnhumby Complete Journey": ("transaction_data.csv", lines(lambda u, i, n: f"{u},{n},{n + 1},{i},1,1.39,364,0,16{n:02d},1,0,0", "household_key,BASKET_ID,DAY,PRODUCT_ID,QUANTITY,SALES_VALUE,STORE_ID,RETAIL_DISC,TRANS_TIME,WEEK_NO,COUPON_DISC,COUPON_MATCH_DISC"), {}, "{}", "{}"),
    "Ta-Feng": ("ta_feng_all_months_merged.csv", lines(lambda u, i, n: f"{n + 1}/1/2000,{u:08d},45-49,105,110411,{i},1,24,30", "TRANSACTION_DT,CUSTOMER_ID,AGE_GROUP,PIN_CODE,PRODUCT_SUBCLASS,PRODUCT_ID,AMOUNT,ASSET,SALES_PRICE"), {}, "{:0>8}", "{}"),
    "Online Retail (UCI)": ("online_retail.csv", lines(lambda u, i, n: f"{536365 + n},85123{i},LANTERN,6,1/{n + 1}/2011 8:26,2.55,1785{u},United Kingdom", "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"), {}, "1785{}", "85123{}"),
    "Jester 2": ("jester_ratings.dat", lines(lambda u, i, n: f"{u}\t\t{i}\t\t{n - 4}.219"), {"user": "1", "item": "3", "weight": "5"}, "{}", "{}"),
    "Epinions (trustlet)": ("ratings_data.txt", lines(lambda u, i, n: f"{u} {i} {n % 5 + 1}"), {"user": "1", "item": "2"}, "{}", "{}"),
    "FilmTrust": ("ratings.txt", lines(lambda u, i, n: f"{u} {i} {n % 4 + 0.5}"), {"user": "1", "item": "2"}, "{}", "{}"),
    "Anime (MyAnimeList)": ("rating.csv", lines(lambda u, i, n: f"{u},{i},{n % 10 + 1}", "user_id,anime_id,rating"), {}, "{}", "{}"),
    "Spotify sessions (MSSD)": ("log_0.csv", lines(lambda u, i, n: f"s_{u},{n + 1},10,t_{i},true,true,true,false,16,{day(n)}", "session_id,session_position,session_length,track_id_clean,skip_1,skip_2,skip_3,not_skipped,hour_of_day,date"), {}, "s_{}", "t_{}"),
    "Million Playlist Dataset": ("mpd.slice.0-999.json", json.dumps({"info": {"version": "v1"}, "playlists": [{"name": "x", "collaborative": "false", "pid": u, "modified_at": 1493424000, "num_tracks": 2, "tracks": [{"pos": k, "artist_name": "a", "track_uri": f"spotify:track:{i}", "track_name": "t"} for k, i in enumerate(i for v, i, _ in EVENTS if v == u)]} for u in (1, 2, 3)]}), {"user": "pid"}, "{}", "spotify:track:{}"),
    "Taste Profile (MSD)": ("train_triplets.txt", lines(lambda u, i, n: f"{u:040x}\tSO{i}\t{n + 1}"), {}, "{:0>40}", "SO{}"),
    "KKBox": ("train.csv", lines(lambda u, i, n: f"m{u}=,s{i}=,explore,Explore,online-playlist,1", "msno,song_id,source_system_tab,source_screen_name,source_type,target"), {}, "m{}=", "s{}="),
    "LFM-1b": ("LFM-1b_LEs.txt", lines(lambda u, i, n: f"{u}\t{n % 2}\t{n % 3}\t{i}\t{second(n)}"), {"item": "4"}, "{}", "{}"),
    "LFM-2b": ("listening_events.tsv", lines(lambda u, i, n: f"{u}\t{i}\t{n % 3}\t{moment(n)}", "user_id\ttrack_id\talbum_id\ttimestamp"), {}, "{}", "{}"),
    "Frappe": ("frappe.csv", lines(lambda u, i, n: f"{u}\t{i}\t{n + 1}\tmorning\tsunday\tweekend\tunknown\tfree\tsunny\tSpain\t0", "user\titem\tcnt\tdaytime\tweekday\tisweekend\thomework\tcost\tweather\tcountry\tcity"), {}, "{}", "{}"),
    "OTTO": ("otto-recsys-train.jsonl", "".join(json.dumps({"session": u, "events": [{"aid": i, "ts": second(n) * 1000, "type": "clicks"} for v, i, n in EVENTS if v == u]}) + "\n" for u in (1, 2, 3)), {"item": "aid"}, "{}", "{}"),
    "CiteULike": ("users.dat", "".join(f"{len(items)} {' '.join(map(str, items))}\n" for items in ([5, 9, 7, 8], [5, 9, 8], [7, 5, 9])), {}, "{}", "{}"),
    "RecBole atomic files": ("x.inter", lines(lambda u, i, n: f"{u}\t{i}\t{n % 5}\t{second(n)}", "user_id:token\titem_id:token\trating:float\ttimestamp:float"), {}, "{}", "{}"),
    "S3-Rec, SASRec's successors": ("Beauty.txt", "1 5 9 7 8\n2 5 9 8\n3 7 5 9\n", {}, "{}", "{}"),
    "NCF": ("ml-1m.train.rating", lines(lambda u, i, n: f"{u}\t{i}\t{n % 5 + 1}\t{second(n)}"), {}, "{}", "{}"),
}  # fmt: skip
GUESSED = {"Last.fm 1K", "LFM-1b"}  # an artist is as good an item as a track; the note says which column was taken
SETS = {"1": ["5", "7", "8", "9"], "2": ["5", "8", "9"], "3": ["5", "7", "9"]}


@pytest.mark.parametrize("dataset", READ)
def test_a_public_dataset_reads_by_its_documented_columns(dataset: str, read) -> None:
    name, content, columns, user, item = READ[dataset]

    found, notes = read(name, content, **columns)

    assert {u: sorted(items) for u, items in found.items()} == {
        user.format(u): sorted(item.format(i) for i in items) for u, items in SETS.items()
    }, notes


@pytest.mark.parametrize("dataset", [name for name in READ if READ[name][2] and name not in GUESSED])
def test_nothing_else_is_read_in_silence_where_something_must_be_said(dataset: str, read) -> None:
    """Without the columns that must be said, a question or the same reading."""
    name, content, _, user, item = READ[dataset]
    right = {user.format(u): sorted(item.format(i) for i in items) for u, items in SETS.items()}
    try:
        found, notes = read(name, content)
    except DataError:
        return
    assert {u: sorted(items) for u, items in found.items()} == right, notes


@pytest.mark.parametrize("dataset", READ)
def test_the_document_says_what_must_be_said_of_each_dataset(dataset: str) -> None:
    line = next(
        line for line in DATA_PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| {dataset} |")
    )

    told = line.rsplit("|", 2)[1]
    assert all(f"`{role}={column}`" in told for role, column in READ[dataset][2].items()), told
