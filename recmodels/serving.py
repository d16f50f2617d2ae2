"""Recommendations from a checkpoint.

Recommender.load(Path("checkpoints/books-3")).recommend("reader-17", k=10)
"""

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import torch

from recmodels import checkpoint
from recmodels.aspects import aspects_of
from recmodels.data.interactions import Interactions
from recmodels.errors import DataError, ParamError
from recmodels.evaluation import NO_ITEM, top_items
from recmodels.models import find_model
from recmodels.models.base import RecModel
from recmodels.models.histories import Histories
from recmodels.preparation import entities_of

USERS_A_BLOCK = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """One place of a list."""

    item_id: str
    score: float  # comparable within one list only
    text: str  # what the data says of the item; its id where it says nothing


class Recommender:
    """A trained model and everything its users did so far; stateless after loading."""

    def __init__(self, model: RecModel, interactions: Interactions) -> None:
        self._model = model
        self._interactions = interactions
        self._texts = interactions.item_texts()
        self._histories = Histories.from_arrays(
            interactions.users, interactions.items, n_users=interactions.n_users, n_items=interactions.n_items
        )
        self._numbers = {user_id: number for number, user_id in enumerate(interactions.user_ids)}
        with torch.inference_mode():
            self._items = model.encode_items()
        self._reranker = aspects_of(interactions).reranker(model.params, self._items)

    @classmethod
    def load(cls, folder: Path) -> "Recommender":
        """The model of a checkpoint with the dataset that it was trained on.

        Raises:
            DataError: The checkpoint or its dataset is missing, damaged or changed since.
        """
        saved = checkpoint.load(folder)
        interactions = Interactions.load(saved.dataset)
        for ids, known in ((interactions.user_ids, saved.user_ids), (interactions.item_ids, saved.item_ids)):
            if not ids.equals(pl.Series(ids.name, known, dtype=pl.String)):
                raise DataError(
                    f"the dataset {saved.dataset} changed after {folder} was trained; train the model again"
                )
        entities = entities_of(interactions, find_model(saved.model))
        return cls(saved.build(entities), interactions)

    @torch.inference_mode()
    def recommend(self, user_id: str, k: int = 10) -> list[Recommendation]:
        """The `k` best items that the user has not had, best first; fewer where the catalogue is exhausted.

        Raises:
            DataError: No such user.
            ParamError: `k` is below 1.
        """
        if k < 1:
            raise ParamError(f"`k` must be 1 or more, got {k}")
        users = torch.tensor([self._number(user_id)])
        ranked, scores = top_items(self._model, users, self._histories, self._items, k, self._reranker)
        return [
            Recommendation(item_id=self._interactions.item_ids[item], score=score, text=self._texts[item])
            for item, score in zip(ranked[0].tolist(), scores[0].tolist(), strict=True)
            if item != NO_ITEM
        ]

    @torch.inference_mode()
    def lists(self, k: int = 10) -> pl.DataFrame:
        """Every user's `k` best items, a row each: user_id, rank (from 1), item_id, score, text.

        Raises:
            ParamError: `k` is below 1.
        """
        if k < 1:
            raise ParamError(f"`k` must be 1 or more, got {k}")
        blocks = torch.split(torch.arange(self._histories.n_users), USERS_A_BLOCK)
        parts = [top_items(self._model, users, self._histories, self._items, k, self._reranker) for users in blocks]
        ranked, scores = (torch.cat(column) for column in zip(*parts, strict=True))  # both (n_users, <= k)
        users, places = (ranked != NO_ITEM).nonzero(as_tuple=True)
        items = ranked[users, places].numpy()
        return pl.DataFrame(
            {
                "user_id": self._interactions.user_ids.gather(users.numpy()),
                "rank": places.numpy() + 1,
                "item_id": self._interactions.item_ids.gather(items),
                "score": scores[users, places].numpy(),
                "text": pl.Series(self._texts, dtype=pl.String).gather(items),
            }
        )

    def history(self, user_id: str) -> list[str]:
        """The ids of the user's items, oldest first.

        Raises:
            DataError: No such user.
        """
        items = self._interactions.history(self._number(user_id))
        return [self._interactions.item_ids[int(item)] for item in items]

    def _number(self, user_id: str) -> int:
        if user_id not in self._numbers:
            examples = ", ".join(self._interactions.user_ids.head(3))
            raise DataError(f"`{self._interactions.name}` has no user {user_id!r}; its users are {examples}, …")
        return self._numbers[user_id]
