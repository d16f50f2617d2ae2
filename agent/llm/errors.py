"""How a language model can let us down while it answers; a study goes on without it, a chat says the sentence.

AgentError
└── ModelError
    ├── ModelAnswerError    it answered, but not what was asked for: cut off, no JSON, against the schema
    └── ModelTimeoutError   it did not answer in time

A model or server that is not there at all is `agent.errors.SetupError`, as is a refused key (`KeyRefusedError`).
"""

from agent.errors import AgentError, SetupError


class ModelError(AgentError):
    """The language model failed on this message; the text is one sentence."""


class ModelAnswerError(ModelError):
    """The answer cannot be used."""


class ModelTimeoutError(ModelError):
    """The answer did not come in time."""


class KeyRefusedError(SetupError):
    """The server wants another API key, or any."""
