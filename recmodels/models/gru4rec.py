"""A recurrent network over each user's latest items, trained to name the next item at every position.

Source: Hidasi et al. 2016, Session-based Recommendations with Recurrent Neural Networks; with the losses of the other
sequence models in place of TOP1, and one table for the items read and named.

    B  users of a batch     L  positions, at most max_length     d  embedding_size     h  hidden_size
"""

import math

from torch import Tensor, nn

from recmodels.models.base import Entities
from recmodels.models.parts.dropout import Dropout
from recmodels.models.parts.gru import GRU
from recmodels.models.parts.sequence import SequenceModel
from recmodels.search_space import Params


class GRU4Rec(SequenceModel):
    """Item vectors through gated recurrent units, and back to the size of the item vectors."""

    def __init__(self, params: Params, entities: Entities) -> None:
        super().__init__(params, entities)
        size, hidden, n_layers = (int(params[name]) for name in ("embedding_size", "hidden_size", "n_layers"))
        self.dropout = Dropout(float(params["dropout"]))
        self.gru = GRU(size, hidden, n_layers, float(params["dropout"]))
        self.to_item = nn.Linear(hidden, size)

    def encode(self, vectors: Tensor) -> Tensor:
        states = self.gru(self.dropout(vectors * math.sqrt(vectors.shape[-1])))  # (B, L, h)
        encoded: Tensor = self.to_item(self.dropout(states))
        return encoded
