"""What is told of a dataset is told in Chinese to whoever asks in Chinese; no sentence of the tool is left out."""

import re

import numpy as np
import polars as pl
import pytest

from agent.answers.told_in_chinese import in_chinese
from recmodels.data.drift import compare
from recmodels.data.drift_words import sentences
from recmodels.data.interactions import Interactions

_NAMES = re.compile(r"shop-v2|shop|PSI|\bp\b")


def data(n: int, n_items: int, weight: float) -> Interactions:
    draw = np.random.default_rng(n)
    rows = {
        "user": [f"u{k % 30}" for k in range(n)],
        "item": [f"i{draw.integers(n_items)}" for _ in range(n)],
        "time": 1_700_000_000 + np.arange(n) * 9_000,
        "weight": (draw.integers(1, 4, n) + weight).astype(np.float32),
    }
    return Interactions.from_events("shop", pl.DataFrame(rows), None, time_kind="timestamp")


@pytest.mark.parametrize("kept", [None, {"min_weight": 2}])
def test_every_sentence_on_what_is_new_and_drifted_is_in_chinese(kept: dict[str, int] | None) -> None:
    said = sentences(compare(data(300, 20, 0.0), data(600, 40, 1.0), "shop", "shop-v2"), kept)
    assert len(said) > 7
    for sentence in said:
        told = in_chinese(sentence)
        assert not re.search("[a-z]", _NAMES.sub("", told)), told
        assert sorted(re.findall(r"\d{3,}", told)) == sorted(re.findall(r"\d{3,}", sentence))


@pytest.mark.parametrize(
    ("sentence", "told"),
    [
        (
            "shop-v2 differs from shop: 1 new event, 0 new users, 2 new items.",
            "shop-v2 与 shop 相比：新增 1 个事件、0 个用户、2 个物品。",
        ),
        (
            "shop-v2 differs from shop: 20 new events, 3 new users, 2 new items, 1 event gone; it ends 30 days later.",
            "shop-v2 与 shop 相比：新增 20 个事件、3 个用户、2 个物品，减少 1 个事件，晚 30 天结束。",
        ),
        ("a, b keep the ids of users as the file has them", "a, b 按文件原样保存用户的 ID"),
        ("own words of somebody", "own words of somebody"),
    ],
)
def test_what_is_there_is_said_and_nothing_else(sentence: str, told: str) -> None:
    assert in_chinese(sentence) == told
