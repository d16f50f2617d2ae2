"""DeepFM: a factorisation machine and a deep network over the same embeddings (Guo et al. 2017)."""

from torch import Tensor, nn

from recmodels.data.observations import Observations
from recmodels.models.base import Entities
from recmodels.models.parts.fields import FieldEmbeddings
from recmodels.models.parts.predicting import Predictor, mlp
from recmodels.search_space import Params


class DeepFM(Predictor):
    """The sum of a bias, a weight for each value, all products of two fields, and a network over all fields."""

    def __init__(self, params: Params, entities: Entities) -> None:
        super().__init__(params, entities)
        size = int(params["embedding_size"])
        self.fields = FieldEmbeddings(entities, 1 + size)  # a weight, then a vector
        self.deep = mlp(self.fields.n_fields * size, params)
        self.out = nn.Linear(int(params["hidden_size"]), 1)

    def see(self, rows: Observations) -> None:
        self.fields.learn_from(rows)

    def predict(self, users: Tensor, items: Tensor, context: Tensor, numbers: Tensor) -> Tensor:
        fields: Tensor = self.fields(users, items, context, numbers)  # (B, F, 1 + d)
        vectors = fields[:, :, 1:]  # (B, F, d)
        products = (vectors.sum(1).square() - vectors.square().sum(1)).sum(1) / 2  # eq. 2: over all pairs of fields
        deep: Tensor = self.out(self.deep(vectors.flatten(1))).squeeze(1)  # (B,)
        return fields[:, :, 0].sum(1) + products + deep

    def embedding_weights(self) -> list[Tensor]:
        return list(self.fields.parameters())
