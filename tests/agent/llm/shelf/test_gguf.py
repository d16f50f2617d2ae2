"""GGUF files against the models that they were made from: the same logits, the same tokens; the real one on request."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import gguf
import numpy as np
import pytest
import torch
from gguf.constants import GGMLQuantizationType as Kind
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM, AutoTokenizer

from agent.errors import UserError
from agent.llm.shelf.adding import add_model
from agent.llm.shelf.gguf_header import read_header
from agent.llm.shelf.gguf_layout import config_of
from agent.llm.shelf.gguf_tokenizer import write_tokenizer

Folders = Callable[[str], Path]
IDS = torch.arange(3, 23)[None]
TEXTS = (
    "Tune sasrec on the demo data with 8 trials and say why.",
    "  two  spaces,\n\ta tab, naïve café, 你好 and 1234.5\n\n",
    '<|im_start|>user\n<tool_call>{"name": 1}</tool_call><|im_end|>',
)


def logits(folder: Path) -> torch.Tensor:
    model: Any = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    with torch.inference_mode():
        found: torch.Tensor = model(IDS).logits
    return found


@pytest.mark.parametrize("architecture", ["llama", "qwen2", "qwen3"])
def test_a_model_that_went_through_a_file_gives_the_same_logits(
    architecture: str, folders: Folders, gguf_files: ModuleType, tmp_path: Path
) -> None:
    path = gguf_files.write_gguf(folders(architecture), tmp_path / "tiny.gguf")
    model = add_model(str(path), tmp_path / "shelf")
    torch.testing.assert_close(logits(model.folder), logits(folders(architecture)))
    assert (model.architecture, model.context, model.licence) == (architecture, 4096, "apache-2.0")


@pytest.mark.parametrize("kind", [Kind.Q4_1, Kind.Q8_0, Kind.F16, Kind.BF16])
def test_quantised_matrices_are_kept_as_what_they_stand_for_and_norms_as_they_are(
    kind: Kind, folders: Folders, gguf_files: ModuleType, tmp_path: Path
) -> None:
    path = gguf_files.write_gguf(folders("llama"), tmp_path / "tiny.gguf", kind)
    kept = load_file(add_model(str(path), tmp_path / "shelf").folder / "model.safetensors")
    original: Any = AutoModelForCausalLM.from_pretrained(folders("llama"))
    for name, weight in original.state_dict().items():
        if name in kept:
            values = weight.numpy()
            stands_for = gguf.dequantize(gguf.quantize(values, kind), kind) if values.ndim > 1 else values
            assert torch.equal(kept[name], torch.from_numpy(stands_for).to(torch.bfloat16)), name
    assert set(original.state_dict()) - set(kept) == {"lm_head.weight"}  # which is tied


def test_the_tokenizer_says_the_same_as_the_one_it_came_from(folders: Folders, gguf_file: Path, tmp_path: Path) -> None:
    model = add_model(str(gguf_file), tmp_path / "shelf")
    ours, theirs = (AutoTokenizer.from_pretrained(folder) for folder in (model.folder, folders("llama")))
    for text in TEXTS:
        assert ours(text)["input_ids"] == theirs(text)["input_ids"]
        assert ours.decode(ours(text)["input_ids"]) == text
    turn = [{"role": "user", "content": "hello"}]
    asked = {"tokenize": False, "add_generation_prompt": True}
    assert ours.apply_chat_template(turn, **asked) == theirs.apply_chat_template(turn, **asked)
    assert (ours.eos_token, ours.pad_token, ours.model_max_length) == ("<|im_end|>", "<|endoftext|>", 4096)
    ends = json.loads((model.folder / "generation_config.json").read_text())
    assert ends["eos_token_id"] == [theirs.eos_token_id]


def tokens_of(header_metadata: dict[str, Any], text: str, tmp_path: Path) -> list[str]:
    """The tokens of a text under a vocabulary as a file says it."""
    writer = gguf.GGUFWriter(tmp_path / "words.gguf", "llama")
    for key, value in header_metadata.items():
        add = {str: writer.add_string, int: writer.add_uint32, bool: writer.add_bool, list: writer.add_array}[
            type(value)
        ]
        add(f"tokenizer.ggml.{key}", value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    writer.close()
    write_tokenizer(read_header(tmp_path / "words.gguf"), tmp_path, 512)
    tokenizer: Any = AutoTokenizer.from_pretrained(tmp_path)
    ids = tokenizer(text)["input_ids"]
    assert tokenizer.decode(ids, skip_special_tokens=True).strip() == text.strip()
    found: list[str] = tokenizer.convert_ids_to_tokens(ids)
    return found


@pytest.mark.parametrize(
    ("rule", "tokens"),
    [
        ("gpt-2", ["a", "1234"]),
        ("smollm", ["a", "1", "2", "3", "4"]),
        ("qwen2", ["a", "1", "2", "3", "4"]),
        ("llama-bpe", ["a", "123", "4"]),
        ("tekken", ["a", "1", "2", "3", "4"]),
    ],
)
def test_text_is_cut_by_the_rule_that_the_file_names(rule: str, tokens: list[str], tmp_path: Path) -> None:
    words = ["a", "1", "2", "3", "4", "12", "123", "1234", "<s>"]
    said = {"model": "gpt2", "pre": rule, "tokens": words, "merges": ["1 2", "12 3", "123 4"], "add_bos_token": False}
    assert tokens_of(said, "a1234", tmp_path) == tokens


def test_pieces_are_merged_by_their_scores_and_other_letters_fall_back_to_bytes(tmp_path: Path) -> None:
    pieces = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256))]
    words = {"▁": -9, "a": -9, "b": -9, "c": -9, "ab": -2, "bc": -1, "▁a": -3, "▁ab": -4}
    said = {
        "model": "llama",
        "tokens": pieces + list(words),
        "scores": [0.0] * len(pieces) + [float(s) for s in words.values()],
    }
    said |= {"token_type": [2, 3, 3] + [6] * 256 + [1] * len(words)}
    said |= {"bos_token_id": 1, "eos_token_id": 2, "unknown_token_id": 0}
    assert tokens_of(said, "abc", tmp_path) == ["<s>", "▁a", "bc"]  # `bc` has the best score
    assert tokens_of(said, "abé", tmp_path) == ["<s>", "▁ab", "<0xC3>", "<0xA9>"]


def test_the_frequencies_of_llama_3_become_its_factor_and_others_are_refused(gguf_file: Path) -> None:
    header = read_header(gguf_file)
    wavelength = 2 * np.pi * 10_000 ** (np.arange(8) / 8)
    smooth = np.clip((8192 / wavelength - 1) / 3, 0, 1)
    divided = (1 / ((1 - smooth) / 32 + smooth)).astype(np.float32)
    assert config_of(header, divided)["rope_parameters"] == {
        "rope_theta": 10_000.0,
        "rope_type": "llama3",
        "factor": pytest.approx(divided.max(), abs=1e-3),
        "low_freq_factor": 1.0,
        "high_freq_factor": 4.0,
        "original_max_position_embeddings": 8192,
    }
    with pytest.raises(UserError, match="not those of Llama 3"):
        config_of(header, np.linspace(1, 32, 8, dtype=np.float32))


@pytest.mark.skipif("RECPILOT_TEST_SMOLLM2" not in os.environ, reason="set RECPILOT_TEST_SMOLLM2=1 to fetch 93 MB")
@pytest.mark.slow
def test_the_real_model_comes_and_speaks_english(tmp_path: Path) -> None:
    """Of the weights as the library reads them, perplexity 15.06; with rows of q and k in the wrong order, hundreds."""
    model = add_model("smollm2", tmp_path)
    tokenizer: Any = AutoTokenizer.from_pretrained(model.folder)
    language: Any = AutoModelForCausalLM.from_pretrained(model.folder, dtype=torch.float32)
    text = (
        "Photosynthesis is the process by which green plants, algae and some bacteria turn light into chemical energy. "
        "In the leaves of a plant, molecules of chlorophyll absorb light, mostly red and blue, and use its energy to "
        "split water into hydrogen and oxygen. She closed the door behind her and stood for a moment in the dark hall, "
        "listening. The house was quiet, except for the clock on the landing and the sound of the rain."
    )
    ids = tokenizer(text, return_tensors="pt")["input_ids"]
    with torch.inference_mode():
        assert language(ids, labels=ids).loss.exp() < 40
    asked = [{"role": "user", "content": "What is the capital of France?"}]
    prompt = tokenizer.apply_chat_template(asked, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    answer = language.generate(**prompt, max_new_tokens=12, do_sample=False)
    assert "Paris" in tokenizer.decode(answer[0, prompt["input_ids"].shape[1] :])
