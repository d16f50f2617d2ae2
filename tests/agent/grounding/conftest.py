"""What the tools said of one real study of eight trials: `demo_facts.json`, rows of tool, args and result."""

import json
from pathlib import Path

import pytest

from agent.grounding.fact import Call
from agent.grounding.known import Known


@pytest.fixture(scope="session")
def known() -> Known:
    rows = json.loads(Path(__file__).with_name("demo_facts.json").read_text(encoding="utf-8"))
    return Known.of([Call(tool=row["tool"], args=row["args"], result=row["result"]) for row in rows])
