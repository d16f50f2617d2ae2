"""What a person chose for a dataset that was read: whose ids are hashed, what counts as a like; and what is in it."""

from dataclasses import replace
from pathlib import Path

from recmodels.data.checks import CHECK, findings
from recmodels.data.choices import Choices
from recmodels.data.interactions import Interactions
from recmodels.data.likes import with_likes
from recmodels.data.reading.hashing import with_hashed_ids
from recmodels.data.reading.personal import told_by_ids
from recmodels.errors import DataError
from recmodels.positive import parse_rule


def chosen(interactions: Interactions, choices: Choices, key_folder: Path | None) -> Interactions:
    """The data as they were chosen.

    Raises:
        DataError: The rule of what counts as a like fits no row.
        ParamError: It is no rule.
        SetupError: The key of hashed ids cannot be read.
    """
    interactions = replace(interactions, choices=choices)
    if choices.positive is not None:
        with_likes(interactions, parse_rule(choices.positive))
    if choices.hashed:
        if key_folder is None:
            raise DataError("ids are hashed where a dataset is kept; here no key is known")
        interactions = with_hashed_ids(interactions, key_folder)
    elif told := told_by_ids(interactions.user_ids):
        note = (
            f"{CHECK}each user's id looks like {told}, which tells who a person is; `recpilot data add` with "
            "`--hash-ids` keeps keyed hashes in their place"
        )
        interactions = replace(interactions, notes=(*interactions.notes, note))
    return interactions


def looked_at(interactions: Interactions) -> Interactions:
    """With notes on what can hardly be right in the rows."""
    return replace(interactions, notes=(*interactions.notes, *findings(interactions)))
