"""The text tower on planted tastes: two sorts of readers, two sorts of books, and titles that tell them apart."""

import functools
from pathlib import Path
from typing import Any

import numpy as np
import peft
import pytest
import torch
from torch import Tensor
from transformers import AutoModel

from recmodels.data.histories import Histories
from recmodels.errors import DataError, SetupError
from recmodels.models import MODELS
from recmodels.models.base import Entities
from recmodels.models.parts import item_encoder
from recmodels.models.text_tower import TextTower
from recmodels.pretrained import adapters
from recmodels.pretrained.encoder import load_encoder, pad, pooled
from recmodels.pretrained.packaged import packaged_minilm
from tests.benchmarks.common import fitted, histories_of

pytestmark = pytest.mark.filterwarnings("ignore:.*is_gradient_checkpointing:FutureWarning")  # peft 0.21

N_BOOKS, N_USERS, N_READ = 16, 40, 5  # of each sort
FANTASY = "the {} of the dragon; wizards, castles and magic swords in an enchanted kingdom"
CRIME = "the {} murder; a detective and the police follow a killer through the city"
WORDS = ("red", "cold", "last", "lost", "old", "first", "silent", "broken")
WORDS += ("golden", "winter", "iron", "hollow", "distant", "burning", "hidden", "final")
TEXTS = tuple(sort.format(word) for sort in (FANTASY, CRIME) for word in WORDS)
COLD = torch.tensor([0, 1, 16, 17])  # two of each sort that nobody reads
IS_FANTASY = torch.arange(2 * N_BOOKS) < N_BOOKS
SMALL = {"embedding_size": 16, "batch_size": 512, "history_length": 5, "adapter_learning_rate": 1e-3}
KINDS = [*adapters.PEFT_KINDS, "full", "frozen"]


@functools.cache
def planted() -> Histories:
    """Even readers read fantasy, odd ones crime, each `N_READ` different books that are not cold."""
    rng = np.random.default_rng(0)
    rows = [2 + rng.permutation(N_BOOKS - 2)[:N_READ] + N_BOOKS * (user % 2) for user in range(2 * N_USERS)]
    return histories_of(rows, 2 * N_BOOKS)


def build(kind: type[TextTower] = TextTower, **params: Any) -> TextTower:
    """An untrained tower; params of an adapter are left out where the kind has none."""
    space = MODELS["text_tower"].space
    complete = space.check(space.active(space.defaults() | SMALL | {"adapter": "lora"} | params))
    torch.manual_seed(0)
    return kind(complete, Entities(n_users=2 * N_USERS, n_items=2 * N_BOOKS, item_texts=TEXTS))


def trained(epochs: int = 12, kind: type[TextTower] = TextTower, **params: Any) -> TextTower:
    return fitted(build(kind, **params), planted(), epochs)


@torch.inference_mode()
def scores(model: TextTower, histories: Histories | None = None) -> Tensor:
    return model.score(torch.arange(2 * N_USERS), planted() if histories is None else histories, model.encode_items())


@functools.cache
def known(kind: str) -> TextTower:
    """A trained tower, for tests that only read it."""
    return trained(adapter=kind)


@pytest.mark.parametrize("kind", KINDS)
def test_readers_are_recommended_the_sort_of_book_they_read(kind: str) -> None:
    top = scores(known(kind)).topk(5).indices  # (users, 5)
    is_right = IS_FANTASY[top] == (torch.arange(2 * N_USERS) % 2 == 0)[:, None]
    assert is_right.float().mean() > 0.95


@pytest.mark.parametrize("kind", ["lora", "frozen"])
def test_a_book_nobody_has_read_is_placed_by_its_text(kind: str) -> None:
    given = scores(known(kind))
    fantasy_readers, crime_readers = given[0::2], given[1::2]
    cold_fantasy, cold_crime = COLD[:2], COLD[2:]
    warm_fantasy, warm_crime = torch.arange(2, N_BOOKS), torch.arange(N_BOOKS + 2, 2 * N_BOOKS)
    for readers, cold, other in (
        (fantasy_readers, cold_fantasy, warm_crime),
        (crime_readers, cold_crime, warm_fantasy),
    ):
        assert (readers[:, cold].amin(dim=1) > readers[:, other].mean(dim=1)).float().mean() > 0.95
    assert (fantasy_readers[:, cold_fantasy].mean(dim=1) > fantasy_readers[:, cold_crime].mean(dim=1)).all()


