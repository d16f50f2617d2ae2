"""What the pilot knows beside the message: the datasets, the models, the study at hand, the tool used last."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from recmodels.models import MODELS
from recmodels.search_space import Params, SearchSpace

TOOLS = (
    "list_datasets",
    "add_dataset",
    "describe_dataset",
    "recall_trials",
    "remember_lesson",
    "start_study",
    "propose_trial",
    "run_trial",
    "set_search_space",
    "control_study",
    "study_status",
    "explain_trial",
    "compare_trials",
    "parameter_importance",
    "show_tradeoffs",
    "recommend_items",
    "export_model",
)
"""Every tool the pilot can pick."""

STATES = ("queued", "running", "waiting", "paused", "stopped", "finished", "failed")


def declared_spaces() -> dict[str, SearchSpace]:
    """The search space of every model in the registry."""
    return {name: entry.space for name, entry in MODELS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class PilotContext:
    """The state of affairs when a message arrives; everything but the models may be unknown."""

    datasets: tuple[str, ...] = ()  # names in the catalogue, in the order they are listed
    models: tuple[str, ...] = tuple(MODELS)
    spaces: Mapping[str, SearchSpace] = field(default_factory=declared_spaces)
    study: str | None = None  # the study at hand
    study_state: str | None = None  # one of STATES
    study_dataset: str | None = None
    study_models: tuple[str, ...] = ()
    objective: str | None = None  # of the study, ndcg@10
    trials: tuple[int, ...] = ()  # finished trials, oldest first
    ranking: tuple[int, ...] = ()  # complete trials, best first
    params: Mapping[int, Params] = field(default_factory=dict)  # of finished trials
    trial_models: Mapping[int, str] = field(default_factory=dict)
    has_proposal: bool = False  # a proposal waits to be run
    last_tool: str | None = None  # the tool of the turn before
    last_args: Mapping[str, Any] = field(default_factory=dict)  # and its arguments
    last_dataset: str | None = None  # the dataset that was spoken of last

    @property
    def dataset_at_hand(self) -> str | None:
        """What "it" or "the data" means."""
        only = self.datasets[0] if len(self.datasets) == 1 else None
        return self.last_dataset or self.study_dataset or only


def frame(text: str, last_tool: str | None = None, state: str | None = None) -> str:
    """The message as the encoder reads it: what went before in a few words, then the message."""
    said = " ".join(text.split())[:400]
    if not last_tool and not state:
        return said
    before = (last_tool or "nothing").replace("_", " ")
    return f"after {before}, study {state or 'none'}: {said}"
