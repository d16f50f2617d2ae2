"""The main facts of every tool in Chinese, for those who ask in Chinese; names, numbers and params stay as they are.

word("study_status", facts) -> str, as `agent.answers.explain.word` does in English.
"""

from collections.abc import Callable, Mapping
from typing import Any

from agent.answers import data_in_chinese as data
from agent.answers import study_in_chinese as study
from agent.answers import trials_in_chinese as trials

Words = Mapping[str, Any]


def word(tool: str, facts: Words) -> str:
    """The facts of `tool` in Chinese."""
    if "error" in facts:
        return _error(facts)
    if tool in WORDS:
        return WORDS[tool](facts)
    return f"结果：{'，'.join(f'{key}: {value}' for key, value in facts.items())}"


def _error(facts: Words) -> str:
    choices = "\n".join(f"- `{candidate}`" for candidate in facts.get("candidates", ()))
    return f"没有执行：{facts['error']}" + (f"\n\n请选择：\n\n{choices}" if choices else "")


WORDS: dict[str, Callable[[Words], str]] = {
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
    "inspect_data": data.inspect_data,
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
    "trials": trials.trials,
    "show_tradeoffs": trials.show_tradeoffs,
    "calc": trials.calc,
}
"""By the name of the tool."""
