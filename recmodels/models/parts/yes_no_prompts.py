"""Prompts that ask a causal language model for yes or no, cut into pieces that are tokenised once, and packed.

A prompt is a head, what the user liked, what not, and a question for each candidate. The candidates of one history are
branches behind it, so the history is read once for all of them; several histories stand in one row of tokens, and rows
are filled alike, so nearly nothing is padding.

    G  histories     H  places of a history     C  candidates of each     S  pieces of a history and its candidates
    R  rows     L  tokens of a row
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from recmodels.data.observations import NOTHING
from recmodels.errors import SetupError
from recmodels.pretrained.causal import CausalModel

TASK = "Given the titles that a user liked and disliked, say whether the user would like one more. Answer Yes or No."
LIKED, DISLIKED, ONE_MORE, ANSWER = "\n\nLiked:", "\nDisliked:", "\nOne more:", "\nAnswer:"
ANSWERS = ("Yes", "No")
MAX_TITLE_TOKENS = 48
ROW_TOKENS = 512  # attention grows with the square of a row
_MAX_CHARACTERS = 32 * MAX_TITLE_TOKENS
_HEAD, _DISLIKED, _ONE_MORE, _TAIL = range(4)  # numbers of pieces; items follow
_FIRST_ITEM = 4
_HERE = "\u2402titles\u2402"  # stands for the titles while a chat template is filled in


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Prompts in R rows of L tokens; what is left of a row is padding, which sees only padding."""

    ids: Tensor  # (R, L) int64
    positions: Tensor  # (R, L) int64, from 0 for each history; each of its branches goes on where it ends
    is_visible: Tensor  # (R, L, L) bool: whether a token (second) may look at another of its row (third)
    last: Tensor  # (G, C) int64, the number of each prompt's last token among the R * L


class Prompts(nn.Module):
    """The pieces of all prompts about a catalogue."""

    tokens: Tensor  # (n_tokens,) int64, piece after piece
    lengths: Tensor  # (4 + n_items,) int64
    offsets: Tensor  # (4 + n_items,) int64

    def __init__(self, causal: CausalModel, texts: Sequence[str]) -> None:
        super().__init__()
        head, tail, (self.yes, self.no) = _frame(causal)
        titles = ["\n- " + " ".join(text[:_MAX_CHARACTERS].split()) for text in texts]
        inner = _tokens(causal.tokenizer, [DISLIKED, ONE_MORE, *titles])
        pieces = [head, *inner[:2], tail, *(title[:MAX_TITLE_TOKENS] for title in inner[2:])]
        lengths = torch.tensor([len(piece) for piece in pieces])
        for name, value in {
            "tokens": torch.tensor([token for piece in pieces for token in piece]),
            "lengths": lengths,
            "offsets": lengths.cumsum(0) - lengths,
        }.items():
            self.register_buffer(name, value, persistent=False)

    def history_costs(self, items: Tensor) -> Tensor:
        """Tokens of each title, 0 for `NOTHING`. Same shape."""
        return self.lengths[items.clamp(min=0) + _FIRST_ITEM].masked_fill(items == NOTHING, 0)

    def branch_costs(self, candidates: Tensor) -> Tensor:
        """Tokens of the question for each candidate. Same shape."""
        return self.history_costs(candidates) + self.lengths[_ONE_MORE] + self.lengths[_TAIL]

    def fitting(self, items: Tensor, max_tokens: int) -> Tensor:
        """Histories without their oldest items, so that any prompt has at most `max_tokens`. (G, H), oldest first.

        Raises:
            SetupError: Not even a prompt without history fits.
        """
        question = self.lengths[_ONE_MORE] + self.lengths[_TAIL] + self.lengths[_FIRST_ITEM:].max()
        room = max_tokens - int(self.fixed_cost + question)
        if room < 0:
            raise SetupError(
                f"a prompt may have {max_tokens} tokens, but one without a history has {max_tokens - room}"
            )
        tokens_from_here = self.history_costs(items).flip(1).cumsum(1).flip(1)
        return items.masked_fill(tokens_from_here > room, NOTHING)

    @property
    def fixed_cost(self) -> Tensor:
        """Tokens before the question of a history without items."""
        return self.lengths[_HEAD] + self.lengths[_DISLIKED]

    def pack(self, items: Tensor, is_liked: Tensor, candidates: Tensor) -> Packed:
        """The prompts of some histories, oldest first, (G, H) both, and the candidates of each, (G, C)."""
        history, questions = _history_pieces(items, is_liked), _question_pieces(candidates)
        pieces = torch.cat([history, questions.flatten(1)], dim=1)  # (G, S)
        lengths = self.lengths[pieces.clamp(min=0)].masked_fill(pieces == NOTHING, 0)
        before, asked = lengths[:, : history.shape[1]].sum(1), lengths[:, history.shape[1] :]  # (G,), (G, 3C)
        of_branch = asked.view(questions.shape).sum(2)  # (G, C)
        branch_starts = _starts(of_branch, dim=1)  # behind the history
        of_group = lengths.sum(1)  # (G,)
        row, start, width = _rows(of_group)
        n_rows = int(row.max()) + 1

        # of each token that is not padding, (T,)
        piece = torch.arange(pieces.numel(), device=items.device).repeat_interleave(lengths.flatten())
        place = torch.arange(len(piece), device=items.device)
        group, slot = piece // pieces.shape[1], piece % pieces.shape[1]
        in_group = place - _starts(of_group, dim=0)[group]
        branch = (slot - history.shape[1]).div(3, rounding_mode="floor").clamp(min=-1)  # -1: the history
        shift = branch_starts[group, branch.clamp(min=0)].masked_fill(branch < 0, 0)
        token = self.tokens[self.offsets[pieces.flatten()[piece]] + place - _starts(lengths.flatten(), dim=0)[piece]]
        target = row[group] * width + start[group] + in_group

        def laid(values: Tensor, padding: int) -> Tensor:
            return values.new_full((n_rows * width,), padding).index_copy(0, target, values).view(n_rows, width)

        return Packed(
            ids=laid(token, 0),
            positions=laid(in_group - shift, 0),
            is_visible=_visible(laid(group, -1), laid(branch, -1)),
            last=(row * width + start + before)[:, None] + branch_starts + of_branch - 1,
        )


