"""The network in torch, as it is trained: an encoder, and linear heads over clauses and messages.

Messages are read with the same network in numpy, agent.understanding.network.inference.
"""

from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from agent.understanding.network.framing import MAX_TOKENS, inside
from agent.understanding.network.labels import LABELS, MOODS, RELATIONS


class Logits(NamedTuple):
    """What the heads say."""

    acts: Tensor  # (n_clauses, n_labels)
    moods: Tensor  # (n_clauses, n_moods)
    relations: Tensor  # (n_messages, n_relations)


class ReaderNetwork(nn.Module):
    """Token states averaged over each clause, each with the average of its message, through linear heads."""

    def __init__(self, encoder: nn.Module, dimension: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.acts = nn.Linear(2 * dimension, len(LABELS))
        self.moods = nn.Linear(2 * dimension, len(MOODS))
        self.relations = nn.Linear(dimension, len(RELATIONS))

    def forward(self, input_ids: Tensor, attention_mask: Tensor, clause_mask: Tensor, message_of: Tensor) -> Logits:
        """
        Args:
            input_ids, attention_mask: (B, L) int64.
            clause_mask: (n_clauses, L) float32, 1 where a token belongs to the clause.
            message_of: (n_clauses,) int64, the row of each clause's message.
        """
        states = self.encoder(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state  # (B, L, d)
        mask = attention_mask.unsqueeze(-1).to(states.dtype)
        whole = (states * mask).sum(dim=1) / mask.sum(dim=1)  # (B, d)
        weight = clause_mask / clause_mask.sum(dim=1, keepdim=True).clamp(min=1.0)  # (n, L)
        clause = torch.einsum("nl,nld->nd", weight.to(states.dtype), states[message_of])  # (n, d)
        both = torch.cat([clause, whole[message_of]], dim=1)  # (n, 2d)
        return Logits(self.acts(both), self.moods(both), self.relations(whole))


class Batch(NamedTuple):
    """Messages as the network takes them."""

    input_ids: Tensor
    attention_mask: Tensor
    clause_mask: Tensor
    message_of: Tensor


def batched(
    tokenizer: Any, texts: list[str], clauses: list[list[tuple[int, int]]], max_tokens: int = MAX_TOKENS
) -> Batch:
    """Token ids with the mask of each clause; `clauses` are places (start, end) in the texts."""
    encoded = tokenizer(
        texts, padding=True, truncation=True, max_length=max_tokens, return_tensors="pt", return_offsets_mapping=True
    )
    offsets = encoded["offset_mapping"]  # (B, L, 2)
    masks: list[Tensor] = []
    rows: list[int] = []
    for row, places in enumerate(clauses):
        starts, ends = offsets[row, :, 0], offsets[row, :, 1]
        for start, end in places:
            masks.append(inside(starts, ends, start, end).float())
            rows.append(row)
    clause_mask = torch.stack(masks) if masks else torch.zeros((0, offsets.shape[1]))
    return Batch(encoded["input_ids"], encoded["attention_mask"], clause_mask, torch.tensor(rows, dtype=torch.long))
