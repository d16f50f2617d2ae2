"""The table of trials and its file hold what was measured, best first; a note is kept and shown as text."""

import csv
import io
import re
import time
from dataclasses import replace

import pytest

from agent.answers.standings import spread_of
from agent.answers.wording import with_spread
from agent.errors import UserError
from agent.events import EpochFinished
from agent.standing import ordered
from agent.studies.study import Study
from agent.studies.study_spec import StudySpec
from agent.workspace import Workspace
from tests.ui.views.study.conftest import Asks
from tests.ui.views.study.pages import assert_sound, texts
from ui.views.asked import Asked
from ui.views.registry import shown
from ui.views.trial_note import keep_note
from ui.views.trials_file import trials_csv

EVIL = '<img src=x onerror="alert(1)">'


def test_trials_stand_best_first_with_interval_and_a_column_for_each_param(looking: Workspace, asked: Asks) -> None:
    html = str(shown("trials", asked()))
    assert_sound(html)
    study = looking.runner.peek("shop")
    best_first = ordered(study.spec.goal, study.records())
    assert re.findall(r'name="row" value="(\d+)"', html) == [str(record.number) for record in best_first]
    assert with_spread(best_first[0].value, spread_of(best_first[0])) in html
    heads = re.findall(r'<th scope="col"[^>]*>(?:<span class="sr">)?([^<]+)', html)
    assert {"embedding_size", "n_neighbors", "learning_rate"} <= set(heads)
    cells = {len(re.findall(r"<t[dh]", row)) for row in re.findall(r"<tr.*?</tr>", html, re.DOTALL)}
    assert cells == {len(heads)}
    assert 'data-say-rows="repeat trial {rows}"' in html


def test_only_trials_that_another_seed_would_change_can_be_repeated(looking: Workspace, asked: Asks) -> None:
    html = str(shown("trials", asked()))
    for record in looking.runner.peek("shop").records():
        box = re.search(rf'<input type="checkbox" name="row" value="{record.number}"[^>]*>', html)
        assert box is not None
        assert ("data-no-repeat" in box[0]) == (record.model == "item_knn")
        page = str(shown(f"trial/{record.number}", asked()))
        button = re.search(rf'<button[^>]*data-say="repeat trial {record.number}"[^>]*>', page)
        assert button is not None
        assert ('disabled title="Item_knn is not random: ' in button[0]) == (record.model == "item_knn")
    assert "repeat trial" not in str(shown("trials", asked(study="club")))


def test_the_trial_that_runs_has_a_row_with_what_it_has_so_far(viewed: Workspace) -> None:
    spec = StudySpec.create(name="now", dataset="tastes", models=["bpr_mf"], n_trials=2, epochs=3, uses_rules=False)
    study, rows = viewed.runner.create(spec), []
    for event in study.run():
        if isinstance(event, EpochFinished) and event.epoch == 1 and study.running() is not None:
            html = str(shown("trials", Asked(workspace=viewed, study="now")))
            assert_sound(html)
            first = html.partition("<tbody>")[2].partition("</tr>")[0]
            rows.append((texts(first), "checkbox" in first, len(re.findall("<t[dh]", first))))
    assert rows
    for words, has_box, n_cells in rows:
        assert re.search(r"^\d bpr_mf 0\.\d+ so far ", words)
        assert "running" in words
        assert re.search(r"\d of 3", words)
        assert not has_box
        assert n_cells == len(re.findall(r'<th scope="col"', html))
    assert "so far" not in str(shown("trials", Asked(workspace=viewed, study="now")))


def test_baselines_stand_apart_from_the_trials(asked: Asks) -> None:
    html = str(shown("trials", asked()))
    assert "popularity" not in html.partition('<tbody class="apart">')[0]
    assert "popularity" in html.partition('<tbody class="apart">')[2]


