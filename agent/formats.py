"""The formats of what the ledger keeps: specs, proposals, states, outcomes, baselines; and the steps from earlier ones.

Format 0 is what recpilot wrote before it wrote formats. How steps work is told in `memory/formats.py`.
"""

from typing import Any

from memory.formats import Step, sealed


def _state_1(data: dict[str, Any]) -> dict[str, Any]:
    """What a study should do again after a trial that the person queued: before, only the process knew."""
    is_stopped = data.get("state") == "stopped" and data.get("reason") == "stopped by the person"
    wanted = "pause" if data.get("state") == "paused" else "stop" if is_stopped else "run"
    return {"wanted": wanted} | data


def _outcome_1(data: dict[str, Any]) -> dict[str, Any]:
    """Every trial was measured on the test part too; and a number that JSON lacks was left out of a curve."""
    return data | {"metrics": sealed(data.get("metrics") or {})}


STEPS: dict[str, tuple[Step, ...]] = {
    "spec": (dict,),
    "proposal": (dict,),
    "state": (_state_1,),
    "outcome": (_outcome_1,),
    "baseline": (dict,),
}


def stamped(kind: str, data: dict[str, Any]) -> dict[str, Any]:
    """`data` with the format that this version writes."""
    return {"format": len(STEPS[kind])} | data
