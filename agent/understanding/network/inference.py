"""The network in numpy, as messages are read: the packaged MiniLM with the trained adapter merged, and the linear heads."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from safetensors.numpy import load_file

from agent.understanding.network.framing import FOLDER, MAX_TOKENS, inside
from recmodels.pretrained.minilm import Array, MiniLM


class Logits(NamedTuple):
    """What the heads say."""

    acts: Array  # (n_clauses, n_labels)
    moods: Array  # (n_clauses, n_moods)
    relations: Array  # (n_messages, n_relations)


class Network:
    """Token states averaged over each clause, each with the average of its message, through linear heads."""

    def __init__(self, encoder: MiniLM, heads: dict[str, Array]) -> None:
        self._encoder = encoder
        self._heads = heads

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "Network":
        """The network that training wrote into `folder`.

        Raises:
            recmodels.errors.SetupError: The packaged encoder is missing or damaged.
        """
        heads = {name: head.astype(np.float32) for name, head in load_file(folder / "heads.safetensors").items()}
        return cls(MiniLM.load(folder / "adapter", MAX_TOKENS), heads)

    def __call__(self, texts: Sequence[str], clauses: Sequence[Sequence[tuple[int, int]]]) -> Logits:
        """Of all clauses, text by text, and of the texts; `clauses` are places (start, end) in each."""
        tokens = self._encoder.tokenize(texts)
        states = self._encoder.states([encoded.ids for encoded in tokens])
        both, wholes = [], []
        for encoded, state, places in zip(tokens, states, clauses, strict=True):
            starts, ends = np.array(encoded.offsets).T  # each (T,)
            wholes.append(state.mean(axis=0))  # (d,)
            for start, end in places:
                belongs = inside(starts, ends, start, end)  # (T,)
                clause = belongs @ state / max(1, int(belongs.sum()))  # (d,)
                both.append(np.concatenate([clause, wholes[-1]]))
        clause_states, whole_states = np.stack(both), np.stack(wholes)  # (n_clauses, 2 d), (n_messages, d)
        return Logits(
            self._head("acts", clause_states),
            self._head("moods", clause_states),
            self._head("relations", whole_states),
        )

    def is_word(self, word: str) -> bool:
        """Whether a lower-case word is one token."""
        return self._encoder.is_token(word)

    def _head(self, name: str, x: Array) -> Array:
        y: Array = x @ self._heads[f"{name}.weight"].T + self._heads[f"{name}.bias"]
        return y


def log_softmax(logits: Array) -> Array:
    """Log probabilities of each row. (n, k) → (n, k)."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    found: Array = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return found
