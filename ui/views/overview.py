"""A study at a glance: the answer first, then what it rests on, how far the study is, and what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from markupsafe import Markup

from agent.answers.bounds import bound_words
from agent.answers.ending import all_failed, ended_early, trials_ended, what_helps
from agent.answers.explain_study import STATES, time_left
from agent.answers.over_defaults import real_defaults, verdict_of
from agent.answers.standings import front_words, group_words, measured_words, standing_words
from agent.answers.status_facts import status_facts
from agent.answers.wording import duration, number, sentence, unquoted
from agent.confirming.opening import outlook
from agent.results.status import Status
from agent.studies.study import Study
from recmodels.outside import visible
from ui.figures import KINDS, Picture, StudyData
from ui.markup import template
from ui.views.asked import Asked
from ui.views.confirmed import ConfirmedShown
from ui.views.learned import lessons_of
from ui.views.next_trial import Next, Question
from ui.views.params import param_rows
from ui.views.plain import plain
from ui.views.rivals import rivals
from ui.views.status import BUSY
from ui.views.terms import terms_of

HISTORY_HEIGHT = 150.0
_OVER = ("finished", "stopped", "failed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The best trial in words."""

    number: int
    head: str
    value: str
    spread: str
    metric: str
    direction: str
    model: str
    verdict: str
    tone: str  # good, soft: how the verdict is shown
    first: str  # of several objectives: which trials no other beats
    bounds: tuple[str, ...]  # how the trial and the others stand to each constraint
    sentences: tuple[str, ...]
    has_weights: bool

    @property
    def view(self) -> str:
        return f"trial/{self.number}"

    @property
    def trial(self) -> str:
        return f"Trial {self.number}"


def overview(asked: Asked) -> Markup:
    """The study that the tab shows; without one, how to begin."""
    if not asked.study:
        return Markup(template("views/no_study.html.j2").render())  # noqa: S704  the template escapes
    study = asked.shown
    facts, now = status_facts(asked.workspace, study), outlook(asked.workspace, study.name)
    is_over = facts.state in _OVER
    next_trial = Next.of(study)
    html = template("views/overview.html.j2").render(
        study=study.title,
        metric=facts.objective,
        may_steer=not facts.run_by and not study.begun.is_of_another(asked.person),
        is_over=is_over,
        elsewhere=f"Run by {unquoted(facts.run_by)}; steer it there." if facts.run_by else "",
        stopped=_stopped(facts),
        question=Question.of(study),
        answer=_answer(facts, study),
        nothing=_nothing(facts, study),
        rivals=rivals(facts.standing),
        confirmed=ConfirmedShown.of(now, study),
        best_params=param_rows(facts.best) if facts.best else [],
        figure=_figure(study, asked.width),
        share=round(100 * min(1.0, facts.n_finished / max(facts.n_trials, 1))),
        progress=_progress(facts, study),
        next=next_trial,
        can_propose=facts.state in ("paused", *_OVER),
        to_come=_to_come(facts, study),
        lessons=lessons_of(asked.workspace, study),
        no_lessons=_NO_LESSONS[is_over],
        measured=measured_words(facts.standing),
        is_busy=facts.state in BUSY,
        can_run_more=is_over and facts.n_finished >= facts.n_trials and facts.best is not None,
        terms=terms_of(study, facts.dataset),
    )
    return Markup(html)  # noqa: S704  the template escapes


_NO_LESSONS = {
    False: "Nothing yet. A trial that fails or surprises teaches something; more is concluded when the study ends.",
    True: "No lesson was drawn: nothing failed in a way that would happen again, and nothing was clearly worse.",
}


