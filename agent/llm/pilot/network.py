"""The network behind the router: the packaged MiniLM with the trained adapter merged into it, and a linear head."""

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

FOLDER = Path(__file__).parent


class PilotNetwork(nn.Module):
    """Mean-pooled token states through one linear layer."""

    def __init__(self, encoder: nn.Module, dimension: int, n_labels: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.head = nn.Linear(dimension, n_labels)

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Logits (B, n_labels) for token ids and their mask, both (B, L) int64."""
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state  # (B, L, d)
        mask = attention_mask.unsqueeze(-1).to(states.dtype)  # (B, L, 1)
        pooled = (states * mask).sum(dim=1) / mask.sum(dim=1)  # (B, d)
        logits: Tensor = self.head(pooled)
        return logits


@torch.no_grad()
def merge_adapter(encoder: nn.Module, folder: Path) -> None:
    """Add a LoRA adapter of the PEFT folder format to the encoder's own weights: W + alpha / r · B A.

    Done by hand because importing peft costs more than the merge; a test holds it against peft's own.
    """
    config: dict[str, Any] = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
    tensors = load_file(folder / "adapter_model.safetensors")
    scale = config["lora_alpha"] / config["r"]
    for name, down in tensors.items():
        if not name.endswith("lora_A.weight"):
            continue
        up = tensors[name.replace("lora_A", "lora_B")]
        path = name.removeprefix("base_model.model.").removesuffix(".lora_A.weight")
        layer = encoder.get_submodule(path)
        if not isinstance(layer, nn.Linear):
            raise TypeError(f"the adapter names {path}, which is no linear layer")
        layer.weight += scale * (up.float() @ down.float())


def batch_tokens(tokenizer: Any, texts: list[str], max_length: int = 96) -> tuple[Tensor, Tensor]:
    """Token ids and mask, (B, L) int64 each, padded to the longest of the batch."""
    encoded = tokenizer(texts, padding=True, truncation=True, max_length=max_length, return_tensors="pt")
    return encoded["input_ids"], encoded["attention_mask"]
