"""Each kind of figure has a view: what can be chosen as a form, its sentence, its values, and files."""

import csv
import io
import re
from html import unescape
from urllib.parse import parse_qsl

import pytest

from agent.errors import UserError
from agent.studies.study_spec import StudySpec
from agent.workspace import Workspace
from tests.ui.views.study.conftest import Asks
from tests.ui.views.study.pages import assert_sound, texts
from ui.figures import KINDS
from ui.views.asked import Asked
from ui.views.plot import comparable
from ui.views.plot_file import plot_file
from ui.views.registry import shown


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_drawn_or_says_why_not(kind: str, asked: Asks) -> None:
    html = str(shown(f"plot/{kind}", asked(width=340)))
    assert_sound(html)
    assert ("<svg" in html) != ("Nothing to draw" in html)
    assert f'data-go="plot/{kind}" aria-current="page"' in html
    assert html.count("aria-current") == 1
    assert html.count(f">{KINDS[kind].title}<") == 2, "its tab and its heading have one name"
    assert all(f'data-go="plot/{other}"' in html for other in KINDS)
    assert ("The values as a table" in html) == ("<svg" in html)


def test_what_is_chosen_in_the_form_is_drawn_and_stays_chosen(asked: Asks) -> None:
    html = str(shown("plot/curves", asked(**{"trials.0": "on", "trials.1": "", "x": "seconds"})))
    points = set(re.findall(r'class="point"[^>]*data-go="trial/(\d+)"', html)) | set(
        re.findall(r'data-go="trial/(\d+)"[^>]*class="point"', html)
    )
    assert points == {"0"}
    assert re.search(r'name="trials\.0" value="on" checked', html)
    assert not re.search(r'name="trials\.1" value="on" checked', html)
    assert '<option value="seconds" selected>' in html


def test_what_the_client_adds_is_no_option_of_the_figure(asked: Asks) -> None:
    assert "<svg" in str(shown("plot/history", asked(nonsense="1")))


def test_a_value_that_is_not_legal_is_refused_with_those_that_are(asked: Asks) -> None:
    with pytest.raises(UserError, match="`x` must be one of epoch, seconds, got 'moons'"):
        shown("plot/curves", asked(x="moons"))
    with pytest.raises(UserError, match="there is no figure 'pie'; the figures are history"):
        shown("plot/pie", asked())


def test_the_files_hold_what_is_drawn(looking: Workspace, asked: Asks) -> None:
    study = looking.runner.peek("shop")
    html = str(shown("plot/curves", asked(**{"trials.0": "on"})))
    links = dict(re.findall(r'href="/api/file\?what=plot\.(\w+)&amp;([^"]*)" download', html))
    assert set(links) == {"svg", "png", "pdf", "csv"}
    options = dict(parse_qsl(unescape(links["csv"])))
    assert options.pop("study") == "shop"
    rows = list(csv.reader(io.StringIO(plot_file(looking, study, "csv", options).decode())))
    assert {row[0] for row in rows[1:]} == {"0"}
    assert plot_file(looking, study, "png", options).startswith(b"\x89PNG")
    assert b"<svg" in plot_file(looking, study, "svg", options)
    with pytest.raises(UserError, match="svg, png, pdf, csv"):
        plot_file(looking, study, "exe", options)


def test_only_studies_on_the_same_terms_are_drawn_together(viewed: Workspace) -> None:
    spec = StudySpec.create(
        name="other", dataset="tastes", models=["item_knn"], objectives=["recall@10"], n_trials=1, uses_rules=False
    )
    for _ in viewed.runner.create(spec).run():
        pass
    names = [study.name for study in comparable(viewed, viewed.runner.peek("shop"))]
    assert names == ["club"]
    html = str(shown("plot/studies", Asked(workspace=viewed, study="shop")))
    assert "club" in texts(html)
    assert "other" not in texts(html)
