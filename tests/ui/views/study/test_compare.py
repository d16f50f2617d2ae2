"""Comparisons say what answers say, mark what differs, and call nothing comparable that is not."""

import re

import pytest

from agent.answers.paired import paired
from agent.answers.wording import signed
from agent.errors import UserError
from agent.results.comparison import Paired
from agent.studies.study_spec import StudySpec
from agent.workspace import Workspace
from tests.ui.views.study.conftest import Asks
from tests.ui.views.study.pages import assert_sound, texts
from ui.views.asked import Asked
from ui.views.compare import _named
from ui.views.compare_trials import TrialsSide
from ui.views.registry import shown


def test_without_a_choice_the_best_two_trials_are_compared(looking: Workspace, asked: Asks) -> None:
    html = str(shown("compare", asked()))
    assert_sound(html)
    study = looking.runner.peek("shop")
    best = study.best()
    assert best is not None
    assert f"Trial {best.number} is the best of trials" in texts(html)
    assert html.count('type="checkbox" name="trials.') == 6
    assert html.count(" checked") == 2


def test_the_difference_to_the_best_has_its_paired_interval(looking: Workspace) -> None:
    study = looking.runner.peek("shop")
    side = TrialsSide.of(study, [0, 1, 2])
    base = study.record(side.reference)
    line = next(line for line in side.lines if line.name == f"Minus trial {side.reference}")
    for number, cell in zip(side.numbers, line.cells, strict=True):
        found = paired(study, base, study.record(number)) if number != base.number else None
        if found is None:
            assert cell == "–"
        else:
            assert isinstance(found, Paired)
            assert cell.startswith(f"{signed(found.mean_difference)} [{signed(found.low)}, {signed(found.high)}], ")
            assert ("could be chance" in cell) != found.is_clear


def test_params_that_differ_come_first_and_are_marked(looking: Workspace) -> None:
    study = looking.runner.peek("shop")
    same_model = [record.number for record in study.records() if record.model == "item_knn"][:2]
    side = TrialsSide.of(study, same_model)
    marks = [line.differs for line in side.params]
    assert marks == sorted(marks, reverse=True)
    for line in side.params:
        assert line.differs == (len(set(line.cells)) > 1)


def test_boxes_and_addresses_choose_alike(asked: Asks) -> None:
    by_address = str(shown("compare", asked(trials="1,3,4")))
    by_boxes = str(shown("compare", asked(**{"trials.1": "on", "trials.3": "on", "trials.4": "on", "trials.0": ""})))
    assert re.findall(r"<th scope=.col.>(.*?)</th>", by_address) == re.findall(r"<th scope=.col.>(.*?)</th>", by_boxes)
    assert "trials 1, 3 and 4" in texts(by_address)


def test_studies_on_the_same_terms_are_compared_with_a_figure(asked: Asks) -> None:
    html = str(shown("compare", asked(studies="shop,club")))
    assert_sound(html)
    said = texts(html)
    assert "shop" in said
    assert re.search(r"(better than|ahead of|level)", said)
    assert "cannot be compared" not in said
    assert "<svg" in html


def test_studies_by_another_metric_are_said_not_to_be_comparable(viewed: Workspace) -> None:
    spec = StudySpec.create(
        name="other", dataset="tastes", models=["item_knn"], objectives=["recall@10"], n_trials=1, uses_rules=False
    )
    for _ in viewed.runner.create(spec).run():
        pass
    html = str(shown("compare", Asked(workspace=viewed, study="shop", options={"studies": "shop,other"})))
    assert "They cannot be compared: they go by different metrics" in texts(html)
    assert "<svg" not in html


def test_a_name_with_a_comma_is_one_name() -> None:
    assert _named(["a", "b", "c"], ["a, b", "c"]) == ["a, b", "c"]
    assert _named(["a", "c"], ["a, b", "a", "c"]) == ["a", "c"]


@pytest.mark.parametrize("options", [{"trials": "0,99"}, {"studies": "shop,nowhere"}])
def test_what_is_not_there_is_refused_in_a_sentence(asked: Asks, options: dict[str, str]) -> None:
    with pytest.raises(UserError, match=r"99|nowhere"):
        shown("compare", asked(**options))


def test_a_study_alone_asks_for_a_second_one(viewed: Workspace) -> None:
    viewed.runner.delete("club")
    html = str(shown("compare/studies", Asked(workspace=viewed, study="shop")))
    assert_sound(html)
    assert "It takes a second study." in texts(html)
