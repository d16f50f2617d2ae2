"""Runs of earlier confirmations of a study that a new one need not repeat, and what is kept on disk for that."""

from collections.abc import Sequence
from pathlib import Path

import safetensors.numpy

from agent.confirmation import Confirmation, Run, Stage
from recmodels.data.folders import remove_folder
from recmodels.errors import DataError
from recmodels.per_user import PER_USER_FILE, load_per_user


def found_before(
    earlier: Sequence[Confirmation], new: Confirmation, stage: Stage, request: str, *, needs_weights: bool = False
) -> tuple[int, Run] | None:
    """The latest run of the same request on the same data whose values of each user are still there.

    The number of the confirmation that ran it comes first.

    Args:
        request: The fingerprint of what is asked of the training tool.
        needs_weights: Its weights must be there too.
    """
    for confirmation in reversed(earlier):
        if confirmation.data != new.data or confirmation.trial_time_limit_s != new.trial_time_limit_s:
            continue
        for run in confirmation.runs:
            is_same = (run.stage, run.request) == (stage, request) and run.value is not None
            if is_same and _is_kept(run.checkpoint, needs_weights):
                return confirmation.number if run.reused_from is None else run.reused_from, run
    return None


def keep_users_only(checkpoint: Path, metric: str) -> None:
    """Remove what a run left but for one metric of each user, such as `valid_ndcg@10`; nothing is kept without it."""
    try:
        arrays = load_per_user(checkpoint)
    except DataError:
        arrays = {}
    remove_folder(checkpoint)
    if not arrays:
        return
    wanted = (f"{metric.partition('_')[0]}_users", metric)
    checkpoint.mkdir(parents=True, exist_ok=True)
    safetensors.numpy.save_file(
        {name: values for name, values in arrays.items() if name in wanted}, checkpoint / PER_USER_FILE
    )


def _is_kept(checkpoint: str | None, needs_weights: bool) -> bool:
    if checkpoint is None:
        return False
    folder = Path(checkpoint)
    has_values = (folder / PER_USER_FILE).is_file()
    return has_values and (not needs_weights or any(file.name != PER_USER_FILE for file in folder.iterdir()))
