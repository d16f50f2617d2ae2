import itertools

import pytest
import torch
from torch import Tensor, nn

from recmodels.models.parts import gru
from recmodels.models.parts.gru import GRU

SHAPES = [(1, 1, 1, 1), (3, 7, 5, 4), (4, 9, 2, 6), (40, 23, 8, 3)]  # windows, steps, inputs, units


def both(d: int, h: int, n_layers: int = 1, dropout: float = 0.0) -> tuple[GRU, nn.GRU]:
    torch.manual_seed(0)
    ours, theirs = GRU(d, h, n_layers, dropout), nn.GRU(d, h, n_layers, batch_first=True)
    theirs.load_state_dict(ours.state_dict())
    return ours, theirs


def gradients(model: nn.Module, states: Tensor, vectors: Tensor) -> list[Tensor]:
    loss = (states * torch.arange(states.numel()).view(states.shape).sin()).sum()
    return list(torch.autograd.grad(loss, [vectors, *model.parameters()], retain_graph=True))


class TestGRU:
    @pytest.mark.parametrize(("shape", "n_layers", "chunk"), list(itertools.product(SHAPES, [1, 3], [1, 100, 10**6])))
    def test_states_and_gradients_are_those_of_torch(
        self, shape: tuple[int, ...], n_layers: int, chunk: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(gru, "CHUNK_ROWS", chunk)
        b, length, d, h = shape
        ours, theirs = both(d, h, n_layers)
        vectors = torch.randn(b, length, d, requires_grad=True)
        states, expected = ours(vectors), theirs(vectors)[0]
        torch.testing.assert_close(states, expected)
        first = gradients(ours, states, vectors)
        torch.testing.assert_close(first, gradients(theirs, expected, vectors), rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(first, gradients(ours, states, vectors), rtol=0, atol=0)  # a second time

    def test_gradients_are_those_of_small_steps(self) -> None:
        ours = both(3, 4, n_layers=2)[0].double()
        vectors = torch.randn(2, 5, 3, dtype=torch.float64, requires_grad=True)
        named = dict(ours.named_parameters())

        def run(x: Tensor, *weights: Tensor) -> Tensor:
            states: Tensor = torch.func.functional_call(ours, dict(zip(named, weights, strict=True)), (x,))
            return states

        assert torch.autograd.gradcheck(run, (vectors, *named.values()))

    def test_a_state_depends_on_no_later_step_nor_on_other_windows(self) -> None:
        ours = both(3, 4)[0]
        vectors = torch.randn(4, 9, 3)
        padded = vectors.clone()
        padded[:, 5:] = 0.0
        torch.testing.assert_close(ours(padded)[:, :5], ours(vectors)[:, :5], rtol=0, atol=0)
        torch.testing.assert_close(ours(vectors[1:2, :5]), ours(padded)[1:2, :5])

    def test_dropout_lies_between_layers_and_the_seed_decides_it(self) -> None:
        ours, theirs = both(3, 8, n_layers=2, dropout=0.5)
        vectors = torch.randn(4, 9, 3)
        drawn = []
        for seed in (1, 1, 2):
            torch.manual_seed(seed)
            drawn.append(ours(vectors))
        assert torch.equal(drawn[0], drawn[1])
        assert not torch.equal(drawn[0], drawn[2])
        torch.testing.assert_close(ours.eval()(vectors), theirs(vectors)[0])

    def test_mixed_precision_is_torchs(self) -> None:
        ours, theirs = both(3, 8)
        vectors = torch.randn(4, 9, 3)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            assert torch.equal(ours(vectors), theirs(vectors)[0])

    def test_weights_have_the_names_of_torchs(self) -> None:
        ours, theirs = both(3, 4, n_layers=2)
        assert list(ours.state_dict()) == list(theirs.state_dict())
