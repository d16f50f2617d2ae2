"""`recpilot ui`, `chat` and `ask`: the conversation in a browser, in the terminal, and in one line."""

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ui.cli.common import (
    AsJson,
    DataFolder,
    Device,
    Llm,
    LlmModel,
    MemoryUrl,
    Record,
    console,
    existing_file,
    follow,
    print_json,
    print_json_line,
    workspace,
)
from ui.cli.confirm import follow_confirmation
from ui.cli.ending import INTERRUPTED

if TYPE_CHECKING:
    from agent.events import AnswerFinished, ChatEvent
    from agent.understanding.known import Known
    from agent.understanding.planner import Planner
    from agent.workspace import Workspace
    from ui.terminal import Terminal


UI_ANSWER_S = 300.0  # for the person's answer to a language model's question, after which the study goes on


def register(app: typer.Typer) -> None:
    """Adds the commands."""
    app.command()(ui)
    app.command()(chat)
    app.command()(ask)


def ui(
    host: Annotated[
        str, typer.Option(help="127.0.0.1 is this machine only; others need `recpilot users add`.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="0 takes a free one.", min=0, max=65535)] = 7860,
    allow_host: Annotated[
        list[str] | None, typer.Option(help="A further host name that requests may come to, such as a proxy's.")
    ] = None,
    data_folder: DataFolder = None,
    max_upload: Annotated[int, typer.Option(help="MiB of a file that is dropped into the chat.", min=1)] = 1024,
    any_llm: Annotated[
        bool, typer.Option("--any-llm", help="Models may be typed on the page: folders, hub ids, URLs.")
    ] = False,
    llm: Llm = None,
    llm_model: LlmModel = None,
    memory_url: MemoryUrl = None,
    device: Device = None,
    record: Record = None,
) -> None:
    """The chat in the browser."""
    from ui.address import Address

    address = Address.parse(host, port, allow_host or (), upload_mib=max_upload, takes_any_llm=any_llm)
    from ui.app import serve  # gradio takes seconds to import

    with workspace(
        data_folder=data_folder,
        llm=llm,
        llm_model=llm_model,
        memory_url=memory_url,
        device=device,
        record=record,
        answer_wait_s=UI_ANSWER_S,
    ) as opened:
        serve(opened, address)


def chat(
    name: Annotated[str, typer.Option(help="The conversation to go on with.")] = "terminal",
    data_folder: DataFolder = None,
    llm: Llm = None,
    llm_model: LlmModel = None,
    memory_url: MemoryUrl = None,
    record: Record = None,
) -> None:
    """The conversation in the terminal; Ctrl-D ends it."""
    from agent.chat.conversation import Conversation

    out = console()
    with workspace(
        data_folder=data_folder, llm=llm, llm_model=llm_model, memory_url=memory_url, record=record
    ) as opened:
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
    dialogues: Annotated[
        Path | None,
        typer.Option(
            help='With --plan: a file with JSON lines {"id", "turns"}; reading tools run, acts are only pretended.'
        ),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do what the answer asks about, without asking.")] = False,
    name: Annotated[str, typer.Option(help="The conversation it belongs to.")] = "terminal",
    data_folder: DataFolder = None,
    llm: Llm = None,
    llm_model: LlmModel = None,
    record: Record = None,
    as_json: AsJson = False,
) -> None:
    """One message, one answer; status 1 where the language model failed."""
    if (file is not None or dialogues is not None) and not plan:
        raise typer.BadParameter("--file and --dialogues go with --plan")
    messages = (
        []
        if dialogues
        else existing_file(file).read_text("utf-8").splitlines()
        if file
        else [message or sys.stdin.read()]
    )
    with workspace(data_folder=data_folder, llm=llm, llm_model=llm_model, record=record) as opened:
        if dialogues is not None:
            _rehearse(opened, existing_file(dialogues))
            return
        if plan:
            _print_plans(opened, [line.strip() for line in messages if line.strip()])
            return
        from agent.chat.conversation import Conversation
        from agent.outside import harmless
        from agent.understanding.buttons import AGREED

        out = console(as_json)
        conversation = Conversation(opened, name)
        answer = print_answer(conversation.send(messages[0]), out)
        if yes and answer.choices and answer.choices[0] in AGREED:
            answer = print_answer(conversation.send(answer.choices[0]), out)
        while (study := opened.runner.working()) is not None:  # it would end with this process
            if not follow(study, out):
                raise typer.Exit(INTERRUPTED)
        current = opened.runner.current()
        if current is not None:
            follow_confirmation(opened, current.name, out)
        if as_json:
            print_json(
                {
                    "say": messages[0],
                    "answer": harmless(answer.text),
                    "removed": list(answer.removed),
                    "not_checked": list(answer.not_checked),
                    "choices": list(answer.choices),
                }
            )
        if answer.has_failed:
            raise typer.Exit(1)


def _print_plans(opened: "Workspace", messages: "Iterable[str]") -> None:
    """`{"say", "tool", "args"}` of each message's first request; nothing is called."""
    from agent.chat.rehearsal import Rehearsal

    for message in messages:
        acting = Rehearsal(load_planner(), _known(opened), ())
        found = acting.turn(message)["calls"]
        first = found[0] if found else {"tool": None, "args": {}}
        line = {"say": message, "tool": first["tool"], "args": first["args"]}
        print_json_line(line)


def _rehearse(opened: "Workspace", path: Path) -> None:
    """What comes of each turn of each dialogue, as JSON lines."""
    from agent.chat.rehearsal import Rehearsal, rehearse
    from agent.studies.at_hand import at_hand
    from agent.tools import make_tools

    planner, tools, known = load_planner(), make_tools(opened), _known(opened)
    current = opened.runner.current()
    first = current.title if current else None
    for line in filter(str.strip, path.read_text("utf-8").splitlines()):
        with at_hand(first):  # what one dialogue opens, the next one does not find open
            turns = rehearse(lambda: Rehearsal(planner, lambda study: known(study or first), tools), json.loads(line))
        for turn in turns:
            print_json_line(turn)


def _known(opened: "Workspace") -> "Callable[[str | None], Known]":
    """What is known with a study at hand."""
    from agent.chat.known_now import known_now, notes_in

    minutes, folder = opened.settings.card_minutes, opened.settings.data_root
    return lambda study: replace(
        known_now(opened.catalogue, opened.runner, study, card_minutes=minutes, data_folder=folder),
        notes=partial(notes_in, opened),
    )


def load_planner() -> "Planner":
    """The planner on the packaged network."""
    from agent.understanding.clauses.reader import MessageReader
    from agent.understanding.planner import Planner

    return Planner(MessageReader.load())


def print_answer(stream: "Iterable[ChatEvent]", out: "Terminal") -> "AnswerFinished":
    """Shows the tools that are called, then the answer as it stands after grounding."""
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
    out.print_answer(answer.text)
    for choice in answer.choices:
        out.print(f"  • {choice}", markup=False)
    return answer
