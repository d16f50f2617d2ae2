"""All commands, and what becomes of their errors."""

import sys
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ui.cli import (
    backtest,
    chat,
    confirm,
    data,
    mcp,
    memory,
    models,
    plot,
    replay,
    restore,
    results,
    retune,
    rules,
    study,
    train,
    tune,
    users,
)
from ui.cli.ending import INTERRUPTED, say_ended


class Commands(TyperGroup):
    """The commands; one that has no words of its own for an end by Ctrl-C or a signal ends with ours."""

    def invoke(self, ctx: typer.Context) -> Any:  # type: ignore[override]
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            say_ended()
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    name="recpilot",
    cls=Commands,
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


for module in (chat, tune, retune, train, backtest, confirm, results, plot, rules, mcp, replay, restore):
    module.register(app)
app.add_typer(data.app, name="data")
app.add_typer(memory.app, name="memory")
app.add_typer(models.app, name="models")
app.add_typer(study.app, name="study")
app.add_typer(users.app, name="users")


def run() -> None:
    """Runs one command; what the person can fix becomes one sentence on stderr."""
    from agent.debug_log import keep_secrets
    from agent.errors import USER_ERRORS
    from agent.offline import silence_telemetry
    from agent.privacy import only_mine
    from agent.secrets import shown
    from recmodels.errors import ParamError

    silence_telemetry()
    only_mine()
    keep_secrets()
    try:
        app()
    except USER_ERRORS as error:
        print(f"recpilot: {shown(str(error))}", file=sys.stderr)  # noqa: T201
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
