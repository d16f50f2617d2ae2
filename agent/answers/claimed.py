"""What a message claims about results, held against the records: what is wrong is set right first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agent.answers.wording import number
from agent.outside import in_markdown
from agent.results.table import Cell, TrialTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """That something measured a value."""

    metric: str  # ndcg@10
    value: float
    digits: int  # after the point, as it was said
    trial: int | None = None
    model: str | None = None  # neither: of the best trial


def columns_of(claims: Sequence[Claim]) -> list[str]:
    """The columns of the table of trials that the claims are checked against."""
    return ["number", "model", "value", *dict.fromkeys(claim.metric for claim in claims)]


def set_right(claims: Sequence[Claim], table: TrialTable) -> str:
    """A sentence for each claim that the records contradict; for those that they bear out, if there is no other.

    Args:
        table: What `trials` found for `columns_of(claims)`, best first.
    """
    return in_markdown(lambda one: _set_right(claims, one), table)


def _set_right(claims: Sequence[Claim], table: TrialTable) -> str:
    rows = [table.named(place) for place in range(len(table.rows))]
    if not rows:
        return ""
    told = [_told(claim, rows, table.study, table.objective) for claim in claims]
    wrong = [says for is_so, says in told if not is_so]
    return " ".join(dict.fromkeys(wrong or [says for _, says in told]))


def _told(claim: Claim, rows: Sequence[Mapping[str, Cell]], study: str, objective: str) -> tuple[bool, str]:
    """Whether it is so, and what is."""
    mine = [row for row in rows if _is_meant(claim, row)] if claim.trial is not None or claim.model else rows[:1]
    who = f"trial {claim.trial}" if claim.trial is not None else f"`{claim.model}`" if claim.model else "the best trial"
    if not mine:
        return (
            False,
            f"There is no {who} in **{study}**." if claim.model is None else f"{who} was not run in **{study}**.",
        )
    row = mine[0]
    value = row["value"] if claim.metric == objective else row.get(claim.metric)
    if not isinstance(value, int | float):
        return False, f"Of {who} of **{study}** no {claim.metric} was measured."
    is_so = abs(value - claim.value) <= 0.51 * 10**-claim.digits
    best = (
        f" (trial {row['number']}, its best)"
        if claim.model
        else f" (trial {row['number']})"
        if claim.trial is None
        else ""
    )
    lead = "Yes, " if is_so else f"That is not so by the records: not {number(claim.value)}, "
    return is_so, f"{lead}{who} of **{study}** has {claim.metric} **{number(value)}**{best}."


def _is_meant(claim: Claim, row: Mapping[str, Cell]) -> bool:
    return bool(row["number"] == claim.trial if claim.trial is not None else row["model"] == claim.model)
