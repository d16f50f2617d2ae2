"""Text from outside is shown as it is: no answer has a live link or picture, a broken table or HTML because of it."""

import re
import types
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from agent import outside
from agent.answers import explain, in_chinese
from agent.answers.verdict_facts import Heard
from agent.answers.verdicts import VERDICTS, verdict
from agent.answers.wording import table
from agent.results.result import NotDone, Result
from agent.results.status import Status
from agent.understanding.phrases import phrase
from agent.understanding.plan import Request
from recmodels.outside import on_one_line, visible

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
LIVE = ("link_open", "image", "html_inline", "html_block")
BARE = re.compile(r"(?:https?|ftp)://|www\.|[\w.+-]+@[\w-]+\.\w", re.IGNORECASE)  # GitHub's readers make links of these
ESCAPED_OR_CODE = re.compile(r"(?s)\\[!-/:-@\[-`{-~]|(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
BREAKS = ("softbreak", "hardbreak", "paragraph_close", "th_close", "td_close", "heading_close")
FRAGMENTS = [
    *("![p](http://a.b/x)", "[l](http://a.b)", "[r]: http://a.b\n", "[r]", "<http://a.b>", "http://a.b", "www.a.b"),
    *("<iframe srcdoc='x'>", "</td>", "<!--", "-->", "&lt;", "&#60;", "me@a.b", "javascript:alert(1)", "$$", "$"),
    *("`", "``", "```", "```mermaid\n", "|", "| - |", "---", "===", "\n", "\n\n", "  \n", "    ", "\t", "\r", "\\"),
    *("# ", "- ", "+", "1. ", "> ", "*", "**", "_", "__", "~~", "~", "“", "”", ":", "(", ")", "[", "]", "!", "<", ">"),
    *("a", "b c", "é", "\u202e", "\u200b", "\x1b[31m", "0", "=", "x.y"),
]
HOSTILE = "nice ![p](http://a.b/leak) <iframe srcdoc='x'> a|b *e* __s__ [l](http://a.b) \u202e x"
PLAIN = "plain words"
ORDINARY = ["Toy Story (1995)", "M*A*S*H", "C++ & C#", "a_b_c", "What? [sic]", "1984", "2001: A Space Odyssey", "$9.99"]
ORDINARY += [
    "AT&T",
    "Se7en",
    "...And Justice for All",
    "-30-",
    "#1 Fan",
    "Who's <that>?",
    "50 % off",
    "Алиса",
    "وحشت‌زده",
    "👨‍👩‍👧",
]

texts = st.lists(st.sampled_from(FRAGMENTS), max_size=8).map("".join)
documents = st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join)


def tokens(found: list[Token]) -> Iterator[Token]:
    for token in found:
        yield token
        yield from tokens(token.children or [])


def live(markdown: str) -> list[str]:
    """Links, pictures and HTML, and addresses of which some readers make links."""
    found = [token.content or token.type for token in tokens(READER.parse(markdown)) if token.type in LIVE]
    return found + BARE.findall(ESCAPED_OR_CODE.sub("", markdown))


def shown(markdown: str) -> str:
    """The words, without the shape."""
    found = tokens(READER.parse(markdown))
    words = ("text", "code_inline", "fence", "code_block")
    return "".join("\n" if t.type in BREAKS else t.content if t.type in words else "" for t in found).strip()


def shape(markdown: str) -> list[str]:
    """What there is besides words."""
    return [token.type for token in tokens(READER.parse(markdown)) if token.type not in ("text", "inline")]


# -- one text -----------------------------------------------------------------------------------------------


FRAMES = [
    "%s",
    "see %s now",
    "**it: %s.**",
    "- %s",
    "| a |\n| --- |\n| %s |",
    "# on %s",
    "“%s”",
    "> %s",
    "is (%s)",
    "1. %s",
]


@given(texts)
def test_a_text_is_shown_as_it_is_wherever_it_stands(text: str) -> None:
    wanted = on_one_line(text)
    for frame in FRAMES if wanted else ():
        markdown, plain = frame % outside.text(text), frame % "q"
        assert (shown(markdown), shape(markdown), live(markdown)) == (
            shown(plain).replace("q", wanted),
            shape(plain),
            [],
        )


@given(texts)
def test_code_is_not_ended_by_what_stands_in_it(text: str) -> None:
    assert shown(outside.code(text)).strip() == on_one_line(text).strip()
    assert live(outside.code(text)) == []


@given(texts)
def test_what_the_person_said_keeps_its_lines_and_nothing_else(text: str) -> None:
    markdown = outside.lines(text)
    assert live(markdown) == []
    assert shown(markdown).replace("\u00a0", " ").split() == visible(text.replace("\r", "\n")).split()


