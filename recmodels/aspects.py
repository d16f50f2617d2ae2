"""What is known of items and users beside the interactions, for measures beyond accuracy and for reordering lists."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from recmodels.data.categories import item_categories
from recmodels.data.interactions import Interactions
from recmodels.data.text_vectors import text_vectors
from recmodels.errors import DataError
from recmodels.reranking import Reranker
from recmodels.search_space import Params

MAX_FACTORS = 2048  # columns; what is wider holds no factors of items but, say, their neighbours


@dataclass(frozen=True, slots=True, kw_only=True)
class Aspects:
    """On the device of the model."""

    categories: Tensor | None = None  # (n_items, c) float32, 1 where the item is of the category
    texts: Tensor | None = None  # (n_items, h) what an encoder makes of the item's text; only where it is asked for
    groupings: tuple[npt.NDArray[np.int64], ...] = ()  # (n_users,) the group of each user, one array a column

    def reranker(self, params: Params, items: Tensor | None) -> Reranker | None:
        """What the params `rerank` and `rerank_*` ask for; by categories where there are any, else by item factors.

        Args:
            items: What the model's `encode_items` gave.

        Raises:
            DataError: Items are to be compared, and nothing is known of them.
        """
        if self.categories is not None:
            return Reranker.from_params(params, self.categories, "jaccard")
        factors = factors_of(items)
        found = Reranker.from_params(params, factors, "cosine")
        if found is not None and (found.kind == "calibrated" or (found.kind != "gumbel" and factors is None)):
            raise DataError(
                f"rerank={found.kind} compares items by their categories, and the dataset has no column such as genres "
                "or category; take gumbel, or mmr or dpp with a model that has item factors"
            )
        return found


def aspects_of(
    interactions: Interactions, device: torch.device | str = "cpu", text_folder: Path | None = None
) -> Aspects:
    """The categories of the item table and the groups of the user table, where there are any.

    Args:
        text_folder: Where texts are to be compared, the folder of the dataset, which keeps their vectors.

    Raises:
        DataError: Texts are to be compared, and there are none.
    """
    categories = item_categories(interactions)
    table = interactions.user_table
    groups = () if table is None else tuple(table[name] for name in interactions.group_columns)
    return Aspects(
        categories=None if categories is None else torch.as_tensor(categories.matrix, device=device),
        texts=None if text_folder is None else text_vectors(interactions, text_folder).to(device),
        groupings=tuple((group.rank("dense").cast(int).fill_null(0) - 1).to_numpy() for group in groups),
    )


def factors_of(items: Tensor | None) -> Tensor | None:
    """A model's item factors among what `encode_items` gave; None where it has none."""
    is_dense = items is not None and items.layout == torch.strided and items.dim() == 2
    return items if is_dense and items is not None and items.shape[1] <= MAX_FACTORS else None
