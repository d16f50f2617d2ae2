"""The memory as a page: what weighed in and why not, notes and lessons with what they rest on, a search."""

import re
from dataclasses import replace

import pytest

from agent.errors import UserError
from agent.studies.study_spec import StudySpec
from agent.tools.weighing import show_influence
from agent.workspace import Workspace
from memory.record import Lesson
from ui.views.asked import Asked
from ui.views.registry import shown

NOTE = Lesson(
    id="lesson/one", text="never mind <b>shrinkage</b>", source="user", created_at="2026-03-01T10:00:00+00:00"
)
LEARNED = Lesson(
    id="lesson/two",
    text="On shop, item_knn with many neighbours was worse than expected.",
    source="reflection",
    study="first",
    dataset="shop",
    evidence=("first/2", "gone/7"),
    created_at="2026-03-02T10:00:00+00:00",
    withdrawn="3 other trials were better",
)


def html(workspace: Workspace, study: str | None = "first", **options: str) -> str:
    return str(shown("memory", Asked(workspace=workspace, study=study, options=options)))


def item_of(page: str, words: str) -> str:
    items: list[str] = re.findall(r"<li.*?</li>", page, re.S)
    return next(item for item in items if words in item)


def test_past_data_are_shown_with_likeness_and_trust_in_words(unchanged: Workspace) -> None:
    found, page = show_influence(unchanged, study="first"), html(unchanged)
    assert found.data
    one = found.data[0]
    assert f"<b>{one.dataset}</b>" in page
    assert f"{one.likeness:.2f} of 1" in page
    assert f"{found.n_from_past} of {found.n_trials} trials were proposed with past data in view" in page
    assert "What likeness and trust mean" in page


@pytest.mark.parametrize(
    ("sampler", "n_trials", "why"),
    [
        ("random", 2, "its sampler, random, uses no memory"),
        ("advisor", 0, "no trial of it has ended"),
        ("advisor", 1, "defaults or your own params"),
    ],
)
def test_why_nothing_was_recalled_is_said(workspace: Workspace, sampler: str, n_trials: int, why: str) -> None:
    spec = StudySpec.create(name="new", dataset="shop", models=["item_knn"], n_trials=max(n_trials, 1), sampler=sampler)
    study = workspace.runner.create(spec)
    for _ in study.run() if n_trials else ():
        pass
    assert why in html(workspace, "new")


def test_without_a_study_the_memory_itself_is_shown(unchanged: Workspace) -> None:
    page = html(unchanged, None)
    assert "What weighed in" not in page
    assert "Remembered: 5 trials on 1 dataset" in page


def test_a_note_can_be_forgotten_by_its_words_and_is_read_as_text(workspace: Workspace) -> None:
    workspace.memory.remember(NOTE)
    item = item_of(html(workspace), "shrinkage")
    assert "never mind &lt;b&gt;shrinkage&lt;/b&gt;" in item
    assert 'data-say="forget the note “never mind &lt;b&gt;shrinkage&lt;/b&gt;”"' in item
    assert "told by" not in item, "where nobody logs in"
    assert "for every dataset · 2026-03-01" in item


def test_a_note_says_who_told_it_where_people_log_in(workspace: Workspace) -> None:
    workspace.memory.remember(replace(NOTE, told_by="ana"))
    of = {
        person: item_of(str(shown("memory", Asked(workspace=workspace, study="first", person=person))), "shrinkage")
        for person in ("ana", "bo")
    }
    assert "2026-03-01 · told by you" in of["ana"]
    assert "2026-03-01 · told by ana" in of["bo"]


def test_a_lesson_says_what_it_rests_on_and_that_it_was_withdrawn(workspace: Workspace) -> None:
    workspace.memory.remember(LEARNED)
    item = item_of(html(workspace), "many neighbours")
    assert "withdrawn: 3 other trials were better" in item
    assert "<s>" in item
    assert 'href="?study=first&amp;view=trial%2F2" data-go="trial/2"' in item
    assert "gone/7" not in item
    assert "and 1 more" in item


def test_a_search_finds_trials_that_can_be_opened(unchanged: Workspace) -> None:
    page = html(unchanged, find="item_knn on shop")
    assert "Found for “item_knn on shop”" in page
    assert "?study=first&amp;view=trial%2F" in page
    assert 'value="item_knn on shop"' in page


def test_a_memory_that_cannot_be_read_is_said_where_it_is_missed(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise UserError("the memory is damaged")

    for name in ("recall", "records", "stats", "lessons"):
        monkeypatch.setattr(workspace.memory, name, broken)
    page = html(workspace, find="x")
    assert page.count("the memory is damaged") >= 3
    assert "<h4>Notes</h4>" in page
