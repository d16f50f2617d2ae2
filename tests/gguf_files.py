"""GGUF files made of a model folder of transformers, as llama.cpp would write them: its names, its order of rows."""

import json
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from gguf.constants import GGMLQuantizationType as Kind

NORMAL, CONTROL, USER_DEFINED, UNUSED = 1, 3, 4, 5
ARCHITECTURES = {"llama": gguf.MODEL_ARCH.LLAMA, "qwen2": gguf.MODEL_ARCH.QWEN2, "qwen3": gguf.MODEL_ARCH.QWEN3}


def write_gguf(folder: Path, path: Path, kind: Kind = Kind.F32, rule: str = "gpt-2", **changed: Any) -> Path:
    """The model of a folder as a GGUF file, its matrices quantised; `changed` metadata replaces what is right."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model = AutoModelForCausalLM.from_pretrained(folder)
    config, name = model.config, model.config.model_type
    writer = gguf.GGUFWriter(path, name)
    _add(writer, _metadata(config, name) | _vocabulary(AutoTokenizer.from_pretrained(folder), config, rule) | changed)
    names = gguf.get_tensor_name_map(ARCHITECTURES[name], config.num_hidden_layers)
    for tensor_name, tensor in model.state_dict().items():
        if tensor_name == "lm_head.weight" and config.tie_word_embeddings:
            continue
        values = tensor.float().numpy()
        stem, _, last = tensor_name.rpartition(".")
        if name == "llama" and stem.endswith(("q_proj", "k_proj")):
            values = permuted(values, config.num_attention_heads if "q_proj" in stem else config.num_key_value_heads)
        how = kind if values.ndim > 1 else Kind.F32
        writer.add_tensor(f"{names.get_name(stem)}.{last}", gguf.quantize(values, how), raw_dtype=how)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def permuted(values: np.ndarray, n_heads: int) -> np.ndarray:
    """Rows as llama.cpp wants them: the two numbers that turn together are neighbours."""
    halves = values.reshape(n_heads, 2, len(values) // n_heads // 2, *values.shape[1:])
    return np.ascontiguousarray(halves.swapaxes(1, 2)).reshape(values.shape)


def _metadata(config: Any, name: str) -> dict[str, Any]:
    return {
        "general.type": "model",
        "general.license": "apache-2.0",
        f"{name}.block_count": config.num_hidden_layers,
        f"{name}.context_length": config.max_position_embeddings,
        f"{name}.embedding_length": config.hidden_size,
        f"{name}.feed_forward_length": config.intermediate_size,
        f"{name}.attention.head_count": config.num_attention_heads,
        f"{name}.attention.head_count_kv": config.num_key_value_heads,
        f"{name}.attention.key_length": config.hidden_size // config.num_attention_heads,
        f"{name}.attention.layer_norm_rms_epsilon": float(config.rms_norm_eps),
        f"{name}.rope.freq_base": float(config.rope_parameters["rope_theta"]),
    }


def _vocabulary(tokenizer: Any, config: Any, rule: str) -> dict[str, Any]:
    backend = json.loads(tokenizer.backend_tokenizer.to_str())
    kinds = {token["id"]: CONTROL if token["special"] else USER_DEFINED for token in backend["added_tokens"]}
    n = len(tokenizer)
    spare = [f"[PAD{number}]" for number in range(n, config.vocab_size)]
    return {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": rule,
        "tokenizer.ggml.tokens": tokenizer.convert_ids_to_tokens(list(range(n))) + spare,
        "tokenizer.ggml.token_type": [kinds.get(i, NORMAL) for i in range(n)] + [UNUSED] * len(spare),
        "tokenizer.ggml.merges": [" ".join(merge) for merge in backend["model"]["merges"]],
        "tokenizer.ggml.eos_token_id": tokenizer.eos_token_id,
        "tokenizer.ggml.padding_token_id": tokenizer.pad_token_id,
        "tokenizer.chat_template": tokenizer.chat_template,
    }


def _add(writer: gguf.GGUFWriter, metadata: dict[str, Any]) -> None:
    """A value of None leaves the key out."""
    for key, value in metadata.items():
        if isinstance(value, bool):
            writer.add_bool(key, value)
        elif isinstance(value, int):
            writer.add_uint32(key, value)
        elif isinstance(value, float):
            writer.add_float32(key, value)
        elif isinstance(value, str):
            writer.add_string(key, value)
        elif value is not None:
            writer.add_array(key, value)
