"""The search spaces of the models in this folder, apart from their weights so that reading them imports no torch."""

from collections.abc import Iterable

from recmodels.pretrained.adapters import ADAPTER_PARAMS, LOW_RANK, MODULE_KINDS, TARGETS, TRAINED_KINDS
from recmodels.schedule import step_params
from recmodels.search_space import Choice, Float, Int, Param, SearchSpace, When

RERANKERS = ("mmr", "dpp", "calibrated", "gumbel")
_RERANKED = When(name="rerank", values=RERANKERS)


def rerank_params(rerankers: Iterable[str]) -> dict[str, Param]:
    """For any model whose lists may be reordered in one of these ways."""
    return {
        "rerank": Choice(("none", *rerankers), default="none"),
        "rerank_strength": Float(0.0, 1.0, default=0.3, when=_RERANKED),
        "rerank_depth": Int(10, 500, default=100, log=True, when=_RERANKED, held=True),  # candidates
    }


POPULARITY = SearchSpace({})

PERSONAL_FREQUENCY = SearchSpace({"decay": Float(0.5, 1.0, default=1.0)})  # of an event with each later one

_COSINES = ("cosine", "tfidf")
ITEM_KNN = SearchSpace(
    {
        "n_neighbors": Int(5, 1000, default=200, log=True),
        "weighting": Choice((*_COSINES, "bm25"), default="tfidf"),
        "shrinkage": Float(0.1, 1000.0, default=10.0, log=True, when=When(name="weighting", values=_COSINES)),
        "bm25_k1": Float(0.1, 100.0, default=1.2, log=True, when=When(name="weighting", values=("bm25",))),
        "bm25_b": Float(0.0, 1.0, default=0.3, when=When(name="weighting", values=("bm25",))),
    }
)

EASE = SearchSpace(  # the defaults are EASE as published
    {
        "l2": Float(1.0, 10_000.0, default=400.0, log=True),
        "dropout": Float(0.0, 0.7, default=0.0),  # of the history's items, in expectation
        "user_exponent": Float(0.0, 1.0, default=0.0),
        "popularity_exponent": Float(0.0, 0.5, default=0.0),
    }
)

IALS = SearchSpace(
    {
        "embedding_size": Int(8, 256, default=64, log=True),
        "unobserved_weight": Float(0.1, 100.0, default=10.0, log=True),  # of all pairs, beside the observed
        "l2": Float(1e-4, 1.0, default=1e-2, log=True),  # times what a user or an item has, to the power l2_exponent
        "l2_exponent": Float(0.0, 1.0, default=1.0),
        "epochs": Int(1, 100, default=16, held=True),  # sweeps
    }
)

_DRAWN = ("uniform", "popularity")  # for each pair
BPR_MF = SearchSpace(
    {
        "embedding_size": Int(8, 256, default=64, log=True),
        "loss": Choice(("bpr", "softmax"), default="softmax"),
        "negative_sampling": Choice((*_DRAWN, "in_batch"), default="uniform", held=True),
        "n_negatives": Int(
            1, 64, default=8, log=True, when=When(name="negative_sampling", values=_DRAWN)
        ),  # of each pair
        "popularity_power": Float(0.0, 1.0, default=0.5, when=When(name="negative_sampling", values=("popularity",))),
        "shared_negatives": Int(
            16, 1024, default=128, log=True, when=When(name="negative_sampling", values=("in_batch",))
        ),  # of a batch
        "learning_rate": Float(1e-4, 1e-1, default=1e-2, log=True),
        "weight_decay": Float(1e-4, 1.0, default=5e-2, log=True),  # of the rows in a batch; more for more negatives
        "batch_size": Choice((512, 1024, 2048, 4096, 8192), default=4096),
        "biases": Choice((False, True), default=True),
        **step_params(),
        "epochs": Int(1, 200, default=40, held=True),
    }
)

LIGHTGCN = SearchSpace(
    {
        "embedding_size": Int(8, 256, default=64, log=True),
        "n_layers": Int(1, 4, default=2),
        "loss": Choice(("bpr", "softmax"), default="softmax"),
        "n_negatives": Int(16, 1024, default=512, log=True),  # shared by a batch
        "dropout": Float(0.0, 0.7, default=0.0),  # of the graph's edges
        "learning_rate": Float(1e-4, 1e-1, default=1e-2, log=True),
        "weight_decay": Float(1e-5, 1.0, default=7e-3, log=True),  # of the nodes in a batch
        "batch_size": Choice((2048, 4096, 8192, 16384, 32768), default=2048),
        **step_params(),
        "epochs": Int(1, 400, default=60, held=True),
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
        **step_params(max_grad_norm=5.0),
        **ADAPTER_PARAMS,
        "encoded_items": Int(8, 256, default=16, log=True, when=When(name="adapter", values=TRAINED_KINDS)),  # a step
        "epochs": Int(1, 100, default=8, held=True),
    }
)

