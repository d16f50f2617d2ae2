"""The arguments of a request, read from its stretch of the message: `read_arguments("start_study", stretch, known)`.

Nothing is invented: what was not said is left out. Trials, studies, datasets and people that are only pointed at stay
words ("best", "other", "it"); `agent.understanding.references` finds what they stand for.
"""

from collections.abc import Callable, Mapping
from typing import Any

from agent.understanding import data_args as data
from agent.understanding import memory_args as memory
from agent.understanding import naming
from agent.understanding import output_args as output
from agent.understanding import recommend_args as recommend
from agent.understanding import space_args as space
from agent.understanding import study_args as study
from agent.understanding import trial_args as trial
from agent.understanding.edits import edited
from agent.understanding.known import Known
from agent.understanding.stretch import Stretch
from agent.understanding.study_words import about_study

Args = dict[str, Any]
Reader = Callable[[Stretch, Known], Args]

_READERS: Mapping[str, Reader] = {
    "add_dataset": data.add_dataset,
    "describe_dataset": data.describe_dataset,
    "inspect_data": data.inspect_data,
    "rename_dataset": naming.rename_dataset,
    "remove_dataset": data.describe_dataset,
    "recall_trials": memory.recall_trials,
    "remember_lesson": memory.remember_lesson,
    "forget_lesson": memory.forget_lesson,
    "start_study": study.start_study,
    "extend_study": study.extend_study,
    "open_study": naming.open_study,
    "rename_study": naming.rename_study,
    "delete_study": naming.open_study,
    "import_trials": naming.import_trials,
    "propose_trial": memory.propose_trial,
    "show_space": space.show_space,
    "explain_trial": trial.explain_trial,
    "compare_trials": trial.compare_trials,
    "trials": output.trials,
    "show_tradeoffs": output.show_tradeoffs,
    "calc": memory.calc,
    "confirm": trial.confirm,
    "export_model": output.export_model,
}
"""Tools without arguments of their own take a study."""
_SEVERAL: Mapping[str, Callable[[Stretch, Known], list[Args]]] = {
    "set_search_space": space.set_search_space,
    "recommend_items": recommend.recommend_items,
    "run_trial": trial.params_trials,
    "predict": trial.params_trials,
    "repeat_trial": trial.repeat_trials,
}
"""Those of which one clause can ask for several calls: a param, a person, a value or a seed each."""


def read_arguments(tool: str, stretch: Stretch, known: Known, *, is_edit: bool = False) -> list[Args]:
    """The arguments of each call that the stretch asks for: several for params to change, people, values and seeds.

    Args:
        is_edit: The stretch changes an earlier request or answers a question about it: a bare value ("0.05", "maria")
            is of the tool's main argument, and what is taken back ("without the time limit") is None.
    """
    calls = _SEVERAL[tool](stretch, known) if tool in _SEVERAL else [_READERS.get(tool, about_study)(stretch, known)]
    return [edited(tool, args, stretch) for args in calls] if is_edit and tool != "set_search_space" else calls
