"""The page in headless Chromium: weight, time until it can be used, a long chat, and what a message moves.

python tests/benchmarks/bench_page.py [--messages 200] [--repeats 5]

Starts `recpilot ui` on a home with a small dataset and two finished studies, and a chat of so many messages of a person
with as many answers, half of them with a table of twenty rows.
"""

import argparse
import json
import os
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from bench_chats import make_home, served
from langchain_core.messages import AIMessage, HumanMessage
from playwright.sync_api import Browser, Page, sync_playwright

from agent.assembly import open_workspace
from agent.chat.conversation import Conversation
from agent.settings import Settings

CHAT = "chat-0000abcd"
READY = "() => { const area = document.querySelector('#say textarea'); return area && !area.disabled; }"
DRAWN = "() => document.querySelector('#view h3') !== null"
TABLE = "\n".join(["| trial | ndcg@10 |", "| --- | --: |", *(f"| {n} | 0.{n:04d} |" for n in range(20))])


def fill(home: Path, n_messages: int) -> None:
    """A chat of so many messages, as they are kept."""
    said = [
        message
        for n in range(n_messages)
        for message in (
            HumanMessage(f"Question {n}: how good is trial {n % 6}?"),
            AIMessage(f"Trial {n % 6} reached **0.{n:04d}** on validation.\n\n{TABLE if n % 2 else ''}"),
        )
    ]
    with open_workspace(Settings(home=home, llm="none")) as workspace:
        workspace.chats.touch(CHAT, "a long talk")
        Conversation(workspace, CHAT).restore(said)


class Watched:
    """A page that counts what comes over the wire, the stream of events included."""

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 860})
        self.page: Page = self.context.new_page()
        self.n_bytes = self.n_requests = 0
        session = self.context.new_cdp_session(self.page)
        session.send("Network.enable")
        session.on("Network.loadingFinished", self._loaded)
        session.on("Network.eventSourceMessageReceived", self._told)
        session.on("Network.requestWillBeSent", self._asked)

    def _loaded(self, event: dict[str, Any]) -> None:
        self.n_bytes += int(event["encodedDataLength"])

    def _told(self, event: dict[str, Any]) -> None:
        self.n_bytes += len(event["data"].encode())

    def _asked(self, _: dict[str, Any]) -> None:
        self.n_requests += 1

    def open_s(self, url: str) -> tuple[float, float]:
        """Seconds until the message box can be used, and until the study is drawn too."""
        began = time.monotonic()
        self.page.goto(url)
        self.page.wait_for_function(READY)
        usable_s = time.monotonic() - began
        self.page.wait_for_function(DRAWN)
        return usable_s, time.monotonic() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--messages", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--home", type=Path, help="a folder that keeps what is tuned first, for the next run")
    asked = parser.parse_args()
    path = os.environ.get("RECPILOT_CHROMIUM") or shutil.which("chromium")
    with tempfile.TemporaryDirectory() as folder:
        tuned = asked.home or Path(folder) / "tuned"
        if not tuned.exists():
            make_home(tuned)
        home = Path(shutil.copytree(tuned, Path(folder) / "home"))
        fill(home, asked.messages)
        with served(home) as (_, port), sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            print(json.dumps(measured(browser, f"http://127.0.0.1:{port}", asked.repeats), indent=1))


def measured(browser: Browser, url: str, repeats: int) -> dict[str, float]:
    """Medians over fresh browsers, each with an empty cache."""
    new, long = [], []
    for address, times in ((f"{url}/?chat=new", new), (f"{url}/?chat={CHAT}", long)):
        for _ in range(repeats):
            watched = Watched(browser)
            times.append((*watched.open_s(address), watched.n_bytes, watched.n_requests))
            watched.context.close()
    watched = Watched(browser)
    watched.open_s(f"{url}/?chat={CHAT}")
    watched.page.wait_for_timeout(1500)
    before = watched.n_bytes
    watched.page.locator("#say textarea").fill("which datasets are there?")
    watched.page.locator("#say textarea").press("Enter")
    watched.page.wait_for_function("() => document.querySelector('#chat').innerText.includes('300')")
    watched.page.wait_for_timeout(1500)
    message = watched.n_bytes - before
    before = watched.n_bytes
    watched.page.wait_for_timeout(10_000)
    idle = watched.n_bytes - before
    watched.context.close()
    median = [statistics.median(column) for column in zip(*new, strict=True)]
    median_long = [statistics.median(column) for column in zip(*long, strict=True)]
    return {
        "a new chat: usable, s": round(median[0], 2),
        "a new chat: the study drawn too, s": round(median[1], 2),
        "a new chat: KiB": round(median[2] / 1024, 1),
        "a new chat: requests": median[3],
        "a long chat: usable, s": round(median_long[0], 2),
        "a long chat: KiB": round(median_long[2] / 1024, 1),
        "a message in a long chat: KiB": round(message / 1024, 1),
        "idle: KiB a second": round(idle / 10 / 1024, 2),
    }


if __name__ == "__main__":
    main()
