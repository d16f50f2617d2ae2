"""The JSON schema of an answer: the branches that are open, and values out of what was shown.

Local models follow it token by token; every other answer is checked against it.
"""

from collections.abc import Sequence

from agent.deciding.answer import MAX_RATIONALE
from agent.deciding.branches import Branch, Schema, object_of
from agent.deciding.rules import MAX_EVIDENCE
from recmodels.metrics import METRICS


def schema(metric: str, branches: Sequence[Branch], evidence: Sequence[str]) -> Schema:
    """The answer's JSON schema.

    Args:
        metric: The first objective.
        evidence: Ids of the trials and lessons that were shown.
    """
    items = {"type": "string", "enum": list(evidence)} if evidence else {"type": "string", "maxLength": 0}
    answer = {
        "rationale": {"type": "string", "maxLength": MAX_RATIONALE},
        "choice": {"anyOf": [one for branch in branches for one in branch.schemas]},
        "expected": {"type": "number"} | _range_of(metric),
        "evidence": {"type": "array", "items": items, "maxItems": min(len(evidence), MAX_EVIDENCE)},
    }
    return {"title": "Proposal", "description": "What the study does next."} | object_of(answer)


def _range_of(metric: str) -> dict[str, float]:
    """What the metric can be."""
    low, high = METRICS[metric.partition("@")[0]].range
    return {name: bound for name, bound in (("minimum", low), ("maximum", high)) if abs(bound) != float("inf")}
