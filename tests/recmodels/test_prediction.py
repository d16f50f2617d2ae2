"""Models that predict labels and ratings, on data whose right answer is known."""

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
import torch

from recmodels.data.features import features_of
from recmodels.data.interactions import Interactions
from recmodels.data.observations import Observations
from recmodels.data.reading.read import read_interactions
from recmodels.data.split import split as split_rows
from recmodels.data.split import split_examples
from recmodels.errors import DataError, ParamError
from recmodels.loop.preparation import entities_of
from recmodels.models import MODELS
from recmodels.models.base import Entities
from recmodels.models.parts.fields import FieldEmbeddings
from recmodels.models.parts.predicting import Predictor
from recmodels.request import Budget, SplitSpec, TrainRequest, TrainResult
from recmodels.serving import Recommender
from recmodels.training import train

pytestmark = pytest.mark.filterwarnings("ignore:.*pin_memory")
PREDICTORS = [name for name, entry in MODELS.items() if entry.predicts and not entry.needs]  # here are no texts
SMALL = {"embedding_size": 8, "n_layers": 2, "hidden_size": 32, "learning_rate": 0.02, "batch_size": 1024}
SMALL |= {"dropout": 0.0, "weight_decay": 1e-6, "batch_norm": False}


def run(folder: Path, model: str, objective: str, *, epochs: int = 10, **rest: Any) -> TrainResult:
    budget = Budget(epochs=epochs, patience=epochs)
    return train(
        TrainRequest(
            dataset=folder,
            model=model,
            objective=objective,
            n_threads=1,
            device="cpu",
            budget=budget,
            measures_test=True,
            **rest,
        )
    )


def saved(lines: list[str], folder: Path) -> Path:
    (folder / "x.csv").write_text("\n".join(lines))
    read_interactions(folder / "x.csv").save(folder / "saved")
    return folder / "saved"


def biased_ratings(n: int = 5000) -> tuple[list[str], np.ndarray]:
    """Ratings that are 3 + b_u + b_i, and the biases of the items."""
    rng = np.random.default_rng(0)
    of_users, of_items = rng.normal(size=60), rng.normal(size=40)
    users, items = rng.integers(0, 60, n), rng.integers(0, 40, n)
    ratings = 3 + of_users[users] + of_items[items] + rng.normal(size=n) * 0.05
    rows = [f"u{u},i{i},{r:.3f}" for u, i, r in zip(users, items, ratings, strict=True)]
    return ["user,item,rating", *rows], of_items


@pytest.mark.parametrize("name", ["deepfm", "dcnv2"])
def test_a_label_that_only_two_fields_together_tell_is_learned(name: str, clicks_folder: Path) -> None:
    result = run(clicks_folder, name, "auc", params=SMALL)
    assert result.metrics["test_auc"] > 0.95  # 5 % of the labels are random: at best about 0.975
    assert result.metrics["test_logloss"] < 0.25
    assert result.metrics["test_user_auc"] > 0.93


def test_a_model_without_context_cannot_tell_such_a_label(clicks_folder: Path) -> None:
    assert run(clicks_folder, "biased_mf", "auc").metrics["test_auc"] < 0.6


def test_biased_mf_recovers_the_biases_that_made_the_ratings(tmp_path: Path) -> None:
    lines, of_items = biased_ratings()
    params = {"embedding_size": 4, "batch_size": 1024, "weight_decay": 1e-6, "learning_rate": 0.03}
    result = run(saved(lines, tmp_path), "biased_mf", "rmse", epochs=40, params=params, checkpoint=tmp_path / "model")
    assert result.metrics["test_rmse"] < 0.15
    assert result.metrics["test_mae"] <= result.metrics["test_rmse"]
    data = Interactions.load(tmp_path / "saved")
    model = MODELS["biased_mf"].load()(MODELS["biased_mf"].space.check(params), entities_of(data, MODELS["biased_mf"]))
    model.load(tmp_path / "model")
    with torch.inference_mode():
        learned = model.score(torch.arange(60), None, None).mean(0).numpy()  # the vectors may carry some of a bias
    truth = of_items[[int(item[1:]) for item in data.item_ids]]
    assert np.corrcoef(learned, truth)[0, 1] > 0.99


@pytest.mark.parametrize("name", PREDICTORS)
def test_ratings_are_ranked_against_sampled_items_unless_the_objective_is_of_ratings(name: str, tmp_path: Path) -> None:
    folder = saved(biased_ratings(1500)[0], tmp_path)
    ranked = run(folder, name, "ndcg@10", epochs=1).metrics
    assert "valid_ndcg@10" in ranked
    assert "valid_rmse" not in ranked
    predicted = run(folder, name, "mae", epochs=1).metrics
    assert {"valid_rmse", "test_mae"} <= predicted.keys()
    assert "valid_ndcg@10" not in predicted


