"""What is found and done about data and notes, in Chinese."""

import re

from agent.answers.asked_in_chinese import reason
from agent.answers.wording import number, percent, table, unquoted
from agent.answers.wording_in_chinese import listed
from agent.results.data import DatasetAdded, DatasetDescribed, DatasetList, DatasetRemoved, DatasetRenamed
from agent.results.memory import LessonForgotten, LessonList, LessonListed, LessonNoted, Recalled, TrialsImported
from agent.results.rows import Columns, Head, OneItem, OneUser, Popular, Repeats
from agent.results.rules import RulesShown


def list_datasets(facts: DatasetList) -> str:
    rows = [
        (f"`{d.name}`", *("" if n is None else n for n in (d.n_users, d.n_items, d.n_interactions)))
        for d in facts.datasets
    ]
    damaged = [f"`{d.name}`" for d in facts.datasets if d.is_damaged]
    note = f"{listed(damaged)} 的文件已损坏，无法读取；`recpilot data list` 会说明原因。" if damaged else ""
    return f"共有 {facts.count} 个数据集：\n\n{table(('数据集', '用户', '物品', '交互'), rows)}\n\n{note}把文件拖进聊天就能添加自己的数据。"


def describe_dataset(facts: DatasetDescribed) -> str:
    profile = facts.profile
    shown = (("n_users", "个用户"), ("n_items", "个物品"), ("n_interactions", "次交互"))
    counts = listed(f"{number(profile[key])} {unit}" for key, unit in shown if key in profile)
    density = f"，密度 {percent(profile['density'])}" if "density" in profile else ""
    history = f"，每个用户的历史中位数 {number(profile['history_median'])}" if "history_median" in profile else ""
    notes = "".join(f"\n- {reason(unquoted(note))}" for note in facts.notes)
    noted = f"\n\n读取时的说明：\n{notes}\n\n" if notes else ""
    return f"**{facts.dataset}** 有 {counts}{density}{history}{_holds(unquoted(facts.description))}。{noted}"


def _holds(description: str) -> str:
    """Of "timestamps over 12 days, weights from 1 to 5, no item text": times and ratings in Chinese."""
    parts = [""]
    if days := re.search(r"timestamps over ([\d,]+) days?", description):
        parts.append(f"时间跨度 {days[1]} 天")
    elif "an order but no timestamps" in description:
        parts.append("有先后顺序，没有时间")
    elif "no time" in description:
        parts.append("没有时间")
    if weights := re.search(r"weights from (\S+) to ([^\s,]+)", description):
        parts.append(f"评分或次数从 {weights[1]} 到 {weights[2]}")
    elif "no weights" in description:
        parts.append("没有评分")
    return "，".join(parts)


_SAYS_MUCH = re.compile(r"(?!data(?:-\d+)?$)")


def add_dataset(facts: DatasetAdded) -> str:
    if facts.corrects:
        roles = listed(f"{role} = `{unquoted(column)}`" for role, column in facts.columns.items())
        kept = "说“撤销”可以恢复之前的读法" if facts.corrects == facts.dataset else f"**{facts.corrects}** 保持不变"
        return f"已重新读取：{roles}。{kept}。{describe_dataset(facts)}"
    if not facts.added:
        return f"**{facts.dataset}** 已经在列表中，内容相同。{describe_dataset(facts)}"
    kept = "用户的 ID 以带密钥的哈希（假名）保存；本对话仍保留您输入的内容，原文件不变。" if facts.hashed else ""
    if facts.copy_removed:
        kept += f"拖入的 {unquoted(facts.copy_removed)} 的副本含有明文 ID，已被删除；数据集里只有带密钥的哈希，您自己的文件不变。"
    rename = (
        ""
        if _SAYS_MUCH.match(facts.dataset)
        else (
            f"数据集的名字由 a 到 z 的字母、数字、`-`、`_` 和 `.` 组成；要换一个，请说“把 {facts.dataset} 重命名为 orders”。"
        )
    )
    return f"已添加。{describe_dataset(facts)}{kept}{rename}说“在 {facts.dataset} 上调参”就可以开始。"


def inspect_data(facts: Head | OneUser | OneItem | Repeats | Popular) -> str:
    names = ("user", "item", "text", "weight", "time", "rank", "n")
    cells = {name: [getattr(row, name, None) for row in facts.rows] for name in names}
    columns = {name: values for name, values in cells.items() if any(value is not None for value in values)}
    rows = [[_cell(value) for value in row] for row in zip(*columns.values(), strict=True)]
    whose = f"用户 {unquoted(facts.user)} 的记录" if isinstance(facts, OneUser) else "数据"
    whose = f"物品 {unquoted(facts.item)} 的记录" if isinstance(facts, OneItem) else whose
    if isinstance(facts, Repeats):
        whose = f"重复的记录：{number(facts.n_repeated_rows)} / {number(facts.n_rows)} 行与之前的用户和物品相同"
        whose += "" if facts.n_users_again is None else f"，{number(facts.n_users_again)} 个用户多次选择同一物品"
    if isinstance(facts, Head):
        whose = f"前 {len(facts.rows)} 行，共 {number(facts.n)} 行" if facts.rows else "数据"
    n = facts.n if isinstance(facts, OneUser | OneItem) else len(rows)
    more = f"\n\n还有 {number(n - len(rows))} 行。" if n > len(rows) else ""
    more += "".join(
        f"\n\n读取时：{reason(unquoted(note))}。" for note in (facts.left_out if isinstance(facts, Repeats) else ())
    )
    return f"**{facts.dataset}** 中{whose}：\n\n{table(list(columns), rows) if rows else '没有记录。'}{more}"


