"""What the packaged MiniLM makes of the item texts, kept beside the dataset, since it takes seconds to compute."""

import hashlib
import tempfile
from pathlib import Path

import safetensors
import safetensors.torch
from torch import Tensor

from recmodels.data.interactions import Interactions
from recmodels.errors import DataError
from recmodels.pretrained.encoder import load_encoder

VECTORS_FILE = "text_vectors.safetensors"


def text_vectors(interactions: Interactions, folder: Path | None = None) -> Tensor:
    """The unit vector of each item's text. (n_items, 384) float32 on the CPU.

    Args:
        folder: Of the saved dataset; what was computed for the same texts is read from it, else written into it where
            that is allowed.

    Raises:
        DataError: The dataset has no item texts.
    """
    if interactions.item_table is None or not interactions.text_columns:
        raise DataError(
            f"the texts of items are to be compared, and `{interactions.name}` has none; "
            "add a table of items with a column such as title"
        )
    texts = interactions.item_texts()
    key = hashlib.sha256("\0".join(texts).encode()).hexdigest()
    kept = None if folder is None else _read(folder / VECTORS_FILE, key)
    if kept is not None:
        return kept
    vectors = load_encoder().encode(texts).clone()  # a plain tensor, not one of inference mode
    if folder is not None:
        _write(folder / VECTORS_FILE, key, vectors)
    return vectors


def _read(path: Path, key: str) -> Tensor | None:
    """The vectors of these texts; None where the file is missing, damaged or of other texts."""
    try:
        return safetensors.torch.load_file(path).get(key)
    except (OSError, safetensors.SafetensorError):
        return None


def _write(path: Path, key: str, vectors: Tensor) -> None:
    """A dataset in a place that cannot be written is embedded anew each time."""
    try:
        with tempfile.TemporaryDirectory(prefix=".unfinished-", dir=path.parent) as folder:
            temporary = Path(folder) / path.name
            safetensors.torch.save_file({key: vectors}, temporary)
            temporary.replace(path)
    except OSError:
        return
