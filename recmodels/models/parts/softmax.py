"""What a state that should name one item out of the catalogue can be trained with: three losses, each a mean.

    m  states     n  items of the catalogue     s  sampled negatives, shared by all states     d  embedding_size

All take states (m, d), the item table (n or more, d) and the items that are to be named, targets (m,) int64.
"""

import math
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor
from torch.autograd.function import once_differentiable

CHUNK_LOGITS = 2**19  # logits made at once: 2 MiB, so that they stay in the cache of a CPU
CHUNK_LOGITS_GPU = 2**26


def full_softmax(states: Tensor, items: Tensor, targets: Tensor, label_smoothing: float = 0.0) -> Tensor:
    """Cross-entropy over all items. Scalar.

    The (m, n) logits never exist as a whole: each chunk's gradients are made while it is at hand. On a CPU this is
    quicker than `F.cross_entropy`, and memory does not grow with the catalogue.
    """
    loss: Tensor = _LinearCrossEntropy.apply(states, items, targets, label_smoothing)  # type: ignore[no-untyped-call]
    return loss


def sampled_softmax(
    states: Tensor,
    items: Tensor,
    targets: Tensor,
    negatives: Tensor,
    log_q: Tensor,
    label_smoothing: float = 0.0,
) -> Tensor:
    """Cross-entropy whose denominator is estimated from a few negatives. Scalar.

    Args:
        negatives: Drawn with replacement; one that is the target is left out. (s,) int64.
        log_q: The log of the probability of each to be drawn. (s,)

    Source: Bengio & Senécal 2008 (the logQ correction): so the sum over all other items is estimated without bias.
    """
    positive: Tensor = (states * F.embedding(targets, items)).sum(-1)  # (m,)
    plain = states @ F.embedding(negatives, items).T  # (m, s)
    logits = plain - (log_q + math.log(len(negatives)))
    logits = logits.masked_fill(targets[:, None] == negatives, -torch.inf)
    normaliser = torch.cat([positive[:, None], logits], dim=1).logsumexp(dim=1)  # (m,)
    wanted = positive
    if label_smoothing:
        weights = (-log_q).softmax(dim=0)  # so that the weighted mean of the negatives estimates that of all items
        wanted = (1 - label_smoothing) * positive + label_smoothing * (plain @ weights)
    return (normaliser - wanted).mean()


def gbce(
    states: Tensor, items: Tensor, targets: Tensor, negatives: Tensor, *, n_items: int, calibration: float
) -> Tensor:
    """Binary cross-entropy with the positive's probability raised to a power that undoes the sampling. Scalar.

    Scores are less log(s) before they become probabilities: so training begins at the share of positives, rather than
    with many steps in which all scores sink to it. No ranking depends on it.

    Args:
        negatives: Drawn uniformly. (s,) int64.
        calibration: t; 0 leaves plain binary cross-entropy, 1 undoes all of the overconfidence.

    Source: Petrov & Macdonald 2023, gSASRec, eq. 9 and 10.
    """
    n = len(negatives)
    rate = min(n / max(n_items - 1, 1), 1.0)  # alpha
    power = rate * (calibration * (1 - 1 / rate) + 1 / rate)  # beta
    prior = math.log(n)
    positive = (states * F.embedding(targets, items)).sum(-1) - prior  # (m,)
    others = F.softplus(states @ F.embedding(negatives, items).T - prior)  # (m, s)
    others = others.masked_fill(targets[:, None] == negatives, 0.0)
    return (power * F.softplus(-positive) + others.sum(dim=1)).mean() / (n + 1)


class _LinearCrossEntropy(torch.autograd.Function):
    """The mean cross-entropy of states @ items.T, with its gradients computed in the forward pass."""

    @staticmethod
    def forward(ctx: Any, states: Tensor, items: Tensor, targets: Tensor, label_smoothing: float) -> Tensor:
        n_states, n_items = len(states), len(items)
        chunk = max(1, (CHUNK_LOGITS_GPU if states.is_cuda else CHUNK_LOGITS) // n_items)
        is_training = any(ctx.needs_input_grad)
        in_place = states.device.type == "cpu" and not torch.is_autocast_enabled("cpu")
        place = states.new_empty(min(chunk, n_states) if in_place else 0, n_items)  # one for all: it stays cached
        loss = torch.zeros((), device=states.device)
        grad_states, grad_items = torch.empty_like(states), torch.zeros_like(items)
        for start in range(0, n_states, chunk):
            rows = slice(start, start + chunk)
            some, wanted = states[rows], targets[rows, None]  # (c, d) and (c, 1)
            logits = torch.mm(some, items.T, out=place[: len(some)]) if in_place else some @ items.T  # (c, n)
            if label_smoothing:
                mean = logits.mean(dim=1, keepdim=True, dtype=torch.float32)
                loss -= label_smoothing * (mean - logits.gather(1, wanted)).sum()
            shares = torch.softmax(logits, 1, out=logits) if in_place else F.softmax(logits, 1, dtype=torch.float32)
            log_share = shares.gather(1, wanted).clamp(min=torch.finfo(shares.dtype).tiny).log()  # of the target
            loss -= log_share.sum()
            if is_training:
                grad = shares.sub_(label_smoothing / n_items) if label_smoothing else shares  # of the logits
                grad.scatter_add_(1, wanted, torch.full_like(wanted, label_smoothing - 1, dtype=grad.dtype))
                grad_states[rows] = grad @ items
                if in_place:
                    grad_items.addmm_(grad.T, some)
                else:
                    grad_items += grad.T @ some
        ctx.save_for_backward(grad_states.div_(n_states), grad_items.div_(n_states))
        return loss / n_states

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_loss: Tensor) -> tuple[Tensor, Tensor, None, None]:
        grad_states, grad_items = ctx.saved_tensors
        return grad_loss * grad_states, grad_loss * grad_items, None, None
