"""Ids of one dataset that differ only in how they are written: in case, in blanks, in their encoding."""

from collections.abc import Iterator

import polars as pl

_BROKEN = r"[ÃÂ][\u0080-\u00bf\u0152-\u0178\u2013-\u20ac]"  # UTF-8 that was read as Windows-1252
_MAX_BROKEN = 10_000  # ids that are repaired to compare them


def written_otherwise(ids: pl.Series, side: str, column: str | None) -> Iterator[str]:
    """How many ids fall together if case, blanks and encodings are ignored, with two of them; nothing is merged.

    Args:
        ids: Distinct. (n,) String
        side: user or item.
        column: What the file calls them.
    """
    letters = ids.filter(ids.str.contains(r"\pL"))
    bare = letters.str.normalize("NFKC").str.to_lowercase().str.replace_all(r"\s+", " ").str.strip_chars()
    broken = bare.str.contains(r"(?i)" + _BROKEN)
    if 0 < broken.sum() <= _MAX_BROKEN:
        whole = [_whole(text) for text in letters.filter(broken)]
        bare = bare.scatter(broken.arg_true(), pl.Series(whole, dtype=pl.String))
    n_more = len(bare) - bare.n_unique()
    if not n_more:
        return
    first = bare.filter(bare.is_duplicated())[0]
    one, other = letters.filter(bare == first)[:2]
    where = f" (`{column}`)" if column else ""
    yield (
        f"{n_more:,} of {len(ids):,} {side}s{where} have an id that differs from another's only in case, blanks or "
        f"encoding, such as {one[:40]!r} and {other[:40]!r}; they stay apart, so "
        f"write them alike in the file where they are one"
    )


def _whole(text: str) -> str:
    try:
        return text.encode("cp1252").decode("utf-8").lower().strip()
    except UnicodeError:
        return text.lower().strip()
