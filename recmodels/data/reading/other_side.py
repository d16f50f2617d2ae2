"""People on the other side of an event, as sellers next to buyers: the file does not say whose taste is meant."""

import re
from collections.abc import Mapping

import polars as pl

from recmodels.data.checks import CHECK
from recmodels.data.column_names import plain
from recmodels.data.reading.evidence import Evidence
from recmodels.data.reading.kinds import MOST
from recmodels.data.reading.table import Table, listed

_PEOPLE = re.compile(
    r"(buyer|purchaser|seller|vendor|merchant|receiver|recipient|giver|sender|lender|borrower|owner|host|guest|provider|"
    r"supplier|client|customer|driver|passenger|employer|candidate|applicant|mentor|teacher|student|doctor|patient|"
    r"verkäufer|verkaufer|händler|handler|empfänger|empfanger|vendedor|vendeur|卖家|商家)(id|idx|no|number|key|code|hash|name)?"
)
_MAX_ROWS = 50_000  # that are looked at


def other_side(table: Table, evidence: Evidence, found: Mapping[str, str | None]) -> str | None:
    """The note that other columns name people too; None where none does, or where each describes the user or the item.

    Args:
        found: The column of each role.
    """
    user, item = found.get("user"), found.get("item")
    free = [name for name in table.frame.columns if name not in found.values() and _PEOPLE.fullmatch(plain(name))]
    if not free or user is None or item is None:
        return None
    rows = table.frame.head(_MAX_ROWS)
    several = [name for name in free if _names_people(evidence, name) and _is_free_of(rows, name, (user, item))]
    if not several:
        return None
    does = "reads the other ones" if len(several) == 1 else "reads these"
    return (
        f"{CHECK}`{user}` was taken for the user, and {listed(several)} names people as well"
        f" (`--column user={several[0]}` {does})"
    )


def _names_people(evidence: Evidence, name: str) -> bool:
    return evidence.kind(name) in ("id", "number", "text", "category") and not evidence.is_unique(name)


def _is_free_of(rows: pl.DataFrame, name: str, others: tuple[str, str]) -> bool:
    """Whether it is more than a property of each user or item, as the one seller of a product is."""
    known = rows.drop_nulls([name, *others])
    n_pairs = [known.select(other, name).n_unique() for other in others]
    n_others = [known[other].n_unique() for other in others]
    return all(n < MOST * pairs for n, pairs in zip(n_others, n_pairs, strict=True))
