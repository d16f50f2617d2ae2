"""What a person does in the browser: chat, watch a study, drop a file, come back after a restart, read odd titles."""

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from recmodels.data.catalogue import Catalogue

if TYPE_CHECKING:
    from conftest import Server
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.timeout(900)
LEAK = "http://127.0.0.1:9/leak"
TITLES = [f"nice ![p]({LEAK})", "<iframe srcdoc='<b>x</b>'>", f"[log in]({LEAK})", "a | b", "$$x^2$$"]
TITLES += ["Toy Story (1995)", "M*A*S*H", "C++ & C#", "a_b_c", "What? [sic]"]


def say(page: "Page", text: str) -> None:
    box = page.locator("#say textarea")
    box.fill(text)
    box.press("Enter")


def wait_for(page: "Page", pattern: str, place: str = "#chat") -> str:
    """Waits until the text of `place` matches, and returns it."""
    from playwright.sync_api import expect

    where = page.locator(place)
    expect(where).to_contain_text(re.compile(pattern, re.IGNORECASE))
    return where.inner_text()


@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_the_page_fits_the_screen_and_asks_nothing_of_the_network(
    chromium: "Browser", server: "Server", width: int, scheme: str
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 844}, color_scheme=scheme)  # type: ignore[arg-type]
    context.set_default_timeout(240_000)
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(server.url)
    page.locator("#say textarea").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    outside = [
        url for url in asked if not url.startswith((server.url, server.url.replace("http", "ws"), "data:", "blob:"))
    ]
    assert not outside
    context.close()


def test_a_study_streams_while_the_chat_stays_usable_and_can_be_explained(page: "Page") -> None:
    say(page, "Tune bpr_mf on the demo data, 2 trials")
    wait_for(page, r"Trial 0 · bpr_mf")
    wait_for(page, r"epoch \d+ of \d+")
    say(page, "what does ndcg mean?")
    wait_for(page, r"high the relevant items stand")
    wait_for(page, r"2 of 2 trials", "#study-part")
    wait_for(page, r"Best is trial \d")
    say(page, "why did you pick that learning rate in trial 1?")
    answer = wait_for(page, r"learning_rate")
    assert "trial 1" in answer.lower()


def test_a_dropped_csv_becomes_a_dataset(page: "Page", tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    rows = [
        f"u{user},i{(user * 7 + step * step) % 40},{1_600_000_000 + step}" for user in range(60) for step in range(8)
    ]
    path.write_text("customer_id,sku,timestamp\n" + "\n".join(rows))
    page.locator("#say input[type=file]").set_input_files(str(path))
    page.locator("#say .chip", has_text="orders.csv").wait_for()
    say(page, "here is our data")
    wait_for(page, r"orders")
    say(page, "which datasets are there?")
    wait_for(page, r"demo[\s\S]*orders|orders[\s\S]*demo")


def add_titles(home: Path) -> None:
    """A dataset `titles`, whose first row names the first title, and so on."""
    tables = {
        "titles": [("user_id", "item_id"), *((f"u{n}", f"i{n}") for n in range(10, 10 + len(TITLES)))],
        "items": [("item_id", "title"), *((f"i{10 + n}", title) for n, title in enumerate(TITLES))],
    }
    for name, rows in tables.items():
        with (home / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows(rows)
    Catalogue(home / "datasets").add(home / "titles.csv", name="titles", items_path=home / "items.csv")


def test_titles_and_messages_are_shown_as_they_are_and_nothing_is_asked_of_the_network(
    page: "Page", server: "Server"
) -> None:
    from playwright.sync_api import expect

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    add_titles(server.home)
    for said in ("show me the first rows of titles", f"hello ![p]({LEAK}) <b>you</b>"):
        say(page, said)
        expect(page.locator("#chat [data-testid=user]").last).to_contain_text(said)
    table = page.locator("#chat table").first
    expect(table.locator("tbody tr")).to_have_count(len(TITLES))
    assert table.locator("td:last-child").all_inner_texts() == TITLES
    assert page.locator("#chat .markdown").locator("a[href], img, iframe, .katex").count() == 0
    assert not [url for url in asked if "leak" in url]


def test_everything_is_still_there_after_the_server_was_killed(
    page: "Page", server: "Server", chromium: "Browser"
) -> None:
    say(page, "tune popularity and ease on demo, 3 trials")
    wait_for(page, r"Best is trial \d")
    server.kill()
    server.start()
    later = chromium.new_page()
    later.set_default_timeout(240_000)
    later.goto(server.url)
    later.locator("#say textarea").wait_for()
    shown = wait_for(later, r"tune popularity and ease on demo, 3 trials")
    assert "Started a study" in shown
    wait_for(later, r"3 of 3 trials", "#study-part")
    say(later, "why this one?")
    wait_for(later, r"expected|default|measured")


def test_a_study_can_be_stopped_and_resumed_from_the_panel(page: "Page") -> None:
    say(page, "tune sasrec on the demo data, 6 trials")
    wait_for(page, r"epoch \d+ of \d+")
    page.locator("#stop").click()
    page.get_by_role("dialog").get_by_role("button", name="Stop it").click()
    wait_for(page, r"stopped", "#study-part")
    page.locator("#resume").click()
    wait_for(page, r"running|queued", "#study-part")
    page.locator("#pause").click()
    wait_for(page, r"paused", "#study-part")
