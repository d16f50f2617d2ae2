"""`recpilot replay`: a recording as a person reads it, or run again without a language model, as a test."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.common import AsJson, console, print_json, require_effect, workspace

if TYPE_CHECKING:
    from rich.console import Console

    from agent.recording.reading import Line, Passage, Recording
    from agent.replaying.checking import CheckReport
    from agent.workspace import Workspace

_SHORT = 400  # characters of a result that are shown


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(replay)


def replay(
    context: typer.Context,
    folder: Annotated[Path, typer.Argument(help="What `--record` kept: the folder, or one file of it.")],
    check: Annotated[
        bool,
        typer.Option(
            "--check",
            help="Run it again without a language model; status 1 where anything differs, or nothing could be run, or "
            "a turn was cut off.",
        ),
    ] = False,
    prompts: Annotated[bool, typer.Option("--prompts", help="Show what the language model was shown.")] = False,
    recorded_results: Annotated[
        bool,
        typer.Option(
            "--recorded-results/--live-results",
            help="With --check: tools answer what was recorded (default), or those that only read run on the home.",
        ),
    ] = True,
    as_json: AsJson = False,
) -> None:
    """Show a recording turn by turn, or run it again as a test; nothing is ever carried out a second time."""
    from agent.errors import UserError
    from agent.recording.reading import read_recording

    require_effect(context, "--check", check, "recorded_results")
    require_effect(context, "showing it, without --check", not check, "prompts")
    recording = read_recording(folder)
    if check:
        if not recording.passages:
            raise UserError(f"{folder} holds nothing that could be run again")
        report = _checked(recording, recorded_results)
        if as_json:
            print_json(asdict(report) | {"is_same": report.is_same, "passes": report.passes})
        else:
            _print_report(report, console())
        raise typer.Exit(0 if report.passes else 1)
    if as_json:
        print_json({"n_torn": recording.n_torn, "passages": [_document(one, prompts) for one in recording.passages]})
        return
    _print(recording, console(), prompts)


def _checked(recording: "Recording", recorded_results: bool) -> "CheckReport":
    from agent.replaying.checking import check

    with nullcontext() if recorded_results else workspace(llm="none") as home:
        return check(recording, _scratch, home)


@contextmanager
def _scratch() -> "Iterator[Workspace]":
    with tempfile.TemporaryDirectory(prefix="recpilot-replay-") as folder, _on(Path(folder)) as opened:
        yield opened


def _on(home: Path) -> "Workspace":
    from agent.assembly import open_workspace
    from agent.settings import Settings

    return open_workspace(Settings(home=home, llm="none", record=None, memory_url=None, ledger_url=None))


def _document(passage: "Passage", prompts: bool) -> dict[str, object]:
    left_out = () if prompts else ("prompt", "known", "asked")
    lines = [_shown_line(line, prompts) for line in passage.lines if line["kind"] not in left_out]
    return {"of": passage.of, "is_whole": passage.is_whole, "lines": lines}


def _shown_line(line: "Line", prompts: bool) -> "Line":
    left_out = () if prompts else ("history", "kept", "context", "situation")
    return {name: value for name, value in line.items() if name not in left_out}


def _print(recording: "Recording", out: "Console", prompts: bool) -> None:
    from agent.replaying.showing import shown

    for passage in recording.passages:
        for part in shown(passage, prompts):
            out.print(part.text, style=part.style, markup=False, soft_wrap=True)
        out.print()
    if recording.n_torn:
        out.print(f"{recording.n_torn} line{'s' if recording.n_torn > 1 else ''} was cut off and is not shown.")
    if not recording.passages:
        out.print("Nothing was said and nothing was decided.")


def _print_report(report: "CheckReport", out: "Console") -> None:
    from agent.replaying.comparing import diff_lines

    for one in report.differences:
        out.print(f"{one.where}: {one.what} differs", style="bold red", markup=False, soft_wrap=True)
        for line in diff_lines(one):
            out.print(f"  {line}", style="green" if line.startswith("+") else "red", markup=False, soft_wrap=True)
    for skipped in report.skipped:
        out.print(f"{skipped.where}: not checked, since {skipped.why}", style="yellow", markup=False, soft_wrap=True)
    ran = f"{_n(report.n_turns, 'turn')} and {_n(report.n_decisions, 'decision')}"
    n = len(report.differences)
    left = f"; {len(report.skipped)} not checked" if report.skipped else ""
    out.print(f"{ran} run again: {'all the same' if not n else _n(n, 'difference')}{left}.", highlight=False)


def _n(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"
