"""Train the pilot's adapter and head: `python -m agent.llm.pilot.train`, a few minutes on two CPU cores.

Reads messages.jsonl, sets the temperature on calibration.jsonl (wording that training never sees), and writes adapter/
(PEFT format), head.safetensors and labels.json beside itself.
"""

import argparse
import json
import logging
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model, get_peft_model_state_dict
from safetensors.torch import save_file
from torch import Tensor, nn

from agent.llm.pilot.context import TOOLS, frame
from agent.llm.pilot.network import FOLDER, PilotNetwork, batch_tokens
from recmodels.pretrained.encoder import load_encoder

LOG = logging.getLogger(__name__)
STATES = ("running", "paused", "finished", "waiting", "stopped")
WRONG_COST = 3  # of a wrong call, in questions back
ACTIONS = ("pause", "resume", "stop")
LABELS = (*(tool for tool in TOOLS if tool != "control_study"), *(f"control_study:{a}" for a in ACTIONS), "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One labelled message; `tool` and `state` are what went before it, where the label leans on that."""

    say: str
    label: str
    tool: str | None = None
    state: str | None = None
    has_context: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything the result depends on beside the messages."""

    epochs: int = 5
    batch_size: int = 32
    learning_rate: float = 1e-3
    rank: int = 16
    label_smoothing: float = 0.05
    context_share: float = 0.6  # of the messages that stand alone get a random context each epoch
    typo_share: float = 0.15  # of the messages get one typo each epoch
    is_bf16: bool = True  # the matrix products only; a third faster where the CPU has AMX
    seed: int = 0


def read_messages(path: Path) -> list[Message]:
    """The labelled messages of a JSON-lines file."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [_message(row) for row in rows]


def _message(row: dict[str, Any]) -> Message:
    label = f"control_study:{row['action']}" if row["tool"] == "control_study" else row["tool"]
    before = row.get("before")
    return Message(
        say=row["say"],
        label=label,
        tool=(before or {}).get("tool"),
        state=(before or {}).get("study"),
        has_context=before is not None,
    )


def augmented(message: Message, recipe: Recipe, rng: random.Random) -> str:
    """The message as one epoch sees it: with its context, or now and then a random one, and now and then a typo."""
    say = _typo(message.say, rng) if rng.random() < recipe.typo_share else message.say
    if message.has_context:
        return frame(say, message.tool, message.state)
    if rng.random() >= recipe.context_share:
        return frame(say)
    return frame(say, rng.choice((*TOOLS, "none", None)), rng.choice((*STATES, None)))


def _typo(text: str, rng: random.Random) -> str:
    if len(text) < 8:
        return text
    at = rng.randrange(1, len(text) - 1)
    kind = rng.choice(("drop", "swap", "double", "lower", "bare"))
    if kind == "drop":
        return text[:at] + text[at + 1 :]
    if kind == "swap":
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind == "double":
        return text[:at] + text[at] + text[at:]
    return text.lower() if kind == "lower" else text.rstrip("?.!")


def fit(network: nn.Module, tokenizer: Any, messages: Sequence[Message], recipe: Recipe) -> None:
    """Train every parameter that wants a gradient: AdamW, one cycle."""
    rng = random.Random(recipe.seed)  # noqa: S311  no secret hangs on it
    trained = [parameter for parameter in network.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=recipe.learning_rate, weight_decay=0.01)
    n_steps = recipe.epochs * -(-len(messages) // recipe.batch_size)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, max_lr=recipe.learning_rate, total_steps=n_steps, pct_start=0.1
    )
    criterion = nn.CrossEntropyLoss(label_smoothing=recipe.label_smoothing)
    network.train()
    for epoch in range(recipe.epochs):
        started, total = time.perf_counter(), 0.0
        for texts, targets in _batches(messages, recipe, rng):
            with torch.autocast("cpu", torch.bfloat16, enabled=recipe.is_bf16):
                logits = network(*batch_tokens(tokenizer, texts))
            loss = criterion(logits.float(), targets)
            loss.backward()
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad()
            total += loss.item() * len(texts)
        LOG.info("epoch %d  loss %.3f  %.0f s", epoch + 1, total / len(messages), time.perf_counter() - started)


def _batches(messages: Sequence[Message], recipe: Recipe, rng: random.Random) -> Iterator[tuple[list[str], Tensor]]:
    """Shuffled batches of messages of like length, which wastes less padding."""
    rows = [(augmented(message, recipe, rng), LABELS.index(message.label)) for message in messages]
    rng.shuffle(rows)
    pool = recipe.batch_size * 16
    batches: list[list[tuple[str, int]]] = []
    for start in range(0, len(rows), pool):
        part = sorted(rows[start : start + pool], key=lambda row: len(row[0]))
        batches += [part[at : at + recipe.batch_size] for at in range(0, len(part), recipe.batch_size)]
    rng.shuffle(batches)
    for batch in batches:
        yield [text for text, _ in batch], torch.tensor([label for _, label in batch])


@torch.no_grad()
def logits_of(network: nn.Module, tokenizer: Any, messages: Sequence[Message]) -> Tensor:
    """(n, n_labels) float32 logits of messages in their own context."""
    network.eval()
    texts = [frame(m.say, m.tool, m.state) for m in messages]
    parts = [network(*batch_tokens(tokenizer, texts[at : at + 64])) for at in range(0, len(texts), 64)]
    return torch.cat(parts)


def fit_temperature(logits: Tensor, targets: Tensor) -> float:
    """The temperature with the least negative log likelihood, of a grid from 0.25 to 4."""
    grid = [0.25 * 1.05**step for step in range(57)]
    losses = [nn.functional.cross_entropy(logits / t, targets).item() for t in grid]
    return round(grid[losses.index(min(losses))], 3)


def fit_threshold(probabilities: Tensor, targets: Tensor) -> float:
    """The confidence below which asking back costs less, 0.3 to 0.85; a wrong call costs `WRONG_COST` questions."""
    confidence, chosen = probabilities.max(dim=1)
    is_wrong = chosen != targets
    grid = [round(0.3 + 0.05 * step, 2) for step in range(12)]
    costs = [((confidence < t).sum() + WRONG_COST * (is_wrong & (confidence >= t)).sum()).item() for t in grid]
    return grid[costs.index(min(costs))]


def train(
    folder: Path, recipe: Recipe, messages: Sequence[Message], calibration: Sequence[Message]
) -> dict[str, float]:
    """Train, calibrate and write; returns what was measured on the calibration messages."""
    torch.manual_seed(recipe.seed)
    started = time.perf_counter()
    text_encoder = load_encoder()
    config = LoraConfig(
        r=recipe.rank,
        lora_alpha=2 * recipe.rank,
        lora_dropout=0.05,
        target_modules=["query", "key", "value", "dense"],
    )
    encoder = get_peft_model(text_encoder.model, config)
    network = PilotNetwork(encoder, text_encoder.dimension, len(LABELS))
    fit(network, text_encoder.tokenizer, messages, recipe)
    logits = logits_of(network, text_encoder.tokenizer, calibration)
    targets = torch.tensor([LABELS.index(m.label) for m in calibration])
    temperature = fit_temperature(logits, targets)
    threshold = fit_threshold((logits / temperature).softmax(dim=1), targets)
    _write(folder, encoder, network.head, {"labels": list(LABELS), "temperature": temperature, "threshold": threshold})
    accuracy = (logits.argmax(1) == targets).float().mean().item()
    return {
        "accuracy": accuracy,
        "temperature": temperature,
        "threshold": threshold,
        "train_s": time.perf_counter() - started,
    }


def _write(folder: Path, encoder: Any, head: nn.Linear, about: dict[str, Any]) -> None:
    """adapter/, head.safetensors and labels.json; the adapter in half precision, which changes no decision."""
    adapter = folder / "adapter"
    adapter.mkdir(parents=True, exist_ok=True)
    config = encoder.peft_config["default"]
    config.base_model_name_or_path = "sentence-transformers/all-MiniLM-L6-v2"
    config.inference_mode = True
    config.save_pretrained(adapter)
    tensors = {name: tensor.detach().half().contiguous() for name, tensor in get_peft_model_state_dict(encoder).items()}
    save_file(tensors, adapter / "adapter_model.safetensors", metadata={"format": "pt"})
    save_file({"weight": head.weight.detach(), "bias": head.bias.detach()}, folder / "head.safetensors")
    (folder / "labels.json").write_text(json.dumps(about, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Train the pilot's adapter and head.")
    parser.add_argument("--messages", type=Path, default=FOLDER / "messages.jsonl")
    parser.add_argument("--calibration", type=Path, default=FOLDER / "calibration.jsonl")
    parser.add_argument("--out", type=Path, default=FOLDER)
    parser.add_argument("--epochs", type=int, default=Recipe().epochs)
    parser.add_argument("--typo-share", type=float, default=Recipe().typo_share)
    parser.add_argument("--seed", type=int, default=Recipe().seed)
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    recipe = Recipe(epochs=given.epochs, typo_share=given.typo_share, seed=given.seed)
    measured = train(given.out, recipe, read_messages(given.messages), read_messages(given.calibration))
    LOG.info("%s", json.dumps(measured))


if __name__ == "__main__":
    main()
