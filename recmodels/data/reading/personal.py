"""Columns that say who a person is: e-mail, phone, name, address. They are left out unless they are wanted."""

import re
from collections.abc import Iterable, Mapping

import polars as pl

from recmodels.data.column_names import plain
from recmodels.data.reading.options import KEEP

_SAMPLED = 1_000  # values
_MOSTLY = 0.5  # of the values there are
_NAMED = {
    "an e-mail address": r".*e?mail(address)?",
    "a phone number": r".*(phone|telephone|mobile|cellphone|fax|whatsapp)(no|number|nr)?|tel|cell",
    "a person's name": (
        r"(first|last|full|real|given|family|middle|maiden|sur|customer|client|patient|contact|buyer|student|employee)"
        r"_?name|surname"
    ),
    "an address": r"(home|street|postal|mail|delivery|shipping|billing|customer)?(street|address)(line)?[123]?",
    "a network address": r".*ip(v[46])?(address|addr)|ip|deviceip|clientip|remoteip|macaddress",
    "a date of birth": r"dob|birthdate|birthday|dateofbirth",
    "a document's number": r"ssn|socialsecurity(no|number)?|passport(no|number)?|iban|(credit)?card(no|number)|taxid",
}
_SHAPES = {
    "an e-mail address": r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$",
    "a phone number": r"^(\+|00)[1-9][\d\s().-]{6,18}$",
    "a network address": r"^(\d{1,3}\.){3}\d{1,3}$",
}


def personal_columns(frame: pl.DataFrame, keep: Iterable[str] = ()) -> dict[str, str]:
    """Column → what it looks like, by its name or by what most of its values look like."""
    found = {name: _kind(name, frame[name]) for name in frame.columns if name not in set(keep)}
    return {name: kind for name, kind in found.items() if kind is not None}


def personal_note(found: Mapping[str, str], place: str) -> str:
    """Which columns were left out of a file, as what, and how to keep them."""
    listed = ", ".join(f"`{name}` ({kind})" for name, kind in found.items())
    return f"left out of {place}, since it tells who a person is: {listed}; `{KEEP}=COLUMN` keeps it"


def told_by_ids(ids: pl.Series) -> str | None:
    """What most ids of users look like, where that says who they are."""
    return _shape(ids.head(_SAMPLED))


def _kind(name: str, values: pl.Series) -> str | None:
    word = plain(name)
    named = next((kind for kind, pattern in _NAMED.items() if re.fullmatch(pattern, word)), None)
    return named or (_shape(values.drop_nulls().head(_SAMPLED)) if values.dtype == pl.String else None)


def _shape(values: pl.Series) -> str | None:
    text = values.cast(pl.String).str.strip_chars()
    text = text.filter(text != "")
    if not len(text):
        return None
    return next((kind for kind, shape in _SHAPES.items() if text.str.contains(shape).mean() > _MOSTLY), None)  # type: ignore[operator]  # a share
