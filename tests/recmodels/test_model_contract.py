"""One contract for all models: shapes, seen items, seeds, checkpoints, and every corner of the search space."""

from pathlib import Path
from typing import Any

import pytest
import torch

from recmodels import checkpoint
from recmodels.data.histories import Histories
from recmodels.data.interactions import Interactions
from recmodels.errors import ParamError
from recmodels.loop.preparation import entities_of
from recmodels.models import MODELS, find_model
from recmodels.models.base import RecModel
from recmodels.per_user import load_per_user
from recmodels.request import Budget, TrainRequest, TrainResult
from recmodels.search_space import Choice, SearchSpace
from recmodels.serving import Recommender
from recmodels.training import train

pytestmark = pytest.mark.filterwarnings("ignore:.*pin_memory")


@pytest.fixture
def shop(name: str, request: pytest.FixtureRequest) -> Path:
    """The circles; a few users of them and a language model with random weights for a model that reads with one."""
    if "causal_model" not in MODELS[name].needs:
        return request.getfixturevalue("circles_folder")
    request.getfixturevalue("causal_model")
    return request.getfixturevalue("few_circles_folder")


def corners(space: SearchSpace) -> list[dict[str, Any]]:
    """The least and the most of every param at once, and each choice on its own; epochs are left to the budget."""
    tuned = {name: param for name, param in space.items() if name != "epochs"}
    ends = [
        {name: p.choices[0] if isinstance(p, Choice) else p.low for name, p in tuned.items()},
        {name: p.choices[-1] if isinstance(p, Choice) else p.high for name, p in tuned.items()},
    ]
    choices = {
        name: p.choices for name, p in tuned.items() if isinstance(p, Choice) and name != "schedule"
    }  # test_steps
    single = [{name: choice} for name, allowed in choices.items() for choice in allowed]
    return [*(end for end in ends if end), *single]


def run(folder: Path, model: str, **rest: Any) -> TrainResult:
    return train(TrainRequest(dataset=folder, model=model, n_threads=1, device="cpu", measures_test=True, **rest))


def build(folder: Path, name: str) -> tuple[RecModel, Histories]:
    data = Interactions.load(folder)
    torch.manual_seed(0)
    model = MODELS[name].load()(MODELS[name].space.defaults(), entities_of(data, MODELS[name]))
    seen = Histories.from_arrays(data.users, data.items, n_users=data.n_users, n_items=data.n_items)
    model.fit(seen)
    return model.eval(), seen


