"""A trial's page says what its answer says, what it measured, and how to run it again."""

import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from agent.answers.wording import number
from agent.confirming.commands import trial_command
from agent.errors import UserError
from agent.studies.study import Study
from agent.uncertainty import interval, user_values
from agent.workspace import Workspace
from recmodels.command import request_of
from tests.ui.views.study.conftest import Asks
from tests.ui.views.study.pages import assert_sound, texts
from ui.views.asked import Asked
from ui.views.params import param_rows
from ui.views.registry import shown
from ui.views.trial import _broken
from ui.views.trial_metrics import metric_table

EVIL = "<b onclick=x>because</b>"


def test_every_trial_has_a_page_with_value_reason_and_neighbours(looking: Workspace, asked: Asks) -> None:
    study = looking.runner.peek("shop")
    for record in study.records():
        html = str(shown(f"trial/{record.number}", asked()))
        said = texts(html)
        assert_sound(html)
        assert f"Trial {record.number} · {record.model}" in said
        assert number(record.value) in said
        assert record.rationale.capitalize()[:40] in said or record.rationale[:40] in said
        assert all(f"{row.name} {row.value}" in said.replace(" changed", "") for row in param_rows(record))
        assert (f'data-go="trial/{record.number - 1}"' in html) == (record.number > 0)
        assert (f'data-go="trial/{record.number + 1}"' in html) == (record.number < 5)


def test_what_was_known_then_leaves_later_trials_out(looking: Workspace, asked: Asks) -> None:
    first, later = (texts(str(shown(f"trial/{n}", asked()))) for n in (0, 3))
    assert "It was the first trial" in first
    assert "3 trials had ended before it; the best then was trial" in later


def test_metrics_over_users_have_their_interval(looking: Workspace) -> None:
    record = looking.runner.peek("shop").records()[0]
    table = metric_table(record)
    assert table is not None
    assert table.cutoffs[:2] == ("@10", "@20")
    values = user_values(record.checkpoint, "valid_recall@20")
    assert values is not None
    over = interval([values])
    assert over is not None
    row = next(row for row in table.rows if row.name == "recall")
    assert row.values[1] == (number(record.metrics["valid_recall@20"]), f"± {over.half_width:.2g}")
    assert next(row for row in table.rows if row.name == "coverage").values[0][1] == ""
    assert not any("test" in row.name for row in table.rows)


def test_the_command_asks_for_the_very_run(looking: Workspace) -> None:
    study = looking.runner.peek("shop")
    for record in study.records():
        program, command, dataset, *options = shlex.split(trial_command(study.spec, record))
        assert (program, command, dataset) == ("recpilot", "train", "tastes")
        given: dict[str, list[str]] = {}
        words = iter(option for option in options if option != "--no-test")
        for word in words:
            given.setdefault(word, []).append(next(words))
        request = request_of(
            Path("tastes"),
            given["--model"][0],
            assigned=given["--set"],
            split=given["--split"][0],
            positive=given["--positive"][0],
            repeat_events=given["--repeat-events"][0],
            objective=given["--objective"][0],
            epochs=int(given["--epochs"][0]),
            seed=int(given["--seed"][0]),
            test="--no-test" not in options,
        )
        wanted = study.request(record.number)
        for name in ("model", "params", "split", "positive", "repeats", "objective", "seed", "measures_test", "budget"):
            assert getattr(request, name) == getattr(wanted, name), name


def test_a_failed_trial_says_why_and_what_helps(looking: Workspace) -> None:
    record = next(one for one in looking.runner.peek("shop").records() if one.model == "bpr_mf")
    failed = replace(record, state="failed", reason="diverged: the loss became nan in epoch 2", value=None)
    assert _broken(record) is None
    assert _broken(failed) == {
        "tone": "bad",
        "says": "Failed: diverged: the loss became nan in epoch 2.",
        "helps": "It diverged. What helps: less of learning_rate.",
    }


def test_a_reason_of_the_persons_is_shown_as_text(viewed: Workspace, shop: Study) -> None:
    shop.run_trial({"n_neighbors": 7}, model="item_knn", rationale=EVIL)
    waiting = str(shown("trial/6", Asked(workspace=viewed, study="shop")))
    for _ in shop.run():
        pass
    for html in (waiting, str(shown("trial/6", Asked(workspace=viewed, study="shop")))):
        assert_sound(html)
        assert EVIL in texts(html)


@pytest.mark.parametrize(
    ("of", "says"), [("77", "no trial 77"), ("best", "a number from 0"), ("-1", "a number from 0")]
)
def test_a_trial_that_is_not_there_is_refused_in_a_sentence(asked: Asks, of: str, says: str) -> None:
    with pytest.raises(UserError, match=says):
        shown(f"trial/{of}", asked())
