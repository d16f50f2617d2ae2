"""A streamed answer is read as it stands: nothing is repaired, and what has no proper end is no answer."""

import json
import time
from email.utils import formatdate
from typing import Any

import httpx
import openai
import pytest

from agent.errors import SetupError
from agent.llm.answer_assembly import MAX_ANSWER, MAX_THINKING, AnswerAssembly
from agent.llm.errors import (
    CutOffError,
    LostConnectionError,
    ModelAnswerError,
    ModelError,
    ModelTimeoutError,
    NoServerError,
    ServerFailedError,
    UnreadableCallError,
)
from agent.llm.server_errors import Retries, sentences
from agent.llm.server_stream import in_time, objects
from agent.llm.strict_json import NotStrictError, clean, strict_object
from agent.plain_words import plain


def chunk(finish: Any = None, **delta: Any) -> dict[str, Any]:
    return {"choices": [{"delta": delta, "finish_reason": finish}]}


def piece(index: int | None, id_: str | None, name: str | None, arguments: Any) -> dict[str, Any]:
    return {"index": index, "id": id_, "function": {"name": name, "arguments": arguments}}


def read(*chunks: dict[str, Any]) -> tuple[str, list[tuple[str, dict[str, Any], str | None]]]:
    """What is said and called."""
    assembly = AnswerAssembly()
    said = "".join(map(assembly.feed, chunks))
    last = assembly.finish()
    return said + last.text, [(call["name"], call["args"], call["id"]) for call in last.tool_calls]


def test_text_and_calls_are_put_together() -> None:
    said, calls = read(
        chunk(content="One "),
        chunk(content="moment.", tool_calls=[piece(0, "a", "f", '{"x"'), piece(1, "b", "g", "")]),
        chunk(tool_calls=[piece(0, None, None, ": 1}")]),
        chunk("tool_calls"),
    )
    assert (said, calls) == ("One moment.", [("f", {"x": 1}, "a"), ("g", {}, "b")])


@pytest.mark.parametrize(
    "pieces",
    [
        [piece(0, "a", "f", '{"x": 1}'), piece(0, "b", "f", '{"x": 2}')],
        [piece(None, "a", "f", '{"x": 1}'), piece(None, "b", "f", '{"x": 2}')],
        [piece(None, None, "f", '{"x": 1}'), piece(None, None, "f", '{"x": 2}')],
        [piece(0, "a", "f", '{"x": 1}'), piece(0, "b", "f", '{"x"'), piece(0, None, None, ": 2}")],
        [piece(0, "a", "f", {"x": 1}), piece(1, "a", "f", {"x": 2})],
    ],
)
def test_calls_that_share_a_place_or_an_id_are_told_apart(pieces: list[dict[str, Any]]) -> None:
    _, calls = read(chunk(tool_calls=pieces), chunk("tool_calls"))
    assert [args for _, args, _ in calls] == [{"x": 1}, {"x": 2}]
    assert len({id_ for _, _, id_ in calls}) == 2


@pytest.mark.parametrize("reason", ["stop", "STOP", "tool_calls", "eos", "end_turn"])
def test_an_answer_that_ends_properly_is_one(reason: str) -> None:
    assert read(chunk(content="Yes."), chunk(reason)) == ("Yes.", [])


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("length", "longest that the server allows"),
        ("MAX_TOKENS", "longest that the server allows"),
        ("content_filter", "filter withheld"),
        ("error", "not known here"),
        ("weird", "not known here, 'weird'"),
    ],
)
def test_an_answer_that_ends_in_another_way_is_none(reason: str, words: str) -> None:
    with pytest.raises(CutOffError, match=words):
        read(chunk(content="Yes."), chunk(reason))


@pytest.mark.parametrize("reason", [None, "", 7])
def test_an_answer_without_an_end_is_a_lost_connection(reason: Any) -> None:
    with pytest.raises(LostConnectionError):
        read(chunk(reason, content="Yes."))


@pytest.mark.parametrize("end", range(1, 40))
def test_arguments_that_are_cut_off_anywhere_are_never_a_call(end: int) -> None:
    whole = json.dumps({"dataset": "small", "n_trials": 3, "is": True})
    assert len(whole) > 40
    for reason in ("length", "tool_calls", "stop"):
        with pytest.raises((CutOffError, UnreadableCallError)):
            read(chunk(reason, tool_calls=[piece(0, "a", "start_study", whole[:end])]))


