"""All models by name. Reading a model's search space imports no torch; `entry.load()` imports its class.

A new model: a file with a `RecModel` (contract in base.py), its space in a module that imports no torch, an entry here.
"""

import difflib
import importlib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from recmodels.errors import ParamError
from recmodels.models import sequence_spaces, spaces
from recmodels.search_space import SearchSpace

if TYPE_CHECKING:
    from recmodels.models.base import RecModel


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelEntry:
    """A model that can be trained."""

    name: str
    space: SearchSpace
    says: str  # one line for people
    words: tuple[str, ...] = ()  # what people call it apart from its name
    load: Callable[[], "type[RecModel]"]  # imports torch
    needs: frozenset[str] = (
        frozenset()
    )  # "text": an item table with text columns; "causal_model": see recmodels/pretrained/causal.py
    predicts: frozenset[str] = frozenset()  # "label", "rating": what it can predict; none of them: it only ranks
    is_random: bool = True  # whether another seed gives other weights; where not, nothing is learned from repeating it
    is_usual: bool = False  # competes in a study that names no models: one of each kind, needing only interactions


def _class(name: str, *, of: str) -> "Callable[[], type[RecModel]]":
    return lambda: cast("type[RecModel]", getattr(importlib.import_module(f"recmodels.models.{of}"), name))


