"""Causal language models on plain transformers: the kept one, folder or hub id that `RECPILOT_CAUSAL_MODEL` names."""

import inspect
import os
from dataclasses import dataclass
from typing import Any

import torch

from recmodels.errors import SetupError
from recmodels.pretrained.loading import load_pretrained

VARIABLE = "RECPILOT_CAUSAL_MODEL"


@dataclass(frozen=True, slots=True, kw_only=True)
class CausalModel:
    """A tokenizer and a transformer that says which token comes next."""

    name: str
    tokenizer: Any
    model: torch.nn.Module

    @property
    def max_length(self) -> int:
        """Tokens of a prompt at most."""
        return int(getattr(self.model.config, "max_position_embeddings", 2**31))


def causal_model_name() -> str | None:
    """What the environment names."""
    return os.environ.get(VARIABLE, "").strip() or None


def no_causal_model(needed_by: str) -> SetupError:
    """The error that says how to give one."""
    return SetupError(
        f"{needed_by} needs a causal language model, and none is packaged: set {VARIABLE} to "
        "a name that `recpilot models list` gives, to a folder, or to a hub id like `owner/name`"
    )


def load_causal(name: str) -> CausalModel:
    """The model of a name, in a folder, or of a hub id (which may be downloaded); its weights in float32, on the CPU.

    Raises:
        SetupError: No such model, no weights in safetensors, code of its own, or an architecture that cannot be packed.
    """
    tokenizer, model = load_pretrained("causal language model", name)
    if "position_ids" not in inspect.signature(model.get_decoder().forward).parameters:
        raise SetupError(f"{type(model).__name__} of {name!r} takes no positions, so prompts cannot be packed into it")
    return CausalModel(name=name, tokenizer=tokenizer, model=model)
