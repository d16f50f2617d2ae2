"""A tokenizer and a transformer from a folder or the hub: weights in safetensors, no code of their own, in float32."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors import SafetensorError

from recmodels.errors import SetupError

Kind = Literal["encoder", "causal language model"]


def load_pretrained(kind: Kind, name: str, also: str = "") -> tuple[Any, Any]:
    """The tokenizer and the model, on the CPU, of an existing folder or of a hub id (which may be downloaded).

    Args:
        also: What else `name` could have been, for the error.

    Raises:
        SetupError: No such model, or files that cannot be used.
    """
    folder = Path(name).expanduser()
    if name and folder.is_dir():
        return read_pretrained(kind, name, folder)
    if folder.is_absolute() or name.count("/") != 1 or name.startswith("."):
        raise SetupError(f"no {kind} {name!r}: say {also}an existing folder or a hub id like `owner/name`")
    return _read(kind, name, name, is_local=False)


def read_pretrained(kind: Kind, name: str, folder: Path) -> tuple[Any, Any]:
    """As `load_pretrained`, of a folder that errors call `name`."""
    if not (folder / "config.json").is_file():
        raise SetupError(f"{folder} holds no {kind}: it has no config.json")
    if not any(folder.glob("*.safetensors")):
        raise SetupError(f"{folder} has no weights: the {kind} needs a file model.safetensors")
    return _read(kind, name, str(folder), is_local=True)


def _read(kind: Kind, name: str, source: str, *, is_local: bool) -> tuple[Any, Any]:
    from transformers import AutoModel, AutoModelForCausalLM, AutoTokenizer

    auto: Any = AutoModel if kind == "encoder" else AutoModelForCausalLM
    options: dict[str, Any] = {"local_files_only": is_local, "trust_remote_code": False}
    try:
        with _without_progress_bars():
            tokenizer = AutoTokenizer.from_pretrained(source, **options)
            model = auto.from_pretrained(source, use_safetensors=True, dtype=torch.float32, **options)
    except (OSError, ValueError, KeyError, SafetensorError) as error:  # files that transformers cannot use
        reason = " ".join(str(error).split())[:200]
        raise SetupError(f"cannot load the {kind} {name!r}: {reason}") from error
    return tokenizer, model.eval()


@contextlib.contextmanager
def _without_progress_bars() -> Iterator[None]:
    import transformers.utils.logging

    logging: Any = transformers.utils.logging
    was_enabled = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if was_enabled:
            logging.enable_progress_bar()
