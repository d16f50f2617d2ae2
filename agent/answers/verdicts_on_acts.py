"""Verdicts on acts: is it safe, may it be, was it done; from the state of the study, yes or no first."""

import re

from agent.answers import verdict_facts as of
from agent.answers.verdict_facts import BUSY, Heard
from agent.answers.wording import count, listed, number, unquoted
from agent.results.memory import LessonList
from agent.results.status import Status
from agent.results.study import StudyList, StudyShown

_ASKS_LOSS = re.compile(
    r"\b(?:los[est]|lost|eras|delet|gone|throw|thrown|vanish|destroy|wast|forget|risky|dangerous|problem|bad\s+idea|have\s+to|must|need\s+to)"
)
_ASKS_MORE = re.compile(r"\b(?:longer|extend\w*|more\s+trials?|press\s+on|add\w*|go\s+on|carry\s+on)\b")


def safe(heard: Heard) -> str:
    """Whether pausing, stopping or going on costs anything."""
    yes = "No" if _ASKS_LOSS.search(heard.says) else "Yes"
    if "have to" in heard.says or "need to" in heard.says:
        return f"No, you need not: {_any_time(heard)}"
    if _ASKS_MORE.search(heard.says):
        why = "a study takes more trials or time at any point, also after it has finished, and its earlier trials stay."
        return f"{yes}: {why} Say, for example, `add 5 trials`. {_now(heard)}".strip()
    if yes == "No":
        return f"No, nothing is lost: {_any_time(heard)}"
    return f"Yes, it is safe: {_any_time(heard)}"


def _any_time(heard: Heard) -> str:
    status = heard.of(Status)
    rule = "finished trials are kept, a pause lets the running trial end, and a stop ends it at its next epoch; `resume` goes on from there."
    return f"{rule} {_now(heard)}".strip() if status else f"{rule} No study is there yet."


def _now(heard: Heard) -> str:
    """The state, where it matters."""
    status = heard.of(Status)
    if not status:
        return ""
    idle = "" if status.state in BUSY else ", so nothing runs now"
    return f"{of.state(status)}{idle}.{of.running_trial(status)}"


def exported(heard: Heard) -> str:
    status = heard.of(Status)
    if not status:
        return f"No: nothing was exported, since {heard.error()}." if heard.error() else "No."
    if status.exports:
        return f"Yes: {listed(status.exports)}."
    ready = " Say `export the best` to do it." if status.best else ""
    return f"No, nothing of **{status.study}** was exported.{ready}"


def can_export(heard: Heard) -> str:
    """Also how, in which formats, and what opens them."""
    status = heard.of(Status)
    formats = (
        "`safetensors` writes the weights (Python's safetensors library opens them, `recpilot recommend` uses them), "
        "`csv` and `parquet` write everybody's lists as a table."
    )
    if not status or not status.best:
        return f"Not yet: an export needs a finished trial, and there is none. Then say `export the best`; {formats}"
    while_running = ", also while it runs" if status.state in BUSY else ""
    return f"Yes, any finished trial can be exported{while_running}; the best is {of.best(status)}. Say `export the best`: {formats}"


def stopped_itself(heard: Heard) -> str:
    status = heard.of(Status)
    if not status:
        return f"No: {heard.error()}."
    reason = unquoted(status.reason)
    why = f" Reason: {reason}." if reason and status.state in ("failed", "stopped", "paused") else ""
    asks_end = re.search(r"\b(?:finish|end|complete|done)", heard.says) is not None
    if status.state == "failed":
        return f"Yes, it failed: {of.state(status)}.{why} What finished is kept."
    if status.state == "finished":
        lead = "Yes" if asks_end else "No, nothing broke: it ran to its end"
        return f"{lead}. {of.state(status)}."
    if status.state in BUSY:
        return f"No: {of.state(status)}.{of.running_trial(status)}"
    return f"Not by itself: {of.state(status)}.{why}"


def did_start(heard: Heard) -> str:
    status = heard.of(Status)
    if not status:
        return f"No: {heard.error() or 'nothing runs'}."
    if status.state in BUSY:
        return f"Yes: {of.state(status)}.{of.running_trial(status)}"
    return f"No, nothing is running: {of.state(status)}."


def really_ran(heard: Heard) -> str:
    status = heard.of(Status)
    if not status:
        return f"Nothing was run yet: {heard.error()}. I give no figure that was not measured."
    return (
        f"Yes, they were really run: **{status.study}** trained {of.took(status)}, on this machine. Every figure comes from"
        f" a trial in the ledger; `explain trial {status.latest.number if status.latest else 0}` or `show the trials` lists them."
    )


