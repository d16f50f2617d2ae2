"""The training command on a handful of messages: it learns them, writes what the router reads, and repeats itself."""

import dataclasses
import random
from pathlib import Path

import torch
from safetensors.torch import load_file

from agent.llm.pilot.router import Router
from agent.llm.pilot.train import LABELS, Message, Recipe, augmented, fit_temperature, fit_threshold, train

SAID = {
    "list_datasets": ["list the datasets", "which data is there", "show all data sets", "datasets please"],
    "export_model": ["export the model", "save the weights", "give me the file", "write it to disk"],
}
MESSAGES = [Message(say=say, label=label) for label, said in SAID.items() for say in said]
RECIPE = Recipe(epochs=6, batch_size=4, is_bf16=False)


def test_a_few_messages_are_learned_written_and_read_by_the_router(tmp_path: Path) -> None:
    measured = train(tmp_path, RECIPE, MESSAGES, MESSAGES)
    router = Router.load(tmp_path)
    assert measured["accuracy"] == 1.0
    assert router.route("list the datasets").tool == "list_datasets"
    assert router.route("export the model").tool == "export_model"


def test_the_same_seed_gives_the_same_head(tmp_path: Path) -> None:
    short = dataclasses.replace(RECIPE, epochs=1)
    for name in ("first", "second"):
        train(tmp_path / name, short, MESSAGES, MESSAGES)
    first, second = (load_file(tmp_path / name / "head.safetensors")["weight"] for name in ("first", "second"))
    assert torch.equal(first, second)


def test_a_message_that_leans_on_its_context_always_keeps_it() -> None:
    message = Message(say="go on", label="run_trial", tool="propose_trial", state="running", has_context=True)
    seen = {augmented(message, Recipe(typo_share=0), random.Random(seed)) for seed in range(20)}  # noqa: S311
    assert seen == {"after propose trial, study running: go on"}


def test_the_temperature_sharpens_logits_that_are_too_modest_and_softens_boastful_ones() -> None:
    targets = torch.arange(4)
    right = torch.eye(4, len(LABELS))
    assert fit_temperature(right, targets) < 1
    boastful = torch.cat([right * 20, right * 20])
    assert fit_temperature(boastful, torch.cat([targets, targets.flip(0)])) > 1


def test_the_threshold_lies_above_the_wrong_and_below_the_right() -> None:
    probabilities = torch.tensor([[0.9, 0.1], [0.9, 0.1], [0.55, 0.45], [0.55, 0.45]])
    assert fit_threshold(probabilities, torch.tensor([0, 0, 1, 1])) == 0.6
    assert fit_threshold(probabilities, torch.tensor([0, 0, 0, 0])) == 0.3
