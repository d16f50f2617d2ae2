"""Who is the user where most rows come from people who are not known: their browser or device, which all rows name.

Analytics write both: GA4 `user_id` and `user_pseudo_id`, Segment `userId` and `anonymousId`, Snowplow `user_id` and
`domain_userid`. Where few rows have the first, the second is the visitor that retail services ask for.
"""

from collections.abc import Sequence

from recmodels.data.checks import CHECK
from recmodels.data.column_names import ANONYMOUS, plain
from recmodels.data.reading.evidence import Evidence
from recmodels.data.reading.missing import MAX_UNREADABLE
from recmodels.data.reading.question import ambiguous
from recmodels.data.reading.table import Table

_NOBODY = (
    "0",
    "-1",
    "guest",
    "guests",
    "anonymous",
    "anon",
    "not set",
    "(not set)",
    "unknown",
    "visitor",
    "not logged in",
)
_MOST = 0.5  # of the rows without a known person: then the others are the data


def visitor(table: Table, evidence: Evidence, people: Sequence[str], names: Sequence[str]) -> tuple[str, str] | None:
    """The column of browsers or devices that is the user in place of one that most rows lack, and a sentence.

    Args:
        people: The columns that are called like the user.
        names: All that may be it.

    Returns:
        None where few rows lack the user, or nothing that all rows have stands beside it.

    Raises:
        AmbiguousColumns: A part of the rows, though not most, would be left out.
    """
    full = [name for name in names if plain(name) in ANONYMOUS and _names_all(evidence, name)]
    people = [name for name in people if name not in full]
    if not full or len(people) != 1:
        return None
    known, anyone = people[0], min(full, key=lambda name: ANONYMOUS.index(plain(name)))
    words = evidence.values(known).str.to_lowercase()
    nobody = words.filter(words.is_in(_NOBODY))
    missing = evidence.missing(known) + len(nobody) / max(len(words), 1)
    if missing <= MAX_UNREADABLE:
        return None
    lacking = f"{missing:.0%} of the rows have no `{known}`" + (f", or {nobody[0]!r} there" if len(nobody) else "")
    if missing <= _MOST:
        raise ambiguous(table, "user", [known, anyone], f"{lacking}, and would be left out; all have `{anyone}`")
    does = f"takes `{known}` all the same" if len(nobody) else "keeps the rows of known people alone"
    return anyone, (
        f"{CHECK}{lacking}, so `{anyone}` was taken for the user: it names a browser or a device, of which a person "
        f"may have several (`--column user={known}` {does})"
    )


def _names_all(evidence: Evidence, name: str) -> bool:
    is_id = evidence.kind(name) in ("id", "number", "text", "category")
    return is_id and evidence.missing(name) <= MAX_UNREADABLE and not evidence.is_unique(name)
