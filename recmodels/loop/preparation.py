"""What training begins with: the data on the device, and what the model may know of users and items."""

from dataclasses import dataclass, replace

import numpy as np
import torch

from recmodels.data.features import features_of
from recmodels.data.histories import Histories
from recmodels.data.interactions import Interactions
from recmodels.data.outcomes import outcomes_of
from recmodels.data.split import Rows, Split, split_examples
from recmodels.errors import DataError
from recmodels.models import ModelEntry
from recmodels.models.base import Entities
from recmodels.outcomes import OutcomeWeights


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


def data_on(
    interactions: Interactions, parts: Split, device: torch.device, *, keeps_repeats: bool = False
) -> DeviceData:
    """Copy the parts to the device, once; rows that a rule says are no likes are masked from their own part on.

    Args:
        keeps_repeats: Whether what users had in train may be recommended again.
    """
    train, valid, test = (_histories(interactions, rows, device) for rows in (parts.train, parts.valid, parts.test))
    before_test = _histories(interactions, np.union1d(parts.train, parts.valid), device)
    examples = interactions.examples
    if examples is not None and examples.is_liked is not None:
        in_train, in_valid, _ = (rows[~examples.is_liked[rows]] for rows in split_examples(interactions, parts))
        train = replace(train, refused=_refused(interactions, in_train, device))
        before_test = replace(before_test, refused=_refused(interactions, np.union1d(in_train, in_valid), device))
    train, before_test = (replace(seen, keeps_repeats=keeps_repeats) for seen in (train, before_test))
    return DeviceData(train=train, valid=valid, test=test, before_test=before_test)


def graded_parts(data: DeviceData, interactions: Interactions, parts: Split, weights: OutcomeWeights) -> DeviceData:
    """The held-out parts with the outcomes of their rows; rows that count 0 are not asked for.

    Args:
        weights: With the names of the data, as `known_outcomes` gives them.
    """
    bits = outcomes_of(interactions, weights)
    counting = sum(1 << place for place, weight in enumerate(weights.weights) if weight > 0)

    def part(rows: Rows) -> Histories:
        kept = rows[(bits[rows] & counting) > 0]
        found = _histories(interactions, kept, data.train.device)
        return replace(found, outcomes=torch.as_tensor(bits[kept], dtype=torch.int64, device=found.device))

    return replace(data, valid=part(parts.valid), test=part(parts.test))


def all_histories(
    interactions: Interactions, device: torch.device | str = "cpu", *, keeps_repeats: bool = False
) -> Histories:
    """Everything that users did, whatever its part; rows that are no likes are masked."""
    found = _histories(interactions, np.arange(len(interactions)), device)
    found = replace(found, keeps_repeats=keeps_repeats)
    examples = interactions.examples
    if examples is None or examples.is_liked is None:
        return found
    return replace(found, refused=_refused(interactions, np.flatnonzero(~examples.is_liked), device))


def _histories(interactions: Interactions, rows: Rows, device: torch.device | str) -> Histories:
    users, items = interactions.users[rows], interactions.items[rows]
    return Histories.from_arrays(
        users, items, n_users=interactions.n_users, n_items=interactions.n_items, device=device
    )


def _refused(interactions: Interactions, rows: Rows, device: torch.device | str) -> Histories:
    """Those rows of the examples."""
    examples = interactions.all_examples()
    users, items = examples.users[rows], examples.items[rows]
    return Histories.from_arrays(
        users, items, n_users=interactions.n_users, n_items=interactions.n_items, device=device
    )
