"""The latency of a model is that of many users, or of few where one takes long."""

import time

import pytest
import torch

from recmodels.metrics.cost import latency_ms
from recmodels.models.base import Entities, RecModel
from tests.benchmarks.common import histories_of


class Sleepy(RecModel):
    """Answers after so many seconds, the first time after ten times as many."""

    def __init__(self, seconds: float) -> None:
        super().__init__({}, Entities(n_users=4, n_items=5))
        self.seconds, self.n_asked = seconds, 0

    def score(self, users: torch.Tensor, *_: object) -> torch.Tensor:
        time.sleep(self.seconds if self.n_asked else 10 * self.seconds)
        self.n_asked += 1
        return torch.zeros(len(users), self.n_items)


@pytest.mark.parametrize(("seconds", "n_asked"), [(0.004, 20), (0.1, 3)])
def test_a_slow_model_is_asked_a_few_times_and_the_first_does_not_count(seconds: float, n_asked: int) -> None:
    model = Sleepy(seconds)
    measured = latency_ms(model, histories_of([[0], [1, 2], [3], []], 5))
    assert model.n_asked == n_asked
    assert 1e3 * seconds <= measured < 9e3 * seconds