@pytest.mark.parametrize(
    "text", ["", "  ", "{}", ' {"a": [1, {"b": null}]} ', '{"a": "ü😀"}', '{"a": "\\ud83d\\ude00"}']
)
def test_a_whole_object_is_read(text: str) -> None:
    assert strict_object(text) == json.loads(text.strip() or "{}")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('{"a": 1', "no whole JSON"),
        ('{"a": 1} {"b": 2}', "something follows"),
        ("[1]", "no object"),
        ('"{}"', "no object"),
        ('{"a": 1, "b": {"c": 1, "c": 2}}', "`c` twice"),
        ('{"a": -Infinity}', "no number of JSON"),
        ('{"a": "\\ud83d"}', "half characters"),
        ('{"a": "\ufffd"}', "half characters"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_whole_object_is_refused_with_the_reason(text: str, problem: str) -> None:
    with pytest.raises(NotStrictError, match=problem):
        strict_object(text)


def test_text_is_kept_and_what_steers_a_terminal_is_not() -> None:
    assert clean("ü 😀\n\tx") == "ü 😀\n\tx"
    assert clean("a\x1b[31mb\x00\x07\x9bc \ud83d.") == "abc \ufffd."


def test_an_answer_beyond_the_limit_is_cut_off_and_one_within_it_is_not() -> None:
    assert len(read(chunk("stop", content="x" * MAX_ANSWER))[0]) == MAX_ANSWER
    with pytest.raises(CutOffError, match="longer than 40,000"):
        read(chunk(content="x" * MAX_ANSWER), chunk("stop", content="x"))
    with pytest.raises(CutOffError, match="longer than 40,000"):
        read(chunk(tool_calls=[piece(0, "a", "f", "x" * MAX_ANSWER)], content="x"))
    with pytest.raises(CutOffError, match="thought for"):
        read(chunk(reasoning_content="x" * (MAX_THINKING + 1)))
    with pytest.raises(CutOffError, match="thought for"):
        read(chunk(content="<think>" + "x" * MAX_THINKING))


def test_an_error_in_the_stream_is_told_in_its_own_words() -> None:
    with pytest.raises(ServerFailedError, match=r"the answer: CUDA out of memory$"):
        read(chunk(content="It is"), {"error": {"message": "CUDA out of memory", "type": "server_error"}})


def events(*pieces: bytes) -> list[Any]:
    return list(objects(iter(pieces)))


def test_events_are_read_however_they_are_cut_into_pieces() -> None:
    text = ': hi\r\n\r\nevent: x\r\ndata: {"a":\r\ndata: "ü😀"}\r\n\r\ndata: {"b": 1}\n\ndata: [DONE]\n\nrest'.encode()
    for size in range(1, 9):
        assert events(*(text[i : i + size] for i in range(0, len(text), size))) == [{"a": "ü😀"}, {"b": 1}]


def test_the_last_event_may_lack_its_end_but_not_its_half() -> None:
    assert events(b'data: {"a": 1}') == [{"a": 1}]
    with pytest.raises(LostConnectionError):
        events(b'data: {"a": 1}\n\ndata: {"b"')
    with pytest.raises(ModelAnswerError, match="is no JSON"):
        events(b'data: {"b"\n\n')


def test_one_body_is_one_object_and_a_page_is_named() -> None:
    assert events(b' {"a"', b": 1}") == [{"a": 1}]
    with pytest.raises(CutOffError):
        events(b'{"a"')
    with pytest.raises(ModelAnswerError, match="a web page came instead of an answer: Bad Gateway"):
        events(b"<html><title>Bad ", b"Gateway</title>")
    assert events() == events(b"hello") == []


def test_a_source_that_never_ends_is_left_at_the_deadline() -> None:
    def drip() -> Any:
        while True:
            time.sleep(0.01)
            yield b":"

    with pytest.raises(ModelTimeoutError):
        list(in_time(drip, time.monotonic() + 0.1))


def test_what_the_source_raises_is_raised_where_it_is_read() -> None:
    def fail() -> Any:
        yield b"a"
        raise LostConnectionError("gone")

    pieces = in_time(fail, time.monotonic() + 60)
    assert next(pieces) == b"a"
    with pytest.raises(LostConnectionError, match="gone"):
        next(pieces)


RETRIES = Retries(n=3, first_s=1.0, most_s=3.0)
PASSES = ServerFailedError("busy", passes=True)


def test_the_wait_doubles_up_to_a_limit_and_so_often() -> None:
    waits = [RETRIES.wait_s(PASSES, attempt, 60.0) for attempt in range(4)]
    for wait, least in zip(waits[:3], (1.0, 2.0, 3.0), strict=True):
        assert wait is not None and least <= wait <= 1.25 * least
    assert waits[3] is None


def test_the_server_may_name_the_wait_and_no_wait_is_longer_than_the_time_left() -> None:
    asked = ServerFailedError("busy", passes=True, retry_after_s=20.0)
    assert RETRIES.wait_s(asked, 0, 60.0) == 20.0
    assert RETRIES.wait_s(asked, 0, 20.0) is None
    assert RETRIES.wait_s(PASSES, 1, 1.5) is None


def test_only_what_passes_is_tried_again() -> None:
    assert RETRIES.wait_s(LostConnectionError("x"), 0, 60.0) is not None
    assert [RETRIES.wait_s(NoServerError("x"), attempt, 60.0) is None for attempt in (0, 1, 2)] == [False, False, True]
    for error in (ServerFailedError("x"), ModelTimeoutError("x"), CutOffError("x"), SetupError("x"), ModelError("x")):
        assert RETRIES.wait_s(error, 0, 60.0) is None


def failed(status: int, body: Any, **headers: str) -> Exception:
    """What becomes of a response."""
    text = body if isinstance(body, str) else json.dumps(body)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    client = openai.OpenAI(
        base_url="http://x/v1",
        api_key="key-12345",
        max_retries=0,
        http_client=httpx.Client(
            transport=httpx.MockTransport(lambda _: httpx.Response(status, text=text, headers=named))
        ),
    )
    with pytest.raises(Exception) as caught, sentences("http://x/v1", "m", ()):
        client.get("/models", cast_to=object)
    return caught.value


@pytest.mark.parametrize(
    ("status", "passes"),
    [(408, True), (429, True), (500, True), (502, True), (503, True), (529, True), (402, False), (413, False)],
)
def test_what_a_status_means_for_another_attempt(status: int, passes: bool) -> None:
    error = failed(status, {"error": {"message": "busy"}})
    assert isinstance(error, ServerFailedError)
    assert error.passes is passes
    assert str(error).startswith(f"http://x/v1 failed with status {status} (")
    assert str(error).endswith("): busy")


def test_a_429_for_lack_of_credit_does_not_pass() -> None:
    error = failed(429, {"error": {"message": "You exceeded your current quota", "code": "insufficient_quota"}})
    assert isinstance(error, ServerFailedError) and not error.passes


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("7", 7.0), ("1.5", 1.5), ("soon", None), ("-3", None), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0)],
)
def test_how_long_a_server_asks_to_wait(given: str, seconds: float | None) -> None:
    error = failed(503, "", Retry_After=given)
    assert isinstance(error, ServerFailedError)
    assert error.retry_after_s == seconds


