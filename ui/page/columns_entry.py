"""A question about the columns of a file as a tab is sent it: sample rows, and a likely role for each column."""

import re

from agent import outside
from agent.answers.wording import sentence, unquoted
from agent.results.result import ColumnsAsked
from recmodels.data.column_names import likely_roles
from recmodels.outside import on_one_line, visible
from ui.page.markdown import html_of
from ui.page.settled import State

Json = dict[str, object]
_SETTLED: dict[State, str] = {
    "done": "Read as you said. “undo” takes it back; “the user is …” corrects it.",
    "failed": "It could not be read so; the answer below says why.",
    "cancelled": "Not read.",
    "changed": "Not read; you said something else.",
    "left": "Not read yet. Drop the file again, or name its columns, to go on.",
}


_TIME = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ].*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}([T ].*)?|1\d{9}(\d{3})?")


def columns_json(asked: ColumnsAsked, state: State) -> Json:
    """Each column with its name, its likely role and its values in the sample rows."""
    names = [*(asked.samples[0] if asked.samples else asked.candidates)]
    said = {role: column for role, column in (asked.columns or {}).items() if column in names}
    free = [name for name in names if name not in said.values()]
    likely = {role: column for role, column in likely_roles(free).items() if role not in said}
    if asked.role not in said:
        likely = {role: column for role, column in likely.items() if column not in asked.candidates}
        likely[asked.role] = asked.candidates[0]
    known = likely | said
    times = [name for name in free if name not in known.values() and _is_time(asked, name)]
    if times and "time" not in known:
        known["time"] = times[0]
    roles = {column: role for role, column in known.items()}
    shown: Json = {
        "why": html_of(outside.said(sentence(asked.error))),
        "columns": [
            {
                "name": visible(on_one_line(name)),
                "role": roles.get(name, "") if state == "open" else "",
                "samples": [visible(unquoted(row.get(name, ""))) for row in asked.samples],
            }
            for name in names
        ],
    }
    return shown if state == "open" else {**shown, "settled": _SETTLED[state], "state": state}


def _is_time(asked: ColumnsAsked, column: str) -> bool:
    values = [unquoted(row.get(column, "")) for row in asked.samples]
    return bool(values) and all(map(_TIME.fullmatch, values))
