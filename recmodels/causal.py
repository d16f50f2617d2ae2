"""Causal language models on plain transformers: a local folder or a hub id, named in `RECPILOT_CAUSAL_MODEL`."""

import inspect
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError

from recmodels.encoder import without_progress_bars
from recmodels.errors import SetupError

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
        f"{needed_by} needs a causal language model, and none is packaged: set {VARIABLE} to its folder "
        "or to a hub id like `owner/name`"
    )


def load_causal(name: str) -> CausalModel:
    """The model in a folder, or of a hub id (which may be downloaded); its weights in float32, on the CPU.

    Raises:
        SetupError: No such model, no weights in safetensors, code of its own, or an architecture that cannot be packed.
    """
    folder = Path(name).expanduser()
    is_local = folder.is_dir()
    if is_local:
        _check_folder(folder)
    elif folder.is_absolute() or name.count("/") != 1 or name.startswith("."):
        raise SetupError(f"no causal language model {name!r}: say an existing folder or a hub id like `owner/name`")
    tokenizer, model = _load(name, folder if is_local else name, local=is_local)
    if "position_ids" not in inspect.signature(model.get_decoder().forward).parameters:
        raise SetupError(f"{type(model).__name__} of {name!r} takes no positions, so prompts cannot be packed into it")
    return CausalModel(name=name, tokenizer=tokenizer, model=model.eval())


def _load(name: str, source: Path | str, *, local: bool) -> tuple[Any, Any]:
    from transformers import AutoModelForCausalLM, AutoTokenizer

    options: dict[str, Any] = {"local_files_only": local, "trust_remote_code": False}
    try:
        with without_progress_bars():
            tokenizer = AutoTokenizer.from_pretrained(source, **options)
            model = AutoModelForCausalLM.from_pretrained(source, use_safetensors=True, dtype=torch.float32, **options)
    except (OSError, ValueError, KeyError, SafetensorError) as error:  # files that transformers cannot use
        reason = " ".join(str(error).split())[:200]
        raise SetupError(f"cannot load the causal language model {name!r}: {reason}") from error
    return tokenizer, model


def _check_folder(folder: Path) -> None:
    if not (folder / "config.json").is_file():
        raise SetupError(f"{folder} is not a language model: it has no config.json")
    if not any(folder.glob("*.safetensors")):
        raise SetupError(f"{folder} has no weights: a language model needs a file model.safetensors")
