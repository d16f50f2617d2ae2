"""Study events in a terminal: proposals with their evidence, a progress bar for each trial, the leaderboard."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from agent import events
from agent.answers.bounds import measured_of
from agent.answers.standings import further_metrics, further_values, trial_standings
from agent.answers.wording import unmet_words
from agent.baseline import Baseline, shown
from agent.objective import Goal
from agent.proposal import Proposal
from agent.standing import INTERRUPTED, ordered
from agent.studies.machine import ENDED
from memory.record import TrialRecord
from ui.words import (
    baseline_started,
    changes_line,
    duration,
    epochs_line,
    measured_before,
    number,
    params_line,
    state_line,
    with_spread,
)

_ROOMY = 110  # characters; a narrower leaderboard leaves out what was changed and why a trial ended


@contextmanager
def study_display(console: Console, goal: Goal | None = None) -> Iterator["StudyDisplay"]:
    """A display whose bars live as long as the block; with the goal it shows more than the first objective."""
    columns = (
        TextColumn("  [cyan]{task.description}"),
        BarColumn(bar_width=28),
        TextColumn("epoch {task.completed:.0f}/{task.total:.0f}  {task.fields[value]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield StudyDisplay(console, progress, goal)


class StudyDisplay:
    """Writes each event as it comes."""

    def __init__(self, console: Console, progress: Progress, goal: Goal | None = None) -> None:
        self._console = console
        self._goal = goal
        self._progress = progress
        self._bar: TaskID | None = None
        self._proposed: int | None = None  # the number of the trial that was shown last
        self._is_begun = False
        self._is_open = False  # the trial that was shown last has not ended yet
        self._held: dict[int, Proposal] = {}  # made while another was on its way: each is shown when its turn comes

    def follow(self, stream: Iterable[events.Event]) -> None:
        """Shows all events of `stream`."""
        for event in stream:
            self.show(event)

    def end(self, stream: Iterable[events.Event]) -> None:
        """Shows what still comes of a study that Ctrl-C ended, but not that it ended, which was said."""
        for event in stream:
            match event:
                case events.TrialFinished() if event.record.reason == INTERRUPTED:
                    pass
                case events.StudyStateChanged() | events.StudyFinished() if event.reason == ENDED:
                    pass
                case _:
                    self.show(event)

    def show(self, event: events.Event) -> None:
        """Shows one event; those that say nothing to a reader are passed over."""
        match event:
            case events.StudyStarted():
                self._is_begun = True
                already = f", {event.resumed_from} already done" if event.resumed_from else ""
                self._line(
                    f"[bold]{escape(event.study)}[/]  {escape(event.objective)} on {escape(event.dataset)}: "
                    f"{event.n_trials} trials of {escape(', '.join(event.models))}{already}"
                )
            case events.BaselineStarted():
                self._line(f"  [dim]to beat[/]  {baseline_started(event)}")
            case events.BaselinesMeasured():
                self._baselines(event.baselines)
            case events.ProposalMade() if self._is_open or self._held or not self._is_begun:
                self._held[event.proposal.number] = event.proposal
            case events.ProposalMade():
                self._proposal(event.proposal)
            case events.ApprovalNeeded():
                self._show_held(event.proposal.number)
            case events.TrialStarted():
                self._show_held(event.number)
                if event.number != self._proposed:  # it was proposed before the study was resumed
                    self._line(f"\n[bold]Trial {event.number}[/]  {event.model}")
                self._bar = self._progress.add_task(f"trial {event.number} {event.model}", total=1, value="")
            case events.EpochFinished() if self._bar is not None:
                self._progress.update(
                    self._bar, completed=event.epoch, total=max(event.epochs, event.epoch), value=number(event.value)
                )
            case events.TrialFinished():
                self._finished(event)
            case events.LessonLearned():
                self._line(f"  [magenta]lesson[/]  {escape(event.lesson.said)}")
            case events.StudyNoted():
                self._line(f"  [yellow]note[/]  {escape(event.text)}")
            case events.StudyStateChanged() if event.reason and event.state != "finished":
                self._show_held(*self._held)
                self._line(f"[yellow]{event.state}[/]: {escape(event.reason)}")
            case events.StudyFinished():
                self._line(f"[bold]It ended[/]: {escape(event.reason)}")

    def _show_held(self, *numbers: int) -> None:
        for trial in numbers:
            if (proposal := self._held.pop(trial, None)) is not None:
                self._proposal(proposal)

    def _proposal(self, proposal: Proposal) -> None:
        self._proposed, self._is_open = proposal.number, True
        self._line(f"\n[bold]Trial {proposal.number}[/]  {proposal.model}  [dim]proposed by {proposal.who}[/]")
        self._line(f"  {escape(params_line(proposal))}")
        self._line(f"  [green]why[/]  {escape(proposal.why)}")
        if proposal.evidence:
            self._line(f"  [dim]evidence: {escape(', '.join(proposal.evidence))}[/]")
        if proposal.note:
            self._line(f"  [yellow]note[/]  {escape(proposal.note)}")

    def _baselines(self, baselines: Sequence[Baseline]) -> None:
        for one in baselines:
            value = f"left out: {one.reason}" if one.value is None else number(one.value)
            broken = unmet_words(self._goal.unmet(one.metrics)) if self._goal and one.value is not None else ""
            barred = f", which {broken}" if broken else ""
            self._line(f"  [dim]to beat[/]  {one.model} {escape(value + barred)}{escape(measured_before(one))}")

    def _finished(self, event: events.TrialFinished) -> None:
        if self._bar is not None:
            self._progress.remove_task(self._bar)
            self._bar = None
        record = event.record
        self._show_held(record.number)  # which ended without having been told to start
        self._is_open = False
        if record.value is None:
            state, _, reason = state_line(record).partition(": ")
            self._line(f"  [{'yellow' if record.reason == INTERRUPTED else 'red'}]{state}[/]  {escape(reason)}")
            return
        best = "  [bold yellow]best so far[/]" if event.is_best else ""
        expected = f", expected {number(record.expected)}" if record.expected is not None else ""
        took = f", {epochs_line(record.cost)}" if "train_s" in record.cost else ""
        told = state_line(record)
        state = "" if told == "complete" else f"  [dim]{escape(told)}[/]"
        values = f"[bold]{record.objective} {number(record.value)}[/]{expected}{escape(self._further(record))}"
        self._line(f"  {values}{took}{best}{state}")

    def _further(self, record: TrialRecord) -> str:
        """The other objectives and what is constrained, marked where a constraint is broken."""
        if self._goal is None:
            return ""
        names, values = further_metrics(self._goal), further_values(self._goal, measured_of(record))
        return "".join(f", {name} {value}" for name, value in zip(names, values, strict=True))

    def _line(self, markup: str) -> None:
        self._console.print(markup, highlight=False)


def leaderboard(goal: Goal, records: Sequence[TrialRecord], width: int, baselines: Sequence[Baseline] = ()) -> Table:
    """All trials, best first, the baselines under them, and what differs from the defaults where `width` leaves room.

    The star marks a best trial that is clearly better than the defaults.
    """
    table = Table(title="Leaderboard", title_justify="left", header_style="bold", box=None, pad_edge=False)
    stands = trial_standings(goal, records)
    for heading, justify in (
        ("trial", "right"),
        ("model", "left"),
        (f"valid {goal.primary.metric} ± 95 %", "right"),
    ):
        table.add_column(heading, justify=justify)  # type: ignore[arg-type]
    for metric in further_metrics(goal, records):
        table.add_column(metric, justify="right")
    if has_front := len(goal.objectives) > 1:
        table.add_column("front")
    table.add_column("time", justify="right")
    table.add_column("state")
    if width >= _ROOMY:
        table.add_column("changed", overflow="fold")
    for record in ordered(goal, records):
        cells = (
            f"{'★ ' if stands[record.number].is_starred else ''}{record.number}",
            record.model,
            with_spread(record.value, stands[record.number].half_width),
            *further_values(goal, measured_of(record), records),
            *(("yes" if stands[record.number].is_on_front else "",) if has_front else ()),
            duration(record.cost["train_s"]) if "train_s" in record.cost else "–",
            INTERRUPTED if record.reason == INTERRUPTED else record.state,
        )
        reason = f" ({record.reason})" if record.reason and record.reason != INTERRUPTED else ""
        changed = (Text(changes_line(record) + reason),) if width >= _ROOMY else ()
        table.add_row(*cells, *changed)
    for one in shown(goal, baselines):
        changed = (Text("defaults"),) if width >= _ROOMY else ()
        value, took = with_spread(one.value, one.spread), duration(one.train_s)
        further = [*further_values(goal, one.metrics, records), *[""] * has_front]
        table.add_row("–", one.model, value, *further, took, "baseline", *changed, style="dim")
    return table
