"""The trained network behind one call: `MessageReader.load().read(said, …)` says which act each clause asks for.

One instance serves all chats; a message takes a few milliseconds on a CPU.
"""

import functools
import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from agent.understanding.clauses.clauses import clauses
from agent.understanding.network.framing import FOLDER, framed
from agent.understanding.network.inference import Network, log_softmax
from agent.words.said import Said
from recmodels.pretrained.minilm import Array

_LOADING = threading.Lock()
_ALONE = 0.35  # how much a clause counts by itself, compared with what it means within its message


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseReading:
    """What the network takes one clause for; each a name with its calibrated probability."""

    start: int
    end: int
    acts: dict[str, float]
    moods: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the network takes a message for."""

    clauses: tuple[ClauseReading, ...]
    whole: dict[str, float]  # acts of the message as one clause
    relations: dict[str, float]


class MessageReader:
    """The network in memory; safe to share between threads."""

    def __init__(self, network: Network, about: dict[str, Any]) -> None:
        self._network = network
        self._about = about

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "MessageReader":
        """The reader that training wrote into `folder`; loaded once a process, however many threads ask for it.

        Raises:
            recmodels.errors.SetupError: The packaged encoder is missing or damaged.
        """
        with _LOADING:
            return cls._load(folder)

    @classmethod
    @functools.cache
    def _load(cls, folder: Path) -> "MessageReader":
        about = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        return cls(Network.load(folder), about)

    def is_word(self, word: str) -> bool:
        """Whether a lower-case word is one that the network knows as a whole."""
        return self._network.is_word(word)

    def read(
        self, said: Said, before: str | None = None, state: str | None = None, asked: str | None = None
    ) -> Reading:
        """What each clause of the message asks for, given the tool and the question of the turn before."""
        places = clauses(said) or [(0, max(1, len(said.text)))]
        text, lead = framed(said.text, before, state, asked)
        texts, marks = [text], [[(start + lead, end + lead) for start, end in (*places, (0, len(said.text)))]]
        if len(places) > 1:  # each clause alone too
            for start, end in places:
                alone, lead = framed(said.text[start:end], before, state, asked)
                texts.append(alone)
                marks.append([(lead, len(alone))])
        acts, moods, relations = (
            log_softmax(logits / np.float32(temperature))
            for logits, temperature in zip(self._network(texts, marks), self._about["temperatures"], strict=True)
        )
        n = len(places)
        if len(places) > 1:
            acts[:n] = (1 - _ALONE) * acts[:n] + _ALONE * acts[n + 1 :]
            acts = log_softmax(acts)
        labels = self._about["labels"]
        found = [
            ClauseReading(start=start, end=end, acts=_named(labels, act), moods=_named(self._about["moods"], mood))
            for (start, end), act, mood in zip(places, acts, moods, strict=False)
        ]
        return Reading(
            clauses=tuple(found),
            whole=_named(labels, acts[n]),
            relations=_named(self._about["relations"], relations[0]),
        )


def _named(names: list[str], log_probabilities: Array) -> dict[str, float]:
    return dict(zip(names, np.exp(log_probabilities).tolist(), strict=True))
