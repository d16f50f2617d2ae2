"""The pieces that verdicts are made of: what a study's status says of its state, its best trial and its baselines."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from agent.answers.explain_study import STATES
from agent.answers.over_defaults import barred_words, defaults_words, real_defaults
from agent.answers.wording import count, duration, number
from agent.results.result import Failure, Result
from agent.results.standing import BaselineShown
from agent.results.status import Status
from agent.studies.study_spec import trials_done

_R = TypeVar("_R", bound=Result)
BUSY = ("queued", "running", "waiting")  # states in which something is about to happen by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A question and the facts that answer it."""

    says: str  # the message, in lower case
    facts: Mapping[str, Result]  # by the name of the tool that found them

    def of(self, cls: type[_R]) -> _R | None:
        """What was found of that kind; None where nothing was."""
        return next((found for found in self.facts.values() if isinstance(found, cls)), None)

    def error(self) -> str:
        """Why a tool found nothing; empty where all did."""
        return next((found.error for found in self.facts.values() if isinstance(found, Failure)), "")


def state(status: Status) -> str:
    """**demo-2** has finished (4 of 4 trials done)"""
    now = "is stopping" if status.is_stopping else STATES[status.state]
    return f"**{status.study}** {now} ({trials_done(status.n_finished, status.n_trials)})"


def running_trial(status: Status) -> str:
    """What trains now; empty where nothing does."""
    running = status.running
    if running is None:
        return ""
    at = f"epoch {running.epoch} of {running.epochs}" if running.epoch else "and has not ended an epoch yet"
    return f" Trial {running.number} trains now, {at}."


def best(status: Status) -> str:
    """trial 0 (`sasrec`, ndcg@10 0.075 ± 0.009 on validation)"""
    found, stands = status.best, status.standing
    if found is None or stands.best is None:
        return "none yet"
    spread = f" ± {stands.uncertainty:.2g}" if stands.uncertainty is not None else ""
    value = number(stands.best.value)
    return f"trial {found.number} (`{found.model}`, {found.objective} **{value}**{spread} on validation)"


def beaten(status: Status) -> str:
    """35 % above popularity and 14 % below plain ease; empty without baselines."""
    parts = [_against(status, row) for row in status.standing.baselines]
    return " and ".join(filter(None, parts))


def _against(status: Status, row: BaselineShown) -> str:
    other = row.value
    if status.standing.best is None or not other:
        return ""
    mine = status.standing.best.value
    if _is_level(mine, other):
        return f"level with {row.model} at its defaults ({number(other)})"
    way = "above" if mine > other else "below"
    share = abs(mine - other) / abs(other)
    return f"{100 * share:.0f} % {way} {row.model} at its defaults ({number(other)})"


def _is_level(mine: float, other: float) -> bool:
    return abs(mine - other) < 0.005 * abs(other)


def is_level(status: Status, model: str) -> bool:
    """Whether the best is as good as that simple model, give or take half a per cent."""
    value = next((row.value for row in status.standing.baselines if row.model == model), None)
    mine = status.standing.best
    return bool(value) and mine is not None and value is not None and _is_level(mine.value, value)


def unbeaten(status: Status) -> list[str]:
    """The simple models that the best trial is not above."""
    return [row.model for row in status.standing.baselines if row.is_beaten is False]


def gain(status: Status) -> str:
    """What was won over the model's defaults, the noise in view; empty where that cannot be said."""
    stands = status.standing
    if stands.defaults is None:
        return _without_defaults(status)
    where, real = defaults_words(stands), real_defaults(stands)
    if stands.is_defaults and stands.defaults_cut:
        return f"It is {where}: no other params did better so far.{real}"
    if stands.is_defaults:
        return "It is the model's defaults: no other params did better so far."
    if stands.gain is None:
        return ""
    low, high = stands.gain.low, stands.gain.high
    mean = f"{stands.gain.mean:+.2g} [{low:+.2g}, {high:+.2g}]"
    if stands.is_clear_gain:
        return f"The gain over {where} is clear: {mean}.{real}"
    return f"It is not clearly better than {where}: {mean}, which noise explains.{real}"


def _without_defaults(status: Status) -> str:
    """Where no trial ran the defaults of the best one's model: what they have as a baseline, if that was measured."""
    stands, found = status.standing, status.best
    if stands.best is None or found is None:
        return ""
    if stands.barred_defaults is not None:
        return barred_words(stands)
    row = next((row for row in stands.baselines if row.model == found.model and row.value is not None), None)
    none = f"No trial here ran the defaults of {found.model}"
    if row is None or row.value is None:
        return f"{none}, so no gain over them is claimed."
    return f"{none}; as a baseline they have {number(row.value)}, and the best is {stands.best.value - row.value:+.2g} from there."


def is_past_real_defaults(status: Status) -> bool | None:
    """Whether the best is beyond the interval of its model's real defaults; None where no baseline measured them."""
    stands = status.standing
    row = next((row for row in stands.baselines if row.model == stands.defaults_model), None)
    if row is None or row.is_beaten is None or row.low is None or row.high is None or stands.best is None:
        return None
    return row.is_beaten and not row.low <= stands.best.value <= row.high


def alike(status: Status) -> list[int]:
    """The other trials that cannot be told apart from the best."""
    stands = status.standing
    if stands.best is None or not stands.is_group_known:
        return []
    return [n for n in stands.group if n != stands.best.number]


def took(status: Status) -> str:
    """How long the study ran, and a trial of it on average."""
    n, each = status.n_finished, each_s(status)
    about = f", about {duration(each)} of training a trial" if each is not None else ""
    return f"{count(n, 'trial')} in {duration(status.elapsed_s)}{about}"


def each_s(status: Status) -> float | None:
    """The seconds that a trial trains: the median of those that came to their end, as time left is told from."""
    return status.time_left.each_s
