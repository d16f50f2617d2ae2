"""Text from outside in Markdown: shown as it is, never read as a link, a picture, a heading, emphasis or HTML.

`in_markdown` words facts, `text`, `lines` and `code` one text, `said` a sentence of ours that may quote some, and
`harmless` whatever anyone wrote, such as a language model's answer. `recmodels.outside` writes out what cannot be seen.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, TypeVar

from recmodels.outside import on_one_line, visible

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

_T = TypeVar("_T")
_SIGN = r"[!-/:-@\[-`{-~]"
_ACTIVE = re.compile(
    rf"(?P<sign>[`*|~]|(?<!\S)#(?=#*$)|\\(?={_SIGN}|\s|$)|\](?=[(\[:]|$)|(?<![^\W_])_|_(?![^\W_])|:(?=//)|(?<=www)\.|@(?=[\w-]+\.\w))"
    r"|(?P<tag><(?=[a-z/!?]|$))|&(?=#?\w+;)",
    re.IGNORECASE,
)
_ESCAPED = re.compile(rf"\\(?P<sign>{_SIGN})|&lt;|&amp;")
_FIRST = re.compile(r"(?P<number>\d{1,9}(?=[.)]))|(?=[#+=>:\[-])")  # what makes a block of the line that begins with it
_QUOTED_OR_CODE = re.compile(r"“(?P<quoted>[^”]*)”|(?<!`)`(?P<code>[^`\n]+)`(?!`)")
_OWN_CODE = re.compile(rf"\\{_SIGN}|(?<!`)`(?P<code>(?:\\{_SIGN}|(?!\\{_SIGN})[^`\n])+?)`(?!`)")
_LANGUAGE = re.compile(r"(?!mermaid)[a-z][a-z0-9+-]{0,15}")
_REMEMBERED = 512  # texts: with each word that comes a page draws all its answers again


def text(outside: object) -> str:
    """A text on one line, in Markdown that shows just this."""
    return _line(on_one_line(str(outside)))


def lines(outside: str) -> str:
    """A text with its line ends and indents, in Markdown that shows just this."""
    return "\n".join(_indented(line) for line in visible(outside.replace("\r\n", "\n").replace("\r", "\n")).split("\n"))


def code(outside: object) -> str:
    """A text on one line, as code; one that could end it, since it holds its mark, as `text`."""
    line = on_one_line(str(outside))
    return _line(line) if "`" in line or not line else f"`{line}`"


def said(sentences: str) -> str:
    """Sentences of ours in Markdown, whose code stays code; what they quote is shown as it is."""
    return _opened(_sealed(sentences))


def in_markdown(words: Callable[..., str], *facts: object) -> str:
    """What `words` makes of the facts, in which no text of theirs is read as Markdown; nor can it break its own.

    Texts reach `words` escaped, within quotation marks wholly, elsewhere but for code; within code they are opened
    again. Comparing them with names of ours works, since those hold nothing that is escaped.
    """
    return _opened(words(*map(sealed, facts)))


def sealed(value: _T) -> _T:
    """The value with each text in it escaped: of records, lists and mappings, keys too."""
    if isinstance(value, str):
        return _sealed(value)  # type: ignore[return-value]
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{field.name: sealed(getattr(value, field.name)) for field in fields(value)})
    if isinstance(value, Mapping):
        return {sealed(key): sealed(one) for key, one in value.items()}  # type: ignore[return-value]
    return type(value)(map(sealed, value)) if isinstance(value, list | tuple) else value


@lru_cache(maxsize=_REMEMBERED)
def harmless(markdown: str) -> str:
    """Markdown that shows the same without anything live: links and pictures as text with their address, HTML as text.

    It is read as CommonMark with tables, and written again with every text in it escaped, so that no other reader of
    Markdown finds more in it.
    """
    from markdown_it.tree import SyntaxTreeNode

    return _blocks(SyntaxTreeNode(_parser().parse(visible(markdown))).children)


# -- one text -----------------------------------------------------------------------------------------------


def _escaped(line: str) -> str:
    return _ACTIVE.sub(lambda m: f"\\{m[0]}" if m["sign"] else "&lt;" if m["tag"] else "&amp;", line)


def _line(line: str) -> str:
    """Escaped, also where it begins a line."""
    return _begun(_escaped(line))


def _begun(line: str) -> str:
    """A line of Markdown that is a paragraph's, whatever it begins with."""
    first = _FIRST.match(line)
    return line if first is None else f"{line[: first.end()]}\\{line[first.end() :]}"


def _indented(line: str) -> str:
    bare = line.lstrip(" \t")
    return "\u00a0" * len(line[: len(line) - len(bare)].expandtabs(4)) + _line(bare.rstrip())


