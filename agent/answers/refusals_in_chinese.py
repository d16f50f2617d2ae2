"""Why something was not done, in Chinese, where that is said often; any other reason stays as it is."""

import re
from collections.abc import Sequence

from agent.answers.wording import sentence

_STATES = {
    "running": "在运行",
    "queued": "在排队",
    "finished": "已完成",
    "stopped": "已停止",
    "paused": "已暂停",
    "failed": "已失败",
    "waiting": "在等待",
}
_ROLES = {"user": "用户", "item": "物品", "time": "时间", "weight": "评分", "text": "文字"}
_WORDS = {
    "role": _ROLES,
    "state": _STATES,
    "kind": {"study": "研究", "dataset": "数据集"},
    "act": {"paused": "暂停", "stopped": "停止"},
}
_RAISE = "；要提高上限，请用 {raised} 重新启动"
_RAISED = r".*?(?P<raised>RECPILOT_\w+(?:=[\w.+]+)?).*"
_REFUSALS = (
    (r"which column of (?P<file>.*?) is the (?P<role>\w+), (?P<all>[^?]*)\?", "{file} 的哪一列是{role}：{all}？请选择"),
    (
        r"which column of (?P<file>.*?) is the (?P<role>\w+), (?P<all>[^?]*)\? (?P<why>.*)\.",
        "{file} 的哪一列是{role}：{all}？请选择（{why}）",
    ),
    (
        r"no column of (?P<file>.*?) looks like the (?P<role>\w+); its columns are: (?P<all>.*)\. Say which one it is: .*",
        "{file} 没有哪一列像是{role}；它的列有：{all}。请说哪一列是{role}",
    ),
    (r"there is no study yet.*", "还没有研究；可以说：用 sasrec 在 demo 上调参"),
    (r"there is no study (?P<name>\S+?);?(?: .*)?", "没有名为 {name} 的研究"),
    (r"there is no dataset (?P<name>\S+); the datasets are: (?P<all>.*)", "没有名为 {name} 的数据集；有：{all}"),
    (
        r"study (?P<name>\S+) is (?P<state>\w+) already, so it cannot be (?P<act>\w+)",
        "研究 {name} {state}，不能再{act}",
    ),
    (r"study (?P<name>\S+) is finished: .*", "研究 {name} 已完成；可以再加试验或时间"),
    (r"study (?P<name>\S+) is (?P<state>running|queued); stop it first", "研究 {name} {state}；请先停止它"),
    (
        r"study (?P<name>\S+) is run by (?P<by>.*?); steer it there",
        "研究 {name} 由另一个进程（{by}）运行；请在那里操作",
    ),
    (r"study (?P<name>\S+) has no proposal that waits.*", "研究 {name} 没有等待中的提议"),
    (r"nothing of (?P<name>\S+) is left out by what was asked for: .*", "{name} 里没有可以这样去掉的数据"),
    (r"nothing is left of (?P<name>\S+) with .*", "{name} 里没有符合这个条件的数据"),
    (
        r"(?P<name>\S+) keeps no column (?P<column>`.*?`); it keeps (?P<all>.*?)\. Read .*",
        "{name} 没有 {column} 这一列；有：{all}",
    ),
    (
        r"no row of (?P<name>.*?) has (?P<column>`.*?`) (?P<value>.*?); it has (?P<all>.*)",
        "{name} 的 {column} 没有 {value}；有：{all}",
    ),
    (
        r"[Tt]here is no trial (?P<n>\d+) in (?P<name>\S+); finished are (?P<all>.*)",
        "{name} 没有试验 {n}；已完成的有：{all}",
    ),
    (
        r"[Tt]rial (?P<n>\d+) of (?P<name>\S+) has not finished; finished are (?P<all>.*)",
        "{name} 的试验 {n} 还没有完成；已完成的有：{all}",
    ),
    (
        r"[Cc]omparing needs two different trials; the finished trials are (?P<all>.*)",
        "比较需要两个不同的试验；已完成的有：{all}",
    ),
    (r"[Cc]omparing needs two different trials.*", "比较需要两个不同的、已完成的试验"),
    (
        r"A sum reads like .*; this cannot be read: (?P<said>.*)",
        "这个算式读不懂：{said}；算式可以写成 `t3.ndcg@10 - t0.ndcg@10` 或 `(0.41 - 0.38) / 0.38`",
    ),
    (
        r"(?P<n>\d+) configurations of (?P<model>\S+) have a value so far, and a prediction takes (?P<least>\d+)",
        "{model} 只有 {n} 组参数有结果，至少要 {least} 组才能预测",
    ),
    (r"[Ss]ay what to change: .*", "请说要改什么：试验次数、时间上限、模型、约束，或是否每次先问"),
    (r"[Nn]ame the user: .*", "请说给哪个用户"),
    (r"study \S+ has no finished trial (?P<n>\d+);.*", "没有完成的第 {n} 号试验"),
    (
        r"(?P<n>[\d,]+) trials are over the limit of (?P<most>[\d,]+)" + _RAISED,
        "{n} 次试验超过了一个研究 {most} 次的上限" + _RAISE,
    ),
    (
        r"(?P<n>[\d.]+ \w+) are over the limit of (?P<most>[\d.]+ \w+)" + _RAISED,
        "{n} 超过了一个研究 {most} 的时间上限" + _RAISE,
    ),
    (r"(?P<n>\d+) stud(?:ies|y) runs? or waits? already" + _RAISED, "已有 {n} 个研究在运行或等待，达到上限" + _RAISE),
    (
        r"I \w+ one (?P<kind>study|dataset) at a time, so “.*” was not used and nothing was done\.",
        "一次只能删除一个{kind}，不能一次全部删除，所以什么都没有删除",
    ),
    (r"(?P<who>\S+) began study (?P<name>\S+?)\.?", "研究 {name} 是 {who} 开始的"),
    (
        r"Study (?P<name>\S+) is (?P<state>\w+), and this chat did not begin it\.?",
        "研究 {name} {state}，不是在这个聊天里开始的",
    ),
)


