"""How a study stands: its best trial, and whose proposals did better."""

from collections.abc import Sequence

from agent.objective import Goal
from memory.record import TrialRecord

INTERRUPTED = "interrupted"


def counted(records: Sequence[TrialRecord]) -> list[TrialRecord]:
    """The trials that use up budget: all but the interrupted, which run again."""
    return [record for record in records if record.reason != INTERRUPTED]


def best_of(goal: Goal, records: Sequence[TrialRecord]) -> TrialRecord | None:
    """The complete trial with the best first objective among those that meet every constraint."""
    sign = 1 if goal.primary.is_maximized else -1
    fit = [r for r in records if r.state == "complete" and r.value is not None and goal.is_feasible(r.metrics)]
    return max(fit, key=lambda record: sign * (record.value or 0.0), default=None)


def scoreboard(goal: Goal, records: Sequence[TrialRecord]) -> dict[str, dict[str, float]]:
    """For `llm`, `advisor` and `user`, those that proposed: trials, how often they became the best, and their best."""
    board: dict[str, dict[str, float]] = {}
    for i, record in enumerate(records):
        if record.reason == INTERRUPTED:
            continue
        who = record.proposer if record.proposer in ("llm", "user") else "advisor"
        row = board.setdefault(who, {"trials": 0, "improved": 0})
        row["trials"] += 1
        row["improved"] += best_of(goal, records[: i + 1]) is record
    for who, row in board.items():
        own = [r for r in records if (r.proposer if r.proposer in ("llm", "user") else "advisor") == who]
        best = best_of(goal, own)
        if best is not None and best.value is not None:
            row["best"] = best.value
    return board
