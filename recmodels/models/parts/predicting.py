"""Models that predict a label or a rating for a user, an item and a context, and rank by what they predict.

    model.learn_from(observations)     # the train rows, before `fit`; without it the histories are the rows
    model.fit(histories)
    output = model.predict(users, items, context, numbers)   # a logit, or a rating less the mean

Where the rows have no labels, each that was wanted is told from sampled items that the user does not have. `score`
takes each user's context from their latest train row, the unknown values for a user who has none.
"""

from abc import abstractmethod
from collections.abc import Iterator
from typing import ClassVar

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor

from recmodels.data.histories import Histories
from recmodels.data.observations import Observations
from recmodels.models.base import Entities, Fallback, RecModel
from recmodels.models.parts.dropout import Dropout
from recmodels.models.parts.sampling import NegativeSampler, shuffled
from recmodels.search_space import Params

PAIRS = 2**16  # user-item pairs predicted at once


class Predictor(RecModel):
    """Subclasses implement `predict`, and `see` if they have to look at the train rows."""

    reads_histories = False
    without_history: ClassVar[Fallback] = "average_user"
    reads_past: ClassVar[bool] = False  # whether the rows should say what was answered before each
    mean: Tensor  # of the ratings; 0 for labels
    logit_shift: Tensor  # puts back the odds that balanced classes took away
    user_context: Tensor  # (n_users, C)
    user_numbers: Tensor  # (n_users, N)

    def __init__(self, params: Params, entities: Entities) -> None:
        super().__init__(params, entities)
        features = entities.features
        n_codes = len(features.context_fields) if features else 0
        n_numbers = len(features.number_names) if features else 0
        self.register_buffer("mean", torch.zeros(()))
        self.register_buffer("logit_shift", torch.zeros(()))
        self.register_buffer("user_context", torch.zeros(entities.n_users, n_codes, dtype=torch.int64))
        self.register_buffer("user_numbers", torch.full((entities.n_users, n_numbers), torch.nan))
        self._rows: Observations | None = None

    @abstractmethod
    def predict(self, users: Tensor, items: Tensor, context: Tensor, numbers: Tensor) -> Tensor:
        """The logit of a label of 1, or a rating less the mean. (B,); all but `users` and `items` as `Observations`."""

    def see(self, rows: Observations) -> None:
        """Look at the train rows once."""

    def learn_from(self, rows: Observations) -> None:
        """Take the rows to train on."""
        self._rows = rows
        last = torch.searchsorted(rows.users, torch.arange(self.n_users, device=rows.users.device), right=True) - 1
        has_row = (torch.bincount(rows.users, minlength=self.n_users) > 0)[:, None]
        last = last.clamp(min=0)
        self.user_context = rows.context[last].masked_fill(~has_row, 0)
        self.user_numbers = rows.numbers[last].masked_fill(~has_row, torch.nan)
        if rows.target == "rating" and rows.labels is not None:
            self.mean = rows.labels.mean()
        self.see(rows)

    def fit(self, histories: Histories) -> None:
        if self._rows is None:
            self.learn_from(rows_of(histories, self.user_context, self.user_numbers))
        rows = self._rows
        if rows is None or rows.labels is None:
            self._sampler = NegativeSampler(histories)
        elif rows.target == "label":
            self._positive, self._negative = (rows.labels > 0).nonzero()[:, 0], (rows.labels <= 0).nonzero()[:, 0]
            if self._is_balanced and len(self._positive) and len(self._negative):
                odds = len(self._positive) / len(self._negative)
                self.logit_shift = torch.tensor(odds, device=rows.labels.device).log()

    @property
    def _is_balanced(self) -> bool:
        return "balanced" in (self.params["class_weight"], self.params["resampling"])

    def batches(self, histories: Histories, generator: torch.Generator) -> Iterator[tuple[Tensor, ...]]:
        """(users, items, context, numbers, labels), each with a row an example."""
        rows, size = self._rows, int(self.params["batch_size"])
        if rows is None or rows.labels is None:
            yield from self._against_sampled(size, generator)
            return
        for part in _parts(self._order(rows, generator), size):
            yield *rows.batch(part), rows.labels[part]

    def _order(self, rows: Observations, generator: torch.Generator) -> Tensor:
        """The rows of an epoch. (m,)"""
        if rows.wanted is not None:
            return rows.wanted[torch.randperm(len(rows.wanted), generator=generator, device=generator.device)]
        order = torch.randperm(len(rows), generator=generator, device=generator.device)
        if rows.target != "label" or self.params["resampling"] == "none":
            return order
        sides = [side for side in (self._positive, self._negative) if len(side)]
        counts = (len(rows) // 2, len(rows) - len(rows) // 2) if len(sides) == 2 else (len(rows),)
        drawn = [
            side[torch.randint(len(side), (n,), generator=generator, device=generator.device)]
            for side, n in zip(sides, counts, strict=True)
        ]
        return torch.cat(drawn)[order]

    def _against_sampled(self, size: int, generator: torch.Generator) -> Iterator[tuple[Tensor, ...]]:
        n = int(self.params["n_negatives"])
        rows = self._rows
        if rows is None:
            return
        n_wanted = len(rows) if rows.wanted is None else len(rows.wanted)
        for part in shuffled(n_wanted, max(size // (1 + n), 1), generator):
            part = part if rows.wanted is None else rows.wanted[part]
            users, items, context, numbers = rows.batch(part)
            items = torch.cat([items[:, None], self._sampler.draw(users, n, generator)], dim=1)  # (B, 1 + n)
            labels = torch.zeros(items.shape, device=items.device)
            labels[:, 0] = 1.0
            repeated = (values.repeat_interleave(1 + n, dim=0) for values in (context, numbers))
            yield users.repeat_interleave(1 + n), items.flatten(), *repeated, labels.flatten()

    def forward(self, *batch: Tensor) -> Tensor:
        *given, labels = batch
        return self.loss(self.predict(*given), labels)

    def loss(self, outputs: Tensor, labels: Tensor) -> Tensor:
        """The mean loss of what `predict` gave. Both (m,)."""
        if self._rows is not None and self._rows.target == "rating":
            return F.mse_loss(outputs, labels - self.mean)
        smoothing = float(self.params["label_smoothing"])
        smooth = labels * (1 - smoothing) + smoothing / 2
        return F.binary_cross_entropy_with_logits(outputs, smooth, weight=self._weights_of(labels))

    def _weights_of(self, labels: Tensor) -> Tensor | None:
        """So that both classes weigh alike: n / 2n_c, unless the rows were drawn so."""
        rows = self._rows
        if rows is None or rows.labels is None or self.params["class_weight"] == "none":
            return None
        if self.params["resampling"] == "balanced":
            return None
        of_positive, of_negative = (len(rows) / 2 / max(len(s), 1) for s in (self._positive, self._negative))
        return torch.where(labels > 0, of_positive, of_negative)

    def predicted(self, rows: Observations) -> Tensor:
        """The probability of a label of 1, or the rating, of each row. (m,); called in eval mode without gradients."""
        parts = torch.split(torch.arange(len(rows), device=rows.users.device), PAIRS)
        outputs = torch.cat([self.predict(*rows.batch(part)) for part in parts])
        return outputs + self.mean if rows.target == "rating" else (outputs + self.logit_shift).sigmoid()

    def score(self, users: Tensor, histories: Histories, items: Tensor | None) -> Tensor:
        context, numbers = self._context_of(users)
        pairs = torch.split(torch.arange(len(users) * self.n_items, device=users.device), PAIRS)
        parts = [
            self.predict(users[rows], pair % self.n_items, context[rows], numbers[rows])
            for pair in pairs
            for rows in (pair // self.n_items,)
        ]
        return torch.cat(parts).view(len(users), self.n_items).float()

    def _context_of(self, users: Tensor) -> tuple[Tensor, Tensor]:
        """Of their latest train rows; unknown where there is none. (B, C), (B, N)"""
        is_new, known = (users >= self.n_users)[:, None], users.clamp(max=self.n_users - 1)
        return self.user_context[known].masked_fill(is_new, 0), self.user_numbers[known].masked_fill(is_new, torch.nan)

    def optimizer(self) -> torch.optim.Optimizer:
        """Adam; `weight_decay` is of the embeddings alone, added to their gradient as the L2 penalty it is."""
        decayed = {id(weight) for weight in self.embedding_weights()}
        groups = [
            {"params": [w for w in self.parameters() if (id(w) in decayed) == is_decayed], "weight_decay": decay}
            for is_decayed, decay in ((True, float(self.params["weight_decay"])), (False, 0.0))
        ]
        return torch.optim.Adam(groups, lr=float(self.params["learning_rate"]), fused=True)

    @abstractmethod
    def embedding_weights(self) -> list[Tensor]:
        """What `weight_decay` holds back."""


def mlp(n_inputs: int, params: Params) -> torch.nn.Sequential:
    """`n_layers` of `hidden_size`, each linear, ReLU, dropout; with `batch_norm` before the ReLU."""
    layers: list[torch.nn.Module] = []
    for _ in range(int(params["n_layers"])):
        size = int(params["hidden_size"])
        layers += [torch.nn.Linear(n_inputs, size)]
        layers += [torch.nn.BatchNorm1d(size)] if params["batch_norm"] else []
        layers += [torch.nn.ReLU(), Dropout(float(params["dropout"]))]
        n_inputs = size
    return torch.nn.Sequential(*layers)


def _parts(order: Tensor, size: int) -> list[Tensor]:
    """In batches, none of one row, of which a batch norm can tell nothing: it joins the one before, or itself."""
    parts = list(torch.split(order, size))
    if len(parts[-1]) == 1:
        parts[-2:] = [torch.cat([*parts[-2:-1], parts[-1]] if len(parts) > 1 else [order, order])]
    return parts


def rows_of(histories: Histories, context: Tensor, numbers: Tensor) -> Observations:
    """The histories as rows whose context is unknown."""
    n = len(histories)
    return Observations(
        users=histories.users,
        items=histories.items,
        context=context.new_zeros(n, context.shape[1]),
        numbers=numbers.new_full((n, numbers.shape[1]), torch.nan),
    )
