"""The words of a card about the columns of a file, in the language of the question."""

from collections.abc import Mapping
from dataclasses import dataclass

from agent.plan_card import Language
from ui.page.settled_files import FileState

SETTLED: Mapping[Language, Mapping[FileState, str]] = {
    "en": {
        "sent": "Being read …",
        "done": "Read as you said. “undo” takes it back; “the user is …” corrects it.",
        "cancelled": "Not read.",
        "again": "Asked again below.",
        "replaced": "Not read; a file of the same name came later.",
    },
    "zh": {
        "sent": "正在读取……",
        "done": "已按你说的读取。说“撤销”可以取消；说“用户是……”可以更正。",
        "cancelled": "没有读取。",
        "again": "下面又问了一次。",
        "replaced": "没有读取；后来又有了同名的文件。",
    },
}
"""What became of a question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsWords:
    """What the tab writes itself, and the sentence that says what was chosen; `{}` is a column in quotes."""

    title: str = "Which columns of {} are what?"  # the file
    samples: str = "Columns and sample rows"
    roles: Mapping[str, str]
    is_what: str = "Column {} is"
    column: str = "Column"
    read_as: str = "Read as"
    row: str = "Row {}"
    read: str = "Read the file"
    no_role: str = (
        "A column without a role is kept as a feature: models that predict an answer use it, models that only rank"
        " do not."
    )
    missing: Mapping[str, str]  # of the roles that a file needs
    in_file: str = 'In "{}", '
    says: Mapping[str, str]
    no_weight: str = "it has no rating"
    comma: str = ", "


WORDS: Mapping[Language, ColumnsWords] = {
    "en": ColumnsWords(
        missing={"user": "Choose which column is the user.", "item": "Choose which column is the item."},
        roles={
            "": "No role (a feature)",
            "user": "User",
            "item": "Item",
            "time": "Time",
            "weight": "Rating or count",
            "ignore": "Left out",
        },
        says={
            "user": "the user is {}",
            "item": "the item is {}",
            "time": "the time is {}",
            "weight": "the rating is {}",
            "ignore": "ignore the column {}",
        },
    ),
    "zh": ColumnsWords(
        title="{} 的各列是什么？",
        samples="列和示例行",
        roles={
            "": "没有角色（特征）",
            "user": "用户",
            "item": "物品",
            "time": "时间",
            "weight": "评分或次数",
            "ignore": "忽略",
        },
        is_what="列 {} 是",
        column="列",
        read_as="读作",
        row="第 {} 行",
        read="读取文件",
        no_role="没有角色的列作为特征保留：预测答案的模型会用到它，只做排序的模型不用。",
        missing={"user": "请选出哪一列是用户。", "item": "请选出哪一列是物品。"},
        in_file='"{}"中，',
        says={
            "user": "用户是{}",
            "item": "物品是{}",
            "time": "时间是{}",
            "weight": "评分是{}",
            "ignore": "忽略列{}",
        },
        no_weight="没有评分",
        comma="，",
    ),
}
