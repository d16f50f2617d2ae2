"""The main facts of every tool in Chinese, for those who ask in Chinese; names, numbers and params stay as they are.

word("study_status", facts) -> str, as `agent.answers.explain.word` does in English.
"""

from collections.abc import Callable, Mapping
from typing import Any

from agent.answers import data_in_chinese as data
from agent.answers import study_in_chinese as study
from agent.answers import trials_in_chinese as trials
from agent.results.by_tool import result_of
from agent.results.result import ColumnsAsked, Failure, NotDone, Result, Unknown
from agent.results.rows import Columns, Head, OneItem, OneUser, Popular, Repeats
from agent.results.sums import Sum
from agent.results.table import TrialTable

Words = Mapping[str, Any]


def word(tool: str, found: Result | Words) -> str:
    """What `tool` found, in Chinese.

    Args:
        found: The result, or its JSON as a chat keeps it.
    """
    result = found if isinstance(found, Result) else result_of(tool, found)
    if type(result) in WORDS:
        return WORDS[type(result)](result)
    if isinstance(result, Unknown):
        return UNTYPED[tool](result.values) if tool in UNTYPED else _unknown(result)
    raise TypeError(f"{type(result).__name__} has no words")


def _unknown(found: Unknown) -> str:
    return f"结果：{'，'.join(f'{key}: {value}' for key, value in found.values.items())}"


def _failure(found: Failure) -> str:
    return f"没有执行：{found.error}"


def _columns_asked(found: ColumnsAsked) -> str:
    choices = "\n".join(f"- `{candidate}`" for candidate in found.candidates)
    return f"没有执行：{found.error}\n\n请选择：\n\n{choices}"


WORDS: Mapping[type[Result], Callable[..., str]] = {
    Failure: _failure,
    ColumnsAsked: _columns_asked,
    NotDone: _failure,
    Head: data.inspect_data,
    OneUser: data.inspect_data,
    OneItem: data.inspect_data,
    Repeats: data.inspect_data,
    Popular: data.inspect_data,
    Columns: data.columns,
    TrialTable: trials.trials,
    Sum: trials.calc,
}
"""By the class of the result."""
UNTYPED: dict[str, Callable[[Words], str]] = {
    "study_status": study.study_status,
    "start_study": study.start_study,
    "propose_trial": study.propose_trial,
    "run_trial": study.run_trial,
    "repeat_trial": study.repeat_trial,
    "control_study": study.control_study,
    "extend_study": study.extend_study,
    "set_search_space": study.set_search_space,
    "list_datasets": data.list_datasets,
    "describe_dataset": data.describe_dataset,
    "add_dataset": data.add_dataset,
    "list_studies": study.list_studies,
    "open_study": study.open_study,
    "explain_trial": trials.explain_trial,
    "compare_trials": trials.compare_trials,
    "recommend_items": trials.recommend_items,
    "export_model": trials.export_model,
    "predict": trials.predict,
    "show_space": study.show_space,
    "parameter_importance": trials.parameter_importance,
    "remember_lesson": data.remember_lesson,
    "list_lessons": data.list_lessons,
    "recall_trials": data.recall_trials,
    "confirm": study.confirm,
    "show_confirmation": study.show_confirmation,
    "undo": study.undo,
    "rename_study": study.rename_study,
    "rename_dataset": data.rename_dataset,
    "remove_dataset": data.remove_dataset,
    "delete_study": study.delete_study,
    "forget_lesson": data.forget_lesson,
    "report": study.report,
    "show_tradeoffs": trials.show_tradeoffs,
}
"""By the name of the tool."""
