"""Recommender models and the tool that trains them; knows nothing of conversations, memory or screens.

What a first model needs stands here; torch is imported when it is used.

>>> from recmodels import Interactions, Recommender, TrainRequest, train
>>> result = train(TrainRequest(dataset=Path("datasets/books"), model="item_knn", checkpoint=Path("checkpoints/mine")))
>>> len(Recommender.load(result.checkpoint).recommend("reader-17", k=3))
3
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recmodels.data.interactions import Interactions
    from recmodels.request import TrainRequest
    from recmodels.serving import Recommender
    from recmodels.training import train

__all__ = ["Interactions", "Recommender", "TrainRequest", "train"]
_PLACES = {
    "Interactions": "recmodels.data.interactions",
    "Recommender": "recmodels.serving",
    "TrainRequest": "recmodels.request",
    "train": "recmodels.training",
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_PLACES[name]), name)
