"""The sentences of `recpilot memory`: counts that agree with their words and with each other."""

from memory.store import Imported
from ui.cli.memory import imported_words, refused_lines


def test_what_an_import_brought_is_said_in_the_singular_and_in_the_plural() -> None:
    assert imported_words(Imported(n_new=0, n_here=0, n_notes=0)) == "0 records remembered: the file holds none."
    one = Imported(n_new=1, n_here=1, n_notes=1, refused=("line 2: x",), ignored=("hack",))
    assert imported_words(one) == (
        "1 record remembered, 1 is here already, 1 line refused. One of them is a note of another person: what is "
        "imported binds nothing here; say “remember that …” in the chat to make a note your own. Left out: hack; a "
        "field that this version of recpilot does not know is ignored."
    )
    many = imported_words(Imported(n_new=3, n_here=2, n_notes=2, refused=("line 2: x",) * 2, ignored=("a", "b")))
    assert many.startswith("3 records remembered, 2 are here already, 2 lines refused. 2 of them are notes of another")
    assert many.endswith("Left out: a, b; fields that this version of recpilot does not know are ignored.")


def test_each_refused_line_is_named_the_first_ones_with_the_reason() -> None:
    refused = tuple(f"line {number}: `value` must be finite" for number in range(1, 54))
    lines = refused_lines("a.jsonl", refused)
    assert lines[0] == "a.jsonl, line 1: `value` must be finite" and len(lines) == 51
    assert lines[-1] == "a.jsonl, refused too: lines 51, 52, 53"
    assert len(refused_lines("a.jsonl", refused[:50])) == 50
    assert refused_lines("a.jsonl", refused[:51])[-1] == "a.jsonl, refused too: line 51"
