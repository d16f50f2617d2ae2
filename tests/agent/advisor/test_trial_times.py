"""The time of a trial: powers of the sizes, params that cost, machines that differ by a factor, honest intervals."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from agent.advisor.trial_times import Timed, TrialTimes, thinned, timed
from memory.record import TrialRecord
from recmodels.search_space import Float, Int, SearchSpace

SPACE = SearchSpace({"size": Int(8, 256, 64, log=True), "rate": Float(1e-4, 0.1, 0.01, log=True)})
SIZES = [(500.0, 800.0, 2e4), (2000.0, 3000.0, 1e5), (9000.0, 5000.0, 6e5)]
NEW = (1500.0, 2500.0, 8e4)


def seconds(size: int, sizes: tuple[float, ...], factor: float = 1.0) -> float:
    """What a trial takes by construction."""
    return factor * 1e-4 * sizes[2] ** 0.9 * (size / 64) ** 0.7


def past(machine: str = "shipped, cpu") -> Iterator[Timed]:
    rng = np.random.default_rng(0)
    for (i, sizes), size, rate in product(enumerate(SIZES), (8, 24, 64, 120, 256), (1e-3, 0.05)):
        took = seconds(size, sizes) * float(np.exp(0.1 * rng.standard_normal()))
        params = {"size": size, "rate": rate}
        yield Timed(dataset=f"d{i}", machine=machine, params=params, sizes=sizes, epochs=1, seconds=took)


def times(own: list[Timed] | None = None, machine: str = "shipped, cpu") -> TrialTimes:
    return TrialTimes(SPACE, thinned(list(past()), own or []), dataset="new", sizes=NEW, machine=machine)


def own(n: int, factor: float = 5.0) -> list[Timed]:
    sizes = (8, 200, 40, 100)[:n]
    return [
        Timed(dataset="new", machine="here, cpu", params={"size": size, "rate": 0.01}, sizes=NEW, epochs=1,
              seconds=seconds(size, NEW, factor))
        for size in sizes
    ]  # fmt: skip


@pytest.mark.parametrize("size", [8, 64, 256])
def test_the_time_on_new_data_is_told_from_others(size: int) -> None:
    told, truth = times().seconds({"size": size, "rate": 0.01}), seconds(size, NEW)
    assert told.expected == pytest.approx(truth, rel=0.4)
    assert told.low < truth < told.high
    assert (told.n_here, told.n_elsewhere) == (0, 30)


def test_another_machine_is_known_by_its_first_trial() -> None:
    big = {"size": 256, "rate": 0.01}
    before, after = (times(own(n), "here, cpu").seconds(big) for n in (0, 1))
    truth = seconds(256, NEW, 5.0)
    assert abs(np.log(after.expected / truth)) < 0.35 * abs(np.log(before.expected / truth))
    assert after.high / after.low < before.high / before.low
    assert after.low < truth < after.high


def test_more_epochs_take_longer_but_many_end_early() -> None:
    few, many = (
        TrialTimes(SPACE, list(past()), dataset="new", sizes=NEW, machine="here, cpu", epochs=epochs).seconds(
            {"size": 64, "rate": 0.01}
        )
        for epochs in (1, 10)
    )
    assert 3 < many.expected / few.expected < 10
    assert many.high / many.low > few.high / few.low


def test_the_mean_of_many_trials_is_surer_than_one() -> None:
    points = [{"size": size, "rate": 0.01} for size in (8, 16, 32, 64, 128, 256)]
    mean = times(own(4), "here, cpu").average(points)
    one = times(own(4), "here, cpu").seconds(points[3])
    truth = float(np.mean([seconds(int(point["size"]), NEW, 5.0) for point in points]))
    assert mean.low < truth < mean.high
    assert mean.high / mean.low < one.high / one.low


def test_what_was_cut_short_tells_no_time() -> None:
    whole = TrialRecord(
        id="s/0", study="s", number=0, dataset="d", profile={"n_users": 5, "n_items": 6, "n_interactions": 9},
        model="ials", params={"epochs": 16}, state="complete", objective="ndcg@10", value=0.1,
        cost={"total_s": 8.0, "epochs": 12.0},
    )  # fmt: skip
    assert timed(whole) == Timed(
        dataset="d", machine="here, cpu", params=whole.params, sizes=(5, 6, 9), epochs=16, seconds=8.0
    )
    assert timed(replace(whole, reason="time limit")) is None
    assert timed(replace(whole, state="pruned")) is None
    assert timed(replace(whole, profile={})) is None
    few = timed(replace(whole, cost={"total_s": 8.0, "epochs": 2.0}))
    assert few is not None and few.epochs == 2, "its study had set so few"
