"""The pieces that Chinese answers are made of: states, durations, the best trial, what is left."""

from collections.abc import Iterable

from agent.answers.wording import number, params, with_spread
from agent.results.proposal import ProposalShown
from agent.results.standing import StandingShown
from agent.results.status import Status
from agent.results.study import StudySteered

STATES = {
    "queued": "正在排队",
    "running": "正在运行",
    "waiting": "正在等待你的批准",
    "paused": "已暂停",
    "stopped": "已停止，可以继续",
    "finished": "已完成",
    "failed": "失败了，可以继续",
}
SOURCES = {
    "defaults": "模型的默认值（每个研究都先测它）",
    "memory": "过去研究的记忆",
    "gp": "用已有试验拟合的高斯过程",
    "tpe": "TPE",
    "cmaes": "CMA-ES",
    "nsga2": "NSGA-II",
    "grid": "网格",
    "random": "搜索空间中的随机取点",
    "llm": "语言模型",
    "user": "你",
    "imported": "你导入的试验",
    "request": "你的要求，套用在最好的参数上",
    "repeat": "重复最好的默认值（换一个种子，看偶然性有多大）",
}


def duration(seconds: float) -> str:
    """2 小时 5 分钟"""
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{number(round(seconds, 1))} 秒"
    if minutes < 90:
        return f"{minutes} 分钟"
    return f"{minutes // 60} 小时 {minutes % 60} 分钟" if minutes % 60 else f"{minutes // 60} 小时"


def state(facts: Status | StudySteered) -> str:
    """**demo-2** 已完成（4/4 次试验）"""
    return f"**{facts.study}** {'正在停止' if facts.is_stopping else STATES[facts.state]}（{facts.n_finished}/{facts.n_trials} 次试验）"


def best(facts: Status) -> str:
    """试验 0（`sasrec`，ndcg@10 **0.075** ± 0.009，验证集）"""
    found, stands = facts.best, facts.standing
    if found is None or stands.best is None:
        return "（还没有）"
    value = with_spread(stands.best.value, stands.uncertainty)
    return f"试验 {found.number}（`{found.model}`，{found.objective} **{value}**，验证集）"


def against(facts: Status) -> str:
    """What can be told apart from the best, and the lines to beat."""
    stands = facts.standing
    top = stands.best.number if stands.best is not None else None
    others = [str(n) for n in stands.group if n != top] if stands.is_group_known else []
    parts = [f"试验 {listed(others)} 与它没有明显差别。"] if others else []
    base = _defaults(stands)
    if stands.is_defaults and stands.defaults_cut:
        parts.append(f"它就是{base}，其他参数都没有更好。")
    elif stands.is_defaults:
        parts.append("它就是模型的默认值，其他参数都没有更好。")
    elif stands.gain is not None and stands.defaults is not None:
        clear = "明显好于" if stands.is_clear_gain else "并不明显好于"
        parts.append(f"它{clear}{base}（试验 {stands.defaults.number}）。")
    if (barred := stands.barred_defaults) is not None:
        parts.append(f"{barred.model} 的默认值（试验 {barred.number}）不满足 {listed(barred.unmet)}，所以不与它比较。")
    lines = [f"{row.model} {number(row.value)}" for row in stands.baselines]
    if lines:
        parts.append(f"基线（默认参数）：{listed(lines)}。")
    above = [row.model for row in stands.baselines if row.is_beaten is False]
    if above:
        parts.append(f"最好的试验还没有超过 {listed(above)}。")
    return "".join(parts)


def _defaults(stands: StandingShown) -> str:
    """Which defaults are meant."""
    if stands.defaults_cut:
        return f"按本研究的范围改过的默认值（`{stands.defaults_model}`，{stands.defaults_cut}）"
    is_of_another = stands.best_model and stands.defaults_model and stands.best_model != stands.defaults_model
    return f" `{stands.defaults_model}` 的默认值" if is_of_another else "默认值"


def listed(words: Iterable[str]) -> str:
    return "、".join(words)


def models(names: Iterable[str]) -> str:
    return listed(f"`{name}`" for name in names)


def time_left(facts: Status) -> str:
    """How long it still takes; empty where nothing is left."""
    left = facts.time_left
    if facts.state in ("finished", "failed") or not left.n_left:
        return ""
    if left.seconds is None:
        return f"还剩 {left.n_left} 次试验；第一次试验之后才知道要多久。"
    return f"大约还要 **{duration(left.seconds)}**（剩 {left.n_left} 次试验）。"


def proposal(facts: ProposalShown) -> str:
    expected = f"，预期 {number(facts.expected)}" if facts.expected is not None else ""
    return f"`{facts.model}`，{params(facts)}（来自{SOURCES.get(facts.proposer, facts.proposer)}）{expected}。"