def columns(facts: Columns) -> str:
    roles = [(role, unquoted(column)) for role, column in facts.roles.items()]
    return f"**{facts.dataset}** 中数据：\n\n{table(('角色', '列'), roles) if roles else '没有记录。'}"


def _cell(value: object) -> object:
    return unquoted(value) if isinstance(value, str) else "" if value is None else value


def rename_dataset(facts: DatasetRenamed) -> str:
    return f"数据集现在叫 **{facts.dataset}**（之前叫 {facts.before}）。"


def remove_dataset(facts: DatasetRemoved) -> str:
    if facts.deleted:
        return f"已彻底删除{f' **{facts.dataset}**' if facts.dataset else '所有已移除的数据集'}及其保留的副本，无法恢复。您自己的文件不变。"
    return f"已把 **{facts.dataset}** 移出列表；文件还在，说“撤销”可以恢复。"


def remember_lesson(facts: LessonNoted) -> str:
    if facts.is_bound:
        against = "".join(f"它和您的笔记“{unquoted(one)}”没有共同的值：以后说的那条算数。" for one in facts.against)
        return f"以后的研究都按第 {facts.number} 条笔记限制：{facts.bound}。{against}说“撤销”就只当笔记。"
    if facts.was_bound:
        return f"第 {facts.number} 条又只是笔记，不再限制以后的研究：{facts.text}说“撤销”可以恢复限制。"
    scope = f"只对 {facts.scope}。" if facts.scope else "对所有数据集。"
    read = f"作为限制：{facts.bound}。" if facts.bound else "不是我能读懂的参数限制。"
    return f"已记下（编号 {facts.number}）：{facts.text} {scope}{read}"


def list_lessons(facts: LessonList) -> str:
    if not facts.count and facts.only_bounds:
        return "没有限制以后研究的笔记。"
    others = f"另有 {facts.n_others} 条别的研究的经验和笔记：说“列出所有笔记”可以看。" if facts.n_others else ""
    if not facts.count and (facts.about or facts.dataset or facts.study):
        return f"没有这样的笔记。{others}"
    if not facts.count:
        return "还没有记下任何东西。说“记住……”就会保存。"
    rows = [
        (
            row.number,
            f"{unquoted(row.text)}{'（已撤回）' if row.withdrawn else f'（约束：{row.bound}）' if row.bound else ''}{_told_by(row)}",
        )
        for row in facts.lessons
    ]
    listed = f"共有 {facts.count} 条笔记：\n\n{table(('', '内容'), rows)}"
    return f"{listed}\n\n{others}" if others else listed


def _told_by(row: LessonListed) -> str:
    if row.told_by in ("", "you"):
        return ""
    return "（有人说的）" if row.told_by == "someone" else f"（{row.told_by} 说的）"


def list_rules(facts: RulesShown) -> str:
    if not facts.rules:
        return "没有这样的规则。"
    rows = [(r.id, "、".join(r.models), r.says, unquoted(r.reason), unquoted(r.source)) for r in facts.rules]
    return (
        f"顾问最初的试验参考 {len(rows)} 条规则；它们随试验增加而减弱，不排除任何参数。开始研究时说“不用规则”就不使用。"
        f"\n\n{table(('规则', '模型', '内容', '理由', '来源'), rows)}"
    )


def recall_trials(facts: Recalled) -> str:
    if not facts.trials and not facts.lessons:
        return "记忆里还没有相似的试验。"
    rows = [(t.trial, t.dataset, t.model, t.objective, t.value) for t in facts.trials]
    said = "\n".join(f"- {lesson.text}" for lesson in facts.lessons)
    found = f"记忆中的试验：\n\n{table(('试验', '数据集', '模型', '目标', '结果'), rows)}" if rows else ""
    return "\n\n".join(filter(None, (found, f"经验：\n\n{said}" if said else "")))


def import_trials(facts: TrialsImported) -> str:
    best = f"{facts.objective} **{number(facts.best.value)}**"
    return f"已从 {facts.file} 记住 {facts.n} 次试验（`{facts.dataset}`，{listed(facts.models)}），最好的是 {best}。说“撤销”可以忘记它们。"


def forget_lesson(facts: LessonForgotten) -> str:
    return f"已忘记：{'、'.join((facts.text, *facts.others))}"
