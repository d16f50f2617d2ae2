"""The memory: what of the past weighed in on the study that is shown, notes, what trials taught, and a search."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from agent.answers.explain_weighed import in_trials, trusts
from agent.answers.status_facts import data_title
from agent.answers.weighed_in import shipped_histories
from agent.answers.wording import count, listed, number, params, unquoted
from agent.errors import USER_ERRORS, ToolInputError
from agent.results.memory import LessonListed
from agent.results.weighed import DataTrusted, PastWeighed
from agent.studies.study import Study
from agent.tools.remembering import lessons_in_order, list_lessons, recall_trials
from agent.tools.ruling import list_rules
from agent.tools.weighing import show_influence
from agent.understanding.note_words import words_of_note
from agent.workspace import Workspace
from memory.histories.files import shipped_datasets
from memory.record import Lesson, TrialRecord
from ui.markup import template
from ui.views.asked import Asked
from ui.views.when import day

NOT_READ = (ToolInputError, *USER_ERRORS)
FOUND = 8  # trials of a search
LIKE = 5  # histories that came with recpilot and did not weigh in, of which is told
EVIDENCE = 12  # trials of a lesson
COUNTED = 5_000  # trials at most that are counted by dataset and model
USES_THE_PAST = ("advisor",)  # samplers
_LIKENESS = (
    (0.995, "the same data"),
    (0.6, "much alike"),
    (0.35, "somewhat alike"),
    (0.15, "a little alike"),
    (0.0, "unlike"),
)
_TRUST = ((0.5, "followed closely"), (0.2, "followed in part"), (0.05, "hardly followed"), (0.0, "not followed"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PastData:
    """A past dataset as the table shows it."""

    name: str
    came: str  # from where
    likeness: float | None
    alike: str
    trust: str
    followed: str
    last: float
    trials: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """A note or lesson as the list shows it."""

    number: int
    text: str
    kind: str  # note, bound, lesson, imported
    scope: str
    state: str  # whether it holds, and what it did
    is_withdrawn: bool
    when: str
    teller: str  # who told it; empty: no one, or the person who uses this home
    evidence: tuple[tuple[str, str, int], ...]  # id, study's title, trial
    n_evidence: int


def view(asked: Asked) -> Markup:
    """All that is remembered, for the study that is shown first."""
    workspace, words = asked.workspace, asked.option("find")
    return Markup(  # noqa: S704  jinja escapes what it shows
        template("views/memory.html.j2").render(
            **_weighed(asked),
            **_lessons(workspace, asked.person),
            **_found(workspace, words),
            **_counts(workspace),
            find=words,
            people=asked.person is not None,
            n_shipped=len(shipped_datasets()),
        )
    )


# -- what weighed in --------------------------------------------------------------------------------------------


def _weighed(asked: Asked) -> dict[str, object]:
    """Of the study that is shown; why nothing did, in words."""
    if not asked.study:
        return {"study": None, "weighed": None}
    study, problem = asked.shown, ""
    try:
        found = show_influence(asked.workspace, study=study.title)
    except NOT_READ as error:
        found, problem = PastWeighed(study=study.title), f"The memory cannot be read: {error}."
    data = [_past(one) for one in found.data]
    named = {one.dataset for one in found.data}
    others = [_past(one) for one in shipped_histories(study) if one.dataset not in named][:LIKE]
    rules = _rules(asked.workspace) if found.rules else {}
    spoke = [("rule", found.rules), ("lesson", found.lessons), ("note", found.bounds)]
    return {
        "study": study.title,
        "weighed": found,
        "problem": problem,
        "past": data,
        "others": others,
        "why_none": "" if data or problem else _why_none(study, found),
        "spoke": [
            (kind, rules.get(one.says, unquoted(one.says)), in_trials(one.trials))
            for kind, ones in spoke
            for one in ones
        ],
    }


def _rules(workspace: Workspace) -> dict[str, str]:
    """What each rule says, by its id."""
    try:
        return {one.id: f"{one.says} ({one.id})" for one in list_rules(workspace).rules}
    except NOT_READ:
        return {}


def _past(one: DataTrusted) -> PastData:
    last = one.last or 0.0
    return PastData(
        name=one.called,
        came="came with recpilot" if one.is_shipped else "yours",
        likeness=one.likeness,
        alike="not known" if one.likeness is None else _word(_LIKENESS, one.likeness),
        trust=trusts(one),
        followed=_word(_TRUST, last),
        last=last,
        trials=in_trials(one.trials),
        since=one.since,
    )


def _word(steps: Sequence[tuple[float, str]], value: float) -> str:
    return next(word for least, word in steps if value >= least)


def _why_none(study: Study, found: PastWeighed) -> str:
    """Why no past data weighed in, as far as the study tells."""
    spec = study.spec
    if spec.sampler not in USES_THE_PAST:
        return f"Nothing was recalled: its sampler, {spec.sampler}, uses no memory and no rules."
    if not found.n_trials:
        return "Nothing was recalled yet: no trial of it has ended."
    own = {record.proposer for record in study.records()} - {"defaults", "user"}
    if not own:
        return "Nothing was recalled: its trials so far are defaults or your own params, which owe nothing to the past."
    return (
        f"No past data weighed in: none holds enough trials of {listed(spec.models)} measured by "
        f"{spec.goal.primary.metric}, or none ranked the params as the trials here do."
    )


# -- notes and lessons ------------------------------------------------------------------------------------------


def _lessons(workspace: Workspace, person: str | None) -> dict[str, object]:
    try:
        every, listing = lessons_in_order(workspace), list_lessons(workspace)
    except NOT_READ as error:
        return {"notes": [], "learned": [], "n_more": 0, "lessons_problem": str(error)}
    titles = {own: title for title, own in workspace.ledger.titles().items()}
    shown = [_remembered(row, every[row.number - 1], titles, person) for row in listing.lessons]
    return {
        "notes": [one for one in shown if one.kind in ("note", "bound")],
        "learned": [one for one in shown if one.kind not in ("note", "bound")],
        "n_more": listing.count - len(shown),
        "lessons_problem": "",
    }


def _remembered(row: LessonListed, lesson: Lesson, titles: dict[str, str], person: str | None) -> Remembered:
    is_own = row.source == "user"
    used = ""
    if row.weighed_in:
        more = row.n_weighed_in - 1
        used = f"weighed in for {row.weighed_in[-1]}"
        used += f" and {more} other {'study' if more == 1 else 'studies'}" if more else ""
    holds = f"withdrawn: {unquoted(row.withdrawn)}" if row.withdrawn else f"binds: {row.bound}" if row.bound else ""
    scope = f"for {row.dataset} only" if row.dataset else "for every dataset"
    places = [(id, *id.rpartition("/")[::2]) for id in lesson.evidence]
    return Remembered(
        number=row.number,
        text=words_of_note(lesson.text),
        kind=("bound" if row.bound else "note") if is_own else "imported" if row.source == "imported" else "lesson",
        scope=scope if is_own or not row.dataset else f"learned on {row.dataset}",
        state="; ".join(filter(None, (holds, used))),
        is_withdrawn=bool(row.withdrawn),
        when=day(lesson.created_at),
        teller=by if (by := lesson.teller(person)) != "you" or person is not None else "",
        evidence=tuple((id, titles[own], int(trial)) for id, own, trial in places if own in titles)[:EVIDENCE],
        n_evidence=len(lesson.evidence),
    )


# -- the search, and counts -------------------------------------------------------------------------------------


def _found(workspace: Workspace, words: str) -> dict[str, object]:
    """Past trials and lessons that resemble the words, the nearest first."""
    if not words:
        return {"trials": [], "lessons": [], "find_problem": ""}
    try:
        found = recall_trials(workspace, words[:500], k=FOUND)
    except NOT_READ as error:
        return {"trials": [], "lessons": [], "find_problem": str(error)}
    titles = {own: title for title, own in workspace.ledger.titles().items()}
    rows = [
        {
            "id": one.trial,
            "study": titles.get(one.trial.rpartition("/")[0]),
            "number": one.number,
            "dataset": one.dataset,
            "model": one.model,
            "params": params(one).replace("`", ""),
            "metric": one.objective,
            "value": number(one.value),
            "raw": one.value,
        }
        for one in found.trials
    ]
    return {"trials": rows, "lessons": [unquoted(one.text) for one in found.lessons], "find_problem": ""}


def _counts(workspace: Workspace) -> dict[str, object]:
    """How much is remembered, in a sentence; and by dataset and model, unless that is too much to count here."""
    try:
        kinds = workspace.memory.stats()
        n_trials = kinds.get("trial", 0)
        rows = [*_by_model(workspace)] if 0 < n_trials <= COUNTED else []
    except NOT_READ as error:
        return {"counted": f"The memory cannot be read: {error}.", "rows": []}
    if not any(kinds.values()):
        return {"counted": "Nothing is remembered yet: the first trial that ends is the first thing.", "rows": []}
    n_lessons = kinds.get("lesson", 0)
    said = f"{count(n_trials, 'trial')} on {count(kinds.get('dataset', 0), 'dataset')}"
    kept = "1 note or lesson" if n_lessons == 1 else f"{number(n_lessons)} notes and lessons"
    return {"counted": f"Remembered: {said}; {kept}.", "rows": rows}


def _by_model(workspace: Workspace) -> Iterator[tuple[str, str, int]]:
    records = [record for record in workspace.memory.records("trial") if isinstance(record, TrialRecord)]
    counted = Counter((data_title(workspace, record.dataset), record.model) for record in records)
    for (dataset, model), n in sorted(counted.items()):
        yield dataset, model, n
