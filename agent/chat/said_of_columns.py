"""What a message says of the columns of a file: it answers a question about them, or corrects what was read."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from langchain_core.messages import AnyMessage

from agent.chat.columns_said import arguments, columns_said, columns_said_later, rows_kept
from agent.chat.corrected import corrected
from agent.chat.file_named import file_named
from agent.chat.open_files import OpenFile, near_column, unread_files
from agent.understanding.data.beside_files import called_apart
from agent.understanding.data.column_corrections import correction
from agent.understanding.data.column_words import columns_apart
from agent.understanding.data.columns_told import columns_with
from agent.understanding.data.role_words import ROLE_WORDS

AsksForMore = Callable[[str], bool]
"""Whether a text asks for something to be done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOfColumns:
    """What a message says of columns."""

    args: Mapping[str, object] = field(default_factory=dict)  # of `add_dataset`
    order: str = ""  # what is to be done once the file is read
    choices: tuple[str, ...] = ()  # several files may be meant: the message, said of each


_THEN = re.compile(r"[,;.]?\s*\b(?:and\s+)?then\b[,\s]*|[;；]\s*|\.\s+|[，,]?\s*然后[，,]?\s*", re.IGNORECASE)
_CALLED = {"user": "user", "item": "item", "time": "time", "weight": "rating"}


def said_of_columns(
    text: str, messages: Sequence[AnyMessage], datasets: Sequence[str], asks_for_more: AsksForMore
) -> SaidOfColumns | None:
    """How a file is to be read as the message says; None where it says nothing of columns."""
    unread = unread_files(messages)
    files = [one for one in unread if not one.is_off]
    if (named := file_named(text, unread, datasets)) is not None:
        one, rest = named
        return _answer(rest, replace(one, is_next=True), files, datasets, asks_for_more)
    if (other := correction(text, datasets, None)) is not None:  # a dataset is named: no question is about that
        return SaidOfColumns(args=other.args)
    told = [(one, answer) for one in files if (answer := _answer(text, one, files, datasets, asks_for_more))]
    meant = _meant(told)
    if len(meant) > 1:
        return SaidOfColumns(choices=tuple(of_file(one, text) for one, _ in meant))
    of_dataset = corrected(text, messages, datasets)
    if not meant:
        return None if of_dataset is None else SaidOfColumns(args=of_dataset)
    one, answer = meant[0]
    if one.newer in datasets and of_dataset is not None:
        return SaidOfColumns(choices=(of_file(one, text), f"in {one.newer}, {text}"))
    return answer


def of_file(one: OpenFile, text: str) -> str:
    """The text, said of that file."""
    return f'in "{one.file}", {text}'


def offered(args: Mapping[str, object], error: str, files: Sequence[OpenFile]) -> tuple[str, ...]:
    """What may be said instead of what could not be read: the column that was meant, where one is called alike."""
    columns, near = args.get("columns"), near_column(error)
    if near is None or not isinstance(columns, Mapping) or '"' in near[1]:
        return ()
    role = next((_CALLED[role] for role, column in columns.items() if column == near[0] and role in _CALLED), None)
    if role is None:
        return ()
    text = f'the {role} is "{near[1]}"'
    return (of_file(files[-1], text) if len(files) > 1 else text,)


def _answer(
    text: str, one: OpenFile, files: Sequence[OpenFile], datasets: Sequence[str], asks_for_more: AsksForMore
) -> SaidOfColumns | None:
    """What a message answers to the question about one file: columns, rows, its name, and what is to be done next."""
    for say, more, order in _readings(text, datasets, asks_for_more):
        order = order or one.order
        if any(other.order == order for other in files if other.question != one.question):
            order = ""  # it waits for the other file as well
        read = columns_said if one.is_next else columns_said_later
        if told := read(say, one.question):
            columns = columns_with({**(one.question.columns or {}), **one.tried}, told)
            return SaidOfColumns(args={**arguments(one.question), **more, "columns": columns}, order=order)
        if one.is_next and (kept_rows := rows_kept(say, one.question)):
            return SaidOfColumns(args={**kept_rows, **more}, order=order)
    return None


def _readings(
    text: str, datasets: Sequence[str], asks_for_more: AsksForMore
) -> Iterator[tuple[str, Mapping[str, str], str]]:
    """The words on columns, arguments of `add_dataset` said with them, and an order; the plainest reading first."""
    yield text, {}, ""
    rest, more = called_apart(text, datasets)
    if more:
        yield rest, more, ""
    parts = _THEN.split(rest, maxsplit=1)
    if len(parts) == 2 and parts[1].strip() and asks_for_more(parts[1]):
        head, of_head = called_apart(parts[0], datasets)
        yield head, {**more, **of_head}, parts[1].strip()
    apart = columns_apart(rest)
    if apart.columns and apart.rest.strip() and apart.rest != rest and asks_for_more(apart.rest):
        yield ", ".join(_as_said(apart.columns)), more, apart.rest.strip()


def _as_said(columns: Mapping[str, str]) -> Iterator[str]:
    for role, column in columns.items():
        yield f'the {role} is "{column}"' if role in ROLE_WORDS else f"{role}={column}"


def _meant(told: Sequence[tuple[OpenFile, SaidOfColumns]]) -> Sequence[tuple[OpenFile, SaidOfColumns]]:
    """The files that an answer fits best: those with such columns, of these the ones asked about just now."""
    for fits in (_has_columns, lambda one, _: one.is_next):
        told = [(one, answer) for one, answer in told if fits(one, answer)] or told
    return told


def _has_columns(one: OpenFile, answer: SaidOfColumns) -> bool:
    columns = answer.args.get("columns")
    named = {name for role, name in columns.items() if role in ROLE_WORDS} if isinstance(columns, Mapping) else set()
    return named <= {*one.known, ""}