_LABELS_AND_RATINGS = frozenset({"label", "rating"})
_ENTRIES = (
    ModelEntry(
        name="popularity",
        space=spaces.POPULARITY,
        says="the most popular items for everybody; the floor for all others",
        words=("pop", "most popular", "popularity baseline", "toppop", "top popular", "bestsellers", "最热门"),
        load=_class("Popularity", of="popularity"),
        is_random=False,
        is_usual=True,
    ),
    ModelEntry(
        name="personal_frequency",
        space=spaces.PERSONAL_FREQUENCY,
        says="what each person had most often, then what is popular; the bar where people have items again",
        words=("personal frequency", "personal top", "most frequent items", "top frequency", "repeat baseline"),
        load=_class("PersonalFrequency", of="personal_frequency"),
        is_random=False,
    ),
    ModelEntry(
        name="item_knn",
        space=spaces.ITEM_KNN,
        says="items that resemble those of the history, by who had them; a strong baseline without training",
        words=(
            "knn",
            "itemknn",
            "item knn",
            "item cf",
            "itemcf",
            "nearest neighbours",
            "nearest neighbors",
            "item based cf",
            "k nn",
        ),
        load=_class("ItemKNN", of="item_knn"),
        is_random=False,
        is_usual=True,
    ),
    ModelEntry(
        name="ease",
        space=spaces.EASE,
        says="a linear item-item model in closed form, strong and quick on small catalogues",
        words=("easer", "ease^r", "ease r", "linear autoencoder"),
        load=_class("Ease", of="ease"),
        is_random=False,
        is_usual=True,
    ),
    ModelEntry(
        name="ials",
        space=spaces.IALS,
        says="matrix factorisation by alternating least squares over all pairs, quick at any size",
        words=("als", "implicit als", "alternating least squares", "wrmf", "implicit mf"),
        load=_class("IALS", of="ials"),
    ),
    ModelEntry(
        name="bpr_mf",
        space=spaces.BPR_MF,
        says="matrix factorisation with a pairwise or sampled-softmax ranking loss",
        words=(
            "bpr",
            "bprmf",
            "bpr mf",
            "mf",
            "matrix factorisation",
            "matrix factorization",
            "bayesian personalised ranking",
            "bayesian personalized ranking",
            "矩阵分解",
        ),
        load=_class("BprMF", of="bpr_mf"),
        is_usual=True,
    ),
    ModelEntry(
        name="lightgcn",
        space=spaces.LIGHTGCN,
        says="embeddings averaged over the graph of users and items, for data in which few items say much",
        words=("light gcn", "gcn", "graph model", "graph network", "graph neural network"),
        load=_class("LightGCN", of="lightgcn"),
    ),
    ModelEntry(
        name="sasrec",
        space=sequence_spaces.SASREC,
        says="a causal transformer over each user's latest items, for data in which order matters",
        words=("sas rec", "sas", "self attentive", "self attentive model", "the transformer", "transformer model"),
        load=_class("SASRec", of="sasrec"),
        is_usual=True,
    ),
    ModelEntry(
        name="gru4rec",
        space=sequence_spaces.GRU4REC,
        says="a recurrent network over each user's latest items, for data in which order matters",
        words=("gru", "gru4", "gru rec", "gru4 rec", "recurrent model", "rnn"),
        load=_class("GRU4Rec", of="gru4rec"),
    ),
    ModelEntry(
        name="hstu",
        space=sequence_spaces.HSTU,
        says="gated pointwise attention over each user's latest items",
        words=("h stu",),
        load=_class("HSTU", of="hstu"),
    ),
    ModelEntry(
        name="text_tower",
        space=spaces.TEXT_TOWER,
        says="item texts read by a pretrained encoder with an adapter; knows items that nobody has tried yet",
        words=("text tower", "two tower", "two towers", "texttower", "text model", "the tower"),
        load=_class("TextTower", of="text_tower"),
        needs=frozenset({"text"}),
    ),
    ModelEntry(
        name="biased_mf",
        space=spaces.BIASED_MF,
        says="matrix factorisation with biases, which predicts ratings or labels",
        words=("biased mf", "funk svd", "svd", "mf with biases"),
        load=_class("BiasedMF", of="biased_mf"),
        is_usual=True,
        predicts=_LABELS_AND_RATINGS,
    ),
    ModelEntry(
        name="deepfm",
        space=spaces.DEEPFM,
        says="a factorisation machine and a deep network over user, item and context features; predicts clicks",
        words=("deep fm", "dfm"),
        load=_class("DeepFM", of="deepfm"),
        is_usual=True,
        predicts=_LABELS_AND_RATINGS,
    ),
    ModelEntry(
        name="dcnv2",
        space=spaces.DCNV2,
        says="layers that cross features, with a deep network, over user, item and context features; predicts clicks",
        words=("dcn", "dcn v2", "deep and cross", "deep & cross", "deep cross network", "cross network"),
        load=_class("DCNv2", of="dcnv2"),
        predicts=_LABELS_AND_RATINGS,
    ),
    ModelEntry(
        name="hybrid",
        space=spaces.HYBRID,
        says="a deep part over features, a language model over item texts and a recurrent part over sequences, in one",
        words=("hybrid model", "the hybrid"),
        load=_class("Hybrid", of="hybrid"),
        needs=frozenset({"text"}),
        predicts=_LABELS_AND_RATINGS,
    ),
    ModelEntry(
        name="llm_ranker",
        space=spaces.LLM_RANKER,
        says="a causal language model that answers yes or no over a history and a candidate, with an adapter",
        words=("llm ranker", "llmranker", "ranker", "language model ranker", "tallrec"),
        load=_class("LLMRanker", of="llm_ranker"),
        needs=frozenset({"text", "causal_model"}),
        predicts=frozenset({"label"}),
    ),
)
MODELS: dict[str, ModelEntry] = {entry.name: entry for entry in _ENTRIES}


def find_model(name: str) -> ModelEntry:
    """The entry called `name`.

    Raises:
        ParamError: There is none; the message names those that are.
    """
    if name not in MODELS:
        near = difflib.get_close_matches(name, MODELS, n=1)
        hint = f"; did you mean `{near[0]}`?" if near else "."
        raise ParamError(f"unknown model {name!r}{hint} The models are: {', '.join(MODELS)}")
    return MODELS[name]


def space_of(model: str, rerankers: Collection[str] = ()) -> SearchSpace:
    """What can be tuned of a model; of its lists' order too, where they may be reordered in one of these ways.

    Raises:
        ParamError: There is no such model.
    """
    space = find_model(model).space
    return SearchSpace({**space, **spaces.rerank_params(rerankers)}) if rerankers else space


def whole_space(model: str) -> SearchSpace:
    """Every param that a trial of the model may have.

    Raises:
        ParamError: There is no such model.
    """
    return space_of(model, spaces.RERANKERS)
