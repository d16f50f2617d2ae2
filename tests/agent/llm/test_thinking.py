import pytest

from agent.llm.thinking import ThinkingFilter, without_thinking


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("plain", "plain"),
        ("<think>hm</think>so", "so"),
        ("a<think>x</think>b<think>y</think>c", "abc"),
        ("said<think>never closed", "said"),
        ("opened by the prompt</think>so", "so"),
    ],
)
def test_thinking_is_taken_out_of_a_whole_answer(text, left):
    assert without_thinking(text) == left


@pytest.mark.parametrize("size", [1, 2, 3, 7, 100])
def test_a_stream_cut_anywhere_gives_the_same_text_without_thinking(size):
    text = "a < b <think>x < y </thin </think>so <thing> it is"
    stream = ThinkingFilter()
    parts = [stream.feed(text[i : i + size]) for i in range(0, len(text), size)]
    assert "".join([*parts, stream.finish()]) == "a < b so <thing> it is"


def test_text_that_cannot_become_a_marker_is_given_at_once():
    assert ThinkingFilter().feed("hello") == "hello"
