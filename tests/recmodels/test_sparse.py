"""Products of sparse matrices, and that they leave no memory taken: a worker trains many models."""

from collections.abc import Callable

import psutil
import pytest
import torch
from torch import Tensor

from recmodels.models.parts import sparse


def random_csr(n_rows: int, n_columns: int, n: int, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    places = torch.randperm(n_rows * n_columns, generator=generator)[:n]
    return sparse.csr(places // n_columns, places % n_columns, torch.rand(n, generator=generator), (n_rows, n_columns))


def test_the_dense_product_is_that_of_the_dense_matrices() -> None:
    left, right = random_csr(7, 9, 20, 0), random_csr(9, 5, 15, 1)
    torch.testing.assert_close(sparse.dense_product(left, right), left.to_dense() @ right.to_dense())
    empty = random_csr(9, 5, 0, 2)
    assert torch.equal(sparse.dense_product(left, empty), torch.zeros(7, 5))


PRODUCTS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "dense_product": lambda left, right: sparse.dense_product(left, right),
    "times": lambda left, right: sparse.times(left, torch.ones(left.shape[1], 8)),
    "sampled_products": lambda left, right: sparse.sampled_products(
        left, torch.ones(left.shape[0], 8), torch.ones(left.shape[1], 8)
    ),
    "transposed": lambda left, right: sparse.transposed(left),
}


@pytest.mark.parametrize("name", PRODUCTS)
def test_what_a_product_took_is_given_back(name: str) -> None:
    left, right = random_csr(500, 600, 9_000, 0), random_csr(600, 500, 9_000, 1)
    for _ in range(5):
        PRODUCTS[name](left, right)
    process = psutil.Process()
    before = process.memory_info().rss
    for _ in range(60):  # a result of up to 1 MB each
        PRODUCTS[name](left, right)
    assert process.memory_info().rss - before < 15e6
