"""Which acts of a message are asked about before they are done, and why."""

from collections.abc import Sequence
from dataclasses import replace

from agent.answers.wording import sentence
from agent.studies.defaults import TRIALS
from agent.understanding.asking.prospect import Prospect
from agent.understanding.costs import is_costly
from agent.understanding.known import Known
from agent.understanding.names.new_studies import with_followers
from agent.understanding.plan import Request, Waiting, Why
from agent.words.acts import ACTS

LIMITED = ("start_study", "extend_study")
"""What can ask for more than the limits allow, and then for less."""


def as_shown(waiting: Waiting | None) -> list[Request]:
    """What waits for an answer, with the number of trials that a study has by default."""
    before = waiting.requests if waiting is not None else ()
    takes_default = [one.tool == "start_study" and not {"n_trials", "time_limit_s"} & set(one.args) for one in before]
    return [one.with_args(n_trials=TRIALS) if is_so else one for one, is_so in zip(before, takes_default, strict=True)]


def within_limits(ready: Sequence[Request], known: Known) -> tuple[list[Request], list[Request], list[str]]:
    """The requests with what is within the limits, those that ask for less so, and why: a sentence for each."""
    found, smaller, notes = [], [], []
    for request in ready:
        prospect = known.would(request.tool, request.args) if request.tool in LIMITED else Prospect()
        if prospect.instead:
            request = replace(request.with_args(**prospect.instead), limited=tuple(prospect.instead))
            smaller.append(request)
            notes.append(sentence(prospect.problem or ""))
        found.append(request)
    return found, smaller, notes


def asked_whose(ready: Sequence[Request], known: Known) -> tuple[list[Request], list[Request], list[str]]:
    """The requests, those on a study that may not be meant by its name, and what is said of it.

    What comes after a study that the message itself begins or opens is of that one.
    """
    found, theirs, notes = [], [], []
    is_of_the_message = False
    for request in ready:
        is_of_the_message = is_of_the_message or request.tool in ("start_study", "open_study")
        prospect = Prospect() if is_of_the_message or not request.acts else known.would(request.tool, request.args)
        if prospect.asks:
            request = request.with_args(study=prospect.study)
            theirs.append(request)
            notes.append(prospect.asks)
        found.append(request)
    return found, theirs, list(dict.fromkeys(notes))


def doubtful(
    ready: Sequence[Request],
    left: Sequence[str],
    known: Known,
    smaller: Sequence[Request],
    theirs: Sequence[Request],
    against: Sequence[Request],
    again: Sequence[Request],
    *,
    is_agreed: bool,
) -> tuple[list[Request], Why | None]:
    """The acts that are asked about before they are done, and the first reason for it.

    Args:
        against: What the message would start though it says, somewhere, that something shall not run.
        again: What waits on a card for a yes and was changed without one.
    """
    acts = [request for request in ready if request.acts]
    away = [request for request in acts if ACTS[request.tool].kind == "destructive"]
    dear = [request for request in acts if is_costly(request, known)]
    groups: list[tuple[Why, list[Request]]] = [("unused", acts if left else []), ("limit", list(smaller))]
    groups += [("whose", list(theirs)), ("unclear", list(against))]
    if not is_agreed:
        groups += [("destructive", away), ("costly", [*dear, *again])]
    asked = [request for request in acts if any(request in group for _, group in groups)]
    doubtful = with_followers(asked, acts)
    return doubtful, next((why for why, group in groups if group), None)
