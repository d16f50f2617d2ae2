"""What the models of the next item share: windows and what is done to them, losses, perturbation, and who is scored."""

import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import torch
import torch.nn.functional as F  # noqa: N812

from recmodels.data.histories import Histories
from recmodels.data.interactions import Interactions
from recmodels.errors import DataError
from recmodels.models import MODELS
from recmodels.models.base import Entities
from recmodels.models.parts import sequence, softmax, windows
from recmodels.models.parts.sequence import SequenceModel, perturbation
from recmodels.request import Budget, TrainRequest
from recmodels.training import train
from tests.benchmarks.common import fitted, histories_of, random_histories

NAMES = tuple(name for name in MODELS if name in {"sasrec", "gru4rec", "hstu"})
SMALL = {"embedding_size": 16, "max_length": 10, "dropout": 0.0}
PADDING = 99


def model_of(name: str, n_items: int, **params: object) -> SequenceModel:
    torch.manual_seed(0)
    model = MODELS[name].load()(MODELS[name].space.check(SMALL | params), Entities(n_users=9, n_items=n_items))
    assert isinstance(model, SequenceModel)
    return model


def padded(*rows: list[int]) -> torch.Tensor:
    return torch.tensor([row + [PADDING] * (max(map(len, rows)) - len(row)) for row in rows])


class TestWindows:
    @pytest.mark.parametrize("seed", range(5))
    @pytest.mark.parametrize("length", [1, 4, 50])
    def test_windows_ask_for_every_item_but_the_first_exactly_once(self, seed: int, length: int) -> None:
        some = random_histories(seed)
        starts, stops = windows.cut(some, length, torch.Generator().manual_seed(seed))
        assert (stops - starts <= length + 1).all()
        asked = torch.cat([torch.arange(int(start) + 1, int(stop)) for start, stop in zip(starts, stops, strict=True)])
        firsts = some.offsets[:-1][some.lengths() > 0]
        everything = torch.arange(len(some))
        assert asked.sort().values.tolist() == everything[~torch.isin(everything, firsts)].tolist()
        assert torch.equal(some.users[starts], some.users[stops - 1])

    def test_batches_hold_each_window_once_and_little_padding(self) -> None:
        some = random_histories(0, n_users=200)
        rng = torch.Generator().manual_seed(0)
        starts, stops = windows.cut(some, 50, rng)
        batches = list(windows.batched(some, starts, stops, 16, rng))
        assert sum(len(batch) for batch in batches) == len(starts)
        assert sum(int((batch != some.n_items).sum()) for batch in batches) == int((stops - starts).sum())
        assert sum(batch.numel() for batch in batches) < 1.15 * int((stops - starts).sum())

    @pytest.mark.parametrize("share", [0.05, 0.5, 0.8])
    def test_a_crop_is_a_stretch_of_its_window_without_the_share(self, share: float) -> None:
        starts, sizes = torch.arange(0, 50_000, 50).repeat(40), torch.arange(2, 42).repeat_interleave(1000)
        first, last = windows.crop(starts, starts + sizes, share, torch.Generator().manual_seed(0))
        assert ((first >= starts) & (last <= starts + sizes) & (last - first >= 2)).all()
        expected = (sizes * (1 - share)).round().clamp(min=2)
        assert torch.equal((last - first).float(), torch.minimum(expected, sizes))
        room = sizes == 41
        assert len((first - starts)[room].unique()) == 41 - int(expected[room][0]) + 1, "every place is drawn"

    def test_reordering_moves_one_stretch_and_leaves_the_rest_in_place(self) -> None:
        rows = padded(*[list(range(20))] * 200, [7, 8], [5])
        moved = windows.reorder(rows, 0.3, PADDING, torch.Generator().manual_seed(0))
        assert torch.equal(moved.sort(dim=1).values, rows.sort(dim=1).values)
        places = [(row != rows[0]).nonzero().flatten() for row in moved[:200]]
        assert all(len(place) == 0 or place.max() - place.min() < 6 for place in places)
        assert sum(len(place) > 0 for place in places) > 190
        assert {int(p) for place in places for p in place} == set(range(20))
        assert moved[200, :2].sort().values.tolist() == [7, 8]
        assert moved[201, 0] == 5

    def test_masking_hides_the_share_of_entries(self) -> None:
        inputs = torch.randint(50, (100, 100))
        hidden = windows.mask(inputs, 0.3, PADDING, torch.Generator().manual_seed(0))
        assert (hidden == PADDING).float().mean().item() == pytest.approx(0.3, abs=0.02)
        assert torch.equal(hidden[hidden != PADDING], inputs[hidden != PADDING])

    @pytest.mark.parametrize("kind", ["none", "crop", "mask", "reorder"])
    def test_no_target_can_be_read_before_it_is_asked_for(self, kind: str) -> None:
        some = random_histories(3, n_users=300, n_items=40)  # nobody has an item twice
        model = model_of("sasrec", 40, augmentation=kind, augmentation_share=0.5)
        n_asked = 0
        for inputs, targets in model.batches(some, torch.Generator().manual_seed(0)):
            n_asked += int((targets != 40).sum())
            for place in range(targets.shape[1]):
                wanted = targets[:, place]
                assert not (inputs[:, : place + 1] == wanted[:, None])[wanted != 40].any()
        whole = len(some) - int((some.lengths() > 0).sum())
        assert (n_asked < 0.8 * whole) if kind == "crop" else (n_asked == whole or kind == "none")

    def test_an_epoch_without_augmentation_is_unchanged_by_its_share(self) -> None:
        assert "augmentation_share" not in MODELS["sasrec"].space.check({"augmentation_share": 0.5})