def _answer(facts: Status, study: Study) -> Answer | None:
    best, stands = facts.best, facts.standing
    if best is None or stands.best is None:
        return None
    goal, runs = study.spec.goal, stands.best.n_runs
    verdict = verdict_of(stands)
    record = study.record(best.number)
    sentences = [group_words(stands, stands.best), real_defaults(stands).strip()]
    sentences += [f"The value is the mean of {runs} runs." if runs > 1 else ""]
    return Answer(
        number=best.number,
        head=_head(facts),
        value=number(stands.best.value),
        spread="" if stands.uncertainty is None else f"{stands.uncertainty:.2g}",
        metric=best.objective,
        direction="higher is better" if goal.primary.is_maximized else "lower is better",
        model=best.model,
        verdict=verdict.says,
        tone="good" if verdict.is_good else "soft",
        first=front_words(stands),
        bounds=tuple(bound_words(stands)),
        sentences=tuple(filter(None, sentences)),
        has_weights=record.checkpoint is not None,
    )


def _head(facts: Status) -> str:
    head = "Best trial" if facts.state in _OVER else "Best trial so far"
    return f"{head} by {facts.objective}, the first objective" if facts.standing.front else head


def _nothing(facts: Status, study: Study) -> Mapping[str, str]:
    """Why there is no best trial yet."""
    words = all_failed(study.records()) or standing_words(facts.standing)
    if words:
        return {"title": "No best trial.", "says": words}
    says = "The first trial is on its way." if facts.state in BUSY else "Resume it, or ask in the chat."
    if facts.state == "queued":
        says = "It begins when the study before it ends."
    if facts.state == "waiting":
        says = "The first one runs when you have answered."
    return {"title": "No trial has ended yet.", "says": says}


def _stopped(facts: Status) -> Mapping[str, str] | None:
    """What a person should know who finds that nothing happens."""
    reason = unquoted(facts.reason)
    if facts.is_stopping:
        return {"tone": "", "says": "It is stopping: what runs now ends at its next epoch. It can be resumed then."}
    if facts.state == "failed":
        return {"tone": "bad", "says": f"It has failed and can be resumed. {sentence(reason)}"}
    if facts.state in ("stopped", "paused"):
        still = f" Trial {facts.running.number} still finishes." if facts.running else ""
        why = f" {sentence(reason)}" if reason and facts.state == "stopped" else ""
        return {"tone": "warn", "says": f"It {STATES[facts.state]}.{why}{still}"}
    early = ended_early(facts)
    return {"tone": "warn", "says": early} if early else None


def _progress(facts: Status, study: Study) -> list[tuple[str, str]]:
    rows = [("Trials", trials_ended(facts, study.records()))]
    if (running := facts.running) is not None:
        at = f"epoch {running.epoch} of {running.epochs}" if running.epoch else "begins"
        rows.append(("Now", f"trial {running.number}, {at}"))
    elif facts.choosing is not None:
        by = "" if facts.choosing.by in ("advisor", "pilot") else f" by {visible(facts.choosing.by)}"
        rows.append(("Now", f"trial {facts.choosing.number} is being chosen{by}"))
    limit = study.spec.time_limit_s
    of = f" of {duration(limit)}" if limit else ""
    rows.append(("Time used", f"{duration(facts.elapsed_s)}{of}, without pauses"))
    if left := time_left(facts):
        rows.append(("Time left", plain(left)))
    return rows


def _to_come(facts: Status, study: Study) -> str:
    if facts.state in ("paused", "stopped", "failed"):
        return "When it is resumed, the advisor proposes the next trial from what was measured so far."
    if facts.state == "finished":
        return what_helps(facts, study.records())
    return "The next trial is chosen when the one before it has ended, so that it can learn from it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A small figure of the overview."""

    title: str
    svg: Markup
    says: str = field(default="")


def _figure(study: Study, width: int) -> Figure | None:
    if not study.records():
        return None
    picture: Picture = KINDS["history"].draw(StudyData.of(study), {}, width=width, height=HISTORY_HEIGHT)
    return None if picture.drawing is None else Figure(title=picture.title, svg=picture.svg, says=picture.says)
