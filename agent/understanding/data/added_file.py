"""What a message tells of the file that it adds, taken apart before its orders are read: columns, rows and ids."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agent.understanding.data.at_reading import at_reading
from agent.understanding.data.column_words import columns_apart
from agent.understanding.data.words_left import in_chinese, without_same_rules, words_left
from agent.understanding.plan import Request


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldOfFile:
    """A message, taken apart: what it tells of a file, and the rest."""

    rest: str
    columns: Mapping[str, str] = field(default_factory=dict)  # by role
    said: tuple[str, ...] = ()  # its words on columns that are not read, or kept all the same
    args: Mapping[str, Any] = field(default_factory=dict)  # of `add_dataset`: `where`, `hash_ids`
    unsure: tuple[str, ...] = ()  # on hiding persons, where hashed ids may not be all that is meant

    @property
    def tells(self) -> bool:
        """Whether it tells anything of a file."""
        return bool(self.columns or self.args)


def told_of_file(say: str, *, is_taken: bool = True) -> ToldOfFile:
    """What a message tells of a file.

    Args:
        is_taken: Columns are read, and the words of all that is told go; else the message stays whole.
    """
    of_rows = at_reading(say)
    if not is_taken:
        return ToldOfFile(rest=say, args=of_rows.args, unsure=of_rows.unsure)
    told = columns_apart(of_rows.rest)
    return ToldOfFile(rest=told.rest, columns=told.columns, said=told.said, args=of_rows.args, unsure=of_rows.unsure)


def with_told(requests: Sequence[Request], told: ToldOfFile) -> list[Request]:
    """The requests; each that adds a file has what the message tells of it."""
    return [_told(request, told) if request.tool == "add_dataset" and told.tells else request for request in requests]


def left_of_file(text: str, told: ToldOfFile, requests: Sequence[Request], say: str) -> tuple[str, ...]:
    """What the order to add a file says and none of its arguments holds.

    Args:
        text: The order as it is read, Chinese glossed.
        say: The message, whose own words are shown.
    """
    left = words_left(
        at_reading(text).rest,
        [str(value) for one in requests for value in one.args.values() if isinstance(value, str)],
        is_all=all(one.tool == "add_dataset" for one in requests),
        tells_columns=bool(told.columns),
    )
    adds = [one for one in requests if one.tool == "add_dataset"]
    if adds and all("append" in one.args for one in adds):
        left = without_same_rules(left)
    return (*told.unsure, *(in_chinese(words, say) for words in left))


def _told(request: Request, told: ToldOfFile) -> Request:
    columns = {**told.columns, **dict(request.args.get("columns") or {})}
    return request.with_args(**({"columns": columns} if columns else {}), **told.args)
