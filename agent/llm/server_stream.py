"""The bytes of a streamed answer -> the JSON objects in it, never later than the deadline and never without a limit.

A server that drips a byte a second, or comments without end, never lets a read time out. So the bytes are read in a
thread of their own, which is left behind when the time is up.
"""

import codecs
import contextvars
import itertools
import json
import queue
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from typing import Any

from agent.llm.errors import CutOffError, LostConnectionError, ModelAnswerError, ModelTimeoutError
from agent.plain_words import plain
from agent.stopping import StoppedError, check_stop, on_stop

MAX_STREAM_BYTES = 32 * 2**20  # a token takes some 250 bytes of JSON
_DONE = "[DONE]"


def in_time(source: Callable[[], Iterator[bytes]], deadline: float) -> Iterator[bytes]:
    """What the source gives, read in a thread of its own and up to a limit.

    Args:
        source: Opens the response, and closes it when it is left.
        deadline: On the clock of `time.monotonic`.

    Raises:
        ModelTimeoutError: The time is up.
        CutOffError: There is no end to it.
        StoppedError: The person stopped what runs here; what is sent then is left.
        Exception: What the source raises.
    """
    box: queue.SimpleQueue[bytes | BaseException | None] = queue.SimpleQueue()
    is_left = threading.Event()

    def read() -> None:
        try:
            with closing(_limited(source())) as pieces:  # type: ignore[type-var]
                for piece in pieces:
                    if is_left.is_set():
                        return
                    box.put(piece)
            box.put(None)
        except BaseException as error:  # noqa: BLE001 - raised again in the thread that waits
            box.put(error)

    inside = contextvars.copy_context()
    threading.Thread(target=inside.run, args=(read,), name="answer of a server", daemon=True).start()
    try:
        with on_stop(lambda: box.put(StoppedError())):
            while (piece := _next(box, deadline)) is not None:
                yield piece
    finally:
        is_left.set()


def _next(box: "queue.SimpleQueue[bytes | BaseException | None]", deadline: float) -> bytes | None:
    try:
        found = box.get(timeout=max(0.0, deadline - time.monotonic()))
    except queue.Empty:
        raise ModelTimeoutError("no complete answer came in time") from None
    check_stop()  # which may be why it ended
    if isinstance(found, BaseException):
        raise found
    return found


def _limited(pieces: Iterator[bytes]) -> Iterator[bytes]:
    size = 0
    with closing(pieces):  # type: ignore[type-var]
        for piece in pieces:
            size += len(piece)
            if size > MAX_STREAM_BYTES:
                raise CutOffError(f"the answer had no end, and was cut off after {MAX_STREAM_BYTES // 2**20} MB")
            yield piece


def objects(pieces: Iterator[bytes]) -> Iterator[Mapping[str, Any]]:
    """The JSON objects of server-sent events, or the one object of a server that does not stream.

    Whatever the server says of its content's type, the content decides.

    Raises:
        CutOffError: The last object is not whole.
        ModelAnswerError: A web page, or no JSON.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig")(errors="replace")
    texts = (decoder.decode(piece) for piece in pieces)
    head = ""
    for text in texts:
        head += text
        if head.strip():
            break
    match head.lstrip()[:1]:
        case "{" | "[":
            yield _whole(head + "".join(texts))
        case "<":
            raise ModelAnswerError(f"a web page came instead of an answer: {plain(head + next(texts, ''))}")
        case _:
            yield from _events(_lines(head, texts))


def _whole(text: str) -> Mapping[str, Any]:
    try:
        return _object(text)
    except ValueError as error:
        raise CutOffError("the answer is no whole JSON") from error


def _lines(head: str, texts: Iterator[str]) -> Iterator[str]:
    """Lines without their ends, the last one too."""
    parts: list[str] = []
    held = ""  # a CR whose LF may come with the next text
    for fresh in itertools.chain((head,), texts):
        text = held + fresh
        held = "\r" if text.endswith("\r") else ""
        text = text.removesuffix("\r")
        parts.append(text)
        if "\n" in text or "\r" in text:
            *lines, rest = "".join(parts).replace("\r\n", "\n").replace("\r", "\n").split("\n")
            parts = [rest]
            yield from lines
    yield "".join(parts)


def _events(lines: Iterator[str]) -> Iterator[Mapping[str, Any]]:
    """An event is the `data` lines up to an empty one; the last event may lack it."""
    data: list[str] = []
    for line in lines:
        if line.startswith("data:"):
            data.append(line[5:].removeprefix(" "))
        elif not line and data:
            text, data = "\n".join(data), []
            if text.strip() == _DONE:
                return
            yield _event(text)
    text = "\n".join(data)
    if text and text.strip() != _DONE:
        try:
            yield _object(text)
        except ValueError:
            raise LostConnectionError("the connection ended in the middle of the answer") from None


def _event(text: str) -> Mapping[str, Any]:
    try:
        return _object(text)
    except ValueError:
        raise ModelAnswerError(f"a part of the answer is no JSON: {plain(text)}") from None


def _object(text: str) -> Mapping[str, Any]:
    try:
        value = json.loads(text)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(value, dict):
        raise ValueError("no object")
    return value
