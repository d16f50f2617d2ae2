"""Studies as a whole in words: lists, names, deletions, and what was taken back."""

from agent.answers.wording import count, listed, number, sentence, table, unquoted
from agent.results.study import (
    NothingToUndo,
    NotUndone,
    ReportPlace,
    StudyDeleted,
    StudyList,
    StudyOpened,
    StudyRenamed,
    StudyRow,
    StudyShown,
    StudyUnreadable,
    Undone,
)


def list_studies(facts: StudyList) -> str:
    if not facts.count:
        return "There is no study yet. Say, for example, “tune sasrec on the demo data”."
    n = facts.count
    there = "There is 1 study" if n == 1 else f"There are {number(n)} studies"
    at_hand = next((row.study for row in facts.studies if isinstance(row, StudyShown) and row.is_at_hand), None)
    here = f"; **{at_hand}** is at hand" if at_hand else ""
    more = n - len(facts.studies)
    rest = f"\n\nAnd {number(more)} earlier ones." if more else ""
    header: tuple[str, ...] = ("study", "dataset", "models", "trials", "state", "best")
    rows = [_study_row(row) for row in facts.studies]
    begun = [row.begun_by if isinstance(row, StudyShown) else None for row in facts.studies]
    if any(begun):
        header, rows = (*header, "begun by"), [(*row, by or "–") for row, by in zip(rows, begun, strict=True)]
    return f"{there}{here}:\n\n{table(header, rows)}{rest}"


def _study_row(row: StudyRow) -> tuple[str, ...]:
    if isinstance(row, StudyUnreadable):
        return row.study, "", "", "", unquoted(row.problem), ""
    best = row.best is not None and f"{row.objective} {number(row.best.value)} (trial {row.best.trial})"
    return (
        row.study,
        row.dataset,
        ", ".join(row.models),
        f"{number(row.n_finished)} of {number(row.n_trials)}",
        row.state,
        best or "–",
    )


def open_study(facts: StudyOpened) -> str:
    best = facts.best
    found = f", best {facts.objective} {number(best.value)} (trial {best.trial})" if best else ""
    done = f"{number(facts.n_finished)} of {count(facts.n_trials, 'trial')} done"
    return (
        f"**{facts.study}** is at hand now: {listed(f'`{model}`' for model in facts.models)} on"
        f" `{facts.dataset}`, {facts.state}, {done}{found}."
    )


def rename_study(facts: StudyRenamed) -> str:
    if facts.before == facts.study:
        return f"It is called **{facts.study}** already."
    return f"The study is called **{facts.study}** now; it answers to {facts.before} too. `undo` gives it the old name."


def delete_study(facts: StudyDeleted) -> str:
    n = facts.n_trials
    taught = "what they taught is still remembered" if facts.is_remembered else "what they taught is forgotten"
    kept = f"Its {count(n, 'trial')} and their weights stay on disk, and {taught}" if n else "It had no finished trial"
    return f"**{facts.deleted}** is deleted: it is out of the list. {kept}. `undo` brings it back."


def undone(facts: Undone) -> str:
    unsure = "" if facts.is_certain else " The program had ended in the middle of it."
    return f"Taken back: {facts.undone}. Now {facts.now}.{unsure}{_before(facts)}"


def not_undone(facts: NotUndone) -> str:
    why = f": {facts.why}" if facts.why else ""
    instead = f" {sentence(facts.instead)}" if facts.instead else ""
    return f"That cannot be taken back: {facts.cannot}{why}.{instead}{_before(facts)}"


def nothing_to_undo(facts: NothingToUndo) -> str:
    return sentence(facts.nothing)


def _before(facts: Undone | NotUndone) -> str:
    goes_back = "`undo` once more takes that back" if facts.can_go_back else "that cannot be taken back"
    return f" Before that: {facts.before_that}; {goes_back}." if facts.before_that else ""


def report(facts: ReportPlace) -> str:
    if facts.path is None:
        none = "It has no finished trial to tell of yet." if not facts.n_finished else f"`{facts.command}` writes it."
        return f"There is no report of **{facts.study}** yet. {none}"
    when = "written just now" if facts.is_new else f"as of {facts.written_at}; `{facts.command}` writes it again"
    return f"The report of **{facts.study}** is `{facts.path}` ({when}). It opens in any browser, without a network."