def test_a_reader_without_a_history_gets_finite_scores_by_popularity() -> None:
    model = known("frozen")
    nobody = Histories.from_arrays(
        np.array([], dtype=np.int64), np.array([], dtype=np.int64), n_users=2 * N_USERS, n_items=2 * N_BOOKS
    )
    given = scores(model, nobody)
    assert given.isfinite().all()
    assert torch.allclose(given[0], given[1])


def test_scores_follow_the_history_and_not_the_readers_number() -> None:
    swapped = Histories(
        offsets=planted().offsets, items=planted().items.roll(N_READ), users=planted().users, n_items=2 * N_BOOKS
    )
    model = known("frozen")
    assert torch.allclose(scores(model, swapped)[1], scores(model)[0], atol=1e-5)


def test_a_user_embedding_lets_readers_with_one_history_differ() -> None:
    model = trained(epochs=3, adapter="frozen", user_embedding=True)
    same = Histories(
        offsets=planted().offsets,
        items=planted().items[:N_READ].repeat(2 * N_USERS),
        users=planted().users,
        n_items=2 * N_BOOKS,
    )
    assert not torch.allclose(scores(model, same)[0], scores(model, same)[1], atol=1e-3)


def test_popularity_weight_adds_that_share_of_the_log_popularity() -> None:
    model = known("frozen")
    before = scores(model)
    was = model.params["popularity_weight"]
    heavier = trained(adapter="frozen")
    heavier.params["popularity_weight"] = float(was) + 0.25
    assert torch.allclose(scores(heavier) - before, (0.25 * model.log_popularity).expand_as(before), atol=1e-4)


def test_log_popularity_is_smoothed_and_unseen_books_have_the_least() -> None:
    model = known("frozen")
    counts = planted().counts()
    assert torch.allclose(model.log_popularity, ((counts + 1) / (counts.sum() + 2 * N_BOOKS)).log())
    assert not model.is_seen[COLD].any() and int(model.is_seen.sum()) == 2 * N_BOOKS - len(COLD)
    assert (model.log_popularity[COLD] == model.log_popularity.min()).all()


@pytest.mark.parametrize("kind", KINDS)
def test_only_what_the_adapter_declares_is_trained_in_the_encoder(kind: str) -> None:
    model = build(adapter=kind)
    published = AutoModel.from_pretrained(packaged_minilm()).state_dict()
    model.fit(planted())
    model.train()
    model(*next(model.batches(planted(), torch.Generator().manual_seed(0)))).backward()
    inside = {name for name, weight in model.encoder.named_parameters() if weight.grad is not None}
    if kind == "full":
        assert {name.split(".layer.")[1][0] for name in inside} == set("012345")
        assert all(".layer." in name for name in inside), "the word vectors stay"
    else:
        assert bool(inside) == (kind != "frozen")
        assert all(adapters.is_adapter_weight(name) for name in inside)
    for name, weight in known(kind).encoder.named_parameters():
        if not weight.requires_grad and "ranknum" not in name:  # a count that adalora keeps
            plain = name.removeprefix("model.").removeprefix("base_model.").removeprefix("model.")
            assert torch.equal(weight, published[plain.replace(".base_layer", "")])


@pytest.mark.parametrize("kind", KINDS)
def test_a_checkpoint_gives_the_same_scores_and_holds_no_frozen_weight(kind: str, tmp_path: Path) -> None:
    model = known(kind)
    model.save(tmp_path)
    loaded = build(adapter=kind).eval()
    loaded.load(tmp_path)
    assert torch.allclose(scores(loaded), scores(model), atol=1e-5)
    assert (tmp_path / "adapter").is_dir() == (kind in adapters.PEFT_KINDS)
    n_bytes = sum(path.stat().st_size for path in tmp_path.rglob("*.safetensors"))
    assert 4e7 < n_bytes < 5e7 if kind == "full" else n_bytes < 5e5


@pytest.mark.parametrize("kind", adapters.PEFT_KINDS)
def test_the_saved_adapter_loads_with_peft_and_gives_the_towers_vectors(kind: str, tmp_path: Path) -> None:
    model = known(kind)
    model.save(tmp_path)
    encoder = load_encoder()
    wrapped = peft.PeftModel.from_pretrained(encoder.model, tmp_path / "adapter").eval()
    ids, mask = pad(encoder.tokenize(TEXTS), encoder.tokenizer.pad_token_id, encoder.device)
    with torch.inference_mode():
        assert torch.allclose(pooled(wrapped, ids, mask), model.encoder.encode_all(), atol=1e-4)


