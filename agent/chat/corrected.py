"""A message that corrects the columns of the dataset which a chat read or looked at last."""

from collections.abc import Sequence

from langchain_core.messages import AnyMessage

from agent.chat.turns import found_in
from agent.llm.pilot.chat import dialogue_of
from agent.results.data import DatasetAdded
from agent.results.result import Failure
from agent.understanding.data.column_corrections import correction
from agent.understanding.known import Known

_OF_DATA = ("add_dataset", "describe_dataset", "inspect_data")


def corrected(text: str, messages: Sequence[AnyMessage], datasets: Sequence[str]) -> dict[str, object] | None:
    """The arguments of `add_dataset` that read the file once more; None for any other message."""
    waiting = dialogue_of(messages, Known()).waiting
    if waiting is not None and waiting.lacking not in (None, "tool"):  # an answer: "the user is u7"
        return None
    found = found_in(messages)
    shown = (one for tool, one in reversed(found) if tool in _OF_DATA and not isinstance(one, Failure))
    at_hand = next((str(one.dataset) for one in shown if hasattr(one, "dataset")), None)
    is_added = bool(found) and waiting is None and isinstance(found[-1][1], DatasetAdded) and not found[-1][1].version
    told = correction(text, datasets, at_hand, is_added=is_added)
    if told is None:
        return None
    return {"corrects": told.dataset, **({"columns": told.columns} if told.columns else {}), **told.more}
