"""The metadata of a GGUF file -> the config of transformers, and which of its tensors is which there.

hidden    embedding_length      heads     head_count        head_dim  key_length, else hidden / heads
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agent.errors import UserError
from agent.llm.shelf.gguf_header import GgufHeader, Tensor


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """What one kind of model is called in transformers, and in what it differs from the others."""

    causal_class: str
    is_permuted: bool = False  # the rows of q and k lie as pairs of numbers that turn together, not as two halves
    own: Mapping[str, Any] | None = None  # of its config


ARCHITECTURES = {
    "llama": Architecture(causal_class="LlamaForCausalLM", is_permuted=True),
    "qwen2": Architecture(causal_class="Qwen2ForCausalLM", own={"use_sliding_window": False}),
    "qwen3": Architecture(causal_class="Qwen3ForCausalLM", own={"use_sliding_window": False}),
}
_TOP = {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}
_OF_LAYER = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "attn_q_norm": "self_attn.q_norm",
    "attn_k_norm": "self_attn.k_norm",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
_LAYER = re.compile(r"blk\.(\d{1,4})\.(\w+)\.(weight|bias)")
_FREQUENCIES = "rope_freqs.weight"  # of Llama 3.1: what each frequency is divided by
_LLAMA_3 = {"low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}
MAX_LAYERS = 1_000


def architecture_of(header: GgufHeader) -> Architecture:
    """The kind of model.

    Raises:
        UserError: It is no language model of a kind that is known here.
    """
    name, kind = header.text("general.architecture"), header.text("general.type")
    if kind not in ("", "model"):
        raise UserError(f"{header.path.name} holds a {kind!r} and no language model")
    if (header.number("split.count") or 1) > 1:
        raise UserError(f"{header.path.name} is one part of several: join them with `llama-gguf-split --merge` first")
    if name not in ARCHITECTURES or header.number(f"{name}.expert_count"):
        said = f"{name!r} with experts" if name in ARCHITECTURES else repr(name)
        known = ", ".join(ARCHITECTURES)
        raise UserError(f"{header.path.name} is of the architecture {said}; those that can be read are {known}")
    return ARCHITECTURES[name]


def config_of(header: GgufHeader, frequencies: NDArray[np.float32] | None = None) -> dict[str, Any]:
    """The content of config.json, but for the tokens that begin and end a text.

    Args:
        frequencies: The content of `rope_freqs.weight`, where there is such a tensor.

    Raises:
        UserError: Something is missing, or of a kind that is not known here.
    """
    architecture, name = architecture_of(header), header.text("general.architecture")

    def needed(key: str) -> int:
        found = header.number(f"{name}.{key}")
        if found is None or not 0 < found < 2**31:
            raise UserError(f"{header.path.name} does not say a usable {name}.{key}")
        return found

    hidden, heads, layers = needed("embedding_length"), needed("attention.head_count"), needed("block_count")
    if layers > MAX_LAYERS:
        raise UserError(f"{header.path.name} claims {layers:,} layers")
    embedding = header.tensors.get("token_embd.weight")
    if embedding is None:
        raise UserError(f"{header.path.name} has no word vectors (token_embd.weight)")
    config = {
        "architectures": [architecture.causal_class],
        "model_type": name,
        "vocab_size": embedding.shape[0],
        "hidden_size": hidden,
        "intermediate_size": needed("feed_forward_length"),
        "num_hidden_layers": layers,
        "num_attention_heads": heads,
        "num_key_value_heads": header.number(f"{name}.attention.head_count_kv") or heads,
        "head_dim": header.number(f"{name}.attention.key_length") or hidden // heads,
        "hidden_act": "silu",
        "max_position_embeddings": needed("context_length"),
        "rms_norm_eps": header.real(f"{name}.attention.layer_norm_rms_epsilon") or 1e-5,
        "rope_parameters": _rope(header, name, frequencies),
        "tie_word_embeddings": "output.weight" not in header.tensors,
        **(architecture.own or {}),
    }
    has_bias = "blk.0.attn_q.bias" in header.tensors
    return config | ({"attention_bias": has_bias} if name in ("llama", "qwen3") else {})


def _rope(header: GgufHeader, name: str, frequencies: NDArray[np.float32] | None) -> dict[str, Any]:
    base = header.real(f"{name}.rope.freq_base") or 10_000.0
    kind = header.text(f"{name}.rope.scaling.type") or "none"
    factor = header.real(f"{name}.rope.scaling.factor") or 1.0
    plain = {"rope_theta": base, "rope_type": "default"}
    if frequencies is not None:
        return plain | {"rope_type": "llama3", "factor": _factor_of(header, base, frequencies), **_LLAMA_3}
    if kind == "none" or factor == 1.0:
        return plain
    if kind == "linear":
        return plain | {"rope_type": "linear", "factor": factor}
    if kind == "yarn" and (length := header.number(f"{name}.rope.scaling.original_context_length")):
        return plain | {"rope_type": "yarn", "factor": factor, "original_max_position_embeddings": length}
    raise UserError(f"{header.path.name} stretches its positions in a way, {kind!r}, that is not known here")


def _factor_of(header: GgufHeader, base: float, frequencies: NDArray[np.float32]) -> float:
    """The factor by which Llama 3.1 and its successors make low frequencies lower, checked on all of them."""
    factor = round(float(frequencies.max()), 3)
    turns = _LLAMA_3["original_max_position_embeddings"] / (
        2 * math.pi * base ** (np.arange(len(frequencies)) / len(frequencies))
    )
    low, high = _LLAMA_3["low_freq_factor"], _LLAMA_3["high_freq_factor"]
    smooth = np.clip((turns - low) / (high - low), 0, 1)
    if not np.allclose(frequencies, 1 / ((1 - smooth) / factor + smooth), rtol=1e-3):
        raise UserError(f"{header.path.name} turns its positions at frequencies that are not those of Llama 3")
    return factor


def names_of(header: GgufHeader) -> dict[str, Tensor]:
    """Names of transformers -> tensors.

    Raises:
        UserError: One of the tensors is of no part that such a model has.
    """
    found = {}
    for tensor in header.tensors.values():
        if tensor.name != _FREQUENCIES:
            found[_name_of(header, tensor.name)] = tensor
    return found


def frequencies_of(header: GgufHeader) -> Tensor | None:
    """What the frequencies of positions are divided by, where the file says it."""
    return header.tensors.get(_FREQUENCIES)


def _name_of(header: GgufHeader, name: str) -> str:
    stem, _, kind = name.rpartition(".")
    if kind == "weight" and stem in _TOP:
        return f"{_TOP[stem]}.weight"
    part = _LAYER.fullmatch(name)
    if part is None or part[2] not in _OF_LAYER:
        raise UserError(f"{header.path.name} has a tensor {name!r}, which no such model of transformers has")
    return f"model.layers.{int(part[1])}.{_OF_LAYER[part[2]]}.{part[3]}"


def row_order(name: str, n_rows: int, config: Mapping[str, Any]) -> NDArray[np.int64] | None:
    """In which order the rows of a tensor of q or k stand in transformers; None: as they are.

    llama.cpp turns neighbouring numbers of a head together, transformers those of its two halves.
    """
    architecture = ARCHITECTURES[str(config["model_type"])]
    part = re.search(r"\.([qk])_proj\.", name)
    if part is None or not architecture.is_permuted:
        return None
    heads = int(config["num_attention_heads" if part[1] == "q" else "num_key_value_heads"])
    if n_rows % (2 * heads):
        return None  # the check of shapes says it
    return np.arange(n_rows).reshape(heads, n_rows // heads // 2, 2).swapaxes(1, 2).ravel()
