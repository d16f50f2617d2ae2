"""The packaged MiniLM in numpy, for reading only: torch and transformers, which take seconds to import, are not needed.

Texts of different lengths lie one after another in one matrix, so no row is padded; only attention goes text by text.
A test holds it to what transformers computes of the same weights.

MiniLM.load().embed(["The Left Hand of Darkness"]).shape  # (1, 384)

Notation: N tokens of all texts, T tokens of one, d = 384, A = 12 heads of d / A.
Source: Devlin et al. 2019, BERT; Wang et al. 2020, MiniLM.
"""

import functools
import json
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from threadpoolctl import ThreadpoolController
from tokenizers import Encoding, Tokenizer

from recmodels.pretrained.packaged import packaged_minilm

Array = NDArray[np.float32]
DIMENSION = 384
MAX_TOKENS = 256  # the length that MiniLM was trained for
CHARACTERS_PER_TOKEN = 32  # text beyond `max_tokens` × this is cut before it is tokenised
_N_HEADS = 12
_N_LAYERS = 6
_EPSILON = np.float32(1e-12)  # of the layer norms
_AT_ONCE = 512  # tokens in one pass, so that what is computed of them stays in the processor's cache
_TURN = threading.Lock()  # the limit of threads belongs to the process


@dataclass(frozen=True, slots=True, kw_only=True)
class _Linear:
    weight: Array  # (d_in, d_out)
    bias: Array  # (d_out,)

    def __call__(self, x: Array) -> Array:
        y: Array = x @ self.weight
        y += self.bias
        return y


@dataclass(frozen=True, slots=True, kw_only=True)
class _LayerNorm:
    scale: Array  # (d,)
    shift: Array

    def __call__(self, x: Array) -> Array:
        centred = x - x.mean(axis=1, keepdims=True)
        variance = np.square(centred).mean(axis=1, keepdims=True)
        normed: Array = centred / np.sqrt(variance + _EPSILON) * self.scale + self.shift
        return normed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layer:
    """Self-attention and a feed-forward network, each added to its input and normalised."""

    query_key_value: _Linear
    attended: _Linear
    attended_norm: _LayerNorm
    inner: _Linear
    outer: _Linear
    outer_norm: _LayerNorm

    def __call__(self, x: Array, ends: Sequence[int]) -> Array:
        """(N, d) → (N, d); `ends` says where each text ends."""
        heads = self.query_key_value(x)  # (N, 3 d)
        mixed = np.empty_like(x)
        for start, end in zip((0, *ends), ends, strict=False):
            mixed[start:end] = _attention(heads[start:end])
        x = self.attended_norm(x + self.attended(mixed))
        return self.outer_norm(x + self.outer(_gelu(self.inner(x))))


class MiniLM:
    """A tokenizer and the weights; safe to share between threads."""

    def __init__(self, weights: Mapping[str, Array], tokenizer: Tokenizer, max_tokens: int) -> None:
        self._words = weights["embeddings.word_embeddings.weight"]  # (vocabulary, d)
        self._places = (
            weights["embeddings.position_embeddings.weight"]
            + weights[  # every text is of type 0
                "embeddings.token_type_embeddings.weight"
            ][0]
        )
        self._norm = _norm(weights, "embeddings")
        self._layers = [_layer(weights, f"encoder.layer.{number}") for number in range(_N_LAYERS)]
        self._tokenizer = tokenizer
        self._max_tokens = max_tokens

    @classmethod
    def load(cls, adapter: Path | None = None, max_tokens: int = MAX_TOKENS) -> "MiniLM":
        """The packaged model, with a LoRA adapter of the PEFT folder format merged into it where one is given.

        Raises:
            SetupError: The package is missing or damaged.
        """
        tokenizer = Tokenizer.from_file(str(packaged_minilm() / "tokenizer.json"))
        tokenizer.no_padding()
        tokenizer.enable_truncation(max_tokens)
        weights = _packaged_weights()
        return cls(weights if adapter is None else merged(weights, adapter), tokenizer, max_tokens)

    def tokenize(self, texts: Sequence[str]) -> list[Encoding]:
        """The tokens of each text, special ones too, at most `max_tokens`: `ids`, and `offsets` in characters."""
        return [self._tokenizer.encode(text[: self._max_tokens * CHARACTERS_PER_TOKEN]) for text in texts]

    def is_token(self, text: str) -> bool:
        """Whether a text stands in the vocabulary as it is."""
        return self._tokenizer.token_to_id(text) is not None

    def states(self, rows: Sequence[Sequence[int]]) -> Iterator[Array]:
        """The last states of the tokens of each row of ids, each (T, d)."""
        for some in _batches(rows):
            with _one_thread():
                found = self._states(some)
            yield from found

    def embed(self, texts: Sequence[str]) -> Array:
        """(n, 384) L2-normalised means of the states, as `TextEncoder.encode` gives them, in the order of the texts."""
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, states in zip(vectors, self.states([encoded.ids for encoded in self.tokenize(texts)]), strict=True):
            mean = states.mean(axis=0)
            row[:] = mean / max(float(np.linalg.norm(mean)), 1e-12)
        return vectors

    def _states(self, rows: Sequence[Sequence[int]]) -> list[Array]:
        ends = np.cumsum([len(row) for row in rows]).tolist()
        x = self._words[np.concatenate(rows)] + np.concatenate([self._places[: len(row)] for row in rows])  # (N, d)
        x = self._norm(x)
        for layer in self._layers:
            x = layer(x, ends)
        return np.split(x, ends[:-1])


