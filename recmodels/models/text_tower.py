"""Two towers over item texts: an item is the encoder's vector of its text, a user the items read before.

    B  positions of a batch     L  history_length     n  items     m  items in the softmax     d  embedding_size

At each position of a history the next item is named among all items seen in training; where these are many, among
those of the batch and a sample, with a correction for the chance to be sampled (logQ). Only a few texts a step pass
through the trained layers; the others keep the vector they had when last encoded, as in a memory bank.
Sources: Yi et al. 2019 (two towers, logQ correction); Wang et al. 2020 (memory bank); Hu et al. 2022 (LoRA).
"""

import math
from collections.abc import Iterator, Sequence
from typing import ClassVar

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, nn

from recmodels.data.histories import Histories
from recmodels.errors import DataError
from recmodels.models.base import Entities
from recmodels.models.parts.adapted import Adapted
from recmodels.models.parts.dropout import Dropout
from recmodels.models.parts.item_encoder import ItemEncoder
from recmodels.models.parts.sampling import shuffled
from recmodels.pretrained import adapters
from recmodels.search_space import Params


class TextTower(Adapted):
    """Scores `cosine(user, item) / temperature + popularity_weight · log popularity`, an unseen item by its text."""

    max_full_softmax: ClassVar[int] = 10_000  # items; above, the softmax is over the batch's targets and sampled items
    n_sampled: ClassVar[int] = 4_096
    log_popularity: Tensor  # (n,) float32, smoothed, so that an unseen item has one too
    is_seen: Tensor  # (n,) bool

    def __init__(self, params: Params, entities: Entities) -> None:
        super().__init__(params, entities)
        if entities.item_texts is None:
            raise DataError("text_tower reads item texts, and the dataset has no text columns for its items")
        size = int(params["embedding_size"])
        self.length = int(params["history_length"])
        self.encoder = ItemEncoder(entities.item_texts, adapters.AdapterConfig.from_params(params))
        self.norm = nn.LayerNorm(self.encoder.dimension)
        self.project = nn.Linear(self.encoder.dimension, size)
        self.ages = nn.Parameter(torch.zeros(self.length))  # log weight of a history's items, the latest first
        self.to_user = nn.Linear(size, size)
        nn.init.eye_(self.to_user.weight)
        nn.init.zeros_(self.to_user.bias)
        self.user_table = nn.Embedding(entities.n_users, size) if params["user_embedding"] else None
        if self.user_table is not None:
            nn.init.zeros_(self.user_table.weight)
        self.dropout = Dropout(float(params["dropout"]))
        self.register_buffer("log_popularity", torch.full((self.n_items,), -math.log(self.n_items)))
        self.register_buffer("is_seen", torch.ones(self.n_items, dtype=torch.bool))
        self._bank: Tensor | None = None  # (n, h) the encoder's latest vectors
        self._is_bank_fresh = False

    def fit(self, histories: Histories) -> None:
        counts = histories.counts()
        self.is_seen.copy_(counts > 0)
        self.log_popularity.copy_(((counts + 1) / (counts.sum() + self.n_items)).log())

    def batches(self, histories: Histories, generator: torch.Generator) -> Iterator[tuple[Tensor, ...]]:
        """(users (B,), windows (B, L), targets (B,), live (<= encoded_items,)): `live` are encoded in this step."""
        starts = histories.offsets[histories.users]  # (N,) where the user of each position begins
        positions = torch.arange(len(histories), device=histories.device)
        asked = positions if self.user_table is not None else positions[positions > starts]
        n_live = int(self.params.get("encoded_items", 0))
        for rows in shuffled(len(asked), int(self.params["batch_size"]), generator):
            stops = asked[rows]
            windows = histories.window(torch.maximum(starts[stops], stops - self.length), stops, self.length)
            targets = histories.items[stops]
            # any item, not only targets: those are all to be raised, and the adapter would learn to raise everything
            live = torch.randperm(self.n_items, generator=generator, device=generator.device)[:n_live]
            yield histories.users[stops], windows, targets, live

    def forward(self, *batch: Tensor) -> Tensor:
        users, windows, targets, live = batch
        items = self._embed(self._vectors_with(live))  # (n, d)
        states = self._states(users, windows, items)  # (B, d)
        pool, log_chance = self._pool(targets)
        logits = self._logits(states, items[pool], self._prior()[pool] - log_chance)  # (B, m)
        places = torch.zeros(self.n_items, dtype=torch.int64, device=pool.device)
        places[pool] = torch.arange(len(pool), device=pool.device)
        return F.cross_entropy(logits, places[targets])

    def encode_items(self) -> Tensor:
        if self._bank is None or not self._is_bank_fresh:
            self._bank, self._is_bank_fresh = self.encoder.encode_all(), True
        return self._embed(self._bank)

    def score(self, users: Tensor, histories: Histories, items: Tensor | None) -> Tensor:
        items = self.encode_items() if items is None else items
        states = self._states(users, histories.last(users, self.length), items)
        return self._logits(states, items, self._prior())

    def score_texts(self, users: Tensor, histories: Histories, items: Tensor, texts: Sequence[str]) -> Tensor:
        """As `score`, of texts that are of no item, each as an item that nobody has tried yet. (B, len(texts))"""
        states = self._states(users, histories.last(users, self.length), items)
        return self._logits(states, self._embed(self.encoder.encode_texts(texts)), self._prior().min())

    def optimizer(self) -> torch.optim.Optimizer:
        """AdamW; the encoder's trained weights go at `adapter_learning_rate`."""
        learning_rate, weight_decay = float(self.params["learning_rate"]), float(self.params["weight_decay"])
        inside = [weight for weight in self.encoder.parameters() if weight.requires_grad]
        outside = [weight for name, weight in self.named_parameters() if not name.startswith("encoder.")]
        groups = [{"params": outside, "lr": learning_rate, "weight_decay": weight_decay}]
        if inside:
            groups.append({"params": inside, "lr": float(self.params["adapter_learning_rate"]), "weight_decay": 0.0})
        return torch.optim.AdamW(groups)

    def adapted(self) -> nn.Module:
        return self.encoder.model

    def load_weights(self, weights: dict[str, Tensor]) -> None:
        super().load_weights(weights)
        self._is_bank_fresh = False

    def training_state(self) -> dict[str, Tensor]:
        """With the bank, in which an item has the vector of the step that encoded it last."""
        return super().training_state() | ({} if self._bank is None else {"bank": self._bank})

    def load_training_state(self, state: dict[str, Tensor]) -> None:
        self._bank = state["bank"].to(self.log_popularity.device)
        super().load_training_state(state)

    def _vectors_with(self, live: Tensor) -> Tensor:
        """The encoder's vectors, those of `live` made now, with gradients. (n, h)"""
        if self._bank is None:
            self._bank = self.encoder.encode_all()
        if not len(live):
            return self._bank
        fresh = self.encoder(live).to(self._bank.dtype)  # (<= encoded_items, h)
        vectors = self._bank.index_copy(0, live, fresh)
        self._bank, self._is_bank_fresh = vectors.detach(), False
        return vectors

    def _embed(self, vectors: Tensor) -> Tensor:
        """(n, h) → (n, d), of length 1."""
        return F.normalize(self.project(self.norm(vectors)).float(), dim=1)

    def _states(self, users: Tensor, windows: Tensor, items: Tensor) -> Tensor:
        """Of users by number and history, right-padded with n: (B,), (B, L) → (B, d), of length 1."""
        is_real = windows != self.n_items  # (B, L)
        age = is_real.sum(dim=1, keepdim=True) - 1 - torch.arange(self.length, device=windows.device)  # 0: the latest
        weights = self.ages[age.clamp(min=0)].exp() * is_real
        weights = weights / weights.sum(dim=1, keepdim=True).clamp(min=1e-6)
        read = windows.clamp(max=self.n_items - 1)
        mean = F.embedding_bag(read, items, per_sample_weights=weights.to(items.dtype), mode="sum")  # (B, d)
        states = self.to_user(self.dropout(mean))
        if self.user_table is None:  # training saw no empty history, whose state would be a bias learned for others
            states = states * is_real.any(dim=1, keepdim=True)
        else:
            known = users.clamp(max=self.n_users - 1)
            states = states + self.user_table(known) * (users < self.n_users)[:, None]
        return F.normalize(states.float(), dim=1)

    def _prior(self) -> Tensor:
        """What an item's popularity adds to its score. (n,)"""
        return float(self.params["popularity_weight"]) * self.log_popularity

    def _logits(self, states: Tensor, items: Tensor, prior: Tensor) -> Tensor:
        """(B, d), (m, d), (m,) → (B, m)"""
        with torch.autocast(states.device.type, enabled=False):  # a low temperature needs every digit
            return torch.addmm(prior, states.float(), items.float().T, alpha=1 / float(self.params["temperature"]))

    def _pool(self, targets: Tensor) -> tuple[Tensor, Tensor]:
        """The items of the softmax, and the log of the chance of each to be among them, given the targets. (m,), (m,)

        Subtracted from the logits, it makes the softmax's sum an unbiased estimate of that over all seen items.
        """
        seen = self.is_seen.nonzero().squeeze(1)
        if len(seen) <= self.max_full_softmax:
            return seen, torch.zeros(len(seen), device=seen.device)
        drawn = seen[torch.randint(len(seen), (self.n_sampled,), device=seen.device)]
        pool = torch.unique(torch.cat([targets, drawn]))
        is_target = torch.zeros(self.n_items, dtype=torch.bool, device=pool.device).index_fill(0, targets, True)
        chance = -math.expm1(self.n_sampled * math.log1p(-1 / len(seen)))  # to be drawn at least once
        return pool, torch.where(is_target[pool], 0.0, math.log(chance))
