"""Questions of a chat as cards: what a yes would do, which columns are what; each is answered once and then settled."""

from dataclasses import asdict, replace
from typing import Any

import pytest

from agent import events
from agent.answers import in_chinese
from agent.answers.explain import word
from agent.chat.columns_said import columns_said
from agent.chat.file_named import file_named
from agent.chat.open_files import OpenFile
from agent.plan_card import PlanCard, PlanStep, PlanValue
from agent.results.result import ColumnsAsked
from ui.open_chats import OpenChats
from ui.page.acts import Acts
from ui.page.entries import drawn, is_seen
from ui.page.refusals import Refused
from ui.page.settled import is_open, with_standings
from ui.render import apply
from ui.transcript import Entry, Transcript

HOSTILE = "<img src=x> [l](http://a.b) \u202e"
PLAN = PlanCard(
    steps=(
        PlanStep(
            says="Start tuning",
            values=(PlanValue(name="trials", value="150", source="“150 trials”"),),
            defaults=(PlanValue(name="sampler", value="`advisor`"),),
            cost="≈ **3 h**.",
        ),
    ),
    question="Shall I start tuning?",
    unused=("two GPUs",),
    tools=("start_study",),
    order="tune sasrec on demo, 150 trials",
)
COLUMNS = ColumnsAsked(
    error="which column of o.csv is the user, `customer_no` or `account_id`?",
    question="Which column is the user?",
    role="user",
    candidates=("customer_no", "account_id"),
    path="o.csv",
    name=None,
    columns=None,
    samples=({"customer_no": "c1", "account_id": "7", "sku": HOSTILE, "stars": "4", "when": "2024-01-31"},),
)

A = "step/0/a/0"  # the key of the first call of the first turn


def said(turn: int, text: str) -> Entry:
    return Entry(key=f"said/{turn}", kind="said", role="user", text=text, turn=turn)


def asked(transcript: Transcript, **more: Any) -> None:
    transcript.begin(0)
    transcript.put(said(0, "tune it"))
    apply(transcript, events.AnswerFinished(chat="c", **more), answer="answer/0")


def shown(transcript: Transcript) -> list[dict[str, Any]]:
    return [drawn(*one) for one in with_standings(transcript.entries()) if is_seen(one[0])]


def test_a_plan_is_a_card_beside_what_else_was_said() -> None:
    transcript = Transcript()
    asked(transcript, text=f"Read first.\n\n{PLAN.text}", choices=("Run it", "Cancel"), plan=PLAN)
    _, answer = shown(transcript)
    assert answer["html"] == "<p>Read first.</p>" and "choices" not in answer
    plan = answer["plan"]
    assert plan["steps"][0]["values"] == [["trials", "150", "“150 trials”"]]
    assert plan["steps"][0]["defaults"] == [["sampler", "<code>advisor</code>", ""]]
    assert "two GPUs" in plan["warning"] and plan["order"] == PLAN.order
    assert (plan["yes"], plan["no"]) == ("Run it", "Cancel")


def test_a_plan_that_is_not_in_the_words_of_its_answer_is_no_card() -> None:
    transcript = Transcript()
    asked(transcript, text="要开始吗？", choices=("Yes", "No"), plan=PLAN)
    assert "plan" not in shown(transcript)[1] and shown(transcript)[1]["choices"] == ["Yes", "No"]


@pytest.mark.parametrize(
    ("says", "step", "again", "state"),
    [
        ("Run it", Entry(key="s", kind="step", title="", text="x", tool="start_study"), False, "done"),
        ("yes", Entry(key="s", kind="step", title="", text="x", tool="start_study", is_error=True), False, "failed"),
        ("yes, 3 trials", Entry(key="s", kind="step", title="", text="x", tool="start_study"), False, "differs"),
        ("tune ease on b", Entry(key="s", kind="step", title="", text="x", tool="start_study"), False, "other"),
        ("Cancel", None, False, "cancelled"),
        ("only 5 trials", None, True, "changed"),
        ("how is it going?", Entry(key="s", kind="step", title="", text="x", tool="study_status"), False, "left"),
    ],
)
def test_what_was_said_next_settles_a_plan_which_has_no_buttons_then(
    says: str, step: Entry | None, again: bool, state: str
) -> None:
    transcript = Transcript()
    asked(transcript, text=PLAN.text, choices=("Run it", "Cancel"), plan=PLAN)
    transcript.begin(1)
    transcript.put(said(1, says))
    if step is not None:
        transcript.put(step)
    more = {"plan": PLAN, "choices": ("Run it", "Cancel")} if again else {}
    apply(transcript, events.AnswerFinished(chat="c", text=PLAN.text, **more), answer="answer/1")  # type: ignore[arg-type]
    plan = shown(transcript)[1]["plan"]
    assert plan["state"] == state and plan["settled"] and not {"yes", "no", "order"} & set(plan)
    transcript.remove(["said/1", "s", "answer/1"])  # the message is said otherwise
    assert "yes" in shown(transcript)[1]["plan"]


