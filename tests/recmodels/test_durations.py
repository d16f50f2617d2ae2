"""Durations: the command line and the chat read the same spellings alike, and one writer tells them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.answers.wording import duration
from agent.words.quantities import quantities_in
from recmodels.durations import durations_in, in_words, seconds
from recmodels.errors import ParamError


def read_duration(text: str) -> float | None:
    """The only duration that the reader of amounts finds."""
    found = [amount.value for amount in quantities_in(text) if amount.kind == "duration"]
    return found[0] if len(found) == 1 else None


UNITS = (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1))
SPELLINGS = {
    "90s": 90,
    "30m": 1800,
    "1h30": 5400,
    "1h30m": 5400,
    "1h 30m": 5400,
    "1 h 30 min": 5400,
    "1 h, 30 min": 5400,
    "2h15m": 8100,
    "2h 15": 8100,
    "2m30": 150,
    "2M30": 150,
    "1.5h": 5400,
    "1.5 h": 5400,
    "1,5 h": 5400,
    ".5 hours": 1800,
    "1h0m5s": 3605,
    "1d12": 129_600,
    "2 days 3 hours": 183_600,
    "2 days, 3 hours and 5 minutes": 183_900,
    "2 hours and 15 minutes": 8100,
    "90-minute": 5400,
    "45 seconds": 45,
    "an hour": 3600,
    "a day": 86_400,
    "two hours": 7200,
    "half an hour": 1800,
    "half a day": 43_200,
    "½ h": 1800,
    "1½ hours": 5400,
    "a quarter of an hour": 900,
    "three quarters of an hour": 2700,
    "a couple of hours": 7200,
    "an hour and a half": 5400,
    "one and a half hours": 5400,
    "2 hours and a half": 9000,
    "2 Stunden": 7200,
    "eine halbe Stunde": 1800,
    "une demi-heure": 1800,
    "media hora": 1800,
    "30 minutos": 1800,
    "2小时": 7200,
}


@pytest.mark.parametrize(("text", "expected"), SPELLINGS.items())
def test_command_line_and_chat_read_the_same(text: str, expected: float) -> None:
    assert seconds(f" {text} ") == expected
    assert read_duration(text) == expected
    assert read_duration(f"tune demo for {text}, with ease") == expected


def test_a_number_alone_is_of_seconds_for_the_command_line_and_no_time_in_a_sentence() -> None:
    assert seconds("90") == 90
    assert read_duration("90") is None


@pytest.mark.parametrize(
    "text",
    ["", " ", "0", "0m", "soon", "-5s", "1..5h", "1.5.5h", "30m1h", "1h2h", "5 5", "1h30 20s", "90x", "1e3", "9" * 400,
     "5ms", "h", "1h30m20s10", "a", "one", "½", "half", "a second", "1,500 s", "1:30", "2h and", "1h-30m", "5 %",
     "an hour or so", "2 h of training"],
)  # fmt: skip
def test_what_is_not_understood_whole_is_refused_with_the_rule(text: str) -> None:
    with pytest.raises(ParamError, match="is written 90s, 30m or 1h30m and is above 0"):
        seconds(text)


@given(counts=st.tuples(*[st.integers(0, 99)] * 4), gap=st.sampled_from(["", " "]), bare=st.booleans())
def test_every_sum_of_units_is_read_back(counts: tuple[int, ...], gap: str, bare: bool) -> None:
    pieces = [(count, place) for place, count in enumerate(counts) if count]
    if not pieces:
        return
    wholes = [f"{count}{UNITS[place][0]}" for count, place in pieces]
    if bare and len(pieces) > 1 and pieces[-1][1] == pieces[-2][1] + 1:
        wholes[-1] = str(pieces[-1][0])
    assert seconds(gap.join(wholes)) == sum(count * UNITS[place][1] for count, place in pieces)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("tune demo for 1 hour 5 trials", ["1 hour"]),
        ("it took 1 hour 30.", ["1 hour 30"]),
        ("1 hour, 30 epochs", ["1 hour"]),
        ("20 trials in 2h; 5 min for each", ["2h", "5 min"]),
        ("a model of 3m params for 5 m users", []),
        ("latency below 5 ms and ndcg@10m", []),
        ("is this a d, or a second?", []),
        ("v1.5h and x2m", []),
    ],
)
def test_the_durations_of_a_sentence_are_found(text: str, found: list[str]) -> None:
    assert [text[one.start : one.end] for one in durations_in(text)] == found


@pytest.mark.parametrize(
    ("time_s", "words"),
    [(0.00042, "0.4 ms"), (0.05, "50 ms"), (0.3841, "384 ms"), (1, "1 s"), (8.21, "8.2 s"),
     (9.04, "9.0 s"), (9, "9 s"), (60, "60 s"), (90, "1.5 min"), (1800, "30 min"), (5400, "1.5 h"),
     (7200, "2 h"), (172_800, "48 h")],
)  # fmt: skip
def test_a_duration_is_told_in_one_way(time_s: float, words: str) -> None:
    assert in_words(time_s) == duration(time_s) == words
