"""What the memory knows of how fast a model's good trials got on: asked once for each model."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from agent.studies.past_of_others import past_of_others
from agent.studies.pruners import can_prune
from agent.studies.pruners.progress import Progress, past_progress
from agent.studies.study_spec import StudySpec

if TYPE_CHECKING:
    from memory.store import TrialMemory


class RecalledProgress:
    """For the studies' trials as they train; nothing where the study's pruner does not look at the past."""

    def __init__(self, memory: "TrialMemory | None", profile: Mapping[str, float]) -> None:
        self._memory, self._profile = memory, profile
        self._known: dict[tuple[str, str], tuple[Progress, ...]] = {}

    def of(self, spec: StudySpec, model: str) -> tuple[Progress, ...]:
        """On the datasets most like this one."""
        return self.of_rule(spec.pruner, spec, model)

    def of_rule(self, pruner: str, spec: StudySpec, model: str) -> tuple[Progress, ...]:
        """The same for another pruner than the study's."""
        if pruner != "hurdle" or not can_prune(spec.goal):
            return ()
        key = model, spec.goal.primary.metric
        if key not in self._known:
            past = past_of_others(self._memory, (model,), self._profile, spec.name)
            self._known[key] = past_progress(past, model, spec.goal.primary)
        return self._known[key]
