"""The page as different people use it: several tabs, chats and studies at once, every view, by keyboard and by ear."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from agent.studies.study_spec import StudySpec
from tests.homes import open_home

if TYPE_CHECKING:
    from conftest import Server
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.timeout(900)
VIEWS = ["overview", "trials", "trial/1", "compare?trials=0,1", "memory", "studies", "datasets", "dataset/shop"]
VIEWS += ["settings", "help"]
OPEN = "() => { const area = document.querySelector('#say textarea'); return area && !area.disabled; }"


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a dataset and two finished studies."""
    folder = tmp_path_factory.mktemp("planted")
    with open_home(folder / "home") as opened:
        table = folder / "shop.csv"
        table.write_text("user,item,timestamp\n" + "\n".join(f"u{n % 40},i{n * 7 % 30},{n}" for n in range(600)))
        opened.catalogue.add(table)
        for name in ("done-0", "done-1"):
            for _ in opened.runner.create(spec(name)).run():
                pass
    return folder / "home"


def spec(name: str, **more: Any) -> StudySpec:
    return StudySpec.create(name=name, dataset="shop", models=["item_knn"], n_trials=2, **more)


@pytest.fixture(scope="module")
def server(make_server: Callable[..., "Server"], planted: Path) -> "Server":
    return make_server(home=planted)


@pytest.fixture
def open_page(chromium: "Browser", server: "Server") -> Iterator[Callable[..., "Page"]]:
    """Opens a tab, each in a browser of its own unless one is given, and fails where its script does."""
    contexts: list[Any] = []
    errors: list[str] = []

    def opened(address: str = "/", context: Any = None, width: int = 1280, **more: Any) -> "Page":
        if context is None:
            context = chromium.new_context(viewport={"width": width, "height": 860}, **more)
            contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(server.url + address)
        page.wait_for_function(OPEN)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def turn_to(page: "Page", view: str) -> None:
    """As a link of the page does."""
    page.evaluate(
        """view => {
            const link = document.createElement("a");
            link.dataset.go = view;
            document.body.append(link);
            link.click();
            link.remove();
        }""",
        view,
    )
    page.wait_for_function("view => document.querySelector('#view').dataset.shown === view", arg=view)


def say(page: "Page", text: str) -> None:
    page.locator("#say textarea").fill(text)
    page.locator("#say textarea").press("Enter")


def shown(page: "Page") -> str:
    """The study whose name stands above the study part."""
    return str(page.locator("#studies option:checked").inner_text())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_view_has_a_fault_that_axe_finds(open_page: Callable[..., "Page"], scheme: str) -> None:
    found = []
    page = open_page("/?study=done-1", color_scheme=scheme)
    for view in VIEWS:
        turn_to(page, view)
        faults = Axe().run(page).response["violations"]
        found += [(view, one["id"], one["nodes"][0]["html"][:200]) for one in faults]
    assert not found, json.dumps(found, indent=1)


def test_rows_are_chosen_of_one_study_alone(open_page: Callable[..., "Page"]) -> None:
    page = open_page("/?study=done-1&view=trials")
    page.get_by_role("checkbox", name="Choose trial 1").check()
    page.locator("#studies").select_option("done-0")
    expect(page.get_by_role("heading", name="Trials of done-0")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Choose trial 1")).not_to_be_checked()
    page.locator("#studies").select_option("done-1")
    expect(page.get_by_role("heading", name="Trials of done-1")).to_be_visible()
    expect(page.get_by_role("checkbox", name="Choose trial 1")).to_be_checked()


def test_more_tabs_than_a_browser_has_connections_all_work(open_page: Callable[..., "Page"]) -> None:
    first = open_page()
    for _ in range(5):
        open_page("/?chat=new", context=first.context)
    last = open_page("/?chat=new", context=first.context)
    say(last, "which datasets are there?")
    expect(last.get_by_test_id("bot").last).to_contain_text("shop")


def test_a_note_that_is_being_written_stays_when_results_come_in(open_page: Callable[..., "Page"]) -> None:
    page = open_page("/?chat=new&study=done-0&view=trial/1")
    note = page.get_by_label("Note", exact=True)
    note.fill("looks overfit")
    note.press("Home")
    page.evaluate("document.querySelector('#view > *').dataset.old = 'yes'")
    say(page, "run 2 more trials")
    page.wait_for_function("!document.querySelector('#view > [data-old]')")
    expect(note).to_have_value("looks overfit")


@pytest.mark.parametrize("view", ["overview", "trials", "memory", "settings"])
def test_nothing_is_wider_than_a_phone(open_page: Callable[..., "Page"], view: str) -> None:
    page = open_page(f"/?study=done-1&view={view}", width=390)
    for part in ("chats", "chat", "study"):
        page.locator(f"#phone-tabs [data-part={part}]").click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        box = page.locator(f"#{part}-part")
        expect(box).to_be_visible()
        assert box.evaluate("one => one.scrollWidth") <= 390


def test_two_chats_whose_studies_wait_decide_on_their_own(open_page: Callable[..., "Page"]) -> None:
    one = open_page("/?chat=new")
    other = open_page("/?chat=new", one.context)
    names = []
    for page in (one, other):
        say(page, "tune item_knn on shop, 2 trials, ask me before each trial")
        expect(page.locator("#chat").get_by_role("button", name="Run it")).to_be_visible()
        names.append(shown(page))
    assert len(set(names)) == 2
    other.locator("#studies").select_option("done-1")
    expect(other.locator("#view")).to_contain_text("Best trial")
    assert (shown(one), shown(other)) == (names[0], "done-1")
    other.locator("#chat").get_by_role("button", name="Run it").click()  # of the chat, not of what is shown
    other.locator("#studies").select_option(names[1])
    expect(other.locator("#status")).to_contain_text("1 of 2 trials")
    expect(one.locator("#status")).to_contain_text("0 of 2 trials")
    assert shown(one) == names[0]
    expect(one.locator("#status").get_by_role("button", name="Run it")).to_have_count(0)  # its card is in the chat
    one.locator("#status").get_by_role("button", name="Show trial 0").click()
    one.keyboard.press("Enter")  # on its first button
    expect(one.locator("#status")).to_contain_text("1 of 2 trials")
    for page, name in ((one, names[0]), (other, names[1])):
        page.reload()
        page.wait_for_function(OPEN)
        expect(page.locator("#studies option:checked")).to_have_text(name)


def test_chats_are_renamed_pinned_found_deleted_and_brought_back(open_page: Callable[..., "Page"]) -> None:
    page = open_page("/?chat=new")
    say(page, "which datasets are there?")
    expect(page.locator("#chat")).to_contain_text("shop")
    chat = page.url
    row = page.locator(".chat-row:has([aria-current])")
    more = row.get_by_role("button", name="More on the chat")
    more.click()
    page.get_by_role("menuitem", name="Rename").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("autumn plans")
    page.keyboard.press("Enter")
    expect(row).to_contain_text("autumn plans")
    expect(page).to_have_title("autumn plans – recpilot")
    more.click()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#chats-part h3", has_text="Pinned")).to_be_visible()
    page.keyboard.press("Control+k")
    page.keyboard.type("datasets are there")
    expect(page.locator(".chat-row .snippet")).to_contain_text("datasets")
    page.keyboard.press("Escape")
    more.click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.locator("#chats-part")).not_to_contain_text("autumn plans")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#chats-part")).to_contain_text("autumn plans")
    page.goto(chat)
    expect(page.locator("#chat")).to_contain_text("which datasets are there?")


