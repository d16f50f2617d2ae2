"""Item k-nearest-neighbours: an item is wanted as far as it resembles the items of the history.

Similarities: cosine with shrinkage (Sarwar et al. 2001; shrunk as in Ferrari Dacrema et al. 2019), the same after
weighting users by TF-IDF (those with few items say more), or the products of BM25 weights.
"""

import torch
from torch import Tensor

from recmodels.data.histories import Histories
from recmodels.models.base import Entities, RecModel
from recmodels.models.parts import sparse
from recmodels.search_space import Params

BLOCK_NUMBERS = 2**23  # of a dense block: items x n_items


class ItemKNN(RecModel):
    """Each item keeps its `n_neighbors` most similar items, so memory grows with the catalogue, not with its square.

    Only histories are read, so a new user is scored like any other. Items that resemble nothing in the history, and
    all items of an empty one, are ranked by popularity.
    """

    is_closed_form = True
    neighbors: Tensor  # (n_items, k) int64
    similarities: Tensor  # (n_items, k) float32, 0 where an item has fewer neighbours
    popularity: Tensor  # (n_items,) float32 in [0, 1]

    def __init__(self, params: Params, entities: Entities) -> None:
        super().__init__(params, entities)
        k = min(int(params["n_neighbors"]), entities.n_items)
        self.register_buffer("neighbors", torch.zeros(entities.n_items, k, dtype=torch.int64))
        self.register_buffer("similarities", torch.zeros(entities.n_items, k))
        self.register_buffer("popularity", torch.zeros(entities.n_items))
        self._from_history: Tensor | None = None

    def fit(self, histories: Histories) -> None:
        matrix = sparse.interaction_matrix(histories)  # (n_users, n_items)
        counts = torch.bincount(matrix.col_indices(), minlength=self.n_items).float()
        self.popularity.copy_(counts / counts.max().clamp(min=1))
        weighted = self._weighted(matrix, counts)
        by_item = sparse.transposed(weighted)  # (n_items, n_users)
        lengths = _sums(by_item, by_item.values() ** 2).sqrt()  # (n_items,)
        block = max(BLOCK_NUMBERS // self.n_items, 1)
        for start in range(0, self.n_items, block):
            stop = min(start + block, self.n_items)
            products = sparse.dense_product(sparse.block_of_rows(by_item, start, stop), weighted)
            alike = self._alike(products, lengths[start:stop], lengths)  # (stop - start, n_items)
            if not histories.keeps_repeats:  # else an item is its own nearest neighbour
                alike[torch.arange(stop - start), torch.arange(start, stop)] = 0.0
            self.similarities[start:stop], self.neighbors[start:stop] = alike.topk(self.neighbors.shape[1])
        self._from_history = None

    def score(self, users: Tensor, histories: Histories, items: Tensor | None) -> Tensor:
        if self._from_history is None or self._from_history.device != users.device:
            self._from_history = self._similarity_matrix()
        scores = sparse.dense_product(sparse.interactions_of(histories, users), self._from_history)  # (B, n_items)
        tiniest = 1e-6 * scores.amax(dim=1, keepdim=True)
        return scores.add_(torch.where(tiniest > 0, tiniest, 1.0) * self.popularity)  # popularity breaks ties

    def load_weights(self, weights: dict[str, Tensor]) -> None:
        super().load_weights(weights)
        self._from_history = None

    def _weighted(self, matrix: Tensor, counts: Tensor) -> Tensor:
        """The interactions times what they say by TF-IDF or BM25, users being the words of the items."""
        if self.params["weighting"] == "cosine":
            return matrix
        rows, columns = sparse.row_numbers(matrix), matrix.col_indices()
        weights = torch.log(self.n_items / sparse.row_lengths(matrix).clamp(min=1))[rows]  # a user's idf
        if self.params["weighting"] == "bm25":
            k1, b = float(self.params["bm25_k1"]), float(self.params["bm25_b"])
            relative = counts[columns] / counts.mean()  # an item's length over the mean
            weights = weights * (k1 + 1) / (k1 * (1 - b + b * relative) + 1)
        return sparse.assembled(matrix.crow_indices(), columns, weights, (matrix.shape[0], matrix.shape[1]))

    def _alike(self, products: Tensor, lengths: Tensor, all_lengths: Tensor) -> Tensor:
        if self.params["weighting"] == "bm25":
            return products
        shrinkage = float(self.params["shrinkage"])
        return products.div_((lengths[:, None] * all_lengths).add_(shrinkage).clamp_(min=1e-12))

    def _similarity_matrix(self) -> Tensor:
        """From an item of the history (row) to those that have it among their neighbours (column)."""
        items = torch.arange(self.n_items, device=self.neighbors.device)[:, None].expand_as(self.neighbors)
        kept = self.similarities > 0
        shape = (self.n_items, self.n_items)
        return sparse.csr(self.neighbors[kept], items[kept], self.similarities[kept], shape)


def _sums(matrix: Tensor, values: Tensor) -> Tensor:
    """The sum of `values` over each row of `matrix`. (n_rows,)"""
    return torch.zeros(matrix.shape[0], device=values.device).index_add_(0, sparse.row_numbers(matrix), values)
