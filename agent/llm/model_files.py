"""A folder or a hub id -> model and tokenizer; safetensors only, no foreign code, one sentence for what goes wrong."""

import importlib.util
from pathlib import Path
from typing import Any

from agent.errors import SetupError
from recmodels.pretrained.loading import check_tokenizer, without_progress_bars

_HALF_PRECISION = ("amx_bf16", "avx512_bf16", "avx_ne_convert", "bf16")  # as torch calls what a CPU can do
_SHARE = 0.5  # of the memory that is free, which weights in float32 may take


def load_model(name_or_path: str, device: str = "auto", load_in_4bit: bool = False) -> tuple[Any, Any]:
    """The causal language model, ready to answer, and its tokenizer.

    Raises:
        SetupError: Nothing usable is there, no chat template, or what 4 bits need is missing.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    options: dict[str, Any] = {"dtype": "auto", "use_safetensors": True, "trust_remote_code": False}
    on_gpu = device.startswith("cuda") or (device == "auto" and torch.cuda.is_available())
    if load_in_4bit:
        options["quantization_config"] = _four_bits()
    if on_gpu:
        options["device_map"] = "auto" if device == "auto" else {"": device}
    try:
        with without_progress_bars():
            tokenizer = AutoTokenizer.from_pretrained(name_or_path, trust_remote_code=False)
            model: Any = AutoModelForCausalLM.from_pretrained(name_or_path, **options)
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise SetupError(_sentence(name_or_path, error)) from error
    check_tokenizer("language model", name_or_path, tokenizer, model)
    if not tokenizer.chat_template:
        raise SetupError(f"`{name_or_path}` has no chat template: choose an instruction-tuned (chat) model")
    if not on_gpu:
        model = _as_fast_as_it_fits(model) if device in ("auto", "cpu") else model.to(device)
    return model.eval(), tokenizer


def _as_fast_as_it_fits(model: Any) -> Any:
    """In float32, should the CPU have no instructions for half precision and the memory room.

    On such a CPU a prompt is read four times as fast as in bfloat16.
    """
    import psutil  # type: ignore[import-untyped]
    import torch

    known = torch.cpu.get_capabilities()
    n_bytes = sum(4 * weight.numel() for weight in model.parameters())
    if any(known.get(name) for name in _HALF_PRECISION) or n_bytes > psutil.virtual_memory().available * _SHARE:
        return model
    return model.float()


def _four_bits() -> Any:
    import torch
    import transformers

    if importlib.util.find_spec("bitsandbytes") is None:
        raise SetupError("4-bit weights need bitsandbytes: run `pip install 'recpilot[gpu]'` or drop the 4-bit setting")
    if not torch.cuda.is_available():
        raise SetupError("4-bit weights need a CUDA device and this machine has none: drop the 4-bit setting")
    config: Any = transformers.BitsAndBytesConfig
    return config(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_compute_dtype=torch.bfloat16,
        bnb_4bit_use_double_quant=True,
    )


def _sentence(name_or_path: str, error: Exception) -> str:
    reason = " ".join(str(error).split())[:200]
    if Path(name_or_path).is_dir():
        return (
            f"`{name_or_path}` cannot be read as a causal language model (config.json, tokenizer.json and "
            f"model.safetensors are needed, code of the model's own is not run): {reason}"
        )
    return (
        f"`{name_or_path}` is neither a folder here nor a model that this machine can get: check the name, or download "
        f"it with `hf download {name_or_path}`: {reason}"
    )


def end_ids(model: Any, tokenizer: Any) -> tuple[int, ...]:
    """The tokens that end a turn: the model's own list and the tokenizer's."""
    own = model.generation_config.eos_token_id
    listed = [own] if isinstance(own, int) else list(own or ())
    return tuple(dict.fromkeys([*listed, *([tokenizer.eos_token_id] if tokenizer.eos_token_id is not None else [])]))
