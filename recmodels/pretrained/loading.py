"""A tokenizer and a transformer, kept, from a folder or the hub: safetensors, no code of their own, in float32."""

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors import SafetensorError

from recmodels.errors import SetupError
from recmodels.pretrained.shelf import is_name, none_of_that_name, shelved

Kind = Literal["encoder", "causal language model"]


def load_pretrained(kind: Kind, name: str, also: str = "") -> tuple[Any, Any]:
    """The tokenizer and the model, on the CPU, of a kept model, a folder, or a hub id (which may be downloaded).

    Args:
        also: What else `name` could have been, for the error.

    Raises:
        SetupError: No such model, or files that cannot be used.
    """
    kept = shelved(name) if kind == "causal language model" else None
    folder = Path(name).expanduser() if kept is None else kept.folder
    if name and folder.is_dir():
        return read_pretrained(kind, name, folder)
    if folder.is_absolute() or name.count("/") != 1 or name.startswith("."):
        hint = f"; {none_of_that_name(name)}" if kind == "causal language model" and is_name(name) else ""
        raise SetupError(f"no {kind} {name!r}: say {also}an existing folder or a hub id like `owner/name`{hint}")
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
        with without_progress_bars():
            tokenizer = AutoTokenizer.from_pretrained(source, **options)
            model = auto.from_pretrained(source, use_safetensors=True, dtype=torch.float32, **options)
    except (OSError, ValueError, KeyError, SafetensorError) as error:  # files that transformers cannot use
        reason = " ".join(str(error).split())[:200]
        raise SetupError(f"cannot load the {kind} {name!r}: {reason}") from error
    check_tokenizer(kind, name, tokenizer, model)
    return tokenizer, model.eval()


def check_tokenizer(kind: str, name: str, tokenizer: Any, model: Any) -> None:
    """Refuse a tokenizer of another model, whose tokens have no vectors.

    Raises:
        SetupError: It has more tokens than the model has rows.
    """
    n_tokens, n_rows = len(tokenizer), int(model.get_input_embeddings().weight.shape[0])
    if n_tokens > n_rows:
        raise SetupError(
            f"the tokenizer of the {kind} {name!r} has {n_tokens:,} tokens and its model knows {n_rows:,}: "
            "the two are not of one model"
        )


@contextlib.contextmanager
def without_progress_bars() -> Iterator[None]:
    """transformers draws none within."""
    import transformers.utils.logging

    logging: Any = transformers.utils.logging
    was_enabled = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if was_enabled:
            logging.enable_progress_bar()
