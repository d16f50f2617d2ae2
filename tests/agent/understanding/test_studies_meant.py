"""The study that a message speaks of: its best is the best of its own trials, and two are compared, not one."""

from dataclasses import replace

import pytest

from agent.llm.pilot.composing import planned
from agent.understanding.arguments.study_words import study_meant
from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.meant_calls import without_slips
from agent.understanding.names.between_studies import none_before
from agent.understanding.names.references import resolve
from agent.understanding.plan import Held, Plan, Request


@pytest.fixture
def known(known: Known) -> Known:
    """With demo-1, a study of bpr_mf and ease on shop, whose trial 5 is the best."""
    other = replace(
        known, study="demo-1", study_dataset="shop", study_models=("bpr_mf", "ease"), trials=(4, 5), ranking=(5, 4)
    )
    return replace(known, with_study={"demo-1": other, "demo-2": known}.get)


def answering(say: str, known: Known, *requests: Request, held: tuple[Held, ...] = ()) -> tuple[Request, ...]:
    return planned(lambda *_: Plan(say=say, requests=requests, held=held), say, known, Dialogue()).requests


@pytest.mark.parametrize(
    ("say", "study"),
    [
        ("and in the ease one, which trial came out on top?", "demo-1"),
        ("what came out of the bpr/ease study?", "demo-1"),
        ("the shop study, how is it?", "demo-1"),
        ("the study on shop", "demo-1"),
        ("the one with ease", "demo-1"),
        ("the sasrec study", "demo-2"),
        ("the other study", "demo-1"),
        ("how good is it?", None),
        ("export the sasrec one", None),
    ],
)
def test_a_study_is_named_by_its_models_or_data_too(say: str, study: str | None, known: Known) -> None:
    assert study_meant(say, known, Dialogue(study="demo-2")) == study


def test_of_data_without_a_study_their_name_is_kept_so_that_the_answer_says_so(known: Known) -> None:
    alone = replace(known, datasets=("demo", "shop", "films"))
    assert study_meant("how good is the films study?", alone, Dialogue(study="demo-2")) == "films"


@pytest.mark.parametrize("tool", ["explain_trial", "export_model", "recommend_items"])
def test_the_best_of_another_study_is_its_own(tool: str, known: Known) -> None:
    args, _ = resolve(tool, {"study": "demo-1", "trial": "best"}, known, Dialogue(study="demo-2", trials=(2,)))
    assert args["trial"] == 5
    args, _ = resolve(tool, {"trial": "best"}, known, Dialogue(study="demo-1"))
    assert args["trial"] == 5


def test_of_a_study_that_nothing_is_known_of_no_trial_is_taken_from_another(known: Known) -> None:
    blind = replace(known, with_study=lambda name: None)
    args, _ = resolve("export_model", {"study": "demo-1", "trial": "best"}, blind, Dialogue(study="demo-2"))
    assert args == {"study": "demo-1"}


@pytest.mark.parametrize(
    ("say", "studies"),
    [
        ("is demo-1 better than demo-2?", ("demo-1", "demo-2")),
        ("which study did best?", ("demo-2", "demo-1")),
        ("compare the two studies", ("demo-2", "demo-1")),
        ("how does this one compare with the ease study?", ("demo-2", "demo-1")),
        ("demo-1 和 demo-2 哪个更好？", ("demo-1", "demo-2")),
        ("compare the last two studies", ("demo-2", "demo-1")),
        ("比较最近两个研究", ("demo-2", "demo-1")),
        ("compare this study with the one before", ("demo-2", "demo-1")),
        ("is it better than the previous one?", ("demo-2", "demo-1")),
        ("compare it with demo-1", ("demo-2", "demo-1")),
    ],
)
def test_two_studies_are_set_against_each_other(say: str, studies: tuple[str, str], known: Known) -> None:
    found = answering(say, known, Request(tool="compare_trials", args={"study": studies[1]}))
    assert [dict(one.args) for one in found] == [{"study": studies[0], "against_study": studies[1]}]


def test_the_one_before_may_be_a_trial_where_one_was_talked_of(known: Known) -> None:
    two = Request(tool="compare_trials", args={"trials": [2, 1]})
    say = "compare it with the one before"
    assert planned(lambda *_: Plan(say=say, requests=(two,)), say, known, Dialogue(trials=(2,))).requests == (two,)


