"""What each param means and what people call it, for all models that declare it; without torch.

A new param: an entry here, once, next to its range in the model's space.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ParamWords:
    """A param for people."""

    says: str  # what it changes, one line
    words: tuple[str, ...] = ()  # what people call it apart from its name


def _p(says: str, *words: str) -> ParamWords:
    return ParamWords(says=says, words=words)


PARAM_WORDS: dict[str, ParamWords] = {
    "learning_rate": _p(
        "how far each step of training moves the weights",
        "lr",
        "step size",
        "learn rate",
        "lernrate",
        "taux d'apprentissage",
        "tasa de aprendizaje",
        "学习率",
    ),
    "weight_decay": _p(
        "how strongly weights are pulled to 0", "wd", "权重衰减", "regularisation", "regularization", "reg", "decay"
    ),
    "l2": _p(
        "how strongly weights are pulled to 0", "lambda", "λ", "ridge", "l 2", "regularisation", "regularization", "reg"
    ),
    "dropout": _p(
        "the share of values that training leaves out at random, against overfitting",
        "drop out",
        "dropout rate",
        "丢弃率",
    ),
    "batch_size": _p(
        "how many examples make one step", "batch", "batches", "bs", "批大小", "批次大小", "批量大小", "batchgröße"
    ),
    "epochs": _p(
        "how often training goes through the data, at most",
        "epoch",
        "n epochs",
        "number of epochs",
        "epochen",
        "passes",
        "époques",
        "épocas",
        "轮数",
        "轮",
    ),
    "embedding_size": _p(
        "how many numbers describe a user or an item",
        "embedding",
        "embeddings",
        "embedding dim",
        "embedding dimension",
        "emb size",
        "emb dim",
        "emb",
        "dim",
        "dimension",
        "dimensions",
        "dims",
        "factors",
        "latent factors",
        "latent dim",
        "latent size",
        "number of factors",
        "n factors",
        "d model",
        "embedding width",
        "vector size",
        "hidden dim",
        "嵌入维度",
        "嵌入大小",
        "维度",
        "维",
        "taille d'embedding",
        "tamaño de embedding",
    ),
    "hidden_size": _p(
        "how many units a hidden layer has",
        "hidden",
        "hidden units",
        "hidden dim",
        "width",
        "hidden layer size",
        "隐藏层大小",
        "隐藏维度",
    ),
    "n_layers": _p(
        "how many layers the network has",
        "layers",
        "layer",
        "number of layers",
        "num layers",
        "depth",
        "blocks",
        "n blocks",
        "层数",
        "层",
        "couches",
        "capas",
        "schichten",
    ),
    "n_heads": _p(
        "in how many parts attention looks at the history",
        "heads",
        "attention heads",
        "number of heads",
        "num heads",
        "注意力头",
        "头数",
        "头",
    ),
    "max_length": _p(
        "how many of a user's latest items are read",
        "max len",
        "max seq len",
        "sequence length",
        "seq len",
        "seq length",
        "history length",
        "context length",
        "maximum length",
        "max sequence length",
        "window",
    ),
    "history_length": _p(
        "how many of a user's latest items are read", "history length", "max length", "history window"
    ),
    "loss": _p("what training minimises", "loss function", "training loss", "criterion", "损失函数", "损失"),
    "n_negatives": _p(
        "how many items that a user did not take are drawn for each one taken",
        "negatives",
        "negs",
        "number of negatives",
        "negative samples",
        "num negatives",
        "neg samples",
        "负样本",
        "负样本数",
        "负采样数",
    ),
    "negative_sampling": _p("how those items are drawn", "negative sampler", "sampling of negatives"),
    "popularity_power": _p(
        "how much more often popular items are drawn as negatives", "popularity exponent of negatives"
    ),
    "shared_negatives": _p("how many negatives a whole batch shares", "shared negs"),
    "biases": _p("whether users and items have a bias of their own", "bias", "bias terms"),
    "accumulation": _p(
        "how many batches make one step",
        "gradient accumulation",
        "grad accumulation",
        "accumulation steps",
        "grad accum",
    ),
    "max_grad_norm": _p(
        "how long a gradient may be at most; 0: any",
        "gradient clipping",
        "grad clipping",
        "gradient clip",
        "grad clip",
        "clip",
        "clipping",
        "grad norm",
        "gradient norm",
    ),
    "warmup": _p("the share of training in which the learning rate rises", "warm up", "warmup share", "warmup ratio"),
    "schedule": _p(
        "how the learning rate falls afterwards", "scheduler", "lr schedule", "learning rate schedule", "lr scheduler"
    ),
    "calibration": _p("how far gbce corrects for drawn negatives", "gbce t", "calibration t"),
    "label_smoothing": _p("how far targets are moved from certain", "smoothing", "label smooth"),
    "adversarial": _p(
        "how strongly training works against disturbed embeddings", "adversarial training", "adversarial strength"
    ),
    "augmentation": _p("how histories are varied in training", "data augmentation", "augment"),
    "augmentation_share": _p("how much of a history is varied", "augmentation ratio"),
    "n_neighbors": _p(
        "how many similar items count",
        "neighbours",
        "neighbors",
        "number of neighbours",
        "number of neighbors",
        "n neighbours",
        "k neighbours",
        "邻居",
        "邻居数",
    ),
    "weighting": _p(
        "how interactions are weighted before items are compared",
        "similarity",
        "similarity weighting",
        "weights of interactions",
    ),
    "shrinkage": _p("how far similarities from few users are pulled to 0", "shrink", "shrink term"),
    "bm25_k1": _p("how soon further interactions stop to count in bm25", "k1"),
    "bm25_b": _p("how far bm25 corrects for long histories"),
    "user_exponent": _p("how much less people with long histories count", "user power"),
    "popularity_exponent": _p("how far popular items are held back", "popularity penalty"),
    "unobserved_weight": _p(
        "how much a pair that was not seen counts", "unobserved", "alpha of the missing", "implicit weight"
    ),
    "l2_exponent": _p("how much more frequent users and items are regularised", "frequency exponent"),
    "user_embedding": _p(
        "whether people have a vector of their own next to their history", "user embeddings", "user vector"
    ),
    "temperature": _p("how sharp the softmax over items is", "temp", "tau", "softmax temperature"),
    "popularity_weight": _p("how much popularity is corrected for", "popularity correction"),
    "adapter": _p(
        "how the pretrained encoder is adapted",
        "adapter type",
        "adapter kind",
        "peft method",
        "peft",
        "kind of adapter",
        "fine tuning method",
        "finetuning method",
    ),
    "adapter_rank": _p(
        "the width of the adapter: more can be learned, from more weights",
        "lora rank",
        "rank",
        "lora r",
        "r",
        "adapter r",
    ),
    "adapter_alpha": _p("how strongly the adapter counts", "lora alpha", "alpha"),
    "adapter_dropout": _p("dropout within the adapter", "lora dropout"),
    "adapter_targets": _p(
        "which parts of the encoder get an adapter",
        "target modules",
        "lora targets",
        "adapter modules",
        "lora target modules",
        "targets",
    ),
    "adapter_layers": _p("how many layers, from the top, are adapted", "adapted layers", "lora layers"),
    "adapter_prefix_length": _p(
        "how many virtual tokens are put in front", "prefix length", "virtual tokens", "prefix tokens"
    ),
    "adapter_learning_rate": _p("the learning rate of the adapter", "lora lr", "adapter lr", "lora learning rate"),
    "encoded_items": _p("how many items pass the encoder in each step", "items per step"),
    "class_weight": _p("whether the rarer label counts more", "class weights", "class weighting"),
    "resampling": _p("whether the rarer label is drawn more often", "resample", "oversampling"),
    "batch_norm": _p(
        "whether layers are normalised over the batch", "batch normalisation", "batch normalization", "bn"
    ),
    "structure": _p("whether cross and deep layers follow each other or stand side by side", "dcn structure"),
    "n_cross_layers": _p("how many layers cross the features", "cross layers", "number of cross layers"),
    "cross": _p("whether cross layers are full or of low rank", "cross kind"),
    "cross_rank": _p("the rank of the cross layers", "rank of the cross layers"),
    "id_dropout": _p("how often an item's own vector is left out, so that its text must do", "id drop out"),
    "deep_decay": _p("weight decay of the deep part", "decay of the deep part"),
    "rating_weight": _p("how much the loss of ratings counts", "weight of ratings"),
    "prompt_tokens": _p("how long a prompt may be", "prompt length", "max prompt tokens"),
    "batch_tokens": _p("how many tokens make one step", "tokens per batch"),
    "candidates": _p("how many items the language model looks at for a user", "number of candidates"),
    "rerank": _p("how lists are reordered after scoring", "reranking", "re rank", "reranker", "re ranking"),
    "rerank_strength": _p("how far reordering goes", "reranking strength", "strength of the reranking"),
    "rerank_depth": _p("how many of the best items are reordered", "reranking depth"),
}
