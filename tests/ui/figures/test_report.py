"""The report: one page that needs no script, no network and no theme of its own."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from memory.record import TrialRecord
from ui.report import report, write_report

ASSETS = Path(__file__).parents[3] / "ui" / "assets"
EVIL = "</script><script>alert(1)</script>"


@pytest.fixture(scope="module")
def page(study_of: Callable[..., Any], trial: Callable[..., TrialRecord]) -> str:
    secret = {"test_ndcg@10": 0.7531}
    records = [replace(one, metrics=dict(one.metrics) | secret) for one in map(trial, range(9))]
    records[2] = replace(records[2], reason=EVIL, evidence=(EVIL,), params=dict(records[2].params) | {"loss": EVIL})
    return report(study_of(records))


def test_a_report_escapes_whatever_data_and_models_say_and_holds_no_value_of_test(page: str) -> None:
    assert "alert(1)" in page and "<script" not in page and " onclick" not in page
    assert "&lt;i&gt;why&lt;/i&gt; {{ 1 + 1 }}" in page
    assert "7531" not in page


def test_a_report_reads_from_the_answer_to_the_lines_that_repeat_it(page: str) -> None:
    read = re.findall(r"<h[12]>(.*?)</h[12]>", page)
    assert read[:4] == ["shop-1", "History", "Leaderboard", "Slices"]
    assert read[-3:] == ["Timeline", "Why each trial was run", "Data, and how to repeat it"]
    assert re.search(r"Trial \d, <b>\w+</b>: ndcg@10 <b>0\.\d+</b> on validation\.", page)
    assert "<pre>recpilot tune demo --model bpr_mf --model sasrec" in page


def test_each_figure_is_drawn_for_a_screen_and_a_phone_and_tells_its_values(page: str) -> None:
    n = page.count("<figure>")
    assert n >= 6 and page.count("<svg") == 2 * n == 2 * page.count("<summary>")
    widths = set(re.findall(r'<svg [^>]*viewBox="0 0 (\d+)', page))
    assert widths == {"880", "350"}
    assert "<th>" not in page and "<a class" not in page
    names = re.findall(r"<summary>(.*?)</summary>", page)
    assert len(names) == len(set(names))
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids)) and len(page) < 350_000


def test_the_colours_of_pages_are_the_tokens_of_the_page() -> None:
    def tokens(css: str) -> dict[str, str]:
        return dict(re.findall(r"(--[\w-]+): (#[0-9a-f]{6})", css))

    style, base = ((ASSETS / name).read_text("utf-8") for name in ("style.css", "base.html.j2"))
    light, dark = style.split(".dark {")[0], style.split(".dark {")[1].partition("}")[0]
    ours = base.split("@media (prefers-color-scheme: dark)")
    for mine, theirs in zip(map(tokens, ours), map(tokens, (light, dark)), strict=True):
        assert len(mine) > 10 and mine.items() <= theirs.items()


def test_a_study_without_a_value_has_a_report_too(
    study_of: Callable[..., Any], trial: Callable[..., TrialRecord], tmp_path: Path
) -> None:
    page = write_report(study_of([trial(5)]), tmp_path).read_text("utf-8")
    assert "No trial has come to its end" in page and "<h2>Timeline</h2>" in page and "<h2>History</h2>" not in page
