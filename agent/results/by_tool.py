"""Which result each tool gives, and reading it back from what a chat keeps."""

import json
from collections.abc import Mapping

from agent.results.kept import fits, from_json
from agent.results.result import ColumnsAsked, Failure, NotDone, Result, Unknown
from agent.results.rows import Columns, Head, OneItem, OneUser, Popular, Repeats
from agent.results.sums import Sum
from agent.results.table import TrialTable

RESULTS: Mapping[str, tuple[type[Result], ...]] = {
    "inspect_data": (Head, OneUser, OneItem, Repeats, Popular, Columns),
    "trials": (TrialTable,),
    "calc": (Sum,),
}
"""By the name of the tool; of several the one that fits."""

_FAILURES = (Failure, ColumnsAsked, NotDone)


def read_result(tool: str, content: object) -> Result:
    """The result that a tool's message holds; a plain text, as a chat framework writes, is a failure.

    Args:
        content: JSON as `kept.to_json` wrote it.
    """
    try:
        data = json.loads(content) if isinstance(content, str | bytes) else None
    except ValueError:
        data = None
    return result_of(tool, data) if isinstance(data, dict) else Failure(error=str(content))


def result_of(tool: str, data: Mapping[str, object]) -> Result:
    """The result whose JSON that is; by its keys where the tool does not exist or another version wrote it."""
    classes = _FAILURES if "error" in data else RESULTS.get(tool, ())
    try:
        if classes:
            return from_json(max(classes, key=lambda cls: fits(cls, data)), data)
    except (AttributeError, KeyError, TypeError, ValueError):
        pass
    return Unknown(values=dict(data))  # type: ignore[arg-type]  # it came from JSON
