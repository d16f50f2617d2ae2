"""Matrix factorisation trained to rank: BPR (Rendle et al. 2009, BPR-Opt) or a softmax over sampled negatives.

Negatives are drawn for each pair, uniformly or by popularity (Mikolov et al. 2013 take the power 0.75), or are items of
the batch itself, shared by all its pairs. Where they are not uniform, a softmax with biases corrects their scores by
how often they are drawn (logQ: Bengio & Senécal 2008, Yi et al. 2019), and the biases begin there: else the rare items
of the first batches would outweigh all others.
"""

from collections.abc import Iterator

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from recmodels.data.histories import Histories
from recmodels.models.base import Entities, RecModel
from recmodels.models.parts.lazy_adam import LazyAdam, read_rows
from recmodels.models.parts.pairs import pair_scores
from recmodels.models.parts.sampling import NEVER, NegativeSampler, popularity, shuffled
from recmodels.models.parts.seen import Seen
from recmodels.search_space import Params


class BprMF(RecModel):
    """The score is the dot product of a user's and an item's embedding, plus the item's bias if asked.

    Users and items that training did not see are answered as `Seen` says: folded in from the history, else popularity.
    """

    def __init__(self, params: Params, entities: Entities) -> None:
        super().__init__(params, entities)
        size = int(params["embedding_size"])
        self.users = nn.Embedding(entities.n_users, size)
        self.items = nn.Embedding(entities.n_items, size)
        self.item_biases = nn.Parameter(torch.zeros(entities.n_items), requires_grad=bool(params["biases"]))
        self.seen = Seen(entities.n_users, entities.n_items)
        nn.init.normal_(self.users.weight, std=0.1 / size**0.5)
        nn.init.normal_(self.items.weight, std=0.1 / size**0.5)

    def fit(self, histories: Histories) -> None:
        self.seen.remember(histories)
        kind = self.params["negative_sampling"]
        power = {"uniform": 0.0, "in_batch": 1.0}.get(str(kind), float(self.params.get("popularity_power", 0.0)))
        self._sampler = NegativeSampler(histories, power if kind == "popularity" else 0.0)
        self._log_q: Tensor | None = None
        if power and self.params["biases"] and self.params["loss"] == "softmax":
            shares = popularity(histories, power)  # q, of which the least is that of an unseen item
            self._log_q = (shares.clamp(min=float(shares[shares > 0].min()) / 2) * self.n_items).log().float()
            self.item_biases.data.copy_(self._log_q)

    def batches(self, histories: Histories, generator: torch.Generator) -> Iterator[tuple[Tensor, ...]]:
        """(users (B,), items (B, 1 + n_negatives)), the positive first.

        In-batch: (users (B,), items (B, 1), negatives (m,) of all pairs, what a pair must not use (B, m)).
        """
        for rows in shuffled(len(histories), int(self.params["batch_size"]), generator):
            users, items = histories.users[rows], histories.items[rows, None]
            if self.params["negative_sampling"] == "in_batch":
                shared = items[: int(self.params["shared_negatives"]), 0]
                yield users, items, shared, self._sampler.has(users[:, None], shared)
            else:
                negatives = self._sampler.draw(users, int(self.params["n_negatives"]), generator)
                yield users, torch.cat([items, negatives], dim=1)

    def forward(self, *batch: Tensor) -> Tensor:
        users, items, *shared = batch
        users_alone = read_rows(users, self.users.weight, self.params)  # (B, d)
        user_vectors = F.pad(users_alone, (0, 1), value=1.0)  # (B, d + 1), the last for the biases
        item_table = torch.cat([self.items.weight, self.item_biases[:, None]], dim=1)  # (n_items, d + 1)
        scores = pair_scores(user_vectors, item_table, items)  # (B, 1 + n)
        wanted, others, drawn = scores[:, :1], scores[:, 1:], items[:, 1:]
        if shared:
            drawn, illegal = shared
            others = (user_vectors @ F.embedding(drawn, item_table).T).masked_fill_(illegal, NEVER)  # (B, m)
        if self.params["loss"] == "bpr":
            loss = F.softplus(others - wanted).sum() / ((~illegal).sum().clamp(min=1) if shared else others.numel())
        else:
            others = others if self._log_q is None else others - self._log_q[drawn]
            loss = F.softplus(others.logsumexp(dim=1) - wanted[:, 0]).mean()  # of a softmax over wanted and others
        norms = users_alone.square().sum() / len(users) + self._mean_square_norm(items, *shared[:1])
        return loss + float(self.params["weight_decay"]) * norms

    def _mean_square_norm(self, *items: Tensor) -> Tensor:
        """The mean squared length of the vectors of these items, each as often as it is there. Scalar."""
        numbers = torch.cat([some.flatten() for some in items])
        shares = torch.bincount(numbers, minlength=self.n_items) / len(numbers)
        return shares.dot(self.items.weight.square().sum(dim=1))

    def optimizer(self) -> torch.optim.Optimizer:
        """Adam: the decay is in the loss, so that only the rows of a batch shrink."""
        weights = [weight for weight in self.parameters() if weight.requires_grad]
        return LazyAdam(weights, lr=float(self.params["learning_rate"]), fused=True)

    def encode_items(self) -> Tensor:
        return self.items.weight

    def score(self, users: Tensor, histories: Histories, items: Tensor | None) -> Tensor:
        vectors = self.seen.vectors(users, histories, self.users.weight, self.items.weight)
        return self.seen.finish(vectors @ self.items.weight.T + self.item_biases, users, histories)
