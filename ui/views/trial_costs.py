"""What a trial cost, and what is left of it on disk."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from agent.advisor.trial_times import whole_s
from agent.answers.wording import duration, number, size
from memory.record import TrialRecord
from recmodels.outside import visible

_ADAPTER = "adapter"  # its folder next to the weights


def costs_of(record: TrialRecord) -> Sequence[tuple[str, str]]:
    """Time, epochs, memory and size, as far as they were measured."""
    cost = record.cost
    on = "GPU" if cost.get("on_gpu") else "CPU"
    rows = [
        ("Training", duration(cost["train_s"]) + f" on a {on}" if "train_s" in cost else ""),
        ("With loading and measuring", duration(whole_s(record)) if "total_s" in cost else ""),
        ("Epochs", _epochs(record)),
        ("Parameters", number(cost["n_parameters"]) if "n_parameters" in cost else ""),
        ("Trained of them", f"{100 * cost['trainable_share']:.3g} %" if cost.get("trainable_share", 1.0) < 1 else ""),
        ("Weights", size(cost["weights_bytes"]) if "weights_bytes" in cost else ""),
        ("Peak memory", size(cost["peak_memory_bytes"]) if cost.get("peak_memory_bytes") else ""),
        ("Latency of a list", f"{number(cost['latency_ms'])} ms" if "latency_ms" in cost else ""),
        ("Started", _to_the_second(record.started_at)),
        ("Ended", _to_the_second(record.finished_at)),
        ("Seed", str(record.seed)),
    ]
    return [(name, says) for name, says in rows if says]


def _to_the_second(moment: str) -> str:
    """`2026-01-31 12:00:00 UTC`."""
    return re.sub(r"\.\d+", "", moment).replace("T", " ").replace("+00:00", " UTC")


def _epochs(record: TrialRecord) -> str:
    if "epochs" not in record.cost:
        return ""
    each = f", {duration(record.cost['epoch_s'])} each" if record.cost.get("epoch_s") else ""
    most = record.params.get("epochs")
    of = f" of at most {number(most)}" if isinstance(most, int | float) and not isinstance(most, bool) else ""
    return f"{number(record.cost['epochs'])}{of}{each}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What can be taken away of a trial."""

    place: str  # the folder on the machine that trained it
    has_weights: bool
    has_adapter: bool
    missing: str = ""  # why there is nothing to take


def files_of(record: TrialRecord) -> Files:
    """The folder of its weights, as it is on disk now."""
    if record.checkpoint is None:
        why = "No weights are kept of a trial that did not come to its end."
        return Files(place="", has_weights=False, has_adapter=False, missing=why)
    folder = Path(record.checkpoint)
    if not folder.is_dir():
        why = "Its weights are gone from that folder; the command trains it again."
        return Files(place=visible(str(folder)), has_weights=False, has_adapter=False, missing=why)
    return Files(place=visible(str(folder)), has_weights=True, has_adapter=(folder / _ADAPTER).is_dir())
