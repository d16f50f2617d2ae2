"""What programs write where there is no value, and whether such a word is a missing id or somebody's name."""

import polars as pl

_ERRORS = ("#n/a", "#n/v", "#value!", "#ref!", "#div/0!", "#name?", "#null!", "#num!")  # of Excel
NEVER_A_NAME = (*_ERRORS, "\\n", "(null)", "(none)", "<na>", "<null>", "<none>", "[null]")
MAYBE_A_NAME = ("na", "n/a", "nan", "nat", "null", "none", "nil", "undefined", "-", "--", "?", ".")
MAX_UNREADABLE = 0.05  # the share of the rows that may be left out for a value that cannot be read
_CODED = 0.5  # the share of ids with a digit that makes a word among them no id
_FREQUENT, _TIMES_AS_FREQUENT = 0.05, 3  # a word in so many rows, and so many times the most frequent id's, is no id


def is_missing(text: pl.Series) -> pl.Series:
    """Where numbers or times belong: whether a text without blanks around it says that there is none."""
    return text.str.to_lowercase().is_in(("", *NEVER_A_NAME, *MAYBE_A_NAME))


def are_names(ids: pl.Series, counts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Which of the distinct ids are missing, and which look so but are taken to be names of their own.

    A word such as `NA` is missing among ids with digits, and where far more rows say it than any id. Among other words
    it is a name.

    Args:
        ids: Distinct, without blanks around them.
        counts: The rows of each.
    """
    lower = ids.str.to_lowercase()
    certain, maybe = lower.is_in(("", *NEVER_A_NAME)), lower.is_in(MAYBE_A_NAME)
    others = ids.filter(~(certain | maybe))
    if not len(others) or float(others.str.contains(r"\d").mean() or 0) >= _CODED:  # type: ignore[arg-type]
        return certain | maybe, maybe & ~maybe
    most = max(counts.filter(~(certain | maybe)).to_list(), default=0)
    n_rows = int(counts.sum())
    frequent = maybe & (counts >= _FREQUENT * n_rows) & (counts >= _TIMES_AS_FREQUENT * most)
    return certain | frequent, maybe & ~frequent
