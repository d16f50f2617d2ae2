"""Adapters on a pretrained encoder: params → PEFT config → wrapped encoder, of which only the adapter trains.

Kinds: lora, dora and rslora (low-rank updates), adalora (low-rank updates whose ranks are taken from where they say
little), ia3 (learned scales), prefix (learned keys and values before each text), full (all layers themselves; the word
vectors stay), frozen (nothing). Reading the params imports neither torch nor peft.
"""

import math
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from recmodels.errors import SetupError
from recmodels.pretrained.rank_allocation import NAME, takes_ranks
from recmodels.search_space import Choice, Float, Int, Param, Params, When

if TYPE_CHECKING:
    from torch import nn

LOW_RANK = ("lora", "dora", "rslora", "adalora")
MODULE_KINDS = (*LOW_RANK, "ia3")  # sit on modules of some layers
PEFT_KINDS = (*MODULE_KINDS, "prefix")
TRAINED_KINDS = (*PEFT_KINDS, "full")
KINDS = (*TRAINED_KINDS, "frozen")
TARGETS = ("query+value", "attention", "attention+mlp", "all-linear")
ADAPTER_FOLDER = "adapter"
PREFIX_STD = 0.02  # of a new prefix; peft's own 1 drowns the text
FIRST_RANKS = 1.5  # adalora begins with so many times the rank that it ends with, as its paper does with 12 and 8

