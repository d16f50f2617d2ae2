"""What a version was made by, back to the dataset that was read from a file."""

from typing import Any

from recmodels.data.catalogue import Catalogue
from recmodels.data.stored_dataset import Derivation, StoredDataset


def rules_of(catalogue: Catalogue, stored: StoredDataset) -> list[dict[str, Any]]:
    """The filters that a dataset was made by, the first at first, as `recmodels.data.standing.Standing` reads them."""
    rules: list[dict[str, Any]] = []
    made: StoredDataset | None = stored
    while made is not None and (of := made.derived) is not None:
        made = _base(catalogue, of)
        own = [{"kept": dict(of.kept), "of": str(made.folder) if made else ""}] if of.how == "filter" else []
        rules = [*own, *rules]
        if made is None:  # what it was made by is known all the same
            rules = [*({"kept": dict(kept), "of": ""} for kept in of.earlier), *rules]
    return rules


def is_of_rules(note: str, source: str) -> bool:
    """Whether a note says how these filters were held to the rows of a file."""
    said = note.removeprefix("check this: ")
    return said.startswith(f"{source}: as ") and " was kept by choice (" in said


def _base(catalogue: Catalogue, of: Derivation) -> StoredDataset | None:
    """What a version was made of; None where that was removed."""
    if catalogue.key_of(of.base) != of.base:
        return None
    base = catalogue.get(of.base)
    return base if base.fingerprint == of.base_fingerprint else None
