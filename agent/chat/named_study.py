"""The study that a message is about: the one it names, else the one that its chat spoke of last."""

import re
from collections.abc import Collection, Sequence

from langchain_core.messages import AnyMessage

from agent.chat.turns import found_in
from agent.results.subject import about


def named_study(text: str, studies: Collection[str], datasets: Collection[str]) -> str | None:
    """The only study that the text names; None where it names none, or several.

    A name without a digit, "_" or "-" counts after "study" only, since it may be any word; so does a dataset's.
    """
    found = [name for name in studies if _names(text, name, is_plain=_is_plain(name) or name in datasets)]
    return found[0] if len(found) == 1 else None


def last_study(messages: Sequence[AnyMessage], studies: Collection[str]) -> str | None:
    """The study of the last tool result that tells of one which still exists."""
    for message in reversed(messages):
        for _, result in found_in([message]):
            study = about(result).study
            if study in studies:
                return study
    return None


def _is_plain(name: str) -> bool:
    return not re.search(r"[\d_-]", name)


def _names(text: str, name: str, *, is_plain: bool) -> bool:
    lead = r"\bstudy\s+[`'\"“]?" if is_plain else r"(?<![\w.-])"
    return re.search(rf"{lead}{re.escape(name)}(?![\w-]|\.\w)", text, re.IGNORECASE) is not None
