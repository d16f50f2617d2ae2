"""The chat in the browser: layout and wiring on Gradio; `recpilot ui` serves it on this machine only, unless asked."""

import sys
import threading
from pathlib import Path
from typing import Any

import gradio as gr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from agent.origins import is_loopback
from agent.workspace import Workspace
from ui import panel
from ui.address import Address
from ui.blocks import Blocks
from ui.chats import OpenChats
from ui.door.entrance import door
from ui.door.hosts import ANY_ADDRESS, Hosts, bracketed
from ui.door.incoming import UNSENT_S, incoming
from ui.door.limits import MEBIBYTE, MESSAGE_LENGTH
from ui.door.listening import bound
from ui.door.login import person_of
from ui.door.paths import SCRIPT
from ui.door.quiet import quiet
from ui.door.serving import serve_until_interrupted
from ui.looks import KEPT_S, Looks
from ui.page import Drawn, Page

ASSETS = Path(__file__).parent / "assets"
POLL_S = 1.0
WIDTHS: list[str | int] = ["68px", "96px", "124px", "72px", "92px", "300px"]  # of the trials table
EXAMPLES = (
    "Tune sasrec on the demo data, 6 trials",
    "Which datasets are there?",
    "What can you do?",
)
OTHER_LLM = ": one of these, a folder or hub id, or a server's URL and, after a space, its model"
# A tab that is loaded again shows the chat that it showed before, whatever other tabs do. These two stand here,
# since the page calls them while its script may still be on its way.
RECALL = '() => sessionStorage.getItem("recpilot chat") ?? ""'
REMEMBER = '(chat) => { if (chat) sessionStorage.setItem("recpilot chat", chat); }'
FILE_TYPES = [".csv", ".tsv", ".txt", ".dat", ".inter", ".parquet", ".jsonl", ".json", ".gz", ".zip", ".tar", ".tgz"]


def serve(workspace: Workspace, address: Address) -> None:
    """Serves the chat until Ctrl-C."""
    listening = bound(address.host, address.port)
    port = listening.getsockname()[1]
    hosts = Hosts.of(address.host, port, address.names)
    with incoming(workspace.settings.home), quiet():
        page = build_app(workspace, takes_any_llm=address.takes_any_llm)
        app = door(site(page, workspace, address), hosts, address.people, address.upload_mib, page.fns)
        listening.listen()  # so that a browser that is given the address is not turned away
        print(*_told(address, port), sep="\n", file=sys.stderr, flush=True)  # noqa: T201
        threading.Thread(target=workspace.warm_up, name="warm-up", daemon=True).start()  # after the page is there
        serve_until_interrupted(app, listening)


def _told(address: Address, port: int) -> list[str]:
    """Where the chat is, and what passes in the open."""
    host = "127.0.0.1" if address.host in ANY_ADDRESS else bracketed(address.host)
    lines = [f"recpilot: the chat is at http://{host}:{port}"]
    if not is_loopback(f"http://{bracketed(address.host)}"):
        lines += ["recpilot: others on the network can read what passes, passwords too: put TLS in front"]
    return lines


def site(page: gr.Blocks, workspace: Workspace, address: Address) -> ASGIApp:
    """The page and its script, as an application of a web server."""
    app = Starlette(routes=[Route(SCRIPT, _script)])
    page.has_launched = True  # else Gradio takes any file of the machine for an upload
    return gr.mount_gradio_app(  # type: ignore[no-any-return]
        app,
        page,
        path="/",
        auth_dependency=person_of if address.people is not None else None,
        theme=theme(),
        head=_head(),
        favicon_path=str(ASSETS / "icon.svg"),
        allowed_paths=[str(workspace.settings.reports)],
        ssr_mode=False,
        run_history=False,
        enable_monitoring=False,
        max_file_size=address.upload_mib * MEBIBYTE,
        footer_links=[],
        show_error=True,
    )


def theme() -> gr.themes.Base:
    """System fonts, so that the page loads nothing from outside; secondary text with a contrast of 4.5 or more."""
    soft = gr.themes.Soft(
        primary_hue="orange",
        neutral_hue="slate",
        font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )
    return soft.set(body_text_color_subdued="*neutral_500", body_text_color_subdued_dark="*neutral_400")


