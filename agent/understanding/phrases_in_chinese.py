"""A request as a person would say it in Chinese: `把 dropout 限制在 0.1 到 0.4`; questions and rehearsals use it.

phrase(Request(tool="extend_study", args={"n_trials": 2}))  # → "再加 2 次试验"
"""

from collections.abc import Callable, Mapping
from typing import Any

from agent.answers.wording_in_chinese import duration, listed
from agent.outside import in_markdown
from agent.understanding.plan import Request

ACTS = {
    "list_datasets": "列出数据集",
    "add_dataset": "添加数据文件",
    "describe_dataset": "描述数据集",
    "inspect_data": "查看数据",
    "rename_dataset": "重命名数据集",
    "remove_dataset": "移除数据集",
    "filter_dataset": "把数据集的一部分存为新版本",
    "recall_trials": "查找记忆中的试验",
    "remember_lesson": "记下来",
    "list_lessons": "列出笔记",
    "forget_lesson": "忘掉笔记",
    "list_rules": "列出规则",
    "show_influence": "说明过去的什么起了作用",
    "show_pruning": "说明剪枝器停掉了什么",
    "start_study": "开始调参",
    "extend_study": "给研究增加试验或时间，或修改它的模型或约束",
    "list_studies": "列出研究",
    "open_study": "打开研究",
    "rename_study": "重命名研究",
    "delete_study": "删除研究",
    "import_trials": "导入过去的试验",
    "propose_trial": "提议下一个试验",
    "run_trial": "运行一次试验",
    "reject_trial": "拒绝等待的试验",
    "repeat_trial": "换一个种子重复试验",
    "predict": "预测结果",
    "set_search_space": "修改搜索空间",
    "show_space": "显示搜索空间",
    "control_study": "暂停、继续或停止研究",
    "study_status": "显示进展",
    "undo": "撤销上一步",
    "explain_trial": "解释试验",
    "compare_trials": "比较试验",
    "trials": "列出试验",
    "parameter_importance": "显示哪些参数重要",
    "show_tradeoffs": "显示指标之间的取舍",
    "calc": "计算",
    "confirm": "确认并读取测试集",
    "show_confirmation": "显示确认的结果",
    "recommend_items": "推荐物品",
    "export_model": "导出模型",
    "report": "显示报告",
}
"""What each tool does, by its name."""
NAMES = {
    "dataset": "数据集",
    "base": "沿用的研究或试验",
    "study": "研究",
    "trial": "试验",
    "trials": "试验",
    "model": "模型",
    "models": "模型",
    "more_models": "加入的模型",
    "without": "不用的模型",
    "param": "参数",
    "params": "参数",
    "n_trials": "试验次数",
    "total_trials": "总试验次数",
    "time_limit_s": "时间上限",
    "total_time_s": "总时间",
    "trial_time_limit_s": "每次试验的时间上限",
    "until": "截止时刻",
    "objective": "目标",
    "constraints": "约束",
    "split": "划分方式",
    "sampler": "采样器",
    "pruner": "剪枝器",
    "space": "搜索空间",
    "seed": "种子",
    "epochs": "最多轮数",
    "patience": "早停耐心（轮）",
    "needs_approval": "每次试验前先问",
    "use_rules": "规则",
    "try_first": "先运行的参数",
    "run_defaults": "默认值的试验",
    "n_seeds": "种子数",
    "against": "对比的试验",
    "positive": "算作喜欢的评分",
    "repeat_events": "用户有过的物品",
    "outcomes": "哪些结果算数",
    "retune": "从最好的参数开始",
    "name": "名字",
    "path": "文件",
    "columns": "列",
    "where": "条件",
    "user": "用户",
    "k": "个数",
    "format": "格式",
    "reason": "理由",
    "metrics": "指标",
    "min_weight": "最低评分",
    "since": "开始于",
    "append": "并入",
    "query": "查找",
}
"""What each argument is called."""
_CONTROLS = {"pause": "暂停研究", "resume": "继续研究", "stop": "停止研究"}
_BOUNDS = {
    "min_weight": "{} 分以上的评分",
    "since": "{} 以来的数据",
    "until": "{} 以前的数据",
    "max_user_events": "最多 {} 个事件的用户",
    "min_user_events": "至少 {} 个事件的用户",
    "min_item_events": "至少 {} 个事件的物品",
}
Args = Mapping[str, Any]


def act(request: Request) -> str:
    """What it does; of a tool that steers, which of the ways."""
    if request.tool == "control_study":
        return _CONTROLS.get(str(request.args.get("action")), ACTS["control_study"])
    return ACTS[request.tool]