def test_trials_are_sorted_filtered_compared_and_taken_away(open_page: Callable[..., "Page"]) -> None:
    page = open_page("/?study=done-1&view=trials")
    table = page.locator("table[data-table=trials]")
    page.get_by_role("button", name="Trial", exact=True).click()
    expect(table.locator("thead th[aria-sort]")).to_have_attribute("aria-sort", "ascending")
    assert [text.split()[0] for text in table.locator("tbody th").all_inner_texts()][:2] == ["0", "1"]
    page.locator("[data-filter]").fill("no such model")
    expect(table.locator("tbody tr:visible")).to_have_count(0)
    page.locator("[data-filter]").fill("")
    for number in (0, 1):
        page.get_by_label(f"Choose trial {number}", exact=True).check()
    page.get_by_role("button", name="Compare", exact=True).click()
    expect(page.locator("#view")).to_have_attribute("data-shown", "compare?trials=0,1")
    page.go_back()
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.suggested_filename == "done-1-trials.csv"
    page.locator(".tabs").get_by_role("link", name="Overview").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Report").click()
    assert download.value.suggested_filename == "done-1.html"


def test_the_box_recalls_refuses_and_keeps_a_draft_for_each_chat(
    open_page: Callable[..., "Page"], tmp_path: Path
) -> None:
    page = open_page("/?chat=new")
    box = page.locator("#say textarea")
    say(page, "what can you do?")
    expect(page.locator("#chat [data-testid=bot]").first).to_be_visible()
    box.press("ArrowUp")
    expect(box).to_have_value("what can you do?")
    (odd := tmp_path / "notes.docx").write_text("x")
    page.locator("#say input[type=file]").set_input_files(str(odd))
    expect(page.locator("#say .chip")).to_contain_text("this kind of file is not read")
    page.locator("#new").click()
    expect(box).to_have_value("")
    box.fill("another thought")
    page.go_back()
    expect(box).to_have_value("what can you do?")
    page.go_forward()
    expect(box).to_have_value("another thought")


def test_the_theme_is_chosen_and_kept_and_keys_lead_to_help(open_page: Callable[..., "Page"]) -> None:
    page = open_page("/?study=done-1&view=settings", color_scheme="light")
    page.locator("[data-setting=theme]").select_option("dark")
    page.reload()
    page.wait_for_function("document.body.classList.contains('dark')")
    page.locator("#view").focus()
    page.keyboard.press("?")
    expect(page.locator("#view")).to_contain_text("Keys")


def test_the_focus_is_kept_on_a_tab_led_by_a_link_and_back_returns_to_the_chat(
    open_page: Callable[..., "Page"],
) -> None:
    page = open_page("/?study=done-1")
    page.locator(".tabs a", has_text="Trials").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("table[data-table=trials]")).to_be_visible()
    assert page.evaluate("document.activeElement.textContent") == "Trials"
    page.locator("table[data-table=trials] tbody a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.tagName === 'H3'")
    phone = open_page("/?study=done-1", width=390)
    expect(phone.locator("#phone-tabs [aria-pressed=true]")).to_have_text("Chat")
    turn_to(phone, "trial/1")
    expect(phone.locator("#phone-tabs [aria-pressed=true]")).to_have_text("Study")
    phone.go_back()
    expect(phone.locator("#phone-tabs [aria-pressed=true]")).to_have_text("Chat")


def test_an_address_that_names_nothing_here_says_so(open_page: Callable[..., "Page"], server: "Server") -> None:
    page = open_page("/?study=nonesuch")
    expect(page.locator(".notices")).to_contain_text("There is no study “nonesuch” here")
    page.goto(f"{server.url}/?chat=bob-00000001")
    page.wait_for_function(OPEN)
    expect(page.locator(".notices")).to_contain_text("This is no chat of yours")
    expect(page.locator(".offline")).to_be_hidden()
    expect(page.locator("#chat-title")).to_have_text("New chat")
