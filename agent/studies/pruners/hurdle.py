"""The hurdle: where good trials on other datasets stood by that epoch, as a share of their best, is the bar.

    best here × the share of their best that 95 % of the good curves had reached by that epoch − noise

What is as far as this study's best trial was by that epoch always goes on, so that a history of faster data prunes no
slow learner here. The study's own curves count like another dataset's once there are enough. While neither they nor
the memory know such curves, the lower quartile is the bar.
"""

from collections.abc import Sequence

from agent.advisor.situation import shown
from agent.standing import best_of
from agent.studies.pruners import quartile
from agent.studies.pruners.look import MIN_EPOCHS, Look
from agent.studies.pruners.progress import Progress, best_by, progress_of

LATE = 0.05  # of the good curves, which may have got less far
NOISE = 0.03  # of the bar
_NAMED = 3  # datasets


def judge(look: Look) -> str | None:
    """Why the trial should stop; None while it may go on."""
    if look.done < MIN_EPOCHS or look.done >= look.epochs or look.best is None:
        return None
    known = [*look.past, *_own(look)]
    leader = best_of(look.goal, look.records, list(look.others())) if known else None
    end = best_by(leader.curve, len(leader.curve), look.sign) if leader is not None else None
    if leader is None or end is None:
        return quartile.judge(look)
    share = share_by(known, look.done, look.sign)
    bar = end * share - NOISE * abs(end * share)
    level = best_by(leader.curve, look.done, look.sign)
    if look.best >= (bar if level is None else min(bar, level)):
        return None
    if level is not None and level < bar:
        return (
            f"{look.reached()}, worse than the {shown(look.sign * level)} that the best trial of {look.model}, trial "
            f"{leader.number}, had by then"
        )
    n = sum(len(progress.shares) for progress in known)
    return (
        f"{look.reached()}, worse than the hurdle {shown(look.sign * bar)}: 95 % of {n} good trials of {look.model} on "
        f"{_names(known)} had by then come to {share:.2f} of their best or further, and the best here came to "
        f"{shown(leader.value)} (trial {leader.number}); less {100 * NOISE:g} % for noise"
    )


def share_by(known: Sequence[Progress], epoch: int, sign: int) -> float:
    """What all but the latest of the good curves had reached, each dataset counting by its likeness."""
    pairs = [(sign * share, one.likeness / len(one.shares)) for one in known for share in one.by(epoch)]
    pairs.sort()
    left = LATE * sum(weight for _, weight in pairs)
    for share, weight in pairs:
        left -= weight
        if left < 0:
            return sign * share
    return sign * pairs[-1][0]


def _own(look: Look) -> list[Progress]:
    curves = [record.curve for record in look.others() if record.state == "complete"]
    own = progress_of("this study", 1.0, curves, look.goal.primary)
    return [] if own is None else [own]


def _names(known: Sequence[Progress]) -> str:
    names = list(dict.fromkeys(one.dataset for one in sorted(known, key=lambda one: -one.likeness)))
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more
