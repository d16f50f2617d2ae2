"""What models of the next item share: one table of items, windows of histories, a loss at every position, scores.

A subclass turns the vectors of a window into a state at each position, which sees that position and those before it.
Windows are padded on the right, so that under this rule no real position sees the padding.

    B  users of a batch     L  positions, at most max_length     d  embedding_size     m  real positions of a batch
"""

import math
from collections.abc import Iterator

import torch
from torch import Tensor, nn

from recmodels.data.histories import Histories
from recmodels.errors import DataError
from recmodels.models.base import Entities, RecModel
from recmodels.models.parts import windows
from recmodels.models.parts.softmax import full_softmax, gbce, sampled_softmax
from recmodels.search_space import Params

MAX_FULL_SOFTMAX = 10_000  # items; above, `softmax` means the sampled one
N_SAMPLED = 1024  # negatives of that


class SequenceModel(RecModel):
    """The score of an item is its embedding times the state at the user's latest position.

    A user with a history is scored from it, whether training knew the user or not. A user without one gets all items in
    the order of their popularity.
    """

    def __init__(self, params: Params, entities: Entities) -> None:
        super().__init__(params, entities)
        self.length = int(params["max_length"])
        size = int(params["embedding_size"])
        self.items = nn.Embedding(entities.n_items + 1, size, padding_idx=entities.n_items)  # the last row is padding
        nn.init.normal_(self.items.weight, std=0.02)
        nn.init.zeros_(self.items.weight[entities.n_items :])

    def encode(self, vectors: Tensor) -> Tensor:
        """The state at each position: the windows' item vectors (B, L, d), oldest first, to (B, L, d)."""
        raise NotImplementedError

    def fit(self, histories: Histories) -> None:
        if not (histories.lengths() > 1).any():
            name = type(self).__name__.lower()
            raise DataError(
                f"{name} learns what follows what, and no user has two interactions to train on; try another model"
            )
        counts = histories.counts() + 1.0  # so that every item can be drawn
        self._shares = counts / counts.sum()  # (n_items,)

    def batches(self, histories: Histories, generator: torch.Generator) -> Iterator[tuple[Tensor, ...]]:
        """(inputs (B, L), targets (B, L)), padded with `n_items`: what is read, and what should be named after it.

        Long histories are cut at places that are drawn anew each epoch, so that without augmentation every item but a
        user's first is asked for once in it.
        """
        kind, share = self.params["augmentation"], float(self.params.get("augmentation_share", 0.0))
        starts, stops = windows.cut(histories, self.length, generator)
        if kind == "crop":
            starts, stops = windows.crop(starts, stops, share, generator)
        for batch in windows.batched(histories, starts, stops, int(self.params["batch_size"]), generator):
            # items change places before the targets are taken, or an item could be read before it is asked for
            ordered = windows.reorder(batch, share, self.n_items, generator) if kind == "reorder" else batch
            inputs, targets = ordered[:, :-1], ordered[:, 1:]
            yield (windows.mask(inputs, share, self.n_items, generator) if kind == "mask" else inputs), targets

    def forward(self, *batch: Tensor) -> Tensor:
        inputs, targets = batch
        is_real = targets != self.n_items  # (B, L)
        wanted = targets[is_real]  # (m,)
        vectors: Tensor = self.items(inputs)  # (B, L, d)
        loss = self.loss(self.encode(vectors)[is_real], wanted)
        strength = float(self.params["adversarial"])
        if not strength or not self.training:
            return loss
        worse = vectors + perturbation(loss, vectors, strength)
        return (loss + self.loss(self.encode(worse)[is_real], wanted)) / 2

    def loss(self, states: Tensor, targets: Tensor) -> Tensor:
        """The mean loss of states (m, d) that should name the targets (m,). Scalar."""
        kind, smoothing = self.params["loss"], float(self.params.get("label_smoothing", 0.0))
        if kind == "softmax" and self.n_items <= MAX_FULL_SOFTMAX:
            return full_softmax(states, self.items.weight[: self.n_items], targets, smoothing)
        n = int(self.params.get("n_negatives", N_SAMPLED))
        if self.params.get("negative_sampling") == "popularity":
            negatives = torch.multinomial(self._shares, n, replacement=True)  # (n,)
            return sampled_softmax(
                states, self.items.weight, targets, negatives, self._shares[negatives].log(), smoothing
            )
        negatives = torch.randint(self.n_items, (n,), device=states.device)
        if kind == "gbce":
            calibration = float(self.params["calibration"])
            return gbce(states, self.items.weight, targets, negatives, n_items=self.n_items, calibration=calibration)
        log_q = torch.full((n,), -math.log(self.n_items), device=states.device)
        return sampled_softmax(states, self.items.weight, targets, negatives, log_q, smoothing)

    def encode_items(self) -> Tensor:
        return self.items.weight[: self.n_items]

    def score(self, users: Tensor, histories: Histories, items: Tensor | None) -> Tensor:
        n_read = (histories.offsets[users + 1] - histories.offsets[users]).clamp(max=self.length)  # (B,)
        latest = histories.last(users, max(int(n_read.max()), 1))  # (B, L)
        states = self.encode(self.items(latest))[torch.arange(len(users), device=users.device), (n_read - 1).clamp(0)]
        scores = states @ self.items.weight[: self.n_items].T
        if not n_read.all():
            scores[n_read == 0] = histories.counts().to(scores.dtype)
        return scores


def perturbation(loss: Tensor, vectors: Tensor, strength: float) -> Tensor:
    """The step of each vector that makes the loss grow most, `strength` times as long as that vector. As `vectors`.

    Source: Miyato, Dai & Goodfellow 2017, Adversarial Training Methods for Semi-Supervised Text Classification, eq. 5.
    """
    (gradient,) = torch.autograd.grad(loss, vectors, retain_graph=True)
    step: Tensor = nn.functional.normalize(gradient, dim=-1) * vectors.detach().norm(dim=-1, keepdim=True)
    return strength * step
