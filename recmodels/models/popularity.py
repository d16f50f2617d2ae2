"""The most popular items for everybody."""

import torch
from torch import Tensor

from recmodels.data.histories import Histories
from recmodels.models.base import Entities, RecModel
from recmodels.search_space import Params


class Popularity(RecModel):
    """Scores an item by how often it was seen in training."""

    is_closed_form = True
    reads_histories = False
    counts: Tensor  # (n_items,) float32

    def __init__(self, params: Params, entities: Entities) -> None:
        super().__init__(params, entities)
        self.register_buffer("counts", torch.zeros(entities.n_items))

    def fit(self, histories: Histories) -> None:
        self.counts.copy_(histories.counts())

    def score(self, users: Tensor, histories: Histories, items: Tensor | None) -> Tensor:
        return self.counts.repeat(len(users), 1)
