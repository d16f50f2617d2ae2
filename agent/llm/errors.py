"""How a language model can let us down while it answers; a study goes on without it, a chat says the sentence.

AgentError
└── ModelError
    ├── ModelAnswerError            it answered, but not what was asked for: no JSON, against the schema
    │   ├── CutOffError             the answer has no proper end: a limit, a filter
    │   │   └── LostConnectionError     the connection broke; the next may hold
    │   └── UnreadableCallError     a call of a tool that cannot be read; worth asking again
    ├── ModelTimeoutError           it did not answer in time
    └── ServerFailedError           its server answered with an error

A model or server that is not there at all is `agent.errors.SetupError`, as is a refused key (`KeyRefusedError`). No
part of an answer that raised one of these is shown as an answer, and none of its calls is made.
"""

from agent.errors import AgentError, SetupError


class ModelError(AgentError):
    """The language model failed on this message; the text is one sentence."""


class ModelAnswerError(ModelError):
    """The answer cannot be used."""


class CutOffError(ModelAnswerError):
    """The answer has no proper end, so that what stands in it may mean something else."""


class LostConnectionError(CutOffError):
    """The connection ended in the middle of the answer."""


class UnreadableCallError(ModelAnswerError):
    """A call of a tool that cannot be read; the text says what is wrong with it."""


class ModelTimeoutError(ModelError):
    """The answer did not come in time."""


class ServerFailedError(ModelError):
    """The server answered with an error."""

    def __init__(self, text: str, *, passes: bool = False, retry_after_s: float | None = None) -> None:
        """
        Args:
            passes: Whether the same request may well be answered in a while.
            retry_after_s: How long the server asks to wait.
        """
        super().__init__(text)
        self.passes = passes
        self.retry_after_s = retry_after_s


class KeyRefusedError(SetupError):
    """The server wants another API key, or any."""


class NoServerError(SetupError):
    """Nothing listens at the address."""