def phrase(request: Request) -> str:
    """What the request does, with its values; arguments without words of their own stand behind, in brackets."""
    return in_markdown(lambda args: _phrase(request, args), request.args)


def _phrase(request: Request, args: Args) -> str:
    say, told = _PHRASES.get(request.tool, (_plain, ()))
    does = say(args)
    named = (*(told if does else ()), "action")
    rest = {name: value for name, value in args.items() if name not in named and value is not None}
    study = f"在 `{rest.pop('study')}` 中" if "study" in rest else ""
    behind = "，".join(_argument(name, value) for name, value in rest.items())
    return f"{study}{does or act(request)}{f'（{behind}）' if behind else ''}"


def _plain(args: Args) -> str:
    return ""


def _start(args: Args) -> str:
    on = f"在 `{args['dataset']}` 上" if "dataset" in args else ""
    like = f"照 `{args['base']}` 的样子" if "base" in args else ""
    return f"{like}{on}调 {_models(args['models']) if args.get('models') else '常用的模型'}"


def _extend(args: Args) -> str:
    says: Mapping[str, Callable[[Any], str]] = {
        "n_trials": lambda value: f"再加 {_shown(value)} 次试验",
        "total_trials": lambda value: f"把总数改为 {_shown(value)} 次试验",
        "time_limit_s": lambda value: f"再加 {_time(value)}",
        "total_time_s": lambda value: f"把总时间改为 {_time(value)}",
        "models": lambda value: f"之后只用 {_models(value)}",
        "more_models": lambda value: f"加入 {_models(value)}",
        "without": lambda value: f"不再用 {_models(value)}",
        "constraints": lambda value: f"要求满足 {_models(value)}",
        "objective": lambda value: f"把目标改为 {_models(value)}",
        "needs_approval": lambda value: "每次试验前先问你" if value else "在试验前不再问你",
    }
    return "，".join(word(args[name]) for name, word in says.items() if name in args)


def _trial(verb: str) -> Callable[[Args], str]:
    def says(args: Args) -> str:
        with_params = f"，{_values(args['params'])}" if args.get("params") else ""
        base = f"，其余同试验 {args['base']}" if "base" in args else ""
        of = f" `{args['model']}` 的" if "model" in args else ""
        return f"{verb}一次{of}试验{with_params}{base}"

    return says


def _space(args: Args) -> str:
    param = f"`{args['param']}`" if "param" in args else "它"
    of = f"`{args['model']}` 的 " if "model" in args else ""
    what = f"{of}{param} "
    if args.get("reset"):
        return f"把 {what}恢复为完整范围"
    if "choices" in args:
        return f"把 {what}限制为 {' 或 '.join(map(_shown, args['choices']))}"
    if "value" in args:
        return f"把 {what}固定为 {_shown(args['value'])}"
    if {"low", "high"} <= set(args):
        return f"把 {what}限制在 {_shown(args['low'])} 到 {_shown(args['high'])}"
    if "low" in args:
        return f"让 {what}不低于 {_shown(args['low'])}"
    return f"让 {what}不超过 {_shown(args['high'])}" if "high" in args else ""


def _of_trial(args: Args) -> str:
    trial = args.get("trial")
    names = {"best": "最好的试验", "worst": "最差的试验", "last": "最后一个试验", "latest": "最后一个试验"}
    return "" if trial in (None, "it") else names.get(str(trial), f"试验 {trial}")


def _repeated(args: Args) -> str:
    seed = f"种子 {args['seed']} " if "seed" in args else "另一个种子"
    return f"用{seed}重复{_of_trial(args) or '试验'}"


def _confirmed(args: Args) -> str:
    seeds = f"用 {args['n_seeds']} 个种子" if "n_seeds" in args else ""
    against = f"（对比试验 {args['against']}）" if "against" in args else ""
    return f"{seeds}确认最好的试验{against}，并读取测试集"


def _exported(args: Args) -> str:
    as_format = f"为 {args['format']}" if "format" in args else ""
    return f"导出{_of_trial(args) or '最好的试验'}{as_format}"


def _renamed(kind: str, noun: str) -> Callable[[Args], str]:
    def says(args: Args) -> str:
        which = f" `{args[kind]}` " if kind in args else ""
        return f"把{noun}{which}改名为“{args.get('name', '…')}”"

    return says


def _filtered(args: Args) -> str:
    kept = [says.format(args[name]) for name, says in _BOUNDS.items() if name in args]
    kept += [f"`{condition}`" for condition in args.get("where") or ()]
    kept += ["非机器人的用户"] if args.get("without_bots") else []
    name = f"，存为 `{args['name']}`" if "name" in args else ""
    return f"只保留 `{args.get('dataset', '…')}` 中 {listed(kept)}{name}" if kept else ""


