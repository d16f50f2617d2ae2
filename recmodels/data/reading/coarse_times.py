"""Weeks, months and quarters - 2023-W16, Apr-23, 2023-04, Q2 2023 - as the first day of each."""

import polars as pl

_QUARTERS = {f"-q{n + 1}-": f"-{3 * n + 1:02d}-" for n in range(4)}
# of lower case, to `year-Wweek-day` or `year-month-day`
_REWRITES = (
    (r"^(\d{4})[- ]?k?w-?(\d\d)$", "$1-W$2-1"),
    (r"^k?w[- ]?(\d\d)[-/ ](\d{4})$", "$2-W$1-1"),
    (r"^(\d{4})[- ]?(q\d)$", "$1-$2-1"),
    (r"^(q\d)[-/ ]?(\d{4})$", "$2-$1-1"),
    (r"^(\d{4})[-/.](\d\d)$", "$1-$2-1"),
    (r"^(\d\d?)[-/.](\d{4})$", "$2-$1-1"),
    (r"^(\pL{3})\pL*\.?[- /]?(\d{4})$", "$2-$1-1"),
    (r"^(\pL{3})\pL*\.?[-/'](\d\d)$", "20$2-$1-1"),
    (r"^(\d{4})[- /](\pL{3})\pL*$", "$1-$2-1"),
)
_FORMATS = {"weeks": "%G-W%V-%u", "months": "%Y-%m-%d", "months by name": "%Y-%b-%d"}


def first_days(text: pl.Series) -> tuple[pl.Series, str]:
    """Seconds since 1970 of the first day of each, null where it is none, and what they are.

    Args:
        text: String, most of which `kinds.are_coarse` says to be so.
    """
    text = text.str.strip_chars().str.to_lowercase()
    has_quarters = bool(text.str.contains("q", literal=True).any())
    for pattern, to in _REWRITES:
        text = text.str.replace(pattern, to)
    text = text.str.replace_many(_QUARTERS)
    read = {what: text.str.to_date(form, strict=False) for what, form in _FORMATS.items()}
    most = min(read, key=lambda what: read[what].null_count())
    days = pl.select(pl.coalesce(*read.values())).to_series()
    what = "quarters" if has_quarters else most.removesuffix(" by name")
    return days.cast(pl.Datetime("us")).dt.epoch("s"), what
