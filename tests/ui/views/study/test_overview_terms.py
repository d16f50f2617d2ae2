"""The overview of studies whose ranges, constraints or several objectives change what may be said of the best."""

import csv
import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.answers.ending import all_failed, what_helps
from agent.answers.own_defaults import over_defaults
from agent.answers.standings import standing_shown, trial_standings
from agent.answers.status_facts import status_facts
from agent.answers.verdict_facts import gain
from agent.answers.wording import number
from agent.answers.wording_in_chinese import against
from agent.objective import measured
from agent.standing import ordered
from agent.studies.study_spec import StudySpec
from agent.tools.explaining import best_two
from agent.workspace import Workspace
from tests.homes import open_home
from tests.ui.views.study.pages import assert_sound, texts
from ui.views.asked import Asked
from ui.views.compare_trials import TrialsSide
from ui.views.registry import shown
from ui.views.trials_file import trials_csv

_ONE = {"l2": 50.0, "dropout": 0.0, "user_exponent": 0.0, "popularity_exponent": 0.0}
FIXED = {"ease": {name: {"low": value, "high": value} for name, value in _ONE.items()}}
STUDIES = {
    "fixed": {"models": ["ease"], "n_trials": 3, "ranges": FIXED},
    "bound": {"models": ["ease"], "n_trials": 4},
    "two": {"models": ["ease"], "n_trials": 2, "objectives": ["ndcg@10", "coverage@10"]},
}


