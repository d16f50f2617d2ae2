"""The lines that a study adds to a chat, in the language in which the chat is held."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agent.answers import wording_in_chinese
from agent.answers.wording import duration
from agent.plan_card import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyLines:
    """Markdown with places in braces."""

    waits: str  # {trial}, {study}
    choices: tuple[str, str]  # for a trial that waits: to run it, to reject it
    approved: str  # {trial}, {by}
    by: str  # {}
    rejected_by: str  # {trial}, {by}, {model}, {params}
    not_run: str  # {trial}
    rejected: str  # {trial}, {model}, {params}
    no_params: str
    learned: str
    withdrew: str
    noted: str
    to_beat: str
    measuring: str  # {model}, {takes}
    takes: str  # {time}
    none_to_beat: str
    left_out: str  # {reason}
    measured_in: str  # {study}
    became: str  # {study}, {state}, {reason}
    states: Mapping[str, str]
    because: str  # {}
    goes_on: str  # {study}
    had_finished: str  # {study}; and was changed since
    finished_goes_on: str  # {study}
    program_ended: str  # {study}, {done}
    with_done: str  # {}
    changed: str
    answer: str  # {wait}
    no_answer: str
    ended: str  # {study}, {reason}
    none_counts: str
    best: str  # {trial}, {model}, {objective}, {value}
    confirming: str  # {contender}, {stage}, {seed}, {bar}
    confirmation_stopped: str  # {study}
    confirmed: str  # {study}
    duration: Callable[[float], str]
    reason: Callable[[str], str]


ENGLISH = StudyLines(
    waits="Trial {trial} of {study} waits for your approval.",
    choices=("Run it", "Reject it"),
    approved="Trial {trial} was approved{by}.",
    by=" by {}",
    rejected_by="Trial {trial} was rejected by {by}: {model}, {params}. Another is proposed instead.",
    not_run="Trial {trial} was not run as it was proposed.",
    rejected="Trial {trial} was not run as it was proposed: {model}, {params}. Another is proposed instead.",
    no_params="no params",
    learned="Learned something",
    withdrew="Withdrew a lesson",
    noted="Worth knowing",
    to_beat="Lines to beat",
    measuring="measuring {model} first{takes} …",
    takes=" ({time} or more)",
    none_to_beat="No simple model applies here.",
    left_out="left out: {reason}",
    measured_in=", as {study} measured it on the same data and terms",
    became="Study **{study}** is {state}{reason}.",
    states={},
    because=": {}",
    goes_on="Study **{study}** goes on.",
    had_finished="Study **{study}** had finished, and can go on.",
    finished_goes_on="Study **{study}** had finished; it goes on.",
    program_ended="The program ended while **{study}** ran: it is stopped{done}. `resume {study}` goes on with it.",
    with_done=" with {}",
    changed="Changed",
    answer="Choose, or type `answer: …`; after {wait} s the study goes on without.",
    no_answer="Go on without an answer",
    ended="Study **{study}**: {reason}",
    none_counts=". No trial ended with a value that counts.",
    best=". Best is trial {trial}, {model}, with {objective} **{value}**. Ask me why, or for items for a user.",
    confirming="Confirming · {contender} on {stage}, seed {seed} {bar}",
    confirmation_stopped="Confirmation stopped · {study}",
    confirmed="Confirmed · {study}",
    duration=duration,
    reason=lambda text: text,
)

_REASONS = (
    (r"(?P<done>\d+) of (?P<all>\d+) trials done", "{done}/{all} 次试验完成"),
    (r"time limit of (?P<time>.*) reached", "到了时间上限（{time}）"),
    (r"stopped", "已停止"),
)


def _reason(text: str) -> str:
    """Why a study ended, in Chinese where that is said often."""
    for pattern, says in _REASONS:
        if found := re.fullmatch(pattern, text):
            return says.format(**found.groupdict())
    return text


CHINESE = StudyLines(
    waits="{study} 的试验 {trial} 在等你的决定。",
    choices=("运行", "不运行"),
    approved="试验 {trial} 已批准{by}。",
    by="（由 {}）",
    rejected_by="试验 {trial} 被 {by} 拒绝：{model}，{params}。改为提议另一个。",
    not_run="试验 {trial} 没有按提议运行。",
    rejected="试验 {trial} 没有按提议运行：{model}，{params}。改为提议另一个。",
    no_params="没有参数",
    learned="学到了一点",
    withdrew="收回了一条经验",
    noted="值得知道",
    to_beat="要超过的基线",
    measuring="先测 {model}{takes} …",
    takes="（至少 {time}）",
    none_to_beat="这里没有适用的简单模型。",
    left_out="未测：{reason}",
    measured_in="，由 {study} 在同样的数据和条件下测得",
    became="研究 **{study}** {state}{reason}。",
    states={"paused": "已暂停", "stopped": "已停止", "failed": "失败了"},
    because="：{}",
    goes_on="研究 **{study}** 继续进行。",
    had_finished="研究 **{study}** 已经结束，现在可以继续。",
    finished_goes_on="研究 **{study}** 已经结束，现在继续进行。",
    program_ended="程序在 **{study}** 运行时结束了：研究已停止{done}。说“继续 {study}”就会接着进行。",
    with_done="（{}）",
    changed="有改动",
    answer="请选择，或输入 `answer: …`；{wait} 秒后研究不等回答继续。",
    no_answer="不回答，继续",
    ended="研究 **{study}** 结束：{reason}",
    none_counts="。没有试验得到可用的结果。",
    best="。最好的是试验 {trial}（{model}），{objective} **{value}**。可以问我为什么，或让我给用户推荐物品。",
    confirming="正在确认 · {contender}（{stage}，种子 {seed}）{bar}",
    confirmation_stopped="确认已中断 · {study}",
    confirmed="已确认 · {study}",
    duration=wording_in_chinese.duration,
    reason=_reason,
)
LINES: Mapping[Language, StudyLines] = {"en": ENGLISH, "zh": CHINESE}
