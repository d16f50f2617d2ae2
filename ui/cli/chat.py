"""`recpilot ui`, `chat` and `ask`: the conversation in a browser, in the terminal, and in one line."""

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.common import (
    INTERRUPTED,
    AsJson,
    Device,
    Llm,
    LlmModel,
    MemoryUrl,
    console,
    existing_file,
    follow,
    print_json,
    workspace,
)
from ui.cli.confirm import follow_confirmation

if TYPE_CHECKING:
    from rich.console import Console

    from agent.events import AnswerFinished, ChatEvent


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(ui)
    app.command()(chat)
    app.command()(ask)


def ui(
    host: Annotated[str, typer.Option(help="127.0.0.1 is this machine only.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.", min=0, max=65535)] = 7860,
    auth: Annotated[
        str | None, typer.Option(help="user:password, asked for by the browser.", envvar="RECPILOT_AUTH")
    ] = None,
    llm: Llm = None,
    llm_model: LlmModel = None,
    memory_url: MemoryUrl = None,
    device: Device = None,
) -> None:
    """The chat in the browser."""
    from ui.address import Address

    address = Address.parse(host, port, auth)
    from ui.app import serve  # gradio takes seconds to import

    with workspace(llm=llm, llm_model=llm_model, memory_url=memory_url, device=device) as opened:
        serve(opened, address)


def chat(
    name: Annotated[str, typer.Option(help="The conversation to go on with.")] = "terminal",
    llm: Llm = None,
    llm_model: LlmModel = None,
    memory_url: MemoryUrl = None,
) -> None:
    """The conversation in the terminal; Ctrl-D ends it."""
    from agent.chat.conversation import Conversation

    out = console()
    with workspace(llm=llm, llm_model=llm_model, memory_url=memory_url) as opened:
        conversation = Conversation(opened, name)
        while True:
            try:
                message = out.input("[bold]You[/]: ").strip()
            except (EOFError, KeyboardInterrupt):
                out.print()
                return
            if message:
                print_answer(conversation.send(message), out)


def ask(
    message: Annotated[str | None, typer.Argument(help="What you would say in the chat.")] = None,
    plan: Annotated[
        bool, typer.Option("--plan", help="Run nothing: which tool would be called, as JSON lines.")
    ] = False,
    file: Annotated[Path | None, typer.Option(help="With --plan: a file with one message a line.")] = None,
    name: Annotated[str, typer.Option(help="The conversation it belongs to.")] = "terminal",
    llm: Llm = None,
    llm_model: LlmModel = None,
    as_json: AsJson = False,
) -> None:
    """One message, one answer."""
    if file is not None and not plan:
        raise typer.BadParameter("--file goes with --plan")
    messages = existing_file(file).read_text("utf-8").splitlines() if file else [message or sys.stdin.read()]
    with workspace(llm=llm, llm_model=llm_model) as opened:
        if plan:
            from agent.chat.preview import preview

            for line in filter(str.strip, messages):
                typer.echo(json.dumps(preview(opened, line.strip()), ensure_ascii=False))
            return
        from agent.chat.conversation import Conversation

        out = console(as_json)
        answer = print_answer(Conversation(opened, name).send(messages[0]), out)
        study = opened.runner.working()
        if study is not None and not follow(opened, study, out):  # it would end with this process
            raise typer.Exit(INTERRUPTED)
        current = opened.runner.current()
        if current is not None:
            follow_confirmation(opened, current.name, out)
        if as_json:
            print_json(
                {
                    "say": messages[0],
                    "answer": answer.text,
                    "removed": list(answer.removed),
                    "choices": list(answer.choices),
                }
            )


def print_answer(stream: "Iterable[ChatEvent]", out: "Console") -> "AnswerFinished":
    """Shows the tools that are called, then the answer as it stands after grounding."""
    from rich.markdown import Markdown

    from agent import events

    answer = None
    for event in stream:
        if isinstance(event, events.ToolCalled):
            args = ", ".join(f"{name}={value!r}" for name, value in event.args.items())
            out.print(f"  → {event.tool}({args})", style="dim", markup=False)
        elif isinstance(event, events.AnswerFinished):
            answer = event
    if answer is None:
        raise RuntimeError("a message ended without an answer")
    out.print(Markdown(answer.text))
    for choice in answer.choices:
        out.print(f"  • {choice}", markup=False)
    return answer