def test_a_question_is_answered_once_from_whatever_tab(acts: Acts, chats: OpenChats) -> None:
    chat = chats.get("chat-00000001")
    asked(chat.transcript, text=PLAN.text, choices=("Run it", "Cancel"), plan=PLAN)
    with pytest.raises(Refused, match="answered before"):
        acts.say(chat, None, "Run it", (), None, answers="answer/7")
    chat.transcript.put(said(1, "Run it"))
    with pytest.raises(Refused, match="answered before, so nothing was done"):
        acts.say(chat, None, "Run it", (), None, answers="answer/0")
    assert [entry.key for entry in chat.transcript.entries()] == ["said/0", "answer/0", "said/1"]


def file_step(transcript: Transcript, key: str, path: str, facts: Any) -> None:
    """A call that reads a file, and what it brings."""
    call = {"chat": "c", "call_id": key, "tool": "add_dataset"}
    apply(transcript, events.ToolCalled(**call, args={"path": path}), answer="")
    apply(transcript, events.ToolReturned(**call, facts=facts, is_error="error" in facts), answer="")


def asks(path: str) -> dict[str, Any]:
    return {**asdict(COLUMNS), "path": path}


@pytest.fixture
def two_asked() -> Transcript:
    """Two files of one message, both unclear."""
    transcript = Transcript()
    transcript.begin(0)
    transcript.put(said(0, ""))
    file_step(transcript, "a", "/up/1/orders.csv", asks("/up/1/orders.csv"))
    file_step(transcript, "b", "/up/1/visits.csv", asks("/up/1/visits.csv"))
    text = "\n\n".join(2 * [word("add_dataset", COLUMNS)])
    apply(transcript, events.AnswerFinished(chat="c", text=text, choices=COLUMNS.candidates), answer="answer/0")
    return transcript


def says(transcript: Transcript, number: int, text: str, *steps: tuple[str, str, dict[str, Any]]) -> None:
    """A later message, what its steps bring, and its answer."""
    transcript.begin(number)
    transcript.put(said(number, text))
    for key, path, facts in steps:
        file_step(transcript, key, path, facts)
    apply(transcript, events.AnswerFinished(chat="c", text="…"), answer=f"answer/{number}")


def cards(transcript: Transcript) -> dict[str, str]:
    """File → how its question stands, of all cards."""
    found = [card for entry in shown(transcript) for card in entry.get("files_asked", ())]
    return {str(card["file"]): str(card.get("state", "open")) for card in found if card["key"].startswith("step/0/")}


def test_a_question_about_columns_is_a_card_for_each_file_with_a_likely_role_for_each(two_asked: Transcript) -> None:
    step, _, answer = shown(two_asked)
    assert step["title"] == "Read a dataset: which columns?" and step["error"] is False
    assert answer["html"] == "" and "choices" not in answer
    first, second = answer["files_asked"]
    assert (first["key"], first["file"], second["file"]) == (A, "orders.csv", "visits.csv")
    roles = {one["name"]: one["role"] for one in first["columns"]}
    assert roles == {"customer_no": "user", "account_id": "", "sku": "item", "stars": "weight", "when": "time"}
    assert not set(str(answer)) & {"\u202e"}


READ = {"dataset": "orders", "added": True}
OTHER = {"dataset": "other", "added": True}


