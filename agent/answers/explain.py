"""The facts of every tool in words: short Markdown that leads with the answer, with tables where people would look.

word("study_status", facts) -> str. The pilot answers with it; it also stands in where a language model failed.
"""

from collections.abc import Callable, Mapping
from typing import Any

from agent.answers import (
    explain_confirmation,
    explain_data,
    explain_memory,
    explain_questions,
    explain_shelf,
    explain_study,
    explain_trials,
)
from agent.answers.wording import count, number, percent, sentence, table, unquoted
from agent.results.by_tool import result_of
from agent.results.result import ColumnsAsked, Failure, NotDone, Result, Unknown
from agent.results.rows import Columns, Head, OneItem, OneUser, Popular, Repeats
from agent.results.sums import Sum
from agent.results.table import TrialTable

Words = Mapping[str, Any]


def word(tool: str, found: Result | Words) -> str:
    """What `tool` found, as Markdown; every number in it stands in the result.

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
    return sentence(", ".join(f"{key}: {value}" for key, value in found.values.items()))


def _failure(found: Failure) -> str:
    return sentence(found.error)


def _columns_asked(found: ColumnsAsked) -> str:
    choices = "\n".join(f"- `{candidate}`" for candidate in found.candidates)
    return f"{sentence(found.error)}\n\n{found.question}\n\n{choices}"


def _recommend_items(facts: Words) -> str:
    rows = [(i["rank"], i["item"], unquoted(i.get("text")), i["score"]) for i in facts["items"]]
    has_text = any(text and text != item for _, item, text, _ in rows)
    header = ("", "item", "text", "score") if has_text else ("", "item", "score")
    shown = rows if has_text else [(rank, item, score) for rank, item, _, score in rows]
    instead = {"popularity": "the most popular items", "average_user": "items for an average user"}
    fallback = instead.get(facts.get("fallback", ""))
    unknown = f"Nothing is known of user {facts['user']}, so these are {fallback}.\n\n" if fallback else ""
    whose = f"For user {facts['user']}, from trial {facts['trial']} (`{facts['model']}`, {facts['which']}):\n\n"
    return f"{unknown or whose}{table(header, shown)}"


def _export_model(facts: Words) -> str:
    size = f", {number(facts['size_bytes'])} bytes" if facts.get("size_bytes") is not None else ""
    model = f"Trial {facts['trial']} (`{facts['model']}`, {facts['which']})"
    return f"{model} is exported as {facts['format']} to `{facts['path']}`{size}."


def _parameter_importance(facts: Words) -> str:
    parts = []
    for model, found in facts["models"].items():
        shares = found["importance"]
        if not shares:
            parts.append(
                f"`{model}`: {count(found['n_trials'], 'complete trial')} so far, too few to say which params matter"
                f" (at least {facts['min_trials']} that differ are needed)."
            )
            continue
        top = max(shares, key=lambda name: shares[name])
        rows = [(f"`{name}`", percent(share)) for name, share in shares.items()]
        parts.append(
            f"For `{model}`, over {count(found['n_trials'], 'complete trial')}, `{top}` moved {facts['objective']} most"
            f" ({facts['method']}):\n\n{table(('param', 'share'), rows)}"
        )
    return "\n\n".join(parts)


WORDS: Mapping[type[Result], Callable[..., str]] = {
    Failure: _failure,
    ColumnsAsked: _columns_asked,
    NotDone: _failure,
    Head: explain_data.head,
    OneUser: explain_data.one_user,
    OneItem: explain_data.one_item,
    Repeats: explain_data.repeats,
    Popular: explain_data.popular,
    Columns: explain_data.columns,
    TrialTable: explain_questions.trials,
    Sum: explain_questions.calc,
}
"""By the class of the result."""
UNTYPED: dict[str, Callable[[Words], str]] = {
    "list_datasets": explain_data.list_datasets,
    "add_dataset": explain_data.add_dataset,
    "describe_dataset": explain_data.describe_dataset,
    "rename_dataset": explain_data.rename_dataset,
    "remove_dataset": explain_data.remove_dataset,
    "recall_trials": explain_memory.recall_trials,
    "remember_lesson": explain_memory.remember_lesson,
    "list_lessons": explain_memory.list_lessons,
    "forget_lesson": explain_memory.forget_lesson,
    "import_trials": explain_memory.import_trials,
    "start_study": explain_study.start_study,
    "extend_study": explain_study.extend_study,
    "propose_trial": explain_study.propose_trial,
    "run_trial": explain_study.run_trial,
    "repeat_trial": explain_study.repeat_trial,
    "set_search_space": explain_study.set_search_space,
    "control_study": explain_study.control_study,
    "study_status": explain_study.study_status,
    "list_studies": explain_shelf.list_studies,
    "open_study": explain_shelf.open_study,
    "rename_study": explain_shelf.rename_study,
    "delete_study": explain_shelf.delete_study,
    "undo": explain_shelf.undo,
    "report": explain_shelf.report,
    "predict": explain_questions.predict,
    "show_space": explain_questions.show_space,
    "explain_trial": explain_trials.explain_trial,
    "compare_trials": explain_trials.compare_trials,
    "show_tradeoffs": explain_trials.show_tradeoffs,
    "parameter_importance": _parameter_importance,
    "confirm": explain_confirmation.confirm,
    "show_confirmation": explain_confirmation.show_confirmation,
    "recommend_items": _recommend_items,
    "export_model": _export_model,
}
"""By the name of the tool."""
