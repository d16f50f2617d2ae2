"""What models there are, what a study tried and how it stands next to simple models, and who sees what."""

import re
from dataclasses import replace

import pytest

from agent.llm.pilot.composing import planned
from agent.llm.pilot.glossary import every_model
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Plan, Request

_ELSE = Request(tool="list_datasets")
OTHER = Known(
    studies=("demo-1", "shop-1"), study="shop-1", trials=(0,), trial_models={0: "ials"}, study_models=("ials",)
)


@pytest.fixture
def known(known: Known) -> Known:
    return replace(known, studies=("demo-1", "shop-1"), with_study={"shop-1": OTHER}.get)


def plan_of(say: str, known: Known, dialogue: Dialogue | None = None) -> Plan:
    return planned(lambda *_: Plan(say=say, requests=(_ELSE,)), say, known, dialogue or Dialogue(study="demo-1"))


@pytest.mark.parametrize(
    "say",
    [
        "which models are there?",
        "list the models",
        "which algorithms do you support?",
        "what models can I tune?",
        "what is each model for?",
    ],
)
def test_every_model_is_listed_with_what_it_is_for(say: str, known: Known) -> None:
    plan = plan_of(say, known)
    assert not plan.requests and plan.answer is not None
    assert "| `gru4rec` | a recurrent network" in plan.answer and "`ials` for large ones" in plan.answer
    assert "`gru4rec`：" in str(plan_of("有哪些模型？", known).answer)


def test_the_models_of_a_study_are_its_own(known: Known) -> None:
    answer = plan_of("which models did you try?", known).answer
    assert answer == "The models of `demo-1`: `sasrec` (2 finished trials). The best is trial 2, of `sasrec`."


def test_what_was_tried_is_shown_and_what_was_not_is_said(known: Known) -> None:
    tried = plan_of("did you try sasrec?", known)
    assert [(one.tool, one.args) for one in tried.requests] == [("trials", {"filter": "model=sasrec"})]
    assert tried.answer == "Yes: 2 trials of `demo-1` ran `sasrec`; trial 2 is its best, and the best of the study."
    why = plan_of("why not ials?", known)
    assert not why.requests and why.answer is not None
    assert why.answer.startswith("`demo-1` tunes `sasrec` and has no trial of `ials`.")
    assert "It ran in `shop-1`. Say `bring in ials` to let it compete." in why.answer
    assert [one.tool for one in plan_of("did you try ease?", known).requests] == ["study_status"]  # a line to beat


@pytest.mark.parametrize("say", ["how does it compare with popularity?", "does it beat item_knn?"])
def test_a_simple_model_is_compared_by_the_standing(say: str, known: Known) -> None:
    assert [one.tool for one in plan_of(say, known).requests] == ["study_status"]


@pytest.mark.parametrize("say", ["why did sasrec fail?", "why not more trials?", "who won?"])
def test_other_questions_are_left_to_others(say: str, known: Known) -> None:
    assert plan_of(say, known).requests == (_ELSE,)


@pytest.mark.parametrize("say", ["who can read demo?", "can others see my data?", "谁能看我的数据？"])
def test_who_sees_what_is_said(say: str, known: Known) -> None:
    answer = plan_of(say, known).answer
    assert answer is not None and ("Everyone who logs in may read all datasets" in answer or "所有登录的人" in answer)


def test_what_weighed_in_is_what_of_the_past_was_used(known: Known) -> None:
    plan = plan_of("what weighed in on shop-1?", known)
    assert [(one.tool, one.args) for one in plan.requests] == [("show_influence", {"study": "shop-1"})]
    assert plan_of("which params weigh most?", known).requests == (_ELSE,)


def test_files_that_were_just_read_are_these_two(known: Known) -> None:
    read = Dialogue(study="demo-1", kind="dataset").about(dataset="ml-100k").about(dataset="demo")
    changes = ("inspect_data", {"what": "changes", "dataset": "demo", "against": "ml-100k"})
    for say, dialogue in (
        ("compare these two", read),
        ("compare these two files", replace(read, kind="study")),
        ("what is the difference between them?", read),
        ("how do these two files differ?", read),
        ("比较这两个", read),
    ):
        assert [(one.tool, one.args) for one in plan_of(say, known, dialogue).requests] == [changes]
    assert plan_of("compare these two", known, replace(read, kind="study")).requests == (_ELSE,)
    assert Dialogue.from_dict(read.to_dict()) == read


def test_two_questions_about_notes_are_both_answered(known: Known) -> None:
    plan = plan_of("what did I tell you about dropout? is there a limit on learning rate?", known)
    asked = [(one.tool, one.args.get("about", one.args.get("param"))) for one in plan.requests]
    assert asked == [("list_lessons", "dropout"), ("list_lessons", "learning_rate"), ("show_space", "learning_rate")]


def test_every_model_is_told_in_chinese() -> None:
    assert all(re.search("[\u4e00-\u9fff]{3}", line) for line in every_model().split("\n"))
