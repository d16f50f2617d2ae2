"""What is said of a learning curve: its best and its last value apart, and settled only where it is level."""

import pytest

from agent.answers.curve_shapes import IMPROVING, PAST_BEST, SETTLED, UNSETTLED, curve_of, peak_words
from memory.record import TrialRecord

FELL_LAST = (0.0100, 0.0234, 0.0380, 0.0512, 0.0601, 0.0672, 0.0744, 0.0790, 0.0821, 0.0855, 0.0896, 0.0854)


def record(*curve: float | None, direction: str = "maximize") -> TrialRecord:
    return TrialRecord(
        id="s/0", study="s", number=0, dataset="demo", model="bpr_mf", params={}, state="complete",
        objective="ndcg@10", direction=direction, value=0.1, curve=curve,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.mark.parametrize(
    ("values", "shape"),
    [
        (FELL_LAST, UNSETTLED),  # one epoch of fall after a long rise
        ((0.1, 0.2, 0.3, 0.4), IMPROVING),
        ((0.1, 0.3, 0.300, 0.301, 0.3), SETTLED),
        ((0.1, 0.3, 0.28, 0.25), PAST_BEST),
        ((0.1, 0.3, 0.25, 0.25, 0.25, 0.25), PAST_BEST),  # level, below its best
        ((0.3, 0.3), UNSETTLED),  # too few to be called settled
        ((0.1, 0.3, 0.2, 0.29, 0.31, 0.2), UNSETTLED),
    ],
)
def test_a_curve_has_settled_only_where_its_last_epochs_are_level_at_its_best(
    values: tuple[float, ...], shape: str
) -> None:
    found = curve_of(record(*values))
    assert found is not None and found.shape == shape
    turned = curve_of(record(*(-value for value in values), direction="minimize"))
    assert turned is not None and (turned.shape, turned.best_epoch) == (shape, found.best_epoch)


def test_the_best_and_the_last_value_are_told_apart() -> None:
    found = curve_of(record(*FELL_LAST))
    assert found is not None and peak_words(found) == "best 0.0896 at epoch 11 of 12, ended at 0.0854"
    rising = curve_of(record(0.1, None, 0.3))
    assert rising is not None and peak_words(rising) == "best 0.3 at its last epoch, 3"
    assert curve_of(record(0.1, None)) is None
