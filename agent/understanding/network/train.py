"""Train the reader network: `python -m agent.understanding.network.train`, about seven minutes an epoch on two CPU cores.

Reads messages.jsonl (labelled requests) and writes adapter/ (PEFT format), heads.safetensors and labels.json next to
itself. A twelfth of the messages, chosen by their hash, is held out for the temperature and the figures that are printed.
"""

import argparse
import hashlib
import json
import logging
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from agent.understanding.clauses.clauses import clauses
from agent.understanding.network.framing import FOLDER, framed
from agent.understanding.network.labels import LABELS, MOODS, RELATIONS
from agent.understanding.network.module import Batch, Logits, ReaderNetwork, batched
from agent.words.acts import ACTS
from agent.words.chinese import gloss, is_chinese
from agent.words.names import Names, read
from recmodels.pretrained.encoder import load_encoder

LOG = logging.getLogger(__name__)
HELD_OUT = 12  # one message in so many
_UNKNOWN = -100  # a label that is not learned from


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One labelled message."""

    say: str
    places: tuple[tuple[int, int], ...]  # its clauses
    acts: tuple[int, ...]  # of each clause
    moods: tuple[int, ...]
    relation: int
    before: str | None = None
    state: str | None = None
    asked: str | None = None
    needs_context: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything the result depends on apart from the messages."""

    epochs: int = 5
    batch_size: int = 32
    learning_rate: float = 1e-3
    rank: int = 16
    label_smoothing: float = 0.05
    typo_share: float = 0.1  # of the messages get one typo each epoch
    bare_share: float = 0.2  # of the messages that stand alone are seen without what went before
    seed: int = 0
    targets: tuple[str, ...] = field(default=("query", "key", "value", "dense"))


