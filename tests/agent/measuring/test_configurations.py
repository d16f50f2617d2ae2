"""The configurations that all datasets share: where they begin, what they cover, and that they never change."""

import numpy as np
import pytest

from agent.measuring.configurations import configurations, has_repeat, seed_of
from recmodels.models import MODELS
from recmodels.search_space import Choice, Float, Int


@pytest.mark.parametrize("model", [name for name, entry in MODELS.items() if len(entry.space)])
def test_every_configuration_is_legal_complete_and_new(model):
    space, found = MODELS[model].space, configurations(model, 60)
    assert found[0] == space.defaults()
    assert all(space.check(params) == params for params in found)
    assert len({str(params) for params in found}) == 60


def test_a_longer_list_begins_as_a_shorter_one():
    for n in (1, 2, 3, 17):
        assert configurations("ials", 60)[:n] == configurations("ials", n)


def test_the_points_of_the_shipped_histories_stay_as_they_are():
    assert configurations("ease", 3)[1:] == [
        {"l2": 2486.94, "dropout": 0.588077, "user_exponent": 0.898581, "popularity_exponent": 0.263622},
        {"l2": 28.4888, "dropout": 0.226666, "user_exponent": 0.0922954, "popularity_exponent": 0.235277},
    ]
    assert configurations("item_knn", 3)[2] == {
        "n_neighbors": 69,
        "weighting": "bm25",
        "bm25_k1": 13.2286,
        "bm25_b": 0.066767,
    }
    assert seed_of("bpr_mf", 10, 1) == 1261746788


@pytest.mark.parametrize("model", ["item_knn", "ials", "bpr_mf", "text_tower"])
def test_the_points_spread_over_every_searched_param(model):
    found = configurations(model, 65)[1:]
    for name, param in MODELS[model].space.searched().items():
        values = [params[name] for params in found if name in params]
        if param.held:
            assert set(values) <= {param.default}
        elif isinstance(param, Choice):
            assert set(values) == set(param.choices)
        elif param.when is None:
            places = np.array([_place(param, value) for value in values])
            assert np.histogram(places, bins=4, range=(0, 1))[0].min() >= len(values) // 8


def test_another_seed_or_model_gives_other_points():
    assert configurations("ease", 3, seed=1)[1] != configurations("ease", 3)[1]
    seeds = {seed_of(model, i, repeat) for model in ("ials", "bpr_mf") for i in range(60) for repeat in (0, 1)}
    assert len(seeds) == 240


def test_only_models_with_randomness_are_measured_twice():
    assert [i for i in range(60) if has_repeat("bpr_mf", i)] == [0, 10, 20, 30, 40, 50]
    assert not any(has_repeat("ease", i) for i in range(60))


def _place(param: Float | Int, value: float) -> float:
    scaled = np.log if param.log else float
    return float((scaled(value) - scaled(param.low)) / (scaled(param.high) - scaled(param.low)))
