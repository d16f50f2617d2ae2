"""The errors of `agent`, sorted by who can fix them, and the tuple that chat and command line turn into one sentence.

AgentError
├── ToolInputError     the language model can fix it: goes back as the tool's result, with what is legal
└── UserError          the person can fix it: one sentence, no traceback
    └── SetupError     a server, a model or a folder that is not there: the command that fixes it
        ├── DamagedError   a file of the home folder cannot be read: what is lost, what is kept
        └── DiskFullError  nothing can be written: what to do, and how to go on
"""

import memory.errors
import recmodels.errors


class AgentError(Exception):
    """Base of every error raised on purpose by `agent`."""


class ToolInputError(AgentError):
    """An argument that the model gave is not legal; the text says the rule, the value and what is legal."""


class UserError(AgentError):
    """Something the person can fix."""


class SetupError(UserError):
    """A server, a model or a folder that is not there."""


class DamagedError(SetupError):
    """A file of the home folder cannot be read."""


class DiskFullError(SetupError):
    """Nothing can be written."""


SETUP_ERRORS = (SetupError, recmodels.errors.SetupError)
"""What no trial could run with: a study ends with it as its reason."""
USER_ERRORS = (UserError, memory.errors.UserError, recmodels.errors.UserError)
"""What a screen shows as one sentence; every other exception is a bug and keeps its traceback."""
