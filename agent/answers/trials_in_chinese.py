"""What is found about trials and made with their models, in Chinese."""

from agent.answers import importance_words
from agent.answers.refusals_in_chinese import refusal
from agent.answers.wording import number, param, param_or_none, params, percent, table, unquoted, with_spread
from agent.answers.wording_in_chinese import SOURCES, listed
from agent.results.comparison import (
    ModelImportance,
    NotPaired,
    ParamImportance,
    StudiesCompared,
    TradeOffs,
    TrialsCompared,
)
from agent.results.explained import TrialExplained
from agent.results.prediction import Prediction
from agent.results.serving import ItemsRecommended, ModelExported
from agent.results.sums import Sum
from agent.results.table import TrialTable


def explain_trial(facts: TrialExplained) -> str:
    measured, spread = facts.measured, facts.uncertainty
    came = f"**试验 {facts.number}**（{facts.study}）来自{SOURCES.get(facts.proposer, facts.proposer)}：`{facts.model}`，{params(facts)}。"
    if focus := facts.focus:
        came = f"**试验 {facts.number}** 中 `{focus.param}` 是 **{param(focus.value)}**（默认 {param(focus.default)}），来自{SOURCES.get(focus.source, '它的提议')}。"
    if facts.state in ("pruned", "failed"):
        result = f"它{'被提前停止' if facts.state == 'pruned' else '失败了'}。"
    elif measured is None:
        result = "它还没有完成。"
    else:
        rank = f"，在 {facts.n_ranked} 次试验中排第 {facts.rank}" if facts.rank is not None else ""
        expected = f"预期 {number(facts.expected)}，" if facts.expected is not None else ""
        result = f"{expected}测得 {facts.objective} **{with_spread(measured, spread)}**{rank}。"
    top = facts.best
    found = f"目前最好的是试验 {top.number}（{number(top.value)}）。" if top and top.number != facts.number else ""
    reason = f"\n\n原话：{unquoted(facts.rationale)}" if facts.rationale else ""
    return f"{came}{result}{found}{reason}"


def compare_trials(facts: TrialsCompared) -> str:
    numbers = [trial.number for trial in facts.trials]
    rows: list[tuple[object, ...]] = [
        *((f"`{name}`", *map(param_or_none, map(row.get, numbers))) for name, row in facts.params.items()),
        *((name, *(row[n] for n in numbers)) for name, row in facts.metrics.items()),
    ]
    found = f"试验 {facts.best} 更好。" if facts.best is not None else ""
    if len(set(facts.best_by.values())) > 1:
        found = f"{'，'.join(f'按 {metric} 试验 {n} 领先' for metric, n in facts.best_by.items())}。"
    paired = facts.paired
    verdict = (
        ""
        if isinstance(paired, NotPaired)
        else "差异明显，超出了用户间的偶然波动。"
        if paired.is_clear
        else "差异可能只是偶然。"
    )
    return f"比较 {facts.study} 的试验 {listed(map(str, numbers))}：{found}{verdict}\n\n{table(('', *(f'试验 {n}' for n in numbers)), rows)}"


def predict(facts: Prediction) -> str:
    given = "，".join(f"`{name}` {param(value)}" for name, value in facts.given.items() if value is not None)
    what = f"`{facts.model}`（{given or '默认参数'}）"
    if facts.measured:
        return f"这些参数已经跑过：{facts.objective} **{number(facts.measured.value)}**。没有运行任何东西。"
    if facts.mean is None or facts.interval is None or facts.confidence is None:
        return f"{what} 的结果还不能预测：{refusal(facts.why_not or '').removesuffix('。')}。没有运行任何东西。"
    low, high = facts.interval
    top = f"目前最好的是试验 {facts.best.number}（{number(facts.best.value)}）。" if facts.best else ""
    return (
        f"{what} 预期 {facts.objective} 约 **{number(facts.mean)}**（{percent(facts.confidence)} 区间 {number(low)} 到 {number(high)}，"
        f"依据 {facts.n_trials} 次试验）。{top}没有运行任何东西；说“运行它”就会运行。"
    )


