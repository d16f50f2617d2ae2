"""Verdicts on a study's trials: which are alike, stopped early or within the constraints; one trial's time and fit."""

import re
from collections.abc import Mapping, Sequence

from agent.answers import verdict_facts as of
from agent.answers.curve_shapes import PAST_BEST, peak_words
from agent.answers.verdict_facts import BUSY, Heard
from agent.answers.wording import count, duration, listed, number, percent, source
from agent.results.explained import TrialExplained
from agent.results.status import Status
from agent.results.study import StudyList, StudyShown
from agent.results.sums import Sum
from agent.results.table import Cell, TrialTable

_MOST = 12  # trials that a sentence names
_EARLY = ("pruned", "failed", "interrupted")
_BREAKS = re.compile(
    r"\b(?:break|breaks|broke|violat\w+|miss|misses|missed|infeasible)\b|\b(?:not|n't|fail\w*\s+to)\s+(?:meet|keep|satisf\w+|fulfil\w*|respect)|违反|不满足|不符合"
)
_WHO = re.compile(r"\bwho\b|\bpropos\w+|\bcho(?:se|sen)\b|\bwhere\b.*\bfrom\b|谁")


def alike(heard: Heard) -> str:
    """The trials that the best is not clearly better than."""
    status = heard.of(Status)
    if status is None or status.best is None:
        return f"That cannot be said yet: {heard.error() or 'no trial can be judged so far'}."
    others = of.alike(status)
    if not status.standing.is_group_known:
        return f"That is not known of **{status.study}**: its trials keep no value for each user, by which they could be told apart."
    if not others:
        return f"None: in **{status.study}** {of.best(status)} is clearly better than every other trial."
    named = _named([status.best.number, *others])
    return f"{named[0].upper()}{named[1:]} of **{status.study}** cannot be told apart on validation: {of.best(status)} is not clearly better than {_named(others)}. All others are clearly behind it."


def stopped_early(heard: Heard) -> str:
    """Which trials did not come to their end; the table below says why each."""
    table = heard.of(TrialTable)
    if table is None:
        return f"That cannot be said yet: {heard.error() or 'there is no study'}."
    if table.n == 0:
        return f"None of the {count(table.n_all, 'trial')} of **{table.study}** was stopped early: each ran to its end."
    rows = [table.named(place) for place in range(len(table.rows))]
    by_state = {state: sorted(_number(row) for row in rows if row.get("state") == state) for state in _EARLY}
    parts = [f"{_named(numbers)} {_was(numbers)} {state}" for state, numbers in by_state.items() if numbers]
    rest = f", and {table.n_left_out} more" if table.n_left_out else ""
    return f"{table.n} of {count(table.n_all, 'trial')} of **{table.study}** did not run to the end: {listed(parts)}{rest}."


def feasible(heard: Heard) -> str:
    """Which trials meet the constraints, or do not, each with what it reached."""
    status, table = heard.of(Status), heard.of(TrialTable)
    if status is None or table is None:
        return f"That cannot be said yet: {heard.error() or 'there is no study'}."
    constraints = [part.strip() for part in status.goal.split(",") if re.search(r"[<>]=?", part)]
    if not constraints:
        return f"**{status.study}** has no constraint, so each of its trials counts. Say, for example, `coverage@10 at least 0.3` to set one."
    asked, breaks = listed(constraints), _BREAKS.search(heard.says) is not None
    does = ("breaks" if table.n == 1 else "break") if breaks else ("meets" if table.n == 1 else "meet")
    total = count(table.n_all, "trial")
    if table.n == 0:
        return f"None of the {total} of **{status.study}** {'breaks' if breaks else 'meets'} {asked}."
    rows = [_with_values(table.named(place), status.objective) for place in range(min(_MOST, len(table.rows)))]
    more = f", and {table.n - len(rows)} more" if table.n > len(rows) else ""
    return f"{table.n} of {total} of **{status.study}** {does} {asked}: {listed(rows)}{more}."


def took(heard: Heard) -> str:
    """How long one trial trained, and who chose it."""
    trial = heard.of(TrialExplained)
    if trial is None:
        return _without_trial(heard)
    name = f"Trial {trial.number} of {trial.study}"
    if trial.train_s is None:
        return f"How long {name[0].lower()}{name[1:]} trained is not recorded: it {trial.state}."
    by = f" It came from {source(trial.proposer)}." if _WHO.search(heard.says) else ""
    return f"{name} (`{trial.model}`) trained for **{duration(trial.train_s)}**; measuring it comes on top of that.{by}"


