"""Studies, trials, datasets and files that are meant by what they are, or misspelt, are read as what there is."""

from dataclasses import replace

import pytest

from agent.understanding.dialogue import Dialogue
from agent.understanding.hearing import heard
from agent.understanding.known import Known
from agent.understanding.names.references import resolve, with_open
from agent.understanding.plan import Request

HERE = Known(
    datasets=("demo", "shop"),
    studies=("demo-2", "demo-1"),
    study="demo-2",
    study_dataset="demo",
    study_models=("sasrec",),
    trials=(0, 1, 2, 3),
    ranking=(0, 2, 3, 1),
    files=lambda folder: ("movies.csv", "runs.csv") if folder in ("", "data") else (),
)
OTHER = replace(HERE, study="demo-1", study_models=("bpr_mf", "ease"), ranking=(3, 1, 0, 2))
KNOWN = replace(HERE, with_study={"demo-1": OTHER, "demo-2": HERE}.get)


def read(say: str, dialogue: Dialogue | None = None, known: Known = KNOWN) -> list[tuple[str, object]]:
    said = heard(say, known, dialogue or Dialogue(), lambda word: True).said
    return [(span.kind, span.value) for span in said.spans if span.kind in ("study", "trial", "dataset", "path")]


@pytest.mark.parametrize(
    ("say", "study"),
    [
        ("open the bpr one", "demo-1"),
        ("delete the ease study", "demo-1"),
        ("open the study with ease in it", "demo-1"),
        ("not this study, the one with bpr: add four trials there", "demo-1"),
        ("five more, I mean in the one with bpr and ease", "demo-1"),
        ("open the first study", "demo-1"),
        ("stop the second study", "demo-2"),
        ("open the newest study", "demo-2"),
        ("rename one of the studies to old", "?"),
        ("open the third study", "?"),
        ("open the study on demo", "?"),
        ("open dmeo-1", "demo-1"),
    ],
)
def test_a_study_is_meant_by_what_it_is(say: str, study: str) -> None:
    assert read(say) == [("study", study)]


@pytest.mark.parametrize("say", ["start the sasrec study", "start a bpr study", "call it dmeo-1", "open demo-7"])
def test_what_is_begun_or_named_newly_is_no_study_that_there_is(say: str) -> None:
    assert ("study", "demo-1") not in read(say)


@pytest.mark.parametrize(
    ("say", "path"),
    [("add moives.csv", "movies.csv"), ("add movies.scv", "movies.csv"), ("add data/moives.csv", "data/movies.csv")],
)
def test_a_misspelt_file_is_the_one_that_lies_there(say: str, path: str) -> None:
    assert read(say) == [("path", path)]


def test_a_file_that_is_near_to_none_or_to_several_stays_as_it_was_said() -> None:
    twins = replace(KNOWN, files=lambda folder: ("run1.csv", "runa.csv", "runb.csv"))
    assert read("add clicks.csv") == [("path", "clicks.csv")]
    assert read("add runx.csv", known=twins) == [("path", "runx.csv")]


def test_former_and_latter_are_the_two_that_were_talked_of() -> None:
    trials = Dialogue(study="demo-2").about(trials=(0, 3))
    studies = Dialogue().about(study="demo-3").about(study="shop-1")
    assert read("export the former", trials) == [("trial", 0)]
    assert read("export the latter", trials) == [("trial", 3)]
    assert read("pause the former", studies) == [("study", "demo-3")]
    assert read("pause the former", studies.about(study="demo-3")) == [("study", "demo-3")]
    assert read("compare 1 and 2, export the latter") == [("trial", 2)]


def test_first_after_a_list_is_the_first_of_the_list() -> None:
    shown = Dialogue(last=(Request(tool="list_studies"),))
    data = Dialogue(last=(Request(tool="list_datasets"),))
    assert read("the first of those, please", shown) == [("study", "demo-2")]
    assert read("the second, how dense is it?", data) == [("dataset", "shop")]


def test_the_trial_before_another_one_is_meant_by_it() -> None:
    assert read("what about the one before trial 3?") == [("trial", 2)]


def test_the_best_of_another_study_is_its_own_best() -> None:
    found, _ = resolve("export_model", {"study": "demo-1", "trial": "best"}, KNOWN, Dialogue(study="demo-2"))
    assert found == {"study": "demo-1", "trial": 3}


def test_a_study_that_could_be_several_is_asked_for() -> None:
    assert with_open("rename_study", {"study": "?", "name": "old"}, KNOWN, Dialogue())["study"] is None


def test_trials_that_ran_are_those_that_these_two_are() -> None:
    state = Dialogue(study="demo-2").after((Request(tool="explain_trial", args={"trial": 2}),))
    for number in (4, 5):
        state = state.after((Request(tool="run_trial", args={"base": 2}),)).running(number)
    assert (state.group(2), state.group(3), state.trial) == ((4, 5), (2, 4, 5), 5)
    assert Dialogue.from_dict(state.to_dict()) == state
