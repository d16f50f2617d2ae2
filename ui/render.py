"""Events → entries of a transcript. A screen shows nothing that no event said.

What an entry says is Markdown, but for a title, an option and what the person said, which are shown as they are.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count, takewhile
from typing import Any

from agent import events, outside
from agent.answers.confirmation import details, stopped, verdict
from agent.chat.done import title_of
from agent.chat.same_file import is_same_file, takes_place
from agent.chat.turns import CUT_OFF, STOPPED_BEFORE
from agent.proposal import Proposal
from agent.results.result import ColumnsAsked, Failure, NotDone
from agent.standing import INTERRUPTED
from agent.studies.steering import CHANGED
from agent.understanding.clauses.language import answered_in
from ui.cards import TrialCard
from ui.state_lines import state_lines
from ui.study_lines import LINES, StudyLines
from ui.transcript import Asked, Entry, FileAsked, FileStep, Kind, Moment, Transcript, Waiting
from ui.words import epochs_line, is_worth_saying, number, param, told, values_line, with_spread

FACTS_SHOWN = 4_000  # characters of a tool's facts in its folded step


def apply(
    transcript: Transcript,
    event: events.Event,
    answer: str,
    moment: Moment | None = None,
    place: str = "",
    by: str = "",
) -> None:
    """Writes one event into the transcript.

    Args:
        answer: The key of the answer that is being given.
        moment: When it happened; None: now, in the turn that runs.
        place: Of a study's event, `process/number`, which no other event has; empty: a new one.
        by: The other person who decided about a trial that waited; empty: the chat's own.
    """
    if isinstance(event, events.TextDelta):
        transcript.extend(answer, event.text)
        return
    entries = (
        _study_entries(transcript, event, place or f"-/{transcript.version}", by)
        if isinstance(event, events.StudyEvent)
        else _said(transcript, event, answer, moment)
    )
    for entry in entries:
        transcript.put(replace(entry, turn=moment.turn, at=moment.at) if moment else entry)


def _said(transcript: Transcript, event: events.ChatEvent, answer: str, moment: Moment | None) -> Iterator[Entry]:
    """What an event of an answer adds to the transcript, or changes there."""
    turn = transcript.turn if moment is None else moment.turn
    match event:
        case events.TextWithdrawn():
            yield Entry(key=answer, text="")
        case events.AnswerFinished():
            yield Entry(
                key=answer,
                text=event.text,
                choices=event.choices,
                files_asked=_files_asked(transcript, turn),
                plan=event.plan if event.plan and event.plan.text in event.text else None,
                is_error=event.has_failed,
                is_stopped=event.is_stopped,
                is_cut=event.is_cut,
            )
        case events.ToolCalled():
            title = f"{title_of(event.tool)} …"
            text = _call(event.tool, event.args)
            key = _step_key(transcript, event.call_id, turn, is_new=True)
            step = Entry(key=key, kind="step", title=title, text=text, tool=event.tool, is_pending=True)
            yield replace(step, file=_file_of(event))
        case events.ToolReturned():
            yield _returned(transcript, event, _step_key(transcript, event.call_id, turn))


def _files_asked(transcript: Transcript, turn: int) -> tuple[FileAsked, ...]:
    """The files that a turn found unclear, and did not read after all."""
    found: list[FileAsked] = []
    for step in transcript.entries():
        if step.turn != turn or step.file is None:
            continue
        asks, args = step.file.asks, step.file.args
        if asks is not None:
            found = [*(one for one in found if not takes_place(asks, one.asked)), FileAsked(step.key, asks)]
        elif step.file.is_read:
            found = [one for one in found if not is_same_file(args, one.asked)]
    return tuple(found)


def _file_of(event: events.ToolCalled) -> FileStep | None:
    """Which file a call reads."""
    if event.tool != "add_dataset":
        return None
    return FileStep(args={name: value for name in ("path", "corrects") if (value := event.args.get(name))})


def _step_key(transcript: Transcript, call_id: str, turn: int, *, is_new: bool = False) -> str:
    """The key of a call's step; some servers give the same id to a call of each answer."""
    keys = (f"step/{turn}/{call_id}/{place}" for place in count())
    taken = list(takewhile(transcript.get, keys))
    return f"step/{turn}/{call_id}/{len(taken)}" if is_new or not taken else taken[-1]


