"""What notes and errors say of the command line has words for the chat too."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import recmodels.data
from recmodels.data import how_to_change
from recmodels.data.how_to_change import in_chat

_FOLDER = Path(recmodels.data.__file__).parent
_OPTION = re.compile("`--[a-z]| --[a-z]")


def test_no_note_or_error_names_an_option_in_the_chat() -> None:
    texts = [text for file in _FOLDER.rglob("*.py") if file != Path(how_to_change.__file__) for text in _texts(file)]
    named = [text for text in texts if _OPTION.search(text)]
    assert len(named) >= 5
    assert [text for text in named if _OPTION.search(in_chat(text))] == []


def test_a_note_says_how_the_chat_changes_it() -> None:
    said = 'ratings count as likes (say "count 3 and more as likes" with a study to change it)'
    assert in_chat("ratings count as likes (`--positive` changes it)") == said


def _texts(file: Path) -> Iterator[str]:
    """The strings of a file; what is filled in is an `x`."""
    nodes = list(ast.walk(ast.parse(file.read_text(encoding="utf-8"))))
    filled = [node for node in nodes if isinstance(node, ast.JoinedStr)]
    parts = {id(part) for node in filled for part in node.values}
    for node in filled:
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value


def test_no_rule_of_likes_is_advised_that_holds_already() -> None:
    note = "ratings of 3 and more count as likes: 9 of 10 rows; the others are known (`--positive` changes it)"
    assert in_chat(note).endswith('(say "count 4 and more as likes" with a study to change it)')
