"""What a plan card tells before the person says yes: one text for terminals, one record for a page."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

AS_IT_WOULD = "as it would be"  # where a value comes from that the call leaves open


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanValue:
    """An argument of a call; each part is Markdown on one line."""

    name: str
    value: str = ""  # empty: only told where it comes from
    source: str = ""  # the words of the message, "this chat", …; empty: a default

    @property
    def line(self) -> str:
        """`dataset: **`demo`**, from “the demo data”`."""
        told = self.source if self.source == AS_IT_WOULD else f"from {self.source}"
        return f"{self.name}: {f'**{self.value}**, ' if self.value else ''}{told}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One call that a yes makes."""

    says: str  # what it does
    values: tuple[PlanValue, ...] = ()
    defaults: tuple[PlanValue, ...] = ()  # what was left open
    notes: tuple[str, ...] = ()  # what to know before a yes, in Markdown
    cost: str = ""  # how long it takes, in Markdown

    @property
    def text(self) -> str:
        """Markdown."""
        left = ", ".join(f"{one.name} {one.value}" for one in self.defaults)
        values = "\n".join(f"- {one.line}" for one in self.values)
        left = f"Left at the default: {left}." if left else ""
        return "\n\n".join(filter(None, (f"**{self.says}**", values, left, " ".join(self.notes), self.cost)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCard:
    """All that a yes does, and the question."""

    steps: tuple[PlanStep, ...]
    question: str
    unused: tuple[str, ...] = ()  # words of the message, in Markdown
    tools: tuple[str, ...] = ()  # that a yes calls
    order: str = ""  # that would make this plan, to be changed by the person; as typed

    @property
    def warning(self) -> str:
        """Which words were not used, in Markdown; empty: all were."""
        words = ", ".join(f"“{one}”" for one in self.unused)
        return f"**I did not use {words}.** What is it for?" if words else ""

    @property
    def text(self) -> str:
        """Markdown, wherever no card can be drawn."""
        return "\n\n".join(filter(None, (self.warning, *(step.text for step in self.steps), self.question)))

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "PlanCard":
        """The card that `to_dict` wrote."""
        texts = {name: tuple(data.get(name, ())) for name in ("unused", "tools")}
        return cls(**(dict(data) | texts | {"steps": tuple(map(_step, data["steps"]))}))


def _step(data: Mapping[str, Any]) -> PlanStep:
    values = {name: tuple(PlanValue(**one) for one in data.get(name, ())) for name in ("values", "defaults")}
    return PlanStep(**(dict(data) | values | {"notes": tuple(data.get("notes", ()))}))
