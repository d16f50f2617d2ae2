"""Why a study ended, and what helps: a budget that is used up, a time limit, or nothing left to try."""

from collections import Counter
from collections.abc import Sequence

from agent.answers.wording import count, listed, sentence, unquoted
from agent.results.status import Status
from agent.standing import counted
from agent.studies.planner import EVERY_POINT
from agent.studies.study_spec import trials_done
from memory.record import TrialRecord
from recmodels.outside import visible

_HOW = {"pruned": "stopped early", "failed": "failed"}


def ended_early(facts: Status) -> str:
    """Why a study finished with trials of its budget left; empty where it did not."""
    if facts.state != "finished" or facts.n_finished >= facts.n_trials:
        return ""
    done = trials_done(facts.n_finished, facts.n_trials)
    return f"It ended with {done}: {sentence(unquoted(facts.reason))}"


def what_helps(facts: Status) -> str:
    """How a finished study can go on."""
    if facts.n_finished >= facts.n_trials:
        return "The budget is used up. Run more trials to go on from what was learned so far."
    if unquoted(facts.reason).startswith(EVERY_POINT):
        return (
            "More trials alone cannot help, as there is nothing left to try. Let a param vary that is fixed or bounded "
            "now, or let another model take part, then resume the study."
        )
    return "Give it a longer time limit, then resume it: the trials that are left go on from what was learned so far."


def trials_ended(facts: Status, records: Sequence[TrialRecord]) -> str:
    """`6 of 6 trials done, of which 1 failed and 2 stopped early`."""
    states: Counter[str] = Counter(record.state for record in counted(records))
    others = [f"{n} {how}" for state, how in _HOW.items() if (n := states[state])]
    of = f", of which {listed(others)}" if others else ""
    return trials_done(facts.n_finished, facts.n_trials) + of


def all_failed(records: Sequence[TrialRecord]) -> str:
    """That every trial failed, and why the last did; empty where one did not, or none ran."""
    done = counted(records)
    if not done or any(record.state != "failed" for record in done):
        return ""
    last = done[-1]
    trials = "The only trial" if len(done) == 1 else f"All {count(len(done), 'trial')}"
    return f"{trials} failed. Trial {last.number} of {last.model}: {sentence(visible(last.reason or 'no reason was kept'))}"
