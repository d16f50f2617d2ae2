"""A study's pruner, in Chinese."""

from agent.answers.explain_pruning import trials_by
from agent.answers.wording import table, unquoted
from agent.results.pruning import PruningShown, TrialJudged

_SPARED = {
    "goal": "只有单个、每轮都测的目标才有曲线，所以不会剪枝",
    "defaults": "它运行的是模型的默认值，别的试验要和它比，所以不会被剪枝",
    "repeat": "它用另一个种子重复别的试验，所以不会被剪枝",
    "no curve": "没有保留它的曲线，所以不知道",
    "short": "它的轮数太少，剪枝器不判断",
    "none": "不剪枝时什么都不会被停",
}
_MOST = 12


def pruning(facts: PruningShown) -> str:
    if facts.trial is not None and facts.trials:
        return _of_trial(facts, facts.trials[0])
    own = "没有开剪枝" if facts.pruner == "none" else f"用的剪枝器是 `{facts.pruner}`"
    lead = f"**{facts.study}** {own}。"
    if facts.pruner != "none" and not facts.can_prune:
        return f"{lead}但{_SPARED['goal']}。"
    stopped = trials_by(facts)
    n = len(facts.trials)
    if not stopped:
        how = f"按曲线看，`{facts.rule}` 不会停掉" if _is_other(facts) else "它没有停掉"
        return f"{lead}{n} 个已结束的试验里，{how}任何一个。"
    how = f"按曲线看，`{facts.rule}` 会停掉" if _is_other(facts) else "它停掉了"
    rows = [
        (
            f"{one.number}（{one.model}）",
            one.epoch if _is_other(facts) else one.n_epochs,
            one.why or unquoted(one.reason),
        )
        for one in stopped[:_MOST]
    ]
    shown = table(("试验", "轮次", "原因"), rows)
    return f"{lead}{n} 个已结束的试验里，{how} {len(stopped)} 个：\n\n{shown}{_now(facts)}"


def _is_other(facts: PruningShown) -> bool:
    return facts.rule not in (facts.pruner, "none")


def _now(facts: PruningShown) -> str:
    return "hurdle 按记忆现在的内容计算，可能与当时不同。" if facts.looks_at_past else ""


def _of_trial(facts: PruningShown, one: TrialJudged) -> str:
    name, is_own = f"**{facts.study}** 的试验 {one.number}", facts.rule == facts.pruner
    if one.was_pruned and is_own:
        return f"{name} 在第 {one.n_epochs} 轮后被停掉：{unquoted(one.reason)}"
    if one.spared:
        return f"{name}：{_SPARED[one.spared]}。"
    if one.epoch is None:
        far = "后面的轮次会怎样不知道。" if one.was_pruned else ""
        return f"{name} {'没有' if is_own else '不会'}被 `{facts.rule}` 停掉：它跑过的 {one.n_epochs} 轮里都没有落后于界线。{far}{_now(facts)}"
    return (
        f"{'按现在所知，' if is_own else ''}`{facts.rule}` 会在第 {one.epoch} 轮后停掉{name}：{one.why}。{_now(facts)}"
    )
