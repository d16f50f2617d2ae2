"""Calls that a model wrote as text are read as strictly as others; what is no call is shown as it stands."""

from typing import Any

import pytest

from agent.llm.errors import UnreadableCallError
from agent.llm.written_calls import ShownText, Written, WrittenCall, written_calls
from tests.agent.llm.fault_server import written

TOOLS = {"start_study", "explain_trial", "study_status"}
ARGS: dict[str, Any] = {"dataset": "tiny", "models": ["bpr_mf"], "n_trials": 2}


def styles() -> dict[str, str]:
    return dict(written("start_study", ARGS))


def streamed(text: str, n: int) -> str:
    """What is shown of the text, `n` characters at a time."""
    shown = ShownText()
    return "".join(shown.feed(text[i : i + n]) for i in range(0, len(text), n))


@pytest.mark.parametrize("style", styles())
def test_a_call_is_read_in_the_style_of_every_family(style: str) -> None:
    found = written_calls(styles()[style], TOOLS)
    assert found is not None
    assert found.calls == (WrittenCall(tool="start_study", args=ARGS),)


@pytest.mark.parametrize("style", [style for style in styles() if style not in ("python", "Action")])
@pytest.mark.parametrize("n", [1, 3, 1000])
def test_nothing_of_a_call_is_shown_while_it_streams(style: str, n: int) -> None:
    assert streamed(styles()[style], n).strip() in ("", "One moment.")


@pytest.mark.parametrize("style", [style for style in styles() if style != "python"])
def test_a_call_that_is_cut_off_anywhere_is_never_read_as_another(style: str) -> None:
    text = styles()[style]
    for end in range(len(text)):
        try:
            found = written_calls(text[:end], TOOLS)
        except UnreadableCallError:
            continue
        assert found is None or found.calls == (WrittenCall(tool="start_study", args=ARGS),), text[:end]


def test_several_calls_are_read_in_order() -> None:
    bodies = ['{"name": "study_status"}', '{"name": "explain_trial", "arguments": "{\\"trial\\": 3}"}']
    text = "\n".join(f"<tool_call>{body}</tool_call>" for body in bodies)
    found = written_calls(f"First. {text}", TOOLS)
    calls = (WrittenCall(tool="study_status", args={}), WrittenCall(tool="explain_trial", args={"trial": 3}))
    assert found == Written(before="First.", calls=calls)


@pytest.mark.parametrize(
    "text",
    [
        "All is well.",
        "The params {\"l2\": 60} are fine.",
        '{"name": "ease", "params": {"l2": 60}}',
        "```json\n{\"l2\": 60}\n```",
        "```python\nfor x in [1]: start_study()\n```",
        "- [a list](of links)\n- [x] done",
        "start_study(dataset=name)",
        "print(start_study())",
        "{not json",
        "[1, 2]",
        "x < y <tools",
    ],
)  # fmt: skip
@pytest.mark.parametrize("n", [1, 4, 1000])
def test_what_is_no_call_is_shown_whole(text: str, n: int) -> None:
    assert written_calls(text, TOOLS) is None
    shown = ShownText()
    parts = [shown.feed(text[i : i + n]) for i in range(0, len(text), n)]
    assert "".join([*parts, shown.finish()]) == text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('<tool_call>{"name": "study_status", "arguments": {"a": 1, "a": 2}}</tool_call>', "gives `a` twice"),
        ('<tool_call>{"name": "study_status", "arguments": [1]}</tool_call>', "arguments are no object"),
        ("<tool_call>never mind</tool_call>", "names no tool"),
        ('{"tool": "start_study", "n_trials": NaN}', "NaN is no number"),
        ("<function=study_status>\n<parameter=a>\n1\n</parameter>", "has no end"),
    ],
)
def test_what_is_meant_as_a_call_and_cannot_be_read_is_an_error(text: str, problem: str) -> None:
    with pytest.raises(UnreadableCallError, match=problem):
        written_calls(text, TOOLS)
