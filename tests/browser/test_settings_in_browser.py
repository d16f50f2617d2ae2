"""What is set for a browser holds there, and a sentence of the help is put into the message box."""

from typing import TYPE_CHECKING

import pytest

sync_api = pytest.importorskip("playwright.sync_api")
expect = sync_api.expect

if TYPE_CHECKING:
    from playwright.sync_api import Page


def turn_to(page: "Page", name: str) -> None:
    page.get_by_role("link", name=name, exact=True).click()
    expect(page.locator("#view h3").first).to_have_text(name)


def test_theme_and_density_hold_after_a_reload(page: "Page") -> None:
    turn_to(page, "Settings")
    page.get_by_label("Theme").select_option("dark")
    page.get_by_label("Density").select_option("compact")
    page.reload()
    expect(page.get_by_label("Theme")).to_have_value("dark")
    expect(page.get_by_label("Density")).to_have_value("compact")
    assert page.evaluate("document.body.classList.contains('dark')")
    page.get_by_label("Theme").select_option("light")
    assert not page.evaluate("document.body.classList.contains('dark')")


def test_a_model_is_tested_where_it_stands_and_a_switch_turns(page: "Page") -> None:
    turn_to(page, "Settings")
    page.get_by_role("button", name="Test pilot").click()
    expect(page.locator("#view .notice").first).to_contain_text("answers at once")
    switch = page.get_by_role("switch", name="Ask me before each trial")
    switch.click()
    expect(switch).to_have_attribute("aria-checked", "true")


def test_a_sentence_of_the_help_waits_in_the_message_box(page: "Page") -> None:
    turn_to(page, "Help")
    page.locator("#view").get_by_role("button", name="which datasets are there?").first.click()
    expect(page.locator("#say textarea")).to_have_value("which datasets are there?")
    expect(page.locator("#say textarea")).to_be_focused()
    expect(page.locator("#chat")).to_contain_text("What shall we tune?")  # nothing was sent
