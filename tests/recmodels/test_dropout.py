"""Dropout from bits: as torch's own, entry by entry."""

import pytest
import torch
from torch import nn

from recmodels.models.parts.dropout import Dropout


@pytest.mark.parametrize("p", [0.1, 0.5, 0.9])
def test_every_fourth_entry_too_is_left_out_with_the_probability_asked_for(p: float) -> None:
    torch.manual_seed(0)
    dropped = Dropout(p)(torch.ones(400_003)) == 0
    for lane in range(4):  # four entries come out of one draw
        assert dropped[lane::4].double().mean().item() == pytest.approx(p, abs=0.01)
    neighbours = (dropped[:-1] & dropped[1:]).double().mean().item()
    assert neighbours == pytest.approx(p * p, abs=0.01)


def test_what_is_kept_is_scaled_and_so_is_its_gradient() -> None:
    torch.manual_seed(0)
    values = torch.randn(7, 5, 3, requires_grad=True)
    result = Dropout(0.3)(values)
    (gradient,) = torch.autograd.grad(result.sum(), values)
    kept = result != 0
    torch.testing.assert_close(result[kept], values[kept] / 0.7)
    torch.testing.assert_close(gradient, kept / 0.7)


def test_nothing_is_left_out_outside_training_and_the_seed_decides_inside() -> None:
    values, layer = torch.randn(50), Dropout(0.5)
    torch.manual_seed(3)
    first = layer(values)
    torch.manual_seed(3)
    assert torch.equal(layer(values), first)
    assert not torch.equal(layer(values), first)
    assert torch.equal(layer.eval()(values), values)
    assert torch.equal(Dropout(0.0)(values), values)
    assert isinstance(layer, nn.Dropout)  # which what walks over modules looks for
