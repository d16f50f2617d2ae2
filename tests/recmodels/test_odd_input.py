"""Data and requests at the edges: lists longer than the catalogue, items without a text, groups of one user."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from recmodels.data.interactions import Interactions
from recmodels.errors import DataError
from recmodels.request import Budget, TrainRequest, TrainResult
from recmodels.serving import Recommender
from recmodels.training import train

pytestmark = pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")


def run(folder: Path, model: str, **rest: Any) -> TrainResult:
    given = {"budget": Budget(epochs=1), "device": "cpu", "n_threads": 1, "measures_test": True}
    return train(TrainRequest(**({"dataset": folder, "model": model} | given | rest)))


@pytest.mark.parametrize("model", ["ease", "bpr_mf"])
def test_a_list_longer_than_the_catalogue_holds_every_item_that_is_left(model: str, circles_folder: Path) -> None:
    found = run(circles_folder, model, cutoffs=(10, 1000), objective="ndcg@1000").metrics
    assert found["test_recall@1000"] == found["test_hit@1000"] == 1.0, "what is held out stands somewhere"
    assert found["test_precision@1000"] == pytest.approx(1 / 1000)
    assert found["test_ndcg@10"] <= found["test_ndcg@1000"] < 1.0


def test_an_item_without_a_text_is_read_by_its_id(circles_folder: Path, tmp_path: Path) -> None:
    data = Interactions.load(circles_folder)
    assert data.item_table is not None
    nothing = (
        pl.when(pl.int_range(pl.len()) % 3 == 0).then(None).when(pl.int_range(pl.len()) % 3 == 1).then(pl.lit(" "))
    )
    table = data.item_table.with_columns(nothing.otherwise("title").alias("title"))
    partly = replace(data, item_table=table)
    texts = partly.item_texts()
    assert [text == item_id for text, item_id in zip(texts, data.item_ids, strict=True)][:3] == [True, True, False]
    partly.save(tmp_path / "partly")
    params = {"embedding_size": 16, "adapter": "frozen"}
    result = run(tmp_path / "partly", "text_tower", params=params, checkpoint=tmp_path / "model")
    assert 0.0 <= result.metrics["test_ndcg@10"] <= 1.0
    assert len(Recommender.load(tmp_path / "model").recommend("user-0", k=5)) == 5


def test_groups_of_one_user_are_not_compared(circles_folder: Path, tmp_path: Path) -> None:
    data = Interactions.load(circles_folder)
    alone = pl.DataFrame({"town": [f"town of {user_id}" for user_id in data.user_ids]})
    replace(data, user_table=alone, group_columns=("town",)).save(tmp_path / "alone")
    found = run(tmp_path / "alone", "ease").metrics
    assert "test_ndcg@10" in found and "test_ndcg_gap@10" not in found and "test_ndcg_worst@10" not in found
    with pytest.raises(DataError, match=r"`ndcg_gap@10` needs .*ten users in two of them"):
        run(tmp_path / "alone", "ease", objective="ndcg_gap@10")
