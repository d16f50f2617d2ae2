"""Recommendations from a checkpoint, for users of the dataset and for new ones (see cold_start.py).

>>> recommender = Recommender.load(Path("checkpoints/books-3"))
>>> len(recommender.recommend("reader-17", k=10))
10
>>> after = recommender.recommend_after(["book-3", "book-8"], k=10)  # for a person who had these, oldest first
>>> after[0].item_id
'book-13'
"""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import polars as pl
import torch

from recmodels import checkpoint
from recmodels.aspects import aspects_of
from recmodels.cold_start import fallback_of
from recmodels.data.choices import Hashed
from recmodels.data.histories import Histories
from recmodels.data.interactions import Interactions
from recmodels.data.likes import with_likes
from recmodels.data.pseudonyms import as_kept
from recmodels.errors import DataError, ParamError
from recmodels.evaluation import NO_ITEM, top_items
from recmodels.loop.preparation import all_histories, entities_of
from recmodels.models import find_model
from recmodels.models.base import Fallback, RecModel
from recmodels.positive import parse_rule
from recmodels.repeats import KEEP

USERS_A_BLOCK = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Recommendation:
    """One place of a list."""

    item_id: str  # empty: an item that is not in the catalogue
    score: float  # comparable within one list only
    text: str  # what the data says of the item; its id where it says nothing
    fallback: Fallback | None = None  # what the list is instead of the user's own; None where it is that