def parameter_importance(facts: ParamImportance) -> str:
    return "\n\n".join(_importance_in(facts, model, found) for model, found in facts.models.items())


def _importance_in(facts: ParamImportance, model: str, found: ModelImportance) -> str:
    shares, intervals = found.importance, found.intervals
    if not shares:
        return f"`{model}`：只有 {found.n_trials} 次完成的试验，至少要 {found.n_needed or facts.min_trials} 次才能看出哪个参数重要。"
    top = max(shares, key=lambda name: shares[name])
    near = importance_words.rivals(top, shares, intervals)
    unclear = f"`{model}` 的哪个参数影响最大还不清楚：`{top}` 的区间与 {listed(f'`{name}`' for name in near)} 的重叠"
    first = unclear if near else f"对 `{model}` 影响最大的是 `{top}`"
    rows = [
        (f"`{name}`", importance_words.share_words(share), importance_words.interval_words(name, intervals))
        for name, share in shares.items()
    ]
    return f"{first}（{found.n_trials} 次试验）：\n\n{table(('参数', '占比', '区间'), rows)}"


def trials(facts: TrialTable) -> str:
    names = [facts.objective if name == "value" else name for name in facts.columns]
    rows = [[unquoted(cell) if isinstance(cell, str) else cell for cell in row] for row in facts.rows]
    return (
        f"**{facts.study}** 有 {facts.n} 次试验，最好的在前：\n\n{table(names, rows)}"
        if facts.n
        else f"**{facts.study}** 还没有试验。"
    )


def show_tradeoffs(facts: TradeOffs) -> str:
    metrics = list(facts.metrics)
    if not facts.front and facts.n_infeasible:
        return f"{facts.study} 里没有完成的试验满足 {listed(facts.constraints)}。"
    if not facts.front:
        return f"{facts.study} 还没有测过 {listed(metrics)} 的完整试验。"
    rows = [(t.number, t.model, *(t.values[m] for m in metrics)) for t in facts.front]
    left = f"（{facts.n_infeasible} 次不满足 {listed(facts.constraints)} 的试验不算在内）" if facts.n_infeasible else ""
    return f"在 {listed(metrics)} 上没有其他试验同时更好的是{left}：\n\n{table(('试验', '模型', *metrics), rows)}"


def calc(facts: Sum) -> str:
    return f"{facts.expression} = **{number(facts.result)}**"


def compare_studies(facts: StudiesCompared) -> str:
    judged = [(row, row.best) for row in facts.studies if row.best is not None]
    if len(judged) < len(facts.studies):
        without = listed(row.study for row in facts.studies if row.best is None)
        return f"还不能比较：{without} 还没有可以评判的试验。"
    each = listed(
        f"**{row.study}** 的试验 {found.trial}（{row.objective} {number(found.value)}）" for row, found in judged
    )
    names = {"dataset": "数据集", "objective": "指标", "split": "切分", "positive": "算作喜欢的评分"}
    names |= {"repeats": "用户有过的物品是否仍可推荐", "outcomes": "各结果的权重"}
    if facts.unlike:
        return f"不能直接比较：{listed(names[name] for name in facts.unlike)}不同。各自最好的是 {each}。"
    (first, _), (second, _) = sorted(judged, key=lambda pair: pair[1].value or 0.0, reverse=facts.is_maximized)
    paired = facts.paired
    sure = "" if paired is None else "，差异明显" if paired.is_clear else "，但差异可能只是偶然"
    return f"**{first.study}** 领先 **{second.study}**{sure}：{each}。"


def recommend_items(facts: ItemsRecommended) -> str:
    rows = [(i.rank, i.item, unquoted(i.text), i.score) for i in facts.items]
    unknown = f"对用户 {facts.user} 一无所知，所以这些是最热门的物品。\n\n" if facts.fallback else ""
    lead = f"给用户 {facts.user} 的推荐（试验 {facts.trial}，`{facts.model}`）："
    return f"{unknown}{lead}\n\n{table(('', '物品', '文本', '得分'), rows)}"


def export_model(facts: ModelExported) -> str:
    return f"已把试验 {facts.trial}（`{facts.model}`）导出为 {facts.format}：`{facts.path}`。"
