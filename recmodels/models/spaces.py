"""The search spaces of the models in this folder, apart from their weights so that reading them imports no torch."""

from recmodels.adapters import ADAPTER_PARAMS, TRAINED_KINDS
from recmodels.search_space import Choice, Float, Int, SearchSpace, When

POPULARITY = SearchSpace({})

EASE = SearchSpace({"l2": Float(1.0, 10_000.0, default=400.0, log=True)})

BPR_MF = SearchSpace(
    {
        "embedding_size": Int(8, 256, default=64, log=True),
        "loss": Choice(("bpr", "softmax"), default="softmax"),
        "n_negatives": Int(1, 64, default=8, log=True),  # of each pair
        "learning_rate": Float(1e-4, 1e-1, default=1e-2, log=True),
        "weight_decay": Float(1e-4, 1.0, default=5e-2, log=True),  # of the rows in a batch
        "batch_size": Choice((512, 1024, 2048, 4096, 8192), default=4096),
        "biases": Choice((False, True), default=True),
        "epochs": Int(1, 200, default=40, held=True),
    }
)

TEXT_TOWER = SearchSpace(
    {
        "embedding_size": Int(16, 256, default=64, log=True),
        "history_length": Choice((5, 10, 20, 50), default=20),
        "user_embedding": Choice((False, True), default=False),
        "dropout": Float(0.0, 0.7, default=0.1),
        "temperature": Float(0.02, 1.0, default=0.1, log=True),
        "popularity_weight": Float(0.0, 1.0, default=0.5),  # of an item's log popularity, in training and in scores
        "learning_rate": Float(1e-4, 3e-2, default=1e-2, log=True),
        "weight_decay": Float(1e-6, 1e-1, default=1e-4, log=True),
        "batch_size": Choice((512, 1024, 2048, 4096, 8192), default=1024),
        **ADAPTER_PARAMS,
        "encoded_items": Int(8, 256, default=16, log=True, when=When(name="adapter", values=TRAINED_KINDS)),  # a step
        "epochs": Int(1, 100, default=8, held=True),
    }
)
