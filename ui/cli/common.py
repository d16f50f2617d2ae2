"""What the commands share: options, consoles, the workspace, and JSON on stdout with words on stderr."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from agent.secrets import cleaned, shown
from recmodels.command import HELP, check_device
from recmodels.durations import seconds
from recmodels.errors import ParamError, UserError
from recmodels.outside import visible_json
from ui.cli.ending import INTERRUPTED
from ui.terminal import Terminal

if TYPE_CHECKING:
    from agent.studies.study import Study
    from agent.workspace import Workspace

AsJson = Annotated[bool, typer.Option("--json", help="One JSON document on stdout; progress and words on stderr.")]
Llm = Annotated[
    str | None,
    typer.Option(
        help="pilot (default), none, a name of `recpilot models list`, a folder, a hub id, or the URL of an "
        "OpenAI-compatible server."
    ),
]
LlmModel = Annotated[str | None, typer.Option(help="The model's name on that server.")]
Record = Annotated[
    Path | None,
    typer.Option(help="A folder that keeps each prompt, reply, cut sentence and tool call, for `recpilot replay`."),
]
DataFolder = Annotated[
    Path | None,
    typer.Option(help="A folder that files named in the chat may be read from; default: dropped files only."),
]


def known_url(url: str | None) -> str | None:
    """The URL of a memory, or wrong usage: it is not http://host:port."""
    from memory.errors import UserError as MemoryUserError
    from memory.links import check_url

    try:
        if url:
            check_url(url)
    except MemoryUserError as error:
        raise typer.BadParameter(shown(str(error))) from error
    return url


def known_device(device: str | None) -> str | None:
    """The device, or wrong usage: no such kind, or none on this machine."""
    try:
        check_device(device or "auto")
    except UserError as error:
        raise typer.BadParameter(str(error)) from error
    return device


MemoryUrl = Annotated[
    str | None, typer.Option(help="A Chroma server, http://host:8000; default: embedded.", callback=known_url)
]
Device = Annotated[str | None, typer.Option(help="auto, cpu, cuda, cuda:1, mps.", callback=known_device)]
OneDevice = Annotated[str, typer.Option(help=HELP["device"], callback=known_device)]


def console(as_json: bool = False) -> Terminal:
    """Where words go: stderr beside a JSON document, else stdout."""
    return Terminal(stderr=as_json, highlight=False)


def print_json(document: Any) -> None:
    """One JSON document on stdout."""
    typer.echo(visible_json(json.dumps(cleaned(document), ensure_ascii=False, indent=2, default=str)))


def print_json_line(line: Any) -> None:
    """One line of JSON on stdout."""
    typer.echo(visible_json(json.dumps(cleaned(line), ensure_ascii=False, default=str)))


@contextmanager
def workspace(*, is_command: bool = False, **overrides: Any) -> Iterator["Workspace"]:
    """The workspace of `RECPILOT_HOME`; overrides that are None are left to the settings.

    It is closed at the end, and says which studies stop with it.

    Args:
        is_command: The person typed a study as a command, which has no limits but the disk.
    """
    from agent.assembly import open_workspace
    from agent.errors import SetupError
    from agent.settings import Settings

    given = {name: value for name, value in overrides.items() if value is not None}
    settings = Settings(**given)
    if settings.data_folder is not None and not settings.data_folder.is_dir():
        raise SetupError(f"there is no folder {settings.data_folder}, which files are to be read from")
    if is_command:
        check_device(settings.device)
    opened = open_workspace(settings, is_command=is_command)

    def write_report(study: "Study") -> Path:
        from agent.confirming.opening import confirmations_of
        from ui import report  # imports jinja2

        return report.write_report(study, opened.settings.reports, confirmations_of(opened, study.name))

    opened.write_report = write_report
    try:
        yield opened
    except KeyboardInterrupt:
        if opened.runner.at_work():  # which says enough
            raise typer.Exit(INTERRUPTED) from None
        raise
    finally:
        for study in opened.runner.at_work():
            say_what_stops(study, console(as_json=True))
        opened.close()


def follow(study: "Study", out: Terminal) -> bool:
    """Shows a study that this process runs, until it does no more; False where Ctrl-C ended it, to be resumed."""
    from agent.events import QuestionAsked
    from ui.cli import question
    from ui.live import study_display

    seen = 0
    with study_display(out, study.spec.goal) as display:
        try:
            for event in study.watch():
                seen += 1
                display.show(event)
                if isinstance(event, QuestionAsked) and study.question is not None:
                    question.ask(event, study, out)
        except KeyboardInterrupt:
            say_what_stops(study, out)
            study.interrupt()
            display.end(study.watch(seen))
            return False
    return True


def say_what_stops(study: "Study", out: Terminal) -> None:
    """That the program ends in the middle of a study, what is kept of it, and how it goes on."""
    from agent.studies.study_spec import trials_done

    status = study.status()
    out.print(
        f"Study {status.name} stops here with {trials_done(status.n_finished, status.n_trials)}, which are kept. "
        f"Go on with: recpilot study resume {status.name}",
        markup=False,
        soft_wrap=True,
    )


def duration(text: str | None) -> float | None:
    """Seconds: `90`, `30m`, `1h30`, `half an hour`; anything else is wrong usage."""
    try:
        return None if text is None else seconds(text)
    except ParamError as error:
        raise typer.BadParameter(str(error)) from error


def require_effect(context: typer.Context, needed: str, is_there: bool, *names: str) -> None:
    """An option that changes nothing here was not meant so: wrong usage.

    Args:
        needed: What gives the options an effect, in words.
        names: The options' parameters.
    """
    if is_there:
        return
    given = [param for param in context.command.params if param.name in names and _is_given(context, param.name)]
    for param in given:
        raise typer.BadParameter(f"it has an effect only with {needed}", context, param_hint=f"'{param.opts[0]}'")


def _is_given(context: typer.Context, name: str) -> bool:
    source = context.get_parameter_source(name)
    return source is not None and source.name in ("COMMANDLINE", "ENVIRONMENT")


def existing_folder(path: Path | None) -> Path | None:
    """The path, or wrong usage."""
    if path is not None and not path.is_dir():
        raise typer.BadParameter(f"there is no folder {path}")
    return path


def existing_file(path: Path) -> Path:
    """The path, or wrong usage."""
    if not path.is_file():
        is_there = path.exists()
        raise typer.BadParameter(shown(f"{path} is not a regular file" if is_there else f"there is no file {path}"))
    return path