def _history_pieces(items: Tensor, is_liked: Tensor) -> Tensor:
    """The numbers of the pieces before the questions, `NOTHING` between them. (G, 2 + 2H)"""
    numbers, is_there = items + _FIRST_ITEM, items != NOTHING
    liked, disliked = (torch.where(is_there & side, numbers, NOTHING) for side in (is_liked, ~is_liked))
    head, between = (torch.full_like(items[:, :1], piece) for piece in (_HEAD, _DISLIKED))
    return torch.cat([head, liked, between, disliked], dim=1)


def _question_pieces(candidates: Tensor) -> Tensor:
    """(G, C, 3)"""
    before, behind = (torch.full_like(candidates, piece) for piece in (_ONE_MORE, _TAIL))
    return torch.stack([before, candidates + _FIRST_ITEM, behind], dim=2)


def _visible(groups: Tensor, branches: Tensor) -> Tensor:
    """Whether a token may look at another: an earlier one of its group, in the history or in its own branch.

    Args:
        groups: Of each token; -1 is padding. (R, L)
        branches: Of each token; -1 is the history. (R, L)

    Returns:
        (R, L, L) bool.
    """
    place = torch.arange(groups.shape[1], device=groups.device)
    is_earlier = (groups[:, :, None] == groups[:, None, :]) & (place[:, None] >= place)
    return is_earlier & ((branches == -1)[:, None, :] | (branches[:, :, None] == branches[:, None, :]))


def _rows(lengths: Tensor) -> tuple[Tensor, Tensor, int]:
    """The row of each group and its start there, both (G,), and the longest row.

    Each row has equally many groups, about `ROW_TOKENS` in all, dealt out by length, forth and back: rows are of like
    length.
    """
    n_a_row = max(ROW_TOKENS * len(lengths) // int(lengths.sum()), 1)
    n_rows = -(-len(lengths) // n_a_row)
    order = lengths.argsort(descending=True, stable=True)
    turn = torch.arange(len(lengths), device=lengths.device)
    back, place = (turn // n_rows) % 2 == 1, turn % n_rows
    dealt = torch.where(back, n_rows - 1 - place, place)  # rows, by length
    by_row = dealt.argsort(stable=True)
    in_order = lengths[order][by_row]
    totals = torch.zeros(n_rows, dtype=lengths.dtype, device=lengths.device).index_add_(0, dealt[by_row], in_order)
    starts = _starts(in_order, dim=0) - _starts(totals, dim=0)[dealt[by_row]]
    row, start = torch.empty_like(turn), torch.empty_like(turn)
    row[order], start[order[by_row]] = dealt, starts
    return row, start, int(totals.max())


def batched(costs: Tensor, max_tokens: int) -> list[Tensor]:
    """The numbers of consecutive rows that are read together, of about `max_tokens`, at least one row in each."""
    batch = (costs.cumsum(0) - 1).div(max_tokens, rounding_mode="floor")
    sizes = torch.unique_consecutive(batch, return_counts=True)[1]
    return list(torch.split(torch.arange(len(costs), device=costs.device), sizes.tolist()))


def _starts(lengths: Tensor, dim: int) -> Tensor:
    return lengths.cumsum(dim) - lengths


def _frame(causal: CausalModel) -> tuple[list[int], list[int], tuple[int, int]]:
    """The tokens before the titles, those behind the question, and the two that begin the answers.

    Raises:
        SetupError: The tokenizer cannot tell yes from no.
    """
    tokenizer = causal.tokenizer
    is_chat = bool(getattr(tokenizer, "chat_template", None))
    before, behind = f"{TASK}{LIKED}", ANSWER
    if is_chat:
        asked = [{"role": "user", "content": f"{before}{_HERE}{behind}"}]
        filled = tokenizer.apply_chat_template(asked, tokenize=False, add_generation_prompt=True, enable_thinking=False)
        before, found, behind = filled.partition(_HERE)
        if not found:
            raise SetupError(f"the chat template of {causal.name!r} leaves out what the user says")
    head = tokenizer(before, add_special_tokens=not is_chat)["input_ids"]
    head = head[:-1] if not is_chat and head and head[-1] == tokenizer.eos_token_id else head
    yes, no = _tokens(tokenizer, [f"{behind}{'' if is_chat else ' '}{answer}" for answer in ANSWERS])
    n_common = next((i for i, (a, b) in enumerate(zip(yes, no, strict=False)) if a != b), None)
    if n_common is None:
        raise SetupError(f"the tokenizer of {causal.name!r} has no tokens that tell {' from '.join(ANSWERS)}")
    return head, yes[:n_common], (yes[n_common], no[n_common])


def _tokens(tokenizer: Any, texts: list[str]) -> list[list[int]]:
    found: list[list[int]] = tokenizer(texts, add_special_tokens=False)["input_ids"]
    return found
