"""What the README tells people to type exists, with these very options."""

import re
import shlex
from pathlib import Path

import pytest
import typer

from ui.cli.app import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
FENCED = re.findall(r"^```(\w*)\n(.*?)^```$", README, flags=re.DOTALL | re.MULTILINE)
BLOCKS = [block for language, block in FENCED if not language]
LINES = [line.partition("#")[0].partition(">")[0].strip() for block in BLOCKS for line in block.splitlines()]
COMMANDS = [line for line in LINES if line.startswith("recpilot ")]
TARGETS = [line.split()[1] for line in LINES if line.startswith("make ")]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_readme_is_one_that_recpilot_reads(command: str) -> None:
    found, args = typer.main.get_command(app), shlex.split(command)[1:]
    while commands := getattr(found, "commands", None):
        name = args.pop(0)
        assert name in commands
        found = commands[name]
    found.make_context(command, args)  # raises for an option or an argument that does not exist


@pytest.mark.parametrize("target", TARGETS)
def test_a_make_target_of_the_readme_exists(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), flags=re.MULTILINE)


@pytest.mark.parametrize("link", re.findall(r"\]\(((?!http)[^)#]+)\)", README))
def test_a_link_of_the_readme_leads_somewhere(link: str) -> None:
    assert (ROOT / link).exists()


def test_the_readme_shows_commands_and_targets() -> None:
    assert COMMANDS
    assert {"demo", "ui", "test"} <= set(TARGETS)