def _removed(args: Args) -> str:
    if not args.get("for_good"):
        return f"移除数据集 `{args['dataset']}`" if "dataset" in args else ""
    return f"永久删除 `{args['dataset']}`" if args.get("dataset") else "永久删除已移除数据集的留存"


def _remembered(args: Args) -> str:
    if args.get("as_bound") is False:
        return f"让“{args.get('text', '…')}”又只当笔记"
    bound = "，并让以后的研究都按它限制" if args.get("as_bound") else ""
    return f"记下“{args['text']}”{bound}" if "text" in args else ""


def _forgotten(args: Args) -> str:
    found = args.get("lesson")
    if isinstance(found, list | tuple):
        return f"忘掉第 {listed(map(str, found))} 条笔记"
    return f"忘掉第 {found} 条笔记" if isinstance(found, int) else f"忘掉“{found}”" if found else ""


def _recommended(args: Args) -> str:
    n = f" {args['k']} 个" if "k" in args else ""
    return f"给用户 `{args.get('user', '…')}` 推荐{n}物品"


def _named(verb: str, name: str) -> Callable[[Args], str]:
    return lambda args: f"{verb} `{args[name]}`" if name in args else ""


_PHRASES: Mapping[str, tuple[Callable[[Args], str], tuple[str, ...]]] = {
    "start_study": (_start, ("models", "dataset", "base")),
    "extend_study": (
        _extend,
        (
            *("n_trials", "total_trials", "time_limit_s", "total_time_s", "models", "more_models", "without"),
            *("constraints", "objective", "needs_approval"),
        ),
    ),
    "run_trial": (_trial("运行"), ("params", "model", "base")),
    "predict": (_trial("预测"), ("params", "model", "base")),
    "reject_trial": (lambda args: f"拒绝试验 {args['trial']}" if "trial" in args else "", ("trial",)),
    "repeat_trial": (_repeated, ("trial", "seed")),
    "set_search_space": (_space, ("param", "model", "low", "high", "choices", "value", "reset")),
    "confirm": (_confirmed, ("n_seeds", "against")),
    "export_model": (_exported, ("trial", "format")),
    "explain_trial": (lambda args: f"解释{_of_trial(args) or '最好的试验'}", ("trial",)),
    "add_dataset": (_named("添加文件", "path"), ("path",)),
    "rename_dataset": (_renamed("dataset", "数据集"), ("dataset", "name")),
    "rename_study": (_renamed("study", "研究"), ("study", "name")),
    "remove_dataset": (_removed, ("dataset", "for_good")),
    "filter_dataset": (_filtered, ("dataset", "name", "where", "without_bots", *_BOUNDS)),
    "describe_dataset": (_named("描述数据集", "dataset"), ("dataset",)),
    "delete_study": (_named("删除研究", "study"), ("study",)),
    "open_study": (_named("打开研究", "study"), ("study",)),
    "remember_lesson": (_remembered, ("text", "as_bound")),
    "forget_lesson": (_forgotten, ("lesson",)),
    "import_trials": (_named("导入过去的试验", "path"), ("path",)),
    "recommend_items": (_recommended, ("user", "k")),
}
"""Of a tool: its words, and the arguments that these words hold."""


def _argument(name: str, value: Any) -> str:
    if name in _SWITCHES:
        return _SWITCHES[name][0 if value else 1]
    shown = _time(value) if name.endswith("_s") else _shown(value)
    return f"{NAMES.get(name, f'`{name}`')} {shown}"


_SWITCHES = {
    "needs_approval": ("每次试验前先问你", "试验前不问你"),
    "use_rules": ("使用规则", "不用规则"),
    "run_defaults": ("先跑默认值", "不跑默认值"),
    "retune": ("从最好的参数开始", "不从最好的参数开始"),
}


def _time(value: Any) -> str:
    return duration(value) if isinstance(value, int | float) else str(value)


def _models(value: Any) -> str:
    return listed(f"`{one}`" for one in (value if isinstance(value, list | tuple) else [value]))


def _values(params: Mapping[str, Any]) -> str:
    return "，".join(f"{name} {_shown(value)}" for name, value in params.items())


def _shown(value: Any) -> str:
    if isinstance(value, list | tuple):
        return listed(map(_shown, value))
    if isinstance(value, Mapping):
        return _values(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{value:g}" if isinstance(value, float) else str(value)
