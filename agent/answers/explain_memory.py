"""What is remembered, in words: past trials and lessons."""

from agent import outside
from agent.answers.wording import count, listed, number, params, table, unquoted
from agent.results.memory import (
    LessonForgotten,
    LessonList,
    LessonListed,
    LessonNoted,
    LessonShown,
    Recalled,
    TrialsImported,
)
from agent.results.rules import RulesShown


def recall_trials(facts: Recalled) -> str:
    trials, lessons = facts.trials, facts.lessons
    if not trials and not lessons:
        where = f" on {facts.dataset}" if facts.dataset else ""
        return f"The memory holds no trial{where} that resembles this yet."
    rows = [
        (
            t.trial,
            t.dataset,
            t.model,
            params(t),
            t.objective,
            t.value,
            t.similarity,
        )
        for t in trials
    ]
    header = ("trial", "dataset", "model", "params", "objective", "value", "likeness")
    said = "\n".join(map(lesson_line, lessons))
    parts = [f"From the memory:\n\n{table(header, rows)}" if rows else "", f"Lessons:\n\n{said}" if said else ""]
    return "\n\n".join(part for part in parts if part)


def lesson_line(facts: LessonShown) -> str:
    """A line of a list."""
    return f"- {facts.text} ({facts.id}){f', withdrawn: {unquoted(facts.withdrawn)}' if facts.withdrawn else ''}"


def remember_lesson(facts: LessonNoted) -> str:
    n = number(facts.number)
    if facts.is_bound:
        against = "".join(
            f" The note {one} leaves no value together with it: a study that both are for follows the one that was told "
            "last, and says so."
            for one in facts.against
        )
        return f"Later studies are held to note {n}: {facts.bound}.{against} `undo` makes it a note again."
    if facts.was_bound:
        return (
            f"Note {n} is a plain note again and binds no later study: {facts.text} A study that has begun keeps its "
            "space. `undo` makes it a bound again."
        )
    scope = f"It is for {facts.scope} only." if facts.scope else "It is for every dataset."
    read = f"As a bound it says: {facts.bound}." if facts.bound else "It is no bound on params that I can read."
    return f"Noted as number {n}: {facts.text} {scope} {read} Later proposals can rest on it; `undo` forgets it."


def list_lessons(facts: LessonList) -> str:
    where = f" of {facts.study}" if facts.study else ""
    where += f" on {facts.dataset}" if facts.dataset else ""
    where += f" about {facts.about}" if facts.about else ""
    if not facts.count and facts.only_bounds:
        return f"No note{where} binds later studies."
    others = f" {_others(facts)}" if facts.n_others else ""
    if not facts.count and facts.study:
        return f"No lesson was drawn from the trials of {facts.study}.{others}"
    if not facts.count:
        return f"Nothing is remembered{where} yet. Say “remember that …” and it is kept."
    told = _tellers(facts)
    told += f"; {number(facts.n_withdrawn)} withdrawn, since later trials contradict" if facts.n_withdrawn else ""
    rows = [
        (row.number, unquoted(row.text), _came_from(row), row.dataset or _every(row), _state(row))
        for row in facts.lessons
    ]
    more = facts.count - len(rows)
    rest = f"\n\nAnd {number(more)} more." if more else ""
    rows_said = table(("", "lesson", "from", "on", "state"), rows)
    if facts.by_number:
        return "\n\n".join(map(_one, facts.lessons))
    if facts.only_bounds:
        verb = "binds" if facts.count == 1 else "bind"
        return f"{count(facts.count, 'note')}{where} {verb} later studies:\n\n{rows_said}{rest}"
    last = f"\n\n{_others(facts)}" if facts.n_others else ""
    return f"{count(facts.count, 'lesson')}{where}: {told}.\n\n{rows_said}{rest}{last}"


def _others(facts: LessonList) -> str:
    n = facts.n_others
    return f"{count(n, 'other lesson or note') if n == 1 else f'{number(n)} other lessons and notes'} {'is' if n == 1 else 'are'} kept: `list all lessons` shows them."


