"""Labelled impressions with several outcomes: what is learned is their weighted mean, and each is measured apart."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from recmodels.data.reading.read import read_interactions
from recmodels.errors import DataError, ParamError
from recmodels.request import Budget, SplitSpec, TrainRequest
from recmodels.training import train


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Impressions of loud items, which are clicked, and of good ones, which are bought by who clicks."""
    rng, folder = np.random.default_rng(0), tmp_path_factory.mktemp("shown")
    rows = []
    for time in range(3000):
        user, item = int(rng.integers(40)), int(rng.integers(20))
        click = rng.random() < (0.8 if item < 10 else 0.4)
        bought = click and rng.random() < (0.1 if item < 10 else 0.9)
        rows.append((user, item, 1_600_000_000 + time, int(click), int(bought), ("phone", "web")[time % 2]))
    names = ["user_id", "item_id", "timestamp", "click", "conversion", "device"]
    pl.DataFrame(rows, schema=names, orient="row").write_csv(folder / "shown.csv")
    read_interactions(folder / "shown.csv", columns={"weight": "click"}).save(folder / "data")
    return folder / "data"


def asked(folder: Path, outcomes: str, objective: str = "auc", epochs: int = 8) -> TrainRequest:
    return TrainRequest(
        dataset=folder,
        model="biased_mf",
        params={"learning_rate": 0.03, "embedding_size": 4},
        split=SplitSpec(kind="temporal"),
        outcomes=outcomes,
        objective=objective,
        budget=Budget(epochs=epochs),
    )


def measured(folder: Path, outcomes: str, objective: str = "auc") -> Mapping[str, float]:
    return train(asked(folder, outcomes, objective)).metrics


def test_what_is_learned_is_what_is_weighed(shown: Path) -> None:
    clicks, both, sales = (measured(shown, weights) for weights in ("click=1", "conversion=3,click=2", "conversion=1"))
    assert "valid_auc_of_conversion" not in clicks
    assert both["valid_auc"] == pytest.approx(0.6 * both["valid_auc_of_conversion"] + 0.4 * both["valid_auc_of_click"])
    assert sales["valid_auc_of_conversion"] > both["valid_auc_of_conversion"] - 0.02
    watched = measured(shown, "click=1,conversion=0")  # weighed 0, and measured all the same
    assert watched["valid_auc"] == watched["valid_auc_of_click"] == clicks["valid_auc"]
    assert both["valid_auc_of_conversion"] > watched["valid_auc_of_conversion"] + 0.1, "more sales are found"
    assert both["valid_auc_of_click"] < watched["valid_auc_of_click"], "and fewer clicks"


def test_logloss_is_that_of_the_weighted_mean(shown: Path) -> None:
    found = measured(shown, "conversion=3,click=2", objective="logloss")
    parts = 0.6 * found["valid_logloss_of_conversion"] + 0.4 * found["valid_logloss_of_click"]
    assert found["valid_logloss"] == pytest.approx(parts)


def test_the_words_say_what_is_learned(shown: Path) -> None:
    result = train(asked(shown, "conversion=3,click=2", epochs=1))
    assert result.outcomes_said.endswith(
        "models learn the weighted mean of a row's outcomes (conversion 0.6, click 0.4)"
    )
    assert result.relevant == {}


def test_metrics_without_weights_and_outcomes_that_are_not_there_are_refused(shown: Path) -> None:
    with pytest.raises(ParamError, match="user_auc counts them alike; take auc"):
        measured(shown, "click=1", objective="user_auc")
    with pytest.raises(DataError, match="has no outcome 'rating'; it has click"):
        measured(shown, "rating=1")