def build_app(workspace: Workspace, *, takes_any_llm: bool = False) -> gr.Blocks:
    """The page; its handlers see the agent through events and statuses only."""
    looks = Looks(workspace, KEPT_S)
    page = Page(workspace, OpenChats(workspace), takes_any_llm=takes_any_llm, looks=looks)
    with Blocks(title="recpilot", analytics_enabled=False, fill_width=True, delete_cache=(UNSENT_S, UNSENT_S)) as app:
        chat_id = gr.State("")
        remembered = gr.Textbox(visible="hidden")  # the chat that this tab showed before it was loaded again
        drawn, seen = gr.State(Drawn()), gr.State("")
        with gr.Row(elem_id="head"):
            gr.HTML("<h1>recpilot</h1><p>tunes recommenders in conversation, and says why</p>", elem_id="title")
            chats = gr.Dropdown(
                label="Chat", show_label=False, container=False, choices=[], scale=0, min_width=200, elem_id="chats"
            )
            new = gr.Button("New chat", size="sm", scale=0, min_width=110, elem_id="new")
        with gr.Row(equal_height=False):
            with gr.Column(scale=6, min_width=340):
                chatbot = gr.Chatbot(
                    elem_id="chat",
                    show_label=False,
                    height="max(26rem, 100dvh - 235px)",
                    layout="bubble",
                    buttons=["copy"],
                    feedback_options=None,
                    latex_delimiters=[],  # `$$` in a title is no formula
                    placeholder=_placeholder(),
                    examples=[{"text": text} for text in EXAMPLES],
                )
                box = gr.MultimodalTextbox(
                    elem_id="say",
                    placeholder="Say something, or drop a dataset here …",
                    show_label=False,
                    file_types=FILE_TYPES,
                    file_count="multiple",
                    autofocus=True,
                    max_plain_text_length=MESSAGE_LENGTH,
                    interactive=False,  # until the page knows which chat it shows
                )
            with gr.Column(scale=4, min_width=340):
                study_name = gr.Dropdown(
                    label="Study shown", choices=[], interactive=True, elem_id="studies", container=False
                )
                card = gr.HTML(panel.LOADING, elem_id="study")
                with gr.Row():
                    pause = gr.Button("Pause", size="sm", min_width=80, elem_id="pause")
                    resume = gr.Button("Resume", size="sm", min_width=80, elem_id="resume")
                    stop = gr.Button("Stop", size="sm", min_width=80, variant="stop", elem_id="stop")
                stands = gr.HTML("", elem_id="standing")
                with gr.Tabs() as tabs:
                    with gr.Tab("Best so far"):
                        values = gr.Plot(show_label=False, elem_id="values")
                    with gr.Tab("Learning curves"):
                        curves = gr.Plot(show_label=False, elem_id="curves")
                    with gr.Tab("Trials"):
                        trials = gr.Dataframe(
                            headers=panel.HEADERS,
                            interactive=False,
                            elem_id="trials",
                            wrap=True,
                            column_widths=WIDTHS,
                        )
                    with gr.Tab("Settings"):
                        llm = gr.Dropdown(
                            label="Language model",
                            info=f"of this chat{OTHER_LLM if takes_any_llm else ''}",
                            choices=page.llm_choices(),
                            value=workspace.settings.chosen_llm,
                            allow_custom_value=takes_any_llm,
                            elem_id="llm",
                        )
                        nearby = gr.Button("Look for model servers on this machine", size="sm", elem_id="nearby")
                        approve = gr.Checkbox(
                            label="Ask me before each trial of what begins in this chat",
                            value=workspace.settings.needs_approval,
                            elem_id="approve",
                        )
                        report = gr.Button("Report (HTML)", size="sm", elem_id="report")
                        written = gr.DownloadButton(visible="hidden")
                        login = gr.HTML("", elem_id="login")
        shown = [chatbot, drawn, card, values, curves, trials, study_name, stands, seen]
        timer = gr.Timer(POLL_S)
        chats.change(None, chats, None, js=REMEMBER)
        quiet: dict[str, Any] = {"show_progress": "hidden"}
        # one request, where a place in the queue takes two and a stream, which may close as the next call comes
        at_once: dict[str, Any] = {"queue": False, **quiet}
        arrived = app.load(page.arrive, remembered, [chat_id, chats, box], js=RECALL, **at_once)
        app.load(page.login, None, login, **at_once)
        timer.tick(page.tick, [chat_id, study_name, drawn, seen], shown, **at_once)
        taken = box.submit(page.say, [box, chat_id], None, js="recpilot.send", **quiet)
        taken.success(None, box, box, js="recpilot.takeOut", **quiet)
        example = chatbot.example_select(page.pick_example, chat_id, None, **quiet)
        choice = chatbot.option_select(page.pick_choice, chat_id, None, **quiet)
        for spoken in (taken, example, choice):
            # an answer may be watched while another is: the chat itself takes messages one after the other
            watched = spoken.success(
                page.watch, chat_id, [chatbot, seen], trigger_mode="multiple", concurrency_limit=None, **quiet
            )
            watched.then(page.titles, chat_id, chats, **at_once)
        begun = new.click(page.new_chat, None, [chat_id, chats], **at_once)
        picked = chats.input(page.pick_chat, chats, chat_id)  # its refusal is told, which needs the queue
        for turned in (arrived, begun, picked):
            turned.success(page.draw, [chat_id, study_name], shown, **at_once)
            turned.success(page.settings, chat_id, [llm, approve], **at_once)
        study_name.input(page.pick_study, [chat_id, study_name, drawn, seen], shown, **at_once)
        for button, action in ((pause, "pause"), (resume, "resume"), (stop, "stop")):
            button.click(page.steer(action), [study_name, chat_id], card, **quiet)  # type: ignore[arg-type]
        tabs.select(None, js="recpilot.fit")
        llm.input(page.choose_llm, [llm, chat_id], llm)
        nearby.click(page.look_nearby, chat_id, llm)
        approve.input(page.set_approval, [approve, chat_id], None)
        report.click(page.report, study_name, written).success(None, written, None, js="recpilot.download")
    return app  # type: ignore[no-any-return]


def _head() -> str:
    """The page's own style and script; as `css` the style would be confined to blocks."""
    return f'<style>{(ASSETS / "style.css").read_text("utf-8")}</style><script src="{SCRIPT}"></script>'


def _script(_: Request) -> Response:
    return FileResponse(ASSETS / "page.js", media_type="text/javascript", headers={"Cache-Control": "no-cache"})


def _placeholder() -> str:
    return (
        "### What shall we tune?\n"
        "Hand me a dataset (drop a file), or begin with the demo data: 2,000 readers, 1,500 books.\n"
        "I propose, train, learn from each trial, and can say why."
    )
