"""One kind of question: how it is asked, and which facts answer it."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One kind of question."""

    kind: str  # a key of `agent.answers.verdicts.VERDICTS`
    reads: tuple[str, ...] = ()  # tools whose facts answer it; empty: it needs none
    shows: bool = False  # whether the facts are shown below the verdict
    says: str = ""  # the message as it was matched


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind, and how it is asked in English or Chinese; of those that fit, the first counts."""

    pattern: "re.Pattern[str]"
    asked: Asked


def kind(name: str, patterns: tuple[str, ...], *reads: str, shows: bool = False) -> Kind:
    """A kind by its patterns; `reads` are the tools whose facts answer it, shown below the verdict if `shows`."""
    return Kind(pattern=re.compile("|".join(patterns)), asked=Asked(kind=name, reads=reads, shows=shows))
