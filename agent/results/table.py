"""The trials of a study as a table."""

from dataclasses import dataclass

from agent.results.result import Part, Result
from memory.record import ParamValue

Cell = ParamValue | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialTable(Result):
    """The columns and the trials that were asked for, best first."""

    study: str
    objective: str  # a metric, which the column `value` holds
    part: Part = "validation"  # of all metrics
    filter: str | None = None  # quoted
    columns: tuple[str, ...]
    sort: str | None = None  # a column; None: best first
    n: int  # trials that fit the filter
    n_all: int  # trials of the study
    n_left_out: int = 0  # trials that fit and are not among the rows
    rows: tuple[tuple[Cell, ...], ...]  # the first trials that fit; None: the trial has no such value

    def named(self, place: int) -> dict[str, Cell]:
        """The cells of a row by their columns."""
        return dict(zip(self.columns, self.rows[place], strict=True))
