"""The message box belongs to the person: an answer that is being written never touches it."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from conftest import Server
    from playwright.sync_api import Page

pytestmark = pytest.mark.timeout(900)
DATA = "user_id,item_id,timestamp\n" + "\n".join(
    f"u{user},i{(user * 7 + step * step) % 40},{1_600_000_000 + step}" for user in range(60) for step in range(8)
)


@pytest.fixture(scope="module")
def model() -> Iterator[Any]:
    """A language model that says what the test sends, when it sends it."""
    spec = importlib.util.spec_from_file_location("word_by_word", Path(__file__).with_name("word_by_word.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    held = module.WordByWord()
    yield held
    held.close()


@pytest.fixture(scope="module")
def server(make_server: Any, model: Any) -> "Server":
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECPILOT_LLM_TIMEOUT_S", "3600")  # the test decides when an answer ends, however slow the machine
        started: Server = make_server("--llm", model.url)
    return started


@pytest.fixture
def errors(page: "Page") -> list[str]:
    found: list[str] = []
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


def box(page: "Page") -> Any:
    return page.locator("#say textarea")


def wait_for(page: "Page", pattern: str) -> None:
    expect(page.locator("#chat")).to_contain_text(re.compile(pattern))


def attach(page: "Page", path: Path) -> None:
    page.locator("#say input[type=file]").set_input_files(str(path))
    expect(page.locator("#say .chip", has_text=path.name)).to_have_count(1)


def leave_a_draft(page: "Page") -> None:
    box(page).press_sequentially("tune ease on")
    page.wait_for_function("Object.values(sessionStorage).includes('tune ease on')")


def test_what_is_typed_during_an_answer_stays_and_is_sent_whole(page: "Page", model: Any, errors: list[str]) -> None:
    box(page).fill("hello")
    box(page).press("Enter")
    model.write("Let ")
    wait_for(page, "Let")
    expect(box(page)).to_have_value("")
    box(page).press_sequentially("why did ")
    model.write("me ")
    wait_for(page, "Let me")
    box(page).press_sequentially("you do that?")
    model.end("see.")
    wait_for(page, "Let me see\\.")
    expect(box(page)).to_have_value("why did you do that?")
    box(page).press("Enter")
    model.end("So be it.")
    wait_for(page, "Let me see\\.[\\s\\S]*why did you do that\\?[\\s\\S]*So be it\\.")
    expect(box(page)).to_have_value("")
    assert errors == []


def test_what_is_typed_outlives_a_reload(page: "Page", errors: list[str]) -> None:
    leave_a_draft(page)
    page.reload()
    expect(box(page)).to_have_value("tune ease on")
    expect(box(page)).to_be_enabled()
    box(page).press_sequentially(" the demo data")
    expect(box(page)).to_have_value("tune ease on the demo data")
    box(page).fill("")
    assert errors == []


def test_a_page_whose_script_comes_late_opens(page: "Page", errors: list[str]) -> None:
    def late(route: Any) -> None:
        page.wait_for_timeout(1500)
        route.continue_()

    page.route("**/recpilot/main.js", late)
    page.reload()
    expect(box(page)).to_be_enabled()
    page.unroute_all(behavior="ignoreErrors")
    assert errors == []


def test_a_message_sent_during_an_answer_waits_for_its_turn(page: "Page", model: Any, errors: list[str]) -> None:
    for text in ("first", "second"):
        box(page).fill(text)
        box(page).press("Enter")
        expect(box(page)).to_have_value("")
    box(page).press_sequentially("a draft")
    model.end("the red answer.")
    model.end("the blue answer.")
    wait_for(page, "the red answer\\.[\\s\\S]*the blue answer\\.")
    expect(box(page)).to_have_value("a draft")
    assert errors == []


def test_a_file_attached_during_an_answer_is_kept_and_can_be_sent(
    page: "Page", model: Any, errors: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(DATA)
    box(page).fill("hello")
    box(page).press("Enter")
    model.write("Let ")
    wait_for(page, "Let")
    attach(page, path)
    model.write("me ")
    wait_for(page, "Let me")
    model.end("see.")
    wait_for(page, "Let me see\\.")
    expect(page.locator("#say .chip")).to_have_count(1)
    box(page).press("Enter")
    wait_for(page, "hello[\\s\\S]*Let me see\\.[\\s\\S]*orders[\\s\\S]*60 users")
    expect(page.locator("#say .chip")).to_have_count(0)
    assert errors == []


def test_enter_in_an_empty_box_changes_nothing(page: "Page", model: Any, errors: list[str]) -> None:
    box(page).fill("hello")
    box(page).press("Enter")
    model.end("An answer.")
    wait_for(page, "An answer\\.")
    box(page).press("Enter")
    box(page).fill("again")
    box(page).press("Enter")
    expect(box(page)).to_have_value("")
    model.end("Another.")
    wait_for(page, "An answer\\.[\\s\\S]*again[\\s\\S]*Another\\.")
    assert errors == []


def test_an_answer_is_stopped_given_again_said_otherwise_and_brought_back(
    page: "Page", model: Any, errors: list[str]
) -> None:
    chat = page.locator("#chat")
    box(page).fill("tell me something")
    box(page).press("Enter")
    model.write("A long ")
    wait_for(page, "A long")
    page.get_by_role("button", name="Stop the answer").click()
    wait_for(page, "Stopped")
    expect(page.get_by_role("button", name="Stop the answer")).to_be_hidden()
    page.get_by_role("button", name="Answer again").last.click()
    model.end("The blue answer.")
    wait_for(page, "The blue answer")
    expect(chat).not_to_contain_text("A long")
    page.get_by_role("button", name="Edit and send again").last.click()
    chat.get_by_label("Edit the message").fill("tell me something else")
    chat.get_by_role("button", name="Send again").click()
    model.end("The red answer.")
    wait_for(page, "something else[\\s\\S]*The red answer")
    expect(chat).not_to_contain_text("The blue answer")
    page.get_by_role("button", name="Undo").last.click()
    wait_for(page, "The blue answer")
    expect(chat).not_to_contain_text("The red answer")
    page.reload()
    wait_for(page, "tell me something[\\s\\S]*The blue answer")
    assert errors == []


def test_a_file_belongs_to_its_chat_and_outlives_a_reload(page: "Page", tmp_path: Path, errors: list[str]) -> None:
    table = tmp_path / "kept.csv"
    table.write_text(DATA)
    attach(page, table)
    chip = page.locator("#say .chip", has_text="kept.csv")
    page.wait_for_function("Object.values(sessionStorage).some((one) => one.includes('kept.csv'))")
    first = page.url
    page.locator("#new").click()
    expect(chip).to_have_count(0)
    page.go_back()
    expect(page).to_have_url(first)
    expect(chip).to_have_count(1)
    page.reload()
    expect(chip).to_have_count(1)
    assert errors == []


def test_a_draft_that_a_button_replaces_can_be_put_back(page: "Page", errors: list[str]) -> None:
    box(page).fill("half a thought")
    page.evaluate("""() => {
        const button = document.createElement("button");
        button.dataset.draft = "tune ease on demo";
        document.querySelector("#view").append(button);
        button.click();
    }""")
    expect(box(page)).to_have_value("tune ease on demo")
    page.get_by_role("button", name="Put it back").click()
    expect(box(page)).to_have_value("half a thought")
    assert errors == []


def test_the_name_of_an_attached_file_shows_what_turns_writing_round(page: "Page", tmp_path: Path) -> None:
    path = tmp_path / "\u202egnp\u202c.csv"
    path.write_text("user,item\na,b\n")
    page.locator("#say input[type=file]").set_input_files(str(path))
    expect(page.locator("#say .chip b")).to_have_text("\\u202egnp\\u202c.csv")
    expect(page.get_by_role("button", name="Remove \\u202egnp")).to_have_count(1)


def test_a_message_that_the_server_did_not_take_stays_in_the_box(page: "Page", server: "Server") -> None:
    server.kill()
    box(page).fill("are you there?")
    box(page).press("Enter")
    expect(page.locator("body")).to_contain_text("The server cannot be reached")
    expect(box(page)).to_have_value("are you there?")
