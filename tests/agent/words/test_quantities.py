"""Amounts come back as they were written: every value, form and language."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.words.habits import UNDER
from agent.words.quantities import quantities_in

settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
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


@given(n=WHOLE, phrase=PHRASE)
def test_a_number_of_thousandths_of_a_thousand_is_whole(n: int, phrase: str) -> None:
    [(_, value)] = values(phrase.format(f"{n / 1000}k"))
    assert value == n and isinstance(value, int)


@given(
    n=WHOLE, scale=st.sampled_from([("k", 3), (" thousand", 3), (" hundred", 2), (" mln", 6), (" Mio.", 6), ("千", 3)])
)
def test_scales_multiply_one_another(n: int, scale: tuple[str, int]) -> None:
    said, power = scale
    assert values(f"{n}{said} of them") == [("number", n * 10**power)]
    assert values(f"{n} thousand k") == [("number", n * 1_000_000)]


DECIMAL = st.integers(min_value=1, max_value=999).map(lambda n: f"{n / 1000:g}".removeprefix("0"))


@given(low=DECIMAL, high=DECIMAL, to=st.sampled_from((" - ", "-", "–", " to ", "..", " .. ", " … ", "…")))
def test_a_decimal_without_its_zero_is_read_at_both_ends_of_a_range(low: str, high: str, to: str) -> None:
    assert values(f"dropout {low}{to}{high}") == [("number", float(low)), ("number", float(high))]


@given(
    low=WHOLE,
    high=WHOLE,
    power=st.integers(min_value=1, max_value=9),
    dots=st.sampled_from(("..", "...", "....", " ... ")),
)
def test_dots_between_amounts_belong_to_neither(low: int, high: int, power: int, dots: str) -> None:
    assert values(f"l2 {low}{dots}{high}") == [("number", low), ("number", high)]
    ends = [("number", pytest.approx(value)) for value in (10.0**-power, 0.5)]
    assert values(f"lr 1e-{power}{dots}0.5") == ends


@given(
    n=st.integers(min_value=1, max_value=999),
    noun=st.sampled_from(("t", "tr", "trs", "trials", " t", " tr", " trials")),
)
def test_a_number_is_read_whatever_short_noun_is_written_onto_it(n: int, noun: str) -> None:
    assert values(f"{n}{noun}") == values(f"+{n}{noun}") == values(f"shop, {n}{noun}, 2h")[:1] == [("number", n)]


@given(n=st.integers(min_value=10, max_value=999))
def test_whole_counts_keep_their_groups_of_thousands(n: int) -> None:
    for written in (f"{n}.000 trials", f"{n}.000.000 parameters", f"{n} 250 000 parameters", f"1.{n:03d}.000 weights"):
        [(kind, value)] = values(written)
        assert (kind, value) == ("number", int("".join(c for c in written if c.isdigit())))


@given(
    whole=st.integers(min_value=1, max_value=20),
    part=st.sampled_from(
        [("1/2", "½", "a half", 0.5), ("1/4", "¼", "a quarter", 0.25), ("3/4", "¾", "three quarters", 0.75)]
    ),
    unit=st.sampled_from(
        [("hours", "duration", 3600), ("min", "duration", 60), ("GB", "size", 1e9), ("%", "share", 0.01)]
    ),
)
def test_a_whole_amount_and_a_part_are_one(
    whole: int, part: tuple[str, str, str, float], unit: tuple[str, str, float]
) -> None:
    *written, share = part
    name, kind, size = unit
    for said in (
        f"{whole} {written[0]} {name}",
        f"{whole}{written[1]} {name}",
        f"{whole} {written[1]} {name}",
        f"{whole} and {written[2]} {name}",
    ):
        assert values(f"within {said}") == [(kind, pytest.approx((whole + share) * size))]


@given(hours=st.integers(min_value=0, max_value=23), minutes=st.integers(min_value=1, max_value=59))
def test_hours_with_a_colon_are_hours_and_minutes(hours: int, minutes: int) -> None:
    assert (
        values(f"for {hours}:{minutes:02d} h")
        == values(f"for {hours}:{minutes:02d}h")
        == [("duration", hours * 3600 + minutes * 60)]
    )


@pytest.mark.parametrize(("word", "under"), UNDER.items())
def test_every_part_of_a_whole_is_a_fraction_of_it(word: str, under: int) -> None:
    one = [("fraction", pytest.approx(1 / under))]
    assert (
        values(f"dropout of one {word}")
        == values(f"dropout of one-{word}")
        == values(f"at least a {word} of it")
        == one
    )
    assert (
        values(f"dropout three {word}s") == values(f"dropout three-{word}s") == [("fraction", pytest.approx(3 / under))]
    )
    assert word == "half" or values(f"the {word} trial") == []


@given(under=st.integers(min_value=2, max_value=12))
def test_one_in_so_many_is_a_fraction(under: int) -> None:
    for said in (f"one in {under}", f"1 in {under} items", f"one out of {under}"):
        assert values(said) == [("fraction", pytest.approx(1 / under))]
    assert ("fraction", pytest.approx(1 / under)) not in values(f"one in {under} minutes")


@given(n=st.integers(min_value=32, max_value=4096))
def test_dimensions_are_no_days(n: int) -> None:
    assert values(f"an embedding of {n}d") == [("number", n)]


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
        ("one point five", 1.5),
        ("twentyfive", 25),
        ("a score at most", 20),
        ("3x10-4", 0.0003),
        ("40 Mio. parameters", 40_000_000),
        ("40m parameters", 40_000_000),
        ("vingt-cinq", 25),
        ("soixante-dix", 70),
        ("treinta y cinco", 35),
        ("dreissig", 30),
        ("2千", 2000),
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
        ("Seven-and-a-half minutes", 450), ("a quarter hour", 900), ("quarter-hour", 900), ("three-quarters of an hour", 2700), ("three quarter hours", 2700), ("half-an-hour", 1800), ("hour and a half", 5400), ("two and a quarter hours", 8100),
        ("another quarter of an hour", 900), ("1,5 Std.", 5400), ("eine Viertelstunde", 900), ("eine dreiviertel Stunde", 2700), ("zweieinhalb Stunden", 9000), ("un quart d'heure", 900), ("trois quarts d'heure", 2700), ("deux heures et demie", 9000), ("tres cuartos de hora", 2700), ("三刻钟", 2700), ("一刻钟", 900),
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
    [
        ("a third", 1 / 3),
        ("half", 0.5),
        ("ein Drittel", 1 / 3),
        ("un quart", 0.25),
        ("la moitié", 0.5),
        ("四分之三", 0.75),
        ("一半", 0.5),
        ("1/4", 0.25),
        ("½", 0.5),
        ("1/100", 0.01),
        ("1/3...", 1 / 3),
    ],
)
def test_a_fraction_comes_back(said: str, value: float) -> None:
    assert values(f"coverage of {said}") == [("fraction", pytest.approx(value))]


@pytest.mark.parametrize(
    ("said", "kind", "value"),
    [
        ("half a gig", "size", 5e8), ("2 gigs", "size", 2e9), ("1,5 GB", "size", 1.5e9), ("1.500 MB", "size", 1.5e9), ("500 megs", "size", 5e8), ("half a millisecond", "ms", 0.5), ("500 µs", "ms", 0.5),
        ("half a percent", "share", 0.005), ("two and a half percent", "share", 0.025), ("五成", "share", 0.5),
    ],
)  # fmt: skip
def test_an_amount_of_a_unit_comes_back(said: str, kind: str, value: float) -> None:
    assert values(f"at most {said}") == [(kind, pytest.approx(value))]


@pytest.mark.parametrize("said", ["a good score", "a score of 0.3", "the score at least 0.3", "few hundred trials"])
def test_a_score_of_a_model_is_no_number(said: str) -> None:
    assert not {20, 100} & {value for _, value in values(said)}


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
