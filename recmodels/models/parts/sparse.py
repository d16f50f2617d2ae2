"""Interaction matrices in torch's CSR layout: products with them cost what the interactions cost, not users x items."""

import warnings

import scipy.sparse
import torch
from torch import Tensor

from recmodels.data.histories import Histories


def csr(rows: Tensor, columns: Tensor, values: Tensor, shape: tuple[int, int]) -> Tensor:
    """A sparse matrix from the places of its numbers, which are distinct and in any order.

    Args:
        rows, columns: (n,) int64.
        values: (n,)

    Returns:
        `shape`, layout CSR.
    """
    keys, order = (rows * shape[1] + columns).sort()
    offsets = torch.zeros(shape[0] + 1, dtype=torch.int64, device=rows.device)
    torch.cumsum(torch.bincount(rows, minlength=shape[0]), 0, out=offsets[1:])
    return assembled(offsets, keys % shape[1], values[order], shape)


def assembled(offsets: Tensor, columns: Tensor, values: Tensor, shape: tuple[int, int]) -> Tensor:
    """A CSR matrix from its own three arrays."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Sparse CSR tensor support is in beta")
        return torch.sparse_csr_tensor(offsets, columns, values, shape, check_invariants=False)


def interaction_matrix(histories: Histories) -> Tensor:
    """1 where the user has the item, however often. (n_users, n_items) CSR."""
    keys = torch.unique(histories.users * histories.n_items + histories.items)
    users, items = keys // histories.n_items, keys % histories.n_items
    return csr(users, items, torch.ones(len(keys), device=keys.device), (histories.n_users, histories.n_items))


def interactions_of(histories: Histories, users: Tensor) -> Tensor:
    """The rows of `interaction_matrix` of some users. (B, n_items) CSR."""
    rows, items = histories.entries(users)
    keys = torch.unique(rows * histories.n_items + items)
    rows, items = keys // histories.n_items, keys % histories.n_items
    return csr(rows, items, torch.ones(len(keys), device=keys.device), (len(users), histories.n_items))


def transposed(matrix: Tensor) -> Tensor:
    """The transposed matrix, in CSR again."""
    rows, columns = row_numbers(matrix), matrix.col_indices()
    return csr(columns, rows, matrix.values(), (matrix.shape[1], matrix.shape[0]))


def row_numbers(matrix: Tensor) -> Tensor:
    """The row of each stored number. (n,) int64."""
    return torch.repeat_interleave(torch.arange(matrix.shape[0], device=matrix.device), row_lengths(matrix))


def row_lengths(matrix: Tensor) -> Tensor:
    """How many numbers each row stores. (n_rows,) int64."""
    return matrix.crow_indices().diff()


def block_of_rows(matrix: Tensor, start: int, stop: int) -> Tensor:
    """The rows from `start` to `stop` (exclusive). CSR."""
    offsets = matrix.crow_indices()[start : stop + 1]
    place = slice(int(offsets[0]), int(offsets[-1]))
    return assembled(
        offsets - offsets[0], matrix.col_indices()[place], matrix.values()[place], (stop - start, matrix.shape[1])
    )


def dense_product(left: Tensor, right: Tensor) -> Tensor:
    """The product of two CSR matrices (n, m) and (m, k), as a dense one (n, k).

    On a CPU it is scipy's, which is also the quicker one: torch 2.13 never gives back the memory of a sparse result.
    """
    if left.device.type != "cpu":
        return (left @ right).to_dense()
    return torch.from_numpy((_of_scipy(left) @ _of_scipy(right)).toarray())


def _of_scipy(matrix: Tensor) -> scipy.sparse.csr_array:
    arrays = (matrix.values().numpy(), matrix.col_indices().numpy(), matrix.crow_indices().numpy())
    return scipy.sparse.csr_array(arrays, shape=tuple(matrix.shape))


def times(matrix: Tensor, vectors: Tensor) -> Tensor:
    """A CSR matrix (n, m) times vectors (m, d). (n, d)"""
    product: Tensor = torch.sparse.mm(matrix, vectors)
    return product


def sampled_products(places: Tensor, left: Tensor, right: Tensor) -> Tensor:
    """The dot products of rows of `left` (n, d) with rows of `right` (m, d), at the places that a CSR matrix (n, m) of
    ones stores."""
    products: Tensor = torch.sparse.sampled_addmm(places, left, right.T, beta=0.0)
    return products