_NOTES = (
    (r"It was not confirmed before\.", "之前没有确认过"),
    (
        r"It goes on with the confirmation that was cut off, after (?P<n>\d+) runs?\.",
        "接着上次中断的确认，已运行 {n} 次",
    ),
    (r"It was confirmed before, on (?P<at>.*?): (?P<what>.*)", "之前确认过（{at}）：{what}"),
    (
        r"The test part of these data was read (?P<n>[\d,]+) times? so far; .*",
        "这份数据的测试集到现在读过 {n} 次；每次读取都永久计数",
    ),
    (r"The test part of these data was not read so far; .*", "这份数据的测试集还没有读过；每次读取都永久计数"),
    (
        r"By your note “(?P<note>.*)”, (?P<param>\S+) of (?P<models>.*?) is fixed at (?P<value>.*?)\.",
        "按你的笔记“{note}”，{models} 的 {param} 固定为 {value}",
    ),
    (
        r"By (?P<who>\S+)'s note “(?P<note>.*)”, (?P<param>\S+) of (?P<models>.*?) is fixed at (?P<value>.*?)\.",
        "按 {who} 的笔记“{note}”，{models} 的 {param} 固定为 {value}",
    ),
    (
        r"By (?P<who>\S+)'s note “(?P<note>.*)”, (?P<param>\S+) of (?P<models>.*?) is in (?P<value>.*?)\.",
        "按 {who} 的笔记“{note}”，{models} 的 {param} 限制在 {value}",
    ),
    (
        r"By your note “(?P<note>.*)”, (?P<param>\S+) of (?P<models>.*?) is in (?P<value>.*?)\.",
        "按你的笔记“{note}”，{models} 的 {param} 限制在 {value}",
    ),
)
_ORIGINS = (
    (r"trial (?P<n>\d+)", "试验 {n}"),
    (r"the proposal that waits \(trial (?P<n>\d+)\)", "等待中的提议（试验 {n}）"),
    (r"the defaults of the model", "模型的默认值"),
    (r"the sampler, which proposes one then", "采样器届时的提议"),
)
_Table = Sequence[tuple[str, str]]


def refusal(text: str) -> str:
    """The reason as a sentence; English where no Chinese words are known for it."""
    return f"{found}。" if (found := _said(text, _REFUSALS)) else sentence(text)


def note(text: str) -> str:
    """What is to be known before a yes; a sentence that is Chinese already stays."""
    return text if text.endswith("。") else f"{found}。" if (found := _said(text, _NOTES)) else refusal(text)


def origin(text: str) -> str:
    """Where params come from that a call does not give."""
    return _said(text, _ORIGINS) or text


def _said(text: str, table: _Table) -> str:
    """The Chinese words for a text; empty where none are known."""
    for pattern, says in table:
        if found := re.fullmatch(pattern, text, re.DOTALL):
            words = {name: _WORDS.get(name, {}).get(value, value) for name, value in found.groupdict().items()}
            return says.format(**words).replace("` or `", "` 还是 `")
    return ""
