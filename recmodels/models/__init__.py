"""All models by name. Reading a model's search space imports no torch; `entry.load()` imports its class.

A new model: a file with a `RecModel` (contract in base.py), its space in a module that imports no torch, an entry here.
"""

import difflib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
    load: Callable[[], "type[RecModel]"]  # imports torch
    needs: frozenset[str] = (
        frozenset()
    )  # "text": an item table with text columns; "causal_model": see recmodels/causal.py
    predicts: frozenset[str] = frozenset()  # "label", "rating": what it can predict; none of them: it only ranks
    is_usual: bool = False  # competes in a study that names no models: one of each kind, needing only interactions


def _popularity() -> "type[RecModel]":
    from recmodels.models.popularity import Popularity

    return Popularity


def _item_knn() -> "type[RecModel]":
    from recmodels.models.item_knn import ItemKNN

    return ItemKNN


def _ease() -> "type[RecModel]":
    from recmodels.models.ease import Ease

    return Ease


def _ials() -> "type[RecModel]":
    from recmodels.models.ials import IALS

    return IALS


def _bpr_mf() -> "type[RecModel]":
    from recmodels.models.bpr_mf import BprMF

    return BprMF


def _lightgcn() -> "type[RecModel]":
    from recmodels.models.lightgcn import LightGCN

    return LightGCN


def _sasrec() -> "type[RecModel]":
    from recmodels.models.sasrec import SASRec

    return SASRec


def _gru4rec() -> "type[RecModel]":
    from recmodels.models.gru4rec import GRU4Rec

    return GRU4Rec


def _hstu() -> "type[RecModel]":
    from recmodels.models.hstu import HSTU

    return HSTU


def _text_tower() -> "type[RecModel]":
    from recmodels.models.text_tower import TextTower

    return TextTower


def _hybrid() -> "type[RecModel]":
    from recmodels.models.hybrid import Hybrid

    return Hybrid


def _biased_mf() -> "type[RecModel]":
    from recmodels.models.biased_mf import BiasedMF

    return BiasedMF


def _deepfm() -> "type[RecModel]":
    from recmodels.models.deepfm import DeepFM

    return DeepFM


def _dcnv2() -> "type[RecModel]":
    from recmodels.models.dcnv2 import DCNv2

    return DCNv2


def _llm_ranker() -> "type[RecModel]":
    from recmodels.models.llm_ranker import LLMRanker

    return LLMRanker


_LABELS_AND_RATINGS = frozenset({"label", "rating"})
_ENTRIES = (
    ModelEntry(
        name="popularity",
        space=spaces.POPULARITY,
        says="the most popular items for everybody; the floor for all others",
        load=_popularity,
        is_usual=True,
    ),
    ModelEntry(
        name="item_knn",
        space=spaces.ITEM_KNN,
        says="items that resemble those of the history, by who had them; a strong baseline without training",
        load=_item_knn,
        is_usual=True,
    ),
    ModelEntry(
        name="ease",
        space=spaces.EASE,
        says="a linear item-item model in closed form, strong and quick on small catalogues",
        load=_ease,
        is_usual=True,
    ),
    ModelEntry(
        name="ials",
        space=spaces.IALS,
        says="matrix factorisation by alternating least squares over all pairs, quick at any size",
        load=_ials,
    ),
    ModelEntry(
        name="bpr_mf",
        space=spaces.BPR_MF,
        says="matrix factorisation with a pairwise or sampled-softmax ranking loss",
        load=_bpr_mf,
        is_usual=True,
    ),
    ModelEntry(
        name="lightgcn",
        space=spaces.LIGHTGCN,
        says="embeddings averaged over the graph of users and items, for data in which few items say much",
        load=_lightgcn,
    ),
    ModelEntry(
        name="sasrec",
        space=sequence_spaces.SASREC,
        says="a causal transformer over each user's latest items, for data in which order matters",
        load=_sasrec,
        is_usual=True,
    ),
    ModelEntry(
        name="gru4rec",
        space=sequence_spaces.GRU4REC,
        says="a recurrent network over each user's latest items, for data in which order matters",
        load=_gru4rec,
    ),
    ModelEntry(
        name="hstu",
        space=sequence_spaces.HSTU,
        says="gated pointwise attention over each user's latest items",
        load=_hstu,
    ),
    ModelEntry(
        name="text_tower",
        space=spaces.TEXT_TOWER,
        says="item texts read by a pretrained encoder with an adapter; knows items that nobody has tried yet",
        load=_text_tower,
        needs=frozenset({"text"}),
    ),
    ModelEntry(
        name="biased_mf",
        space=spaces.BIASED_MF,
        says="matrix factorisation with biases, which predicts ratings or labels",
        load=_biased_mf,
        is_usual=True,
        predicts=_LABELS_AND_RATINGS,
    ),
    ModelEntry(
        name="deepfm",
        space=spaces.DEEPFM,
        says="a factorisation machine and a deep network over user, item and context features; predicts clicks",
        load=_deepfm,
        is_usual=True,
        predicts=_LABELS_AND_RATINGS,
    ),
    ModelEntry(
        name="dcnv2",
        space=spaces.DCNV2,
        says="layers that cross features, with a deep network, over user, item and context features; predicts clicks",
        load=_dcnv2,
        predicts=_LABELS_AND_RATINGS,
    ),
    ModelEntry(
        name="hybrid",
        space=spaces.HYBRID,
        says="a deep part over features, a language model over item texts and a recurrent part over sequences, in one",
        load=_hybrid,
        needs=frozenset({"text"}),
        predicts=_LABELS_AND_RATINGS,
    ),
    ModelEntry(
        name="llm_ranker",
        space=spaces.LLM_RANKER,
        says="a causal language model that answers yes or no over a history and a candidate, with an adapter",
        load=_llm_ranker,
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
