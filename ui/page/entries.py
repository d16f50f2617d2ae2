"""The entries of a transcript as the page draws them: a record of JSON each, whose `html` has nothing live in it."""

from dataclasses import asdict
from pathlib import Path

from agent.answers import in_chinese
from agent.answers.explain import word
from agent.plan_card import Language
from recmodels.outside import on_one_line, visible
from ui.page.columns_entry import columns_json
from ui.page.markdown import html_of
from ui.page.plan_entry import plan_json
from ui.page.settled import State
from ui.page.trial_entry import trial_html, trial_json
from ui.transcript import Entry


def is_seen(entry: Entry) -> bool:
    """Whether there is anything to see of it yet."""
    return bool(entry.text or entry.title or entry.files)


def drawn(entry: Entry, state: State = "open") -> dict[str, object]:
    """An entry as a tab is sent it.

    Args:
        state: What became of what it asks.
    """
    shown: dict[str, object] = {"key": entry.key, "role": entry.role, "kind": entry.kind, "turn": entry.turn}
    shown |= {"at": entry.at, "files": _names(entry)}
    if entry.role == "user":
        return {**shown, "text": visible(entry.text)}
    shown |= {"html": _html(entry), "pending": entry.is_pending and not entry.is_stopped}
    shown |= {
        "cut": entry.is_cut,
        "stopped": entry.is_stopped,
        "error": entry.is_error,
        "study": entry.study,
        "trial": entry.trial,
    }
    if entry.card and (entry.kind == "trial" or entry.waiting):
        shown["card"] = trial_json(entry.card, entry.study, entry.trial)
    if entry.title:
        shown["title"] = visible(on_one_line(entry.title))
    if entry.plan:
        shown["plan"] = plan_json(entry.plan, entry.choices, state)
    elif entry.kind == "answer" and entry.columns:
        shown["columns"] = columns_json(entry.columns, state, _told(entry)[1])
    elif entry.choices and state == "open":
        shown["choices"] = [visible(choice) for choice in entry.choices]
    if entry.waiting is not None:
        shown["waiting"] = {**asdict(entry.waiting), "choices": [*entry.waiting.choices]}
    if entry.asked is not None:
        shown["asked"] = {"study": entry.asked.study, "choices": [visible(one) for one in entry.asked.choices]}
    return shown


def _html(entry: Entry) -> str:
    if entry.card and entry.kind == "trial":
        return trial_html(entry.card)
    if entry.card and entry.waiting:
        return html_of(entry.text) + trial_html(entry.card)
    told = entry.plan.text if entry.plan else ""
    if entry.kind == "answer" and entry.columns:
        told = _told(entry)[0]
    return html_of(entry.text.replace(told, "", 1).strip() if told else entry.text)


def _told(entry: Entry) -> tuple[str, Language]:
    """The question about columns as an answer tells it, and in which language."""
    if entry.columns is None:
        return "", "en"
    chinese = in_chinese.word("add_dataset", entry.columns)
    if chinese in entry.text:
        return chinese, "zh"
    return word("add_dataset", entry.columns), "en"


def _names(entry: Entry) -> list[str]:
    return [visible(on_one_line(Path(file).name)) for file in entry.files]
