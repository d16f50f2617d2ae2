"""Whatever a server does wrong, a chat turn ends with a sentence, a decision with a proposal, and no act is unasked.

`tests/benchmarks/bench_faults.py` tries every fault in every place, and in real studies.
"""

from collections.abc import Iterator
from typing import Any

import pytest

from agent.workspace import Workspace
from tests.agent.llm import fault_runs as runs
from tests.agent.llm import fault_server as faults


@pytest.fixture(scope="module")
def server() -> Iterator[Any]:
    with faults.FaultServer() as server:
        yield server


@pytest.mark.parametrize("name", faults.FAULTS)
def test_a_decision_is_made_whatever_the_server_does(server: Any, name: str) -> None:
    server.plan(then=name)
    assert runs.decision_problem(server.url, name in faults.ODD, name in faults.HANGS) is None


@pytest.mark.parametrize(
    "name",
    [
        "502 with a web page",
        "error in the stream",
        "drips comments",
        "400,000 characters",
        "cut in the middle",
        "empty answer",
        "act as text: fenced",
        "an unknown tool",
    ],
)
def test_a_turn_ends_with_a_sentence_on_what_happened(server: Any, tuned: Workspace, name: str) -> None:
    server.plan(then=name)
    assert runs.chat_problem(tuned, server.url, runs.QUESTION, None, name in faults.HANGS) is None


@pytest.mark.parametrize(
    "name",
    ["arguments cut by the length", "arguments cut without a word"],
)
def test_an_order_is_not_carried_out_with_arguments_that_were_cut_off(server: Any, tuned: Workspace, name: str) -> None:
    server.plan(then=name)
    assert runs.chat_problem(tuned, server.url, runs.ORDER, None) is None


@pytest.mark.parametrize("name", [*faults.PASSES, *faults.UNUSABLE])
def test_what_may_pass_is_asked_for_again_without_a_word(server: Any, name: str) -> None:
    server.plan(name, then="good")
    assert runs.decision_problem(server.url, is_good=True) is None
    assert server.n_asked == 2


@pytest.mark.parametrize("name", ["429 in bursts", "arguments said twice"])
def test_a_fault_that_passes_leaves_no_trace_in_the_chat(server: Any, tuned: Workspace, name: str) -> None:
    server.plan(name, then="good")
    assert runs.chat_problem(tuned, server.url, runs.QUESTION, faults.GOOD) is None
    assert server.n_asked == 2


def test_a_study_ends_without_its_model(server: Any, tuned: Workspace) -> None:
    server.plan(then="cut by the length")
    assert runs.study_problem(tuned, server.url, "faulty") is None
