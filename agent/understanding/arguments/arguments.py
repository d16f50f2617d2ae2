"""The arguments of a request, read from its stretch of the message: `read_arguments("start_study", stretch, known)`.

Nothing is invented: what was not said is left out. Trials, studies, datasets and people that are only pointed at stay
words ("best", "other", "it"); `agent.understanding.names.references` finds what they stand for.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from agent.understanding.arguments import data_args as data
from agent.understanding.arguments import memory_args as memory
from agent.understanding.arguments import output_args as output
from agent.understanding.arguments import recommend_args as recommend
from agent.understanding.arguments import space_args as space
from agent.understanding.arguments import study_args as study
from agent.understanding.arguments import trial_args as trial
from agent.understanding.arguments.edits import edited
from agent.understanding.arguments.study_words import steered_study, whole_study
from agent.understanding.arguments.trial_lists import trials_listed
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.known import Known
from agent.understanding.names import naming
from agent.words.said import Span

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
    "undo": naming.undo,
}
"""Tools without arguments of their own take a study: `whole_study`."""
_SEVERAL: Mapping[str, Callable[[Stretch, Known], list[Args]]] = {
    "set_search_space": space.set_search_space,
    "recommend_items": recommend.recommend_items,
    "run_trial": trial.params_trials,
    "predict": trial.params_trials,
    "repeat_trial": trial.repeat_trials,
}
"""Those of which one clause can ask for several calls: a param, a person, a value or a seed each."""


_EACH: Mapping[str, tuple[str, str]] = {
    "export_model": ("trial", "trial"),
    "explain_trial": ("trial", "trial"),
    "describe_dataset": ("dataset", "dataset"),
    "remove_dataset": ("dataset", "dataset"),
    "add_dataset": ("path", "path"),
    "delete_study": ("study", "study"),
    "confirm": ("study", "study"),
    "control_study": ("study", "study"),
}
"""Those that are called once for each of a list, with the argument and the kind of name: "export trials 1 and 3"."""
_LIST = re.compile(r"\s*(?:,|;|and|&|\+|as\s+well\s+as|then|和|、|stud(?:y|ies)|data\s?sets?|\s)+\s*", re.IGNORECASE)


def _listed(tool: str, stretch: Stretch, known: Known) -> tuple[Sequence[Any], Sequence[Span]]:
    """What the longest list of the kind that the tool takes one of names, and its words; empty where there is no list."""
    kind = _EACH[tool][1] if tool in _EACH else ""
    if kind == "trial":
        found = trials_listed(stretch, known)
        return found.trials, found.spans
    lists: list[list[Span]] = []
    for span in stretch.spans(kind):
        before = lists[-1][-1] if lists else None
        if before is not None and _LIST.fullmatch(stretch.said.marked[before.end : span.start]):
            lists[-1].append(span)
        else:
            lists.append([span])
    longest = max(lists, key=len, default=[])
    return (list(dict.fromkeys(span.value for span in longest)), longest) if len(longest) > 1 else ([], [])


def _each(tool: str, args: Args, stretch: Stretch, names: Sequence[Any], spans: Sequence[Span]) -> list[Args]:
    """One call for each name of the list that the call's own is of."""
    name = _EACH[tool][0] if names else ""
    is_group = name == "trial" and args.get(name) in (None, "best", "last", "first", "worst")
    if not names or (args.get(name) not in names and not is_group):
        return [args]
    stretch.use(*spans)
    return [args | {name: one} for one in names]


def steering(stretch: Stretch, known: Known) -> list[Args]:
    """The study of each call that pauses, resumes or stops one."""
    names, spans = _listed("control_study", stretch, known)
    return _each("control_study", steered_study(stretch, known), stretch, names, spans)


def read_arguments(tool: str, stretch: Stretch, known: Known, *, is_edit: bool = False) -> list[Args]:
    """The arguments of each call that the stretch asks for: several for params to change, people, values and seeds.

    Args:
        is_edit: The stretch changes an earlier request or answers a question about it: a bare value ("0.05", "maria")
            is of the tool's main argument, and what is taken back ("without the time limit") is None.
    """
    if tool in _SEVERAL:
        calls = _SEVERAL[tool](stretch, known)
    else:
        names, spans = _listed(tool, stretch, known)
        calls = _each(tool, _READERS.get(tool, whole_study)(stretch, known), stretch, names, spans)
    return [edited(tool, args, stretch) for args in calls] if is_edit and tool != "set_search_space" else calls
