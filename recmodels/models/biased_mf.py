"""Biased matrix factorisation, r = mean + b_u + b_i + <u, i> (Koren et al. 2009, eq. 4), for ratings and for labels."""

import torch
from torch import Tensor, nn

from recmodels.data.histories import Histories
from recmodels.data.observations import Observations
from recmodels.models.base import Entities
from recmodels.models.parts.predicting import Predictor
from recmodels.search_space import Params

INITIAL_STD = 0.01


class BiasedMF(Predictor):
    """Users and items alone; a user or an item without a train row has neither bias nor vector."""

    has_user: Tensor  # (n_users, 1) 1 where there is a train row
    has_item: Tensor  # (n_items, 1)

    def __init__(self, params: Params, entities: Entities) -> None:
        super().__init__(params, entities)
        size = int(params["embedding_size"])
        self.users = nn.Embedding(entities.n_users, 1 + size)  # the bias, then the vector
        self.items = nn.Embedding(entities.n_items, 1 + size)
        self.bias = nn.Parameter(torch.zeros(()))
        self.register_buffer("has_user", torch.ones(entities.n_users, 1))
        self.register_buffer("has_item", torch.ones(entities.n_items, 1))
        for table in (self.users, self.items):
            nn.init.normal_(table.weight, std=INITIAL_STD)
            nn.init.zeros_(table.weight[:, 0])

    def see(self, rows: Observations) -> None:
        self.has_user = (torch.bincount(rows.users, minlength=self.n_users) > 0).float()[:, None]
        self.has_item = (torch.bincount(rows.items, minlength=self.n_items) > 0).float()[:, None]

    def predict(self, users: Tensor, items: Tensor, context: Tensor, numbers: Tensor) -> Tensor:
        u: Tensor = self.users(users) * self.has_user[users]  # (B, 1 + d)
        i: Tensor = self.items(items) * self.has_item[items]
        return self.bias + u[:, 0] + i[:, 0] + (u[:, 1:] * i[:, 1:]).sum(1)

    def encode_items(self) -> Tensor:
        return self.items.weight * self.has_item

    def score(self, users: Tensor, histories: Histories, items: Tensor | None) -> Tensor:
        known = users.clamp(max=self.n_users - 1)
        u: Tensor = self.users(known) * (self.has_user[known] * (users < self.n_users)[:, None])
        i = self.encode_items() if items is None else items
        return self.bias + u[:, :1] + i[:, 0] + u[:, 1:] @ i[:, 1:].T

    def embedding_weights(self) -> list[Tensor]:
        return [self.users.weight, self.items.weight]
