"""What of the past weighed in, in Chinese."""

from collections.abc import Sequence

from agent.answers.explain_weighed import in_trials, likeness, trusts
from agent.answers.wording import number, table, unquoted
from agent.results.weighed import DataTrusted, PastWeighed, Spoke


def weighed(facts: PastWeighed) -> str:
    if facts.about == "shipped":
        return _shipped(facts)
    if facts.of is not None:
        return _of(facts, facts.of)
    parts = {
        "data": [_data(facts)],
        "rules": [_spoken(facts, "规则", facts.rules)],
        "notes": [_bounds(facts), _spoken(facts, "经验", facts.lessons)],
    }.get(facts.about)
    if parts is None:
        parts = [_helped(facts), _data(facts)]
        parts += [_bounds(facts)] if facts.bounds else []
        parts += [_spoken(facts, what, them) for what, them in (("规则", facts.rules), ("经验", facts.lessons)) if them]
    return "\n\n".join(parts)


def _where(facts: PastWeighed) -> str:
    return f"**{facts.study}**" + ("" if facts.trial is None else f" 的试验 {facts.trial}")


def _helped(facts: PastWeighed) -> str:
    if not facts.n_from_past and not (facts.rules or facts.lessons or facts.bounds):
        return f"过去的任何东西都没有影响{_where(facts)}（采样器 {facts.sampler}），所以谈不上有没有帮助。"
    if facts.trial is not None:
        return f"只凭一次试验说不出有没有帮助；影响{_where(facts)}的有："
    return (
        f"只凭 **{facts.study}** 不能证明：需要一个不用历史的同样研究。{_best(facts)}总的来说（EXPERIMENTS.md），在对已测研究的重放中，"
        "用记忆的研究领先，尤其在开始时；在没有用来调过的数据上，真实的研究还没有领先。要在这里弄清楚，请用 `sampler gp`（不用记忆和规则）开始同样的研究，再比较两者。"
    )


def _best(facts: PastWeighed) -> str:
    best = facts.best
    if best is None:
        return "还没有可以评判的试验。"
    how = (
        "提出时参考了过去的数据"
        if best.trusted
        else "是模型的默认参数"
        if best.proposer == "defaults"
        else "提出时没有参考过去的数据"
    )
    return (
        f"能说的是：目前最好的试验 {best.number}（{facts.objective} **{number(best.value)}**）{how}；"
        f"{facts.n_trials} 次试验中有 {facts.n_from_past} 次参考了过去的数据。"
    )


def _data(facts: PastWeighed) -> str:
    if not facts.data:
        return f"没有过去的数据影响{_where(facts)}：{facts.n_trials} 次试验的理由都没有提到。"
    rows = [
        (f"{one.called}{'（附带）' if one.is_shipped else ''}", _trusts(one), in_trials(one.trials))
        for one in facts.data
    ]
    why = "\n".join(
        f"- {one.called}：相似度 {_alike(one)}{f'；{one.since}' if one.since else ''}" for one in facts.data
    )
    return (
        f"影响{_where(facts)}的过去数据（信任为 0 到 1，从首次到最近；每次试验最多列出三个；附带的随 recpilot 而来）：\n\n"
        f"{table(('过去的数据', '信任', '试验'), rows)}\n\n与这些数据的相似度，和最近给出的理由：\n\n{why}"
    )


def _alike(one: DataTrusted) -> str:
    return "未知" if one.likeness is None else likeness(one)


def _trusts(one: DataTrusted) -> str:
    return "无" if one.first is None else trusts(one).replace(", at most ", "，最高 ")


def _spoken(facts: PastWeighed, what: str, them: Sequence[Spoke]) -> str:
    if not them:
        return f"没有{what}影响{_where(facts)}。"
    rows = [(unquoted(one.says), in_trials(one.trials)) for one in them]
    return f"影响{_where(facts)}的{what}有 {len(rows)} 条：\n\n{table((what, '试验'), rows)}"


def _bounds(facts: PastWeighed) -> str:
    if not facts.bounds:
        return f"没有笔记限制 **{facts.study}** 的搜索。"
    return f"**{facts.study}** 全程受您的笔记限制：\n\n" + "\n".join(f"- {unquoted(one.says)}" for one in facts.bounds)


def _of(facts: PastWeighed, one: DataTrusted) -> str:
    alike = f"它与 `{facts.dataset}` 的相似度是 {_alike(one)}。"
    if not one.trials:
        return f"{_where(facts)} 没有依靠 `{one.dataset}`：{facts.n_trials} 次试验的理由都没有提到它（最多列出三个）。{alike}"
    since = f"最近给出的理由：{one.since}。" if one.since else ""
    return f"`{one.dataset}` 影响了 **{facts.study}** 的试验 {in_trials(one.trials)}，信任为 {_trusts(one)}（0 到 1）。{alike}{since}"


def _shipped(facts: PastWeighed) -> str:
    rows = [(one.dataset, "–" if facts.study is None else _alike(one)) for one in facts.shipped]
    return f"recpilot 附带 {len(rows)} 份历史：\n\n{table(('历史', '相似度'), rows)}"