def read_messages(path: Path) -> list[Message]:
    """The labelled messages of a JSON-lines file; `tool` instead of `requests` labels a whole message."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [message for row in rows if (message := _message(row)) is not None]


def _message(row: dict[str, Any]) -> Message | None:
    requests = row.get("requests", [])
    say = row["say"]
    spans = [(say.find(request["text"]), len(request["text"]), request) for request in requests]
    if is_chinese(say):
        pieces = [(start, size, request, gloss(say[start : start + size])) for start, size, request in spans]
        say = gloss(say)
        spans = [(say.find(text), len(text), request) for _, _, request, text in pieces]
        if any(start < 0 for start, _, _ in spans):
            if len(spans) > 1:
                return None
            spans = [(0, len(say), spans[0][2])]
    said = read(say, Names(datasets=("demo", "shop")))
    places = tuple(clauses(said)) or ((0, max(1, len(say))),)
    if row.get("whole"):  # labelled as one, whatever its clauses
        places = ((0, len(say)),)
    acts, moods = [], []
    for start, end in places:
        request = next(
            (r for at, size, r in spans if min(end, at + size) - max(start, at) >= 0.5 * (end - start)), None
        )
        acts.append(LABELS.index(_label(request)))
        moods.append(MOODS.index(request["mood"]) if request and request["tool"] in _ACTING else _UNKNOWN)
    relation = "new"
    if row.get("answers"):
        relation = "answer" if "yes" not in row else "yes" if row["yes"] else "no"
    elif row.get("edits"):
        relation = "edit"
    return Message(
        say=say,
        places=places,
        acts=tuple(acts),
        moods=tuple(moods),
        relation=_UNKNOWN if row.get("whole") else RELATIONS.index(relation),
        before=row.get("before"),
        state=row.get("state"),
        asked=row.get("asked"),
        needs_context=relation != "new" or bool(row.get("before")),
    )


_ACTING = frozenset(tool for tool, act in ACTS.items() if act.kind != "reads")


def _label(request: dict[str, Any] | None) -> str:
    if request is None:
        return "none"
    if request["tool"] == "control_study":
        return f"control_study:{request['args'].get('action', 'stop')}"
    return str(request["tool"])


def is_held_out(say: str) -> bool:
    """Whether a message is kept from training."""
    return int(hashlib.sha256(say.encode()).hexdigest(), 16) % HELD_OUT == 0


def _typo(text: str, rng: random.Random) -> str:
    """One letter that changes, the length kept so that the clauses stay in place."""
    if len(text) < 8:
        return text
    at = rng.randrange(1, len(text) - 1)
    if not (text[at].isalpha() and text[at - 1].isalpha()):
        return text
    if rng.random() < 0.5:
        return text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :]
    return text[:at] + rng.choice("abcdefghijklmnopqrstuvwxyz") + text[at + 1 :]


def as_batch(
    tokenizer: Any, messages: Sequence[Message], recipe: Recipe | None = None, rng: random.Random | None = None
) -> Batch:
    """The messages as the network takes them; with a recipe as one epoch sees them."""
    texts, places = [], []
    for message in messages:
        say, before, state, asked = message.say, message.before, message.state, message.asked
        if recipe is not None and rng is not None:
            if rng.random() < recipe.typo_share:
                say = _typo(say, rng)
            if not message.needs_context and rng.random() < recipe.bare_share:
                before = state = None
        text, lead = framed(say, before, state, asked)
        texts.append(text)
        places.append([(start + lead, end + lead) for start, end in message.places])
    return batched(tokenizer, texts, places)


def targets_of(messages: Sequence[Message]) -> tuple[Tensor, Tensor, Tensor]:
    """The labels of the clauses (two) and of the messages."""
    return (
        torch.tensor([act for message in messages for act in message.acts]),
        torch.tensor([mood for message in messages for mood in message.moods]),
        torch.tensor([message.relation for message in messages]),
    )


def fit(
    network: ReaderNetwork,
    tokenizer: Any,
    messages: Sequence[Message],
    recipe: Recipe,
    after_epoch: "Callable[[], None] | None" = None,
) -> None:
    """Train every parameter that wants a gradient: AdamW, one cycle."""
    rng = random.Random(recipe.seed)  # noqa: S311  no secret hangs on it
    trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=recipe.learning_rate, weight_decay=0.01)
    n_steps = recipe.epochs * -(-len(messages) // recipe.batch_size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=recipe.learning_rate, total_steps=n_steps, pct_start=0.1
    )
    network.train()
    for epoch in range(recipe.epochs):
        started, total = time.perf_counter(), 0.0
        for part in _batches(messages, recipe, rng):
            loss = _loss(network(*as_batch(tokenizer, part, recipe, rng)), part, recipe.label_smoothing)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total += loss.item() * len(part)
        if after_epoch is not None:
            after_epoch()
        LOG.info("epoch %d  loss %.3f  %.0f s", epoch + 1, total / len(messages), time.perf_counter() - started)


def _loss(logits: Logits, messages: Sequence[Message], smoothing: float) -> Tensor:
    acts, moods, relations = targets_of(messages)
    loss = nn.functional.cross_entropy(logits.acts, acts, label_smoothing=smoothing)
    if (moods != _UNKNOWN).any():
        loss = loss + nn.functional.cross_entropy(logits.moods, moods, ignore_index=_UNKNOWN, label_smoothing=smoothing)
    return loss + 0.5 * nn.functional.cross_entropy(logits.relations, relations, label_smoothing=smoothing)


def _batches(messages: Sequence[Message], recipe: Recipe, rng: random.Random) -> Iterator[list[Message]]:
    """Shuffled batches of messages of like length, which wastes less padding."""
    rows = list(messages)
    rng.shuffle(rows)
    pool = recipe.batch_size * 16
    batches: list[list[Message]] = []
    for start in range(0, len(rows), pool):
        part = sorted(rows[start : start + pool], key=lambda row: len(row.say))
        batches += [part[at : at + recipe.batch_size] for at in range(0, len(part), recipe.batch_size)]
    rng.shuffle(batches)
    yield from batches


@torch.no_grad()
def logits_of(network: ReaderNetwork, tokenizer: Any, messages: Sequence[Message]) -> Logits:
    """What the network says of messages in their own context."""
    network.eval()
    parts = [network(*as_batch(tokenizer, messages[at : at + 64])) for at in range(0, len(messages), 64)]
    return Logits(*(torch.cat(tensors) for tensors in zip(*parts, strict=True)))


def fit_temperature(logits: Tensor, targets: Tensor) -> float:
    """The temperature with the least negative log likelihood, of a grid from 0.25 to 4."""
    grid = [0.25 * 1.05**step for step in range(57)]
    losses = [nn.functional.cross_entropy(logits / t, targets, ignore_index=_UNKNOWN).item() for t in grid]
    return round(grid[losses.index(min(losses))], 3)


def train(folder: Path, recipe: Recipe, messages: Sequence[Message], begin: Path | None = None) -> dict[str, float]:
    """Train, calibrate and write; returns what was measured on the messages that were held out."""
    torch.manual_seed(recipe.seed)
    started = time.perf_counter()
    text_encoder = load_encoder()
    config = LoraConfig(
        r=recipe.rank, lora_alpha=2 * recipe.rank, lora_dropout=0.05, target_modules=list(recipe.targets)
    )
    encoder = get_peft_model(text_encoder.model, config)
    if begin is not None:
        set_peft_model_state_dict(encoder, load_file(begin / "adapter" / "adapter_model.safetensors"))
    network = ReaderNetwork(encoder, text_encoder.dimension)
    if begin is not None:
        heads = {name: tensor.float() for name, tensor in load_file(begin / "heads.safetensors").items()}
        network.load_state_dict(heads, strict=False)
    held_out = [message for message in messages if is_held_out(message.say)]
    about: dict[str, Any] = {"labels": list(LABELS), "moods": list(MOODS), "relations": list(RELATIONS)}
    about["temperatures"] = [1.0, 1.0, 1.0]
    fit(
        network,
        text_encoder.tokenizer,
        [m for m in messages if not is_held_out(m.say)],
        recipe,
        lambda: _write(folder, encoder, network, about),
    )
    logits, targets = logits_of(network, text_encoder.tokenizer, held_out), targets_of(held_out)
    about["temperatures"] = [fit_temperature(one, target) for one, target in zip(logits, targets, strict=True)]
    _write(folder, encoder, network, about)
    shares = [
        (one.argmax(1) == target)[target != _UNKNOWN].float().mean().item()
        for one, target in zip(logits, targets, strict=True)
    ]
    return dict(zip(("acts", "moods", "relations"), shares, strict=True)) | {"train_s": time.perf_counter() - started}


def _write(folder: Path, encoder: Any, network: ReaderNetwork, about: dict[str, Any]) -> None:
    """adapter/, heads.safetensors and labels.json, in half precision, which changes no decision."""
    adapter = folder / "adapter"
    adapter.mkdir(parents=True, exist_ok=True)
    config = encoder.peft_config["default"]
    config.base_model_name_or_path = "sentence-transformers/all-MiniLM-L6-v2"
    config.inference_mode = True
    config.save_pretrained(adapter)
    tensors = {name: tensor.detach().half().contiguous() for name, tensor in get_peft_model_state_dict(encoder).items()}
    save_file(tensors, adapter / "adapter_model.safetensors", metadata={"format": "pt"})
    heads = {
        name: tensor.detach().half() for name, tensor in network.state_dict().items() if not name.startswith("encoder.")
    }
    save_file(heads, folder / "heads.safetensors")
    (folder / "labels.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Train the network that reads messages.")
    parser.add_argument("--messages", type=Path, default=FOLDER / "messages.jsonl")
    parser.add_argument("--more", type=Path, default=None, help="further messages of the same form")
    parser.add_argument("--begin", type=Path, default=None, help="a folder whose network training goes on with")
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--epochs", type=int, default=Recipe().epochs)
    parser.add_argument("--rank", type=int, default=Recipe().rank)
    parser.add_argument("--learning-rate", type=float, default=Recipe().learning_rate)
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    recipe = Recipe(epochs=given.epochs, seed=given.seed, rank=given.rank, learning_rate=given.learning_rate)
    messages = read_messages(given.messages) + (read_messages(given.more) if given.more else [])
    LOG.info("%s", json.dumps(train(given.out, recipe, messages, given.begin)))


if __name__ == "__main__":
    main()
