"""Why a study ended, and what helps: a budget that is used up, a time limit, or nothing left to try."""

from collections import Counter
from collections.abc import Sequence

from agent.answers.wording import count, listed, unquoted
from agent.results.status import Status
from agent.standing import counted
from agent.studies.blame import FAILURES, blamed, failure_of
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
    return f"It ended with {done}: {unquoted(facts.reason).rstrip('.')}."


def what_helps(facts: Status, records: Sequence[TrialRecord]) -> str:
    """How a finished study can go on."""
    done = counted(records)
    if all_failed(records):
        return f"More trials alone would fail alike. {what_helps_after(done[-1])}".rstrip()
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
    trials = {1: "The only trial", 2: "Both trials"}.get(len(done), f"All {count(len(done), 'trial')}")
    kind, _, why = (last.reason or "no reason was kept").partition(": ")
    how = f"{FAILURES[kind]}: {visible(why)}" if kind in FAILURES and why else f"failed: {visible(last.reason or kind)}"
    return f"{trials} failed. Trial {last.number} of {last.model} {how.rstrip('.')}."


def what_helps_after(record: TrialRecord) -> str:
    """What a failed trial broke by, and which of its params to make less of; empty where its params did not break it."""
    failure = failure_of(record)
    if failure is None:
        return ""
    none_ended = "no epoch" in (record.reason or "")  # fewer of them would not have helped
    own = [name for name in blamed(failure) if name in record.params and not (none_ended and name == "epochs")]
    helps = f"It {FAILURES[failure]}. What helps: less of {listed(own)}." if own else f"It {FAILURES[failure]}."
    return helps + (" Or more time for each trial." if failure == "time_limit" else "")
