"""What a person takes back within a message stands no more, and what only looks taken back stands."""

import pytest

from agent.understanding.clauses.corrections import settled
from agent.words.names import Names, read

NAMES = Names(datasets=("demo", "shop"))


def standing(text: str, *kinds: str) -> list[object]:
    return [span.value for span in settled(read(text, NAMES)).spans if span.kind in kinds]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("20 trials — well 25", [25]), ("fifty trials, hmm, thirty will do", [30]), ("ten recs for u5, or let's say fifteen", [15]), ("at most 0.5 any more. Oh, 0.8 then.", [0.8]),
        ("no lower than 1/3... say 33 %", [0.33]), ("batch size 256 — not 256, 128", [128]), ("5 trials. sorry, 6", [6]), ("compare 1 and 2, uh, 1 and 3", [1, 3]), ("dropout 0.1 to 0.2, 3 to 5 layers... no, 2 to 4", [0.1, 0.2, 2, 4]), ("between 1 and 2, uh, 3 and 4, 12 tries", [3, 4, 12]),
    ],
)  # fmt: skip
def test_the_later_amount_stands(text: str, values: list[object]) -> None:
    assert standing(text, "number", "share", "fraction") == values


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("lr 0.1 and dropout, say, 0.3", [0.1, 0.3]), ("12 trials and another seed, say 5", [12, 5]), ("between 10 and, uh, 20", [10, 20]), ("5 trials, hmm, 3 epochs", [5, 3]),
        ("dropout, say, 0.3", [0.3]), ("use 30 epochs with patience, well, 3", [30, 3]),
    ],
)  # fmt: skip
def test_a_pause_before_another_thing_takes_nothing_back(text: str, values: list[object]) -> None:
    assert standing(text, "number") == values


def test_a_pair_takes_the_place_of_a_pair_and_one_name_that_of_one() -> None:
    assert standing("recall vs novelty, no hang on, ndcg against novelty", "metric") == ["ndcg@10", "novelty@10"]
    assert standing("recall vs novelty, no, vs coverage", "metric") == ["recall@10", "coverage@10"]


def test_what_is_ruled_out_after_a_marker_takes_the_place_of_nothing() -> None:
    assert standing("ease and ials, plus… no, not popularity", "model") == ["ease", "ials", "popularity"]
    assert standing("without ease, I mean without ials", "model") == ["ials"]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("dropout 0.5, 0.05 I mean", [0.05]), ("I wrote 4 heads, it should be 2", [2]), ("5 epochs is too few, let's say 20", [20]), ("a hundred was a typo, 10", [10]), ("with 3, no 5 seeds", [5]),
        ("batch size 64 hmm 32", [32]), ("40 trials, argh, 14 trials", [14]), ("20 trials are too many for 3 epochs", [20, 3]),
    ],
)  # fmt: skip
def test_what_was_meant_stands_at_the_place_of_what_was_said(text: str, values: list[object]) -> None:
    assert standing(text, "number") == values


def test_a_cutoff_a_trial_and_a_name_that_is_ruled_out_are_corrected_too() -> None:
    assert standing("ndcg@5, no make that @20", "metric") == ["ndcg@20"]
    assert standing("trial 3, no 4", "trial") == standing("trial 4, not trial 3", "trial") == [4]
    assert standing("drop sasrec, I mean gru4rec", "model") == ["gru4rec"]
    assert standing("deepfm, no, dcnv2, no — okay deepfm", "model") == ["deepfm"]
