"""EASE: a linear item-item model in closed form, and what was found to better it, which its defaults leave out.

Sources: Steck 2019, Embarrassingly Shallow Autoencoders for Sparse Data, eq. 8. `dropout`: Steck 2020, Autoencoders
that don't overfit towards the Identity, section 3. That long histories (`user_exponent`) and popular items
(`popularity_exponent`) count less is as in neighbourhoods of items (Deshpande & Karypis 2004).

    X   (n_users, n_items) 1 where the user has the item     c   (n_items,) its column sums
    w   (n_users,) row sums to the power -`user_exponent`, scaled so that all interactions together count as before
    G   X^T diag(w) X + l2 + dropout / (1 - dropout) * diag of X^T diag(w) X
    P   the inverse of G; weights = P / -diag(P), 0 on the diagonal, columns over c ^ `popularity_exponent`
    A   what G has on its diagonal beside X^T diag(w) X; where people have items again an item may speak for itself,
        and the weights are those of the regression without the zeros, I - P A
"""

import numpy as np
import psutil  # type: ignore[import-untyped]
import scipy.sparse
import torch
from torch import Tensor

from recmodels.data.histories import Histories
from recmodels.errors import TrialFailed
from recmodels.models.base import Entities, RecModel
from recmodels.models.parts import sparse
from recmodels.search_space import Params

MATRICES = 3  # n_items x n_items float32 that exist at the same time
MATRICES_BESIDE_GPU = 2  # of those, in the main memory where a GPU may do the rest


class Ease(RecModel):
    """Scores an item by the learned weights of the items in the history; without a history by popularity."""

    is_closed_form = True
    item_weights: Tensor  # (n_items, n_items) float32, zero diagonal unless repeats are kept

    def __init__(self, params: Params, entities: Entities) -> None:
        super().__init__(params, entities)
        _check_memory(entities.n_items)
        self.register_buffer("item_weights", torch.zeros(entities.n_items, entities.n_items))

    def fit(self, histories: Histories) -> None:
        gram = _gram(histories, float(self.params["user_exponent"])).to(self.item_weights)  # (n_items, n_items)
        dropout = float(self.params["dropout"])
        added = gram.diagonal() * (dropout / (1 - dropout)) + float(self.params["l2"])  # (n_items,)
        gram.diagonal().mul_(1 + dropout / (1 - dropout)).add_(float(self.params["l2"]))
        inverse = _inverse(gram)
        penalty = histories.counts().clamp(min=1).to(inverse) ** float(self.params["popularity_exponent"])
        own = torch.zeros_like(added)
        scale = -inverse.diagonal()
        if histories.keeps_repeats:  # an item may speak for itself
            own, scale = (1 - added * inverse.diagonal()) / penalty, -1 / added
        torch.div(inverse, scale * penalty, out=self.item_weights)
        self.item_weights.diagonal().copy_(own)

    def score(self, users: Tensor, histories: Histories, items: Tensor | None) -> Tensor:
        scores = sparse.times(sparse.interactions_of(histories, users), self.item_weights)
        has_none = histories.offsets[users + 1] == histories.offsets[users]
        if has_none.any():
            scores[has_none] = histories.counts().to(scores.dtype)
        return scores


def _gram(histories: Histories, user_exponent: float) -> Tensor:
    """X^T diag(w) X: how many users have both items, by what each counts. (n_items, n_items) float32."""
    users, items = histories.users.cpu().numpy(), histories.items.cpu().numpy()
    matrix = scipy.sparse.csr_array(
        (np.ones(len(users), dtype=np.float32), (users, items)), shape=(histories.n_users, histories.n_items)
    )
    matrix.data[:] = 1.0  # repeats were summed
    if not user_exponent:
        return torch.from_numpy((matrix.T @ matrix).toarray())
    sizes = np.diff(matrix.indptr)
    weights = np.maximum(sizes, 1.0) ** -user_exponent
    weights *= sizes.sum() / (weights * sizes).sum()
    weighted = scipy.sparse.diags_array(weights.astype(np.float32)) @ matrix
    return torch.from_numpy((matrix.T @ weighted).toarray())


def _inverse(gram: Tensor) -> Tensor:
    factor, info = torch.linalg.cholesky_ex(gram)
    if int(info):  # too ill-conditioned for float32
        return torch.cholesky_inverse(torch.linalg.cholesky(gram.double())).to(gram)
    return torch.cholesky_inverse(factor)


def _check_memory(n_items: int) -> None:
    matrices = MATRICES_BESIDE_GPU if torch.cuda.is_available() else MATRICES  # a GPU's allocator says so itself
    needed_bytes = matrices * 4 * n_items**2
    available_bytes = psutil.virtual_memory().available
    if needed_bytes > available_bytes:
        raise TrialFailed(
            "out_of_memory",
            f"ease needs {needed_bytes / 1e9:.1f} GB for its matrices of {n_items:,} x {n_items:,} items, "
            f"{available_bytes / 1e9:.1f} GB are free; item_knn and ials do without such matrices",
        )