def test_models_that_predict_rank_the_circles_better_than_popularity(circles_folder: Path) -> None:
    floor = run(circles_folder, "popularity", "ndcg@10").metrics["test_ndcg@10"]
    for name in PREDICTORS:
        params = {**({} if name == "biased_mf" else SMALL), "learning_rate": 0.02, "batch_size": 256}
        assert run(circles_folder, name, "ndcg@10", epochs=15, params=params).metrics["test_ndcg@10"] > floor + 0.1


def test_lists_and_predictions_are_both_measured_where_both_are_asked_for(clicks_folder: Path) -> None:
    with_lists = run(clicks_folder, "biased_mf", "auc", epochs=1, metrics=("ndcg@5", "coverage@10")).metrics
    assert {"valid_auc", "valid_ndcg@10", "test_coverage@10"} <= with_lists.keys()
    assert {"valid_auc", "valid_ndcg@10"} <= run(clicks_folder, "biased_mf", "ndcg@10", epochs=1).metrics.keys()


def test_what_a_model_or_the_data_cannot_do_is_refused_in_words(clicks_folder: Path, circles_folder: Path) -> None:
    with pytest.raises(ParamError, match=r"bpr_mf ranks .* `auc` needs another model: biased_mf, deepfm or dcnv2"):
        run(clicks_folder, "bpr_mf", "auc")
    with pytest.raises(DataError, match=r"`rmse` needs a column of ratings, and `clicks` has none; take logloss"):
        run(clicks_folder, "deepfm", "rmse")
    with pytest.raises(DataError, match=r"`auc` needs a column of 0 and 1 .*; take ndcg"):
        run(circles_folder, "deepfm", "auc")


def with_parts(train_rows: list[str], valid_rows: list[str], test_rows: list[str], folder: Path) -> Path:
    for name, rows in (("train", train_rows), ("valid", valid_rows), ("test", test_rows)):
        (folder / f"{name}.csv").write_text("\n".join(["label,user,item,hour", *rows]))
    read_interactions(folder / "train.csv").save(folder / "saved")
    return folder / "saved"


TRAIN_ROWS = [f"{(i + j) % 2},u{i},i{j},h{(i * j) % 3}" for i in range(8) for j in range(9)]


def test_metrics_that_say_nothing_are_left_out(tmp_path: Path) -> None:
    ones = ["1,u0,i1,h1", "1,u1,i2,h0"]
    folder = with_parts(TRAIN_ROWS, ["1,u0,i1,h1", "0,u1,i1,h0"], ones, tmp_path)
    found = run(folder, "deepfm", "auc", epochs=1).metrics
    assert 0.0 <= found["valid_auc"] <= 1.0
    assert "valid_user_auc" not in found  # no user has both labels there
    assert "test_auc" not in found
    assert {"test_logloss", "test_f1"} <= found.keys()
    (tmp_path / "other").mkdir()
    folder = with_parts(TRAIN_ROWS, ones, ones, tmp_path / "other")
    assert "valid_auc" not in run(folder, "deepfm", "logloss", epochs=1).metrics
    with pytest.raises(DataError, match="`auc` needs rows with both labels in the valid part"):
        run(folder, "deepfm", "auc", epochs=1)


@pytest.mark.parametrize("n_rows", [1, 257])
def test_a_last_batch_of_one_row_is_no_obstacle(n_rows: int, tmp_path: Path) -> None:
    folder = with_parts((TRAIN_ROWS[1:] * 4)[:n_rows], TRAIN_ROWS[:5], TRAIN_ROWS[:5], tmp_path)
    params = {"batch_norm": True, "batch_size": 256}
    assert np.isfinite(run(folder, "deepfm", "logloss", epochs=1, params=params).metrics["test_logloss"])


@pytest.mark.parametrize("name", PREDICTORS)
def test_what_training_has_not_seen_is_predicted_as_unknown(name: str, tmp_path: Path) -> None:
    rows = ["1,new-user,new-item,new-hour", "0,other-user,other-item,other-hour", "1,u0,i1,h1", "0,u0,i2,h1"]
    folder = with_parts(TRAIN_ROWS, rows, rows, tmp_path)
    data = Interactions.load(folder)
    result = run(folder, name, "logloss", epochs=2, checkpoint=tmp_path / "model")
    assert np.isfinite(result.metrics["test_logloss"])
    model = MODELS[name].load()(MODELS[name].space.check(result.params), entities_of(data, MODELS[name]))
    model.load(tmp_path / "model")
    assert isinstance(model, Predictor)
    users = torch.tensor([data.user_ids.to_list().index(user) for user in ("new-user", "other-user")])
    items = torch.tensor([data.item_ids.to_list().index(item) for item in ("new-item", "other-item")])
    codes = features_of(data).context_codes
    hours = data.examples.context["hour"].to_list()
    context = torch.tensor(np.stack([codes[hours.index(hour)] for hour in ("new-hour", "other-hour")]))
    with torch.inference_mode():
        new, other = model.eval().predict(users, items, context, torch.empty(2, 0))
    torch.testing.assert_close(new, other)  # two that nothing is known of
    assert len(Recommender.load(tmp_path / "model").recommend("new-user", k=3)) == 3


