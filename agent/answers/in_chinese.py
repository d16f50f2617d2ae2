"""The main facts of every tool in Chinese, for those who ask in Chinese; names, numbers and params stay as they are.

word("study_status", facts) -> str, as `agent.answers.explain.word` does in English.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from agent.answers.wording import number, param, params, percent, table, unquoted, with_spread

Words = Mapping[str, Any]
STATES = {
    "queued": "正在排队",
    "running": "正在运行",
    "waiting": "正在等待你的批准",
    "paused": "已暂停",
    "stopped": "已停止，可以继续",
    "finished": "已完成",
    "failed": "失败了，可以继续",
}
_SOURCES = {
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


def word(tool: str, facts: Words) -> str:
    """The facts of `tool` in Chinese."""
    if "error" in facts:
        return _error(facts)
    if tool in WORDS:
        return WORDS[tool](facts)
    return f"结果：{'，'.join(f'{key}: {value}' for key, value in facts.items())}"


def duration(seconds: float) -> str:
    """2 小时 5 分钟"""
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{number(round(seconds, 1))} 秒"
    return f"{minutes} 分钟" if minutes < 90 else f"{minutes // 60} 小时 {minutes % 60} 分钟"


def state(facts: Words) -> str:
    """**demo-2** 已完成（4/4 次试验）"""
    return f"**{facts['study']}** {STATES[facts['state']]}（{facts['n_finished']}/{facts['n_trials']} 次试验）"


def best(facts: Words) -> str:
    """试验 0（`sasrec`，ndcg@10 **0.075** ± 0.009，验证集）"""
    found, stands = facts["best"], facts["standing"]
    value = with_spread(stands["best"]["value"], stands["uncertainty"])
    return f"试验 {found['number']}（`{found['model']}`，{found['objective']} **{value}**，验证集）"


def against(facts: Words) -> str:
    """What can be told apart from the best, and the lines to beat."""
    stands = facts["standing"]
    others = [str(n) for n in stands["group"] if n != stands["best"]["number"]] if stands["is_group_known"] else []
    parts = [f"试验 {_listed(others)} 与它没有明显差别。"] if others else []
    if stands["is_defaults"]:
        parts.append("它就是模型的默认值，其他参数都没有更好。")
    elif stands["gain"] is not None:
        clear = "明显好于" if stands["is_clear_gain"] else "并不明显好于"
        parts.append(f"它{clear}默认值（试验 {stands['defaults']['number']}）。")
    lines = [f"{row['model']} {number(row['value'])}" for row in stands["baselines"]]
    if lines:
        parts.append(f"基线（默认参数）：{_listed(lines)}。")
    above = [row["model"] for row in stands["baselines"] if row["is_beaten"] is False]
    if above:
        parts.append(f"最好的试验还没有超过 {_listed(above)}。")
    return "".join(parts)


def _error(facts: Words) -> str:
    choices = "\n".join(f"- `{candidate}`" for candidate in facts.get("candidates", ()))
    return f"没有执行：{facts['error']}" + (f"\n\n请选择：\n\n{choices}" if choices else "")


def _listed(words: Iterable[str]) -> str:
    return "、".join(words)


def _models(names: Iterable[str]) -> str:
    return _listed(f"`{name}`" for name in names)


def _study_status(facts: Words) -> str:
    parts = [f"{state(facts)}，数据集 `{facts['dataset']}`，用时 {duration(facts['elapsed_s'])}。"]
    if running := facts.get("running"):
        parts.append(f"试验 {running['number']} 正在训练：第 {running['epoch']}/{running['epochs']} 轮。")
    if left := time_left(facts):
        parts.append(left)
    if facts.get("best"):
        parts.append(f"目前最好的是{best(facts)}，参数：{params(facts['best'])}。{against(facts)}")
    if pending := facts.get("pending"):
        parts.append(f"试验 {pending['number']} 在等待：{_proposal(pending)}")
    rows = [(t["number"], t["model"], with_spread(t["value"], t["half_width"])) for t in facts.get("leaderboard", ())]
    if rows:
        parts.append(table(("试验", "模型", facts["objective"]), rows))
    return "\n\n".join(parts)


def time_left(facts: Words) -> str:
    """How long it still takes; empty where nothing is left."""
    left = facts["time_left"]
    if facts["state"] in ("finished", "failed") or not left["n_left"]:
        return ""
    if left["seconds"] is None:
        return f"还剩 {left['n_left']} 次试验；第一次试验之后才知道要多久。"
    return f"大约还要 **{duration(left['seconds'])}**（剩 {left['n_left']} 次试验）。"


def _start_study(facts: Words) -> str:
    limit = f"，最多 {duration(facts['time_limit_s'])}" if facts.get("time_limit_s") else ""
    chosen = "" if facts["models_chosen_by"] == "person" else "（你没有指定模型，由这些模型竞争）"
    more = "".join(f"，{name} {value}" for name, value in facts.get("space", {}).items())
    more += f"，切分 {facts['split']}" if facts.get("split", "auto") != "auto" else ""
    more += f"，采样器 {facts['sampler']}" if facts.get("sampler", "advisor") != "advisor" else ""
    more += f"，约束 {_listed(map(str, facts['constraints']))}" if facts.get("constraints") else ""
    return (
        f"已开始研究 **{facts['study']}**：在 `{facts['dataset']}` 上调 {_models(facts['models'])}{chosen}，目标 {facts['objective']}，"
        f"{facts['n_trials']} 次试验{limit}{more}。它在后台运行；可以说“进展怎么样”“暂停”“停止”。"
    )


def _proposal(facts: Words) -> str:
    expected = f"，预期 {number(facts['expected'])}" if facts.get("expected") is not None else ""
    return (
        f"`{facts['model']}`，{params(facts)}（来自{_SOURCES.get(facts['proposer'], facts['proposer'])}）{expected}。"
    )


def _propose_trial(facts: Words) -> str:
    proposal = facts["proposal"]
    return f"下一个会是试验 {proposal['number']}：{_proposal(proposal)}还没有运行；说“运行它”就开始。"


def _run_trial(facts: Words) -> str:
    return f"试验 {facts['proposal']['number']} 已开始：{_proposal(facts['proposal'])}"


def _repeat_trial(facts: Words) -> str:
    return f"已开始重复试验 {facts['repeats']}（种子 {facts['seed']}），它是 **{facts['study']}** 的试验 {facts['proposal']['number']}。"


def _control_study(facts: Words) -> str:
    if "stopped" in facts:
        return f"已停止 **{facts['study']}** 的确认；已测得的结果会保留。"
    running = facts.get("running")
    tails = {"pause": f"试验 {running} 会先跑完。", "stop": f"试验 {running} 会在这一轮结束时停下。"}
    tail = tails.get(facts["action"], "") if running is not None else ""
    return f"{state(facts)}。{tail}已完成的试验都会保留。"


def _extend_study(facts: Words) -> str:
    after = facts["after"]
    limit = "无时间限制" if after["time_limit_s"] is None else f"最多 {duration(after['time_limit_s'])}"
    bounds = f"，约束 {_listed(after['constraints'])}" if after["constraints"] else ""
    return f"已修改 **{facts['study']}**：共 {after['n_trials']} 次试验，{limit}，模型 {_models(after['models'])}{bounds}。现在{STATES[facts['state']]}。"


def _set_search_space(facts: Words) -> str:
    before = f"（之前是 {facts['before']}）" if facts.get("before") else ""
    return f"已修改：从下一次试验起，`{facts['model']}` 的 `{facts['param']}` 在 {facts['after']} 中搜索{before}。说“撤销”可以改回去。"


def _list_datasets(facts: Words) -> str:
    rows = [
        (f"`{d['name']}`", *(d.get(key, "") for key in ("n_users", "n_items", "n_interactions")))
        for d in facts["datasets"]
    ]
    return f"共有 {facts['count']} 个数据集：\n\n{table(('数据集', '用户', '物品', '交互'), rows)}\n\n把文件拖进聊天就能添加自己的数据。"


def _dataset(facts: Words) -> str:
    profile = facts["profile"]
    shown = (("n_users", "个用户"), ("n_items", "个物品"), ("n_interactions", "次交互"))
    counts = _listed(f"{number(profile[key])} {unit}" for key, unit in shown if key in profile)
    density = f"，密度 {percent(profile['density'])}" if "density" in profile else ""
    history = f"，每个用户的历史中位数 {number(profile['history_median'])}" if "history_median" in profile else ""
    return f"**{facts['dataset']}** 有 {counts}{density}{history}。"


def _add_dataset(facts: Words) -> str:
    return f"已添加。{_dataset(facts)}说“在 {facts['dataset']} 上调参”就可以开始。"


def _list_studies(facts: Words) -> str:
    if not facts["count"]:
        return "还没有研究。可以说“在 demo 上用 sasrec 调参”。"
    rows = [
        (
            row["study"],
            row.get("dataset", ""),
            f"{row.get('n_finished', '')}/{row.get('n_trials', '')}",
            STATES.get(row.get("state", ""), ""),
            number(row["best"]["value"]) if row.get("best") else "–",
        )
        for row in facts["studies"]
    ]
    return f"共有 {facts['count']} 个研究：\n\n{table(('研究', '数据集', '试验', '状态', '最好'), rows)}"


def _open_study(facts: Words) -> str:
    return f"现在是 **{facts['study']}**（`{facts['dataset']}`，{_models(facts['models'])}，{facts['n_finished']}/{facts['n_trials']} 次试验）。"


def _explain_trial(facts: Words) -> str:
    measured, spread = facts["measured"], facts.get("uncertainty")
    came = f"**试验 {facts['number']}**（{facts['study']}）来自{_SOURCES.get(facts['proposer'], facts['proposer'])}：`{facts['model']}`，{params(facts)}。"
    if focus := facts.get("focus"):
        came = f"**试验 {facts['number']}** 中 `{focus['param']}` 是 **{param(focus['value'])}**（默认 {param(focus['default'])}），来自{_SOURCES.get(focus.get('source', ''), '它的提议')}。"
    if facts["state"] in ("pruned", "failed"):
        result = f"它{'被提前停止' if facts['state'] == 'pruned' else '失败了'}。"
    elif measured is None:
        result = "它还没有完成。"
    else:
        rank = f"，在 {facts['n_ranked']} 次试验中排第 {facts['rank']}" if facts.get("rank") is not None else ""
        expected = f"预期 {number(facts['expected'])}，" if facts["expected"] is not None else ""
        result = f"{expected}测得 {facts['objective']} **{with_spread(measured, spread)}**{rank}。"
    top = facts.get("best")
    found = (
        f"目前最好的是试验 {top['number']}（{number(top['value'])}）。"
        if top and top["number"] != facts["number"]
        else ""
    )
    reason = f"\n\n原话：{unquoted(facts['rationale'])}" if facts.get("rationale") else ""
    return f"{came}{result}{found}{reason}"


def _compare_trials(facts: Words) -> str:
    numbers = [str(trial["number"]) for trial in facts["trials"]]
    rows = [
        *((f"`{name}`", *(param(row[n]) for n in numbers)) for name, row in facts["params"].items()),
        *((name, *(row[n] for n in numbers)) for name, row in facts["metrics"].items()),
    ]
    found = f"试验 {facts['best']} 更好。" if facts.get("best") is not None else ""
    paired = facts["paired"]
    verdict = (
        ""
        if "why_not" in paired
        else "差异明显，超出了用户间的偶然波动。"
        if paired["is_clear"]
        else "差异可能只是偶然。"
    )
    return f"比较 {facts['study']} 的试验 {_listed(numbers)}：{found}{verdict}\n\n{table(('', *(f'试验 {n}' for n in numbers)), rows)}"


def _recommend_items(facts: Words) -> str:
    rows = [(i["rank"], i["item"], unquoted(i.get("text")), i["score"]) for i in facts["items"]]
    unknown = f"对用户 {facts['user']} 一无所知，所以这些是最热门的物品。\n\n" if facts.get("fallback") else ""
    lead = f"给用户 {facts['user']} 的推荐（试验 {facts['trial']}，`{facts['model']}`）："
    return f"{unknown}{lead}\n\n{table(('', '物品', '文本', '得分'), rows)}"


def _export_model(facts: Words) -> str:
    return f"已把试验 {facts['trial']}（`{facts['model']}`）导出为 {facts['format']}：`{facts['path']}`。"


def _predict(facts: Words) -> str:
    given = "，".join(f"`{name}` {param(value)}" for name, value in facts["given"].items() if value is not None)
    what = f"`{facts['model']}`（{given or '默认参数'}）"
    if facts.get("measured"):
        return f"这些参数已经跑过：{facts['objective']} **{number(facts['measured']['value'])}**。没有运行任何东西。"
    if facts["mean"] is None:
        return f"{what} 的结果还不能预测：{facts['why_not']}。没有运行任何东西。"
    low, high = facts["interval"]
    top = f"目前最好的是试验 {facts['best']['number']}（{number(facts['best']['value'])}）。" if facts["best"] else ""
    return (
        f"{what} 预期 {facts['objective']} 约 **{number(facts['mean'])}**（{percent(facts['confidence'])} 区间 {number(low)} 到 {number(high)}，"
        f"依据 {facts['n_trials']} 次试验）。{top}没有运行任何东西；说“运行它”就会运行。"
    )


def _show_space(facts: Words) -> str:
    rows = [
        (model, f"`{row['param']}`", row["range"], param(row["default"]))
        for model, found in facts["models"].items()
        for row in found
    ]
    return f"搜索空间：\n\n{table(('模型', '参数', '范围', '默认'), rows)}"


def _parameter_importance(facts: Words) -> str:
    parts = []
    for model, found in facts["models"].items():
        shares = found["importance"]
        if not shares:
            parts.append(f"`{model}`：只有 {found['n_trials']} 次完成的试验，还看不出哪个参数重要。")
            continue
        top = max(shares, key=lambda name: shares[name])
        rows = [(f"`{name}`", percent(share)) for name, share in shares.items()]
        parts.append(
            f"对 `{model}` 影响最大的是 `{top}`（{found['n_trials']} 次试验）：\n\n{table(('参数', '占比'), rows)}"
        )
    return "\n\n".join(parts)


def _remember_lesson(facts: Words) -> str:
    return f"已记下（编号 {facts['number']}）：{facts['text']}"


def _list_lessons(facts: Words) -> str:
    if not facts["count"]:
        return "还没有记下任何东西。说“记住……”就会保存。"
    rows = [(row["number"], unquoted(row["text"])) for row in facts["lessons"]]
    return f"共有 {facts['count']} 条笔记：\n\n{table(('', '内容'), rows)}"


def _recall_trials(facts: Words) -> str:
    if not facts["trials"] and not facts["lessons"]:
        return "记忆里还没有相似的试验。"
    rows = [(t["trial"], t["dataset"], t["model"], t["objective"], t["value"]) for t in facts["trials"]]
    said = "\n".join(f"- {lesson['text']}" for lesson in facts["lessons"])
    found = f"记忆中的试验：\n\n{table(('试验', '数据集', '模型', '目标', '结果'), rows)}" if rows else ""
    return "\n\n".join(filter(None, (found, f"经验：\n\n{said}" if said else "")))


def _confirm(facts: Words) -> str:
    if "before" in facts:
        return f"已经确认过：**{facts['found']['verdict']}**"
    return f"正在确认 **{facts['study']}**：{_listed(facts['contenders'])}，各用最多 {facts['n_seeds']} 个种子；在验证集上选择，然后只读取一次测试集。"


def _show_confirmation(facts: Words) -> str:
    if found := facts.get("found"):
        return f"**{found['verdict']}**"
    return f"**{facts['study']}** 还没有确认：测试集是封存的，所以没有测试分数。说“确认”就会用多个种子重新训练最好的几个，然后读取一次测试集。"


def _undo(facts: Words) -> str:
    if "nothing" in facts:
        return "这个聊天里没有可以撤销的更改。"
    if facts["undone"] is None:
        return f"无法撤销：{facts['cannot']}。{facts['instead']}"
    return f"已撤销：{facts['undone']}。现在：{facts['now']}。"


def _rename_study(facts: Words) -> str:
    return f"研究现在叫 **{facts['study']}**（之前叫 {facts['before']}）。"


def _rename_dataset(facts: Words) -> str:
    return f"数据集现在叫 **{facts['dataset']}**（之前叫 {facts['before']}）。"


def _remove_dataset(facts: Words) -> str:
    return f"已把 **{facts['dataset']}** 移出列表；文件还在，说“撤销”可以恢复。"


def _delete_study(facts: Words) -> str:
    return f"已删除 **{facts['deleted']}**（{facts['n_trials']} 次试验）；说“撤销”可以恢复。"


def _forget_lesson(facts: Words) -> str:
    return f"已忘记：{facts['text']}"


def _report(facts: Words) -> str:
    return (
        f"**{facts['study']}** 的报告：`{facts['path']}`。" if facts["path"] else f"**{facts['study']}** 还没有报告。"
    )


def _trials(facts: Words) -> str:
    names = [facts["objective"] if name == "value" else name for name in facts["columns"]]
    rows = [[unquoted(cell) if isinstance(cell, str) else cell for cell in row] for row in facts["rows"]]
    return (
        f"**{facts['study']}** 有 {facts['n']} 次试验，最好的在前：\n\n{table(names, rows)}"
        if facts["n"]
        else f"**{facts['study']}** 还没有试验。"
    )


def _show_tradeoffs(facts: Words) -> str:
    metrics = list(facts["metrics"])
    if not facts["front"]:
        return f"{facts['study']} 还没有测过 {_listed(metrics)} 的完整试验。"
    rows = [(t["number"], t["model"], *(t["values"][m] for m in metrics)) for t in facts["front"]]
    return f"在 {_listed(metrics)} 上没有其他试验同时更好的是：\n\n{table(('试验', '模型', *metrics), rows)}"


def _calc(facts: Words) -> str:
    return f"{facts['expression']} = **{number(facts['result'])}**"


def _inspect_data(facts: Words) -> str:
    names = [
        name
        for name in ("user", "item", "text", "weight", "time", "rank", "n")
        if any(name in row for row in facts.get("rows", ()))
    ]
    rows = [
        [unquoted(v) if isinstance(v := row.get(name, ""), str) else v for name in names]
        for row in facts.get("rows", ())
    ]
    who = (
        f"用户 {unquoted(facts['user'])} 的记录"
        if facts.get("user")
        else f"物品 {unquoted(facts['item'])} 的记录"
        if facts.get("item")
        else "数据"
    )
    roles = [(role, unquoted(column)) for role, column in facts.get("roles", {}).items()]
    shown = table(names, rows) if rows else table(("角色", "列"), roles) if roles else "没有记录。"
    return f"**{facts['dataset']}** 中{who}：\n\n{shown}"


WORDS: dict[str, Callable[[Words], str]] = {
    "study_status": _study_status,
    "start_study": _start_study,
    "propose_trial": _propose_trial,
    "run_trial": _run_trial,
    "repeat_trial": _repeat_trial,
    "control_study": _control_study,
    "extend_study": _extend_study,
    "set_search_space": _set_search_space,
    "list_datasets": _list_datasets,
    "describe_dataset": _dataset,
    "add_dataset": _add_dataset,
    "inspect_data": _inspect_data,
    "list_studies": _list_studies,
    "open_study": _open_study,
    "explain_trial": _explain_trial,
    "compare_trials": _compare_trials,
    "recommend_items": _recommend_items,
    "export_model": _export_model,
    "predict": _predict,
    "show_space": _show_space,
    "parameter_importance": _parameter_importance,
    "remember_lesson": _remember_lesson,
    "list_lessons": _list_lessons,
    "recall_trials": _recall_trials,
    "confirm": _confirm,
    "show_confirmation": _show_confirmation,
    "undo": _undo,
    "rename_study": _rename_study,
    "rename_dataset": _rename_dataset,
    "remove_dataset": _remove_dataset,
    "delete_study": _delete_study,
    "forget_lesson": _forget_lesson,
    "report": _report,
    "trials": _trials,
    "show_tradeoffs": _show_tradeoffs,
    "calc": _calc,
}
"""By the name of the tool."""
