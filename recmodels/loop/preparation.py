"""What training begins with: the data on the device, and what the model may know of users and items."""

from dataclasses import dataclass

import numpy as np
import torch

from recmodels.data.features import features_of
from recmodels.data.histories import Histories
from recmodels.data.interactions import Interactions
from recmodels.data.split import Rows, Split
from recmodels.errors import DataError
from recmodels.models import ModelEntry
from recmodels.models.base import Entities


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceData:
    """The parts on the device."""

    train: Histories
    valid: Histories
    test: Histories
    before_test: Histories  # train and valid


def entities_of(interactions: Interactions, entry: ModelEntry) -> Entities:
    """What the model may know of users and items.

    Raises:
        DataError: The model needs item texts and the data has none.
    """
    texts = None
    if "text" in entry.needs:
        if interactions.item_table is None or not interactions.text_columns:
            raise DataError(
                f"{entry.name} reads item texts, and `{interactions.name}` has none; "
                "add a table of items with a column such as title, or take another model"
            )
        texts = tuple(interactions.item_texts())
    return Entities(
        n_users=interactions.n_users,
        n_items=interactions.n_items,
        item_texts=texts,
        features=features_of(interactions) if entry.predicts else None,
    )


def data_on(interactions: Interactions, parts: Split, device: torch.device) -> DeviceData:
    """Copy the parts to the device, once."""

    def histories(rows: Rows) -> Histories:
        return Histories.from_arrays(
            interactions.users[rows],
            interactions.items[rows],
            n_users=interactions.n_users,
            n_items=interactions.n_items,
            device=device,
        )

    return DeviceData(
        train=histories(parts.train),
        valid=histories(parts.valid),
        test=histories(parts.test),
        before_test=histories(np.union1d(parts.train, parts.valid)),
    )