def test_only_the_first_rows_are_drawn_until_all_are_asked_for(asked: Asks, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.views.trials.AT_ONCE", 2)
    few, every = str(shown("trials", asked())), str(shown("trials", asked(rows="all")))
    assert few.count('name="row"') == 2
    assert "The best 2 of 6 trials." in texts(few)
    assert 'data-go="trials?rows=all"' in few
    assert every.count('name="row"') == 6


def test_the_file_has_every_metric_and_param_as_numbers(looking: Workspace) -> None:
    study = looking.runner.peek("shop")
    rows = list(csv.DictReader(io.StringIO(trials_csv(study, looking.ledger.trial_notes))))
    assert [int(row["trial"]) for row in rows] == [r.number for r in ordered(study.spec.goal, study.records())]
    for row in rows:
        record = study.record(int(row["trial"]))
        assert float(row["ndcg@10"]) == record.value
        assert {name for name in record.metrics if row[f"metric {name}"]} == set(record.metrics)
        assert all(row[f"param {name}"] == str(value) for name, value in record.params.items())
    assert not any("test" in name for name in rows[0])


def test_a_note_is_kept_shown_as_text_and_no_formula_in_the_file(viewed: Workspace, shop: Study) -> None:
    keep_note(viewed, "shop", 1, {"note": "=1+1", "tags": f"slow, {EVIL},  slow ,"}, "ada")
    kept = viewed.ledger.trial_notes.of("shop")[1]
    assert (kept.note, kept.tags, kept.person) == ("=1+1", ("slow", EVIL), "ada")
    html = str(shown("trials", Asked(workspace=viewed, study="shop")))
    assert_sound(html)
    assert EVIL in texts(html)
    rows = {row["trial"]: row for row in csv.DictReader(io.StringIO(trials_csv(shop, viewed.ledger.trial_notes)))}
    assert rows["1"]["note"] == "'=1+1"
    assert not rows["0"]["note"]
    keep_note(viewed, "shop", 1, {"note": " ", "tags": [], "seen": kept.at})
    assert viewed.ledger.trial_notes.of("shop") == {}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"note": "x" * 2001}, "at most 2,000 characters, got 2,001"),
        ({"tags": ",".join(map(str, range(11)))}, "at most 10 tags, got 11"),
        ({"tags": "x" * 31}, "a tag has at most 30 characters"),
        ({"note": 3}, "a note on a trial is a text"),
    ],
)
def test_a_note_that_is_too_long_is_refused_with_its_bound(
    looking: Workspace, given: dict[str, object], says: str
) -> None:
    with pytest.raises(UserError, match=says):
        keep_note(looking, "shop", 1, given)


def test_a_note_is_not_written_over_one_that_was_not_seen(viewed: Workspace, shop: Study) -> None:
    notes = viewed.ledger.trial_notes
    keep_note(viewed, "shop", 2, {"note": "slow in May", "tags": "slow"}, "ana")
    ana = notes.of("shop")[2]
    for seen in ("", "2026-01-01T00:00:00.000+00:00"):
        with pytest.raises(UserError, match=r"ana changed it meanwhile to “slow in May”; tags slow. Yours.*“fine”"):
            keep_note(viewed, "shop", 2, {"note": "fine", "seen": seen}, "bo")
    assert notes.of("shop")[2] == ana
    html = str(shown("trial/2", Asked(workspace=viewed, study="shop")))
    assert f'name="seen" value="{ana.at}"' in html
    assert "by ana</summary>" in html
    bo = keep_note(viewed, "shop", 2, {"note": "fine", "seen": ana.at}, "bo")
    assert (notes.of("shop")[2].person, bo.was) == ("bo", ana)
    keep_note(viewed, "shop", 2, {"back": True, "seen": bo.note.at}, "bo")
    assert notes.of("shop")[2] == ana
    with pytest.raises(UserError, match="ana changed it"):
        keep_note(viewed, "shop", 2, {"note": "", "seen": bo.note.at}, "bo")
    keep_note(viewed, "shop", 2, {"note": "", "seen": ana.at}, "ana")
    with pytest.raises(UserError, match="It was taken away meanwhile"):
        keep_note(viewed, "shop", 2, {"note": "fine", "seen": ana.at}, "bo")


def test_there_is_no_note_on_a_trial_that_is_not_there(looking: Workspace) -> None:
    with pytest.raises(UserError, match="99"):
        keep_note(looking, "shop", 99, {"note": "hello"})


def test_a_thousand_trials_are_shown_without_delay(viewed: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    first = viewed.runner.peek("shop").records()[0]
    many = tuple(
        replace(
            first, number=n, id=f"shop/{n}", params={**first.params, "learning_rate": 0.001 + n * 1e-6}, value=n * 1e-5
        )
        for n in range(1000)
    )
    monkeypatch.setattr(Study, "records", lambda self: many)
    began = time.process_time()
    html = str(shown("trials", Asked(workspace=viewed, study="shop")))
    assert time.process_time() - began < 1.5  # 0.2 s on a quiet machine; what grows with the square takes over 5 s
    assert html.count('name="row"') == 200
