"""What each user had most often, the latest counting more where asked, then what is most popular.

The bar where people have items again: "personal top frequency" of next-basket recommendation (Li et al. 2023). Where
seen items are masked it is `popularity`.
"""

import torch
from torch import Tensor

from recmodels.data.histories import Histories
from recmodels.models.base import Entities, RecModel
from recmodels.search_space import Params

OLDEST = 60  # the age from which on all events count alike, so that none counts 0
TINY = 1e-6  # of one event: popularity breaks ties and ranks what a user never had


class PersonalFrequency(RecModel):
    """Scores an item by the sum of `decay` ^ age over the user's events with it, the latest event having age 0."""

    is_closed_form = True
    popularity: Tensor  # (n_items,) float32 in [0, 1]

    def __init__(self, params: Params, entities: Entities) -> None:
        super().__init__(params, entities)
        self.register_buffer("popularity", torch.zeros(entities.n_items))

    def fit(self, histories: Histories) -> None:
        counts = histories.counts().float()
        self.popularity.copy_(counts / counts.max().clamp(min=1))

    def score(self, users: Tensor, histories: Histories, items: Tensor | None) -> Tensor:
        rows, had = histories.entries(users)  # both (m,)
        lengths = histories.offsets[users + 1] - histories.offsets[users]  # (B,)
        ages = lengths.cumsum(0)[rows] - 1 - torch.arange(len(rows), device=rows.device)  # (m,)
        decay = float(self.params["decay"])
        weights = decay ** ages.clamp(max=OLDEST).float()
        smallest = decay ** (lengths - 1).clamp(0, OLDEST).float()  # (B,)
        scores = (smallest * TINY)[:, None] * self.popularity  # (B, n_items)
        return scores.index_put_((rows, had), weights, accumulate=True)
