"""DCN-V2: layers that cross every feature with the input, beside or below a deep network (Wang et al. 2021)."""

import torch
from torch import Tensor, nn

from recmodels.data.observations import Observations
from recmodels.models.base import Entities
from recmodels.models.parts.fields import FieldEmbeddings
from recmodels.models.parts.predicting import Predictor, mlp
from recmodels.search_space import Params


class DCNv2(Predictor):
    """x0 are all embeddings of a row; each layer is x0 ⊙ (W x + b) + x, where W = U Vᵀ if it has a rank."""

    def __init__(self, params: Params, entities: Entities) -> None:
        super().__init__(params, entities)
        self.fields = FieldEmbeddings(entities, int(params["embedding_size"]))
        n_inputs = self.fields.n_fields * int(params["embedding_size"])
        rank = int(params["cross_rank"]) if params["cross"] == "low_rank" else None
        self.crosses = nn.ModuleList(_cross(n_inputs, rank) for _ in range(int(params["n_cross_layers"])))
        self.deep = mlp(n_inputs, params)
        self.is_stacked = params["structure"] == "stacked"
        n_crossed = 0 if self.is_stacked else n_inputs
        self.out = nn.Linear(n_crossed + int(params["hidden_size"]), 1)

    def see(self, rows: Observations) -> None:
        self.fields.learn_from(rows)

    def predict(self, users: Tensor, items: Tensor, context: Tensor, numbers: Tensor) -> Tensor:
        start = self.fields(users, items, context, numbers).flatten(1)  # (B, F · d)
        x = start
        for cross in self.crosses:
            x = start * cross(x) + x  # eq. 1
        joined = self.deep(x) if self.is_stacked else torch.cat([x, self.deep(start)], dim=1)
        output: Tensor = self.out(joined).squeeze(1)  # (B,)
        return output

    def embedding_weights(self) -> list[Tensor]:
        return list(self.fields.parameters())


def _cross(n: int, rank: int | None) -> nn.Module:
    if rank is None:
        return nn.Linear(n, n)
    return nn.Sequential(nn.Linear(n, rank, bias=False), nn.Linear(rank, n))
