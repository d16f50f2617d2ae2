"""Layouts of text that are no tables of fields, told by their first lines: which one it is, if any."""

from collections.abc import Callable, Sequence
from pathlib import Path

from recmodels.data.reading.layouts import adjacency, blocks, counted, impressions, matrix_market, records
from recmodels.data.reading.layouts.named import refuse_named
from recmodels.data.reading.table import Table

_LAYOUTS: tuple[tuple[Callable[[Sequence[str]], bool], Callable[[Path, bytes], Table]], ...] = (
    (matrix_market.fits, matrix_market.read),
    (blocks.fits, blocks.read),
    (records.fits, records.read),
    (impressions.fits, impressions.read),
    (adjacency.fits, adjacency.read),
    (counted.fits, counted.read),
)


def read_special(path: Path, data: bytes, lines: Sequence[str]) -> Table | None:
    """The table of such a file; None where it is of none of these layouts.

    Args:
        lines: The first ones that are not blank.

    Raises:
        DataError: It is of a kind that is not read, or breaks the rules of its own.
    """
    for fits, read in _LAYOUTS:
        if fits(lines):
            return read(path, data)
    refuse_named(path, lines)
    return None
