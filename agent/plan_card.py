"""What a plan card tells before the person says yes: one text for terminals, one record for a page."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, NamedTuple

Language = Literal["en", "zh"]


class _Told(NamedTuple):
    """How the parts of a card are told in one language."""

    value: str = "{name}: {value}{source}"
    comma: str = ", "
    left: str = "Left at the default: {}."
    unused: str = "**I did not use {}.** What is it for?"
    origin: str = "from {}"


_TOLD: Mapping[Language, _Told] = {
    "en": _Told(),
    "zh": _Told(
        value="{name}：{value}{source}",
        comma="，",
        left="其余用默认：{}。",
        unused="**我没有用到{}。** 它是指什么？",
        origin="来自{}",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanValue:
    """An argument of a call; each part is Markdown on one line."""

    name: str
    value: str = ""  # empty: only told where it comes from
    source: str = ""  # the words of the message, "this chat", …; empty: a default
    is_open: bool = False  # the call leaves it open; the source says so

    def line(self, language: Language) -> str:
        """`dataset: **`demo`**, from “the demo data”`."""
        told = _TOLD[language]
        source = self.source if self.is_open else told.origin.format(self.source)
        value = f"**{self.value}**{told.comma}" if self.value else ""
        return told.value.format(name=self.name, value=value, source=source)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanStep:
    """One call that a yes makes."""

    says: str  # what it does
    values: tuple[PlanValue, ...] = ()
    defaults: tuple[PlanValue, ...] = ()  # what was left open
    notes: tuple[str, ...] = ()  # what to know before a yes, in Markdown
    cost: str = ""  # how long it takes, in Markdown

    def text(self, language: Language = "en") -> str:
        """Markdown."""
        told = _TOLD[language]
        left = told.comma.join(f"{one.name} {one.value}" for one in self.defaults)
        values = "\n".join(f"- {one.line(language)}" for one in self.values)
        left = told.left.format(left) if left else ""
        return "\n\n".join(filter(None, (f"**{self.says}**", values, left, " ".join(self.notes), self.cost)))


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanCard:
    """All that a yes does, and the question."""

    steps: tuple[PlanStep, ...]
    question: str
    unused: tuple[str, ...] = ()  # words of the message, in Markdown
    tools: tuple[str, ...] = ()  # that a yes calls
    order: str = ""  # that would make this plan, to be changed by the person; as typed
    language: Language = "en"

    @property
    def warning(self) -> str:
        """Which words were not used, in Markdown; empty: all were."""
        words = (", " if self.language == "en" else "、").join(f"“{one}”" for one in self.unused)
        return _TOLD[self.language].unused.format(words) if words else ""

    @property
    def text(self) -> str:
        """Markdown, wherever no card can be drawn."""
        return "\n\n".join(
            filter(None, (self.warning, *(step.text(self.language) for step in self.steps), self.question))
        )

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
