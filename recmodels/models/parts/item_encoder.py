"""Vectors of item texts from a pretrained encoder whose layers may train; what cannot change is computed once.

The layers below the first trained one always give the same states, so these are kept and only the layers above run in a
training step. Texts are tokenised once and padded per batch; items of like length are encoded together.

    n  items     T  tokens of the longest text of a batch     h  the encoder's width
"""

import functools
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from recmodels.pretrained.adapters import TRAINED_KINDS, AdapterConfig, attach, first_trained, layers_of
from recmodels.pretrained.encoder import MINILM, TextEncoder, load_encoder, pad, pooled

MAX_TOKENS = 64  # of an item's text
MAX_STATES_BYTES = 2**29  # above, the states below the trained layers are computed again at each step
MASKED = -1e4  # added to an attention score; finite in every precision
BATCH = 128  # items encoded together


@dataclass(frozen=True, slots=True, kw_only=True)
class _Frozen:
    """What the pretrained weights alone say of the items."""

    vectors: Tensor  # (n, h) mean-pooled
    states: Tensor | None  # (n_tokens, h) input of the first trained layer, item after item; None where too large


class ItemEncoder(nn.Module):
    """Item texts → vectors; `config` says what of the encoder trains."""

    def __init__(self, texts: tuple[str, ...], config: AdapterConfig, name: str = MINILM) -> None:
        super().__init__()
        encoder = load_encoder(name)
        self.dimension = encoder.dimension
        self.is_trained = config.kind in TRAINED_KINDS
        self._has_prefix = config.kind == "prefix"  # which every layer reads, so that none below stays the same
        self._name, self._texts, self._encoder = name, texts, encoder
        self._pad_id = int(encoder.tokenizer.pad_token_id)
        self._tokens = _tokens(encoder, texts)
        self._lengths = torch.tensor([len(row) for row in self._tokens])
        self._offsets = self._lengths.cumsum(0) - self._lengths
        self._first = first_trained(encoder.model, config)
        for module in encoder.model.modules():
            if isinstance(module, nn.Dropout):
                module.p = 0.0  # the adapter's own dropout is the one that is tuned
        self.model = attach(encoder.model, config, encoder.name)
        self._frozen: _Frozen | None = None

    def frozen(self) -> Tensor:
        """What the pretrained encoder says, before any training. (n, h), not to be written to."""
        return self._cache().vectors

    def forward(self, items: Tensor) -> Tensor:
        """Vectors of these items, through the trained layers, with gradients where they are on. (m,) → (m, h)"""
        states = self._cache().states
        if not self.is_trained:
            return self._cache().vectors[items]
        if states is None:
            ids, mask = pad([self._tokens[item] for item in items.tolist()], self._pad_id, items.device)
            return pooled(self.model, ids, mask)
        return self._upper(states, items)

    @torch.inference_mode(False)  # the vectors go on into training
    @torch.no_grad()
    def encode_all(self) -> Tensor:
        """Vectors of all items. (n, h)"""
        if not self.is_trained:
            return self.frozen()
        vectors = torch.empty_like(self.frozen())
        by_length = self._lengths.argsort(descending=True).to(vectors.device)
        for rows in torch.split(by_length, BATCH):
            vectors[rows] = self(rows).to(vectors.dtype)
        return vectors

    @torch.no_grad()
    def encode_texts(self, texts: Sequence[str]) -> Tensor:
        """Vectors of texts that are of none of the items. (m, h)"""
        device = next(self.model.parameters()).device
        ids, mask = pad(_tokens(self._encoder, texts), self._pad_id, device)
        return pooled(self.model, ids, mask).float()

    def _upper(self, below: Tensor, items: Tensor) -> Tensor:
        lengths, offsets = self._lengths.to(items.device)[items], self._offsets.to(items.device)[items]
        place = torch.arange(int(lengths.max()), device=items.device)  # (T,)
        is_real = place < lengths[:, None]  # (m, T)
        states = below[torch.where(is_real, offsets[:, None] + place, 0)]  # (m, T, h)
        return _mean(_run_layers(layers_of(self.model)[self._first :], states, is_real), is_real)

    def _cache(self) -> _Frozen:
        device = next(self.model.parameters()).device
        if self._frozen is None or self._frozen.vectors.device != device:
            first = self._first if self.is_trained and not self._has_prefix else None
            self._frozen = _read(self._name, self._texts, first, str(device))
        return self._frozen


