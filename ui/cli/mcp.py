"""`recpilot mcp`: the tools for MCP clients, over standard input and output or over HTTP on this machine."""

from pathlib import Path
from typing import Annotated

import typer

from ui.cli.common import Device, LlmModel, MemoryUrl, existing_folder, require_effect, workspace


def register(app: typer.Typer) -> None:
    """Adds the command."""
    app.command()(mcp)


def mcp(
    context: typer.Context,
    http: Annotated[bool, typer.Option("--http", help="Serve HTTP instead of standard input and output.")] = False,
    host: Annotated[str, typer.Option(help="With --http: 127.0.0.1 is this machine only.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="With --http; 0 takes a free one.", min=0, max=65535)] = 8765,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="With --http: a further host name that requests may come to.")
    ] = None,
    token_file: Annotated[
        Path | None, typer.Option(help="With --http: holds the token; else RECPILOT_MCP_TOKEN, else a new one.")
    ] = None,
    allow_acts: Annotated[
        bool, typer.Option("--allow-acts", help="Clients that cannot ask a person may act, within the two limits.")
    ] = False,
    max_trials: Annotated[
        int, typer.Option(help="With --allow-acts: training runs without a person's yes, in all.", min=0)
    ] = 20,
    max_minutes: Annotated[
        float, typer.Option(help="With --allow-acts: minutes of training without a person's yes, in all.", min=0)
    ] = 60.0,
    data_folder: Annotated[
        Path | None,
        typer.Option(
            callback=existing_folder,
            help="A folder that the tools may read files from; default: the uploads of the chat only.",
        ),
    ] = None,
    llm: Annotated[
        str, typer.Option(help="The language model that decides on trials: none (default), a folder, a hub id, a URL.")
    ] = "none",
    llm_model: LlmModel = None,
    memory_url: MemoryUrl = None,
    device: Device = None,
) -> None:
    """The tools for MCP clients; acts need a person's yes."""
    from functools import partial

    require_effect(context, "--http", http, "host", "port", "allow_host", "token_file")
    require_effect(context, "--allow-acts", allow_acts, "max_trials", "max_minutes")
    require_effect(context, "--llm and the URL of a server", "://" in llm, "llm_model")
    from ui.mcp.rules import Rules

    rules = Rules(allows_acts=allow_acts, max_trials=max_trials, max_minutes=max_minutes)
    opened = partial(
        workspace,
        llm=llm,
        llm_model=llm_model,
        memory_url=memory_url,
        device=device,
        data_folder=data_folder,
    )
    if not http:
        from ui.mcp.stdio import serve

        serve(opened, rules)
        return
    from ui.mcp import http as over_http

    place = over_http.Place(host=host, port=port, names=tuple(allow_host or ()))
    token = over_http.token_of(token_file)
    with opened() as space:
        over_http.serve(space, rules, place, token)
