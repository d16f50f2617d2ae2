"""The names that people give to columns whose cells are lists: plurals of the roles' names, and words for histories."""

import re

import polars as pl

from recmodels.data.column_names import PATTERNS, ROLE_NAMES, TIME_NAMES, Role, plain
from recmodels.data.reading.kinds import ENOUGH

_HISTORIES = frozenset(
    {
        *("history", "histories", "sequence", "sequences", "seq", "basket", "baskets", "cart", "interactions"),
        *("events", "purchases", "clicks", "views", "watched", "watchlist", "liked", "favorites", "favourites"),
        *("itemseq", "itemsequence", "itemhistory", "clickhistory", "userhistory", "playlist", "session"),
        *("sessionitems", "reviews", "ratings", "lineitems", "orderitems", "cartitems", "basketitems"),
        *("purchaseditems", "orderlines", "orderedproducts", "orderproducts", "lineitem", "positionen"),
    }
)
_LIST = re.compile(r"[_ ]?(list|array|history|sequence|seq)$", re.IGNORECASE)


def singular(name: str) -> str:
    """`item_ids` → `item_id`, `movies` → `movie`, `histories` → `history`, `item_id_list` → `item_id`."""
    name = _LIST.sub("", name) or name
    if name.lower().endswith("ies") and plain(name) not in ("movies", "series"):
        return name[:-3] + ("Y" if name.isupper() else "y")
    return name[:-1] if name.lower().endswith("s") and len(name) > 2 and not name.lower().endswith("ss") else name


def is_named(name: str, role: Role) -> bool:
    """Whether a column of this name plays a role by itself; titles and the like do not, as lists go by ids."""
    if role == "time":
        tiers: tuple[tuple[str, ...], ...] = (TIME_NAMES,)
    else:
        tiers = ROLE_NAMES[role][:1] if role == "item" else ROLE_NAMES[role]
    word = plain(name)
    return any(word in tier for tier in tiers) or (role in PATTERNS and bool(re.fullmatch(PATTERNS[role], word)))


def names_one(frame: pl.DataFrame, name: str, role: Role) -> bool:
    """Whether a column is called so and tells more than one: an `app_id` that is the same in all rows names no item."""
    if not is_named(name, role):
        return False
    known = frame[name].drop_nulls()
    is_same = len(known) >= ENOUGH and not known.dtype.is_nested() and bool((known == known[0]).all())
    return not is_same


def is_item_list(name: str) -> bool:
    """Whether a column of this name holds lists of items, be it one below another: `visit.items`."""
    name = name.rpartition(".")[2]
    return plain(name) in _HISTORIES or (singular(name) != name and is_named(singular(name), "item"))
