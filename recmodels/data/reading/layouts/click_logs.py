"""Logs of advertisements' clicks that name no user: recognised by their columns, and asked about."""

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


def log_without_users(table: Table) -> str:
    """The name of such a log; empty where the table is none."""
    names = {*map(plain, table.frame.columns)}
    return next((log for log, columns in _LOGS.items() if columns <= names), "")


def refusal(table: Table, log: str) -> DataError:
    """That somebody must say which columns stand for users and items."""
    return DataError(
        f"{table.path.name} has the columns of {log}, a log of clicks that names no users and items: say "
        f"which columns stand for them, user=COLUMN item=COLUMN{_STAND_IN.get(log, '')}"
    )
