"""The errors of `memory`: what the person can fix, in one sentence."""


class UserError(Exception):
    """The store cannot be opened, read or written; the message says why and what fixes it."""


class DamagedError(UserError):
    """The files of the store cannot be read; a rebuild writes them again."""
