"""The entries of a transcript as the page draws them: a record of JSON each, whose `html` has nothing live in it."""

from pathlib import Path

from recmodels.outside import on_one_line, visible
from ui.page.markdown import html_of
from ui.page.trial_entry import trial_html, trial_json
from ui.transcript import Entry


def drawn(entry: Entry) -> dict[str, object] | None:
    """An entry as a tab is sent it; None: there is nothing to see of it yet."""
    if not (entry.text or entry.title or entry.files):
        return None
    shown: dict[str, object] = {"key": entry.key, "role": entry.role, "kind": entry.kind, "turn": entry.turn}
    shown |= {"at": entry.at, "files": _names(entry)}
    if entry.role == "user":
        return {**shown, "text": visible(entry.text)}
    html = trial_html(entry.card) if entry.card else html_of(entry.text)
    shown |= {"html": html, "pending": entry.is_pending and not entry.is_stopped}
    shown |= {"stopped": entry.is_stopped, "error": entry.is_error, "study": entry.study, "trial": entry.trial}
    if entry.card:
        shown["card"] = trial_json(entry.card, entry.study, entry.trial)
    if entry.title:
        shown["title"] = visible(on_one_line(entry.title))
    if entry.choices:
        shown["choices"] = [visible(choice) for choice in entry.choices]
    if entry.waiting is not None:
        shown["waiting"] = {"study": entry.waiting.study, "trial": entry.waiting.trial}
    if entry.asked is not None:
        shown["asked"] = {"study": entry.asked.study, "choices": [visible(one) for one in entry.asked.choices]}
    return shown


def _names(entry: Entry) -> list[str]:
    return [visible(on_one_line(Path(file).name)) for file in entry.files]