class TestLosses:
    @pytest.fixture
    def batch(self) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        rng = torch.Generator().manual_seed(0)
        states = torch.randn(70, 6, generator=rng, dtype=torch.float32).requires_grad_()
        items = torch.randn(41, 6, generator=rng, dtype=torch.float32).requires_grad_()
        return states, items, torch.randint(41, (70,), generator=rng)

    @pytest.mark.parametrize("smoothing", [0.0, 0.2])
    @pytest.mark.parametrize("chunk", [1, 300, 2**20], ids=["a row at once", "uneven chunks", "one chunk"])
    def test_the_full_softmax_and_its_gradients_are_those_of_cross_entropy(
        self,
        chunk: int,
        smoothing: float,
        batch: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(softmax, "CHUNK_LOGITS", chunk)
        states, items, targets = batch
        ours = softmax.full_softmax(states, items, targets, smoothing)
        theirs = F.cross_entropy(states @ items.T, targets, label_smoothing=smoothing)
        torch.testing.assert_close(ours, theirs)
        mine, others = (torch.autograd.grad(3 * loss, (states, items)) for loss in (ours, theirs))
        torch.testing.assert_close(mine, others)

    @pytest.mark.parametrize("negatives", ["uniform", "popularity"])
    @pytest.mark.parametrize("smoothing", [0.0, 0.1])
    def test_the_sampled_softmax_estimates_the_full_one(self, negatives: str, smoothing: float) -> None:
        rng = np.random.default_rng(0)
        items = np.minimum(rng.zipf(1.3, 4000), 500) - 1  # a long tail
        some = Histories.from_arrays(np.repeat(np.arange(8), 500), items, n_users=8, n_items=500)
        full = model_of("sasrec", 500, label_smoothing=smoothing)
        with torch.inference_mode():
            full.items.weight[:500] *= 20  # so that items differ
            states, targets = torch.randn(60, 16), torch.randint(500, (60,))
            expected = full.loss(states, targets).item()
            full.params |= {"loss": "sampled_softmax", "negative_sampling": negatives, "n_negatives": 400}
            full.fit(some)
            sampled = torch.stack([full.loss(states, targets) for _ in range(300)])
        assert sampled.std() > 0
        assert sampled.mean().item() == pytest.approx(expected, rel=0.01)

    def test_a_catalogue_beyond_the_limit_is_sampled(self, monkeypatch: pytest.MonkeyPatch) -> None:
        model = model_of("sasrec", 3000).eval()
        states, targets = torch.randn(40, 16), torch.randint(3000, (40,))
        assert model.loss(states, targets) == model.loss(states, targets)
        monkeypatch.setattr(sequence, "MAX_FULL_SOFTMAX", 100)
        assert model.loss(states, targets) != model.loss(states, targets)

    def test_gbce_is_the_formula_of_the_paper(self) -> None:
        states, items = torch.tensor([[1.0, 2.0]]), torch.tensor([[0.5, 0.5], [0.1, -0.3], [0.2, 0.4], [1.0, 1.0]])
        negatives = torch.tensor([1, 3, 0])  # the last one is the target
        rate = 3 / 9
        power = rate * (0.75 * (1 - 1 / rate) + 1 / rate)
        scores = (states @ items.T - math.log(3))[0].sigmoid().tolist()
        by_hand = -(math.log(scores[0] ** power) + math.log(1 - scores[1]) + math.log(1 - scores[3])) / 4
        loss = softmax.gbce(states, items, torch.tensor([0]), negatives, n_items=10, calibration=0.75)
        assert loss.item() == pytest.approx(by_hand, rel=1e-5)

    def test_gbce_without_calibration_is_binary_cross_entropy(
        self, batch: tuple[torch.Tensor, torch.Tensor, torch.Tensor]
    ) -> None:
        states, items, _ = batch
        targets, negatives = torch.zeros(70, dtype=torch.int64), torch.arange(1, 9)
        labels = F.one_hot(torch.zeros(70, dtype=torch.int64), 9).float()
        plain = F.binary_cross_entropy_with_logits(states @ items[:9].T - math.log(8), labels)
        ours = softmax.gbce(states, items, targets, negatives, n_items=41, calibration=0.0)
        torch.testing.assert_close(ours, plain)

    def test_the_perturbation_raises_the_loss_more_than_a_random_step_of_its_length(self) -> None:
        model = model_of("sasrec", 30)
        vectors = torch.randn(6, 8, 16).requires_grad_()
        targets = torch.randint(30, (48,))

        def loss(moved: torch.Tensor) -> torch.Tensor:
            return model.loss(model.encode(moved).flatten(0, 1), targets)

        step = perturbation(loss(vectors), vectors, 0.1)
        torch.testing.assert_close(step.norm(dim=-1), 0.1 * vectors.norm(dim=-1))
        noise = F.normalize(torch.randn_like(vectors), dim=-1) * step.norm(dim=-1, keepdim=True)
        with torch.no_grad():
            assert loss(vectors + step) > loss(vectors + noise)
            assert loss(vectors + step) > loss(vectors)

    def test_adversarial_training_averages_both_losses(self) -> None:
        some = random_histories(0)
        model = model_of("sasrec", 25, adversarial=1.0)
        batch = next(iter(model.batches(some, torch.Generator().manual_seed(0))))
        plain, both = model.eval()(*batch), model.train()(*batch)
        assert both > plain
        both.backward()
        assert all(w.grad is not None and w.grad.isfinite().all() for w in model.parameters())


class TestWhoIsScored:
    @pytest.mark.parametrize("name", NAMES)
    def test_no_state_sees_what_comes_after_it(self, name: str) -> None:
        model = model_of(name, 30, n_layers=2).eval()
        vectors = torch.randn(4, 10, 16)
        changed = vectors.clone()
        changed[:, 6:] += 1.0
        with torch.inference_mode():
            before, after = model.encode(vectors), model.encode(changed)
        torch.testing.assert_close(before[:, :6], after[:, :6])
        assert not torch.allclose(before[:, 6:], after[:, 6:])

    @pytest.mark.parametrize("name", NAMES)
    def test_an_empty_history_gets_the_popular_items_first_and_changes_no_other_user(self, name: str) -> None:
        model = model_of(name, 4).eval()
        some = histories_of([[3, 1, 3], [], [3, 1, 0]], 4)
        with torch.inference_mode():
            scores = model.score(torch.tensor([0, 1, 2]), some, model.encode_items())
            alone = model.score(torch.tensor([0, 2]), some, model.encode_items())
        assert scores[1].argsort(descending=True, stable=True).tolist() == [3, 1, 0, 2]
        torch.testing.assert_close(scores[[0, 2]], alone)

    @pytest.mark.parametrize("name", NAMES)
    def test_a_user_unseen_in_training_is_scored_from_the_history(self, name: str) -> None:
        """Items follow each other in a circle; the last user had no item when the model was trained."""
        n = 12
        rows = [[(user + step) % n for step in range(6)] for user in range(60)]
        model = model_of(name, n, learning_rate=0.01, batch_size=32)
        fitted(model, histories_of([*rows, []], n), epochs=40)
        with torch.inference_mode():
            scores = model.score(torch.tensor([60]), histories_of([*rows, [4, 5, 6]], n), model.encode_items())
        assert scores.argmax() == 7

    @pytest.mark.parametrize("name", NAMES)
    def test_histories_of_one_item_are_refused_with_the_reason(self, name: str, tmp_path: Path) -> None:
        single = histories_of([[0], [1], [2]], 3)
        with pytest.raises(DataError, match=f"{name} learns what follows what"):
            model_of(name, 3).fit(single)

    @pytest.mark.parametrize(
        "params",
        [
            {"loss": "sampled_softmax", "negative_sampling": "popularity", "n_negatives": 64},
            {"loss": "gbce", "n_negatives": 16, "augmentation": "crop"},
            {"label_smoothing": 0.1},
            {"augmentation": "reorder"},
            {"augmentation": "mask", "adversarial": 0.3},
        ],
        ids=str,
    )
    def test_each_way_of_training_learns_the_circles(self, params: dict[str, object], circles_folder: Path) -> None:
        request = TrainRequest(
            dataset=circles_folder,
            model="sasrec",
            params=SMALL | {"learning_rate": 0.01, "dropout": 0.1} | params,
            budget=Budget(epochs=20, patience=20),
            measures_test=True,
            n_threads=1,
            device="cpu",
        )
        assert train(request).metrics["test_ndcg@10"] > 0.8


def test_a_model_of_sequences_reads_a_given_order_of_events(tmp_path: Path) -> None:
    """The same pairs in the opposite order teach the opposite circle."""
    n = 10
    events = [{"user": u, "item": (u + s) % n, "time": -s} for u in range(60) for s in range(6)]
    Interactions.from_events("back", pl.DataFrame(events), time_kind="order").save(tmp_path / "back")
    params = SMALL | {"learning_rate": 0.01}
    request = TrainRequest(
        dataset=tmp_path / "back",
        model="gru4rec",
        params=params,
        budget=Budget(epochs=25, patience=25),
        measures_test=True,
        device="cpu",
    )
    assert train(request).metrics["test_recall@10"] > 0.9
