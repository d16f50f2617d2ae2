"""Amounts come back as they were written: every value, form and language."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.words.quantities import quantities_in

WHOLE = st.integers(min_value=2, max_value=999_999)
PHRASES = (
    "tune it with {} trials",
    "lr = {}, please",
    "试验 {} 次",
    "mit {} Versuchen",
    "avec {} essais",
    "con {} pruebas",
)
PHRASE = st.sampled_from(PHRASES)


def values(text: str) -> list[tuple[str, float]]:
    return [(found.kind, found.value) for found in quantities_in(text)]


@given(n=WHOLE, phrase=PHRASE)
def test_a_whole_number_comes_back_in_every_language(n: int, phrase: str) -> None:
    assert values(phrase.format(n)) == [("number", n)]


@given(n=st.integers(min_value=1000, max_value=9_999_999), mark=st.sampled_from(",'\u00a0"), phrase=PHRASE)
def test_groups_of_thousands_are_one_number(n: int, mark: str, phrase: str) -> None:
    assert values(phrase.format(f"{n:,}".replace(",", mark))) == [("number", n)]


@given(n=st.integers(min_value=1, max_value=9999), digits=st.integers(min_value=1, max_value=4), phrase=PHRASE)
def test_a_decimal_comma_is_a_decimal_point(n: int, digits: int, phrase: str) -> None:
    value = f"0.{n:0{digits + 3}d}"
    assert values(phrase.format(value.replace(".", ","))) == values(phrase.format(value)) == [("number", float(value))]


@given(mantissa=st.integers(min_value=1, max_value=99), power=st.integers(min_value=-9, max_value=5), phrase=PHRASE)
def test_a_power_of_ten_comes_back(mantissa: int, power: int, phrase: str) -> None:
    for written in (f"{mantissa}e{power}", f"{mantissa}E{power}", f"{mantissa}*10^{power}", f"{mantissa} x 10^{power}"):
        assert values(phrase.format(written)) == [("number", pytest.approx(mantissa * 10.0**power))]


@given(n=st.integers(min_value=1, max_value=999))
def test_a_number_of_thousands_and_millions_is_scaled(n: int) -> None:
    assert values(f"batch {n}k") == [("number", n * 1000)]
    assert values(f"at most {n}M of them") == [("number", n * 1_000_000)]


@given(percent=st.integers(min_value=1, max_value=100))
def test_per_cents_are_shares_in_every_language(percent: int) -> None:
    for sign in ("%", " %", " percent", " per cent", " Prozent", " pour cent", " por ciento"):
        assert values(f"coverage of {percent}{sign}") == [("share", pytest.approx(percent / 100))]
    assert values(f"覆盖率{percent}%") == values(f"百分之{percent}") == [("share", pytest.approx(percent / 100))]


WORDS = {
    "en": (
        ("seven", 7),
        ("twelve", 12),
        ("forty-two", 42),
        ("two hundred", 200),
        ("three thousand", 3000),
        ("a dozen", 12),
    ),
    "de": (("sieben", 7), ("zwölf", 12), ("zweiundvierzig", 42), ("zweihundert", 200)),
    "fr": (("sept", 7), ("douze", 12), ("vingt", 20)),
    "es": (("siete", 7), ("doce", 12), ("veinte", 20)),
    "zh": (("七次", 7), ("十二次", 12), ("四十二次", 42), ("两百次", 200)),
}


@pytest.mark.parametrize(("said", "value"), [pair for pairs in WORDS.values() for pair in pairs])
def test_a_number_in_words_comes_back(said: str, value: int) -> None:
    assert values(f"do {said} trials") == [("number", value)]


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("point one", 0.1),
        ("zero point zero five", 0.05),
        ("nought point four", 0.4),
        ("0.1", 0.1),
        (".25", 0.25),
        ("1.000,5", 1000.5),
        ("2^12", 4096),
        ("2⁵", 32),
        ("1_000", 1000),
        ("1 024", 1024),
        ("1e2", 100),
        ("two dozen", 24),
        ("half a dozen", 6),
        ("three quarters of a dozen", 9),
        ("a baker's dozen", 13),
        ("a dozen and a half", 18),
        ("half a million", 500_000),
        ("five hundredths", 0.05),
        ("a ten-thousandth", 0.0001),
        ("ten to the minus four", 0.0001),
        ("0·45", 0.45),
        ("two and a half thousand", 2500),
    ],
)
def test_a_number_in_words_and_marks_comes_back_as_its_value(said: str, value: float) -> None:
    assert values(f"dropout {said}") == [("number", pytest.approx(value))]


@pytest.mark.parametrize("said", ["two dozen", "2 x 12", "24", "2.4e1"])
def test_a_count_is_whole_however_it_is_written(said: str) -> None:
    [(_, value)] = values(f"{said} trials")
    assert value == 24 and isinstance(value, int)


def test_a_number_is_read_where_its_noun_is_written_onto_it() -> None:
    assert values("30trials") == [("number", 30)]


@pytest.mark.parametrize("said", ["several dozen trials", "dozens of trials", "a few hundred trials"])
def test_a_vague_number_is_none(said: str) -> None:
    assert not [value for _, value in values(said) if value == 12]


@given(n=st.integers(min_value=2, max_value=48))
def test_durations_are_seconds_in_every_language(n: int) -> None:
    for unit, seconds in {
        "minutes": 60,
        "hours": 3600,
        "Stunden": 3600,
        "heures": 3600,
        "horas": 3600,
        "小时": 3600,
        "个小时": 3600,
        "分钟": 60,
    }.items():
        assert values(f"{n} {unit}") == values(f"{n} {unit}") == [("duration", n * seconds)]


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("half an hour", 1800), ("another hour", 3600), ("another half hour", 1800), ("two more hours", 7200), ("1h30", 5400), ("une heure et demie", 5400),
        ("anderthalb Stunden", 5400), ("una hora y media", 5400), ("5个小时", 18000), ("一个半小时", 5400), ("半小时", 1800), ("一个小时", 3600),
        ("an hour and a quarter", 4500), ("¾ of an hour", 2700), ("three quarters of an hour", 2700), ("1/4 hour", 900), ("2huors", 7200), ("30 mintues", 1800), ("45'", 2700), ("10,000 seconds", 10_000), ("2k seconds", 2000),
    ],
)  # fmt: skip
def test_a_duration_in_words_comes_back(said: str, seconds: float) -> None:
    assert values(f"for {said}") == [("duration", seconds)]


@pytest.mark.parametrize(
    ("said", "factor"),
    [
        ("double", 2), ("dobule", 2), ("doubled", 2), ("twice", 2), ("half as much as", 0.5), ("halve", 0.5), ("triple", 3), ("10x", 10), ("ten times smaller", 0.1),
        ("20% more", 1.2), ("20 percent less", 0.8), ("翻倍", 2), ("减半", 0.5), ("x3", 3), ("half as many again as", 1.5),
    ],
)  # fmt: skip
def test_a_factor_comes_back(said: str, factor: float) -> None:
    assert ("factor", pytest.approx(factor)) in values(f"{said} the learning rate")


@pytest.mark.parametrize(
    ("said", "value"),
    [("a third", 1 / 3), ("half", 0.5), ("1/4", 0.25), ("½", 0.5), ("1/100", 0.01), ("1/3...", 1 / 3)],
)
def test_a_fraction_comes_back(said: str, value: float) -> None:
    assert values(f"coverage of {said}") == [("fraction", pytest.approx(value))]


@pytest.mark.parametrize("said", ["once more", "24/7", "on 3/15", "ndcg10x", "the 2nd one", "v1.2.3"])
def test_what_is_no_amount_is_not_read_as_one(said: str) -> None:
    assert not [found for found in values(f"run it {said}") if found[0] in ("fraction", "factor", "duration")]
    assert said != "once more" or values(said) == []


@given(text=st.text(max_size=80))
@settings(max_examples=150)
def test_amounts_lie_in_the_text_in_order_and_apart(text: str) -> None:
    found = quantities_in(text)
    assert all(0 <= one.start < one.end <= len(text) for one in found)
    assert all(one.end <= other.start for one, other in pairwise(found))