def _returned(transcript: Transcript, event: events.ToolReturned, key: str) -> Entry:
    called = transcript.get(key)
    found = event.result if event.is_error else None
    asks = found if isinstance(found, ColumnsAsked) and found.candidates and found.role else None
    waits = ": which columns?" if asks else ": not done yet" if isinstance(found, NotDone) else ""
    why = ": cut off" if isinstance(found, Failure) and found.error in (CUT_OFF, STOPPED_BEFORE) else ": not possible"
    title = f"{title_of(event.tool, event.result)}{waits or (why if event.is_error else '')}"
    text = f"{called.text if called else ''}\n\n{_code(event.facts)}"
    file = called.file if called else None
    if file is not None:
        problem = found.error if isinstance(found, Failure) and not waits else ""
        file = replace(file, asks=asks, problem=problem, is_read=not event.is_error)
    step = Entry(key=key, kind="step", title=title, text=text, tool=event.tool, file=file)
    return replace(step, is_error=event.is_error and not waits)


def _study_entries(transcript: Transcript, event: events.StudyEvent, place: str, by: str) -> Iterator[Entry]:
    """What an event of a study adds to the transcript, or changes there."""

    def entry(key: str, kind: Kind, text: str, **more: Any) -> Entry:
        return Entry(key=f"{event.study}/{key}", kind=kind, study=event.study, text=text, **more)

    lines = lines_of(transcript)
    yield from _settled(transcript, event, by)
    match event:
        case events.ProposalMade():
            yield _proposal_entry(event.study, event.proposal)
        case events.ApprovalNeeded():
            yield _approval(transcript, event, lines)
        case events.TrialStarted():
            title = f"Trial {event.number} · {event.model} · training …"
            card = _card(transcript, event.study, event.number) or _approved(transcript, event)
            yield _updated(transcript, event.study, event.number, title=title, card=card.trained())
        case events.EpochFinished():
            bar = progress_bar(event.epoch, event.epochs)
            title = f"Trial {event.number} · epoch {event.epoch} of {event.epochs} {bar} {number(event.value)}"
            old = _card(transcript, event.study, event.number)
            at = old and old.trained(epoch=event.epoch, epochs=event.epochs, value=event.value)
            yield _updated(transcript, event.study, event.number, title=title, card=at)
        case events.TrialFinished():
            yield _finished(transcript, event)
        case events.LessonLearned():
            title = lines.learned if event.lesson.holds else lines.withdrew
            yield entry(event.lesson.id, "lesson", outside.said(event.lesson.said), title=title)
        case events.StudyStateChanged():
            yield from state_lines(transcript, event, place, lines)
        case events.QuestionAsked():
            asked = Asked(study=event.study, choices=event.choices or (lines.no_answer,))
            how = lines.answer.format(wait=f"{event.wait_s:.0f}")
            yield entry(f"question/{event.text}", "question", f"{outside.text(event.text)}\n\n{how}", asked=asked)
        case events.StudyNoted():
            is_change = event.text.startswith(CHANGED)
            title, text = (lines.changed, event.text.removeprefix(CHANGED)) if is_change else (lines.noted, event.text)
            yield entry(f"note/{event.text}", "note", outside.said(text), title=title)
        case events.BaselineStarted():
            yield entry("baselines", "baselines", _measuring(event, lines), title=lines.to_beat)
        case events.BaselinesMeasured():
            yield entry("baselines", "baselines", _baselines(event, lines), title=lines.to_beat)
        case events.ConfirmationStep():
            bar = progress_bar(event.done, event.total)
            title = lines.confirming.format(contender=event.contender, stage=event.stage, seed=event.seed, bar=bar)
            yield entry(f"confirmation/{event.confirmation}", "confirmation", "", title=title, is_pending=True)
        case events.ConfirmationStopped():
            text = outside.said(stopped(event.confirmation, event.reason))
            title = lines.confirmation_stopped.format(study=event.study)
            yield entry(f"confirmation/{event.confirmation.number}", "confirmation", text, title=title)
        case events.ConfirmationFinished():
            found = event.confirmation
            key = f"confirmation/{found.number}"
            text = "\n".join(f"- {outside.said(sentence)}" for sentence in details(found))
            yield entry(key, "confirmation", text, title=lines.confirmed.format(study=found.study))
            yield entry(f"{key}/verdict", "confirmation", f"**{outside.said(verdict(found))}**")
        case events.StudyFinished():
            yield entry(f"finished/{event.n_finished}", "finished", _study_done(event, lines))


