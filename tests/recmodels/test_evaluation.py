"""Full ranking on a model whose scores are given."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import Tensor

from recmodels.data.histories import Histories
from recmodels.errors import DataError, TrialFailed
from recmodels.evaluation import NO_ITEM, cold_of, evaluate, measured_users, top_items
from recmodels.measured import MeasuredUsers
from recmodels.models.base import Entities, RecModel
from tests.benchmarks.common import histories_of


class Given(RecModel):
    """Scores that the test chose."""

    is_closed_form = True

    def __init__(self, scores: list[list[float]]) -> None:
        super().__init__({}, Entities(n_users=len(scores), n_items=len(scores[0])))
        self.given = torch.tensor(scores)

    def score(self, users: Tensor, histories: Histories, items: Tensor | None) -> Tensor:
        return self.given[users]


def test_seen_items_are_never_listed() -> None:
    model = Given([[5.0, 4.0, 3.0, 2.0]])
    ranked, scores = top_items(model, torch.tensor([0]), histories_of([[0, 2]], 4), None, 2)
    assert ranked.tolist() == [[1, 3]]
    assert scores.tolist() == [[4.0, 2.0]]


def test_places_without_a_candidate_hold_no_item() -> None:
    ranked, _ = top_items(Given([[1.0, 2.0, 3.0]]), torch.tensor([0]), histories_of([[1, 2]], 3), None, 3)
    assert ranked.tolist() == [[0, NO_ITEM, NO_ITEM]]


def test_a_held_out_item_at_rank_two_counts_as_such() -> None:
    model = Given([[9.0, 3.0, 2.0, 1.0], [1.0, 2.0, 3.0, 4.0]])
    found = evaluate(model, histories_of([[0], [3]], 4), histories_of([[2], []], 4), (1, 2, 50))
    assert found.users.tolist() == [0]
    assert found.metrics["hit@1"] == 0.0
    assert found.metrics["mrr@2"] == pytest.approx(0.5)
    assert found.metrics["precision@50"] == pytest.approx(1 / 50)
    assert found.per_user["recall@2"].tolist() == [1.0]


def test_a_held_out_item_that_was_seen_before_is_not_asked_for() -> None:
    model = Given([[3.0, 2.0, 1.0]])
    found = evaluate(model, histories_of([[0]], 3), histories_of([[0, 1]], 3), (1,))
    assert found.metrics["recall@1"] == 1.0
    with pytest.raises(DataError, match="nothing can be measured"):
        evaluate(model, histories_of([[0]], 3), histories_of([[0]], 3), (1,))


def test_who_is_measured_and_why_the_others_are_not() -> None:
    """Users asked for an unseen and a new item; a seen one; nothing; a new one without a history."""
    seen = histories_of([[0, 1], [2, 2], [0], []], 6)
    held_out = histories_of([[3, 1, 2], [2], [], [4, 4]], 6)
    found = measured_users(seen, held_out)
    assert found == MeasuredUsers(
        n_users=4,
        n_measured=2,
        n_only_seen=1,
        n_nothing_held_out=1,
        n_without_history=1,
        n_held_out=3,
        n_new_items=2,
    )
    assert found.n_measured == len(evaluate(Given([[1.0] * 6] * 4), seen, held_out, (1,)).users)
    assert MeasuredUsers.from_json(found.to_json()) == found
    refused = replace(seen, refused=histories_of([[3], [], [], []], 6))
    assert measured_users(refused, held_out).n_held_out == 2, "what was refused is masked too"
    assert str(found) == (
        "2 of 4 users (the held-out items of 1 were all seen before and are masked; 1 has nothing held out; 1 of the "
        "measured has no history; 2 of 3 held-out items were new to the data)"
    )
    assert str(measured_users(histories_of([[0]], 2), histories_of([[1]], 2))).startswith(
        "all 1 users (1 of 1 held-out"
    )


def test_new_items_and_users_with_few_events_are_told_apart() -> None:
    """Three users with one, five and six events; the third is asked for two items of which there is no row."""
    seen = histories_of([[0], [0, 1, 2, 3, 0], [0, 1, 2, 3, 4, 0]], 8)
    held_out = histories_of([[1], [4], [6, 7]], 8)
    model = Given([[0, 9, 1, 1, 1, 1, 1, 1.0], [0, 0, 0, 0, 1, 9, 8, 7.0], [0, 0, 0, 0, 0, 8, 9, 1.0]])
    found = evaluate(model, seen, held_out, (1, 2))
    who = measured_users(seen, held_out)
    cold = cold_of(found, seen, who.n_new_items, "recall@1")
    assert (cold.n_new_items, cold.n_new_found, cold.n_few, cold.few) == (2, 1, 1, 1.0)
    assert cold.n_others == 2 and cold.others == pytest.approx(0.25)
    assert cold.words() == (
        "items without an event in training: 1 of 2 targets found in the first 1; "
        "users with fewer than 5 likes to learn from: recall@1 1 on 1, others 0.25 on 2"
    )
    told = replace(who, cold=cold)
    assert MeasuredUsers.from_json(json.loads(json.dumps(told.to_json()))) == told
    warm = evaluate(model, seen, histories_of([[], [4], []], 8), (1,))
    assert cold_of(warm, seen, 0, "ndcg@1").words() == "", "nothing is said where nothing is cold"
    assert who.cold_words() == ""


def test_averages_do_not_depend_on_the_size_of_the_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    model = Given(rng.normal(size=(50, 20)).tolist())
    seen = histories_of([rng.choice(20, 5, replace=False).tolist() for _ in range(50)], 20)
    held_out = histories_of([rng.choice(20, 3, replace=False).tolist() for _ in range(50)], 20)
    whole = evaluate(model, seen, held_out, (5, 10))
    monkeypatch.setattr("recmodels.evaluation.MIN_BLOCK", 7)
    monkeypatch.setattr("recmodels.evaluation.MAX_BLOCK", 7)
    assert evaluate(model, seen, held_out, (5, 10)).metrics == pytest.approx(whole.metrics)


def test_scores_that_are_not_numbers_fail_the_trial_as_diverged() -> None:
    with pytest.raises(TrialFailed) as failure:
        evaluate(Given([[float("nan"), 1.0, 2.0]]), histories_of([[1]], 3), histories_of([[2]], 3), (2,))
    assert failure.value.reason == "diverged"


def test_histories_give_the_latest_items_padded_on_the_right() -> None:
    some = histories_of([[4, 1, 3], [], [2]], 5)
    assert some.last(torch.tensor([0, 1, 2]), 2).tolist() == [[1, 3], [5, 5], [2, 5]]
    assert some.multi_hot(torch.tensor([2, 0])).tolist() == [[0, 0, 1, 0, 0], [0, 1, 0, 1, 1]]