@pytest.mark.parametrize("kind", ["lora", "full"])
def test_running_the_upper_layers_alone_equals_running_the_encoder(kind: str) -> None:
    model = known(kind)
    encoder = load_encoder()
    ids, mask = pad(encoder.tokenize(TEXTS), encoder.tokenizer.pad_token_id, encoder.device)
    with torch.no_grad():
        whole = pooled(model.encoder.model, ids, mask)
    assert torch.allclose(model.encoder(torch.arange(len(TEXTS))), whole, atol=1e-4)
    assert not torch.allclose(model.encoder.frozen(), whole, atol=1e-3)  # training changed something


def test_a_frozen_encoder_reads_each_text_once_for_all_trials() -> None:
    first = build(adapter="frozen")
    first.encoder.frozen()
    misses = item_encoder._read.cache_info().misses
    model = build(adapter="frozen")
    n_calls = 0

    def count(*_: object) -> None:
        nonlocal n_calls
        n_calls += 1

    model.encoder.model.register_forward_hook(count)
    scores(fitted(model, planted(), epochs=1))
    assert (n_calls, item_encoder._read.cache_info().misses) == (0, misses)
    assert model.encoder.frozen() is first.encoder.frozen()


def test_evaluation_uses_no_vector_from_before_the_last_step() -> None:
    model = trained(epochs=2, adapter="lora")
    with torch.inference_mode():
        first = model.encode_items()
    model.train()
    optimizer = model.optimizer()
    model(*next(model.batches(planted(), torch.Generator().manual_seed(1)))).backward()
    optimizer.step()
    model.eval()
    with torch.inference_mode():
        second = model.encode_items()
        assert not torch.equal(first, second)
        assert torch.allclose(second, model._embed(model.encoder.encode_all()), atol=1e-6)


def test_a_step_encodes_as_many_texts_as_asked() -> None:
    model = build(adapter="lora", encoded_items=8)
    *_, live = next(model.batches(planted(), torch.Generator().manual_seed(0)))
    assert len(live) == len(live.unique()) == 8
    *_, none = next(build(adapter="frozen").batches(planted(), torch.Generator().manual_seed(0)))
    assert len(none) == 0


def test_each_position_but_the_first_is_asked_once_with_only_what_came_before() -> None:
    batches = list(build(adapter="frozen").batches(planted(), torch.Generator().manual_seed(0)))
    users, windows, targets = (torch.cat(parts) for parts in list(zip(*batches, strict=True))[:3])
    assert len(targets) == 2 * N_USERS * (N_READ - 1)
    for user, window, target in zip(users.tolist(), windows.tolist(), targets.tolist(), strict=True):
        history = planted().items[user * N_READ : (user + 1) * N_READ].tolist()
        assert [item for item in window if item != 2 * N_BOOKS] == history[: history.index(target)]


def test_the_sampled_softmax_estimates_the_full_one() -> None:
    class Sampled(TextTower):
        max_full_softmax = 5
        n_sampled = 12

    full, sampled = build(adapter="frozen", dropout=0.0), build(Sampled, adapter="frozen", dropout=0.0)
    for model in (full, sampled):
        model.fit(planted())
        model.eval()
    users, windows, targets, live = next(full.batches(planted(), torch.Generator().manual_seed(0)))
    few = (users[:8], windows[:8], targets[:8], live)
    with torch.no_grad():
        expected = float(full(*few))
        losses = torch.stack([sampled(*few) for _ in range(200)])
    assert losses.std() > 0  # it does sample
    assert float(losses.mean()) == pytest.approx(expected, rel=0.05)


def test_the_same_seed_gives_the_same_weights() -> None:
    first, second = (trained(epochs=2, adapter="lora").weights() for _ in range(2))
    assert all(torch.equal(first[name], second[name]) for name in first)


def test_weights_of_another_shape_are_refused() -> None:
    with pytest.raises(RuntimeError, match="do not fit"):
        build(adapter="frozen").load_weights(known("lora").weights())


def test_a_checkpoint_without_its_adapter_folder_is_refused(tmp_path: Path) -> None:
    known("lora").save(tmp_path)
    (tmp_path / "adapter" / "adapter_model.safetensors").unlink()
    with pytest.raises(SetupError, match="holds no adapter"):
        build(adapter="lora").load(tmp_path)


def test_a_dataset_without_texts_is_refused_in_one_sentence() -> None:
    params = MODELS["text_tower"].space.defaults()
    with pytest.raises(DataError, match="reads item texts, and the dataset has no text columns"):
        TextTower(params, Entities(n_users=2, n_items=2))