def lines_of(transcript: Transcript) -> StudyLines:
    """What a study says, in the language of what the person said last."""
    return LINES[answered_in(transcript.last_said)]


def _measuring(event: events.BaselineStarted, lines: StudyLines) -> str:
    takes = lines.takes.format(time=lines.duration(event.at_least_s)) if is_worth_saying(event) else ""
    return lines.measuring.format(model=event.model, takes=takes)


def _baselines(event: events.BaselinesMeasured, lines: StudyLines) -> str:
    values = [
        with_spread(one.value, one.spread)
        if one.reason is None
        else lines.left_out.format(reason=outside.said(one.reason))
        for one in event.baselines
    ]
    before = [
        lines.measured_in.format(study=outside.text(one.measured_in)) if one.measured_in else ""
        for one in event.baselines
    ]
    rows = [f"- `{one.model}` {value}{by}" for one, value, by in zip(event.baselines, values, before, strict=True)]
    return "\n".join(rows) or lines.none_to_beat


def _proposal_entry(study: str, proposal: Proposal) -> Entry:
    params = " · ".join(
        f"`{name}` {outside.text(param(value))}" for name, value in told(proposal.model, proposal.params).items()
    )
    parts = [outside.said(proposal.why), params or "*no params*"]
    if proposal.expected is not None:
        parts.append(f"Expected: {number(proposal.expected)}")
    if proposal.evidence:
        parts.append(f"Evidence: {outside.text(', '.join(proposal.evidence))}")
    if proposal.note:
        parts.append(f"*{outside.said(proposal.note)}*")
    title = f"Trial {proposal.number} · {proposal.model} · proposed by {proposal.who}"
    text = "\n\n".join(parts)
    entry = _trial_entry(study, proposal.number)
    return replace(entry, title=title, text=text, is_pending=True, card=TrialCard.proposed(proposal))


def _trial_entry(study: str, number: int) -> Entry:
    return Entry(key=f"{study}/{number}", kind="trial", study=study, trial=number, text="")


def _updated(
    transcript: Transcript, study: str, trial: int, *, title: str, card: TrialCard | None, more: str = ""
) -> Entry:
    empty = _trial_entry(study, trial)
    old = transcript.get(empty.key) or empty
    text = "\n\n".join(filter(None, (old.text, more)))
    is_pending = card is None or card.state in ("proposed", "training")
    return replace(old, title=title, is_pending=is_pending, text=text, card=card)


def _card(transcript: Transcript, study: str, trial: int) -> TrialCard | None:
    old = transcript.get(_trial_entry(study, trial).key)
    return old.card if old else None


def _approval(transcript: Transcript, event: events.ApprovalNeeded, lines: StudyLines) -> Entry:
    """The card of one proposal; the line of its trial comes when it runs."""
    study, proposal = event.study, event.proposal
    transcript.remove([_trial_entry(study, proposal.number).key])
    text = lines.waits.format(trial=proposal.number, study=outside.text(study))
    return Entry(
        key=f"{study}/{proposal.number}/approval/{proposal.mark}",
        kind="approval",
        text=text,
        study=study,
        trial=proposal.number,
        waiting=Waiting(study=study, trial=proposal.number, proposal=proposal.mark, choices=lines.choices),
        card=TrialCard.proposed(proposal),
    )


