"""A page for one trial: what came out, why it was run, what was known then, and what is left of it."""

from collections.abc import Mapping, Sequence

from markupsafe import Markup

from agent.answers.ending import what_helps_after
from agent.answers.evidence import explain_trial
from agent.answers.explain_trials import chosen_words, nearest_words, outcome_words, rationale_words
from agent.answers.own_defaults import over_defaults
from agent.answers.standings import trial_standings
from agent.answers.status_facts import data_title
from agent.answers.wording import number, params, sentence, source, with_spread
from agent.confirming.commands import trial_command
from agent.errors import UserError
from agent.proposal import predicted_words
from agent.results.explained import TrialExplained
from agent.results.memory import IdOnly, LessonShown
from agent.results.proposal import CandidateShown
from agent.standing import INTERRUPTED, best_of, counted
from agent.studies.noise import why_no_repeat
from agent.studies.study import Study
from agent.studies.trial_notes import TrialNote
from memory.record import TrialRecord
from recmodels.outside import on_one_line, visible
from ui.figures import KINDS, StudyData
from ui.markup import template
from ui.views.asked import Asked
from ui.views.params import param_rows
from ui.views.plain import plain
from ui.views.trial_costs import costs_of, files_of
from ui.views.trial_metrics import metric_table, slices_of


def trial(asked: Asked) -> Markup:
    """The trial whose number the address gives."""
    study, number_ = asked.shown, _number(asked.option("of"))
    facts = explain_trial(
        study, number_, memory=asked.workspace.memory, dataset=data_title(asked.workspace, study.spec.dataset)
    )
    record = next((one for one in study.records() if one.number == number_), None)
    earlier = [one for one in counted(study.records()) if one.number < number_]
    note = asked.workspace.ledger.trial_notes.of(study.name).get(number_, TrialNote())
    html = template("views/trial.html.j2").render(
        study=study.title,
        number=number_,
        facts=facts,
        objective=facts.objective,
        state=_state(facts, record),
        answer=None if record is None else _answer(study, record),
        broken=None if record is None else _broken(record),
        outcome=plain(outcome_words(facts)),
        why=plain(f"From {source(facts.proposer)}{chosen_words(facts)}. {rationale_words(facts)}"),
        note_of_gate=on_one_line(facts.note or "").strip("“”"),
        nearest=plain(nearest_words(facts)),
        rests_on=_rests_on(facts),
        considered=[_candidate(one) for one in facts.considered if not one.chosen],
        then=_known_then(study, earlier),
        params=param_rows(facts),
        curve=_curve(study, record, number_, asked.width),
        metrics=None if record is None else metric_table(record),
        slices=() if record is None else slices_of(record),
        costs=() if record is None else costs_of(record),
        files=None if record is None else files_of(record),
        command="" if record is None else trial_command(study.spec, record, study.proposal(number_).patience),
        note=note,
        may_steer=not study.begun.is_of_another(asked.person) and study.status().run_by is None,
        why_no_repeat="" if record is None else sentence(why_no_repeat(record)),
        best=best.number if (best := study.best()) is not None and best.number != number_ else None,
        **_neighbours(study, number_),
    )
    return Markup(html)  # noqa: S704  the template escapes


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > 9:
        raise UserError(f"A trial has a number from 0, got {visible(text[:40])!r}.")
    return int(text)


def _state(facts: TrialExplained, record: TrialRecord | None) -> str:
    if record is None:
        return facts.state
    return INTERRUPTED if record.reason == INTERRUPTED else record.state


def _answer(study: Study, record: TrialRecord) -> Mapping[str, object]:
    """Its value, and how it stands among the trials."""
    stands = trial_standings(study.spec.goal, study.records())[record.number]
    best = study.best()
    said = []
    if best is not None and best.number == record.number:
        said.append("the best trial")
    elif stands.in_group:
        said.append("cannot be told apart from the best")
    if stands.rank is not None:
        said.append(f"rank {stands.rank}")
    if (over := over_defaults(study, record)) is not None and (words := over.words()):
        said.append(words)
    return {
        "value": number(record.value),
        "spread": "" if stands.half_width is None else f"{stands.half_width:.2g}",
        "says": ", ".join(said),
        "has_value": record.value is not None,
    }


def _broken(record: TrialRecord) -> Mapping[str, str] | None:
    """Why it did not come to its end, and what helps."""
    if record.state == "complete" and not record.reason:
        return None
    how = {"pruned": "Stopped early: ", "failed": "Failed: "}.get(record.state, "")
    reason, tone = f"{how}{visible(record.reason or '')}", "bad" if record.state == "failed" else "warn"
    if record.reason == INTERRUPTED:
        return {"tone": "warn", "says": "It was interrupted, and runs again when the study is resumed.", "helps": ""}
    return {"tone": tone, "says": sentence(reason), "helps": what_helps_after(record)}


def _rests_on(facts: TrialExplained) -> list[dict[str, str]]:
    """The trials and lessons that the proposal rests on; of this study's trials with their view."""
    found = []
    for one in facts.rests_on:
        if isinstance(one, LessonShown):
            says = one.text.strip("“”") + (f" Withdrawn: {one.withdrawn.strip('“”')}." if one.withdrawn else "")
            found.append({"name": "lesson", "says": says, "view": ""})
        elif isinstance(one, IdOnly):
            found.append({"name": one.id, "says": "no longer kept", "view": ""})
        else:
            study, _, n = one.trial.rpartition("/")
            view = f"trial/{n}" if study == facts.trial.rpartition("/")[0] else ""
            says = f"{one.objective} {number(one.value)} on {one.dataset}, with {plain(params(one))}"
            found.append({"name": one.trial, "says": says, "view": view})
    return found


def _candidate(one: CandidateShown) -> Mapping[str, str]:
    mean, spread = one.mean, one.spread
    guess = "–" if mean is None else number(mean) if spread is None else predicted_words(mean, spread)
    return {"source": one.source, "model": one.model, "params": plain(params(one)), "expected": guess}


def _known_then(study: Study, earlier: Sequence[TrialRecord]) -> str:
    """How far the study was when this trial was proposed."""
    if not earlier:
        return "It was the first trial: nothing had been measured in this study."
    best = best_of(study.spec.goal, earlier)
    trials = f"{len(earlier)} trial{'s had' if len(earlier) > 1 else ' had'} ended before it"
    if best is None:
        return f"{trials}, none with a value that counts."
    return f"{trials}; the best then was trial {best.number} ({best.model}) with {with_spread(best.value, None)}."


def _curve(study: Study, record: TrialRecord | None, number_: int, width: int) -> object:
    """The learning curve of this trial; None where it has none."""
    if record is None or len(record.by_epoch()) < 2:
        return None
    picture = KINDS["curves"].draw(StudyData.of(study), {"trials": str(number_)}, width=width, height=170.0)
    return picture if picture.drawing is not None else None


def _neighbours(study: Study, number_: int) -> dict[str, int | None]:
    """The trials before and after it."""
    numbers = sorted({one.number for one in study.records()} | {number_})
    place = numbers.index(number_)
    return {
        "previous": numbers[place - 1] if place else None,
        "following": numbers[place + 1] if place + 1 < len(numbers) else None,
    }
