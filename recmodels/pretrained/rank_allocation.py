"""AdaLoRA's ranks: what the training loop does, beside the steps, for an encoder that carries one; nothing for others.

Source: Zhang et al. 2023, Adaptive Budget Allocation for Parameter-Efficient Fine-Tuning. No torch until it is called.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor, nn

NAME = "default"  # peft's, of the only adapter
PREFIX = "allocation."  # of its tensors in a state


def takes_ranks(model: "nn.Module | None") -> bool:
    """Whether it carries adalora, which wants to know how many steps there will be."""
    return _allocator(model) is not None


def orthogonality(model: "nn.Module | None") -> "Tensor | None":
    """What adalora adds to the loss, so that its factors stay singular vectors; None for other adapters. Scalar.

    Source: eq. 4.
    """
    import torch

    host = _allocator(model)
    if host is None:
        return None
    factors = [weight for name, weight in host.named_parameters() if ".lora_A." in name]
    factors += [weight.T for name, weight in host.named_parameters() if ".lora_B." in name]  # all (rank, width)
    eye = torch.eye(len(factors[0]), device=factors[0].device)
    distances = torch.stack([(factor @ factor.T - eye).norm() for factor in factors])
    return distances.mean() * float(host.peft_config[NAME].orth_reg_weight)


def allocate(model: "nn.Module | None", step: int, n_steps: int) -> None:
    """Let adalora take ranks from where they say little; nothing happens to other adapters.

    Called after each step of the optimizer and before the gradients are cleared. The ranks are all there for a tenth of
    the steps, then become fewer, and stay for the last three tenths. A rank that was taken remains as zeros.

    Args:
        step: From 0.
        n_steps: Of the whole run.
    """
    host = _allocator(model)
    if host is not None:
        config = host.peft_config[NAME]
        config.total_step, config.tinit, config.tfinal = n_steps, n_steps // 10, 3 * n_steps // 10
        host.update_and_allocate(step)


def allocation_state(model: "nn.Module | None") -> "dict[str, Tensor]":
    """What adalora knows of its ranks beside its weights; empty for other adapters."""
    import torch

    host = _allocator(model)
    if host is None:
        return {}
    state = {
        f"{PREFIX}{what}.{name}": tensor
        for what in ("ipt", "exp_avg_ipt", "exp_avg_unc")
        for name, tensor in getattr(host.rankallocator, what).items()
    }
    pattern = host.peft_config[NAME].rank_pattern or {}
    return state | {f"{PREFIX}pattern.{name}": torch.tensor(kept) for name, kept in pattern.items()}


def load_allocation_state(model: "nn.Module | None", state: "dict[str, Tensor]") -> None:
    """Put back what `allocation_state` gave, out of a state that may hold more."""
    host = _allocator(model)
    pattern = {}
    for full_name, tensor in state.items() if host is not None else ():
        if full_name.startswith(PREFIX):
            what, _, name = full_name.removeprefix(PREFIX).partition(".")
            if what == "pattern":
                pattern[name] = tensor.tolist()
            else:
                getattr(host.rankallocator, what)[name] = tensor.to(next(host.parameters()).device)
    if host is not None:
        host.peft_config[NAME].rank_pattern = pattern or None


def _allocator(model: Any) -> Any:
    """The `peft.AdaLoraModel` of an encoder that carries one, else None."""
    inner = getattr(model, "base_model", None)
    return inner if hasattr(inner, "rankallocator") else None
