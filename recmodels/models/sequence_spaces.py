"""The search spaces of the models of the next item, apart from their weights so that reading them imports no torch."""

from recmodels.schedule import step_params
from recmodels.search_space import Choice, Float, Int, Param, SearchSpace, When

_SAMPLED = When(name="loss", values=("sampled_softmax", "gbce"))
_SOFTMAX = When(name="loss", values=("softmax", "sampled_softmax"))
_LOSS: dict[str, Param] = {
    "loss": Choice(("softmax", "sampled_softmax", "gbce"), default="softmax", held=True),
    "n_negatives": Int(16, 4096, default=1024, log=True, when=_SAMPLED),  # shared by a batch
    "negative_sampling": Choice(
        ("uniform", "popularity"), default="uniform", when=When(name="loss", values=("sampled_softmax",))
    ),
    "calibration": Float(0.0, 1.0, default=0.75, when=When(name="loss", values=("gbce",))),  # t of the paper
    # choices rather than ranges, so that a sampler draws none at all as often as any
    "label_smoothing": Choice((0.0, 0.05, 0.1, 0.2), default=0.0, when=_SOFTMAX, held=True),
    "adversarial": Choice(
        (0.0, 0.1, 0.3, 1.0), default=0.0, held=True
    ),  # length of the step against an item vector, relative
}
_AUGMENTATION: dict[str, Param] = {
    "augmentation": Choice(("none", "crop", "mask", "reorder"), default="none", held=True),
    "augmentation_share": Float(  # of a window that is left out, hidden, or put in another order
        0.05, 0.8, default=0.2, when=When(name="augmentation", values=("crop", "mask", "reorder"))
    ),
}


_STEPS: dict[str, Param] = {
    "learning_rate": Float(1e-4, 1e-2, default=2e-3, log=True),
    "weight_decay": Float(1e-6, 1e-1, default=1e-4, log=True),
    "batch_size": Choice((32, 64, 128, 256, 512), default=64),
    **step_params(max_grad_norm=5.0),
    "epochs": Int(1, 100, default=15, held=True),
}

SASREC = SearchSpace(
    {
        "embedding_size": Int(16, 256, default=64, log=True),
        "n_layers": Int(1, 4, default=2),
        "n_heads": Choice((1, 2, 4), default=2),
        "dropout": Float(0.0, 0.7, default=0.2),
        "max_length": Choice((10, 20, 50, 100, 200), default=50),
        **_LOSS,
        **_AUGMENTATION,
        **_STEPS,
    }
)
HSTU = SASREC  # the same params
GRU4REC = SearchSpace(
    {
        "embedding_size": Int(16, 256, default=64, log=True),
        "hidden_size": Int(16, 512, default=128, log=True),
        "n_layers": Int(1, 3, default=1),
        "dropout": Float(0.0, 0.7, default=0.2),
        "max_length": Choice((10, 20, 50, 100, 200), default=50),
        **_LOSS,
        **_AUGMENTATION,
        **_STEPS,
    }
)