def merged(weights: Mapping[str, Array], adapter: Path) -> dict[str, Array]:
    """The weights with a LoRA adapter of the PEFT folder format added to them: W + alpha / r · B A.

    Raises:
        KeyError: The adapter names a layer that is not there.
    """
    config = json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8"))
    tensors = load_file(adapter / "adapter_model.safetensors")
    scale = np.float32(config["lora_alpha"] / config["r"])
    found = dict(weights)
    for name, down in tensors.items():
        if name.endswith(".lora_A.weight"):
            up = tensors[name.replace("lora_A", "lora_B")]
            layer = name.removeprefix("base_model.model.").replace(".lora_A", "")
            found[layer] = found[layer] + scale * (up.astype(np.float32) @ down.astype(np.float32))
    return found


@functools.cache
def _packaged_weights() -> dict[str, Array]:
    return load_file(packaged_minilm() / "model.safetensors")


def _layer(weights: Mapping[str, Array], name: str) -> _Layer:
    parts = [f"{name}.attention.self.{part}" for part in ("query", "key", "value")]
    return _Layer(
        query_key_value=_Linear(
            weight=np.concatenate([weights[f"{part}.weight"] for part in parts]).T,
            bias=np.concatenate([weights[f"{part}.bias"] for part in parts]),
        ),
        attended=_linear(weights, f"{name}.attention.output.dense"),
        attended_norm=_norm(weights, f"{name}.attention.output"),
        inner=_linear(weights, f"{name}.intermediate.dense"),
        outer=_linear(weights, f"{name}.output.dense"),
        outer_norm=_norm(weights, f"{name}.output"),
    )


def _linear(weights: Mapping[str, Array], name: str) -> _Linear:
    return _Linear(weight=weights[f"{name}.weight"].T, bias=weights[f"{name}.bias"])


def _norm(weights: Mapping[str, Array], name: str) -> _LayerNorm:
    return _LayerNorm(scale=weights[f"{name}.LayerNorm.weight"], shift=weights[f"{name}.LayerNorm.bias"])


def _attention(heads: Array) -> Array:
    """Softmax(Q Kᵀ / √(d / A)) V of one text. (T, 3 d) → (T, d)."""
    length, size = len(heads), DIMENSION // _N_HEADS
    query, key, value = heads.reshape(length, 3, _N_HEADS, size).transpose(1, 2, 0, 3)  # each (A, T, d / A)
    scores: Array = query @ key.transpose(0, 2, 1) * np.float32(size**-0.5)  # (A, T, T)
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=-1, keepdims=True)
    mixed: Array = (scores @ value).transpose(1, 0, 2).reshape(length, DIMENSION)
    return mixed


def _gelu(x: Array) -> Array:
    """x Φ(x) = max(x, 0) - |x| / 2 · erfc(|x| / √2), four times as fast as with scipy's erf.

    Source: Abramowitz & Stegun 1964, 7.1.26; the error of erfc is below 1.5e-7, next to float32's rounding.
    """
    size = np.abs(x)
    z = size * np.float32(2**-0.5)
    t = np.reciprocal(1 + np.float32(0.3275911) * z)
    erfc: Array = t * np.float32(1.061405429)
    for coefficient in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        erfc += np.float32(coefficient)
        erfc *= t
    erfc *= np.exp(-np.square(z))
    found: Array = np.maximum(x, 0) - np.float32(0.5) * size * erfc
    return found


def _batches(rows: Sequence[Sequence[int]]) -> Iterator[Sequence[Sequence[int]]]:
    """The rows in their order, so many at a time that they have `_AT_ONCE` tokens or are one."""
    start, n_tokens = 0, 0
    for end, row in enumerate(rows):
        if n_tokens and n_tokens + len(row) > _AT_ONCE:
            yield rows[start:end]
            start, n_tokens = end, 0
        n_tokens += len(row)
    if start < len(rows):
        yield rows[start:]


@contextmanager
def _one_thread() -> Iterator[None]:
    """One thread of BLAS inside: where training keeps the cores busy, a second one is waited for 20 times as long."""
    with _TURN, _blas().limit(limits=1, user_api="blas"):
        yield


@functools.cache
def _blas() -> ThreadpoolController:
    return ThreadpoolController()
