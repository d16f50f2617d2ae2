"""A model trained on hashed ids answers for the person that somebody types, and keeps no id."""

from pathlib import Path

import pytest

from recmodels.data.catalogue import Catalogue
from recmodels.data.choices import Choices
from recmodels.data.reading.writing import read_here
from recmodels.request import SplitSpec, TrainRequest
from recmodels.serving import Recommender
from recmodels.training import train


@pytest.mark.parametrize("typed", ["qx3zw", " qx3zw"])
def test_a_person_is_found_by_the_id_that_was_hashed(tmp_path: Path, typed: str) -> None:
    rows = (f"qx{u}zw,sku-{(u % 2) * 10 + k},{k + u}" for u in range(12) for k in range(10) if k != u % 10)
    file = tmp_path / "log.csv"
    file.write_text("\n".join(["user,item,timestamp", *rows]) + "\n")
    home = tmp_path / "home"
    catalogue = Catalogue(home / "datasets", read=read_here)
    shop = catalogue.add(file, name="shop", choices=Choices(hashed=("user", "item")))
    request = TrainRequest(
        dataset=shop.folder, model="ease", params={}, split=SplitSpec(), seed=0, checkpoint=home / "weights"
    )
    assert train(request).checkpoint is not None
    recommender = Recommender.load(home / "weights")
    found = recommender.recommend(typed, k=3)
    assert found[0].fallback is None and len(found[0].item_id) == 24
    assert recommender.recommend("nobody", k=3)[0].fallback is not None
    assert recommender.recommend_after(["sku-1", "sku-2"], k=3)[0].fallback is None
    assert not [file for file in home.rglob("*") if file.is_file() and b"qx3zw" in file.read_bytes()]