def test_a_date_to_come_is_so_many_seconds_away() -> None:
    error = failed(503, "", Retry_After=formatdate(time.time() + 3600, usegmt=True))
    assert isinstance(error, ServerFailedError)
    assert error.retry_after_s is not None and 3000 < error.retry_after_s <= 3600


def test_a_key_is_masked_before_the_text_is_cut() -> None:
    text = str(failed(500, {"error": {"message": "x" * 190 + " sk-1234567890abcdef"}}))
    assert "sk-" not in text
    assert "***" in text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"error": {"message": "out of memory", "type": "server_error"}}, "out of memory"),
        ({"detail": [{"msg": "too long", "loc": []}, {"msg": "no"}]}, "too long; no"),
        ('{"error": "busy"}', "busy"),
        ("<html><head><title>502 Bad\nGateway</title>", "502 Bad Gateway"),
        ("<p>hello", "a web page"),
        ('{"broken', ""),
        ({"code": 7}, ""),
        ({"error": {"error": {"error": {"error": {"message": "deep"}}}}}, ""),
        (None, ""),
        ("a\n b", "a b"),
    ],
)
def test_what_a_server_says_is_one_plain_line(said: Any, words: str) -> None:
    assert plain(said) == words
    assert plain("x" * 500) == "x" * 200 + "…"
