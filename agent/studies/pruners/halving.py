"""Asynchronous successive halving (Li et al. 2020, arXiv 1810.05934): at each rung only the best third goes on.

A trial is judged once at each rung, against all trials of its model that got there, pruned ones too. It never waits
for others: while fewer than three got to a rung, only the best of them goes on.
"""

from agent.advisor.situation import shown
from agent.studies.pruners.look import MIN_EPOCHS, Look
from agent.studies.pruners.progress import best_by

FACTOR = 3  # by which the epochs grow, and the trials become fewer, from rung to rung


def rungs(epochs: int) -> tuple[int, ...]:
    """The epochs after which trials are judged: a third of all, a ninth, and so on, the fewest first."""
    found: list[int] = []
    while (rung := -(-epochs // FACTOR ** (len(found) + 1))) >= MIN_EPOCHS:
        found.insert(0, rung)
    return tuple(found)


def judge(look: Look) -> str | None:
    """Why the trial should stop; None while it may go on."""
    done, sign, best = look.done, look.sign, look.best
    if done >= look.epochs or done not in rungs(look.epochs) or best is None:
        return None
    there = (record for record in look.others() if record.state == "complete" or len(record.curve) >= done)
    reached = (best_by(record.curve, done, sign) for record in there)
    others = sorted((value for value in reached if value is not None), reverse=True)
    n_kept = max((len(others) + 1) // FACTOR, 1)
    if len(others) < n_kept or best >= others[n_kept - 1]:
        return None
    kept = f"best {n_kept} go" if n_kept > 1 else "best goes"
    return (
        f"{look.reached()}, worse than {shown(sign * others[n_kept - 1])}: of the {len(others) + 1} trials of "
        f"{look.model} that got there only the {kept} on (successive halving)"
    )
