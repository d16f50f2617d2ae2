"""What a model costs: the median time of an answer by a clock that the test turns, sizes, and peak memory."""

import resource
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from recmodels.data.histories import Histories
from recmodels.metrics import cost
from recmodels.models.base import Entities, RecModel
from tests.benchmarks.common import histories_of

N_USERS, N_ITEMS = 40, 15
CPU = torch.device("cpu")


class Clock:
    """Seconds that pass only when the test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def perf_counter(self) -> float:
        return self.now


class Ranked(Tensor):
    """Scores that note how many items are ranked, which takes a millisecond on the test's clock."""

    clock: Clock
    asked: list[int]

    @classmethod
    def __torch_function__(cls, function: Any, types: Any, arguments: Any = (), options: Any = None) -> Any:
        if function is Tensor.topk:
            cls.clock.now += 1e-3
            cls.asked.append(arguments[1])
        return super().__torch_function__(function, types, arguments, options or {})


class Timed(RecModel):
    """Takes the seconds of `takes(how many were asked before)` for a user."""

    def __init__(self, clock: Clock, takes: Callable[[int], float]) -> None:
        super().__init__({}, Entities(n_users=N_USERS, n_items=N_ITEMS))
        self.clock, self.takes = clock, takes
        self.users: list[int] = []
        self.scores: list[Tensor] = []
        Ranked.clock, Ranked.asked = clock, []

    def encode_items(self) -> Tensor:
        self.clock.now += 100  # is not part of an answer
        return torch.zeros(1)

    def score(self, users: Tensor, histories: Histories, items: Tensor | None) -> Tensor:
        assert torch.is_inference_mode_enabled() and items is not None
        self.clock.now += self.takes(len(self.users))
        self.users += users.tolist()
        self.scores.append(torch.zeros(len(users), N_ITEMS).as_subclass(Ranked))
        return self.scores[-1]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(cost, "time", SimpleNamespace(perf_counter=clock.perf_counter))
    return clock


HISTORIES = histories_of([[user % N_ITEMS] for user in range(N_USERS)], N_ITEMS)


def test_latency_is_the_median_of_twenty_users_without_the_two_that_warm_up(clock: Clock) -> None:
    model = Timed(clock, lambda n: 1e-3 * [99, 99, 50, *range(1, 18)][n])
    assert cost.latency_ms(model, HISTORIES) == pytest.approx(10 + 1), "of 1 to 17 and 50 ms, and 1 ms to rank"
    assert model.users == list(range(0, 40, 2)), "spread over all users"
    assert Ranked.asked == [10] * 20


def test_latency_is_of_lists_without_the_items_seen(clock: Clock) -> None:
    model = Timed(clock, lambda _: 1e-3)
    cost.latency_ms(model, HISTORIES, k=50)
    for user, scores in zip(model.users, model.scores, strict=True):
        assert scores.isneginf().nonzero().tolist() == [[0, user % N_ITEMS]]
    assert Ranked.asked == [N_ITEMS] * 20, "no list is longer than the catalogue"


@pytest.mark.parametrize(("takes_s", "n_asked"), [(0.599, 3), (0.199, 3), (0.124, 4), (0.0489, 11), (0.0499, 10)])
def test_a_slow_model_is_asked_until_half_a_second_has_passed_and_three_times_at_least(
    clock: Clock, takes_s: float, n_asked: int
) -> None:
    model = Timed(clock, lambda _: takes_s)
    assert cost.latency_ms(model, HISTORIES) == pytest.approx(1e3 * takes_s + 1)
    assert len(model.users) == n_asked


def test_of_a_slow_model_the_first_answer_does_not_count(clock: Clock) -> None:
    assert cost.latency_ms(Timed(clock, [5.0, 0.2, 0.3].__getitem__), HISTORIES) == pytest.approx(301)


class Sized(RecModel):
    """A frozen matrix of 2 x 3, a trained vector of 4 in half precision, and a buffer of 5 whole numbers."""

    def __init__(self) -> None:
        super().__init__({}, Entities(n_users=4, n_items=5))
        self.frozen = nn.Parameter(torch.zeros(2, 3), requires_grad=False)
        self.trained = nn.Parameter(torch.zeros(4, dtype=torch.float16))
        self.register_buffer("seen", torch.zeros(5, dtype=torch.int64))

    def weights(self) -> dict[str, Tensor]:
        return {"trained": self.trained, "seen": self.seen}


def test_sizes_count_parameters_and_buffers_and_the_bytes_of_what_is_saved() -> None:
    assert cost.sizes(Sized()) == {
        "n_parameters": 6.0 + 4 + 5,
        "n_trainable": 4.0,
        "trainable_share": pytest.approx(4 / 10),
        "weights_bytes": 4 * 2 + 5 * 8.0,
    }


MEGABYTE = 1 << 20


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the system keeps no peak that can be reset")
def test_the_peak_of_this_process_begins_again_when_it_is_reset() -> None:
    cost.reset_peak_memory(CPU)
    before = cost.peak_memory_bytes(CPU)
    assert before / MEGABYTE == pytest.approx(resident_bytes() / MEGABYTE, abs=40)
    taken = np.ones(100 * MEGABYTE, dtype=np.uint8)
    peak = cost.peak_memory_bytes(CPU)
    assert (peak - before) / MEGABYTE == pytest.approx(100, abs=40)
    del taken
    assert (cost.peak_memory_bytes(CPU) - peak) / MEGABYTE == pytest.approx(0, abs=40)
    cost.reset_peak_memory(CPU)
    assert (cost.peak_memory_bytes(CPU) - peak) / MEGABYTE == pytest.approx(-100, abs=40)


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


@pytest.mark.parametrize(("platform", "unit"), [("linux", 1024), ("darwin", 1)])
def test_where_the_system_keeps_no_such_peak_it_is_that_since_the_process_began(
    monkeypatch: pytest.MonkeyPatch, platform: str, unit: int
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(Path, "read_text", refuse)
    monkeypatch.setattr(Path, "write_text", refuse)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(resource, "getrusage", lambda who: SimpleNamespace(ru_maxrss=7 if who == 0 else 0))
    cost.reset_peak_memory(CPU)
    assert cost.peak_memory_bytes(CPU) == 7 * unit


def test_the_peak_of_a_gpu_is_what_torch_says(monkeypatch: pytest.MonkeyPatch) -> None:
    reset: list[torch.device] = []
    monkeypatch.setattr(torch.cuda, "reset_peak_memory_stats", reset.append)
    monkeypatch.setattr(torch.cuda, "max_memory_allocated", lambda device: 5 if device.type == "cuda" else 0)
    cost.reset_peak_memory(torch.device("cuda"))
    for other in ("cpu", "meta"):
        cost.reset_peak_memory(torch.device(other))
    assert reset == [torch.device("cuda")]
    assert cost.peak_memory_bytes(torch.device("cuda")) == 5