@pytest.mark.parametrize(
    ("text", "steps", "first", "second"),
    [
        ("", [("c", "/up/2/plain.csv", OTHER)], "open", "open"),  # another file
        ("", [("c", "/up/2/letter.csv", {"error": "it has no rows"})], "open", "open"),
        ("the user is sku", [("c", "/up/1/visits.csv", READ)], "open", "done"),
        ("the user is sku", [("c", "visits.csv", READ)], "open", "done"),  # as a model names it
        ("the user is kunde", [("c", "/up/1/orders.csv", {"error": "no column 'kunde'"})], "open", "open"),
        ("the user is sku", [("c", "/up/1/orders.csv", asks("/up/1/orders.csv"))], "again", "open"),
        ("", [("c", "/up/3/orders.csv", asks("/up/3/orders.csv"))], "replaced", "open"),
        ("no", [], "cancelled", "cancelled"),
        ("which models are there?", [], "open", "open"),
    ],
)
def test_a_card_is_settled_by_what_was_done_with_its_own_file(
    two_asked: Transcript, text: str, steps: list[tuple[str, str, dict[str, Any]]], first: str, second: str
) -> None:
    says(two_asked, 1, text, *steps)
    found = cards(two_asked)
    assert (found["orders.csv"], found["visits.csv"]) == (first, second)
    assert is_open(two_asked.entries(), A) == (first == "open")


def test_a_card_tells_why_the_last_answer_could_not_be_read_and_can_be_answered_again(two_asked: Transcript) -> None:
    failed = {"error": "orders.csv has no column 'kunde'; did you mean 'kunden'?"}
    says(two_asked, 1, "the user is kunde", ("c", "/up/1/orders.csv", failed))
    first, second = shown(two_asked)[2]["files_asked"]
    assert "did you mean" in first["problem"] and not second["problem"] and first["columns"][0]["role"] == "user"


def test_a_card_that_is_answered_by_its_button_waits_until_that_is_read(two_asked: Transcript) -> None:
    two_asked.begin(1)
    two_asked.put(replace(said(1, "In orders.csv, …"), answers=A))
    assert list(cards(two_asked).values()) == ["sent", "open"] and not is_open(two_asked.entries(), A)
    apply(two_asked, events.AnswerFinished(chat="c", text="It could not be read."), answer="answer/1")
    assert list(cards(two_asked).values()) == ["open", "open"]


@pytest.mark.parametrize(
    ("says", "columns"),
    [
        ('the user is "customer_no", the item is "sku"', {"user": "customer_no", "item": "sku"}),
        (
            'the user is "customer_no", the item is "sku", the time is "when", the rating is "stars", '
            'ignore the column "account_id"',
            {"user": "customer_no", "item": "sku", "time": "when", "weight": "stars", "ignore": "account_id"},
        ),
        (
            'the user is "account_id", the item is "sku", it has no rating, ignore the columns "stars", "when"',
            {"user": "account_id", "item": "sku", "weight": "", "ignore": "stars,when"},
        ),
    ],
)
def test_the_sentence_of_the_card_says_just_what_was_chosen(says: str, columns: dict[str, str]) -> None:
    named = file_named(f'In "o.csv", {says}', [OpenFile(question=COLUMNS)])
    assert named is not None and columns_said(named[1], COLUMNS) == columns


def test_a_question_about_columns_is_a_chinese_card_where_it_was_asked_in_chinese() -> None:
    transcript = Transcript()
    transcript.begin(0)
    transcript.put(said(0, "读取 o.csv"))
    file_step(transcript, "a", "o.csv", asks("o.csv"))
    text = in_chinese.word("add_dataset", COLUMNS)
    apply(transcript, events.AnswerFinished(chat="c", text=text, choices=COLUMNS.candidates), answer="answer/0")
    answer = shown(transcript)[-1]
    (card,) = answer["files_asked"]
    assert answer["html"] == "" and "的哪一列是用户" in card["why"] and card["words"]["read"] == "读取文件"
    says, row = card["words"]["says"], {"user": "customer_no", "item": "sku", "weight": "stars", "ignore": "when"}
    sentence = card["words"]["comma"].join(says[role].format(f'"{column}"') for role, column in row.items())
    said_of_file = f"{card['words']['in_file'].replace('{}', card['file'])}{sentence}"
    named = file_named(said_of_file, [OpenFile(question=COLUMNS)])
    assert named is not None and columns_said(named[1], COLUMNS) == row


def test_a_settled_plan_in_chinese_says_so_in_chinese() -> None:
    transcript = Transcript()
    plan = replace(PLAN, language="zh", question="要我开始调参吗？")
    asked(transcript, text=plan.text, choices=("运行", "取消"), plan=plan)
    assert shown(transcript)[1]["plan"]["words"]["edit"] == "修改"
    transcript.begin(1)
    transcript.put(said(1, "取消"))
    settled_plan = shown(transcript)[1]["plan"]
    assert (settled_plan["state"], settled_plan["settled"]) == ("cancelled", "已取消；什么都没有做")
