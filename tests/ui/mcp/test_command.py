"""What `recpilot mcp` makes of its options."""

import pytest
from typer.testing import CliRunner

from ui.cli.app import app


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (["--max-trials", "5"], "--allow-acts"),
        (["--max-minutes", "5"], "--allow-acts"),
        (["--port", "8765"], "--http"),
        (["--host", "127.0.0.1"], "--http"),
        (["--allow-host", "a.b"], "--http"),
        (["--llm-model", "qwen"], "--llm"),
        (["--data-folder", "/no/such/folder"], "there is no folder"),
    ],
)
def test_an_option_that_would_have_no_effect_is_wrong_usage(args: list[str], told: str) -> None:
    found = CliRunner().invoke(app, ["mcp", *args], env={"TERM": "dumb", "COLUMNS": "200"})
    assert found.exit_code == 2
    assert told in found.output
    assert args[0] in found.output
