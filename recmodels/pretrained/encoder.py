"""Text encoders on plain transformers: the packaged MiniLM by default, any local folder or hub id on request."""

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812 (torch's own habit)
from torch import Tensor

from recmodels.pretrained.loading import load_pretrained, read_pretrained
from recmodels.pretrained.packaged import packaged_minilm

MINILM = "minilm"
PUBLISHED_MINILM = (
    "sentence-transformers/all-MiniLM-L6-v2"  # the same weights on the hub, for those who load an adapter
)
_LONGEST = 256  # tokens, the length that MiniLM was trained for
_CHARACTERS_PER_TOKEN = 32  # text beyond `max_length` × this is cut before it is tokenised


class TextEncoder:
    """A tokenizer and a transformer whose mean-pooled states stand for a text.

    >>> encoder = load_encoder()
    >>> encoder.encode(["The Left Hand of Darkness", "A Wizard of Earthsea"]).shape  # L2-normalised
    torch.Size([2, 384])
    """

    def __init__(self, name: str, tokenizer: Any, model: Any, max_length: int) -> None:
        self.name = PUBLISHED_MINILM if name == MINILM else name
        self.tokenizer = tokenizer
        self.model: torch.nn.Module = model
        self.max_length = max_length
        self.dimension = int(model.config.hidden_size)
        self._lock = threading.Lock()  # a fast tokenizer is not safe to share between threads

    @property
    def device(self) -> torch.device:
        """Where the weights lie."""
        return next(self.model.parameters()).device

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each text with the special tokens, at most `max_length`, unpadded."""
        cut = [text[: self.max_length * _CHARACTERS_PER_TOKEN] for text in texts]
        if not cut:
            return []
        with self._lock:
            ids: list[list[int]] = self.tokenizer(cut, truncation=True, max_length=self.max_length)["input_ids"]
        return ids

    @torch.inference_mode()
    def encode(self, texts: Sequence[str], batch_size: int = 256) -> Tensor:
        """One unit vector a text, in the order given. (n, dimension) float32 on the encoder's device."""
        tokens = self.tokenize(texts)
        vectors = torch.zeros(len(texts), self.dimension, device=self.device)
        by_length = sorted(range(len(tokens)), key=lambda index: len(tokens[index]), reverse=True)
        for start in range(0, len(by_length), batch_size):
            rows = by_length[start : start + batch_size]
            ids, mask = pad([tokens[row] for row in rows], self.tokenizer.pad_token_id, self.device)
            vectors[rows] = F.normalize(pooled(self.model, ids, mask).float(), dim=1)
        return vectors


def load_encoder(name: str = MINILM, device: str = "cpu") -> TextEncoder:
    """The encoder called `name`: "minilm" (packaged), a folder, or a hub id (which may be downloaded).

    Raises:
        SetupError: No such encoder, no weights in the folder, or the packaged weights are damaged.
    """
    if name == MINILM:
        folder = packaged_minilm()
        return _encoder(name, folder, *read_pretrained("encoder", name, folder), device)
    return _encoder(name, Path(name).expanduser(), *load_pretrained("encoder", name, f"`{MINILM}`, "), device)


def pooled(model: torch.nn.Module, ids: Tensor, mask: Tensor) -> Tensor:
    """Mean of the last states over the tokens that are not padding. ids, mask: (B, T) → (B, dimension)."""
    states: Tensor = model(input_ids=ids, attention_mask=mask).last_hidden_state  # (B, T, dimension)
    weights = mask.unsqueeze(-1).to(states.dtype)  # (B, T, 1)
    return (states * weights).sum(dim=1) / weights.sum(dim=1).clamp(min=1)


def pad(tokens: Sequence[Sequence[int]], pad_id: int, device: torch.device) -> tuple[Tensor, Tensor]:
    """Token ids and attention mask, padded on the right to the longest row. Both (B, T) int64."""
    lengths = torch.tensor([len(row) for row in tokens])
    longest = int(lengths.max())
    ids = torch.tensor([[*row, *[pad_id] * (longest - len(row))] for row in tokens])
    mask = torch.arange(longest) < lengths.unsqueeze(1)
    return ids.to(device), mask.long().to(device)


def _encoder(name: str, folder: Path, tokenizer: Any, model: Any, device: str) -> TextEncoder:
    if getattr(model, "pooler", None) is not None:
        model.pooler = None  # mean pooling reads the states, so the pooler would be dead weight
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    return TextEncoder(name, tokenizer, model.to(device), _max_length(folder, model))


def _max_length(folder: Path, model: Any) -> int:
    positions = int(getattr(model.config, "max_position_embeddings", _LONGEST))
    stated = folder / "sentence_bert_config.json"
    if stated.is_file():
        positions = min(positions, int(json.loads(stated.read_text(encoding="utf-8")).get("max_seq_length", positions)))
    return min(positions, _LONGEST)
