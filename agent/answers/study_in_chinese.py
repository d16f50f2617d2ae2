"""What is found and done about studies, in Chinese."""

from agent.answers.deeds_in_chinese import deed
from agent.answers.explain_study import further_names
from agent.answers.refusals_in_chinese import refusal
from agent.answers.wording import number, param, params, table, unquoted, with_spread
from agent.answers.wording_in_chinese import STATES, against, best, duration, listed, models, proposal, state, time_left
from agent.pruner_words import DEFAULT_PRUNER
from agent.results.confirmed import ConfirmationBegun, ConfirmationShown, ConfirmedBefore
from agent.results.prediction import ParamShown, SpaceChanged, SpaceShown
from agent.results.proposal import Proposed, RepeatBegun, TrialBegun, TrialRejected
from agent.results.standing import StandingShown
from agent.results.status import Status
from agent.results.study import (
    ConfirmationCutOff,
    NothingToUndo,
    NotUndone,
    ReportPlace,
    StudyBegun,
    StudyDeleted,
    StudyList,
    StudyOpened,
    StudyRenamed,
    StudyRow,
    StudySteered,
    StudyUnreadable,
    TermsChanged,
    Undone,
)


def study_status(facts: Status) -> str:
    parts = [f"{state(facts)}，数据集 `{facts.dataset}`，用时 {duration(facts.elapsed_s)}。"]
    if facts.run_by:
        parts.append(f"它由另一个进程（{unquoted(facts.run_by)}）运行；请在那里操作。")
    if running := facts.running:
        parts.append(f"试验 {running.number} 正在训练：第 {running.epoch}/{running.epochs} 轮。")
    if left := time_left(facts):
        parts.append(left)
    if front := _front(facts.standing):
        parts.append(front)
    if facts.best:
        lead = f"按第一个目标 {facts.objective}，其中最好的是" if front else "目前最好的是"
        parts.append(f"{lead}{best(facts)}，参数：{params(facts.best)}。{against(facts)}")
    if pending := facts.pending:
        parts.append(f"试验 {pending.number} 在等待：{proposal(pending)}")
    further = further_names(facts)
    rows = [
        (t.number, t.model, with_spread(t.value, t.half_width), *(number(t.further.get(name)) for name in further))
        for t in facts.leaderboard
    ]
    if rows:
        parts.append(table(("试验", "模型", facts.objective, *further), rows))
    return "\n\n".join(parts)


def _front(stands: StandingShown) -> str:
    """Of several objectives, the front and the best by each."""
    if not stands.front:
        return ""
    best = [
        f"{one.objective} 最好的是试验 {one.number}（{'，'.join(f'{name} {number(value)}' for name, value in one.values.items())}）"
        for one in stands.front_ends
    ]
    return f"帕累托前沿上有 {len(stands.front)} 个试验（没有别的试验在所有目标上都更好）：{listed(map(str, stands.front))}。{'；'.join(best)}。"


def start_study(facts: StudyBegun) -> str:
    limit = f"，最多 {duration(facts.time_limit_s)}" if facts.time_limit_s else ""
    by = {"recpilot": "（你没有指定模型，由这些模型竞争）", "llm": "（由语言模型选定，不是你指定的）"}
    chosen = by.get(facts.models_chosen_by, "")
    more = "".join(f"，{name} {value}" for name, value in facts.space.items())
    more += f"，算作喜欢的评分 {facts.positive}" if facts.likes and facts.positive != "all" else ""
    more += f"，各结果的权重 {facts.outcomes}" if facts.outcomes else ""
    kept = {"keep": "，用户有过的物品仍可推荐", "mask": "，用户有过的物品不再推荐"}
    more += kept[facts.repeats] if facts.repeats_says else ""
    more += f"，切分 {facts.split}" if facts.split != "auto" else ""
    more += f"，采样器 {facts.sampler}" if facts.sampler != "advisor" else ""
    more += f"，剪枝规则 {facts.pruner}" if facts.pruner != DEFAULT_PRUNER else ""
    more += "" if facts.uses_rules else "，不用规则"
    more += "" if facts.runs_defaults else "，不跑默认参数"
    more += f"，先跑 {facts.tries}" if facts.tries else ""
    return (
        f"已开始研究 **{facts.study}**：在 `{facts.dataset}` 上调 {models(facts.models)}{chosen}，目标是{_goal(facts.goal)}，"
        f"{facts.n_trials} 次试验{limit}{more}。它在后台运行；可以说“进展怎么样”“暂停”“停止”。"
    )


def _goal(text: str) -> str:
    """最大化 ndcg@10"""
    return text.replace("maximize ", "最大化 ").replace("minimize ", "最小化 ")


def propose_trial(facts: Proposed) -> str:
    found = facts.proposal
    why = f"\n\n原话：{unquoted(found.rationale)}" if found.rationale else ""
    return f"下一个会是试验 {found.number}：{proposal(found)}还没有运行；说“运行它”就开始。{why}"


def run_trial(facts: TrialBegun) -> str:
    return f"**{facts.study}** 的试验 {facts.proposal.number} 已开始：{proposal(facts.proposal)}"


def reject_trial(facts: TrialRejected) -> str:
    return f"已拒绝 **{facts.study}** 的试验 {facts.number}，这组参数不会再提议；研究会提议另一个试验，同样等您同意。"


def repeat_trial(facts: RepeatBegun) -> str:
    return (
        f"已开始重复试验 {facts.repeats}（种子 {facts.seed}），它是 **{facts.study}** 的试验 {facts.proposal.number}。"
    )


