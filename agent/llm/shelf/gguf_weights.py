"""The tensors of a GGUF file -> one safetensors file, a few rows at a time, so that memory holds no model."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import torch
from gguf.constants import GGMLQuantizationType
from numpy.typing import NDArray
from torch import Tensor as Numbers

from agent.errors import UserError
from agent.llm.shelf.gguf_header import GgufHeader, Tensor
from agent.llm.shelf.gguf_layout import names_of, row_order

_CHUNK = 1 << 22  # numbers that are made at once
_SAFE = {torch.float32: "F32", torch.bfloat16: "BF16"}


def kept_dtype(tensors: Mapping[str, Tensor]) -> torch.dtype:
    """float32 where the matrices have it; bfloat16 else, in which nearly all models were trained."""
    matrices = [tensor.kind for tensor in tensors.values() if len(tensor.shape) > 1]
    return torch.float32 if all(kind == GGMLQuantizationType.F32 for kind in matrices) else torch.bfloat16


def write_weights(header: GgufHeader, config: Mapping[str, Any], path: Path) -> torch.dtype:
    """Write all tensors under their names of transformers; the type that they have there.

    Raises:
        UserError: A tensor is missing, is of another shape, or is quantised in a way that cannot be undone.
        OSError: The disk is full.
    """
    tensors = names_of(header)
    _check_shapes(header, tensors, config)
    dtype = kept_dtype(tensors)
    with path.open("wb") as file:
        file.write(_safetensors_header(tensors, dtype))
        for name, tensor in tensors.items():
            for numbers in _numbers(header, tensor, row_order(name, tensor.n_rows, config)):
                file.write(numbers.to(dtype).view(torch.uint8).numpy().tobytes())
    return dtype


def weight_bytes(header: GgufHeader) -> int:
    """What `write_weights` will write, about."""
    tensors = names_of(header)
    return sum(tensor.n_rows * tensor.shape[-1] for tensor in tensors.values()) * kept_dtype(tensors).itemsize


def read_whole(header: GgufHeader, tensor: Tensor) -> NDArray[np.float32]:
    """A small tensor. (rows, columns), or (columns,)"""
    return torch.cat(list(_numbers(header, tensor, None))).numpy().reshape(tensor.shape)


def _numbers(header: GgufHeader, tensor: Tensor, order: NDArray[np.int64] | None) -> Iterator[Numbers]:
    """The rows in the order, some at a time. (rows, columns) float32"""
    raw = np.memmap(header.path, dtype=np.uint8, mode="r", offset=tensor.start, shape=(tensor.n_bytes,))
    rows = raw.reshape(tensor.n_rows, -1)
    step = max(_CHUNK // tensor.shape[-1], 1)
    for start in range(0, len(rows), step):
        part = rows[start : start + step] if order is None else rows[order[start : start + step]]
        try:
            found = gguf.dequantize(np.array(part), tensor.kind)
        except NotImplementedError:
            raise UserError(
                f"{header.path.name} is quantised as {tensor.kind.name}, which the library gguf cannot undo"
            ) from None
        yield torch.from_numpy(np.ascontiguousarray(found, dtype=np.float32))


def _safetensors_header(tensors: Mapping[str, Tensor], dtype: torch.dtype) -> bytes:
    described: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    end = 0
    for name, tensor in tensors.items():
        start, end = end, end + tensor.n_rows * tensor.shape[-1] * dtype.itemsize
        described[name] = {"dtype": _SAFE[dtype], "shape": list(tensor.shape), "data_offsets": [start, end]}
    text = json.dumps(described).encode()
    text += b" " * (-len(text) % 8)
    return len(text).to_bytes(8, "little") + text


def _check_shapes(header: GgufHeader, tensors: Mapping[str, Tensor], config: Mapping[str, Any]) -> None:
    """Compare with the model that transformers makes of the config, without its weights."""
    from huggingface_hub.errors import StrictDataclassError
    from transformers import AutoConfig, AutoModelForCausalLM

    made: Any = AutoConfig
    causal: Any = AutoModelForCausalLM
    try:
        with torch.device("meta"):
            model = causal.from_config(made.for_model(**config))
    except (ValueError, TypeError, ArithmeticError, RuntimeError, StrictDataclassError) as error:
        why = " ".join(str(error).split())[:200]
        raise UserError(f"{header.path.name} describes no model that can be made: {why}") from error
    wanted = {name: tuple(weight.shape) for name, weight in model.state_dict().items()}
    if config["tie_word_embeddings"]:
        wanted.pop("lm_head.weight", None)
    found = {name: tensor.shape for name, tensor in tensors.items()}
    for name in sorted(wanted.keys() | found.keys()):
        if wanted.get(name) != found.get(name):
            raise UserError(
                f"{header.path.name} does not fit its own description: {name} is {found.get(name, 'missing')}, "
                f"and such a model has {wanted.get(name, 'none')}"
            )