@pytest.fixture(scope="module")
def termed(viewed_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """With the studies of `STUDIES`; `bound` has a constraint that its best trial meets and its defaults do not."""
    home = Path(shutil.copytree(viewed_home, tmp_path_factory.mktemp("termed") / "home"))
    with open_home(home, measures_baselines=True) as workspace:
        for name, asks in STUDIES.items():
            spec = StudySpec.create(name=name, dataset="tastes", uses_rules=False, **asks)  # type: ignore[arg-type]
            for _ in workspace.runner.create(spec).run():
                pass
        bound = workspace.runner.peek("bound")
        values = [record.metrics["valid_average_popularity@10"] for record in bound.records()]
        other = next(value for value in values if value != values[0])
        way = "<=" if other < values[0] else ">="
        bound.extend(constraints=[f"average_popularity@10{way}{other!r}"])
        yield workspace


def _view(workspace: Workspace, study: str, at: str = "overview") -> str:
    html = str(shown(at, Asked(workspace=workspace, study=study, width=600)))
    assert_sound(html)
    return html


def test_fixed_params_are_not_called_the_defaults_and_the_end_has_its_reason(termed: Workspace) -> None:
    html = _view(termed, "fixed")
    said = texts(html)
    assert "these are the defaults with l2 50, cut to this study's ranges: no other params ran to their end" in said
    assert "the same params as trial" not in said
    assert "ease at its defaults" in said
    assert re.search(r"The real defaults of ease have 0\.\d+ \(the baseline\)", said)
    assert "It ended with 1 of 3 trials done: every point of the search space was tried." in said
    assert "nothing left to try" in said
    assert "budget is used up" not in said
    assert 'role="progressbar"' not in html
    assert "run 10 more trials" not in html


def test_what_is_advised_after_the_last_point_works(termed: Workspace) -> None:
    study = termed.runner.peek("fixed")
    study.extend(models=["ease", "item_knn"])
    for _ in study.run():
        pass
    assert len(study.records()) == 3


def test_a_constraint_stands_in_the_first_view_with_what_the_best_has(termed: Workspace) -> None:
    study = termed.runner.peek("bound")
    best = study.best()
    assert best is not None
    (bound,) = study.spec.goal.constraints
    said = texts(_view(termed, "bound"))
    n_meet = sum(bound.violation(record.metrics) <= 0 for record in study.records())
    first = said.partition("To beat")[0].partition("Compared with")[0]
    has = measured(best.metrics, bound.metric)
    assert f"{bound}: trial {best.number} has {number(has)}; {n_meet} of 4 trials that came to their end" in first
    assert "is not known" not in said
    assert f"the defaults of ease (trial 0) did not meet {bound}" in first
    assert "defaults of ease (trial 0)" in said.partition("Compared with")[2]
    assert "ease at its defaults" not in said


def test_chat_in_both_languages_counts_no_gain_from_defaults_that_break_a_constraint(termed: Workspace) -> None:
    status = status_facts(termed, termed.runner.peek("bound"))
    (bound,) = termed.runner.peek("bound").spec.goal.constraints
    assert f"The defaults of ease (trial 0) did not meet {bound} (" in gain(status)
    assert f"ease 的默认值（试验 0）不满足 {bound}" in against(status)


def test_without_a_choice_the_only_feasible_trial_is_compared_with_the_nearest_other(termed: Workspace) -> None:
    study = termed.runner.peek("bound")
    best = study.best()
    assert best is not None
    first, second = best_two(study)
    assert first == best.number
    assert second == ordered(study.spec.goal, study.records())[1].number


def test_a_comparison_says_which_trial_breaks_a_constraint(termed: Workspace) -> None:
    study = termed.runner.peek("bound")
    best = study.best()
    assert best is not None
    side = TrialsSide.of(study, [best.number, 0])
    assert f"Trial 0 did not meet {study.spec.goal.constraints[0]}" in side.says
    assert "could be chance" not in side.says
    cells = next(line.cells for line in side.lines if line.name.startswith("Bound"))
    assert cells[0].endswith(", met")
    assert cells[1].endswith(", broken ✗")


def test_of_two_objectives_the_front_comes_first_and_the_best_is_by_the_first(termed: Workspace) -> None:
    said = texts(_view(termed, "two"))
    assert said.index("On the Pareto front") < said.index("Best trial by ndcg@10, the first objective")
    rows = [row.model for row in standing_shown(termed.runner.peek("two")).baselines]
    assert len(rows) == 2
    assert all(f"{model} at its defaults" in said for model in rows)


def test_of_two_objectives_the_front_has_its_column_in_table_and_file(termed: Workspace, looking: Workspace) -> None:
    study = termed.runner.peek("two")
    stands = trial_standings(study.spec.goal, study.records())
    html = _view(termed, "two", "trials")
    rows = list(csv.DictReader(io.StringIO(trials_csv(study, termed.ledger.trial_notes))))
    assert {int(row["trial"]): row["front"] for row in rows} == {n: str(one.is_on_front) for n, one in stands.items()}
    place = re.findall(r'<th scope="col"[^>]*>(?:<span class="sr">)?([^<]+)', html).index("Front")
    for number_, one in stands.items():
        row = next(row for row in html.split("<tr") if f'value="{number_}" ' in row)
        assert (">yes<" in re.findall(r"<t[dh].*?</t[dh]>", row)[place]) == one.is_on_front
    shop = looking.runner.peek("shop")
    assert "front" not in next(csv.reader(io.StringIO(trials_csv(shop, looking.ledger.trial_notes))))


def test_a_proposal_that_was_only_asked_for_is_not_called_next(termed: Workspace) -> None:
    study = termed.runner.peek("two")
    proposal = study.propose()
    assert study.state == "finished"
    html = _view(termed, "two")
    said = texts(html)
    assert f"Trial {proposal.number}, a proposal It was proposed when you asked; nothing runs until you say so." in said
    assert "which is next" not in said
    assert "The budget is used up." in said
    assert f'data-say="run the proposed trial">Run trial {proposal.number}</button>' in html


def test_a_trial_is_judged_against_the_defaults_of_its_own_model(looking: Workspace) -> None:
    study = looking.runner.peek("shop")
    first = {record.model: record.number for record in reversed(study.records()) if record.proposer == "defaults"}
    for record in study.records():
        over = over_defaults(study, record)
        assert over is not None
        assert (over.model, over.number) == (record.model, first[record.model])
        assert over.words() in texts(str(shown(f"trial/{record.number}", Asked(workspace=looking, study="shop"))))
        if over.gain is not None:
            own = study.record(first[record.model])
            assert over.gain.mean == pytest.approx((record.value or 0.0) - (own.value or 0.0), abs=1e-6)


def test_that_every_trial_failed_is_said_with_the_reason(looking: Workspace) -> None:
    records = [
        replace(one, state="failed", value=None, reason="time_limit: no epoch finished in 1 s")
        for one in looking.runner.peek("club").records()
    ]
    last = "Trial 2 of item_knn ran into its time limit: no epoch finished in 1 s."
    assert all_failed(records) == f"All 3 trials failed. {last}"
    assert all_failed(records[1:]) == f"Both trials failed. {last}"
    unknown = replace(records[0], reason="no such file: /x")
    assert all_failed([unknown]) == "The only trial failed. Trial 0 of item_knn failed: no such file: /x."
    status = status_facts(looking, looking.runner.peek("club"))
    helps = what_helps(status, records)
    assert "budget" not in helps
    assert helps.endswith("What helps: less of n_neighbors. Or more time for each trial.")
    assert not all_failed([*records[:2], looking.runner.peek("club").records()[2]])


def test_only_a_clear_lead_is_marked_and_metrics_stand_by_cutoff(looking: Workspace) -> None:
    study = looking.runner.peek("shop")
    same = next(record for record in study.records() if record.model == "item_knn")
    near = next(record for record in study.records() if record.model == "item_knn" and record is not same)
    for pair in ([same.number, near.number], [record.number for record in study.records()][:3]):
        side = TrialsSide.of(study, pair)
        cutoffs = [int(found[1]) for line in side.metrics if (found := re.search(r"@(\d+)$", line.name))]
        assert cutoffs == sorted(cutoffs)
        line = next(line for line in side.metrics if line.name == "ndcg@10")
        differences = next(line for line in side.lines if line.name.startswith("Minus")).cells
        if any("chance" in cell for cell in differences):
            assert line.best is None
        assert next(line for line in side.metrics if line.name.startswith("coverage")).best is None