def control_study(facts: StudySteered) -> str:
    running = facts.running
    tails = {"pause": f"试验 {running} 会先跑完。", "stop": f"试验 {running} 会在这一轮结束时停下。"}
    tail = tails.get(facts.action, "") if running is not None else ""
    return f"{state(facts)}。{tail}已完成的试验都会保留。"


def confirmation_cut_off(facts: ConfirmationCutOff) -> str:
    return f"已停止 **{facts.study}** 的确认；已测得的结果会保留。"


def extend_study(facts: TermsChanged) -> str:
    after = facts.after
    limit = "无时间限制" if after.time_limit_s is None else f"最多 {duration(after.time_limit_s)}"
    bounds = f"，约束 {listed(after.constraints)}" if after.constraints else ""
    return f"已修改 **{facts.study}**：共 {after.n_trials} 次试验，{limit}，模型 {models(after.models)}{bounds}。现在{STATES[facts.state]}。"


def set_search_space(facts: SpaceChanged) -> str:
    before = f"（之前是 {facts.before}）" if facts.before else ""
    return f"已修改：从下一次试验起，`{facts.model}` 的 `{facts.param}` 在 {facts.after} 中搜索{before}。说“撤销”可以改回去。"


def show_space(facts: SpaceShown) -> str:
    rows = [
        (model, f"`{row.param}`", row.range, _default(row)) for model, found in facts.models.items() for row in found
    ]
    return f"搜索空间：\n\n{table(('模型', '参数', '范围', '默认'), rows)}"


def _default(row: ParamShown) -> str:
    if row.declared_default is None:
        return param(row.default)
    return f"{param(row.declared_default)}（这里 {param(row.default)}，受范围限制）"


def list_studies(facts: StudyList) -> str:
    if not facts.count:
        return "还没有研究。可以说“在 demo 上用 sasrec 调参”。"
    rows = [_study_row(row) for row in facts.studies]
    return f"共有 {facts.count} 个研究：\n\n{table(('研究', '数据集', '试验', '状态', '最好'), rows)}"


def _study_row(row: StudyRow) -> tuple[str, ...]:
    if isinstance(row, StudyUnreadable):
        return row.study, "", "", "", "–"
    best = number(row.best.value) if row.best else "–"
    return row.study, row.dataset, f"{row.n_finished}/{row.n_trials}", STATES.get(row.state, ""), best


def open_study(facts: StudyOpened) -> str:
    return f"现在是 **{facts.study}**（`{facts.dataset}`，{models(facts.models)}，{facts.n_finished}/{facts.n_trials} 次试验）。"


def rename_study(facts: StudyRenamed) -> str:
    return f"研究现在叫 **{facts.study}**（之前叫 {facts.before}）。"


def delete_study(facts: StudyDeleted) -> str:
    return f"已删除 **{facts.deleted}**（{facts.n_trials} 次试验）；说“撤销”可以恢复。"


def undone(facts: Undone) -> str:
    unsure = "" if facts.is_certain else "当时程序在做到一半时结束了。"
    return f"已撤销：{deed(unquoted(facts.undone))}。现在：{deed(unquoted(facts.now))}。{unsure}{_before(facts)}"


_INSTEAD = {
    "start_study": "说“停止”会结束它；说“删除它”会把它和它的试验移出列表",
    "run_trial": "还在跑的话，说“停止”会结束它；已完成的试验都会保留",
    "repeat_trial": "还在跑的话，说“停止”会结束它；已完成的试验都会保留",
    "reject_trial": "说出参数就能运行被拒绝的试验，例如“运行 dropout 0.2”",
    "confirm": "还在跑的话，说“停止”会结束它；读取过的测试集永久计数，不能撤销",
    "export_model": "请手动删除导出的文件；其他什么都没有改",
    "undo": "请再说一次应该是什么",
}


def not_undone(facts: NotUndone) -> str:
    why = f"（{refusal(facts.why).removesuffix('。')}）" if facts.why else ""
    instead = f"{found}。" if (found := _INSTEAD.get(facts.tool, facts.instead)) else ""
    return f"无法撤销：{deed(unquoted(facts.cannot))}{why}。{instead}{_before(facts)}"


def _before(facts: Undone | NotUndone) -> str:
    goes_back = "再说一次“撤销”会撤销它" if facts.can_go_back else "它不能撤销"
    return f"再之前：{deed(unquoted(facts.before_that))}；{goes_back}。" if facts.before_that else ""


def nothing_to_undo(facts: NothingToUndo) -> str:
    return "这个聊天里没有可以撤销的更改。"


def confirm(facts: ConfirmationBegun) -> str:
    if isinstance(facts, ConfirmedBefore):
        return f"已经确认过：**{facts.found.verdict}**"
    return f"正在确认 **{facts.study}**：{listed(facts.contenders)}，各用最多 {facts.n_seeds} 个种子；在验证集上选择，然后只读取一次测试集。"


def show_confirmation(facts: ConfirmationShown) -> str:
    if found := facts.found:
        return f"**{found.verdict}**"
    return f"**{facts.study}** 还没有确认：测试集是封存的，所以没有测试分数。说“确认”就会用多个种子重新训练最好的几个，然后读取一次测试集。"


def report(facts: ReportPlace) -> str:
    return f"**{facts.study}** 的报告：`{facts.path}`。" if facts.path else f"**{facts.study}** 还没有报告。"
