"""What can be chosen of a figure, and how what a person gave is read."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from agent.errors import UserError
from agent.secrets import shown

Given = Mapping[str, str | Sequence[str]]
"""What was asked for, by name of the option, as a form or a command line gives it."""
_ON, _OFF = ("on", "yes", "true", "1"), ("off", "no", "false", "0", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One value that an option may have, and what people read for it."""

    value: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing that can be chosen, with what is chosen now. A switch is off until it is asked for."""

    name: str
    label: str
    kind: Literal["choice", "several", "switch"]
    choices: tuple[Choice, ...] = ()
    value: tuple[str, ...] = ()  # what is chosen: one of a choice, any number of several, ("on",) or () of a switch
    says: str = ""  # what it does, where the label does not tell

    def with_value(self, given: str | Sequence[str]) -> "Option":
        """The option with what was given.

        Raises:
            UserError: It is not among the choices, which the message names.
        """
        values = [given] if isinstance(given, str) else list(given)
        if self.kind == "switch":
            return self._with(("on",) if self._is_on(values) else ())
        if self.kind == "several":  # a command line gives `1,3`, a form one after the other
            values = [part.strip() for value in values for part in value.split(",") if part.strip()]
        legal = [choice.value for choice in self.choices]
        wrong = next((value for value in values if value not in legal), None)
        if wrong is not None or (self.kind == "choice" and len(values) != 1):
            got = repr(wrong) if wrong is not None else f"{len(values)} values"
            raise UserError(shown(f"`{self.name}` must be one of {', '.join(legal) or 'nothing yet'}, got {got}"))
        return self._with(tuple(dict.fromkeys(values))) if values else self

    def _is_on(self, values: Sequence[str]) -> bool:
        words = [value.strip().lower() for value in values[-1:]]
        if any(word not in (*_ON, *_OFF) for word in words):
            raise UserError(shown(f"`{self.name}` must be on or off, got {values[-1]!r}"))
        return any(word in _ON for word in words)

    def _with(self, value: tuple[str, ...]) -> "Option":
        return Option(
            name=self.name, label=self.label, kind=self.kind, choices=self.choices, value=value, says=self.says
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What is chosen of a figure's options."""

    options: tuple[Option, ...] = field(default=())

    @classmethod
    def of(cls, options: Sequence[Option], given: Given) -> "Chosen":
        """The options with what was given.

        Raises:
            UserError: There is no such option, or a value is not legal; the message names what there is.
        """
        names = [option.name for option in options]
        unknown = next((name for name in given if name not in names), None)
        if unknown is not None:
            there_are = f"the options are {', '.join(names)}" if names else "it has none"
            raise UserError(shown(f"this figure has no option {unknown!r}; {there_are}"))
        return cls(options=tuple(o.with_value(given[o.name]) if o.name in given else o for o in options))

    def __getitem__(self, name: str) -> str:
        """The value of a choice; empty where there is nothing to choose."""
        return next(iter(self.several(name)), "")

    def several(self, name: str) -> tuple[str, ...]:
        """All values that are chosen."""
        return next(option.value for option in self.options if option.name == name)

    def is_on(self, name: str) -> bool:
        """Whether a switch is on."""
        return bool(self.several(name))


def choice(name: str, label: str, values: Mapping[str, str], value: str = "", says: str = "") -> Option:
    """One of `values` (value → label); without a value the first is chosen."""
    chosen = value if value in values else next(iter(values), "")
    return Option(
        name=name,
        label=label,
        kind="choice",
        choices=_choices(values),
        value=(chosen,) if chosen else (),
        says=says,
    )


def several(name: str, label: str, values: Mapping[str, str], chosen: Iterable[str] = (), says: str = "") -> Option:
    """Any of `values` (value → label)."""
    return Option(name=name, label=label, kind="several", choices=_choices(values), value=tuple(chosen), says=says)


def switch(name: str, label: str, says: str = "") -> Option:
    """Off until it is asked for."""
    return Option(name=name, label=label, kind="switch", says=says)


def _choices(values: Mapping[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(value=value, label=label) for value, label in values.items())
