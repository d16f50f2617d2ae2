"""The command line: `recpilot …`. One file a group of commands; `main` is the entry point.

Exit status: 0 done, 1 the task failed and said why, 2 wrong usage.
"""

import sys
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from ui.cli import chat, confirm, data, mcp, memory, models, replay, restore, results, study, train, tune, users

app = typer.Typer(
    name="recpilot",
    no_args_is_help=True,
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", help="Say the version and end.", is_eager=True)] = False,
) -> None:
    """Tune recommender models in conversation, and hear why."""
    if version:
        typer.echo(f"recpilot {metadata.version('recpilot')}")
        raise typer.Exit


for module in (chat, tune, train, confirm, results, mcp, replay, restore):
    module.register(app)
app.add_typer(data.app, name="data")
app.add_typer(memory.app, name="memory")
app.add_typer(models.app, name="models")
app.add_typer(study.app, name="study")
app.add_typer(users.app, name="users")


def main() -> None:
    """Runs one command; what the person can fix becomes one sentence on stderr."""
    from agent.errors import USER_ERRORS
    from agent.offline import silence_telemetry
    from recmodels.errors import ParamError

    silence_telemetry()
    try:
        app()
    except USER_ERRORS as error:
        print(f"recpilot: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(2 if isinstance(error, ParamError) else 1)
    except BrokenPipeError:  # the reader of a pipe has gone, as with `| head`
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        from recmodels.data.folders import disk_full, is_disk_full

        if not is_disk_full(error):
            raise
        print(f"recpilot: {disk_full(Path(error.filename or 'a file'))}", file=sys.stderr)  # noqa: T201
        sys.exit(1)