def did_delete(heard: Heard) -> str:
    found = heard.of(StudyList)
    names = [f"**{row.study}**" for row in found.studies] if found is not None else []
    there = f"{listed(names)} {'is' if len(names) == 1 else 'are'} still there" if names else "there is no study"
    return f"No: {there}. What is deleted can be brought back with `undo`."


def can_delete(heard: Heard) -> str:
    row = _named(heard)
    thing = "it" if row is None else f"**{row.study}**"
    what = "" if row is None else f" ({count(row.n_finished, 'trial')}{_best_of(row)})"
    return (
        f"Yes. {thing[0].upper() + thing[1:] if row is None else thing}{what} goes out of the list, its trials and weights stay on disk, and `undo` brings"
        f" it back. Nothing was deleted; say `delete {'it' if row is None else row.study}` to do it."
    )


def lost_by_delete(heard: Heard) -> str:
    row = _named(heard)
    thing = "the study" if row is None else f"**{row.study}**"
    what = "" if row is None else f" with its {count(row.n_finished, 'trial')}{_best_of(row)}"
    return (
        f"Nothing for good: {thing}{what} only leaves the list. Its trials and weights stay on disk, what they taught stays"
        " in the memory unless you have that forgotten, and `undo` brings it back. Nothing was deleted."
    )


def free_space(heard: Heard) -> str:
    return (
        "No: what is deleted or removed here only leaves the list, so that `undo` can bring it back; its files stay in"
        " recpilot's home folder and take the same space."
    )


def noted(heard: Heard) -> str:
    found = heard.of(LessonList)
    if not found or not found.lessons:
        return "No, nothing is noted yet. Say `remember that …` and it is kept."
    mine = [row for row in found.lessons if row.source == "user"] or list(found.lessons)
    last = max(mine, key=lambda row: row.number)
    return f"Yes, as number {number(last.number)}: {last.text}"


def forgets(heard: Heard) -> str:
    found = heard.of(LessonList)
    n = 0 if found is None else found.count
    there = f"{count(n, 'note')} {'is' if n == 1 else 'are'} kept" if n else "there is none yet"
    return f"No: trials and notes stay until you tell me to forget them, also over restarts ({there})."


def survives(heard: Heard) -> str:
    is_network = re.search(r"\b(?:signal|internet|network|wi-?fi|connection)\b", heard.says)
    if is_network:
        return f"Yes: everything runs on this machine and needs no network. {_now(heard)}".strip()
    if re.search(r"\b(?:browser|tab|window|page|chat)\b", heard.says):
        return f"Yes: a study runs in the program, not in the page; open it again and it is all there. {_now(heard)}".strip()
    return (
        "Better not while it trains: a machine that sleeps does not train, and when the program ends the running trial is cut off."
        f" Nothing that finished is lost; `resume` goes on afterwards. {_now(heard)}"
    ).strip()


def regret(heard: Heard) -> str:
    """What can still be done about an act that was not wanted."""
    status = heard.of(Status)
    if not status:
        return f"Nothing was done: {heard.error()}."
    if status.state in ("stopped", "paused"):
        return f"It can go on, nothing is lost: {of.state(status)}; say `resume`."
    return (
        f"I changed nothing just now: {of.state(status)}.{of.running_trial(status)} `undo` takes back the last change."
    )


def sampler(heard: Heard) -> str:
    status = heard.of(Status)
    if not status:
        return f"No study is there yet: {heard.error()}."
    no = "No: " if re.search(r"\b(?:switch|change|swap|behind)", heard.says) else ""
    return f"{no}**{status.study}** uses the sampler `{status.sampler}`, as it was started; only you can change that, with a new study."


def which_split(heard: Heard) -> str:
    status = heard.of(Status)
    if not status:
        return f"No study is there yet: {heard.error()}."
    return f"**{status.study}** is split by {SPLITS.get(status.split, status.split)}."


SPLITS = {
    "auto": "what the data allow: leave-last-out where there are times, else at random for each user",
    "leave_last_out": "leave-last-out: each user's last interaction is test, the one before it validation",
    "temporal": "time: training sees what came first, validation and test what came later",
    "random": "chance, for each user",
    "given": "the parts that your data name",
}


def _named(heard: Heard) -> StudyShown | None:
    """The study that the question names, else the one at hand."""
    found = heard.of(StudyList)
    rows = [row for row in found.studies if isinstance(row, StudyShown)] if found is not None else []
    named = [row for row in rows if row.study.lower() in heard.says]
    at_hand = [row for row in rows if row.is_at_hand]
    return next(iter(named or at_hand), None)


def _best_of(row: StudyShown) -> str:
    return f", best {row.objective} {number(row.best.value)}" if row.best else ""
