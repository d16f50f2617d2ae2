"""Matrix factorisation trained to rank: BPR (Rendle et al. 2009, BPR-Opt) or a softmax over sampled negatives."""

from collections.abc import Iterator

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from recmodels.models.base import Entities, RecModel
from recmodels.models.histories import Histories
from recmodels.models.sampling import NegativeSampler, shuffled
from recmodels.search_space import Params


class BprMF(RecModel):
    """The score is the dot product of a user's and an item's embedding, plus the item's bias if asked."""

    def __init__(self, params: Params, entities: Entities) -> None:
        super().__init__(params, entities)
        size = int(params["embedding_size"])
        self.users = nn.Embedding(entities.n_users, size)
        self.items = nn.Embedding(entities.n_items, size)
        self.item_biases = nn.Parameter(torch.zeros(entities.n_items), requires_grad=bool(params["biases"]))
        nn.init.normal_(self.users.weight, std=0.1 / size**0.5)
        nn.init.normal_(self.items.weight, std=0.1 / size**0.5)

    def fit(self, histories: Histories) -> None:
        self._sampler = NegativeSampler(histories)

    def batches(self, histories: Histories, generator: torch.Generator) -> Iterator[tuple[Tensor, ...]]:
        """(users (B,), items (B, 1 + n_negatives)), the positive first."""
        n_negatives = int(self.params["n_negatives"])
        for rows in shuffled(len(histories), int(self.params["batch_size"]), generator):
            users = histories.users[rows]
            negatives = self._sampler.draw(users, n_negatives, generator)
            yield users, torch.cat([histories.items[rows, None], negatives], dim=1)

    def forward(self, *batch: Tensor) -> Tensor:
        users, items = batch
        user_vectors: Tensor = self.users(users)  # (B, d)
        item_vectors: Tensor = self.items(items)  # (B, 1 + n, d)
        scores = (user_vectors[:, None] * item_vectors).sum(-1) + self.item_biases[items]  # (B, 1 + n)
        if self.params["loss"] == "bpr":
            loss = F.softplus(scores[:, 1:] - scores[:, :1]).mean()
        else:
            loss = (scores.logsumexp(dim=1) - scores[:, 0]).mean()
        squares = _mean_square_norm(user_vectors) + _mean_square_norm(item_vectors)
        return loss + float(self.params["weight_decay"]) * squares

    def optimizer(self) -> torch.optim.Optimizer:
        """Adam: the decay is in the loss, so that only the rows of a batch shrink."""
        weights = [weight for weight in self.parameters() if weight.requires_grad]
        return torch.optim.Adam(weights, lr=float(self.params["learning_rate"]), fused=True)

    def encode_items(self) -> Tensor:
        return self.items.weight

    def score(self, users: Tensor, histories: Histories, items: Tensor | None) -> Tensor:
        user_vectors: Tensor = self.users(users)
        return user_vectors @ self.items.weight.T + self.item_biases


def _mean_square_norm(vectors: Tensor) -> Tensor:
    flat = vectors.flatten()
    return flat.dot(flat) * (vectors.shape[-1] / len(flat))  # a dot is much quicker than square and sum
