"""A trial's card as a tab is sent it: numbers as people write them, and nothing live in it."""

from agent import outside
from agent.answers.wording import sentence
from recmodels.outside import on_one_line, visible
from ui.cards import TrialCard
from ui.page.markdown import html_of
from ui.views.params import param_rows
from ui.words import epochs_line, number

Json = dict[str, object]


def trial_json(card: TrialCard, study: str | None, trial: int | None) -> Json:
    """What stands in the line and in the fold."""
    return {
        "number": trial,
        "model": visible(card.model),
        "state": card.state,
        "objective": visible(card.objective),
        "value": "" if card.value is None else number(card.value),
        "best": card.is_best,
        "epoch": card.epoch,
        "epochs": card.epochs,
        "who": visible(on_one_line(card.who)),
        "params": [[row.name, row.value, row.default if row.is_changed else ""] for row in param_rows(card)],
        "expected": "" if card.expected is None else number(card.expected),
        "evidence": [_evidence(one, study) for one in card.evidence],
        "reason": visible(on_one_line(card.reason)),
        "cost": epochs_line(card.cost) if "train_s" in card.cost else "",
    }


def trial_html(card: TrialCard) -> str:
    """Why it runs, and what the gate did."""
    note = f"*{outside.said(card.note)}*" if card.note else ""
    return html_of("\n\n".join(filter(None, (outside.said(sentence(card.why)), note))))


def _evidence(id: str, study: str | None) -> Json:
    """How it is called, and the view that shows it; none for a trial of another study."""
    whose, _, number = id.rpartition("/")
    if number.isdecimal() and whose == study:
        return {"text": f"trial {number}", "go": f"trial/{number}"}
    if id.startswith("lesson/"):
        return {"text": "a lesson", "go": "memory"}
    if id.startswith("shipped/"):
        return {"text": f"a trial on {visible(on_one_line(id.split('/')[1]))} that came with recpilot", "go": None}
    return {"text": visible(on_one_line(id)), "go": None}
