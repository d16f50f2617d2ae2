"""What trains for long is asked about on a card: values with their words, defaults, cost, what was not used."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from agent.advisor.trial_times import Seconds
from agent.llm.pilot.composing import offered
from agent.plan_card import PlanCard
from agent.understanding.asking.answers_to import is_no, is_yes
from agent.understanding.asking.prospect import Prospect
from agent.understanding.buttons import yes_or_no
from agent.understanding.card import card_of_call, plan_card, words_of
from agent.understanding.costs import estimate
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request, Waiting
from agent.understanding.planner import Planner
from agent.words.names import Names, read
from tests.agent.understanding.conftest import ToldReader

STUDY = {"dataset": "shop", "models": ["sasrec"], "n_trials": 60}


def minute(dataset: str, models: tuple[str, ...], epochs: int | None) -> Seconds | None:
    """A trial takes a minute on shop, and was never measured elsewhere."""
    return about(60.0 * (epochs or 1)) if dataset == "shop" else None


def about(seconds: float, n_here: int = 3, n_elsewhere: int = 40) -> Seconds:
    return Seconds(expected=seconds, low=seconds / 2, high=2 * seconds, n_here=n_here, n_elsewhere=n_elsewhere)


@pytest.fixture
def plan(known: Known) -> Callable[..., Plan]:
    timed = replace(known, trial_s=minute)

    def of(say: str, dialogue: Dialogue | None = None, relation: str = "new") -> Plan:
        planner = Planner(ToldReader({"tune": "start_study", "confirm": "confirm", "add": "extend_study"}, relation))  # type: ignore[arg-type]
        return planner.plan(say, timed, dialogue or Dialogue())

    return of


def test_what_trains_for_longer_than_half_an_hour_waits_for_a_yes(plan: Callable[..., Plan]) -> None:
    cheap = plan("tune sasrec on shop, 20 trials")
    assert [request.tool for request in cheap.requests] == ["start_study"] and cheap.waiting is None
    dear = plan("tune sasrec on shop, 60 trials")
    assert dear.requests == () and dear.waiting is not None and dear.waiting.choices == ("Run it", "Cancel")
    assert "60 training runs × about 60 s" in dear.waiting.text and "≈ **60 min**" in dear.waiting.text
    for yes in ("Run it", "yes"):
        agreed = plan(yes, Dialogue(waiting=dear.waiting), "yes")
        assert [dict(request.args) for request in agreed.requests] == [STUDY]
    assert plan("Cancel", Dialogue(waiting=dear.waiting), "no").requests == ()


def test_a_change_of_the_card_is_asked_about_again(plan: Callable[..., Plan]) -> None:
    dear = plan("tune sasrec on shop, 60 trials")
    dialogue = Dialogue().after((), dear.waiting)
    for n_trials in (10, 50):
        fewer = plan(f"make it {n_trials} trials", dialogue, "edit")
        assert fewer.requests == () and fewer.waiting is not None
        assert [dict(request.args) for request in fewer.waiting.requests] == [STUDY | {"n_trials": n_trials}]
        assert f"{n_trials} training runs" in fewer.waiting.text


@pytest.mark.parametrize(
    ("say", "read_as", "changes"),
    [
        ("only ease", "start_study", {"models": ["ease"]}),
        ("and at most 50 trials", "extend_study", {"n_trials": 50}),
        ("keep dropout between 0.2 and 0.5", "set_search_space", {"space": {"dropout": [0.2, 0.5]}}),
    ],
)
def test_what_is_said_under_a_card_is_of_the_study_on_it(
    known: Known, say: str, read_as: str, changes: dict[str, object]
) -> None:
    timed = replace(known, trial_s=minute)
    card_ = Planner(ToldReader({"tune": "start_study"})).plan("tune sasrec on shop, 60 trials", timed, Dialogue())  # type: ignore[arg-type]
    then = Planner(ToldReader({say.split()[0]: read_as})).plan(say, timed, Dialogue().after((), card_.waiting))  # type: ignore[arg-type]
    assert then.waiting is not None
    assert [dict(one.args) for one in (*then.requests, *then.waiting.requests)] == [STUDY | changes]


def test_a_mistake_is_no_yes(plan: Callable[..., Plan]) -> None:
    dear = plan("tune sasrec on shop, 60 trials")
    plan_ = plan("oh sorry, that was a mistake", Dialogue().after((), dear.waiting), "yes")
    assert plan_.requests == () and [held.why for held in plan_.held] == ["refusal"]


@pytest.mark.parametrize(
    ("request_", "seconds"),
    [
        (Request(tool="start_study", args=STUDY), 3600),
        (Request(tool="start_study", args=STUDY | {"time_limit_s": 600}), 600),
        (Request(tool="start_study", args=STUDY | {"epochs": 2}), 7200),
        (Request(tool="start_study", args={"dataset": "shop"}), 1200),
        (Request(tool="start_study", args={"dataset": "demo"}), None),
        (Request(tool="start_study", args={"dataset": "demo", "time_limit_s": 7200}), 7200),
        (Request(tool="run_trial", args={}), None),
        (Request(tool="extend_study", args={"n_trials": 5}), None),
    ],
)
def test_the_cost_is_trials_times_what_was_measured_on_these_data(
    known: Known, request_: Request, seconds: float | None
) -> None:
    found = estimate(request_, replace(known, trial_s=minute))
    assert found is not None and found.seconds == seconds


def test_what_trains_nothing_has_no_cost(known: Known) -> None:
    assert estimate(Request(tool="export_model"), known) is None
    assert estimate(Request(tool="extend_study", args={"constraints": ["coverage@10>=0.3"]}), known) is None


def test_the_card_says_where_each_value_comes_from_and_what_was_not_used(known: Known) -> None:
    said = read("tune sasrec on shop with 60 trials and coverage of at least 30 %", Names(datasets=("shop",)))
    request = Request(tool="start_study", args=STUDY | {"constraints": ["coverage@10>=0.3"]}, assumed=("dataset",))
    text = plan_card([request], ["two GPUs"], said, replace(known, trial_s=minute)).text
    assert "- trials: **60**, from “60 trials”" in text
    assert "- models: **`sasrec`**, from “sasrec”" in text
    assert "“coverage of at least 30 %”" in text
    assert "I did not use “two GPUs”" in text
    assert "Left at the default: objective `ndcg@10`" in text
    elsewhere = plan_card(
        [Request(tool="start_study", args={"dataset": "demo"}, assumed=("dataset",))], (), said, known
    ).text
    assert "- dataset: **`demo`**, from this chat" in elsewhere and "known after the first one" in elsewhere


def test_words_far_apart_are_quoted_each() -> None:
    said = read("sasrec please, since my colleague told me that it is the best there is, or else gru4rec", Names())
    assert words_of(["sasrec", "gru4rec"], said) == "sasrec … gru4rec"
    assert words_of(["ease"], said) == ""


def test_nobody_is_asked_about_what_cannot_work(known: Known) -> None:
    def would(tool: str, args: Mapping[str, Any]) -> Prospect:
        return Prospect(problem="`sasrec` needs time, and these data have none" if tool == "start_study" else None)

    planner = Planner(ToldReader({"tune": "start_study"}))  # type: ignore[arg-type]
    plan = planner.plan("tune sasrec on shop, 60 trials", replace(known, trial_s=minute, would=would), Dialogue())
    assert plan.waiting is None and plan.requests == ()
    assert plan.answer == "`sasrec` needs time, and these data have none. Nothing was done."


def test_the_card_of_a_trial_tells_every_param_and_what_it_rests_on(known: Known) -> None:
    runs = {"trial": 7, "model": "ease", "params": {"l2": 100.0, "dropout": 0.3}}
    prospect = Prospect(runs=runs, over="the proposal that waits (trial 7)", notes=("It was tried once.",))
    text = card_of_call(
        Request(tool="run_trial", args={"params": {"l2": 100}}),
        replace(known, trial_s=lambda dataset, models, epochs: None, would=lambda tool, args: prospect),
    )
    assert "runs as trial 7: **`ease` with `l2` 100, `dropout` 0.3**, from the values above, and else the pro" in text
    assert "It was tried once." in text
    assert "too few of `ease` were measured yet" in text


def test_a_confirmation_costs_the_runs_that_it_will_make(known: Known) -> None:
    timed = replace(known, trial_s=lambda dataset, models, epochs: about(60.0))
    confirm = Request(tool="confirm", args={"n_seeds": 3})
    guessed = estimate(confirm, timed)
    told = estimate(confirm, replace(timed, would=lambda tool, args: Prospect(n_runs=7)))
    assert guessed is not None and guessed.n_trials == 12
    assert told is not None and (told.n_trials, told.seconds, told.is_most) == (7, 420.0, True)


def test_a_setting_that_the_message_says_in_other_words_is_from_the_message(plan: Callable[..., Plan]) -> None:
    shown = plan("tune sasrec on shop, 60 trials, every rating counts as a like, don't prune").waiting
    assert shown is not None
    assert "ratings that count as likes: **`all`**, from your words" in shown.text
    assert "pruner: **`none`**, from your words" in shown.text and "from this chat" not in shown.text
    asked = plan("tune sasrec, 60 trials", Dialogue(dataset="shop")).waiting
    assert asked is not None and "dataset: **`shop`**, from this chat" in asked.text


@pytest.mark.parametrize(
    ("says", "order"),
    [
        (["tune sasrec on shop, 60 trials"], "tune sasrec on shop, 60 trials, optimise ndcg@10"),
        (["tune sasrec on shop, 60 trials", "only ease"], "tune ease on shop, 60 trials, optimise ndcg@10"),
        (
            ["tune sasrec on shop, 60 trials, dropout between 0.1 and 0.4, maximise recall@20", "make it 50 trials"],
            "tune sasrec on shop, 50 trials, optimise recall@20, dropout between 0.1 and 0.4",
        ),
        (
            ["tune sasrec on shop, 60 trials, no pruning"],
            "tune sasrec on shop, 60 trials, no pruning, optimise ndcg@10",
        ),
    ],
)
def test_the_order_of_a_card_makes_the_same_plan_when_it_is_said_again(
    plan: Callable[..., Plan], says: list[str], order: str
) -> None:
    dialogue = Dialogue()
    found = plan(says[0])
    for say in says[1:]:
        dialogue = dialogue.after((), found.waiting)
        found = plan(say, dialogue, "edit")
    assert found.waiting is not None and found.waiting.card is not None
    assert found.waiting.card.order == order
    again = plan(order)
    assert again.waiting is not None
    said_again = {name: value for name, value in again.waiting.requests[0].args.items() if name != "objective"}
    assert said_again == {name: value for name, value in found.waiting.requests[0].args.items() if name != "objective"}


def test_a_card_goes_to_json_and_back_and_is_the_text_of_its_answer(plan: Callable[..., Plan]) -> None:
    waiting = plan("tune sasrec on shop, 60 trials with two GPUs").waiting
    assert waiting is not None and waiting.card is not None
    (step,) = waiting.card.steps
    assert (step.says, step.values[0].name, step.values[0].source) == ("Start tuning", "dataset", "“shop”")
    assert ("sampler", "") in {(one.name, one.source) for one in step.defaults} and "60 training runs" in step.cost
    assert PlanCard.from_dict(json.loads(json.dumps(waiting.card.to_dict()))) == waiting.card
    assert waiting.card.text in waiting.text
    assert Waiting.from_dict(json.loads(json.dumps(waiting.to_dict()))) == waiting


@pytest.fixture
def chinese(known: Known) -> Callable[..., Plan]:
    timed = replace(known, trial_s=minute)

    def of(say: str, dialogue: Dialogue | None = None, relation: str = "new") -> Plan:
        meanings = {"on shop": "start_study", "use": "start_study", "only": "start_study"}
        return Planner(ToldReader(meanings, relation)).plan(say, timed, dialogue or Dialogue())  # type: ignore[arg-type]

    return of


def test_a_card_for_a_chinese_message_is_chinese_whole(chinese: Callable[..., Plan]) -> None:
    waiting = chinese("在 shop 上用 sasrec 调六十次，覆盖率至少 20%，最多两小时，要香蕉").waiting
    assert waiting is not None and waiting.card is not None and waiting.card.language == "zh"
    card, text = waiting.card, waiting.card.text
    assert {one.source for one in card.steps[0].values} == {
        "“shop”",
        "“sasrec”",
        "“六十次”",
        "“两小时”",
        "“覆盖率至少 20%”",
    }
    assert card.warning.startswith("**我没有用到“香蕉”。**") and text in waiting.text
    assert "60 次训练 × 约 60 秒" in text and "要我开始调参吗？" in text
    words = re.sub(r"`[^`]*`|sasrec|shop|dropout", "", text)
    assert not re.search(r"[A-Za-z]{2,}", words), words


@pytest.mark.parametrize(
    ("choices", "says"),
    [(("Run it", "Cancel"), ("运行", "取消")), (("Do it", "Leave it"), ("照做", "先不做")), ((), ("是", "不"))],
)
def test_what_is_offered_in_chinese_is_understood(
    chinese: Callable[..., Plan], choices: tuple[str, ...], says: tuple[str, str]
) -> None:
    waiting = replace(chinese("在 shop 上用 sasrec 调 60 次").waiting, choices=choices)  # type: ignore[type-var]
    assert offered(Plan(say="在 shop 上", waiting=waiting)) == says
    agreed = chinese(says[0], Dialogue(waiting=waiting))
    assert [dict(request.args) for request in agreed.requests] == [STUDY]
    refused = chinese(says[1], Dialogue(waiting=waiting))
    assert refused.requests == () and [one.why for one in refused.held] == ["refusal"]
    assert is_yes(says[0]) and is_no(says[1])
    assert yes_or_no("用 ease 调参") == ("是", "不") and yes_or_no("tune ease") == ("Yes", "No")


@pytest.mark.parametrize(
    ("says", "order"),
    [
        (["在 shop 上用 sasrec 调 60 次"], "在 shop 上用 sasrec 调 60 次，优化 ndcg@10"),
        (
            ["在 shop 上用 sasrec 调 60 次，dropout 在 0.1 到 0.4 之间", "只用 ease"],
            "用 ease 在 shop 上调参，60 次试验，dropout 在 0.1 到 0.4 之间，优化 ndcg@10",
        ),
    ],
)
def test_the_order_of_a_chinese_card_makes_the_same_plan(
    chinese: Callable[..., Plan], says: list[str], order: str
) -> None:
    found = chinese(says[0])
    for say in says[1:]:
        found = chinese(say, Dialogue().after((), found.waiting), "edit")
    assert found.waiting is not None and found.waiting.card is not None and found.waiting.card.order == order
    again = chinese(order)
    assert again.waiting is not None
    assert {**again.waiting.requests[0].args, "objective": None} == {
        **found.waiting.requests[0].args,
        "objective": None,
    }
