"""LightGCN (He et al. 2020): embeddings that are averaged over the neighbourhoods of the user-item graph.

Notation:
    n     users and items together; nodes 0 to n_users - 1 are the users
    A     (n, n) sparse and symmetric: 1 / sqrt(degree of user * degree of item) where they met
    E_0   (n, d) the embeddings that are learned
    E_l   A E_(l - 1)
    E     the mean of E_0 to E_(n_layers); the score is the dot product of a user's and an item's row
"""

from collections.abc import Iterator
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from recmodels.data.histories import Histories
from recmodels.models.base import Entities, RecModel
from recmodels.models.parts import sparse
from recmodels.models.parts.sampling import NEVER, NegativeSampler, shuffled
from recmodels.models.parts.seen import Seen
from recmodels.search_space import Params


class LightGCN(RecModel):
    """One propagation serves a whole batch, whose pairs share their negatives, so a few large batches make an epoch.

    A checkpoint holds the propagated embeddings, with which it answers without the graph. Unseen users and items: see
    `Seen`.
    """

    propagated: Tensor  # (n, d) E, as of the last evaluation

    def __init__(self, params: Params, entities: Entities) -> None:
        super().__init__(params, entities)
        size, n = int(params["embedding_size"]), entities.n_users + entities.n_items
        self.embeddings = nn.Parameter(torch.randn(n, size) * 0.1)  # E_0
        self.register_buffer("propagated", torch.zeros(n, size))
        self.seen = Seen(entities.n_users, entities.n_items)
        self._is_stale = False

    def fit(self, histories: Histories) -> None:
        self.seen.remember(histories)
        self._sampler = NegativeSampler(histories)
        self._graph = _Graph(histories)
        self._is_stale = True

    def batches(self, histories: Histories, generator: torch.Generator) -> Iterator[tuple[Tensor, ...]]:
        """(users (B,), items (B,), negatives (m,) of all pairs, what a pair must not use (B, m), A's values)."""
        dropout = float(self.params["dropout"])
        for rows in shuffled(len(histories), int(self.params["batch_size"]), generator):
            users = histories.users[rows]
            shape = (int(self.params["n_negatives"]),)
            negatives = torch.randint(self.n_items, shape, generator=generator, device=users.device)
            illegal = self._sampler.has(users[:, None], negatives)
            yield users, histories.items[rows], negatives, illegal, self._graph.values(dropout, generator)

    def forward(self, *batch: Tensor) -> Tensor:
        users, items, negatives, illegal, graph_values = batch
        self._is_stale = True
        vectors = self._propagate(graph_values)  # (n, d)
        nodes = torch.cat([users, self.n_users + items])
        user_vectors, item_vectors = F.embedding(nodes, vectors).chunk(2)  # both (B, d); its gradient beats indexing's
        wanted = (user_vectors * item_vectors).sum(dim=1, keepdim=True)  # (B, 1)
        others = user_vectors @ F.embedding(self.n_users + negatives, vectors).T  # (B, m)
        others = others.masked_fill_(illegal, NEVER)
        if self.params["loss"] == "bpr":
            loss = F.softplus(others - wanted).sum() / (~illegal).sum().clamp(min=1)
        else:
            loss = F.softplus(others.logsumexp(dim=1) - wanted[:, 0]).mean()  # of a softmax over wanted and others
        shares = torch.bincount(nodes, minlength=len(vectors)) / len(users)
        return loss + float(self.params["weight_decay"]) * shares.dot(self.embeddings.square().sum(dim=1))

    def optimizer(self) -> torch.optim.Optimizer:
        """Adam: the decay is in the loss, so that only the nodes of a batch shrink."""
        return torch.optim.Adam([self.embeddings], lr=float(self.params["learning_rate"]), fused=True)

    def encode_items(self) -> Tensor:
        if self._is_stale:
            self.propagated.copy_(self._propagate(self._graph.all_values).detach())
            self._is_stale = False
        return self.propagated[self.n_users :]

    def score(self, users: Tensor, histories: Histories, items: Tensor | None) -> Tensor:
        item_table = self.encode_items()
        vectors = self.seen.vectors(users, histories, self.propagated[: self.n_users], item_table)
        return self.seen.finish(vectors @ item_table.T, users, histories)

    def weights(self) -> dict[str, Tensor]:
        return {name: weight for name, weight in self.state_dict().items() if name != "embeddings"}

    def load_weights(self, weights: dict[str, Tensor]) -> None:
        self.load_state_dict({"embeddings": self.embeddings} | weights)  # E_0 stays as it is: only E answers
        self._is_stale = False

    def _propagate(self, graph_values: Tensor) -> Tensor:
        layer, total = self.embeddings, self.embeddings
        for _ in range(int(self.params["n_layers"])):
            layer = _Spread.apply(self._graph.matrix(graph_values), layer)  # type: ignore[no-untyped-call]
            total = total + layer
        return total / (1 + int(self.params["n_layers"]))


class _Graph:
    """The normalised adjacency matrix; its edges can be dropped, both directions of one together."""

    def __init__(self, histories: Histories) -> None:
        matrix = sparse.interaction_matrix(histories)
        users, items = sparse.row_numbers(matrix), matrix.col_indices()
        degrees = torch.bincount(torch.cat([users, histories.n_users + items]), minlength=sum(matrix.shape)).float()
        weights = (degrees[users] * degrees[histories.n_users + items]).rsqrt()
        n, n_edges = len(degrees), len(users)
        rows, columns = torch.cat([users, histories.n_users + items]), torch.cat([histories.n_users + items, users])
        numbers = torch.arange(n_edges, device=users.device).repeat(2)
        numbered = sparse.csr(rows, columns, numbers, (n, n))
        self._n_edges, self._edges = n_edges, numbered.values()  # of each number of A, its edge
        self._offsets, self._columns = numbered.crow_indices(), numbered.col_indices()
        self.all_values = weights[self._edges]

    def values(self, dropout: float, generator: torch.Generator) -> Tensor:
        """The numbers of A with a share of the edges dropped and the others scaled up. (2 * edges,)"""
        if not dropout:
            return self.all_values
        kept = torch.rand(self._n_edges, generator=generator, device=self.all_values.device) >= dropout
        return self.all_values * kept[self._edges] / (1 - dropout)

    def matrix(self, values: Tensor) -> Tensor:
        """A with these numbers. CSR."""
        n = len(self._offsets) - 1
        return sparse.assembled(self._offsets, self._columns, values, (n, n))


class _Spread(torch.autograd.Function):
    """A E for a symmetric A, whose gradient is A times the gradient; torch's own would transpose A each time."""

    @staticmethod
    def forward(ctx: Any, matrix: Tensor, vectors: Tensor) -> Tensor:
        ctx.matrix = matrix
        return sparse.times(matrix, vectors)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[None, Tensor]:
        return None, sparse.times(ctx.matrix, gradients[0].contiguous())
