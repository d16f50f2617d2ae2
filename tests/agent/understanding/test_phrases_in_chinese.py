"""What a request does is said in Chinese words, never with the names of arguments."""

import re
from typing import Any

import pytest

from agent.understanding.phrases_in_chinese import phrase
from agent.understanding.plan import Request


@pytest.mark.parametrize(
    ("tool", "args", "says"),
    [
        ("extend_study", {"n_trials": 2}, "再加 2 次试验"),
        ("extend_study", {"needs_approval": True}, "每次试验前先问你"),
        ("extend_study", {"models": ["ease"], "time_limit_s": 1800}, "再加 30 分钟，之后只用 `ease`"),
        ("set_search_space", {"param": "dropout", "low": 0.1, "high": 0.3}, "把 `dropout` 限制在 0.1 到 0.3"),
        ("export_model", {"trial": "best", "format": "csv"}, "导出最好的试验为 csv"),
        ("start_study", {"models": ["ease"], "dataset": "demo", "n_trials": 4}, "在 `demo` 上调 `ease`（试验次数 4）"),
        ("run_trial", {"params": {"l2": 200}, "study": "demo-2"}, "在 `demo-2` 中运行一次试验，l2 200"),
        ("control_study", {"action": "stop"}, "停止研究"),
        ("extend_study", {"time_limit_s": 300, "until": None, "patience": 3}, "再加 5 分钟（早停耐心（轮） 3）"),
    ],
)
def test_a_request_is_said_as_a_person_would(tool: str, args: dict[str, Any], says: str) -> None:
    found = phrase(Request(tool=tool, args=args))
    assert found == says and not re.search(r"[a-z]+_[a-z]|True", found)