@functools.lru_cache(maxsize=2)  # the next trial on the same data begins at once
def _read(name: str, texts: tuple[str, ...], first: int | None, device: str) -> _Frozen:
    """What the encoder says before training; with the states that layer `first` reads, unless that is None."""
    with torch.inference_mode(False), torch.no_grad(), torch.autocast(torch.device(device).type, enabled=False):
        encoder = load_encoder(name, device)
        tokens = _tokens(encoder, texts)
        vectors = torch.empty(len(tokens), encoder.dimension, device=encoder.device)
        states = None if first is None else _room_for_states(encoder, tokens, first)
        starts = torch.tensor([0, *map(len, tokens)]).cumsum(0).tolist()
        by_length = sorted(range(len(tokens)), key=lambda item: len(tokens[item]), reverse=True)
        for rows in (by_length[start : start + BATCH] for start in range(0, len(tokens), BATCH)):
            hidden, mask = _hidden_states(encoder, [tokens[row] for row in rows])
            vectors[rows] = _mean(hidden[-1], mask)
            if states is not None and first is not None:
                for row, kept in zip(rows, hidden[first], strict=True):
                    states[starts[row] : starts[row + 1]] = kept[: len(tokens[row])]
    return _Frozen(vectors=vectors, states=states)


def _room_for_states(encoder: TextEncoder, tokens: list[list[int]], first: int) -> Tensor | None:
    """Space for every token's state, or None where it is too large or the layers cannot be run by themselves."""
    n_tokens = sum(map(len, tokens))
    if n_tokens * encoder.dimension * 4 > MAX_STATES_BYTES:
        return None
    hidden, mask = _hidden_states(encoder, [min(tokens, key=len), max(tokens, key=len)])
    try:
        resumed = _run_layers(layers_of(encoder.model)[first:], hidden[first], mask)
    except (TypeError, ValueError, RuntimeError):  # an architecture whose layers take other arguments
        return None
    if resumed.shape != hidden[-1].shape or not torch.allclose(resumed[mask], hidden[-1][mask], atol=1e-3):
        return None
    return torch.empty(n_tokens, encoder.dimension, device=encoder.device)


def _run_layers(layers: nn.ModuleList, states: Tensor, is_real: Tensor) -> Tensor:
    """The states after these layers. states: (m, T, h), is_real: (m, T) → (m, T, h)"""
    bias = torch.zeros(is_real.shape, dtype=states.dtype, device=states.device).masked_fill(~is_real, MASKED)
    for layer in layers:
        output = layer(states, bias[:, None, None, :])
        states = output[0] if isinstance(output, tuple) else output
    return states


def _hidden_states(encoder: TextEncoder, tokens: list[list[int]]) -> tuple[tuple[Tensor, ...], Tensor]:
    """Input of the first layer and output of each, (m, T, h), and which tokens are real, (m, T)."""
    ids, mask = pad(tokens, encoder.tokenizer.pad_token_id, encoder.device)
    return encoder.model(input_ids=ids, attention_mask=mask, output_hidden_states=True).hidden_states, mask.bool()


def _mean(states: Tensor, is_real: Tensor) -> Tensor:
    weights = is_real.unsqueeze(-1).to(states.dtype)  # (m, T, 1)
    return (states * weights).sum(dim=1) / weights.sum(dim=1)


def _tokens(encoder: TextEncoder, texts: Sequence[str]) -> list[list[int]]:
    """Token ids of each text, at most `MAX_TOKENS`; the closing special token stays."""
    return [row if len(row) <= MAX_TOKENS else [*row[: MAX_TOKENS - 1], row[-1]] for row in encoder.tokenize(texts)]
