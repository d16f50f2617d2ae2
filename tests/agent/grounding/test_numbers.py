"""Numbers as people write them stand in evidence, up to the rounding that they are written with."""

import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from agent.grounding.numbers import Evidence

FACTS = {
    "trial": "demo-2/3",
    "objective": "ndcg@10",
    "value": 0.12345,
    "expected": 0.118,
    "difference": -0.05,
    "n_items": 3706,
    "params": {"learning_rate": 0.001, "n_layers": 2},
    "train_s": 5400.0,
    "weights_bytes": 2_500_000,
    "finished_at": "2026-03-04T10:11:12+00:00",
    "versions": "torch 2.13.0",
    "dataset": "ml-100k",
}
EVIDENCE = Evidence.of(FACTS)


@pytest.mark.parametrize(
    "said",
    [
        "It reached 0.12345.",
        "It reached 0.123, that is 12.3 %.",
        "It reached 12 percent.",
        "**0.1235** or `0.12`",
        "learning_rate=1e-3, that is 0.001",
        "There are 3,706 items, about 3,700.",
        "There are 3.7k items.",
        "Trial 3 of demo-2 (demo-2/3) had 2 layers.",
        "It fell by 0.05, a change of -0.05 or −0.05.",
        "It took 90 min, 1.5 hours, 1 h 30 min or 5,400 s.",
        "The weights take 2.5 MB.",
        "It ended on 2026-03-04, that is 4 March 2026 or March 4, 2026.",
        "With torch 2.13.0 (v2.13.0).",
        "ndcg@10 is for a top-10 list; bpr_mf, sasrec2 and ml-100k are names; so is Qwen3-4B.",
        "It came 1st, not 2nd.",
        "Between 0.001–0.123, or 0.001-0.12.",
        "No number here, not even one.",
    ],
)
def test_numbers_that_stand_in_the_evidence_are_found(said: str) -> None:
    assert EVIDENCE.missing(said) == []


@pytest.mark.parametrize(
    ("said", "missing"),
    [
        ("It reached 0.124.", "0.124"),
        ("It reached 13 %.", "13 %"),
        ("It reached `0.95`.", "0.95"),
        ("It reached **0.2**.", "0.2"),
        ("It reached _0.2_.", "0.2"),
        ("learning_rate=0.002 did it.", "0.002"),
        ("There are about 4,000 items.", "4,000"),
        ("There are 3.8k items.", "3.8k"),
        ("Trial 7 was better.", "7"),
        ("See trial-7.", "trial-7"),
        ("See demo-2/4.", "demo-2/4"),
        ("It rose by +0.06.", "+0.06"),
        ("It changed by -0.123.", "-0.123"),
        ("It took 91 min.", "91 min"),
        ("It took 1 h 40 min.", "1 h 40 min"),
        ("It ended on 2026-03-05.", "2026-03-05"),
        ("It ended on 5 March 2026.", "2026-03-05"),
        ("It ran on torch 2.14.0.", "2.14.0"),
        ("It ran on torch v2.14.0.", "v2.14.0"),
        ("recall@0.95 is no metric.", "recall@0.95"),
        ("It was 0.", "0"),
        ("It was 10^-4 of that.", "-4"),
        ("It won 9 of them.", "9"),
        ("Between 0.001–0.2.", "0.2"),
        ("It is 5x as good.", "5x"),
    ],
)
def test_numbers_that_stand_nowhere_are_missing(said: str, missing: str) -> None:
    assert missing in EVIDENCE.missing(said)


def test_what_the_person_said_is_evidence() -> None:
    assert Evidence.of("half an hour, 30m at most").missing("You asked for 30 minutes.") == []
    assert Evidence.of("30m at most").missing("That is 1800 s.") == []


def test_a_flag_is_no_number() -> None:
    assert Evidence.of({"is_best": True}).missing("It is 1.") == ["1"]


def test_a_value_that_would_vanish_in_rounding_does_not_stand_for_its_rounding() -> None:
    assert Evidence.of(0.4).missing("It was 0.") == ["0"]
    assert Evidence.of(0.7).missing("It was 1.") == ["1"]
    assert Evidence.of(2.8).missing("It took 3 s.") == []


finite = st.floats(min_value=1e-6, max_value=1e9, allow_nan=False)


@example(value=6.103515625e-05, digits=9)  # a half, written with an even last digit
@given(value=finite, digits=st.integers(1, 12))
def test_any_rounding_to_significant_digits_of_a_value_stands(value: float, digits: int) -> None:
    assert Evidence.of([value]).missing(f"It was {value:.{digits}g} then.") == []


@given(value=st.floats(min_value=1e-3, max_value=1.0), digits=st.integers(1, 4))
def test_any_rounding_of_a_share_to_percent_stands(value: float, digits: int) -> None:
    assert Evidence.of([value]).missing(f"It was {value * 100:.{digits}f} % then.") == []


@given(value=st.floats(min_value=0.01, max_value=1e6), factor=st.floats(min_value=1.02, max_value=50.0))
def test_a_number_that_is_off_by_more_than_its_last_digit_never_stands(value: float, factor: float) -> None:
    written = f"{value * factor:.6g}"
    precision = 0.5 * 10 ** (math.floor(math.log10(value * factor)) - 5)
    if abs(float(written) - value) > 2 * precision and float(written) != 0:
        assert Evidence.of([value]).missing(f"It was {written} then.") == [written]


@pytest.mark.parametrize(
    "text", ["0E310", "1e400", "1e-400", "1e" + "9" * 5000, "about 1" + "0" * 400, "0." + "3" * 400]
)
def test_a_number_that_no_float_holds_is_read_without_an_error(text: str) -> None:
    assert Evidence.of(text).missing(text) == []
    assert EVIDENCE.missing(text) in ([], [text.removeprefix("about ")], [text])


@given(st.lists(st.one_of(finite, st.integers(0, 10**6)), max_size=20), st.text(max_size=200))
def test_what_only_repeats_its_evidence_misses_nothing(values: list[float], text: str) -> None:
    said = " and ".join(repr(value) for value in values)
    assert Evidence.of(values).missing(said) == []
    assert Evidence.of(text).missing(text) == []