def test_the_vectors_of_several_values_are_averaged_and_those_of_unknown_ones_are_zero() -> None:
    events = pl.DataFrame({"user": list("abcd"), "item": list("wxyz")})
    table = pl.DataFrame({"genres": ["War|Drama", "Drama", None, "War|Comedy"]})
    data = Interactions.from_events("d", events, item_table=table)
    fields = FieldEmbeddings(Entities(n_users=4, n_items=4, features=features_of(data)), 3)
    torch.nn.init.normal_(fields.table.weight)
    with torch.no_grad():
        fields.table.weight[fields.first_row] = 0.0
    seen = Observations(
        users=torch.arange(3), items=torch.arange(3), context=torch.empty(3, 0).long(), numbers=torch.empty(3, 0)
    )
    fields.learn_from(seen)  # so nobody has seen item z and Comedy
    vectors = fields(torch.arange(4), torch.arange(4), torch.empty(4, 0).long(), torch.empty(4, 0))
    war_drama, drama, missing, war_comedy = vectors[:, 2]
    war = 2 * war_drama - drama
    torch.testing.assert_close(war_comedy, war / 2)  # Comedy is unknown, so zero
    assert missing.abs().sum() == 0
    assert vectors[3, 0].abs().sum() == vectors[3, 1].abs().sum() == 0  # user d and item z


def test_the_context_of_a_list_is_that_of_the_users_latest_row(clicks_folder: Path, tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    users, items, hours = rng.integers(0, 30, 3000), rng.integers(0, 20, 3000), rng.integers(0, 2, 3000)
    rows = [
        f"u{u},i{i},h{h},{int(i % 2 == h)},{1_700_000_000 + n}"  # the even items suit hour 0, the odd ones hour 1
        for n, (u, i, h) in enumerate(zip(users, items, hours, strict=True))
    ]
    lines = ["user,item,hour,clicked,timestamp", *rows]
    folder = saved(lines, tmp_path)
    split = SplitSpec(kind="random")
    run(folder, "deepfm", "auc", epochs=15, params=SMALL, split=split, checkpoint=tmp_path / "model")
    served = Recommender.load(tmp_path / "model")
    data = Interactions.load(folder)
    model = served._model
    kinds = torch.tensor([int(item[1:]) % 2 for item in data.item_ids])
    scores = model.score(torch.arange(data.n_users), served._histories, None)
    train_rows, *_ = split_examples(data, split_rows(data, split))
    examples = data.examples
    latest = {examples.users[row]: examples.context["hour"][int(row)] for row in train_rows}  # by user, then time
    for user, row in enumerate(scores):
        suits = kinds == int(latest[user][1:])
        assert row[suits].min() > row[~suits].max()


def rare_clicks(n: int = 6000) -> list[str]:
    """One offer in twenty is taken, mostly of one item in five."""
    rng = np.random.default_rng(3)
    users, items = rng.integers(0, 50, n), rng.integers(0, 25, n)
    labels = rng.random(n) < np.where(items % 5 == 0, 0.2, 0.0125)
    return ["user,item,clicked", *(f"u{u},i{i},{int(y)}" for u, i, y in zip(users, items, labels, strict=True))]


@pytest.mark.parametrize("how", [{}, {"class_weight": "balanced"}, {"resampling": "balanced"}])
def test_probabilities_keep_the_rate_of_the_data_however_the_classes_are_balanced(
    how: dict[str, Any], tmp_path: Path
) -> None:
    params = {"embedding_size": 4, "batch_size": 1024, "weight_decay": 1e-4} | how
    result = run(saved(rare_clicks(), tmp_path), "biased_mf", "logloss", epochs=15, params=params)
    assert result.metrics["test_auc"] > 0.75
    entropy_of_the_rate = 0.2  # of 5 %; unless the rate were put back, balanced classes would cost 0.5 and more
    assert result.metrics["test_logloss"] < entropy_of_the_rate


def test_label_smoothing_keeps_probabilities_from_the_ends(clicks_folder: Path) -> None:
    sure, smooth = (
        run(clicks_folder, "deepfm", "auc", epochs=10, params=SMALL | {"label_smoothing": s}).curve[-1].loss
        for s in (0.0, 0.2)
    )
    assert smooth > sure + 0.1  # the entropy of a label that is 0.9 rather than 1
