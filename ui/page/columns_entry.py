"""A question about the columns of a file as a tab is sent it: sample rows, and a likely role for each column."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from agent import outside
from agent.answers.refusals_in_chinese import refusal
from agent.answers.wording import sentence, unquoted
from agent.plan_card import Language
from agent.results.result import ColumnsAsked
from recmodels.data.column_names import likely_roles
from recmodels.outside import on_one_line, visible
from ui.page.markdown import html_of
from ui.page.settled import State

Json = dict[str, object]
_SETTLED: Mapping[Language, Mapping[State, str]] = {
    "en": {
        "done": "Read as you said. “undo” takes it back; “the user is …” corrects it.",
        "failed": "It could not be read so; the answer below says why.",
        "cancelled": "Not read.",
        "changed": "Not read; you said something else.",
        "left": "Not read yet. Drop the file again, or name its columns, to go on.",
    },
    "zh": {
        "done": "已按你说的读取。说“撤销”可以取消；说“用户是……”可以更正。",
        "failed": "不能这样读取；下面的回答说明了原因。",
        "cancelled": "没有读取。",
        "changed": "没有读取；你说了别的。",
        "left": "还没有读取。要继续，请重新拖入文件，或说出各列。",
    },
}
_WHY: Mapping[Language, Callable[[str], str]] = {"en": sentence, "zh": refusal}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Words:
    """What the tab writes itself, and the sentence that says what was chosen; `{}` is a column in quotes."""

    title: str = "Which columns are what?"
    samples: str = "Columns and sample rows"
    roles: Mapping[str, str]
    is_what: str = "Column {} is"
    column: str = "Column"
    read_as: str = "Read as"
    row: str = "Row {}"
    read: str = "Read it so"
    one_only: str = "Only one column can be the {role}; {columns} are chosen."
    both: str = "Choose which column is the user and which is the item."
    says: Mapping[str, str]
    no_weight: str = "it has no rating"
    comma: str = ", "
    joined: str = " and "


_WORDS: Mapping[Language, _Words] = {
    "en": _Words(
        roles={
            "": "As it is",
            "user": "User",
            "item": "Item",
            "time": "Time",
            "weight": "Rating or count",
            "ignore": "Ignore",
        },
        says={
            "user": "the user is {}",
            "item": "the item is {}",
            "time": "the time is {}",
            "weight": "the rating is {}",
            "ignore": "ignore the column {}",
        },
    ),
    "zh": _Words(
        title="各列是什么？",
        samples="列和示例行",
        roles={"": "照原样", "user": "用户", "item": "物品", "time": "时间", "weight": "评分或次数", "ignore": "忽略"},
        is_what="列 {} 是",
        column="列",
        read_as="读作",
        row="第 {} 行",
        read="这样读取",
        one_only="只有一列可以是{role}；选了 {columns}。",
        both="请选出哪一列是用户，哪一列是物品。",
        says={
            "user": "用户是{}",
            "item": "物品是{}",
            "time": "时间是{}",
            "weight": "评分是{}",
            "ignore": "忽略列{}",
        },
        no_weight="没有评分",
        comma="，",
        joined="、",
    ),
}


_TIME = re.compile(r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}([T ].*)?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}([T ].*)?|1\d{9}(\d{3})?")


def columns_json(asked: ColumnsAsked, state: State, language: Language) -> Json:
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
        "why": html_of(outside.said(_WHY[language](asked.error))),
        "words": asdict(_WORDS[language]),
        "columns": [
            {
                "name": visible(on_one_line(name)),
                "role": roles.get(name, "") if state == "open" else "",
                "samples": [visible(unquoted(row.get(name, ""))) for row in asked.samples],
            }
            for name in names
        ],
    }
    return shown if state == "open" else {**shown, "settled": _SETTLED[language][state], "state": state}


def _is_time(asked: ColumnsAsked, column: str) -> bool:
    values = [unquoted(row.get(column, "")) for row in asked.samples]
    return bool(values) and all(map(_TIME.fullmatch, values))
