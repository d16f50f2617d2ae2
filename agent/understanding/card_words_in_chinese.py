"""The words of a plan card in Chinese."""

from agent.answers.refusals_in_chinese import note, origin
from agent.answers.wording_in_chinese import duration
from agent.pruner_words import DEFAULT_PRUNER
from agent.studies.defaults import OBJECTIVE, TRIALS
from agent.understanding.card_words import CardWords, CostWords
from agent.understanding.phrases_in_chinese import NAMES, act

CHINESE = CardWords(
    names=NAMES,
    defaults={
        "start_study": {
            "models": "常用的几个",
            "objective": f"`{OBJECTIVE}`",
            "n_trials": f"{TRIALS} 次",
            "split": "按数据选择",
            "positive": "按数据选择",
            "repeat_events": "按数据选择",
            "sampler": "`advisor`",
            "pruner": f"`{DEFAULT_PRUNER}`",
            "use_rules": "使用",
            "space": "每个参数的完整范围",
            "run_defaults": "最先",
        },
        "confirm": {"n_seeds": "5 个"},
    },
    says=act,
    joined="，并",
    question="要我{does}吗？也可以说要改什么，例如“{example}”。",
    plain_question="要我{does}吗？",
    examples=("只要 5 次试验", "3 个种子", "dropout 0.2"),
    quoted="“{}”",
    your_words="你的话",
    this_chat="这个聊天",
    limited="上限，比你说的少",
    as_it_would="按现在的情况",
    seed="，种子 {}",
    with_params="{model}，{params}",
    own_values="上面的值，其余来自",
    runs_as="将作为试验 {} 运行",
    yes="是",
    no="否",
    comma="，",
    range=" 到 ",
    duration=duration,
    note=note,
    origin=origin,
    cost=CostWords(
        limit="最多 {most}（上限）。",
        unknown="每次试验要多久，第一次之后才知道：{of}测过的试验还太少。",
        of=" {models} ",
        each="约 {expected}（{low} 到 {high}，依据过去的试验：{by}）",
        limited="最多 {most}（上限）；一次试验{each}。",
        whole="{runs} × {each} ≈ **{total}**。",
        runs="{n} 次训练",
        run="1 次训练",
        at_most="最多 {runs}",
        here="这份数据上 {n} 次",
        none_here="这份数据上还没有",
        elsewhere="其他数据上 {n} 次",
        both="{here}，{elsewhere}",
        only_elsewhere="{here}，{elsewhere}",
        either="、",
    ),
)
