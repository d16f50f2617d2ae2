"""The contract of every recommender model, and what the training tool calls when.

    model = SomeModel(params, entities)              # random weights; torch's global seed is set before
    model.fit(histories)                             # once, before the first epoch; closed-form models end here
    for batch in model.batches(histories, rng):      # every epoch, unless `is_closed_form`
        loss = model(*batch)                         # forward(*batch) is the mean loss of the batch
        loss.backward(); optimizer.step()
    loss = model.train_epoch(histories, rng)         # instead of batches and gradients, if `trains_itself`
    items = model.encode_items()                     # once an evaluation, in eval mode and without gradients
    scores = model.score(users, histories, items)    # block by block; seen items are masked by the caller
    best = model.weights(); model.load_weights(best) # the best epoch's weights are kept and put back
    model.save(folder); model.load(folder)           # a checkpoint

Histories are a user's items before the cut that is evaluated: train for valid, train and valid for test, everything
when serving. A model that learned user embeddings may ignore them, one that reads sequences ignores the user's number.
A number of `n_users` or above is a user of whom nothing is known beside the history. See cold_start.py.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Literal

import safetensors.torch
import torch
from torch import Tensor, nn

from recmodels.data.features import Features
from recmodels.data.histories import Histories
from recmodels.pretrained.rank_allocation import allocation_state, load_allocation_state
from recmodels.search_space import Params

WEIGHTS_FILE = "model.safetensors"
Fallback = Literal["popularity", "average_user"]
"""What a list is instead of the user's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entities:
    """What a model may know of users and items before it sees an interaction."""

    n_users: int
    n_items: int
    item_texts: tuple[str, ...] | None = None  # (n_items,) the text columns joined; only for models that need "text"
    features: Features | None = None  # only for models that predict


class RecModel(nn.Module):
    """A recommender: random or pretrained weights, a loss over its own batches, scores for all items.

    A subclass implements `score`, and one of: `fit` (with `is_closed_form = True`), `batches` and `forward`, or
    `train_epoch` (with `trains_itself = True`).
    `params` are complete and legal: they passed `SearchSpace.check`; a param whose condition does not hold is absent.
    """

    is_closed_form: ClassVar[bool] = False  # trained by `fit` alone, no epochs
    trains_itself: ClassVar[bool] = False  # an epoch is `train_epoch`, such as a sweep of alternating least squares
    reads_histories: ClassVar[bool] = True  # scores follow what a user did, whether training knew the user or not
    without_history: ClassVar[Fallback] = "popularity"  # what a user gets of whom nothing is known

    def __init__(self, params: Params, entities: Entities) -> None:
        super().__init__()
        self.params = dict(params)
        self.n_users = entities.n_users
        self.n_items = entities.n_items

    def fit(self, histories: Histories) -> None:
        """Look at the train histories once, on the device: solve the closed form, or count, index and cache."""

    def batches(self, histories: Histories, generator: torch.Generator) -> Iterator[tuple[Tensor, ...]]:
        """One epoch of batches, drawn on the device; each is handed to `forward`. No Python loop per user or item.

        All randomness comes from `generator`, which lives on the device of `histories`.
        """
        raise NotImplementedError

    def forward(self, *batch: Tensor) -> Tensor:
        """The mean loss of one batch. Scalar."""
        raise NotImplementedError

    def train_epoch(self, histories: Histories, generator: torch.Generator) -> float:
        """One epoch without an optimizer; called in train mode without gradients. Returns its mean loss.

        All randomness comes from `generator`. Every process of a run on several devices does the same work.
        """
        raise NotImplementedError

    def optimizer(self) -> torch.optim.Optimizer:
        """AdamW over the trainable weights with the params `learning_rate` and, where declared, `weight_decay`."""
        return torch.optim.AdamW(
            [weight for weight in self.parameters() if weight.requires_grad],
            lr=float(self.params["learning_rate"]),
            weight_decay=float(self.params.get("weight_decay", 0.0)),
            fused=True,
        )

    def adapted(self) -> nn.Module | None:
        """The pretrained network that carries an adapter (see `adapters.attach`), for the loop to steer; else None."""
        return None

    def encode_items(self) -> Tensor | None:
        """What `score` needs of the items and is worth computing once: their embeddings (n_items, d), or None."""
        return None

    def score(self, users: Tensor, histories: Histories, items: Tensor | None) -> Tensor:
        """How much each user wants each item; higher is better. Called in eval mode without gradients.

        Args:
            users: (B,) int64.
            histories: What these users did so far, on the same device; may be longer than in training.
            items: What `encode_items` returned.

        Returns:
            (B, n_items) float32, a fresh tensor (the caller writes -inf over seen items); no NaN.
        """
        raise NotImplementedError

    def weights(self) -> dict[str, Tensor]:
        """What a checkpoint holds, by name; a model on a frozen encoder leaves the encoder out."""
        return self.state_dict()

    def load_weights(self, weights: dict[str, Tensor]) -> None:
        """Put back what `weights` gave."""
        self.load_state_dict(weights)

    def training_state(self) -> dict[str, Tensor]:
        """All that the next epoch starts from and `fit` does not give: weights that train, buffers, an adapter's."""
        weights = {name: weight for name, weight in self.named_parameters() if weight.requires_grad}
        return weights | dict(self.named_buffers()) | allocation_state(self.adapted())

    @torch.no_grad()
    def load_training_state(self, state: dict[str, Tensor]) -> None:
        """Put back what `training_state` gave, after `fit`."""
        load_allocation_state(self.adapted(), state)
        own = self.training_state()
        if own.keys() != state.keys():
            raise RuntimeError(f"the state does not fit: {', '.join(sorted(own.keys() ^ state.keys())[:3])}")
        for name, tensor in own.items():
            tensor.copy_(state[name])

    def save(self, folder: Path) -> None:
        """Write the weights into an existing folder: `model.safetensors`; subclasses may add an adapter folder."""
        weights = {name: weight.detach().contiguous().cpu() for name, weight in self.weights().items()}
        safetensors.torch.save_file(weights, folder / WEIGHTS_FILE)

    def load(self, folder: Path) -> None:
        """Read what `save` wrote."""
        self.load_weights(safetensors.torch.load_file(folder / WEIGHTS_FILE))
