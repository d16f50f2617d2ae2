"""Lists judged by what came of the held-out events, checked by hand and on shops where clicks and purchases differ."""

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch

from recmodels.data.histories import Histories
from recmodels.data.interactions import Interactions
from recmodels.errors import DataError, ParamError
from recmodels.evaluation import Evaluation, asked_pairs, evaluate
from recmodels.grading import grades_of
from recmodels.outcomes import OutcomeWeights, parse_outcomes
from recmodels.request import TrainRequest
from recmodels.training import train
from tests.benchmarks.common import histories_of
from tests.recmodels.test_evaluation import Given

VIEW, CART, BUY = 1, 2, 4
WEIGHTS = OutcomeWeights(names=("view", "cart", "purchase"), weights=(1.0, 3.0, 10.0))


def with_bits(items: list[list[int]], n_items: int, bits: list[int]) -> Histories:
    return replace(histories_of(items, n_items), outcomes=torch.tensor(bits))


def judged(scores: list[list[float]], held_out: Histories, weights: OutcomeWeights = WEIGHTS) -> Evaluation:
    seen = histories_of([[0]] * len(scores), held_out.n_items)
    return evaluate(Given(scores), seen, held_out, (1, 3), grades=grades_of(held_out, weights))


def test_ndcg_gives_each_item_its_grade() -> None:
    held_out = with_bits([[1, 2, 2]], 4, [VIEW, CART, VIEW])  # of item 2 the cart counts
    found = judged([[0.0, 3.0, 2.0, 1.0]], held_out)
    log3 = math.log2(3)
    assert found.metrics["ndcg@3"] == pytest.approx((1 + 3 / log3) / (3 + 1 / log3))
    assert found.metrics["ndcg@1"] == pytest.approx(1 / 3)
    assert found.metrics["recall@1"] == pytest.approx(1 / 2), "the other metrics count outcomes alike"


def test_one_found_purchase_counts_as_much_as_ten_found_views() -> None:
    held_out = with_bits([[1]] * 11, 3, [BUY] + [VIEW] * 10)
    finds, misses = [0.0, 2.0, 1.0], [0.0, 1.0, 2.0]
    purchases = judged([finds] + [misses] * 10, held_out)
    views = judged([misses] + [finds] * 10, held_out)
    assert purchases.metrics["ndcg@1"] == pytest.approx(views.metrics["ndcg@1"]) == pytest.approx(0.5)
    assert purchases.per_user["ndcg@1"].mean() == pytest.approx(0.5), "so that intervals over users are of the metric"
    assert purchases.metrics["recall_of_purchase@1"] == 1.0
    assert purchases.metrics["recall_of_view@1"] == 0.0
    assert "recall_of_cart@1" not in purchases.metrics, "none was held out"


def test_equal_weights_are_the_binary_ndcg() -> None:
    generator = np.random.default_rng(0)
    scores = generator.random((40, 12)).tolist()
    items = [sorted(generator.choice(np.arange(1, 12), 3, replace=False).tolist()) for _ in range(40)]
    held_out = with_bits(items, 12, generator.choice([VIEW, CART, BUY], 120).tolist())
    equal = judged(scores, held_out, replace(WEIGHTS, weights=(2.0, 2.0, 2.0)))
    binary = evaluate(Given(scores), histories_of([[0]] * 40, 12), held_out, (1, 3))
    assert equal.per_user["ndcg@3"] == pytest.approx(binary.per_user["ndcg@3"])


def test_what_was_seen_before_cannot_be_found_and_is_not_counted() -> None:
    held_out = with_bits([[0, 1]], 3, [BUY, VIEW])
    asked = asked_pairs(histories_of([[0]], 3), held_out)
    assert grades_of(held_out, WEIGHTS).counts(asked) == {"view": 1, "cart": 0, "purchase": 0}
    assert judged([[0.0, 2.0, 1.0]], held_out).metrics["ndcg@1"] == 1.0


def shop(folder: Path) -> Path:
    """Everybody clicks on the same few items; what is bought follows the taste of the two halves of the people."""
    generator, rows, time = np.random.default_rng(0), [], 1_600_000_000
    for _ in range(10):
        for user in range(120):
            time += 1
            if generator.random() < 0.3:
                rows.append((user, 40 + 15 * (user % 2) + int(generator.integers(15)), time, 2))  # a purchase
            else:
                rows.append((user, int(40 * generator.random() ** 2), time, 1))  # a view
    schema = {"user": pl.Int64, "item": pl.Int64, "time": pl.Int64, "outcomes": pl.Int32}
    events = pl.DataFrame(rows, schema=schema, orient="row")
    Interactions.from_events("shop", events, time_kind="timestamp", outcome_names=("view", "purchase")).save(folder)
    return folder


def test_training_judges_by_the_weights_and_says_what_counted(tmp_path: Path) -> None:
    request = TrainRequest(dataset=shop(tmp_path / "shop"), model="ease", outcomes="Purchase=10", repeats="mask")
    result = train(request)
    assert result.outcomes == "purchase=10"
    assert result.outcomes_said.startswith("purchase counts 10 (")
    assert "not weighed and never relevant: view (" in result.outcomes_said
    assert result.relevant["valid"]["purchase"] == result.measured["valid"]["n_held_out"]
    assert result.summary()["outcomes"]["weights"] == "purchase=10"


def test_clicks_and_purchases_choose_other_params_and_the_weights_find_more_purchases(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")

    def measured(l2: float, outcomes: str) -> Mapping[str, float]:
        return train(
            TrainRequest(dataset=folder, model="ease", params={"l2": l2}, outcomes=outcomes, repeats="mask")
        ).metrics

    def best(outcomes: str) -> float:
        return max((10.0, 5000.0), key=lambda l2: measured(l2, outcomes)["valid_ndcg@10"])

    by_views, by_weights = best("view=1"), best("purchase=10,view=1")
    assert (by_views, by_weights) == (5000.0, 10.0)
    found = {l2: measured(l2, "purchase=10,view=1") for l2 in (by_views, by_weights)}
    assert found[by_weights]["valid_recall_of_purchase@10"] > 1.5 * found[by_views]["valid_recall_of_purchase@10"]
    assert found[by_weights]["valid_recall_of_view@10"] < found[by_views]["valid_recall_of_view@10"]


def test_outcomes_that_the_data_lack_are_refused_with_those_there_are(tmp_path: Path) -> None:
    folder = shop(tmp_path / "shop")
    with pytest.raises(DataError, match=r"no outcome .cart.; it has view \(829 rows\), purchase \(371 rows\)"):
        train(TrainRequest(dataset=folder, model="ease", outcomes="cart=3,view=1"))
    with pytest.raises(ParamError, match="recall@10 counts them alike"):
        train(TrainRequest(dataset=folder, model="ease", outcomes="view=1", objective="recall@10"))
    data = replace(Interactions.load(folder), outcomes=None, outcome_names=())
    data.save(tmp_path / "plain")
    with pytest.raises(DataError, match="a column names the kind of each event"):
        train(TrainRequest(dataset=tmp_path / "plain", model="ease", outcomes=parse_outcomes("view=1").to_text()))
