"""The overview says what answers say, offers what fits the state, and shows text from outside as text."""

import re

import pytest
from safetensors.numpy import save_file

from agent.answers.standings import standing_shown
from agent.answers.wording import number, signed
from agent.studies.study import Study
from agent.studies.study_spec import StudySpec
from agent.workspace import Workspace
from recmodels.per_user import PER_USER_FILE, load_per_user
from tests.ui.views.study.pages import assert_sound, texts
from ui.views.asked import Asked
from ui.views.registry import shown


def _overview(workspace: Workspace, study: str, person: str | None = None) -> str:
    return str(shown("overview", Asked(workspace=workspace, study=study, person=person)))


def test_the_answer_stands_first_with_its_interval_and_what_it_won(looking: Workspace) -> None:
    html = _overview(looking, "shop")
    stands = standing_shown(looking.runner.peek("shop"))
    assert stands.best is not None
    assert stands.uncertainty is not None
    assert_sound(html)
    said = texts(html)
    assert said.index(number(stands.best.value)) < said.index("Compared with")
    assert f"± {stands.uncertainty:.2g}" in said
    assert f"Trial {stands.best.number}" in said
    for row in stands.baselines:
        assert row.gain is not None
        assert f"{signed(row.gain.mean)} [{signed(row.gain.low)}, {signed(row.gain.high)}]" in said
    assert "Not confirmed: test is sealed" in said


def test_the_gain_over_a_baseline_is_that_of_the_same_users(looking: Workspace) -> None:
    study = looking.runner.peek("shop")
    stands = standing_shown(study)
    assert stands.best is not None
    for row in stands.baselines:
        assert row.gain is not None
        assert row.value is not None
        assert row.gain.mean == pytest.approx(stands.best.value - row.value, abs=1e-6)
        assert row.gain.low < row.gain.mean < row.gain.high


def test_params_that_were_changed_are_marked_beside_their_defaults(looking: Workspace) -> None:
    study = looking.runner.peek("shop")
    html = _overview(looking, "shop")
    best = study.best()
    assert best is not None
    from ui.views.params import param_rows

    changed = {row.name for row in param_rows(best) if row.is_changed}
    marked = set(re.findall(r'<tr class="changed"><th scope="row"[^>]*>(\w+)</th>', html))
    assert marked == changed
    assert changed or study.record(best.number).proposer == "defaults"


def test_a_study_without_trials_says_so_and_what_comes(viewed: Workspace) -> None:
    viewed.runner.create(StudySpec.create(name="new", dataset="tastes", models=["ease"], n_trials=2, uses_rules=False))
    html = _overview(viewed, "new")
    assert_sound(html)
    assert "No trial has ended yet." in texts(html)
    assert "confirm it" not in html
    assert "what=weights" not in html


def test_a_trial_that_waits_can_be_run_changed_or_rejected(viewed: Workspace) -> None:
    spec = StudySpec.create(
        name="asks", dataset="tastes", models=["item_knn"], n_trials=2, uses_rules=False, needs_approval=True
    )
    for _ in viewed.runner.create(spec).run():
        pass
    html = _overview(viewed, "asks")
    assert_sound(html)
    assert "Trial 0 waits for your approval" in texts(html)
    assert "on its way" not in texts(html)
    assert 'data-post="/api/studies/asks/approve" data-body="{&#34;trial&#34;: 0, &#34;proposal&#34;: &#34;' in html
    assert 'data-post="/api/studies/asks/reject"' in html
    assert 'data-draft="run it with' in html


def test_another_persons_study_is_looked_at_and_not_steered(viewed: Workspace, shop: Study) -> None:
    from agent.studies.at_hand import at_hand

    with at_hand(None, person="ada"):
        viewed.runner.create(
            StudySpec.create(
                name="hers", dataset="tastes", models=["ease"], n_trials=1, uses_rules=False, needs_approval=True
            )
        )
    for _ in viewed.runner.peek("hers").run():
        pass
    mine, hers = _overview(viewed, "hers", "bob"), _overview(viewed, "hers", "ada")
    assert "data-post" in hers
    assert "data-post" not in mine
    assert "Begun by" in texts(mine)


def test_without_a_study_the_view_says_how_to_begin(viewed: Workspace) -> None:
    html = str(shown("overview", Asked(workspace=viewed)))
    assert_sound(html)
    assert "No study yet" in texts(html)
    assert 'data-say="tune sasrec on the demo data, 6 trials"' in html


def test_a_baseline_of_another_study_is_compared_only_where_its_values_are_those(viewed: Workspace) -> None:
    club = viewed.runner.peek("club")
    rows = standing_shown(club).baselines
    assert {row.gain is not None for row in rows} == {True}
    assert {one.measured_in for one in club.baselines() if one.value is not None} == {"shop"}
    kept = club.place.checkpoints / "shop" / "baseline-popularity" / PER_USER_FILE
    arrays = load_per_user(kept.parent)
    save_file({name: array if "users" in name else array * 0.5 for name, array in arrays.items()}, kept)
    gains = {row.model: row.gain for row in standing_shown(club).baselines}
    assert gains["popularity"] is None