ADAPTER_PARAMS: dict[str, Param] = {
    "adapter": Choice(KINDS, default="lora"),
    "adapter_rank": Int(1, 64, default=8, log=True, when=When(name="adapter", values=LOW_RANK)),
    "adapter_alpha": Int(1, 128, default=16, log=True, when=When(name="adapter", values=LOW_RANK)),
    "adapter_dropout": Float(0.0, 0.5, default=0.05, when=When(name="adapter", values=LOW_RANK)),
    "adapter_targets": Choice(TARGETS, default="attention", when=When(name="adapter", values=MODULE_KINDS)),
    "adapter_layers": Int(1, 6, default=1, when=When(name="adapter", values=MODULE_KINDS)),  # the last ones
    "adapter_prefix_length": Int(1, 64, default=8, log=True, when=When(name="adapter", values=("prefix",))),  # tokens
    "adapter_learning_rate": Float(1e-5, 1e-2, default=5e-4, log=True, when=When(name="adapter", values=TRAINED_KINDS)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AdapterConfig:
    """What is attached to an encoder, and where."""

    kind: str = "lora"
    rank: int = 8
    alpha: int = 16
    dropout: float = 0.0
    targets: str = "attention"
    n_layers: int | None = 2  # the last layers of the encoder, the ones below stay as they are; None: all
    prefix_length: int = 8  # of every layer
    task: str = "FEATURE_EXTRACTION"  # or CAUSAL_LM: what `PeftModel.from_pretrained` makes of the folder

    @classmethod
    def from_params(cls, params: Params) -> "AdapterConfig":
        """From the params `adapter` and `adapter_*`; those that do not apply to the kind may be absent.

        Checkpoints say `adapter_layers` of `full` too where they were written when it trained the last layers alone.
        """
        kind, n_layers = str(params["adapter"]), params.get("adapter_layers")
        if n_layers is None and kind != "full":
            n_layers = 2
        return cls(
            kind=kind,
            rank=int(params.get("adapter_rank", 8)),
            alpha=int(params.get("adapter_alpha", 16)),
            dropout=float(params.get("adapter_dropout", 0.0)),
            targets=str(params.get("adapter_targets", "attention")),
            n_layers=None if n_layers is None else int(n_layers),
            prefix_length=int(params.get("adapter_prefix_length", 8)),
        )


def attach(model: "nn.Module", config: AdapterConfig, base_name: str = "") -> "nn.Module":
    """`model` with the adapter in it; only the adapter's weights (for "full": the layers) require gradients.

    The encoder is changed in place. `base_name` is written into a saved adapter, for those who load it elsewhere.

    Raises:
        SetupError: The encoder has no stack of layers, or none of the wanted modules.
    """
    model.requires_grad_(False)
    if config.kind in PEFT_KINDS:
        return _wrapped(model, peft_config(model, config), base_name)
    if config.kind == "full":
        layers_of(model)[first_trained(model, config) :].requires_grad_(True)
    return model


def peft_config(model: "nn.Module", config: AdapterConfig) -> Any:
    """The `peft.PeftConfig` of a kind in `PEFT_KINDS`, with the target modules of this encoder by their full names."""
    import peft

    if config.kind == "prefix":
        return peft.PrefixTuningConfig(task_type=peft.TaskType(config.task), num_virtual_tokens=config.prefix_length)
    names = target_modules(model, config)
    common: dict[str, Any] = {"task_type": peft.TaskType(config.task), "target_modules": _any_of(names)}
    common["fan_in_fan_out"] = any(_is_turned(model.get_submodule(name)) for name in names)
    if config.kind == "ia3":
        return peft.IA3Config(
            **common, feedforward_modules=_any_of([name for name in names if not _is_attention(name)])
        )
    common |= {"lora_alpha": config.alpha, "lora_dropout": config.dropout}
    if config.kind == "adalora":
        first = math.ceil(FIRST_RANKS * config.rank)
        return peft.AdaLoraConfig(**common, target_r=config.rank, init_r=first, total_step=1)  # see `allocate`
    return peft.LoraConfig(
        **common,
        r=config.rank,
        use_dora=config.kind == "dora",
        use_rslora=config.kind == "rslora",
    )


def target_modules(model: "nn.Module", config: AdapterConfig) -> list[str]:
    """Full names of the linear modules in the last layers that the adapter sits on.

    Raises:
        SetupError: The encoder has none of that sort.
    """
    prefix, layers = _stack(model)
    names = [
        f"{prefix}.{number}.{name}"
        for number, layer in list(enumerate(layers))[first_trained(model, config) :]
        for name, module in layer.named_modules()
        if _is_linear(module) and _is_target(f"{prefix}.{number}.{name}", config.targets)
    ]
    if not names:
        raise SetupError(f"the encoder {type(model).__name__} has no modules for adapter_targets={config.targets!r}")
    return names


def layers_of(model: "nn.Module") -> "nn.ModuleList":
    """The encoder's stack of transformer layers, first to last; of a PEFT-wrapped encoder too.

    Raises:
        SetupError: There is none.
    """
    return _stack(model)[1]


def first_trained(model: "nn.Module", config: AdapterConfig) -> int:
    """The number of the lowest layer that the adapter sits on; 0 where it sits on all.

    Raises:
        SetupError: The encoder has no stack of layers.
    """
    n = len(layers_of(model))
    return 0 if config.n_layers is None else max(n - config.n_layers, 0)


def trainable_share(model: "nn.Module") -> float:
    """Trainable numbers over all numbers, in [0, 1]."""
    sizes = [(weight.numel(), weight.requires_grad) for weight in model.parameters()]
    return sum(size for size, trains in sizes if trains) / max(sum(size for size, _ in sizes), 1)


def is_adapter_weight(name: str) -> bool:
    """Whether a parameter's name says that PEFT added it."""
    return ".lora_" in name or ".ia3_" in name or ".prompt_encoder." in f".{name}"


def save_adapter(model: Any, folder: Path) -> None:
    """Write a PEFT folder, which `peft.PeftModel.from_pretrained(encoder, folder)` reads."""
    if takes_ranks(model):
        model.peft_config[NAME].rank_pattern = None  # peft would leave out ranks by the last step, not the best epoch's
    # "auto" would ask the hub for the base model's vocabulary
    model.save_pretrained(str(folder), safe_serialization=True, save_embedding_layers=False)


def load_adapter(model: Any, folder: Path) -> None:
    """Read a PEFT folder into an encoder that carries the same adapter.

    Raises:
        SetupError: The folder holds no adapter, or one of another shape.
    """
    import peft
    from safetensors.torch import load_file

    path = folder / "adapter_model.safetensors"
    if not path.is_file():
        raise SetupError(f"{folder} holds no adapter: it has no file {path.name}")
    saved, has_prefix = load_file(path), _has_prefix(model)
    if ("prompt_embeddings" in saved) != has_prefix:
        raise SetupError(f"the adapter in {folder} does not fit: only one of the two is a prefix")
    try:
        result: Any = peft.set_peft_model_state_dict(model, saved)
    except RuntimeError as error:
        raise SetupError(f"the adapter in {folder} has other shapes than the model's params say") from error
    missing = [name for name in result.missing_keys if is_adapter_weight(name)]
    if (missing or result.unexpected_keys) and not has_prefix:  # which peft loads by itself, and calls missing
        raise SetupError(f"the adapter in {folder} does not fit: {len(missing)} weights are missing")


def _wrapped(model: Any, config: Any, base_name: str) -> "nn.Module":
    import peft
    from torch import nn

    with warnings.catch_warnings():
        # peft 0.21 asks transformers 5 by a deprecated name
        warnings.filterwarnings("ignore", message=".*is_gradient_checkpointing", category=FutureWarning)
        wrapped: nn.Module = peft.get_peft_model(model, config)
    config.base_model_name_or_path = base_name  # peft puts this machine's path there
    for name, weight in wrapped.named_parameters():
        if "prompt_encoder." in name:
            nn.init.normal_(weight, std=PREFIX_STD)
    return wrapped


def _has_prefix(model: Any) -> bool:
    return bool(model.peft_config[NAME].is_prompt_learning)


def _any_of(names: list[str]) -> str:
    """A pattern for exactly these modules; PEFT shortens long lists of names, which may then match others."""
    return "|".join(map(re.escape, names)) or "(?!)"


def _stack(model: Any) -> "tuple[str, nn.ModuleList]":
    """Name (within the bare encoder) and module of the list of transformer layers."""
    from torch import nn

    bare = model.get_base_model() if hasattr(model, "peft_config") else model
    depth = bare.config.num_hidden_layers
    for name, module in bare.named_modules():
        if isinstance(module, nn.ModuleList) and len(module) == depth:
            return name, module
    raise SetupError(f"the encoder {type(bare).__name__} has no list of {depth} layers to put an adapter on")


def _is_linear(module: "nn.Module") -> bool:
    from torch import nn

    return isinstance(module, nn.Linear) or _is_turned(module)


def _is_turned(module: "nn.Module") -> bool:
    """Whether it is the linear layer of GPT-2, whose weights lie as (in, out)."""
    from transformers.pytorch_utils import Conv1D

    return isinstance(module, Conv1D)


def _is_attention(name: str) -> bool:
    return "attn" in name or "attention" in name


def _is_target(name: str, targets: str) -> bool:
    last = name.rpartition(".")[2].lower()
    if targets == "query+value":
        return _is_attention(name) and any(
            last.startswith(part) for part in ("q", "v", "wqkv", "c_attn")
        )  # the last two hold the keys, too
    if targets == "attention+mlp":
        return last not in ("router", "gate")  # which of several experts reads on
    return targets == "all-linear" or _is_attention(name)