def _one(row: LessonListed) -> str:
    """A note or lesson by itself."""
    state = _state(row)
    is_note = row.source == "user"
    holds = f"It is {state}." if row.bound else f"It was {state}." if state else ""
    holds = "It is a plain note, which binds nothing." if is_note and not holds else holds
    what = "Note" if is_note else "Lesson"
    by = (
        f"told by {_teller(row.told_by)}"
        if is_note
        else "imported"
        if row.source == "imported"
        else "learned from trials"
    )
    return f"{what} {number(row.number)}, {by}, for {row.dataset or 'every dataset'}: {row.text} {holds}".strip()


def _tellers(facts: LessonList) -> str:
    """How many of the lessons people told, and who."""
    by = [(_teller(who), n) for who, n in facts.n_by.items()] or [("you", facts.n_told)]
    if facts.n_told == facts.count and len(by) == 1:
        return f"all told by {by[0][0]}"
    first, *others = by
    told = listed([f"{number(first[1])} told by {first[0]}", *(f"{number(n)} by {who}" for who, n in others)])
    if facts.n_told == facts.count:
        return told
    came = " or imported" if any(row.source == "imported" for row in facts.lessons) else ""
    return f"{told}, the others learned from trials{came}"


def _teller(who: str) -> str:
    return outside.text(who or "you")


def _came_from(row: LessonListed) -> str:
    if row.source == "user":
        return _teller(row.told_by)
    return "an import, binds nothing" if row.source == "imported" else "trials"


def _every(row: LessonListed) -> str:
    return "every dataset" if row.source == "user" else ""


def _state(row: LessonListed) -> str:
    """Whether it holds, and when it weighed in last."""
    if row.withdrawn:
        return f"withdrawn: {unquoted(row.withdrawn)}"
    bound = f"a bound: {row.bound}" if row.bound else ""
    used = f"weighed in for {row.weighed_in[-1]}" if row.weighed_in else ""
    more = row.n_weighed_in - 1
    used += f" and in {number(more)} other stud{'y' if more == 1 else 'ies'}" if more > 0 else ""
    return "; ".join(filter(None, (bound, used)))


def list_rules(facts: RulesShown) -> str:
    of = f" on `{facts.model}`" if facts.model else ""
    if not facts.rules:
        return f"There is no rule{of}: the advisor begins with what past trials and its own draws say."
    rows = [
        (f"{'your ' if r.is_own else ''}{r.id}", ", ".join(r.models), r.says, unquoted(r.reason), unquoted(r.source))
        for r in facts.rules
    ]
    off = "" if facts.study_uses_rules else f" **{facts.study}** was begun without them."
    return (
        f"{count(len(rows), 'rule')}{of} {'leans' if len(rows) == 1 else 'lean'} the advisor's first trials of a model; "
        f"they fade with the trials that a study has and exclude nothing. A study does without them if you say so when "
        f"it begins (“use no rules”).{off}\n\n{table(('rule', 'model', 'says', 'since', 'source'), rows)}"
    )


def forget_lesson(facts: LessonForgotten) -> str:
    if not facts.others:
        return f"Forgotten: {facts.text} `undo` brings it back."
    texts = "\n".join(f"- {text}" for text in (facts.text, *facts.others))
    return f"{count(1 + len(facts.others), 'note')} forgotten; `undo` brings all of them back:\n\n{texts}"


def import_trials(facts: TrialsImported) -> str:
    best = facts.best
    left = f" {number(facts.n_left_out)} that did not finish are left out." if facts.n_left_out else ""
    held = facts.at_defaults
    assumed = (
        f" The file does not name {listed(f'`{name}`' for name in held[:8])}{' and others' if len(held) > 8 else ''}, "
        "so their defaults are assumed."
        if held
        else ""
    )
    return (
        f"{count(facts.n, 'trial')} of {facts.file} are remembered as yours, on `{facts.dataset}`"
        f" ({listed(f'`{model}`' for model in facts.models)}); the best reached {facts.objective}"
        f" **{number(best.value)}** with {params(best)}.{left}{assumed} Later proposals can rest on them; they "
        "count as no trials of a study, and `undo` forgets them."
    )
