"""What Chromium makes of titles and messages that are written to be more than text."""

import csv
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from recmodels.data.catalogue import Catalogue

if TYPE_CHECKING:
    from conftest import Server
    from playwright.sync_api import Page

pytestmark = pytest.mark.timeout(300)
LEAK = "http://127.0.0.1:9/leak"
TITLES = [f"nice ![p]({LEAK})", "<iframe srcdoc='<b>x</b>'>", f"[log in]({LEAK})", "a | b", "$$x^2$$"]
TITLES += ["Toy Story (1995)", "M*A*S*H", "C++ & C#", "a_b_c", "What? [sic]"]


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
    box = page.locator("#say textarea")
    for said in ("show me the first rows of titles", f"hello ![p]({LEAK}) <b>you</b>"):
        box.fill(said)
        box.press("Enter")
        expect(page.locator("#chat [data-testid=user]").last).to_contain_text(said, timeout=60_000)
    table = page.locator("#chat table").first
    expect(table.locator("tbody tr")).to_have_count(len(TITLES), timeout=60_000)
    assert table.locator("td:last-child").all_inner_texts() == TITLES
    assert page.locator("#chat .message").locator("a[href], img, iframe, .katex").count() == 0
    assert not [url for url in asked if "leak" in url]