def in_percent(heard: Heard) -> str:
    """One value against another as a share of it."""
    found = heard.of(Sum)
    if found is None or len(found.values) != 2:
        return _without_trial(heard)
    first, second = found.values
    if found.relative_change is None:
        return f"A share of {second.what} cannot be told, since that is 0; {first.what} is {number(first.value)}."
    if not found.relative_change:
        return f"{first.what} and {second.what} are the same: {number(first.value)}."
    way = "more" if found.relative_change > 0 else "less"
    share = percent(abs(found.relative_change))
    return f"In {found.study}, {first.what} is **{share} {way}** than {second.what}: {number(first.value)} against {number(second.value)}. Comparing the two trials says whether chance explains it."


def overfit(heard: Heard) -> str:
    """What the curve on validation tells of it; the score on training data is not measured."""
    trial = heard.of(TrialExplained)
    if trial is None:
        return _without_trial(heard)
    name = f"trial {trial.number} of {trial.study} (`{trial.model}`)"
    unmeasured = "Scores on the training data are not measured, so the gap to them is not known."
    if trial.curve is None:
        return f"It cannot be seen: {name} learns in one step, or keeps no curve, and its value is measured on held-out events. {unmeasured} `confirm` reads test, which nothing was chosen by."
    past = trial.curve.shape == PAST_BEST
    lead = "There are signs of it" if past else "No sign of it on validation"
    kept = " What is kept are the weights of its best epoch." if past else ""
    return f"{lead}: the curve of {name} on validation has its {peak_words(trial.curve)} ({trial.curve.shape}).{kept} {unmeasured}"


def whose(heard: Heard) -> str:
    """Who began a study."""
    studies = heard.of(StudyList)
    if studies is None:
        return f"That cannot be said: {heard.error() or 'there is no study yet'}."
    rows = [row for row in studies.studies if isinstance(row, StudyShown)]
    named = [row for row in rows if re.search(rf"(?<![\w-]){re.escape(row.study.lower())}(?![\w-])", heard.says)]
    if not named:
        named = [row for row in rows if row.is_at_hand]
    if not named:
        return "There is no such study."
    parts = [f"**{row.study}** was begun by {row.begun_by}" for row in named if row.begun_by]
    unknown = [f"**{row.study}**" for row in named if not row.begun_by]
    if unknown:
        parts.append(f"nobody had logged in when {listed(unknown)} began, so no name is kept with it")
    text = listed(parts)
    return f"{text[0].upper()}{text[1:]}."


def next_step(heard: Heard) -> str:
    """What can be done with the study at hand, its state in view."""
    status = heard.of(Status)
    if status is None:
        return (
            f"Begin with your data: drop a file into the chat, or say `tune demo, 10 trials`. {heard.error()}".strip()
        )
    if status.state == "waiting":
        return f"{of.state(status)}: a trial waits for your word. Say `run it` or `reject it`; `why this one?` explains it."
    if status.state in BUSY:
        return f"{of.state(status)}.{of.running_trial(status)} Nothing needs to be done; `pause` and `stop` are there, and `how is it going?` tells more."
    if status.state in ("paused", "stopped"):
        return f"{of.state(status)}. `resume` goes on with it. So far the best is {of.best(status)}."
    if status.best is None:
        return f"{of.state(status)}, and no trial can be judged. `which trials failed, and why?` shows what happened."
    if status.confirmed.is_confirmed:
        return f"{of.state(status)}, and it is confirmed: the best is {of.best(status)}. `export the best` takes the model away, and `recommend items for a user` uses it."
    ahead = of.unbeaten(status)
    if ahead:
        return f"{of.state(status)}, and {listed(ahead)} without tuning {'are' if len(ahead) > 1 else 'is'} ahead of {of.best(status)}. The quickest gain is `tune {ahead[0]} on {status.dataset}`; `add 10 trials` searches on here."
    alike = of.alike(status)
    sure = f" {_named(alike)[0].upper()}{_named(alike)[1:]} cannot be told apart from it." if alike else ""
    return f"{of.state(status)}, and the best is {of.best(status)}.{sure} Next: `add 10 trials` to search on, `confirm` to train the best again with several seeds and read test once, or `export the best` to use it as it is."


def _with_values(row: Mapping[str, Cell], objective: str) -> str:
    """trial 2 (coverage@10 0.618, ndcg@10 0.1162)"""
    shown = [(objective if name == "value" else name, value) for name, value in row.items()]
    values = ", ".join(
        f"{name} {number(value)}"
        for name, value in shown
        if "@" in name or name in (objective, "latency_ms")
        if isinstance(value, int | float)
    )
    return f"trial {_number(row)}" + (f" ({values})" if values else "")


def _named(numbers: Sequence[int]) -> str:
    return f"trial{'s' if len(numbers) > 1 else ''} {listed([str(one) for one in numbers])}"


def _was(numbers: Sequence[int]) -> str:
    return "were" if len(numbers) > 1 else "was"


def _number(row: Mapping[str, Cell]) -> int:
    found = row.get("number")
    return int(found) if isinstance(found, int | float) else -1


def _without_trial(heard: Heard) -> str:
    return f"That cannot be said: {heard.error() or 'there is no such trial'}."
