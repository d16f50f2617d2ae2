"""What was done in a chat, as the ledger keeps it, in Chinese; a sentence of another kind stays as it is.

>>> deed("demo-2 was told to stop")
'停止了 demo-2'
"""

import re

_CONTROLS = {"stop": "停止", "pause": "暂停", "resume": "继续"}
_DEEDS: tuple[tuple[str, str], ...] = (
    (r"trial (?P<n>\d+) of (?P<name>\S+) was begun", "{name} 的试验 {n} 开始了"),
    (r"trial (?P<n>\d+) of (?P<name>\S+) was rejected", "拒绝了 {name} 的试验 {n}"),
    (r"trial (?P<n>\d+) of (?P<name>\S+) was repeated as trial (?P<to>\d+)", "{name} 的试验 {n} 重复为试验 {to}"),
    (r"trial (?P<n>\d+) of (?P<name>\S+) was exported to (?P<to>.+)", "{name} 的试验 {n} 导出到 {to}"),
    (
        r"(?P<param>\S+) of (?P<model>\S+) in (?P<name>\S+) went from (?P<from>.+) to (?P<to>.+)",
        "{name} 中 {model} 的 {param} 从 {from} 改为 {to}",
    ),
    (r"(?P<name>\S+) was told to (?P<act>stop|pause|resume)", "{act}了 {name}"),
    (r"the terms of (?P<name>\S+) were changed", "修改了 {name} 的条件"),
    (r"confirmation (?P<n>\d+) of (?P<name>\S+) was begun", "{name} 的第 {n} 次确认开始了"),
    (r"dataset (?P<name>\S+) was made of (?P<base>\S+)", "由 {base} 得到了数据集 {name}"),
    (r"dataset (?P<name>\S+) was added", "添加了数据集 {name}"),
    (r"dataset (?P<name>\S+) was read again with other columns", "用别的列重新读取了数据集 {name}"),
    (r"dataset (?P<name>\S+) was renamed (?P<to>\S+)", "数据集 {name} 改名为 {to}"),
    (r"dataset (?P<name>\S+) was removed", "移除了数据集 {name}"),
    (r"study (?P<name>\S+) was started", "开始了研究 {name}"),
    (r"study (?P<name>\S+) was renamed (?P<to>\S+)", "研究 {name} 改名为 {to}"),
    (r"study (?P<name>\S+) was deleted", "删除了研究 {name}"),
    (r"(?P<n>\d+) trials of (?P<name>\S+) were remembered", "记住了 {name} 的 {n} 次试验"),
    (r"(?P<note>“.*”) was noted", "记下了{note}"),
    (r"(?P<note>“.*”) was noted as a bound", "把{note}记为限制"),
    (r"(?P<note>“.*”) was forgotten", "忘掉了{note}"),
    (r"(?P<note>“.*”) with (?P<n>\d+) more was forgotten", "忘掉了{note}和另外 {n} 条"),
    (r"(?P<param>\S+) of (?P<model>\S+) is searched in (?P<to>.+) again", "{model} 的 {param} 又在 {to} 中搜索"),
    (
        r"(?P<name>\S+) has its earlier terms again: (?P<n>\d+) trials, (?P<goal>.+)",
        "{name} 恢复了原来的条件：{n} 次试验，{goal}",
    ),
    (r"(?P<name>\S+) is running", "{name} 正在运行"),
    (r"(?P<name>\S+) is at hand again", "现在又是 {name}"),
    (r"the study is called (?P<name>\S+) again", "研究又叫 {name}"),
    (r"the dataset is called (?P<name>\S+) again", "数据集又叫 {name}"),
    (r"study (?P<name>\S+) is back, with all its trials", "研究 {name} 和它的全部试验都恢复了"),
    (r"the dataset is not in the list", "数据集不在列表里"),
    (r"dataset (?P<name>\S+) is back", "数据集 {name} 恢复了"),
    (r"dataset (?P<name>\S+) is read as it was before", "数据集 {name} 按原来的方式读取"),
    (
        r"dataset (?P<name>\S+) is out of the list; its file stays where it is, .*",
        "数据集 {name} 移出了列表；原文件不变，说“恢复数据集 {name}”可以找回",
    ),
    (r"it is a bound again", "它又是限制"),
    (r"it is a note again, which binds nothing", "它又只是笔记，不限制什么"),
    (r"it is not remembered any more", "不再记住它"),
    (r"it is remembered again", "又记住了它"),
    (r"all (?P<n>\d+) are remembered again", "{n} 条都恢复了"),
    (r"(?P<n>\d+) imported trials are not remembered any more", "不再记住导入的 {n} 次试验"),
    (r"the undo of “(?P<deed>.*)”", "上一次撤销（{deed}）"),
)


def deed(text: str) -> str:
    """What was done, or how it is now."""
    for pattern, words in _DEEDS:
        if (match := re.fullmatch(pattern, text)) is not None:
            found = match.groupdict()
            found |= {"act": _CONTROLS[found["act"]]} if "act" in found else {}
            found |= {"deed": deed(found["deed"])} if "deed" in found else {}
            return words.format(**found)
    return text
