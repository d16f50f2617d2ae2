"""How the confirmation of a study stands, for its overview: what it means, what test said, what can be done."""

from dataclasses import dataclass

from agent.answers.confirmation import details, outdated, progress, same_as_winner, stopped, verdict
from agent.answers.wording import number
from agent.confirmation import Confirmation, told_time
from agent.confirming.opening import Outlook, trials_since
from agent.studies.study import Study

_MAY_BE = ("finished", "stopped", "failed", "paused")  # states in which a study can be confirmed
_NOT_YET = (
    "Not confirmed: test is sealed, and all values here are of the validation part, by which the trials were chosen.",
    "Confirming trains the best few and the defaults with several seeds, chooses on validation, then reads test once.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """What test said of one."""

    name: str
    value: str
    interval: str
    is_winner: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedShown:
    """The last confirmation, or what one would do."""

    sentences: tuple[str, ...]
    word: str = "not confirmed"  # of the best trial
    test: tuple[Tested, ...] = ()
    details: tuple[str, ...] = ()
    act: str = ""  # what the button says; empty: nothing can be done now
    say: str = "confirm it"
    is_running: bool = False
    record: int | None = None  # the number of the confirmation whose record can be taken away

    @classmethod
    def of(cls, now: Outlook, study: Study) -> "ConfirmedShown":
        """As things stand."""
        is_free = study.state in _MAY_BE and study.best() is not None
        if now.last is None:
            return cls(sentences=_NOT_YET, act="Confirm it" if is_free else "")
        if now.holder is not None:
            done, total = progress(now.last)
            part = "validation" if now.last.stage == "valid" else "test"
            return cls(
                sentences=(f"Confirming: {done} of {total} runs on {part} are done.",),
                word="being confirmed",
                is_running=True,
            )
        if not now.last.is_done:
            return cls(sentences=(stopped(now.last),), act="Go on confirming" if is_free else "")
        return cls._done(now.last, study, is_free=is_free)

    @classmethod
    def _done(cls, last: Confirmation, study: Study, *, is_free: bool) -> "ConfirmedShown":
        since = outdated(trials_since(last, study.records()))
        said = f"Confirmed on {told_time(last.ended_at)}. {verdict(last)}"
        best = study.best()
        is_best = any(c.name == last.winner and best is not None and c.trial == best.number for c in last.contenders)
        return cls(
            sentences=tuple(filter(None, (said, since))),
            word="confirmed" if is_best else "another one was confirmed",
            test=_tested(last),
            details=tuple(details(last)),
            act="Confirm again" if since and is_free else "",
            record=last.number,
        )


def _tested(last: Confirmation) -> tuple[Tested, ...]:
    """A row for each configuration; one that has two names stands once, by both."""
    same = same_as_winner(last)
    also = {last.winner: "".join(f", the same as {name}" for name in same)}
    return tuple(
        Tested(
            name=score.contender + also.get(score.contender, ""),
            value=number(score.mean),
            interval="–" if score.low is None else f"[{number(score.low)}, {number(score.high)}]",
            is_winner=score.contender == last.winner,
        )
        for score in last.test
        if score.contender not in same
    )
