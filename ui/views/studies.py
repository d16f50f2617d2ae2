"""All studies of the home: how each stands, to be opened, compared, renamed and deleted."""

from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from agent.answers.standings import spread_of
from agent.answers.wording import with_spread
from agent.errors import USER_ERRORS
from agent.studies.study import Study
from memory.record import TrialRecord
from ui.markup import template
from ui.views.asked import Asked
from ui.views.when import ago

MOST = 100  # in one list, the latest


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A study of the list."""

    title: str
    dataset: str
    models: str
    goal: str
    state: str
    n_finished: int
    n_trials: int
    best: str  # with half of its 95 % interval
    value: float | None
    best_says: str  # which trial, or why there is none
    when: str  # of the last result, in words
    at: str  # ISO 8601
    person: str
    is_anothers: bool
    is_shown: bool

    @property
    def path(self) -> str:
        """Below which its acts are asked for."""
        return f"/api/studies/{quote(self.title, safe='')}"


def view(asked: Asked) -> Markup:
    """The list, the latest first."""
    workspace = asked.workspace
    names = workspace.runner.names()
    rows, damaged = [], {}
    for name in names[:MOST]:
        try:
            rows.append(_row(workspace.runner.peek(name), asked))
        except USER_ERRORS as error:
            damaged[name] = str(error)
    return Markup(  # noqa: S704  jinja escapes what it shows
        template("views/studies.html.j2").render(
            rows=rows,
            damaged=damaged,
            n_more=max(len(names) - MOST, 0),
            deleted=workspace.ledger.deleted(),
            has_people=any(row.person for row in rows),
            quote=lambda text: quote(text, safe=""),
        )
    )


def _row(study: Study, asked: Asked) -> Row:
    status, spec, records = study.status(), study.spec, study.records()
    best, begun, goal = status.best, study.begun, spec.goal
    at = next((record.finished_at for record in reversed(records) if record.finished_at), "")
    return Row(
        title=status.name,
        dataset=asked.workspace.catalogue.called(spec.dataset) or spec.dataset,
        models=", ".join(spec.models),
        goal=", ".join(one.metric for one in goal.objectives) + "".join(f", {bound}" for bound in goal.constraints),
        state=status.state,
        n_finished=status.n_finished,
        n_trials=status.n_trials,
        best="–" if best is None else with_spread(best.value, spread_of(best)),
        value=None if best is None else best.value,
        best_says=_best_says(study, best),
        when=ago(at),
        at=at,
        person=begun.person or "",
        is_anothers=begun.is_of_another(asked.person),
        is_shown=asked.study in (status.name, study.name),
    )


def _best_says(study: Study, best: TrialRecord | None) -> str:
    if best is not None:
        return f"trial {best.number}"
    has_values = any(record.value is not None for record in study.records())
    return "none keeps to the bounds" if has_values and study.spec.goal.constraints else "no result yet"
