"""All trials of a study as one table, best first, with a column for each param."""

from markupsafe import Markup

from ui.markup import template
from ui.views.asked import Asked
from ui.views.trial_rows import TrialRows

AT_ONCE = 200  # rows, before all are asked for


def trials(asked: Asked) -> Markup:
    """The table of the study that the tab shows."""
    study = asked.shown
    found = TrialRows(study, asked.workspace.ledger.trial_notes.of(study.name))
    every = found.ordered()
    records = every if asked.option("rows") == "all" else every[:AT_ONCE]
    rows = [*found.running(), *found.rows(records)]
    html = template("views/trials.html.j2").render(
        study=study.title,
        objective=study.spec.goal.primary.metric,
        metrics=found.metrics,
        params=found.params,
        rows=rows,
        has_front=found.has_front,
        can_repeat=any(not row.why_no_repeat and not row.is_running for row in rows),
        baselines=found.baselines() if rows else [],
        n=len(every),
        has_tags=any(note.tags for note in found.notes.values()),
        state=study.state,
        may_steer=not study.begun.is_of_another(asked.person) and study.status().run_by is None,
    )
    return Markup(html)  # noqa: S704  the template escapes