HYBRID = SearchSpace(
    {
        "embedding_size": Int(16, 256, default=64, log=True),
        "hidden_size": Int(16, 512, default=128, log=True),  # of the recurrent part and of the networks
        "n_layers": Int(1, 4, default=1),  # of the networks
        "history_length": Choice((10, 20, 50, 100), default=50),
        "dropout": Float(0.0, 0.7, default=0.2),
        "id_dropout": Float(0.0, 0.9, default=0.2),  # of users and items, known by what describes them alone in a step
        "deep_decay": Float(1e-4, 1.0, default=5e-2, log=True),  # of the deep part's vectors in a batch
        "popularity_weight": Float(0.0, 1.0, default=0.5),  # as in the text tower
        "rating_weight": Float(0.0, 1.0, default=0.1),  # against 1 - that of the click; without ratings or labels 0
        "learning_rate": Float(1e-4, 3e-2, default=3e-3, log=True),
        "weight_decay": Float(1e-6, 1e-1, default=1e-4, log=True),
        "batch_size": Choice((32, 64, 128, 256, 512), default=32),
        **step_params(max_grad_norm=5.0),
        **ADAPTER_PARAMS,
        "encoded_items": Int(8, 256, default=16, log=True, when=When(name="adapter", values=TRAINED_KINDS)),  # a step
        "epochs": Int(1, 100, default=12, held=True),
    }
)

_PREDICTING: dict[str, Param] = {
    "label_smoothing": Float(0.0, 0.2, default=0.0, held=True),
    "class_weight": Choice(("none", "balanced"), default="none", held=True),
    "resampling": Choice(("none", "balanced"), default="none", held=True),  # as many rows of 1 as of 0 in each epoch
    "n_negatives": Int(1, 32, default=4, log=True),  # of each row, where the data have no labels
    "batch_size": Choice((256, 512, 1024, 2048, 4096, 8192), default=4096),
    **step_params(),
}
_DEEP: dict[str, Param] = {
    "embedding_size": Int(4, 64, default=16, log=True),
    "n_layers": Int(1, 4, default=2),
    "hidden_size": Int(16, 512, default=128, log=True),
    "dropout": Float(0.0, 0.7, default=0.2),
    "batch_norm": Choice((False, True), default=True),
    "learning_rate": Float(1e-4, 1e-1, default=5e-3, log=True),
    "weight_decay": Float(1e-8, 1e-1, default=1e-3, log=True),  # of the embeddings
}

BIASED_MF = SearchSpace(
    {
        "embedding_size": Int(4, 256, default=32, log=True),
        "learning_rate": Float(1e-4, 1e-1, default=1e-2, log=True),
        "weight_decay": Float(1e-8, 1e-1, default=1e-4, log=True),  # of the embeddings and biases
        **_PREDICTING,
        "epochs": Int(1, 200, default=40, held=True),
    }
)

DEEPFM = SearchSpace({**_DEEP, **_PREDICTING, "epochs": Int(1, 100, default=20, held=True)})

DCNV2 = SearchSpace(
    {
        **_DEEP,
        "structure": Choice(("stacked", "parallel"), default="parallel"),
        "n_cross_layers": Int(1, 6, default=3),
        "cross": Choice(("full", "low_rank"), default="full"),
        "cross_rank": Int(4, 128, default=32, log=True, when=When(name="cross", values=("low_rank",))),
        **_PREDICTING,
        "epochs": Int(1, 100, default=20, held=True),
    }
)

_OF_LANGUAGE_MODELS = (*LOW_RANK, "ia3", "full")  # what trains; prefix tuning cannot be packed
LLM_RANKER = SearchSpace(
    {
        "history_length": Int(1, 50, default=10, log=True),  # titles, fewer where they do not fit
        "prompt_tokens": Int(256, 4096, default=512, log=True, held=True),  # at most
        "adapter": Choice((*_OF_LANGUAGE_MODELS, "frozen"), default="lora"),
        "adapter_rank": ADAPTER_PARAMS["adapter_rank"],
        "adapter_alpha": ADAPTER_PARAMS["adapter_alpha"],
        "adapter_dropout": ADAPTER_PARAMS["adapter_dropout"],
        "adapter_targets": Choice(TARGETS, default="attention+mlp", when=When(name="adapter", values=MODULE_KINDS)),
        "adapter_layers": Int(
            1, 64, default=64, log=True, when=When(name="adapter", values=MODULE_KINDS), held=True
        ),  # the last ones; more than there are is all
        "learning_rate": Float(1e-6, 1e-2, default=3e-4, log=True),  # of the adapter
        "weight_decay": Float(1e-6, 1e-1, default=1e-2, log=True, held=True),
        "batch_tokens": Int(512, 16384, default=2048, log=True, held=True),  # of the prompts read together
        "candidates": Int(10, 500, default=50, log=True, held=True),  # of item_knn that are ranked; the others follow
        "n_negatives": Int(1, 16, default=2, log=True),  # of each row, where the data have no labels
        "label_smoothing": _PREDICTING["label_smoothing"],
        "class_weight": _PREDICTING["class_weight"],
        "resampling": _PREDICTING["resampling"],
        **step_params(max_grad_norm=1.0),
        "epochs": Int(1, 50, default=3, held=True),
    }
)
