"""Logs of advertisements' clicks that name no user: recognised by their columns, and asked about."""

from collections.abc import Mapping

from recmodels.data.column_names import plain
from recmodels.data.reading.table import Table
from recmodels.errors import DataError

# public log → columns that it alone has
_LOGS: dict[str, frozenset[str]] = {
    "Avazu": frozenset({"click", "hour", "bannerpos", "siteid", "appid", "deviceid"}),
    "Criteo": frozenset({*(f"i{n}" for n in range(1, 14)), *(f"c{n}" for n in range(1, 27))}),
    "Criteo uplift": frozenset({"treatment", "exposure", "visit", "f0", "f11"}),
}
_STAND_IN = {"Avazu": "; a device or a network address may stand for a user: user=device_ip item=app_id, for instance"}


def refuse_without_users(table: Table, given: Mapping[str, str] | None) -> None:
    """Refuse such a log where nobody said which columns stand for user and item.

    Raises:
        DataError: With the log's name.
    """
    if given and given.get("user") and given.get("item"):
        return
    names = {*map(plain, table.frame.columns)}
    for log, columns in _LOGS.items():
        if columns <= names:
            raise DataError(
                f"{table.path.name} has the columns of {log}, a log of clicks that names no users and items: say "
                f"which columns stand for them, user=COLUMN item=COLUMN{_STAND_IN.get(log, '')}"
            )
