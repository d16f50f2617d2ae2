"""Cards in the chat: a plan that is changed, cancelled and run once; columns that are chosen; trials that fold."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.timeout(900)
WIDTH = 390
RUN_THREE_TIMES = """(answers) => Promise.all([1, 2, 3].map(async () => {
  const chat = new URLSearchParams(location.search).get("chat");
  const body = JSON.stringify({chat, text: "Run it", answers});
  const headers = {"Content-Type": "application/json"};
  return (await fetch("/api/say", {method: "POST", headers, body})).status;
}))"""


def say(page: "Page", text: str) -> None:
    box = page.locator("#say textarea")
    box.fill(text)
    box.press("Enter")


def faults(page: "Page") -> list[str]:
    """What axe finds, in both themes."""
    from axe_playwright_python.sync_playwright import Axe

    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found += [f"{one['id']}: {one['nodes'][0]['html']}" for one in Axe().run(page).response["violations"]]
    return found


def test_a_plan_can_be_changed_cancelled_and_run_just_once(page: "Page") -> None:
    from playwright.sync_api import expect

    say(page, "tune popularity on demo with 150 trials using two GPUs")
    card = page.locator(".ask-card.plan").first
    expect(card).to_contain_text("I did not use “two GPUs”")
    expect(card.get_by_role("row", name=re.compile("trials 150"))).to_contain_text("“150 trials”")
    assert faults(page) == []
    card.get_by_role("button", name="Edit").click()
    box = page.locator("#say textarea")
    expect(box).to_have_value(re.compile("tune popularity on demo with 150 trials.*optimise ndcg@10"))
    box.fill("")
    card.get_by_role("button", name="Cancel").click()
    expect(card.locator(".settled")).to_have_text("Cancelled; nothing was done")
    expect(card.get_by_role("button")).to_have_count(0)

    say(page, "tune popularity on demo with 120 trials")
    second = page.locator(".ask-card.plan").nth(1)
    key = second.locator("xpath=ancestor::article").get_attribute("data-key")
    assert sorted(page.evaluate(RUN_THREE_TIMES, key)) == [200, 409, 409]
    expect(second.locator(".settled")).to_have_text("You ran it")
    expect(page.locator("#chat [data-testid=user]", has_text="Run it")).to_have_count(1)
    page.reload()
    expect(page.locator(".ask-card .settled")).to_have_text(["Cancelled; nothing was done", "You ran it"])


def test_the_columns_of_a_file_are_chosen_on_one_card(page: "Page", tmp_path: Path) -> None:
    from playwright.sync_api import expect

    rows = [f"u{n % 9},{n % 3},i{n % 7},2024-01-{n % 28 + 1:02d}" for n in range(60)]
    path = tmp_path / "visits.csv"
    path.write_text("user_id,visitor_id,item_id,when\n" + "\n".join(rows) + "\n")
    page.set_viewport_size({"width": WIDTH, "height": 844})
    page.locator("#say input[type=file]").set_input_files(str(path))
    page.locator("#say .chip", has_text="visits.csv").wait_for()
    say(page, "here is our log")
    card = page.locator(".ask-card.columns")
    expect(card.get_by_label("Column user_id is")).to_have_value("user")
    expect(card.get_by_label("Column when is")).to_have_value("time")
    expect(card).to_contain_text("2024-01-01")
    expect(page.locator("#chat")).not_to_contain_text("not possible")
    assert page.evaluate("document.documentElement.scrollWidth") <= WIDTH
    assert faults(page) == []
    card.get_by_label("Column visitor_id is").select_option("user")
    expect(card.get_by_label("Column user_id is")).to_have_value("")  # only one is the user
    card.get_by_label("Column item_id is").select_option("")
    card.get_by_role("button", name="Read the file").click()
    expect(card.get_by_role("alert")).to_have_text("Choose which column is the item.")
    card.get_by_label("Column item_id is").select_option("item")
    card.get_by_label("Column user_id is").select_option("ignore")
    card.get_by_role("button", name="Read the file").click()
    said = page.locator("#chat [data-testid=user]").last
    expect(said).to_contain_text(
        'In "visits.csv", the user is "visitor_id", the item is "item_id", the time is "when", ignore the'
    )
    expect(page.locator("#chat")).to_contain_text("Added as visits. 60 interactions of 3 users")
    expect(card.locator(".settled")).to_contain_text("Read as you said. “undo” takes it back")
    expect(card.get_by_role("combobox")).to_have_count(0)


def test_a_long_run_of_trials_folds_and_a_trial_opens_beside_the_chat(page: "Page") -> None:
    from playwright.sync_api import expect

    page.evaluate("document.hasFocus = () => false")
    say(page, "tune item_knn on demo, 8 trials")
    expect(page.locator("#chat")).to_contain_text("Best is trial")
    expect(page).to_have_title(re.compile("^✓ demo-\\d done – Tune item_knn on demo – recpilot$"))
    fold = page.locator(".fold", has_text="Trials 0 to 7")
    expect(fold.locator("> summary")).to_contain_text(re.compile(r"best is trial \d with ndcg@10 0\.\d+"))
    fold.locator("> summary").press("Enter")
    trial = fold.locator(".trial", has_text="Trial 1 ·")
    trial.locator("> summary").press("Enter")
    expect(trial.get_by_role("row", name="n_neighbors")).to_be_visible()
    assert faults(page) == []
    trial.get_by_role("link", name="Open trial 1").click()
    page.wait_for_url(re.compile(r"view=trial/1"))
