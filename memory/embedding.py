"""What turns sentences into vectors: the contract that the store needs, and a deterministic embedder for tests."""

import hashlib
import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Sentences → unit vectors, so that a dot product is a cosine.

    `name` says which vectors fit together: those of another name are never compared with these.
    """

    @property
    def name(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """(n, dimension) float32, L2-normalised, in the order of `texts`."""
        ...


class HashingEmbedder:
    """Signed feature hashing of words and word pairs: no weights, no learning, the same on every machine.

    Source: Weinberger et al. 2009, feature hashing.
    """

    def __init__(self, dimension: int = 256) -> None:
        self.dimension = dimension
        self.name = f"hashing-{dimension}"

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for feature in _features(text):
                code = int.from_bytes(hashlib.blake2b(feature.encode(), digest_size=8).digest())
                row[(code >> 1) % self.dimension] += 1 if code & 1 else -1
            if not row.any():
                row[0] = 1  # a text without words still has a direction
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors


def _features(text: str) -> list[str]:
    words = re.findall(r"[^\W_]+", text.lower())
    return words + [f"{first} {second}" for first, second in pairwise(words)]
