"""Why the page's server does not do what it was asked: one sentence, with the status of HTTP that fits."""

from agent.errors import USER_ERRORS, UserError
from agent.secrets import masked


class Refused(UserError):
    """What a tab asked for is not done."""

    def __init__(self, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.status = status


REFUSED = USER_ERRORS


def sentence_of(error: Exception) -> str:
    """What the person is told."""
    return masked(str(error))


def status_of(error: Exception) -> int:
    return error.status if isinstance(error, Refused) else 409


NOT_YOURS = "This is no chat of yours."
NO_STUDY = "There is no such study here."
