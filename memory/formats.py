"""Reading what an earlier version wrote: numbered steps from each format to the next, and fields that are not known.

A stored dict says its `format`; one without is of format 0, as recpilot wrote it before it wrote formats. A field that
this version does not know is ignored and one that is missing takes its default, so a new field needs no new format:
only what changes the meaning of a field does. Then a step is added to the record's list, here or in `agent/formats.py`.
"""

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from memory.errors import UserError

Step = Callable[[dict[str, Any]], dict[str, Any]]


def upgraded(data: Mapping[str, Any], steps: Sequence[Step], what: str) -> dict[str, Any]:
    """`data` in the format that this version writes, which is the number of steps.

    Args:
        what: Of what, for the message: "a trial".

    Raises:
        UserError: A newer version wrote it.
    """
    written = data.get("format") or 0
    if written > len(steps):
        raise UserError(
            f"{what} is of format {written}, and this version of recpilot reads formats up to {len(steps)}; "
            "a newer version wrote it, so update recpilot"
        )
    changed = dict(data)
    for step in steps[written:]:
        changed = step(changed)
    return changed


def known(record: type, data: Mapping[str, Any]) -> dict[str, Any]:
    """The entries of `data` that are fields of the dataclass."""
    return {name: data[name] for name in names_of(record) if name in data}


def names_of(record: type) -> set[str]:
    """The names of the dataclass's fields."""
    return {field.name for field in dataclasses.fields(record)}


def sealed(metrics: Mapping[str, float]) -> dict[str, float]:
    """Without what was measured on the test part: trials are chosen by validation alone."""
    return {name: value for name, value in metrics.items() if not name.startswith("test_")}


def _without_test(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 measured every trial on the test part too."""
    measured = {part: said for part, said in (data.get("measured") or {}).items() if part != "test"}
    return data | {"metrics": sealed(data.get("metrics") or {}), "measured": measured}


STEPS: dict[str, tuple[Step, ...]] = {"trial": (_without_test,), "dataset": (dict,), "lesson": (dict,)}
"""Of the records of the memory, in its documents and in its exports."""