def test_more_than_two_studies_are_listed(known: Known) -> None:
    for say in ("compare my last 3 studies", "compare all studies"):
        assert [one.tool for one in answering(say, known, Request(tool="compare_trials"))] == ["list_studies"]


def test_an_order_that_names_two_studies_stays_an_order(known: Known) -> None:
    order = Request(tool="open_study", args={"study": "demo-1"})
    assert answering("open demo-1, it is better than demo-2", known, order) == (order,)


def test_comparing_one_trial_with_the_others_is_asking_why_it_stands_there(known: Known) -> None:
    found = answering(
        "and that one, what makes it better?", known, Request(tool="compare_trials", args={"trials": [2]})
    )
    assert [(one.tool, one.args.get("trial")) for one in found] == [("explain_trial", 2)]


def test_forgetting_a_sampler_is_no_lesson(known: Known) -> None:
    lesson = Request(tool="forget_lesson", args={"lesson": "the advisor"})
    assert answering("Forget the advisor, then.", known, lesson) == ()
    assert answering("Forget the note about the advisor", known, lesson) == (lesson,)


def test_a_practice_of_the_field_is_answered_from_the_glossary(known: Known) -> None:
    say = "is it cheating to tune on validation and report validation?"
    held = (Held(request=Request(tool="start_study"), why="question"),)
    plan = planned(lambda *_: Plan(say=say, requests=(Request(tool="report"),), held=held), say, known, Dialogue())
    assert plan.requests == ()
    assert "sealed test" in (plan.answer or "")
    assert answering("is it safe to stop the study?", known, Request(tool="report"))


@pytest.mark.parametrize("say", ["open demo-1", "would the hurdle have stopped trial 12?"])
def test_no_note_is_forgotten_where_a_study_or_a_trial_is_spoken_of(say: str, known: Known) -> None:
    lesson = Request(tool="forget_lesson", args={"lesson": say}, words=say)
    assert without_slips(Plan(say=say, held=(Held(request=lesson, why="unclear"),)), known).held == ()
    assert without_slips(Plan(say=say, requests=(lesson,)), known).requests == ()
    for order in ("scrap lesson 2", "number 2 can go"):
        asked = Request(tool="forget_lesson", args={"lesson": 2}, words=order)
        assert without_slips(Plan(say=order, requests=(asked,)), known).requests == (asked,)


def test_what_would_have_been_leaves_no_proposal_waiting(known: Known) -> None:
    def left(say: str) -> Plan:
        return without_slips(Plan(say=say, requests=(Request(tool="propose_trial", words=say),)), known)

    assert left("what would pruner none have done?").requests == ()
    assert "cannot be told" in str(left("what would pruner none have done?").answer)
    assert left("what would you try next?").requests != ()


def test_whether_it_is_any_good_is_judged_of_the_study_unless_a_trial_was_talked_of(known: Known) -> None:
    of_trial, table = (Request(tool=tool, words="x") for tool in ("explain_trial", "trials"))
    assert [one.tool for one in answering("is that any good?", known, of_trial)] == ["study_status"]
    assert [one.tool for one in answering("are these values any good?", known, table)] == ["study_status"]
    assert answering("is any of the trials any good?", known, table) == (table,)
    say, talked = "is that any good?", Dialogue(trials=(2,))
    assert planned(lambda *_: Plan(say=say, requests=(of_trial,)), say, known, talked).requests == (of_trial,)


def test_trials_of_two_studies_are_said_to_be_compared_as_studies(known: Known) -> None:
    say = "compare trial 3 of demo-1 with trial 2 of demo-2"
    plan = planned(lambda *_: Plan(say=say), say, known, Dialogue())
    assert [dict(one.args) for one in plan.requests] == [{"study": "demo-1", "against_study": "demo-2"}]
    assert "within one study" in str(plan.answer)


@pytest.mark.parametrize(
    "say",
    ["compare demo-1 with the previous study", "compare demo-1 with the study before it", "把 demo-1 和前一个研究比较"],
)
def test_before_the_oldest_study_there_is_none(known: Known, say: str) -> None:
    plan = none_before(say, known, Dialogue())
    assert plan is not None and plan.answer is not None and "`demo-1`" in plan.answer and "`demo-2`" in plan.answer
    assert none_before(say.replace("demo-1", "demo-2"), known, Dialogue()) is None
