"""The trained router: how often it is right on wording that it never saw, how sure it says it is, how quick it is."""

import json
import re
import statistics
import time
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from peft import PeftModel

from agent.llm.pilot.context import TOOLS, PilotContext
from agent.llm.pilot.network import FOLDER, merge_adapter
from agent.llm.pilot.router import Route, Router
from agent.llm.pilot.train import LABELS, Message, read_messages
from recmodels.pretrained.encoder import load_encoder

HELD_OUT = Path(__file__).with_name("held_out.jsonl")


def route_of(router: Router, message: Message) -> Route:
    known = replace(PilotContext(), last_tool=message.tool, study_state=message.state)
    return router.route(message.say, known)


def is_right(route: Route, message: Message) -> bool:
    tool, _, action = message.label.partition(":")
    return route.tool == (None if tool == "none" else tool) and (not action or route.action == action)


def words(text: str) -> str:
    return re.sub(r"[^\w@.]+", " ", text.lower()).strip(" .")


def test_no_held_out_message_was_trained_on() -> None:
    trained = {(words(message.say), message.label) for message in read_messages(FOLDER / "messages.jsonl")}
    unseen = read_messages(HELD_OUT) + read_messages(FOLDER / "calibration.jsonl")
    assert [message.say for message in unseen if (words(message.say), message.label) in trained] == []


def test_every_label_is_trained_and_held_out() -> None:
    assert {message.label for message in read_messages(FOLDER / "messages.jsonl")} == set(LABELS)
    assert {message.label for message in read_messages(HELD_OUT)} == set(LABELS)
    assert {label.partition(":")[0] for label in LABELS} == {*TOOLS, "none"}


def test_unseen_wording_is_routed_well_and_better_still_where_the_router_is_sure(router: Router) -> None:
    messages = read_messages(HELD_OUT)
    routes = [route_of(router, message) for message in messages]
    right = [is_right(route, message) for route, message in zip(routes, messages, strict=True)]
    sure = [ok for ok, route in zip(right, routes, strict=True) if route.confidence >= router.threshold]
    assert len(messages) >= 150
    assert statistics.mean(right) >= 0.90
    assert statistics.mean(sure) >= 0.95
    assert len(sure) >= 0.85 * len(messages)


@pytest.mark.parametrize(
    ("tool", "state", "say", "expected"),
    [
        ("propose_trial", "finished", "go on", "run_trial"),
        ("control_study", "paused", "go on", "control_study"),
        ("start_study", "running", "kill it", "control_study"),
        ("propose_trial", "waiting", "yes", "run_trial"),
        ("recommend_items", "finished", "and for user 9?", "recommend_items"),
        (None, None, "yes", None),
    ],
)
def test_a_follow_up_is_read_in_its_context(
    router: Router, tool: str | None, state: str | None, say: str, expected: str | None
) -> None:
    assert router.route(say, PilotContext(last_tool=tool, study_state=state)).tool == expected


def test_the_ranking_is_a_distribution_over_all_tools(router: Router) -> None:
    route = router.route("tune sasrec on demo")
    probabilities = [probability for _, probability in route.ranking]
    assert sum(probabilities) == pytest.approx(1, abs=1e-4)
    assert probabilities == sorted(probabilities, reverse=True)
    assert {tool for tool, _ in route.ranking} == {*TOOLS, None}
    assert route.confidence == probabilities[0]


@pytest.mark.parametrize("say", ["", "   ", "🙂", "a" * 20_000, "\x00", "汉" * 3000])
def test_any_text_gets_a_route(router: Router, say: str) -> None:
    assert 0 < router.route(say).confidence <= 1.0001


def test_a_message_is_routed_well_under_a_quarter_of_a_second(router: Router) -> None:
    router.route("warm up")
    times = []
    for _ in range(15):
        started = time.perf_counter()
        router.route("use ml-100k, best ndcg@10 under 5 ms, keep coverage above 0.3, one hour")
        times.append(time.perf_counter() - started)
    assert min(times) < 0.25  # some 20 ms on an idle core; the bound leaves room for a busy machine


def test_the_merged_adapter_is_what_peft_makes_of_it() -> None:
    ours, theirs = load_encoder(), load_encoder()
    merge_adapter(ours.model, FOLDER / "adapter")
    wrapped = PeftModel.from_pretrained(theirs.model, FOLDER / "adapter").eval()
    ids = torch.tensor([[101, 2175, 2006, 102]])
    with torch.inference_mode():
        expected = wrapped(input_ids=ids).last_hidden_state
        assert torch.allclose(ours.model(input_ids=ids).last_hidden_state, expected, atol=1e-3)


def test_the_packaged_adapter_is_small_and_has_its_labels() -> None:
    assert sum(path.stat().st_size for path in (FOLDER / "adapter").iterdir()) < 3_000_000
    about = json.loads((FOLDER / "labels.json").read_text(encoding="utf-8"))
    assert tuple(about["labels"]) == LABELS
    assert 0.3 <= about["threshold"] <= 0.85
