"""What is kept of a listing, and for how long; and records as short texts."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.documents import profile_of, record_of
from memory.errors import DamagedError
from memory.listings import Listings
from memory.packing import packed, unpacked
from memory.record import Lesson, to_dict

TOLD = Lesson(id="lesson/told", text="short histories need a small model", source="user")


class Reader:
    """Counts how often it is read."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> list[Lesson]:
        self.times += 1
        return [TOLD]


def test_a_listing_is_read_again_after_a_write_after_ten_minutes_and_without_a_stamp() -> None:
    now, read = [0.0], Reader()
    listings = Listings(clock=lambda: now[0])
    for stamp, at, times in (("a", 0.0, 1), ("a", 599.0, 1), ("a", 601.0, 2), ("b", 602.0, 3), (None, 603.0, 4)):
        now[0] = at
        assert listings.of("films", stamp, read) == [TOLD]
        assert read.times == times
    assert listings.of("books", "b", read) == [TOLD] and read.times == 5


def test_the_least_used_listings_are_dropped() -> None:
    listings, kept, dropped = Listings(), Reader(), Reader()
    listings.of("dropped", "a", dropped)
    for n in range(200):
        listings.of("kept", "a", kept)
        listings.of(n, "a", Reader())
    listings.of("dropped", "a", dropped)
    assert (kept.times, dropped.times) == (1, 2)


@given(st.text(), st.dictionaries(st.text(), st.none() | st.floats(allow_nan=False) | st.text() | st.booleans()))
def test_what_is_packed_comes_back(id: str, content: dict[str, object]) -> None:
    assert unpacked(packed(id, content)) == content
    assert packed(id, content) == packed(id, content)


def test_plain_json_of_earlier_versions_is_read() -> None:
    assert record_of({"record": json.dumps(to_dict(TOLD))}) == TOLD
    assert profile_of({"record": '{"n_users": 9.0}'}) == {"n_users": 9.0}


@pytest.mark.parametrize("text", ["z1:", "z1:4:sabc", "z1:x:y", "z1:1:aAAAA", "z1:-3:aAAAA", "{", "", "z2:1:a", "[]"])
def test_a_text_that_holds_no_record_is_damaged(text: str) -> None:
    with pytest.raises(DamagedError, match="`recpilot memory rebuild`"):
        record_of({"record": text})
    assert profile_of({"record": text}) == {}


def test_the_dictionary_of_what_is_stored_never_changes() -> None:
    stored = (
        "z1:11:lesson/toldeLtujOzMqyapcVYCLL2RG2jFGcCGhAKkAM5MLVbIA/pMIVGhOBfofAVIGYTShIM1NWBVGtS5i"
        "HoMKoAehmgNuloAsW459A=="
    )
    assert record_of({"record": stored}) == TOLD
