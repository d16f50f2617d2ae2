"""The value of a fact in the unit that a number is written in."""

from agent.grounding.amounts import Amount
from agent.grounding.fact import Fact


def in_unit(fact: Fact, amount: Amount) -> list[float]:
    """The fact's value in the number's unit; empty where that cannot be."""
    value = fact.number
    if value is None:
        return []
    if fact.unit == "days" and amount.unit == "":
        return [value, value / 365.25, value / 30.44, value / 7]
    if amount.unit == "s":
        return (
            [value]
            if fact.unit == "s"
            else [value / 1000]
            if fact.unit == "ms"
            else [value * 86400]
            if fact.unit == "days"
            else []
        )
    if amount.unit == "ms":
        return [value] if fact.unit == "ms" else [value * 1000] if fact.unit == "s" else []
    if amount.unit == "bytes":
        return [value] if fact.unit == "bytes" else []
    if amount.unit in ("factor", "points"):
        return []
    if amount.unit == "share":
        return [value] if abs(value) <= 1.5 and fact.unit in ("", "share") else []
    return [value]
