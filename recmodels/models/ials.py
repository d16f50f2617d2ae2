"""Implicit alternating least squares (Hu, Koren & Volinsky 2008), every missing pair being a weak "no".

The regularisation grows with what a user or an item has, as in Rendle et al. 2021, Revisiting the Performance of iALS,
eq. 7; each half of a sweep is a few steps of conjugate gradients for all rows at once (Takács et al. 2011).

Notation, for the half that solves for X while Y is fixed (the other half swaps them):
    S   (n, m) sparse, 1 where row and column met
    X   (n, d) the vectors to be solved for
    Y   (m, d) the vectors of the other side
    a   what the error of any pair counts; an observed pair counts 1 more. All pairs together count `unobserved_weight`
        times what the observed ones do, so that one value suits dense and sparse data
    r   (n, 1) the regularisation of each row
    row x of X minimises  sum over its items (1 - <x, y>)^2 + a * sum over all y <x, y>^2 + r |x|^2, so it solves
        (sum over its items y y^T + a Y^T Y + r) x = sum over its items y
"""

import torch
from torch import Tensor

from recmodels.data.histories import Histories
from recmodels.models.base import Entities, RecModel
from recmodels.models.parts import sparse
from recmodels.search_space import Params

SWEEP_STEPS = 3  # of conjugate gradients from the last sweep's vectors
FOLD_IN_STEPS = 12  # from nothing


class IALS(RecModel):
    """The score is the dot product of a user's and an item's vector; users are solved for from their histories.

    Users have no weights: a new user, or one whose history has grown, is folded in when scored. A user without any
    history gets the most popular items. An item without users has the vector 0 and the score 0.
    """

    trains_itself = True
    item_counts: Tensor  # (n_items,) float32
    pair_weight: Tensor  # () float32: a
    l2_scales: Tensor  # (2,) float32: of users, of items
    users: Tensor  # (n_users, d) where the next sweep begins

    def __init__(self, params: Params, entities: Entities) -> None:
        super().__init__(params, entities)
        size = int(params["embedding_size"])
        self.items = torch.nn.Parameter(torch.randn(entities.n_items, size) * (0.1 / size**0.5))
        self.register_buffer("users", torch.zeros(entities.n_users, size), persistent=False)
        self.register_buffer("item_counts", torch.zeros(entities.n_items))
        self.register_buffer("pair_weight", torch.ones(()))
        self.register_buffer("l2_scales", torch.ones(2))

    def fit(self, histories: Histories) -> None:
        self._by_user = sparse.interaction_matrix(histories)
        self._by_item = sparse.transposed(self._by_user)
        self.item_counts.copy_(sparse.row_lengths(self._by_item))
        n_pairs = self.n_users * self.n_items
        self.pair_weight.copy_(float(self.params["unobserved_weight"]) * self.item_counts.sum() / n_pairs)
        for side, matrix in enumerate((self._by_user, self._by_item)):
            frequency = self._frequency(matrix)
            self.l2_scales[side] = frequency.sum() / (frequency ** float(self.params["l2_exponent"])).sum()

    def train_epoch(self, histories: Histories, generator: torch.Generator) -> float:
        users_l2, items_l2 = self._l2(self._by_user, 0), self._l2(self._by_item, 1)
        self.users.copy_(self._solve(self._by_user, self.items, users_l2, self.users, SWEEP_STEPS))
        self.items.copy_(self._solve(self._by_item, self.users, items_l2, self.items, SWEEP_STEPS))
        return self._loss(users_l2, items_l2)

    def encode_items(self) -> Tensor:
        return self.items

    def score(self, users: Tensor, histories: Histories, items: Tensor | None) -> Tensor:
        matrix = sparse.interactions_of(histories, users)  # (B, n_items)
        start = self.items.new_zeros(len(users), self.items.shape[1])
        vectors = self._solve(matrix, self.items, self._l2(matrix, 0), start, FOLD_IN_STEPS)  # (B, d)
        scores = vectors @ self.items.T
        scores[sparse.row_lengths(matrix) == 0] = self.item_counts
        return scores

    def _solve(self, matrix: Tensor, others: Tensor, l2: Tensor, start: Tensor, n_steps: int) -> Tensor:
        """Conjugate gradients for every row of X at once, from `start`. (n, d)"""
        gram = self.pair_weight * (others.T @ others)  # (d, d)
        x, right = start, sparse.times(matrix, others)  # both (n, d)

        def left(vectors: Tensor) -> Tensor:
            return _through(matrix, vectors, others) + vectors @ gram + l2 * vectors

        residual = right - left(x)
        direction = residual
        squares = _dot(residual, residual)  # (n, 1)
        for _ in range(n_steps):
            image = left(direction)
            step = squares / _dot(direction, image).clamp(min=torch.finfo(x.dtype).tiny)  # 0 once solved
            x = x + step * direction
            residual = residual - step * image
            last, squares = squares, _dot(residual, residual)
            direction = residual + squares / last.clamp(min=torch.finfo(x.dtype).tiny) * direction
        return x

    def _frequency(self, matrix: Tensor) -> Tensor:
        """What a row has, all missing pairs counted by their weight. (n, 1)"""
        return (sparse.row_lengths(matrix) + self.pair_weight * matrix.shape[1])[:, None]

    def _l2(self, matrix: Tensor, side: int) -> Tensor:
        """The regularisation of each row, r. (n, 1)"""
        scale = float(self.params["l2"]) * self.l2_scales[side]
        return scale * self._frequency(matrix) ** float(self.params["l2_exponent"])

    def _loss(self, users_l2: Tensor, items_l2: Tensor) -> float:
        """The whole objective over the number of observed pairs."""
        errors = 1 - sparse.sampled_products(self._by_user, self.users, self.items).values()
        everywhere = ((self.users.T @ self.users) * (self.items.T @ self.items)).sum()
        shrunk = (users_l2 * self.users**2).sum() + (items_l2 * self.items**2).sum()
        total = errors.dot(errors) + self.pair_weight * everywhere + shrunk
        return float(total) / max(len(errors), 1)


def _through(matrix: Tensor, vectors: Tensor, others: Tensor) -> Tensor:
    """The sum over each row's items of y <y, x>, without a matrix per row. (n, d)"""
    return sparse.times(sparse.sampled_products(matrix, vectors, others), others)


def _dot(left: Tensor, right: Tensor) -> Tensor:
    return (left * right).sum(dim=1, keepdim=True)
