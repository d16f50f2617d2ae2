"""Who chose the values of a call: the person, who said them, or the language model that makes the call."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol


class IsSaid(Protocol):
    def __call__(self, param: str, value: object) -> bool:
        """Whether the person said this value, for this param."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Maker:
    """The language model that makes a call."""

    is_said: IsSaid
    is_agreed: bool = False  # the person was shown the call and said yes


_MAKER: ContextVar[Maker | None] = ContextVar("maker_of_the_call", default=None)


@contextmanager
def made_by_model(is_said: IsSaid, *, is_agreed: bool = False) -> Iterator[None]:
    """Within this block a tool is called by a language model; outside of one the person chose every value.

    Args:
        is_said: Of the params of a trial.
        is_agreed: The person was shown the call and said yes.
    """
    token = _MAKER.set(Maker(is_said=is_said, is_agreed=is_agreed))
    try:
        yield
    finally:
        _MAKER.reset(token)


def invented(params: Mapping[str, Any]) -> dict[str, Any]:
    """The params whose values the person did not say, so that they are the language model's own."""
    maker = _MAKER.get()
    return {} if maker is None else {name: one for name, one in params.items() if not maker.is_said(name, one)}


def is_made_by_model() -> bool:
    """Whether a language model makes the present call."""
    return _MAKER.get() is not None


def is_agreed() -> bool:
    """Whether the person was shown the present call and said yes."""
    maker = _MAKER.get()
    return maker is not None and maker.is_agreed
