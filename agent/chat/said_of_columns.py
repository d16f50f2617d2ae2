"""What a message says of the columns of a file: it answers a question about them, or corrects what was read."""

from collections.abc import Sequence

from langchain_core.messages import AnyMessage

from agent.chat.columns_said import arguments, columns_said, columns_said_later, rows_kept
from agent.chat.corrected import corrected
from agent.chat.turns import columns_asked, columns_asked_earlier
from agent.understanding.data.column_corrections import correction


def said_of_columns(text: str, messages: Sequence[AnyMessage], datasets: Sequence[str]) -> dict[str, object] | None:
    """The arguments that read a file as the message says; None where it says nothing of columns."""
    if (other := correction(text, datasets, None)) is not None:  # a dataset is named: no question is about that
        return dict(other.args)
    return _answered(text, messages) or corrected(text, messages, datasets)


def _answered(text: str, messages: Sequence[AnyMessage]) -> dict[str, object] | None:
    """The arguments that add the waiting file, if the message answers the question about its columns."""
    question, read = columns_asked(messages), columns_said
    if question is None:
        question, read = columns_asked_earlier(messages), columns_said_later
    if question is None or not question.role:
        return None
    if told := read(text, question):
        return {**arguments(question), "columns": {**(question.columns or {}), **told}}
    return rows_kept(text, question) or None
