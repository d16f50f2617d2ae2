"""What holds of the columns of a file after something more is said of them: a column plays one role.

>>> columns_with({"user": "giver", "ignore": "receiver,note"}, {"user": "receiver"})
{'user': 'receiver', 'ignore': 'note'}
"""

from collections.abc import Mapping

from recmodels.data.reading.options import IGNORE


def columns_with(before: Mapping[str, str], told: Mapping[str, str]) -> dict[str, str]:
    """By role, what was said before and what is said now; a column that gets a role gives up what it was.

    Columns that are not read add up; one that is read after all is none of them any more.
    """
    taken = {name for role, column in told.items() for name in _names(role, column)}
    kept: dict[str, str] = {}
    for role, column in before.items():
        names = [name for name in _names(role, column) if name not in taken]
        if names or not column:  # the weight that a file has not
            kept[role] = ",".join(names)
    if IGNORE in kept and IGNORE in told:
        return {**kept, **told, IGNORE: f"{kept[IGNORE]},{told[IGNORE]}"}
    return {**kept, **told}


def _names(role: str, column: str) -> list[str]:
    return column.split(",") if role == IGNORE else [column]
