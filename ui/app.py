"""The chat in the browser: layout and wiring on Gradio; `recpilot ui` serves it on this machine only, unless asked."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import gradio as gr

from agent.errors import USER_ERRORS
from agent.studies.study import Study
from agent.workspace import Workspace
from ui import panel
from ui.address import Address
from ui.chats import Chat, OpenChats
from ui.render import APPROVE, REJECT, messages
from ui.report import write_report

ASSETS = Path(__file__).parent / "assets"
POLL_S = 1.0
EXAMPLES = (
    "Tune sasrec on the demo data, 6 trials",
    "Which datasets are there?",
    "What can you do?",
)
Drawn = tuple[str, str, str, str]  # what a tab shows: the chat, the card, the results, the curves
NOTHING: Drawn = ("", "", "", "")
FILE_TYPES = [".csv", ".tsv", ".txt", ".dat", ".inter", ".parquet", ".jsonl", ".json", ".gz"]


def serve(workspace: Workspace, address: Address) -> None:
    """Serves the chat until Ctrl-C."""
    threading.Thread(target=workspace.warm_up, name="warm-up", daemon=True).start()
    app = build_app(workspace)
    app.launch(
        server_name=address.host,
        server_port=address.port or None,
        auth=address.credentials,
        theme=theme(),
        head=f"<style>{(ASSETS / 'style.css').read_text('utf-8')}</style>",  # as `css` it would be confined to blocks
        favicon_path=ASSETS / "icon.svg",
        allowed_paths=[str(workspace.settings.reports)],
        share=False,
        ssr_mode=False,
        footer_links=[],
        show_error=True,
    )


def theme() -> gr.themes.Base:
    """System fonts, so that the page loads nothing from outside."""
    return gr.themes.Soft(
        primary_hue="orange",
        neutral_hue="slate",
        font=["system-ui", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )


def build_app(workspace: Workspace) -> gr.Blocks:
    """The page; its handlers see the agent through events and statuses only."""
    page = _Page(workspace)
    with gr.Blocks(title="recpilot", analytics_enabled=False, fill_width=True) as app:
        chat_id = gr.State("")
        drawn = gr.State(NOTHING)
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
                    max_plain_text_length=10_000,
                    interactive=False,  # until the page knows which chat it shows
                )
            with gr.Column(scale=4, min_width=340):
                card = gr.HTML(panel.status_card(None), elem_id="study")
                with gr.Row():
                    pause = gr.Button("Pause", size="sm", min_width=80, elem_id="pause")
                    resume = gr.Button("Resume", size="sm", min_width=80, elem_id="resume")
                    stop = gr.Button("Stop", size="sm", min_width=80, variant="stop", elem_id="stop")
                with gr.Tabs():
                    with gr.Tab("Best so far"):
                        values = gr.Plot(show_label=False, elem_id="values")
                    with gr.Tab("Learning curves"):
                        curves = gr.Plot(show_label=False, elem_id="curves")
                    with gr.Tab("Trials"):
                        trials = gr.Dataframe(headers=panel.HEADERS, interactive=False, elem_id="trials", wrap=True)
                    with gr.Tab("Settings"):
                        study_name = gr.Dropdown(label="Study shown", choices=[], interactive=True, elem_id="studies")
                        llm = gr.Textbox(
                            label="Language model",
                            info="pilot, none, a folder or hub id, or a server's URL and, after a space, its model",
                            value=workspace.settings.llm,
                            elem_id="llm",
                        )
                        approve = gr.Checkbox(
                            label="Ask me before each trial",
                            value=workspace.settings.needs_approval,
                            elem_id="approve",
                        )
                        report = gr.DownloadButton("Report (HTML)", size="sm", elem_id="report")
        shown = [chatbot, drawn, card, values, curves, trials, study_name]
        timer = gr.Timer(POLL_S)
        app.load(page.arrive, None, [chat_id, chats, box]).then(page.draw, [chat_id, study_name], shown)
        timer.tick(page.tick, [chat_id, study_name, drawn], shown, show_progress="hidden")
        # a message may be sent while another is answered: the chat itself takes them one after the other
        spoken: dict[str, Any] = {"show_progress": "hidden", "trigger_mode": "multiple", "concurrency_limit": None}
        for listener, handler, given in (
            (box.submit, page.say, [box, chat_id]),
            (chatbot.example_select, page.pick_example, [chat_id]),
            (chatbot.option_select, page.pick_choice, [chat_id, study_name]),
        ):
            listener(handler, given, [box, chatbot], **spoken).then(page.titles, chat_id, chats, show_progress="hidden")
        new.click(page.new_chat, None, [chat_id, chats]).then(page.draw, [chat_id, study_name], shown)
        chats.input(lambda chosen: chosen, chats, chat_id).then(page.draw, [chat_id, study_name], shown)
        study_name.input(page.draw, [chat_id, study_name], shown)
        for button, action in ((pause, "pause"), (resume, "resume"), (stop, "stop")):
            button.click(page.steer(action), [study_name], card, show_progress="hidden")
        llm.submit(page.choose_llm, llm, llm)
        approve.input(page.set_approval, approve, None)
        report.click(page.report, study_name, report)
    return app  # type: ignore[no-any-return]


class _Page:
    """The handlers of one server's page; what belongs to a tab is in Gradio's states."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._chats = OpenChats(workspace)

    def arrive(self, request: gr.Request) -> tuple[str, Any, Any]:
        """A tab opens on the latest chat of this person, and from then on takes messages."""
        known = self._known(request)
        chat_id = known[0][1] if known else self._fresh_id(request)
        choices = known or [("New chat", chat_id)]
        return chat_id, gr.Dropdown(choices=choices, value=chat_id), gr.MultimodalTextbox(interactive=True)

    def new_chat(self, request: gr.Request) -> tuple[str, Any]:
        """A new chat beside the old ones."""
        chat_id = self._fresh_id(request)
        return chat_id, gr.Dropdown(choices=[("New chat", chat_id), *self._known(request)], value=chat_id)

    def say(self, message: dict[str, Any], chat_id: str) -> Iterator[tuple[Any, Any]]:
        """Streams the answer to one message."""
        text, files = (message.get("text") or "").strip(), tuple(message.get("files") or ())
        if text or files:
            yield from self._answer(chat_id, text, files)

    def pick_example(self, chat_id: str, picked: gr.SelectData) -> Iterator[tuple[Any, Any]]:
        """An example is said as if typed."""
        yield from self._answer(chat_id, picked.value["text"])

    def pick_choice(self, chat_id: str, study_name: str | None, picked: gr.SelectData) -> Iterator[tuple[Any, Any]]:
        """A choice below an answer is said as if typed; the two of an approval act at once."""
        if picked.value in (APPROVE, REJECT):
            self._decide(study_name, is_approved=picked.value == APPROVE)
            yield gr.skip(), messages(self._chats.get(chat_id).transcript)
        else:
            yield from self._answer(chat_id, picked.value)

    def draw(self, chat_id: str, study_name: str | None) -> Any:
        """Everything that is shown."""
        return self.tick(chat_id, study_name, NOTHING)

    def tick(self, chat_id: str, study_name: str | None, drawn: Drawn) -> Any:
        """Draws what has changed since the last look and nothing else, since a plot keeps the browser busy."""
        if not chat_id:
            return gr.skip()
        chat = self._chats.get(chat_id)
        chat.follow()
        study = self._study(study_name)
        now = _look(chat, study)
        if now == tuple(drawn):
            return gr.skip()
        names = self._workspace.runner.names()
        said, card, results, curves = (new != old for new, old in zip(now, drawn, strict=True))
        return (
            messages(chat.transcript) if said else gr.skip(),
            now,
            now[1] if card else gr.skip(),
            panel.value_plot(study) if results else gr.skip(),
            panel.curve_plot(study) if curves else gr.skip(),
            panel.trial_rows(study) if results else gr.skip(),
            gr.Dropdown(choices=names, value=study_name if study_name in names else None) if results else gr.skip(),
        )

    def titles(self, chat_id: str, request: gr.Request) -> Any:
        """The names of the chats, of which a new one has its name from its first message."""
        known = self._known(request)
        is_known = any(known_id == chat_id for _, known_id in known)
        return gr.Dropdown(choices=known, value=chat_id) if is_known else gr.skip()

    def steer(self, action: str) -> Any:
        """A handler that pauses, resumes or stops the study."""

        def handler(study_name: str | None) -> str:
            study = self._study(study_name)
            if study is None:
                gr.Warning("There is no study yet.")
            else:
                try:
                    self._workspace.runner.control(study.spec.name, action)  # type: ignore[arg-type]
                except USER_ERRORS as error:
                    gr.Warning(str(error))
            return panel.status_card(study)

        return handler

    def report(self, study_name: str | None) -> Any:
        """Writes the report and offers it."""
        study = self._study(study_name)
        if study is None:
            gr.Warning("There is no study yet.")
            return gr.skip()
        return str(write_report(study, self._workspace.settings.reports))

    def choose_llm(self, text: str) -> str:
        """Another language model from the next message on."""
        try:
            chosen = self._workspace.use_llm(text)
        except USER_ERRORS as error:
            gr.Warning(str(error))
            return self._workspace.settings.llm
        gr.Info(f"The next answer comes from {chosen}.")
        return chosen

    def set_approval(self, is_needed: bool) -> None:
        """Whether the studies that begin from now on ask before each trial."""
        self._workspace.set_approval(is_needed)

    def _answer(self, chat_id: str, text: str, files: tuple[str, ...] = ()) -> Iterator[tuple[Any, Any]]:
        if not chat_id:
            gr.Warning("The page is still opening; say it again in a moment.")
            return
        chat = self._chats.get(chat_id)
        for _ in chat.send(text, files):
            yield {"text": "", "files": []}, messages(chat.transcript)

    def _decide(self, study_name: str | None, is_approved: bool) -> None:
        study = self._study(study_name)
        if study is None:
            return
        try:
            if is_approved:
                study.approve()
            else:
                study.reject()
        except USER_ERRORS as error:
            gr.Warning(str(error))

    def _study(self, name: str | None) -> Study | None:
        return self._workspace.runner.open(name) if name else self._workspace.runner.current()

    def _known(self, request: gr.Request) -> list[tuple[str, str]]:
        """(title, id) of this person's chats, the latest first."""
        owner = _owner(request)
        return [(chat.title, chat.id) for chat in self._workspace.chats.all() if chat.id.startswith(owner)]

    @staticmethod
    def _fresh_id(request: gr.Request) -> str:
        return f"{_owner(request)}{uuid4().hex[:8]}"


def _owner(request: gr.Request) -> str:
    return f"{request.username}-" if request.username else "chat-"


def _look(chat: Chat, study: Study | None) -> Drawn:
    status = study.status() if study else None
    results = f"{status.name}/{status.n_finished}" if status else ""
    curves = f"{results}/{status.running}/{status.epoch}" if status else ""
    return (f"{chat.id}/{chat.transcript.version}", panel.status_card(study), results, curves)


def _placeholder() -> str:
    return (
        "### What shall we tune?\n"
        "Hand me a dataset (drop a file), or begin with the demo data: 2,000 readers, 1,500 books.\n"
        "I propose, train, learn from each trial, and can say why."
    )
