"""What holds for every kind of figure."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest

from agent.errors import UserError
from memory.record import TrialRecord
from ui.figures import KINDS, StudyData, kind_of
from ui.figures.canvas import text_width
from ui.figures.theme import VARIABLES

HOSTILE = "<b>$x^2$\u202e&\x1b\"'"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def data(make: Callable[..., StudyData]) -> StudyData:
    """Of as many trials as importance takes."""
    return make(26, others=(make(9, name="club"), make(0, name="empty")))


@pytest.mark.parametrize("width", [340, 900])
@pytest.mark.parametrize("name", KINDS)
def test_a_figure_is_drawn_with_a_sentence_a_table_and_nothing_beyond_its_edges(
    name: str, width: int, data: StudyData
) -> None:
    picture = KINDS[name].draw(data, width=width)
    assert not picture.empty and picture.says.endswith(".") and re.search(r"\d", picture.says)
    assert picture.table.rows and all(len(row) == len(picture.table.head) for row in picture.table.rows)
    root = parsed(picture.svg)
    assert root.get("viewBox", "").split()[2] == str(width)
    assert root.get("role") in ("img", "group") and root.get("aria-label") == picture.says
    for text in root.iter(f"{SVG}text"):
        if not text.get("transform") and text.text:
            left, right = _span(text)
            assert left > -2 and right < width + 2, f"{text.text} reaches from {left:.0f} to {right:.0f}"


@pytest.mark.parametrize("name", KINDS)
def test_all_colours_follow_the_theme_and_nothing_is_left_of_the_library(name: str, data: StudyData) -> None:
    svg = KINDS[name].draw(data).svg
    bare = re.sub(r"var\(--[\w-]+, #\w+\)", "", svg)
    assert not re.findall(r"#[0-9a-f]{6}", bare)
    assert all(f"var({variable}, {colour})" in svg for colour, variable in VARIABLES.items() if colour in svg)
    assert not re.search(r"DejaVu|metadata|<style|target=|xlink|matplotlib|<script|\bid=\"(?!p[0-9a-f]{6}-)", svg)


@pytest.mark.parametrize("name", KINDS)
def test_ids_of_two_figures_on_a_page_differ_and_links_go_to_trials(name: str, data: StudyData) -> None:
    svg = KINDS[name].draw(data).svg
    ids = re.findall(r'\bid="([^"]+)"', svg)
    assert len(ids) == len(set(ids)) and set(re.findall(r'(?:href="|url\()#([^")]+)', svg)) <= set(ids)
    assert not set(ids) & set(re.findall(r'\bid="([^"]+)"', KINDS[name].draw(data, width=500).svg))
    links = list(parsed(svg).iter(f"{SVG}a"))
    assert all(re.fullmatch(r"trial/\d+", link.get("data-go", "")) for link in links)
    assert all(link.get("href") == f"?view={link.get('data-go')}" and link.get("aria-label") for link in links)
    assert [link.get("tabindex") for link in links].count("0") == bool(links)
    assert "<a" not in KINDS[name].draw(data).still


@pytest.mark.parametrize("name", KINDS)
def test_text_from_outside_is_neither_markup_nor_mathematics(
    name: str, make: Callable[..., StudyData], trial: Callable[..., TrialRecord]
) -> None:
    records = tuple(
        replace(trial(n), reason=HOSTILE, params=dict(trial(n).params) | {"loss": HOSTILE}) for n in range(26)
    )
    picture = KINDS[name].draw(
        make(all_records=records, name=HOSTILE, dataset=HOSTILE, others=(make(9, name=HOSTILE),)), width=900
    )
    for svg in (picture.svg, picture.still):
        assert not parsed(svg).findall(".//b") and not {"\u202e", "\x1b"} & set(svg)
        assert "$x^2$" not in svg or "&lt;b&gt;$x^2$\\u202e&amp;\\x1b" in svg
    if name == "studies":  # which writes the names of studies
        assert any("$x^2$" in (text.text or "") for text in parsed(picture.svg).iter(f"{SVG}text"))


@pytest.mark.parametrize("name", KINDS)
def test_values_of_the_test_part_are_never_shown(
    name: str, make: Callable[..., StudyData], trial: Callable[..., TrialRecord]
) -> None:
    secret = 0.987654
    records = tuple(replace(trial(n), metrics=dict(trial(n).metrics) | {"test_ndcg@10": secret}) for n in range(9))
    data = make(all_records=records, others=(make(9, name="club"),))
    picture = KINDS[name].draw(data)
    assert "0.9876" not in picture.svg + picture.says and secret not in [
        cell for row in picture.table.rows for cell in row
    ]
    assert not any("test_" in choice.value for option in KINDS[name].options(data) for choice in option.choices)


@pytest.mark.parametrize("name", KINDS)
def test_an_empty_figure_says_why(name: str, make: Callable[..., StudyData]) -> None:
    picture = KINDS[name].draw(make(all_records=(), running=None))
    assert picture.empty.endswith(".") and not picture.svg and not picture.says


@pytest.mark.parametrize("name", KINDS)
def test_every_choice_of_every_option_can_be_drawn(name: str, data: StudyData) -> None:
    for option in KINDS[name].options(data):
        for value in ["on"] if option.kind == "switch" else [one.value for one in option.choices][:4]:
            picture = KINDS[name].draw(data, {option.name: value}, width=400)
            assert picture.svg or picture.empty, f"{option.name}={value}"


def test_what_is_not_legal_is_refused_with_what_is(data: StudyData) -> None:
    with pytest.raises(UserError, match="there is no figure 'pie'; the figures are history, curves"):
        kind_of("pie")
    with pytest.raises(UserError, match="this figure has no option 'colour'; the options are metric, errors, group"):
        KINDS["history"].draw(data, {"colour": "red"})
    with pytest.raises(UserError, match=r"`metric` must be one of ndcg@10, coverage@10, got 'auc'"):
        KINDS["history"].draw(data, {"metric": "auc"})
    with pytest.raises(UserError, match="`errors` must be on or off, got 'maybe'"):
        KINDS["history"].draw(data, {"errors": "maybe"})


def test_what_a_person_has_set_for_plots_of_theirs_changes_nothing(data: StudyData) -> None:
    with mpl.rc_context({"axes.grid": True, "font.size": 30, "lines.linewidth": 9, "axes.facecolor": "red"}):
        theirs = KINDS["history"].draw(data).svg
    assert theirs == KINDS["history"].draw(data).svg


def test_figures_can_be_drawn_from_several_threads(data: StudyData) -> None:
    with ThreadPoolExecutor(4) as pool:
        drawn = list(pool.map(lambda name: KINDS[name].draw(data).svg, [*KINDS, *KINDS]))
    assert drawn[: len(KINDS)] == drawn[len(KINDS) :]


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314  ours


def _span(text: ET.Element) -> tuple[float, float]:
    """From where to where a text reaches, in px."""
    style, x = text.get("style", ""), float(text.get("x", 0))
    size = re.search(r"font-size:([\d.]+)px", style)
    width = text_width(text.text or "", float(size[1]) if size else 12.0, is_bold="font-weight:700" in style)
    anchor = re.search(r"text-anchor:(\w+)", style)
    left = {"end": x - width, "middle": x - width / 2}.get(anchor[1] if anchor else "", x)
    return left, left + width