class Recommender:
    """A trained model and everything its users did so far; stateless after loading."""

    def __init__(
        self,
        model: RecModel,
        interactions: Interactions,
        *,
        keeps_repeats: bool = False,
        datasets: Path | None = None,
    ) -> None:
        """As the model was trained.

        Args:
            interactions: Under the rule of what counts as a like.
            keeps_repeats: Whether the lists hold what users had before.
            datasets: The folder that the dataset lies in, with the key of hashed ids: they are then given as they were.
        """
        self._datasets = datasets
        self._model = model
        self._interactions = interactions
        self._texts = interactions.item_texts()
        self._histories = all_histories(interactions, keeps_repeats=keeps_repeats)
        self._numbers = {user_id: number for number, user_id in enumerate(interactions.user_ids)}
        self._item_numbers = {item_id: number for number, item_id in enumerate(interactions.item_ids)}
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
        interactions = with_likes(Interactions.load(saved.dataset), parse_rule(saved.positive))
        for ids, known in ((interactions.user_ids, saved.user_ids), (interactions.item_ids, saved.item_ids)):
            if not ids.equals(pl.Series(ids.name, known, dtype=pl.String)):
                raise DataError(
                    f"the dataset {saved.dataset} changed after {folder} was trained; train the model again"
                )
        entities = entities_of(interactions, find_model(saved.model))
        is_kept = saved.repeats == KEEP
        return cls(saved.build(entities), interactions, keeps_repeats=is_kept, datasets=saved.dataset.parent)

    @torch.inference_mode()
    def recommend(self, user_id: str, k: int = 10) -> list[Recommendation]:
        """The `k` best items, best first; fewer where the catalogue is exhausted.

        None that the user has judged badly, and none that the user had, unless the model was trained to keep repeats.

        A user whom the dataset does not have, or who has done nothing, gets what `fallback` says of each place.

        Raises:
            ParamError: `k` is below 1, or the id is empty.
        """
        number = self._numbers.get(self._as_kept("user", user_id))
        if number is None and not user_id.strip():
            raise ParamError("a user's id is needed, got an empty one")
        if number is None:
            return self._listed(self._guest([]), k, is_known=False)
        return self._listed((number, self._histories), k, is_known=True)

    @torch.inference_mode()
    def recommend_after(self, history: Sequence[str], k: int = 10) -> list[Recommendation]:
        """As `recommend`, for somebody of whom only the ids of their items are known, oldest first.

        Raises:
            DataError: The dataset has no such item.
            ParamError: `k` is below 1.
        """
        return self._listed(self._guest(history), k, is_known=False)

    @torch.inference_mode()
    def score_texts(self, texts: Sequence[str], user_id: str = "", history: Sequence[str] = ()) -> list[float]:
        """How much a user wants items that are not in the catalogue, told by their texts; as the scores of a list.

        Args:
            user_id: A user of the dataset; else `history` tells what the user had, as in `recommend_after`.

        Raises:
            DataError: The dataset has no such item.
            ParamError: The model reads no texts.
        """
        from recmodels.models.text_tower import TextTower

        if not isinstance(self._model, TextTower) or self._items is None:
            raise ParamError(f"{type(self._model).__name__} reads no texts; new items need text_tower or hybrid")
        known = self._numbers.get(user_id)
        user, histories = self._guest(history) if known is None else (known, self._histories)
        scores: list[float] = self._model.score_texts(torch.tensor([user]), histories, self._items, texts)[0].tolist()
        return scores

    def with_new(
        self, listed: Sequence[Recommendation], texts: Sequence[str], user_id: str = "", history: Sequence[str] = ()
    ) -> list[Recommendation]:
        """A user's list with items that are not in the catalogue at the places that their texts' scores give them.

        Args:
            user_id, history: Of whom the list is, as in `score_texts`, which says what is raised.
        """
        scores = self.score_texts(texts, user_id, history)
        new = [Recommendation(item_id="", score=score, text=text) for text, score in zip(texts, scores, strict=True)]
        placed = list(listed)  # in its order, which need not be that of the scores: see reranking.py
        for item in sorted(new, key=lambda item: -item.score):
            lower = (place for place, other in enumerate(placed) if other.score < item.score)
            placed.insert(next(lower, len(placed)), item)
        return placed

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

    def _listed(self, user: tuple[int, Histories], k: int, *, is_known: bool) -> list[Recommendation]:
        if k < 1:
            raise ParamError(f"`k` must be 1 or more, got {k}")
        number, histories = user
        has_history = bool(histories.offsets[number + 1] > histories.offsets[number])
        fallback = fallback_of(self._model, is_known=is_known, has_history=has_history)
        users = torch.tensor([number])
        ranked, scores = top_items(self._model, users, histories, self._items, k, self._reranker)
        return [
            Recommendation(
                item_id=self._interactions.item_ids[item], score=score, text=self._texts[item], fallback=fallback
            )
            for item, score in zip(ranked[0].tolist(), scores[0].tolist(), strict=True)
            if item != NO_ITEM
        ]

    def _guest(self, history: Sequence[str]) -> tuple[int, Histories]:
        """A number that no user has, and histories in which it has these items."""
        numbers = [self._item_number(item_id) for item_id in history]
        everybody = self._histories
        if not numbers:  # popularity is counted over everybody's items
            offsets = torch.cat([everybody.offsets, everybody.offsets[-1:]])
            return everybody.n_users, replace(everybody, offsets=offsets, refused=None)
        return everybody.n_users, Histories.from_arrays(
            np.full(len(numbers), everybody.n_users),
            np.array(numbers),
            n_users=everybody.n_users + 1,
            n_items=everybody.n_items,
            keeps_repeats=everybody.keeps_repeats,
        )

    def _as_kept(self, role: Hashed, id: str) -> str:
        known = self._numbers if role == "user" else self._item_numbers
        if self._datasets is None:
            return id
        return as_kept(self._datasets, self._interactions.choices.hashed, role, id, known)

    def _item_number(self, item_id: str) -> int:
        item_id = self._as_kept("item", item_id)
        if item_id not in self._item_numbers:
            near = difflib.get_close_matches(item_id, self._item_numbers, n=1)
            hint = (
                f"did you mean {near[0]!r}?" if near else "its items are " + ", ".join(self._interactions.item_ids[:3])
            )
            raise DataError(f"`{self._interactions.name}` has no item {item_id!r}; {hint}")
        return self._item_numbers[item_id]

    def _number(self, user_id: str) -> int:
        user_id = self._as_kept("user", user_id)
        if user_id not in self._numbers:
            examples = ", ".join(self._interactions.user_ids.head(3))
            raise DataError(f"`{self._interactions.name}` has no user {user_id!r}; its users are {examples}, …")
        return self._numbers[user_id]