@pytest.mark.parametrize("title", ORDINARY)
def test_ordinary_titles_are_shown_to_the_letter(title: str) -> None:
    assert shown(outside.text(title)) == title
    assert shown(table(("", "item"), [(1, outside.text(title))])).splitlines()[-1] == title
    assert shown(outside.harmless(outside.text(title))) == title


# -- a whole document ---------------------------------------------------------------------------------------


@given(documents)
def test_no_document_is_live_once_it_is_harmless(document: str) -> None:
    once = outside.harmless(document)
    assert live(once) == []
    assert READER.render(outside.harmless(once)) == READER.render(once)


@pytest.mark.parametrize(
    "document",
    [
        "**Trial 2** of `a_b` is *best*:\n\n| a | b |\n| :-- | --: |\n| x `c\\|d` | **y** |\n\n- one\n- two\n  - three",
        "1. a\n2. b\n\n   c\n\n> said\n> so\n\n```\nx = [1](2) < 3\n```\n\n## Head\n\n~~gone~~ a\\\nb",
        "It fell from 0.3 to 0.2 [0.1, 0.4].\n\nSay `undo`; 3 < 4 & 5 > 2, “so” 50 %.",
    ],
)
def test_a_document_with_nothing_live_stays_the_same(document: str) -> None:
    assert READER.render(outside.harmless(document)) == READER.render(document)


def test_of_links_and_pictures_the_words_and_the_address_are_left() -> None:
    said = outside.harmless("See [the docs](http://a.b/c 'x') and ![a chart](http://a.b/d.png), <b>or</b> http://e.f")
    assert shown(said) == "See the docs (http://a.b/c) and [picture: a chart] (http://a.b/d.png), <b>or</b> http://e.f"


def test_a_sentence_of_ours_keeps_its_code_and_shows_what_it_quotes() -> None:
    sentence = outside.said("`dropout` must be in [0, 1], got “`x` *y*” and *z*\n# no")
    assert shown(sentence) == "dropout must be in [0, 1], got “`x` *y*” and *z* # no"
    assert shape(sentence) == ["paragraph_open", "code_inline", "paragraph_close"]


# -- every answer -------------------------------------------------------------------------------------------


KNOWN = {"state": "finished", "order": "latest", "model": "sasrec", "way": "maximize", "direction": "maximize"} | {
    "unlike": "dataset",
    "repeats": "mask",
    "split": "random",
}
"""Fields that hold one of our own words, by which answers choose theirs."""


def made(hint: Any, text: str, name: str = "") -> Any:
    """A value of that type in which each text is this one."""
    origin, args = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        kinds = [kind for kind in args if kind is not type(None)]
        return made(next((kind for kind in kinds if kind is str or is_dataclass(kind)), kinds[0]), text, name)
    if origin is Literal:
        return args[0]
    if origin is tuple:
        return tuple(made(kind, text, name) for kind in args if kind is not ...)
    if origin is not None and issubclass(origin, Mapping):
        return {made(args[0], text): "maximize" if name == "metrics" and args[1] is str else made(args[1], text)}
    if is_dataclass(hint):
        hints = get_type_hints(hint)
        return hint(**{field.name: made(hints[field.name], text, field.name) for field in fields(hint)})
    return {str: KNOWN.get(name, text), bool: True, int: 2, float: 0.5}.get(hint, text)


@pytest.mark.parametrize("word", [explain.word, in_chinese.word], ids=["English", "Chinese"])
@pytest.mark.parametrize("cls", [cls for cls in explain.WORDS if cls is not NotDone], ids=lambda cls: cls.__name__)
def test_no_text_changes_the_shape_of_an_answer(cls: type[Result], word: Callable[..., str]) -> None:
    plain, hostile = word("it", made(cls, PLAIN)), word("it", made(cls, HOSTILE))
    assert live(hostile) == live(word("it", made(cls, f"{HOSTILE} ` {HOSTILE}"))) == []
    assert shape(hostile) == shape(plain)
    assert shown(hostile).lower() == shown(plain).lower().replace(PLAIN, visible(HOSTILE).lower())


@pytest.mark.parametrize("kind", VERDICTS)
def test_no_text_is_live_in_a_verdict(kind: str) -> None:
    facts = {"study_status": made(Status, HOSTILE)}
    assert live(verdict(kind, Heard(says=f"is it so, {kind}?", facts=facts))) == []


@pytest.mark.parametrize(
    "tool", ["start_study", "set_search_space", "add_dataset", "remember_lesson", "rename_study", "undo"]
)
def test_no_argument_of_a_model_is_live_in_what_is_asked(tool: str) -> None:
    names = ("dataset", "path", "text", "name", "param", "value", "other", "study")
    args = dict.fromkeys(names, HOSTILE) | {"models": [HOSTILE], "space": {HOSTILE: {"choices": [HOSTILE]}}}
    asked = f"Shall I {phrase(Request(tool=tool, args=args))}?"
    assert live(asked) == []
    assert "iframe" in shown(asked)
