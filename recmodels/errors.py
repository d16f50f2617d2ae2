"""The errors of `recmodels`, sorted by who can fix them.

RecmodelsError
├── UserError              one sentence for the person; no traceback
│   ├── DataError          the file or its rows: rule, value, file, row, column
│   │   ├── ContentError   what stands in a file cannot be used; the message may quote it
│   │   ├── LimitError     it is beyond what may be read; the message tells nothing of what stands in it
│   │   ├── ReadingStopped a person stopped it
│   │   └── AmbiguousColumns   two columns could have one role: the person must say which
│   ├── SetupError         something is missing on this machine: the command that fixes it
│   └── ParamError         a param, metric, model or budget outside what is declared: rule, value, legal values
├── TrialFailed            this trial only: diverged, out of memory, time limit; the study goes on
└── TrialPruned            raised by `on_epoch` to stop an unpromising trial; not a failure
"""

import shlex
from collections.abc import Mapping, Sequence
from typing import Literal

FailureReason = Literal["diverged", "out_of_memory", "time_limit", "interrupted", "worker_died", "error"]


class RecmodelsError(Exception):
    """Base of every error raised on purpose by `recmodels`."""


class UserError(RecmodelsError):
    """Something the person can fix; the message is one sentence with the rule, the value and the place."""


class DataError(UserError):
    """A dataset cannot be read or used."""


class ContentError(DataError):
    """What stands in a file cannot be used; the message may quote it."""


class LimitError(DataError):
    """A file is of another kind or beyond the bounds of what is read; the message tells nothing of its content."""


class ReadingStopped(DataError):
    """A person stopped the reading of a file."""


class AmbiguousColumns(DataError):
    """Two columns could have one role: the person must say which."""

    def __init__(
        self,
        role: str,
        candidates: Sequence[str],
        place: str,
        why: str = "",
        rows: Sequence[Mapping[str, str]] = (),
    ) -> None:
        """`why`: what was seen, in words. `rows`: a few of the file's, column → value."""
        super().__init__(role, tuple(candidates), place, why, tuple(rows))
        self.role = role
        self.candidates = tuple(candidates)
        self.place = place
        self.why = why
        self.rows = tuple(dict(row) for row in rows)

    def __str__(self) -> str:
        return f"{self.reason} Say {self.role}=COLUMN"

    @property
    def question(self) -> str:
        """In one sentence."""
        options = " or ".join(f"`{name}`" for name in self.candidates)
        return f"which column of {self.place} is the {self.role}, {options}?"

    @property
    def reason(self) -> str:
        """The question, and why it is asked."""
        return f"{self.question} {self.why[0].upper()}{self.why[1:]}." if self.why else self.question

    def options(self) -> list[str]:
        """What takes each choice on the command line, quoted as a shell reads it."""
        return [f"--column {shlex.quote(f'{self.role}={name}')}" for name in self.candidates]

    def to_dict(self) -> dict[str, object]:
        """JSON-ready: the question, the choices, rows of the file, and the option that takes each choice."""
        return {
            "error": str(self),
            "question": self.question,
            "role": self.role,
            "choices": list(self.candidates),
            "samples": [dict(row) for row in self.rows],
            "options": self.options(),
        }


class SetupError(UserError):
    """The machine lacks something."""


class ParamError(UserError):
    """A value outside what is declared."""


class TrialFailed(RecmodelsError):
    """One trial broke; `reason` is recorded with it."""

    def __init__(self, reason: FailureReason, detail: str = "", device_bytes: int = 0) -> None:
        """`device_bytes`: of what ran out of memory, all that it has; 0: not known, or of another reason."""
        super().__init__(reason, detail, device_bytes)  # all stay in args, so the error survives pickling
        self.reason = reason
        self.detail = detail
        self.device_bytes = device_bytes

    def __str__(self) -> str:
        return f"{self.reason}: {self.detail}" if self.detail else self.reason


class TrialPruned(RecmodelsError):
    """Stop this trial: it is unpromising."""
