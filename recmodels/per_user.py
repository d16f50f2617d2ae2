"""The metrics of each user that lie with a checkpoint, for intervals and paired tests; without torch."""

from pathlib import Path
from typing import Any

import numpy.typing as npt
import safetensors
import safetensors.numpy

from recmodels.errors import DataError
from recmodels.stored import check_digests, read_object

PER_USER_FILE = "per_user.safetensors"


def load_per_user(folder: Path) -> dict[str, npt.NDArray[Any]]:
    """`valid_users` (user numbers) and `valid_ndcg@10`, … one value for each of those users; likewise of test if read.

    Raises:
        DataError: The file is missing or damaged.
    """
    try:
        about = folder / "checkpoint.json"
        known = read_object(about) if about.is_file() else {}
        check_digests(folder, known, lambda name: name == PER_USER_FILE)
        return safetensors.numpy.load_file(folder / PER_USER_FILE)
    except (OSError, ValueError, safetensors.SafetensorError) as error:
        raise DataError(f"the metrics of each user cannot be read from {folder}: {error}") from error