@pytest.mark.parametrize("name", MODELS)
def test_scores_are_fresh_numbers_for_every_user_and_item(name: str, shop: Path) -> None:
    model, seen = build(shop, name)
    with torch.inference_mode():
        items = model.encode_items()
        users = torch.tensor([3, 0, 5])
        scores = model.score(users, seen, items)
        assert scores.shape == (3, seen.n_items)
        assert scores.dtype == torch.float32
        assert scores.isfinite().all()
        before = scores.clone()
        scores.fill_(0.0)
        assert torch.equal(model.score(users, seen, items), before)
        torch.testing.assert_close(model.score(users[1:2], seen, items)[0], before[1], rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", MODELS)
def test_a_batch_gives_a_loss_with_gradients_or_an_epoch_changes_the_weights(name: str, shop: Path) -> None:
    model, seen = build(shop, name)
    if model.is_closed_form:
        with pytest.raises(NotImplementedError):
            next(iter(model.batches(seen, torch.Generator())))
        return
    model.train()
    if model.trains_itself:
        before = [weight.detach().clone() for weight in model.parameters()]
        with torch.no_grad():
            assert model.train_epoch(seen, torch.Generator()) > 0
        assert not any(torch.equal(weight, old) for weight, old in zip(model.parameters(), before, strict=True))
        return
    loss = model(*next(iter(model.batches(seen, torch.Generator()))))
    loss.backward()
    assert loss.shape == ()
    assert any(w.grad is not None and w.grad.abs().sum() > 0 for w in model.parameters() if w.requires_grad)


@pytest.mark.parametrize("name", MODELS)
def test_the_same_seed_gives_the_same_weights_to_the_bit(name: str, shop: Path, tmp_path: Path) -> None:
    budget = Budget(epochs=2)
    for place, seed in (("a", 1), ("b", 1), ("c", 2)):
        torch.manual_seed(hash(place) % 1000)  # what others did with torch's randomness does not matter
        run(shop, name, seed=seed, budget=budget, checkpoint=tmp_path / place)
    bytes_of = {p: (tmp_path / p / "model.safetensors").read_bytes() for p in "abc"}
    assert bytes_of["a"] == bytes_of["b"]
    assert (bytes_of["a"] != bytes_of["c"]) == MODELS[name].is_random


@pytest.mark.parametrize("name", MODELS)
def test_a_checkpoint_brings_back_the_same_recommendations(name: str, shop: Path, tmp_path: Path) -> None:
    result = run(shop, name, budget=Budget(epochs=2), checkpoint=tmp_path / "model")
    saved = checkpoint.load(tmp_path / "model")
    assert saved.model == name
    assert saved.params == result.params
    assert saved.metrics == result.metrics
    first, second = (Recommender.load(tmp_path / "model") for _ in range(2))
    for user in ("user-0", "user-5"):
        listed = first.recommend(user, k=5)
        assert listed == second.recommend(user, k=5)
        assert len(listed) == 5
        assert not {place.item_id for place in listed} & set(first.history(user))
    per_user = load_per_user(tmp_path / "model")
    assert float(per_user["test_ndcg@10"].mean()) == pytest.approx(result.metrics["test_ndcg@10"], abs=1e-6)


CORNERS = [(name, params) for name, entry in MODELS.items() for params in corners(entry.space)]
CORNERS.append(("bpr_mf", {"loss": "bpr", "negative_sampling": "in_batch"}))
CORNERS.append(("sasrec", {"embedding_size": 17, "n_heads": 4}))  # a size that the heads do not divide


@pytest.mark.parametrize(("name", "params"), CORNERS, ids=lambda value: value if isinstance(value, str) else "")
def test_every_corner_of_the_search_space_trains(name: str, params: dict[str, Any], shop: Path) -> None:
    result = run(shop, name, params=params, budget=Budget(epochs=1))
    assert 0.0 <= result.metrics["valid_ndcg@10"] <= 1.0
    assert len(result.curve) == 1


@pytest.mark.parametrize(("better", "worse"), [("sasrec", "bpr_mf"), ("bpr_mf", "popularity")])
def test_models_that_can_see_more_of_the_circles_rank_better(better: str, worse: str, circles_folder: Path) -> None:
    budget = Budget(epochs=40, patience=40)
    values = [run(circles_folder, name, budget=budget).metrics["test_ndcg@10"] for name in (better, worse)]
    assert values[0] > values[1] + 0.1


PREDICTORS = [name for name, entry in MODELS.items() if entry.predicts and not entry.needs]
PREDICTOR_CORNERS = [(name, params) for name, params in CORNERS if name in PREDICTORS and [*params] != ["batch_size"]]


@pytest.mark.parametrize(("name", "params"), PREDICTOR_CORNERS, ids=lambda v: v if isinstance(v, str) else "")
def test_every_corner_of_a_model_that_predicts_learns_from_labels(
    name: str, params: dict[str, Any], clicks_folder: Path
) -> None:
    result = run(clicks_folder, name, params=params, budget=Budget(epochs=1), objective="auc")
    assert {"valid_logloss", "valid_auc", "valid_user_auc", "valid_f1", "test_auc"} <= result.metrics.keys()
    assert 0.0 <= result.metrics["test_auc"] <= 1.0
    assert "valid_ndcg@10" not in result.metrics


@pytest.mark.parametrize("name", PREDICTORS)
def test_a_model_of_labels_comes_back_from_its_checkpoint(name: str, clicks_folder: Path, tmp_path: Path) -> None:
    result = run(clicks_folder, name, budget=Budget(epochs=2), objective="auc", checkpoint=tmp_path / "model")
    first, second = (Recommender.load(tmp_path / "model").recommend("user-3", k=5) for _ in range(2))
    assert first == second
    assert first
    per_user = load_per_user(tmp_path / "model")
    assert float(per_user["test_user_auc"].mean()) == pytest.approx(result.metrics["test_user_auc"], abs=1e-6)


@pytest.mark.parametrize("name", PREDICTORS)
def test_the_same_seed_gives_the_same_predictions_to_the_bit(name: str, clicks_folder: Path) -> None:
    found = [
        run(clicks_folder, name, seed=seed, budget=Budget(epochs=2), objective="logloss").metrics for seed in (1, 1, 2)
    ]
    names = ("valid_logloss", "test_logloss", "test_auc")
    first, again, other = ([metrics[name] for name in names] for metrics in found)
    assert first == again
    assert first != other


def test_an_unknown_model_is_answered_with_those_that_are() -> None:
    with pytest.raises(ParamError, match="did you mean `sasrec`"):
        find_model("sasrek")
