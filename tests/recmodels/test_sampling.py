"""Negatives, drawn without loops over users."""

import pytest
import torch

from recmodels.models.parts import sampling
from recmodels.models.parts.sampling import NegativeSampler
from tests.benchmarks.common import histories_of, random_histories


@pytest.mark.parametrize("bitmap_bytes", [0, 100, 2**20], ids=["sorted keys", "bits", "bitmap"])
def test_negatives_are_uniform_over_what_the_user_does_not_have(
    bitmap_bytes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sampling, "MAX_BITMAP_BYTES", bitmap_bytes)
    some = random_histories(0)
    users = torch.arange(30).repeat_interleave(20)
    negatives = NegativeSampler(some).draw(users, 50, torch.Generator().manual_seed(0))
    drawn = torch.zeros(30, 25).index_put_(
        (users[:, None].expand_as(negatives), negatives), torch.tensor(1.0), accumulate=True
    )
    has = some.multi_hot(torch.arange(30)).bool()
    pairs = torch.cartesian_prod(torch.arange(30), torch.arange(25)).T
    assert torch.equal(NegativeSampler(some).has(*pairs).view(30, 25), has)
    assert drawn[has].sum() == 0
    expected = 1000 / (~has).sum(dim=1, keepdim=True)
    assert ((drawn - expected).abs()[~has] < 6 * expected.expand_as(drawn)[~has].sqrt()).all()


def test_a_user_who_has_everything_does_not_hang_the_sampler() -> None:
    everything = histories_of([[0, 1, 2]], 3)
    assert NegativeSampler(everything).draw(torch.tensor([0]), 4, torch.Generator()).shape == (1, 4)
