"""Which params a failure speaks of: what makes a model larger, slower or less stable."""

from collections.abc import Mapping

from memory.content import Condition
from memory.record import ParamValue, TrialRecord

FAILURES = {
    "diverged": "diverged",
    "out_of_memory": "ran out of memory",
    "time_limit": "ran into its time limit",
    "worker_died": "killed its worker process",
}
"""How a trial breaks because of its params, in words."""
SIZED = ("out_of_memory", "time_limit", "worker_died")
"""Failures that come with size: what broke on a dataset breaks on a larger one too."""
_SIZES = (
    "embedding_size",
    "hidden_size",
    "n_layers",
    "n_cross_layers",
    "cross_rank",
    "n_neighbors",
    "n_negatives",
    "max_length",
    "history_length",
    "prompt_tokens",
    "candidates",
    "adapter_rank",
)
_AT_ONCE = ("batch_size", "batch_tokens")  # more at once takes more memory and less time
_STEPS = ("learning_rate", "adapter_learning_rate")


def failure_of(record: TrialRecord) -> str | None:
    """A key of `FAILURES`; None where the trial did not fail, or not by its params."""
    kind = (record.reason or "").partition(":")[0]
    return kind if record.state == "failed" and kind in FAILURES else None


def blamed(failure: str) -> tuple[str, ...]:
    """The params of which more makes such a failure likelier."""
    if failure == "diverged":
        return _STEPS
    return (*_SIZES, "epochs") if failure == "time_limit" else (*_SIZES, *_AT_ONCE)


def as_large(failure: str, params: Mapping[str, ParamValue]) -> tuple[Condition, ...]:
    """Params that are at least as large as these, in all that may be to blame."""
    return tuple(
        Condition(param=name, low=value)
        for name in blamed(failure)
        if isinstance(value := params.get(name), int | float) and not isinstance(value, bool)
    )