def _approved(transcript: Transcript, event: events.TrialStarted) -> TrialCard:
    """The card of a trial that begins: what was proposed, if it was asked for; it may run with other params."""
    asked = [one for one in transcript.entries() if one.kind == "approval" and one.study == event.study]
    found = next((one.card for one in reversed(asked) if one.trial == event.number), None)
    is_as_proposed = found is not None and found.params == event.params
    return found if found and is_as_proposed else TrialCard(model=event.model, params=event.params)


def _settled(transcript: Transcript, event: events.StudyEvent, by: str) -> Iterator[Entry]:
    """What waits for the person no longer, since the study goes on or has ended."""
    started = event.number if isinstance(event, events.TrialStarted) else None
    is_over = isinstance(event, events.StudyFinished) or (
        isinstance(event, events.StudyStateChanged) and event.state in ("stopped", "failed")
    )
    if not is_over and not isinstance(event, events.TrialStarted | events.ProposalMade | events.DeciderActed):
        return
    for entry in transcript.entries():
        if entry.study != event.study:
            continue
        if entry.asked is not None:
            yield replace(entry, asked=None, text=entry.text.rpartition("\n\n")[0])
        if entry.waiting is not None and not isinstance(event, events.DeciderActed):
            text = _what_became(entry, event, lines_of(transcript), is_run=entry.trial == started, by=by)
            yield replace(entry, text=text, waiting=None)


def _what_became(entry: Entry, event: events.StudyEvent, lines: StudyLines, *, is_run: bool, by: str) -> str:
    """Of a proposal that waits no longer; of one that was rejected it says what it was."""
    if is_run:
        return lines.approved.format(trial=entry.trial, by=lines.by.format(outside.text(by)) if by else "")
    card = entry.card if isinstance(event, events.ProposalMade) else None
    if card is None:
        return lines.not_run.format(trial=entry.trial)
    params = outside.text(values_line(told(card.model, card.params)) or lines.no_params)
    if by:
        return lines.rejected_by.format(trial=entry.trial, model=card.model, params=params, by=outside.text(by))
    return lines.rejected.format(trial=entry.trial, model=card.model, params=params)


def _finished(transcript: Transcript, event: events.TrialFinished) -> Entry:
    record = event.record
    state = INTERRUPTED if record.reason == INTERRUPTED else record.state
    result = state if record.value is None else f"{record.objective} {number(record.value)}"
    title = f"Trial {record.number} · {record.model} · {result}{' · best so far' if event.is_best else ''}"
    parts = []
    if "train_s" in record.cost:
        parts.append(epochs_line(record.cost))
    if record.reason and record.reason != INTERRUPTED:
        parts.append(f"{record.state}: {outside.said(record.reason)}")
    card = _card(transcript, event.study, record.number) or TrialCard(model=record.model)
    card = card.finished(record, is_best=event.is_best)
    return _updated(transcript, event.study, record.number, title=title, card=card, more="; ".join(parts))


def _study_done(event: events.StudyFinished, lines: StudyLines) -> str:
    ended = lines.ended.format(study=outside.text(event.study), reason=outside.said(lines.reason(event.reason)))
    if event.best is None:
        return f"{ended}{lines.none_counts}"
    best = event.best
    value = number(best.value)
    return f"{ended}{lines.best.format(trial=best.number, model=best.model, objective=best.objective, value=value)}"


def progress_bar(done: int, total: int, width: int = 10) -> str:
    """`███░░░░░░░`."""
    filled = min(width, round(width * done / max(total, 1)))
    return "█" * filled + "░" * (width - filled)


def _call(tool: str, args: Mapping[str, object]) -> str:
    inner = ", ".join(f"{name}={value!r}" for name, value in args.items())
    return outside.code(f"{tool}({inner})")


def _code(facts: Mapping[str, object]) -> str:
    text = json.dumps(facts, ensure_ascii=False, indent=1, default=str).replace("```", "'''")
    shown = text if len(text) <= FACTS_SHOWN else f"{text[:FACTS_SHOWN]}\n… {len(text) - FACTS_SHOWN:,} characters more"
    return f"```json\n{shown}\n```"
