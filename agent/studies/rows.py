"""Reading rows of a database of which some may be damaged: one that cannot be read costs the others nothing."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

from agent.errors import USER_ERRORS

_log = logging.getLogger(__name__)
UNREADABLE = (*USER_ERRORS, AttributeError, LookupError, TypeError, ValueError)
"""What reading a damaged row raises, or one that a newer version wrote."""
_Row = TypeVar("_Row")
_Read = TypeVar("_Read")


def readable(rows: Iterable[_Row], read: Callable[[_Row], _Read], what: str) -> list[_Read]:
    """What is read of the rows; of each that cannot be read a warning is logged.

    Args:
        what: Is kept in a row, "a lesson".
    """
    found = []
    for row in rows:
        try:
            found.append(read(row))
        except UNREADABLE as error:
            _log.warning(
                "%s of the ledger cannot be read (%s) and is left out; `recpilot restore` lists backups", what, error
            )
    return found