def _sealed(sentences: str) -> str:
    """On one line and escaped, for `_opened`, which finds code of ours in it."""
    line, found, end = on_one_line(sentences), [], 0
    for part in _QUOTED_OR_CODE.finditer(line):
        found.append(_escaped(line[end : part.start()]))
        found.append(f"“{text(part['quoted'])}”" if part["code"] is None else f"`{_escaped(part['code'])}`")
        end = part.end()
    return _begun("".join([*found, _escaped(line[end:])]))


def _opened(markdown: str) -> str:
    """With what was escaped within code as it was; in a row of a table `|` ends a cell also there."""
    return "\n".join(_opened_line(line, is_row=line.startswith("|")) for line in markdown.split("\n"))


def _opened_line(line: str, *, is_row: bool) -> str:
    def opened(found: "re.Match[str]") -> str:
        if found["code"] is None:
            return found[0]
        inner = code(_ESCAPED.sub(_as_it_was, found["code"]))
        return _cell(inner) if is_row else inner

    return _OWN_CODE.sub(opened, line)


def _as_it_was(escaped: "re.Match[str]") -> str:
    return escaped["sign"] or {"&lt;": "<", "&amp;": "&"}[escaped[0]]


# -- a whole document ---------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _blocks(nodes: "list[SyntaxTreeNode]", between: str = "\n\n", *, is_within: bool = False) -> str:
    return between.join(_block(node, is_within) for node in nodes)


def _block(node: "SyntaxTreeNode", is_within: bool) -> str:
    """
    Args:
        is_within: In a list or a quotation.
    """
    match node.type:
        case "heading":
            return f"{'#' * int(node.tag[1])} {_inline(node).replace(chr(10), ' ')}"
        case "bullet_list" | "ordered_list":
            return _list(node)
        case "blockquote":
            return "\n".join(f"> {line}".rstrip() for line in _blocks(node.children, is_within=True).split("\n"))
        case "table":
            return _table(node)
        case "fence" | "code_block":
            return _lines_of_code(node.content) if is_within else _fenced(node.content, node.info)
        case "hr":
            return "___"
        case "html_block":
            return lines(node.content.strip("\n"))
    return "\n".join(map(_begun, _inline(node).split("\n")))


def _list(node: "SyntaxTreeNode") -> str:
    first = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
    items, is_tight = (
        [],
        all(child.hidden for item in node.children for child in item.children if child.type == "paragraph"),
    )
    for place, item in enumerate(node.children):
        mark = item.markup if first is None else f"{first + place}{item.markup}"
        body = _blocks(item.children, "\n" if is_tight else "\n\n", is_within=True).replace(
            "\n", f"\n{' ' * (len(mark) + 1)}"
        )
        items.append(re.sub(r"\n +(?=\n|$)", "\n", f"{mark} {body}".rstrip()))
    return ("\n" if is_tight else "\n\n").join(items)


def _table(node: "SyntaxTreeNode") -> str:
    rows = [row for part in node.children for row in part.children]
    written = [f"| {' | '.join(_cell(_inline(cell)) for cell in row.children)} |" for row in rows]
    marks = {"text-align:left": ":--", "text-align:right": "--:", "text-align:center": ":-:"}
    line = [marks.get(str(cell.attrs.get("style")), "---") for cell in rows[0].children]
    return "\n".join([written[0], f"| {' | '.join(line)} |", *written[1:]])


def _cell(inline: str) -> str:
    """What stands in code, too, can end a cell."""
    return re.sub(r"(?<!\\)\|", r"\\|", inline)


def _fenced(content: str, info: str) -> str:
    language = _LANGUAGE.fullmatch(info.strip())
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", content)), default=0))
    body = content if not content or content.endswith("\n") else f"{content}\n"
    return f"{fence}{language[0] if language else ''}\n{body}{fence}"


def _lines_of_code(content: str) -> str:
    """Each line as code of its own: readers disagree on where a block of code within a list ends."""
    return "\\\n".join(code(line) for line in content.split("\n") if line.strip())


def _inline(node: "SyntaxTreeNode") -> str:
    return "".join(_part(child) for inline in node.children for child in inline.children)


def _part(node: "SyntaxTreeNode") -> str:
    inner = "".join(map(_part, node.children)) if node.type != "image" else ""
    match node.type:
        case "text" | "html_inline":
            return _escaped(node.content)
        case "code_inline":
            return code(node.content)
        case "softbreak":
            return "\n"
        case "hardbreak":
            return "\\\n"
        case "link":
            address = str(node.attrs["href"])
            return inner if node.info == "auto" else f"{inner} ({_escaped(address)})"
        case "image":
            return f"{_escaped(f'[picture: {node.content}]')} ({_escaped(str(node.attrs['src']))})"
    return f"{node.markup}{inner}{node.markup}"
