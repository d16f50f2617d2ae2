"""Tiny models of each known architecture, as folders of transformers and as GGUF files."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[3]


def load_helper(name: str) -> ModuleType:
    """A helper module next to the tests, which are no packages."""
    spec = importlib.util.spec_from_file_location(name, ROOT / f"{name}.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def gguf_files() -> ModuleType:
    """The module `tests/gguf_files.py`."""
    return load_helper("gguf_files")


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """`folders("qwen3")`: a folder with a tiny model of that architecture, random weights, and the tiny tokenizer."""
    made: dict[str, Path] = {}
    tiny = load_helper("tiny_causal_lm")

    def folder(name: str) -> Path:
        if name not in made:
            made[name] = tiny.write_tiny_causal_lm(
                tmp_path_factory.mktemp("models") / name, hidden_size=32, n_layers=2, context=4096
            )
            if name != "llama":
                _turn_into(name, made[name])
        return made[name]

    return folder


def _turn_into(name: str, folder: Path) -> None:
    """The same sizes in another architecture, whose biases and norms are no ones and zeros."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    made: Any = AutoConfig
    llama = AutoConfig.from_pretrained(folder).to_dict()
    same = ("vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads")
    same += ("num_key_value_heads", "max_position_embeddings", "eos_token_id", "pad_token_id")
    sizes = {key: llama[key] for key in same} | {"head_dim": 16, "tie_word_embeddings": False, "rope_theta": 5e5}
    torch.manual_seed(1)
    model = AutoModelForCausalLM.from_config(made.for_model(name, **sizes))
    with torch.no_grad():
        for weight in model.parameters():
            weight.normal_(std=0.4)
    model.save_pretrained(folder)


@pytest.fixture(scope="session")
def gguf_file(folders: Callable[[str], Path], gguf_files: ModuleType, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny llama as a GGUF file in float32; read only."""
    path: Path = gguf_files.write_gguf(folders("llama"), tmp_path_factory.mktemp("gguf") / "Tiny Llama.gguf")
    return path
