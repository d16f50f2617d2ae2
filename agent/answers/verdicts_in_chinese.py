"""The verdicts on the commonest questions in Chinese; for the others the facts themselves are shown in Chinese."""

from collections.abc import Callable
from dataclasses import replace

from agent.answers import wording_in_chinese
from agent.answers.verdict_facts import BUSY, Heard, each_s, is_past_real_defaults, unbeaten
from agent.answers.wording import number
from agent.outside import in_markdown
from agent.results.comparison import NotPaired, TrialsCompared
from agent.results.memory import LessonList
from agent.results.status import Status


def verdict(kind: str, heard: Heard) -> str:
    """The answer to a kind of question; empty where it is not among these."""
    if kind not in VERDICTS:
        return ""
    return in_markdown(lambda facts: VERDICTS[kind](replace(heard, facts=facts)), heard.facts)


def _state(heard: Heard) -> str:
    status = heard.of(Status)
    return f"{wording_in_chinese.state(status)}。" if status else "还没有研究。"


def _safe(heard: Heard) -> str:
    return f"可以，什么都不会丢：已完成的试验会保留；暂停会让正在跑的试验跑完，停止会在这一轮结束时停下，之后说“继续”即可。{_state(heard)}"


def _exported(heard: Heard) -> str:
    status = heard.of(Status)
    if status and status.exports:
        return f"导出过：{'；'.join(status.exports)}。"
    return "没有，还没有导出过任何模型。说“导出最好的模型”就会导出。"


def _did_start(heard: Heard) -> str:
    status = heard.of(Status)
    if not status:
        return "没有，还没有研究。"
    return f"{'是的' if status.state in BUSY else '没有，现在没有东西在运行'}：{_state(heard)}"


def _best(heard: Heard) -> str:
    status = heard.of(Status)
    if not status or status.best is None:
        return f"还没有可以评判的试验。{_state(heard)}"
    return f"**{status.study}** 最好的是{wording_in_chinese.best(status)}。{wording_in_chinese.against(status)}"


_CUT_GRADES = {
    True: "好，也超过了模型真正的默认值",
    False: "还可以：超过了按本研究的范围改过的默认值，但不一定好于真正的默认值",
    None: "还可以：超过了按本研究的范围改过的默认值；真正的默认值没有测过",
}


def _good(heard: Heard) -> str:
    status = heard.of(Status)
    if not status or status.best is None:
        return f"现在还说不准：还没有可以评判的试验。{_state(heard)}"
    above = unbeaten(status)
    grade = (
        f"还不够好：没有调过的 {'、'.join(above)} 更好"
        if above
        else _CUT_GRADES[is_past_real_defaults(status)]
        if status.standing.is_clear_gain and status.standing.defaults_cut
        else "好，明显超过了默认值"
        if status.standing.is_clear_gain
        else "还可以，但调参还没有带来确定的提高"
    )
    return f"{grade}。最好的是{wording_in_chinese.best(status)}。{wording_in_chinese.against(status)}"


def _noise(heard: Heard) -> str:
    compared = heard.of(TrialsCompared)
    if compared is None or isinstance(compared.paired, NotPaired):
        return "现在还说不准：没有两个可以比较的试验。"
    paired = compared.paired
    first, second = paired.minus, paired.of
    sure = "不只是噪声" if paired.is_clear else "很可能只是噪声"
    return (
        f"{sure}：试验 {first} 和 {second} 的 {paired.metric} 相差 {number(abs(paired.mean_difference))}，"
        f"95 % 区间为 {number(paired.low)} 到 {number(paired.high)}（{paired.n_users} 个用户）。换一个种子也可能变化，可以“重复试验 {first}”或“确认”。"
    )


def _how_long(heard: Heard) -> str:
    status = heard.of(Status)
    if not status:
        return "还没有研究；第一次试验之后才知道要多久。"
    left = wording_in_chinese.time_left(status)
    each = "" if (seconds := each_s(status)) is None else f"，每次试验训练约 {wording_in_chinese.duration(seconds)}"
    return (
        f"{left}{_state(heard)}到现在用时 {wording_in_chinese.duration(status.elapsed_s)}。"
        if left
        else f"没有剩下的了：{_state(heard)}用时 {wording_in_chinese.duration(status.elapsed_s)}{each}。"
    )


def _can_delete(heard: Heard) -> str:
    return "可以：研究会移出列表，它的试验和权重仍在磁盘上，说“撤销”可以恢复。现在什么都没有删除。"


def _noted(heard: Heard) -> str:
    found = heard.of(LessonList)
    if not found or not found.lessons:
        return "还没有记下任何东西。说“记住……”就会保存。"
    last = max(found.lessons, key=lambda row: row.number)
    return f"记下了，编号 {last.number}：{last.text}"


def _confirmed(heard: Heard) -> str:
    status = heard.of(Status)
    chosen = f"最好的是{wording_in_chinese.best(status)}，" if status and status.best else ""
    return f"没有用测试集选择：{chosen}它是在验证集上选的。测试集是封存的，只有“确认”会读取一次。"


def _test_score(heard: Heard) -> str:
    status = heard.of(Status)
    if not status or status.confirmed.is_confirmed:
        return ""
    known = f"目前已知的是{wording_in_chinese.best(status)}。" if status.best else ""
    return f"没有测试分数：在确认之前测试集是封存的。{known}说“确认”就会读取一次。"


def _begin(heard: Heard) -> str:
    return "从内置的 demo 数据或你自己的文件开始：说“在 demo 上调参，10 次试验”，几个常用模型会竞争；之后可以问“进展怎么样”“结果好吗”。"


def _offline(heard: Heard) -> str:
    return "不会，数据不会离开这台机器：内置助手不需要网络。"


VERDICTS: dict[str, Callable[[Heard], str]] = {
    "safe": _safe,
    "exported": _exported,
    "did_start": _did_start,
    "stopped_itself": _did_start,
    "best": _best,
    "good": _good,
    "trust": _good,
    "noise": _noise,
    "how_long": _how_long,
    "can_delete": _can_delete,
    "lost_by_delete": _can_delete,
    "noted": _noted,
    "confirmed": _confirmed,
    "test_score": _test_score,
    "begin": _begin,
    "offline": _offline,
}
"""By the kind that `agent.understanding.asking.asked` finds."""
