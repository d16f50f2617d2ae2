"""The entries of a transcript as the page draws them: a record of JSON each, whose `html` has nothing live in it."""

from dataclasses import asdict
from pathlib import Path

from agent.answers import in_chinese
from agent.answers.explain import word
from agent.plan_card import Language
from recmodels.outside import on_one_line, visible
from ui.page.columns_entry import file_json
from ui.page.markdown import html_of
from ui.page.plan_entry import plan_json
from ui.page.setting_words import on_page
from ui.page.settled import Standing
from ui.page.settled_files import FileStanding
from ui.page.trial_entry import trial_html, trial_json
from ui.transcript import Entry, FileAsked

_OPEN = Standing()


def is_seen(entry: Entry) -> bool:
    """Whether there is anything to see of it yet."""
    return bool(entry.text or entry.title or entry.files)


def drawn(entry: Entry, standing: Standing = _OPEN) -> dict[str, object]:
    """An entry as a tab is sent it.

    Args:
        standing: What became of what it asks.
    """
    state = standing.state
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
    elif entry.choices and state == "open" and not _is_in_card(entry):
        shown["choices"] = [visible(choice) for choice in entry.choices]
    if entry.files_asked:
        stands = standing.files or (FileStanding(),) * len(entry.files_asked)
        shown["files_asked"] = [
            file_json(file, stand, _told(entry, file)[1]) for file, stand in zip(entry.files_asked, stands, strict=True)
        ]
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
    told = [entry.plan.text] if entry.plan else []
    told += [_told(entry, file)[0] for file in entry.files_asked]
    text = on_page(entry.text) if entry.kind == "answer" else entry.text
    for part in told:
        text = text.replace(part, "", 1)
    return html_of(text.strip() if told else text)


def _is_in_card(entry: Entry) -> bool:
    """Whether its choices are the columns that a card asks about."""
    return any(entry.choices == asked.candidates for _, asked in entry.files_asked)


def _told(entry: Entry, file: FileAsked) -> tuple[str, Language]:
    """The question about a file as an answer tells it, and in which language."""
    chinese = in_chinese.word("add_dataset", file.asked)
    return (chinese, "zh") if chinese in entry.text else (word("add_dataset", file.asked), "en")


def _names(entry: Entry) -> list[str]:
    return [visible(on_one_line(Path(file).name)) for file in entry.files]
