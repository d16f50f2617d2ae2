"""A question about the columns of a file as a tab is sent it: sample rows, and a likely role for each column."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import PurePath

from agent import outside
from agent.answers.refusals_in_chinese import refusal
from agent.answers.wording import sentence, unquoted
from agent.plan_card import Language
from agent.results.result import ColumnsAsked
from recmodels.data.column_names import likely_roles
from recmodels.outside import on_one_line, visible
from ui.page.columns_words import SETTLED, WORDS
from ui.page.markdown import html_of
from ui.page.settled_files import FileStanding
from ui.transcript import FileAsked

Json = dict[str, object]
_WHY: Mapping[Language, Callable[[str], str]] = {"en": sentence, "zh": refusal}


_TIME = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ].*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}([T ].*)?|1\d{9}(\d{3})?")


def file_json(file: FileAsked, standing: FileStanding, language: Language) -> Json:
    """The question about a file: each column with its name, its likely role and its values in the sample rows."""
    key, asked = file
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
        "key": key,
        "file": visible(on_one_line(PurePath(asked.path).name)),
        "why": _why(asked.error, language),
        "words": asdict(WORDS[language]),
        "columns": [
            {
                "name": visible(on_one_line(name)),
                "role": roles.get(name, "") if standing.is_open else "",
                "samples": [visible(unquoted(row.get(name, ""))) for row in asked.samples],
            }
            for name in names
        ],
    }
    if not standing.is_open:
        return {**shown, "settled": SETTLED[language][standing.state], "state": standing.state}
    return {**shown, "problem": _why(standing.problem, language) if standing.problem else ""}


def _why(error: str, language: Language) -> str:
    return html_of(outside.said(_WHY[language](error)))


def _is_time(asked: ColumnsAsked, column: str) -> bool:
    values = [unquoted(row.get(column, "")) for row in asked.samples]
    return bool(values) and all(map(_TIME.fullmatch, values))
