"""What goes over the pipe between the study and its worker: one JSON object a line, never a pickle.

to the worker     {"train": request} | {"go": true} | {"go": false}
to the study      {"ready": pid} | {"epoch": report} | {"result": result} | {"failed": reason, "detail"}
                  | {"pruned": true} | {"user_error": class, "message"} | {"crashed": traceback}
"""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from recmodels.errors import DataError, ParamError, SetupError, UserError
from recmodels.request import Budget, EpochReport, SplitSpec, TrainRequest, TrainResult

USER_ERRORS: dict[str, type[UserError]] = {
    error.__name__: error for error in (UserError, DataError, SetupError, ParamError)
}


def request_to_dict(request: TrainRequest) -> dict[str, Any]:
    """JSON-ready."""
    data = dataclasses.asdict(request)
    return {key: str(value) if isinstance(value, Path) else value for key, value in data.items()}


def request_from_dict(data: Mapping[str, Any]) -> TrainRequest:
    """The request that `request_to_dict` wrote."""
    changed = {
        "dataset": Path(data["dataset"]),
        "split": SplitSpec(**data["split"]),
        "budget": Budget(**data["budget"]),
        "cutoffs": tuple(data["cutoffs"]),
        "metrics": tuple(data["metrics"]),
        "checkpoint": _path(data["checkpoint"]),
        "resume_folder": _path(data["resume_folder"]),
        "tracker_folder": _path(data["tracker_folder"]),
    }
    return TrainRequest(**(dict(data) | changed))


def result_to_dict(result: TrainResult) -> dict[str, Any]:
    """JSON-ready."""
    checkpoint = str(result.checkpoint) if result.checkpoint else None
    return dataclasses.asdict(result) | {"checkpoint": checkpoint}


def result_from_dict(data: Mapping[str, Any]) -> TrainResult:
    """The result that `result_to_dict` wrote."""
    curve = tuple(EpochReport(**report) for report in data["curve"])
    return TrainResult(**(dict(data) | {"curve": curve, "checkpoint": _path(data["checkpoint"])}))


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)
