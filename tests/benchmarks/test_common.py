"""That the benchmarks' own steps are those of the models of today."""

import pytest
import torch

from recmodels.models import MODELS
from recmodels.models.base import Entities
from tests.benchmarks.common import epoch_s, made_up


@pytest.mark.parametrize("name", ["bpr_mf", "ials", "sasrec"])
def test_an_epoch_is_run_whole_and_timed(name: str) -> None:
    train, held_out = made_up(2_000, 50, 40)
    torch.manual_seed(0)
    model = MODELS[name].load()(MODELS[name].space.check({}), Entities(n_users=50, n_items=40))
    model.fit(train)
    before = {key: value.clone() for key, value in model.weights().items()}
    seconds, share = epoch_s(model, train)
    assert seconds > 0 and share == 1.0
    assert any(not torch.equal(value, before[key]) for key, value in model.weights().items())
    assert len(held_out) == 50
