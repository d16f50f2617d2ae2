"""The trained network behind one call: `MessageReader.load().read(said, …)` says which act each clause asks for.

One instance serves all chats; a message takes a few milliseconds on a CPU.
"""

import functools
import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from agent.understanding.clauses import clauses
from agent.understanding.network.module import FOLDER, ReaderNetwork, batched, framed, merge_adapter
from agent.words.said import Said
from recmodels.pretrained.encoder import load_encoder

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
    """The network in memory."""

    def __init__(self, network: ReaderNetwork, tokenizer: Any, about: dict[str, Any]) -> None:
        self._network = network.eval()
        self._tokenizer = tokenizer
        self._about = about
        self._words = frozenset(tokenizer.get_vocab())
        self._lock = threading.Lock()  # a fast tokenizer is not safe to share between threads

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
        text_encoder = load_encoder()
        merge_adapter(text_encoder.model, folder / "adapter")
        network = ReaderNetwork(text_encoder.model, text_encoder.dimension)
        heads = {name: tensor.float() for name, tensor in load_file(folder / "heads.safetensors").items()}
        network.load_state_dict(heads, strict=False)
        about = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        return cls(network, text_encoder.tokenizer, about)

    def is_word(self, word: str) -> bool:
        """Whether a lower-case word is one that the network knows as a whole."""
        return word in self._words

    @torch.inference_mode()
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
        with self._lock:
            logits = self._network(*batched(self._tokenizer, texts, marks))
        warm = [one / temperature for one, temperature in zip(logits, self._about["temperatures"], strict=True)]
        n = len(places)
        acts = warm[0].log_softmax(dim=1)
        if len(places) > 1:
            acts[:n] = (1 - _ALONE) * acts[:n] + _ALONE * acts[n + 1 :]
        labels, mood_names = self._about["labels"], self._about["moods"]
        probabilities = acts[: n + 1].softmax(dim=1).tolist()
        moods = warm[1].softmax(dim=1).tolist()
        relations = warm[2].softmax(dim=1).tolist()
        found = [
            ClauseReading(
                start=start,
                end=end,
                acts=dict(zip(labels, act, strict=True)),
                moods=dict(zip(mood_names, mood, strict=True)),
            )
            for (start, end), act, mood in zip(places, probabilities, moods, strict=False)
        ]
        acts = probabilities
        return Reading(
            clauses=tuple(found),
            whole=dict(zip(labels, acts[-1], strict=True)),
            relations=dict(zip(self._about["relations"], relations[0], strict=True)),
        )
