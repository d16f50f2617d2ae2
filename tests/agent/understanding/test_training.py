"""The training command on a handful of messages: it learns them, writes what the reader loads, and repeats itself."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from peft import PeftModel
from safetensors.torch import load_file

from agent.understanding.clauses.reader import MessageReader
from agent.understanding.network.framing import FOLDER
from agent.understanding.network.inference import Network
from agent.understanding.network.labels import LABELS, MOODS, RELATIONS
from agent.understanding.network.module import ReaderNetwork, batched
from agent.understanding.network.train import Recipe, fit_temperature, is_held_out, read_messages, train
from agent.words.names import read
from recmodels.pretrained.encoder import load_encoder

SAID = {
    "list_datasets": ["list the datasets", "which data is there", "show all data sets", "datasets please", "what data"],
    "export_model": ["export the model", "save the weights", "give me the file", "write it to disk", "export it"],
}
RECIPE = Recipe(epochs=25, batch_size=4)


@pytest.fixture
def messages(tmp_path: Path) -> Path:
    rows = [
        {"say": say, "requests": [{"text": say, "tool": tool, "mood": "order", "args": {}}]}
        for tool, said in SAID.items()
        for say in said
    ]
    path = tmp_path / "messages.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_few_messages_are_learned_written_and_read(tmp_path: Path, messages: Path) -> None:
    told = read_messages(messages)
    assert any(is_held_out(message.say) for message in told), "one is left for the figures"
    train(tmp_path / "out", RECIPE, told)
    reader = MessageReader.load(tmp_path / "out")
    for tool, said in SAID.items():
        acts = reader.read(read(said[0])).whole
        assert max(acts, key=lambda label: acts[label]) == tool


def test_the_same_seed_gives_the_same_heads(tmp_path: Path, messages: Path) -> None:
    short = dataclasses.replace(RECIPE, epochs=1)
    for name in ("first", "second"):
        train(tmp_path / name, short, read_messages(messages))
    first, second = (load_file(tmp_path / name / "heads.safetensors")["acts.weight"] for name in ("first", "second"))
    assert torch.equal(first, second)


def test_a_clause_is_labelled_by_the_request_that_it_belongs_to(tmp_path: Path) -> None:
    say = "thanks a lot. pause it, and export the best"
    requests = [
        {"text": "pause it", "tool": "control_study", "mood": "order", "args": {"action": "pause"}},
        {"text": "export the best", "tool": "export_model", "mood": "later", "args": {}},
    ]
    path = tmp_path / "one.jsonl"
    path.write_text(json.dumps({"say": say, "requests": requests, "edits": True}) + "\n", encoding="utf-8")
    (message,) = read_messages(path)
    assert [LABELS[act] for act in message.acts] == ["none", "control_study:pause", "export_model"]
    assert [MOODS[mood] for mood in message.moods if mood >= 0] == ["order", "later"]
    assert RELATIONS[message.relation] == "edit"


def test_the_temperature_sharpens_logits_that_are_too_modest_and_softens_boastful_ones() -> None:
    targets = torch.arange(4)
    right = torch.eye(4, len(LABELS))
    assert fit_temperature(right, targets) < 1
    boastful = torch.cat([right * 20, right * 20])
    assert fit_temperature(boastful, torch.cat([targets, targets.flip(0)])) > 1


def test_the_network_that_reads_is_the_one_that_was_trained() -> None:
    encoder = load_encoder()
    trained = ReaderNetwork(PeftModel.from_pretrained(encoder.model, FOLDER / "adapter"), encoder.dimension).eval()
    trained.load_state_dict(load_file(FOLDER / "heads.safetensors"), strict=False)
    texts = ["after none, study running: pause it, and export", "pause it", "trials " * 300, "日本語"]
    places = [[(33, 41), (42, 52), (33, 52)], [(0, 8)], [(0, 14), (2050, 2060)], []]
    with torch.inference_mode():
        expected = trained(*batched(encoder.tokenizer, texts, places))
    for ours, theirs in zip(Network.load()(texts, places), expected, strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-5)


def test_the_packaged_network_is_small_and_has_its_labels() -> None:
    assert sum(path.stat().st_size for path in (FOLDER / "adapter").iterdir()) < 3_000_000
    about = json.loads((FOLDER / "labels.json").read_text(encoding="utf-8"))
    assert tuple(about["labels"]) == LABELS
