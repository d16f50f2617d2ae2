"""The tools that confirm what a study found, with one reading of the sealed test, and that say how it went."""

from typing import Annotated

from pydantic import Field

from agent.answers.confirmation import answered_before, details, progress, verdict
from agent.answers.wording import count
from agent.confirmation import N_SEEDS, N_TOP, Confirmation, runs_to_come, told_time
from agent.confirming.choice import contenders_of
from agent.confirming.opening import (
    Outlook,
    confirm_in_background,
    outlook,
    readings_of,
    trials_since,
    would_confirm,
)
from agent.errors import USER_ERRORS
from agent.results.confirmed import (
    ConfirmationBegun,
    ConfirmationShown,
    ConfirmedBefore,
    Found,
    Unfinished,
    WouldConfirm,
)
from agent.results.result import extended
from agent.studies.study import Study
from agent.tools.checking import acts_now, is_checking
from agent.tools.making import correctable
from agent.tools.studies_at_hand import StudyName, logged, study_at_hand
from agent.understanding.asking.prospect import Prospect
from agent.workspace import Workspace
from recmodels.data.interactions import Interactions
from recmodels.data.split import resolve


def confirm(
    workspace: Workspace,
    n_seeds: Annotated[int | None, Field(description="runs of each contender, with other seeds", ge=1, le=50)] = None,
    against: Annotated[int | None, Field(description="the trial that runs today, to be beaten", ge=0)] = None,
    study: StudyName = None,
) -> ConfirmationBegun | ConfirmedBefore:
    """Confirm in the background that the best of a study is better than its defaults and a simple baseline.

    The best trials and the defaults run with several seeds; then the sealed test part is read once. Use it when the
    person asks to confirm a result, or whether it beats the trial that runs today. It costs many training runs, so
    never unasked. What test said is told by show_confirmation.
    """
    chosen = study_at_hand(workspace, study)
    with correctable():
        wanted = would_confirm(workspace, chosen, n_seeds=n_seeds, against=against)
    if wanted.is_done:
        found = _found(workspace, wanted)
        return extended(ConfirmedBefore, _begun(chosen, wanted), before=answered_before(wanted), found=found)
    with correctable():
        workspace.runner.room.check_start()
    if is_checking():
        acts_now(Prospect(n_runs=runs_to_come(wanted), notes=_before_a_yes(workspace, chosen, wanted)))
    with correctable(), logged(workspace, "confirm", chosen) as entry:
        begun = confirm_in_background(workspace, chosen, n_seeds=n_seeds, against=against)
        entry.says = f"confirmation {begun.number} of {chosen.title} was begun"
    return _begun(chosen, begun)


def _begun(chosen: Study, begun: Confirmation) -> ConfirmationBegun:
    return ConfirmationBegun(
        study=chosen.title,
        confirmation=begun.number,
        contenders=tuple(contender.name for contender in begun.contenders if contender.role != "baseline"),
        baselines=tuple(contender.name for contender in begun.contenders if contender.role == "baseline"),
        n_seeds=begun.n_seeds,
        objective=begun.objective,
        n_done=len(begun.runs),
    )


def _before_a_yes(workspace: Workspace, study: Study, wanted: Confirmation) -> tuple[str, ...]:
    """What was confirmed of the study already, and how often its test part was read."""
    now = outlook(workspace, study.name)
    earlier = "It was not confirmed before."
    if wanted.resumed_at:
        earlier = f"It goes on with the confirmation that was cut off, after {count(len(wanted.runs), 'run')}."
    elif now.done is not None:
        earlier = f"It was confirmed before, on {told_time(now.done.ended_at)}: {verdict(now.done)}"
    n = readings_of(workspace).count(wanted.data, wanted.split, wanted.split_seed)
    read = f"was read {count(n, 'time')} so far" if n else "was not read so far"
    return (earlier, f"The test part of these data {read}; every reading is counted for ever.")


def show_confirmation(workspace: Workspace, study: StudyName = None) -> ConfirmationShown:
    """Say what the last confirmation of a study found on test, how far a running one is, or that test is sealed.

    Use it for every question about test, about a confirmation or its record, and about whether to confirm. It starts
    nothing and reads nothing.
    """
    chosen = study_at_hand(workspace, study)
    now = outlook(workspace, chosen.name)
    return ConfirmationShown(
        study=chosen.title,
        state=_state(now),
        n_confirmations=sum(found.is_done for found in now.all),
        n_readings=_n_readings(workspace, chosen, now),
        unfinished=None if now.last is None or now.last.is_done else _unfinished(now.last, now),
        found=None if now.done is None else _found(workspace, now.done),
        n_since=None if now.done is None else trials_since(now.done, chosen.records()),
        would=_would(chosen) if now.done is None else None,
    )


def _unfinished(last: Confirmation, now: Outlook) -> Unfinished:
    done, total = progress(last)
    return Unfinished(
        since=last.since,
        done=done,
        total=total,
        part="validation" if last.stage == "valid" else "test",
        next=_next(last),
        where=None if now.holder is None else str(now.holder),
    )


def _would(study: Study) -> WouldConfirm:
    contenders = contenders_of(study.spec.goal, study.records(), N_TOP, repeats=study.spec.repeats)
    return WouldConfirm(contenders=tuple(c.name for c in contenders if c.role != "baseline"), n_seeds=N_SEEDS)


def _state(now: Outlook) -> str:
    if now.holder is not None:
        return "running"
    if now.last is None:
        return "none"
    return "done" if now.last.is_done else "cut_off"


def _next(confirmation: Confirmation) -> str | None:
    """Who runs now."""
    stage = confirmation.stage
    missing = (name for name, seed in confirmation.planned(stage) if not confirmation.has_run(name, stage, seed))
    return next(missing, None)


def _found(workspace: Workspace, found: Confirmation) -> Found:
    """What a confirmation said, and where its record lies."""
    stem = workspace.settings.reports / found.record_name
    paths = [stem.with_name(f"{stem.name}.{ending}") for ending in ("html", "json")]
    return Found(
        at=told_time(found.ended_at),
        verdict=verdict(found),
        details=tuple(details(found)),
        record=tuple(str(path) for path in paths if path.is_file()),
        command=f"recpilot confirm {found.study}",
    )


def _n_readings(workspace: Workspace, study: Study, now: Outlook) -> int | None:
    """How often the study's test part was read, over all studies and single runs; None where the data are gone."""
    readings = readings_of(workspace)
    if now.last is not None:
        return readings.count(now.last.data, now.last.split, now.last.split_seed)
    try:
        interactions = Interactions.load(study.place.find_dataset())
        kind = resolve(interactions, study.spec.split)
    except USER_ERRORS:
        return None
    return readings.count(interactions.fingerprint(), kind, study.spec.split.seed)
