"""A configuration on one window of time after the other, as it would have done had it been used then."""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from agent.uncertainty import interval, user_values
from recmodels.data.interactions import Interactions
from recmodels.data.windows import Window, up_to, windows
from recmodels.errors import DataError, TrialFailed
from recmodels.measured import MeasuredUsers
from recmodels.request import SplitSpec, TrainRequest, TrainResult

FEW_USERS = 30  # fewer than these say little


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowResult:
    """What was measured on a window."""

    window: Window
    value: float | None  # the objective; None where the run failed
    half_width: float | None  # of its 95 % interval over users; None where there is none
    measured: MeasuredUsers | None
    reason: str = ""  # why there is no value

    @property
    def is_small(self) -> bool:
        """Whether so few users were measured that the value says little."""
        return self.measured is None or self.measured.n_measured < FEW_USERS

    def to_json(self) -> dict[str, Any]:
        """JSON-ready."""
        told = asdict(self.window) | {"value": self.value, "half_width": self.half_width, "reason": self.reason}
        counts = None if self.measured is None else self.measured.to_json()
        return told | {"measured": counts, "is_small": self.is_small}


def backtest(
    request: TrainRequest, n_windows: int, run: Callable[[TrainRequest], TrainResult]
) -> Iterator[WindowResult]:
    """Run a request on each window: epochs are chosen on the events right before it, then all before it are learned.

    Args:
        request: Its split, refit and folders are the windows'.
        run: Trains, as `recmodels.training.train`.

    Raises:
        ParamError, DataError: There can be no such windows, or the params cannot be.
    """
    interactions = Interactions.load(request.dataset)
    for window in windows(interactions, n_windows):
        with tempfile.TemporaryDirectory(prefix="recpilot-window-") as folder:
            data, weights = Path(folder) / "data", Path(folder) / "weights"
            up_to(interactions, window).save(data)
            asked = replace(
                request,
                dataset=data,
                split=SplitSpec(kind="given"),
                measures_test=True,
                refit=True,
                checkpoint=weights,
                resume_folder=None,
                tracker_folder=None,
            )
            try:
                result = run(asked)
            except (TrialFailed, DataError) as failure:  # the others may still say something
                yield WindowResult(window=window, value=None, half_width=None, measured=None, reason=str(failure))
                continue
            yield _measured(window, request.objective, result)


def _measured(window: Window, objective: str, result: TrainResult) -> WindowResult:
    users = user_values(result.checkpoint, f"test_{objective}")
    over = None if users is None else interval([users])
    counts = result.measured.get("test")
    return WindowResult(
        window=window,
        value=result.metrics.get(f"test_{objective}"),
        half_width=None if over is None else over.half_width,
        measured=None if counts is None else MeasuredUsers.from_json(counts),
    )
