"""Which tool a message asks for, with a confidence: the trained network behind one call.

Router.load().route("tune sasrec on demo")  # → Route(tool="start_study", confidence=0.98, …)
"""

import functools
import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from agent.llm.pilot.context import PilotContext, frame
from agent.llm.pilot.network import FOLDER, PilotNetwork, batch_tokens, merge_adapter
from agent.llm.pilot.told import told
from recmodels.pretrained.encoder import load_encoder

_LOADING = threading.Lock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A decision: the tool (None for a plain answer), its calibrated probability, and the runners-up."""

    tool: str | None
    confidence: float
    ranking: tuple[tuple[str | None, float], ...]  # every tool with its probability, most likely first
    action: str | None = None  # of control_study: pause, resume or stop
    action_confidence: float = 1.0


class Router:
    """The network in memory; one instance serves all chats."""

    def __init__(
        self, network: PilotNetwork, tokenizer: Any, labels: list[str], temperature: float, threshold: float
    ) -> None:
        self._network = network.eval()
        self._tokenizer = tokenizer
        self._labels = labels
        self._temperature = temperature
        self.threshold = threshold  # below this confidence it is better to ask back
        self._lock = threading.Lock()  # a fast tokenizer is not safe to share between threads

    @classmethod
    def load(cls, folder: Path = FOLDER) -> "Router":
        """The router that `train.py` wrote into `folder`; loaded once a process, however many threads ask for it.

        Raises:
            recmodels.errors.SetupError: The packaged encoder is missing or damaged.
        """
        with _LOADING:
            return cls._load(folder)

    @classmethod
    @functools.cache
    def _load(cls, folder: Path) -> "Router":
        text_encoder = load_encoder()
        merge_adapter(text_encoder.model, folder / "adapter")
        about = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
        network = PilotNetwork(text_encoder.model, text_encoder.dimension, len(about["labels"]))
        network.head.load_state_dict(load_file(folder / "head.safetensors"))
        return cls(network, text_encoder.tokenizer, about["labels"], about["temperature"], about["threshold"])

    @torch.inference_mode()
    def route(self, text: str, context: PilotContext | None = None) -> Route:
        """The tool that `text` asks for, given what went before; a few milliseconds on a CPU."""
        known = context or PilotContext()
        framed = frame(text, known.last_tool, known.study_state)
        if not text.strip():
            return Route(tool=None, confidence=1.0, ranking=((None, 1.0),))
        if tool := told(text, known):
            return Route(tool=tool, confidence=1.0, ranking=((tool, 1.0),))
        with self._lock:
            logits = self._network(*batch_tokens(self._tokenizer, [framed]))[0]  # (n_labels,)
        return self._route((logits / self._temperature).softmax(dim=0).tolist())

    def _route(self, probabilities: list[float]) -> Route:
        """Sum the actions of one tool, rank the tools."""
        tools: dict[str | None, float] = {}
        actions: dict[str, float] = {}
        for label, probability in zip(self._labels, probabilities, strict=True):
            tool, _, action = label.partition(":")
            name = None if tool == "none" else tool
            tools[name] = tools.get(name, 0.0) + probability
            if action:
                actions[action] = probability
        ranking = tuple(sorted(tools.items(), key=lambda item: -item[1]))
        best, confidence = ranking[0]
        if best != "control_study":
            return Route(tool=best, confidence=confidence, ranking=ranking)
        action = max(actions, key=lambda name: actions[name])
        share = actions[action] / sum(actions.values())
        return Route(tool=best, confidence=confidence, ranking=ranking, action=action, action_confidence=share)
