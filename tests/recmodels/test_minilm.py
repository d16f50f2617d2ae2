"""MiniLM in numpy: what transformers and peft compute of the same weights, without importing them."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import threadpoolctl
import torch
from peft import LoraConfig, PeftModel, get_peft_model

from recmodels.pretrained.encoder import TextEncoder, load_encoder
from recmodels.pretrained.minilm import MiniLM

TEXTS = [
    "a dragon guards the mountain",
    "",
    "Ünïcode café, 日本語 🎉; it's [SEP] and [MASK]",
    "ndcg@10 above 0.5, batch size 1,024\tand 1e-3",
    "word " * 600,
    "x" * 3000,
]


@pytest.fixture(scope="module")
def minilm() -> MiniLM:
    return MiniLM.load()


@pytest.fixture(scope="module")
def theirs() -> TextEncoder:
    return load_encoder()


def encoded(encoder: TextEncoder, texts: list[str]) -> Any:
    return encoder.tokenizer(
        texts, truncation=True, max_length=256, padding=True, return_tensors="pt", return_offsets_mapping=True
    )


def their_states(encoder: TextEncoder, model: Any, texts: list[str]) -> list[np.ndarray[Any, Any]]:
    """Of all texts in one padded batch, without the padding."""
    batch = encoded(encoder, texts)
    with torch.inference_mode():
        states = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).last_hidden_state
    return [row[mask.bool()].numpy() for row, mask in zip(states, batch["attention_mask"], strict=True)]


def test_texts_become_the_tokens_of_transformers_at_the_same_places(minilm: MiniLM, theirs: TextEncoder) -> None:
    batch = encoded(theirs, TEXTS)
    for row, tokens in enumerate(minilm.tokenize(TEXTS)):
        n = len(tokens.ids)
        assert tokens.ids == batch["input_ids"][row][: int(batch["attention_mask"][row].sum())].tolist()
        assert [list(place) for place in tokens.offsets] == batch["offset_mapping"][row][:n].tolist()


def test_states_are_those_of_transformers_in_a_padded_batch(minilm: MiniLM, theirs: TextEncoder) -> None:
    found = list(minilm.states([tokens.ids for tokens in minilm.tokenize(TEXTS)]))
    for ours, expected in zip(found, their_states(theirs, theirs.model, TEXTS), strict=True):
        np.testing.assert_allclose(ours, expected, atol=1e-5)


def test_vectors_are_those_of_the_torch_encoder_so_that_stored_ones_stay_comparable(
    minilm: MiniLM, theirs: TextEncoder
) -> None:
    texts = TEXTS[:4] + [
        f"sasrec with dropout 0.{number} on small dense data" for number in range(60)
    ]  # several passes
    vectors = minilm.embed(texts)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, theirs.encode(texts).numpy(), atol=1e-5)


def test_no_texts_give_no_vectors(minilm: MiniLM) -> None:
    assert minilm.embed([]).shape == (0, 384)


def test_a_merged_adapter_is_what_peft_makes_of_it(tmp_path: Path) -> None:
    encoder = load_encoder()
    torch.manual_seed(0)
    config = LoraConfig(
        r=4, lora_alpha=1, target_modules=["query", "key", "value", "dense"], init_lora_weights=False
    )  # random weights, so that it changes something
    get_peft_model(encoder.model, config).save_pretrained(tmp_path)
    wrapped = PeftModel.from_pretrained(load_encoder().model, tmp_path).eval()
    minilm = MiniLM.load(tmp_path)
    found = list(minilm.states([tokens.ids for tokens in minilm.tokenize(TEXTS)]))
    for ours, expected in zip(found, their_states(encoder, wrapped, TEXTS), strict=True):
        np.testing.assert_allclose(ours, expected, atol=1e-5)


def test_merging_leaves_the_packaged_weights_as_they_are(minilm: MiniLM, tmp_path: Path) -> None:
    before = minilm.embed(["a dragon"])
    config = LoraConfig(r=2, target_modules=["query"], init_lora_weights=False)
    get_peft_model(load_encoder().model, config).save_pretrained(tmp_path)
    assert not np.allclose(MiniLM.load(tmp_path).embed(["a dragon"]), before, atol=1e-3)
    np.testing.assert_array_equal(MiniLM.load().embed(["a dragon"]), before)


def test_reading_leaves_the_threads_of_blas_as_they_were(minilm: MiniLM) -> None:
    controller = threadpoolctl.ThreadpoolController().select(user_api="blas")
    with controller.limit(limits=2):
        before = [pool["num_threads"] for pool in controller.info()]
        states = minilm.states([[101, 102]] * 300)  # in several passes
        next(states)
        assert [pool["num_threads"] for pool in controller.info()] == before, "between two passes too"
        list(states)
        assert [pool["num_threads"] for pool in controller.info()] == before
