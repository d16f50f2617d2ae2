"""What each kind of figure says of a study that is known by construction."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from agent.objective import Goal
from memory.record import TrialRecord
from recmodels.search_space import Choice, Float
from ui.figures import KINDS, StudyData, curves, scales
from ui.figures.labels import spread
from ui.figures.study_data import Running
from ui.figures.theme import VARIABLES

ASSETS = Path(__file__).parents[3] / "ui" / "assets"


def test_the_colours_are_the_tokens_of_the_page() -> None:
    tokens = dict(
        re.findall(r"(--[\w-]+): (#[0-9a-f]{6})", (ASSETS / "style.css").read_text("utf-8").partition(".dark")[0])
    )
    assert {name: tokens[name] for name in VARIABLES.values()} == {name: colour for colour, name in VARIABLES.items()}


def test_history_shows_each_trial_once_the_best_as_its_stop_and_the_line_of_leaders(data: StudyData) -> None:
    picture = KINDS["history"].draw(data)
    assert sorted(map(int, re.findall(r'data-go="trial/(\d+)"', picture.svg))) == list(range(12))
    assert data.best is not None
    (stop,) = re.findall(r'data-go="trial/(\d+)"[^>]*tabindex="0"', picture.svg)
    assert int(stop) == data.best.number and f"the best is trial {stop}" in picture.says
    assert [row[-1] for row in picture.table.rows] == [best and best.value for best in data.leaders]
    assert "trial 5, sasrec: failed: diverged" in picture.svg and "popularity 0.05" in picture.svg


def test_a_trial_that_breaks_a_constraint_is_drawn_and_is_not_the_best(make: Callable[..., StudyData]) -> None:
    strict = make(goal=Goal.parse(["ndcg@10"], ["coverage@10>=0.55"]))
    assert strict.best is not None and strict.best.value != max(r.value or 0.0 for r in strict.measured)
    assert "breaks a constraint" in KINDS["history"].draw(strict).svg
    bound = KINDS["pareto"].draw(strict, {"x": "coverage@10", "y": "ndcg@10"})
    assert "coverage@10 &gt;= 0.55" in bound.svg


def test_curves_show_the_best_the_running_one_and_what_is_chosen(data: StudyData) -> None:
    usual, chosen = KINDS["curves"].draw(data), KINDS["curves"].draw(data, {"trials": ["1", "2"]})
    assert data.best is not None
    assert {row[0] for row in chosen.table.rows} == {1, 2}
    assert {row[0] for row in KINDS["curves"].draw(data, {"trials": "1,12"}).table.rows} == {1, 12}
    assert len({row[0] for row in usual.table.rows}) == 6 and data.best.number in {row[0] for row in usual.table.rows}
    assert "trial 12 runs, at 0.05 after 2 epochs" in usual.says
    seconds = KINDS["curves"].draw(data, {"trials": "1", "x": "seconds"})
    assert seconds.table.rows[-1][2] == pytest.approx(11.0) and "seconds" in seconds.svg


def test_a_curve_ends_at_its_last_epoch_and_one_alone_is_not_called_other(
    make: Callable[..., StudyData], trial: Callable[..., TrialRecord]
) -> None:
    records = tuple(replace(trial(n), value=0.3 - n / 100, curve=(0.1, 0.3 - n / 100, 0.2)) for n in (0, 2))
    study = make(all_records=records, running=None)
    both, alone = KINDS["curves"].draw(study), KINDS["curves"].draw(study, {"trials": "2"})
    assert both.says == ("ndcg@10 by epoch of 2 trials; the best, trial 0: best 0.3 at epoch 2 of 3, ended at 0.2.")
    assert alone.says == "ndcg@10 by epoch of trial 2; best 0.28 at epoch 2 of 3, ended at 0.2."
    assert "other trials of bpr_mf" in both.svg and "trials of bpr_mf" not in alone.svg


def test_a_smoothed_curve_begins_where_the_raw_one_does_and_follows_it_late() -> None:
    raw = curves.Curve(number=0, model="ease", xs=(1.0, 2.0, 3.0), ys=(1.0, 1.0, 2.0))
    assert curves._smoothed(raw, 0.0).ys == raw.ys
    first, second, third = curves._smoothed(raw, 0.8).ys
    assert [first, second] == pytest.approx([1.0, 1.0]) and 1.0 < third < 1.5


def test_curves_of_a_metric_that_is_measured_once_say_so(
    make: Callable[..., StudyData], trial: Callable[..., TrialRecord]
) -> None:
    records = tuple(replace(trial(n), curve=()) for n in range(3))
    empty = KINDS["curves"].draw(make(all_records=records, running=None)).empty
    assert empty.startswith("No trial has a curve: bpr_mf, sasrec learn in one step")


def test_the_front_and_the_distribution_hold_only_trials_that_meet_the_constraints(
    make: Callable[..., StudyData], trial: Callable[..., TrialRecord]
) -> None:
    values = {0: (0.1, 0.9), 1: (0.2, 0.5), 2: (0.15, 0.4), 4: (0.3, 0.1)}
    records = tuple(
        replace(trial(n), value=v, metrics={"valid_ndcg@10": v, "valid_coverage@10": c}) for n, (v, c) in values.items()
    )
    picture = KINDS["pareto"].draw(make(all_records=records), {"x": "coverage@10", "y": "ndcg@10"})
    assert [row[0] for row in picture.table.rows if row[-1] == "yes"] == [0, 1]
    assert [row[0] for row in picture.table.rows if row[-2] == "no"] == [2, 4]
    assert "4 complete trials, of which 2 meet coverage@10 >= 0.5" in picture.says and "trial 4" not in picture.says
    free = KINDS["pareto"].draw(make(all_records=records, goal=Goal.parse(["ndcg@10"])), {"x": "coverage@10"})
    assert [row[0] for row in free.table.rows if row[-1] == "yes"] == [0, 1, 4]
    none = KINDS["pareto"].draw(make(all_records=records, goal=Goal.parse(["ndcg@10"], ["coverage@10>=0.99"])))
    assert none.says.endswith("of which none meets coverage@10 >= 0.99, so there is no front.")
    assert "no other trial beats" not in none.svg
    spread = KINDS["edf"].draw(make(all_records=(*records, trial(3))))
    assert [row[1] for row in spread.table.rows] == [0.1, 0.2]
    assert "(2 that break it and 1 pruned not counted)" in spread.says


def test_two_params_see_where_the_best_values_lie(make: Callable[..., StudyData]) -> None:
    """The planted best learning rate is 0.01."""
    picture = KINDS["contour"].draw(make(30), {"model": "bpr_mf", "x": "learning_rate", "y": "embedding_size"})
    found = re.search(r"at learning_rate ([\d.e-]+)", picture.says)
    assert found is not None and 0.004 < float(found[1]) < 0.025
    costly = tuple(replace(one, objective="rmse", direction="minimize") for one in make(30).all_records)
    least = make(all_records=costly, goal=Goal.parse(["rmse"]))
    said = KINDS["contour"].draw(least, {"model": "bpr_mf", "x": "learning_rate", "y": "embedding_size"}).says
    found = re.search(r"the best, (0\.\d+), at learning_rate ([\d.e-]+)", said)
    assert found is not None and float(found[2]) < 0.001
    doubt = KINDS["contour"].draw(make(30), {"model": "bpr_mf", "uncertainty": "on"})
    assert "How unsure" in doubt.says


def test_studies_are_told_from_the_best_on_and_those_without_a_value_are_left_out(data: StudyData) -> None:
    assert KINDS["studies"].draw(data).says.startswith("Best ndcg@10 of 2 studies: ")
    assert KINDS["edf"].draw(data).table.rows[-1][2] == 1.0
    assert len({row[0] for row in KINDS["edf"].draw(data, {"studies": "club"}).table.rows}) == 2


def test_each_of_nine_studies_is_told_apart_and_named_in_the_colour_of_its_line(
    make: Callable[..., StudyData], trial: Callable[..., TrialRecord]
) -> None:
    def one(place: int) -> StudyData:
        records = tuple(replace(trial(n), value=0.1 + place / 1000) for n in (0, 1))
        return make(all_records=records, running=None, name=f"study-{place}")

    first = one(0)
    svg = KINDS["studies"].draw(replace(first, others=tuple(map(one, range(1, 9))))).svg
    looks = re.findall(r'style="(fill:none;[^"]*stroke-width:2(?:;[^"]*)?)"', svg)
    labels = {name: colour for colour, name in re.findall(r"fill:var\((--series-\d)[^>]*>(study-\d) 0\.", svg)}
    assert len(looks) == len(set(looks)) == 9
    assert list(labels.values()) == [re.search(r"--series-\d", one)[0] for one in looks]  # type: ignore[index]


def test_labels_keep_apart_as_near_to_their_places_as_that_allows() -> None:
    assert spread([10.0, 50.0], 15, 0, 100) == [10.0, 50.0]
    assert spread([50.0, 50.0, 50.0], 10, 0, 100) == [40.0, 50.0, 60.0]
    assert spread([99.0, 1.0, 98.0], 10, 0, 100) == [100.0, 1.0, 90.0]


def test_missing_error_bars_are_explained(data: StudyData) -> None:
    other = KINDS["history"].draw(data, {"errors": "on", "metric": "coverage@10"}).says
    assert "without error bars, since the values of each user are kept of ndcg@10 alone" in other
    assert "without error bars, since the values of ndcg@10 of each user were not kept" in (
        KINDS["history"].draw(data, {"errors": "on"}).says
    )
    assert "error bars" not in KINDS["history"].draw(data).says


def test_the_timeline_begins_with_the_first_trial_and_ends_with_the_last(data: StudyData) -> None:
    rows = KINDS["timeline"].draw(data).table.rows
    assert rows[0][3] == 0.0 and rows[3][5] == pytest.approx(13.0) and rows[-1][4] == pytest.approx(11 * 60 + 10)


def test_the_timeline_of_an_earlier_version_says_about_and_no_trial_begins_before_the_last_one_ended(
    make: Callable[..., StudyData], trial: Callable[..., TrialRecord]
) -> None:
    second = "2026-11-29T10:00:30+00:00"
    records = tuple(replace(trial(n), cost={"train_s": 0.0127}, finished_at=second) for n in range(3))
    failed = replace(trial(5), cost={}, finished_at=second)
    picture = KINDS["timeline"].draw(make(all_records=(*records, failed), running=None, worked_s=32.0))
    spans = [(row[3], row[4]) for row in picture.table.rows]
    assert all(float(end or 0) <= float(start or 0) for (_, end), (start, _) in pairwise(spans))
    assert "within about " in picture.says and "how long 1 trial ran was not recorded" in picture.says
    assert "The study worked for 32 s in all" in picture.says and " 0 ms" not in picture.says + picture.svg
    assert not any(re.search(r"\.\d{4}", str(cell)) for row in picture.table.rows for cell in row[3:])


def test_the_timeline_is_of_recorded_times_and_shows_the_trial_that_runs(
    make: Callable[..., StudyData], trial: Callable[..., TrialRecord]
) -> None:
    times = {0: ("00.250", "01.000"), 1: ("03.125", "04.250")}
    records = tuple(
        replace(trial(n), cost={"train_s": 0.5}, started_at=f"2026-11-29T10:00:{a}+00:00",
                finished_at=f"2026-11-29T10:00:{b}+00:00")
        for n, (a, b) in times.items()
    )  # fmt: skip
    now = Running(number=2, model="sasrec", curve=(), epochs=8, started_at="2026-11-29T10:00:05+00:00", so_far_s=3.0)
    picture = KINDS["timeline"].draw(make(all_records=records, running=now))
    assert [row[3:5] for row in picture.table.rows] == [(0.0, 0.75), (2.875, 4.0), (4.75, 7.75)]
    assert picture.table.rows[2][2] == "running" and "trial 2 still runs" in picture.says
    assert "about" not in picture.says and "they ran for 4.9 s of that" in picture.says


def test_importance_tells_how_far_it_can_be_trusted(
    make: Callable[..., StudyData], trial: Callable[..., TrialRecord]
) -> None:
    """What decides is clear of the rest; where nothing does, the intervals overlap."""
    chance = [(37 * n * n) % 101 / 1000 for n in range(60)]
    noise = tuple(replace(trial(n), value=0.1 + chance[n]) for n in range(60))
    clear, unclear = (
        KINDS["importance"].draw(given, {"model": "bpr_mf"}).table.rows for given in (make(60), make(all_records=noise))
    )
    assert clear[0][0] == "learning_rate" and sum(float(row[1] or 0) for row in clear) == pytest.approx(1.0)
    assert float(clear[0][2] or 0) > float(clear[1][3] or 0) and float(unclear[0][2] or 0) < float(unclear[1][3] or 0)
    assert "Of the params of bpr_mf, learning_rate moved ndcg@10 most" in KINDS["importance"].draw(make(60)).says
    said = KINDS["importance"].draw(make(all_records=noise), {"model": "bpr_mf"}).says
    assert said.startswith("No param of bpr_mf is clearly the one that moved ndcg@10 most: the intervals of ")
    few = KINDS["importance"].draw(make(18), {"model": "bpr_mf"}).empty
    assert few.startswith("It takes 10 complete trials of a model") and few.endswith(": bpr_mf has 9 of 10.")


def test_an_axis_is_what_the_space_declares() -> None:
    log = scales.of_param("lr", [0.001, 0.1], Float(1e-4, 1.0, default=0.01, log=True))
    assert log.is_log and log.share(0.01) == pytest.approx(0.5) and ("0.01" in [label for _, label in log.ticks])
    named = scales.of_param("loss", ["bce", "bpr"], Choice(("bpr", "ce", "bce"), default="bpr"))
    assert named.categories == ("bpr", "bce") and named.holds("bce") and not named.holds("ce")
    flags = scales.of_param("bias", [True, 1, False], None)
    assert len(flags.categories) == 3
    absent = scales.of_param("rank", [4, None, 8], None)
    assert absent.place(None) < absent.numbers_from < absent.place(4) and absent.ticks[0][1] == "not set"
    assert absent.share(None) < 0.15 < absent.share_at(absent.numbers_from)
    assert [label for _, label in scales.of_param("n_layers", [2, 2, 2], None).ticks] == ["2"]
    even = scales.linear("ndcg", [0.0801, 0.1199])
    assert [label for _, label in even.ticks] == ["0.08", "0.09", "0.10", "0.11", "0.12"]
    assert {label for _, label in scales.between("trial", 0, 12, is_whole=True).ticks} == {"0", "5", "10"}


@pytest.mark.parametrize("width", [100, 340, 10_000])
def test_a_figure_is_drawn_within_bounds_whatever_width_is_asked_for(width: int, data: StudyData) -> None:
    box = re.search(r'viewBox="0 0 (\d+) ', KINDS["edf"].draw(data, width=width).svg)
    assert box is not None and 280 <= int(box[1]) <= 1600


@pytest.mark.parametrize("name", KINDS)
def test_where_less_is_better_the_least_is_the_best(
    name: str, make: Callable[..., StudyData], trial: Callable[..., TrialRecord]
) -> None:
    records = tuple(
        replace(
            one, objective="rmse", direction="minimize", metrics=dict(one.metrics) | {"valid_rmse": one.value or 9.0}
        )
        for one in map(trial, range(9))
    )
    data = make(all_records=records, goal=Goal.parse(["rmse"]), others=(make(6, name="club"),))
    best = min(data.measured, key=lambda record: record.value or 0.0 if record.state == "complete" else 9.0)
    picture = KINDS[name].draw(data)
    assert data.best == best
    assert f"trial {best.number}" in picture.says or name in ("importance", "contour", "edf", "timeline", "studies")
    if name in ("history", "curves", "slice", "parallel"):
        assert "rmse (less is better)" in picture.svg


@pytest.mark.parametrize("name", KINDS)
def test_one_trial_that_took_no_time_and_a_model_that_was_left_out_can_be_looked_at(
    name: str, make: Callable[..., StudyData], trial: Callable[..., TrialRecord]
) -> None:
    once = (replace(trial(0), cost={"train_s": 0.0}),)
    gone = tuple(replace(trial(n), model="gone", params={"a": 0.1 * n, "b": 2**n, "c": "x" * n}) for n in range(9))
    for records in (once, gone):
        picture = KINDS[name].draw(make(all_records=records, spaces={}), width=300)
        assert picture.svg or picture.empty.endswith(".")


def test_a_model_that_was_left_out_of_a_study_keeps_its_space(
    study_of: Callable[..., Any], trial: Callable[..., TrialRecord]
) -> None:
    study = study_of([replace(trial(n), model="ease", params={"l2": 2.0**n}) for n in (0, 1, 2, 4, 6)] + [trial(9)])
    data = StudyData.of(study)
    assert list(data.spaces) == ["bpr_mf", "sasrec", "ease"]
    assert data.surrogate("ease") is not None and data.surrogate("gone") is None
