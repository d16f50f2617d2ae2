"""One configuration of a model measured on one dataset, as a line of JSON; no value of a test part is ever in it."""

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from memory.record import ParamValue, TrialRecord

FORMAT = 1
DEVICE_BYTES = "device_bytes"  # of a record's cost: all the memory of the machine or GPU that did the work
ON_GPU = "on_gpu"  # of a record's cost: 1 where a GPU did the work
SHIPPED = "shipped"  # the proposer of a record that came with recpilot
_CRASHES = ("error", "worker_died", "interrupted")  # reasons that say nothing of the params
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredTrial:
    """What was run, and all that came of it on the validation part."""

    dataset: str
    fingerprint: str  # of the dataset's content
    profile: Mapping[str, float]
    split: str
    split_seed: int
    model: str
    configuration: int  # its number among the model's; 0 is the defaults, and i is the same on every dataset
    params: Mapping[str, ParamValue]
    seed: int
    epochs: int | None = None  # at most; None: what the model's own `epochs` says
    state: Literal["complete", "failed"]
    reason: str | None = None  # why it failed
    objective: str
    direction: Literal["maximize", "minimize"]
    value: float | None
    metrics: Mapping[str, float] = field(default_factory=dict)  # valid_ndcg@10, …, and sizes and times
    curve: tuple[float, ...] = ()  # the objective after each epoch
    best_epoch: int | None = None
    users: tuple[int, ...] = ()  # rows of the dataset's users, the same for all trials of a dataset and split
    user_values: tuple[float, ...] = ()  # ndcg@10 of each of `users` at the best epoch
    cost: Mapping[str, float] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)  # of what it was measured with, and the device
    finished_at: str = ""  # ISO 8601, UTC

    def __post_init__(self) -> None:
        tested = [name for name in self.metrics if name.startswith("test_")]
        if tested:
            raise ValueError(f"a measured trial holds no test value, got {', '.join(tested)}")

    @property
    def key(self) -> Key:
        """The same for two measurements of one thing."""
        return key_of(self.fingerprint, self.model, self.params, self.seed, self.split, self.split_seed, self.epochs)

    @property
    def id(self) -> str:
        """Of its record; a second seed of a configuration is another trial."""
        return f"{SHIPPED}/{self.dataset}/{self.model}/{self.configuration}/{self.seed}"

    @property
    def has_crashed(self) -> bool:
        """Whether it failed by a fault of the program or a killed process; such a trial is measured again."""
        return self.reason is not None and self.reason.startswith(_CRASHES)

    def to_line(self) -> str:
        """JSON without a line break."""
        return json.dumps({"format": FORMAT} | dataclasses.asdict(self), separators=(",", ":"))

    @classmethod
    def from_line(cls, line: str | bytes) -> "MeasuredTrial":
        """What `to_line` wrote; fields of later versions are left aside.

        Raises:
            ValueError: The line is cut off or holds no measured trial.
        """
        data = json.loads(line)
        if not isinstance(data, dict) or not isinstance(data.get("format"), int):
            raise ValueError("not a measured trial")
        if data["format"] > FORMAT:
            raise ValueError(f"format {data['format']} is of a later version; this one reads up to {FORMAT}")
        known = {one.name for one in dataclasses.fields(cls)}
        fields: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items() if name in known
        }
        try:
            return cls(**fields)
        except TypeError as error:
            raise ValueError(f"not a measured trial: {error}") from error

    def record(self) -> TrialRecord:
        """The trial as the memory knows trials, marked as shipped."""
        return TrialRecord(
            id=self.id,
            study=f"{SHIPPED}/{self.dataset}",
            number=self.configuration,
            dataset=self.dataset,
            profile=self.profile,
            model=self.model,
            params=self.params,
            state=self.state,
            reason=self.reason,
            objective=self.objective,
            direction=self.direction,
            value=self.value,
            metrics=self.metrics,
            curve=self.curve,
            cost={**self.cost, ON_GPU: float(self.versions.get("device", "cpu") != "cpu")},
            proposer=SHIPPED,
            seed=self.seed,
            split=self.split,
            finished_at=self.finished_at,
        )


def key_of(
    fingerprint: str,
    model: str,
    params: Mapping[str, ParamValue],
    seed: int,
    split: str,
    split_seed: int,
    epochs: int | None,
) -> Key:
    """What tells measurements apart."""
    sorted_params = json.dumps(dict(params), sort_keys=True)
    return tuple(map(str, (fingerprint, model, sorted_params, seed, split, split_seed, epochs)))
