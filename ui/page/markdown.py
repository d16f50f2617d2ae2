"""What an answer says, as HTML with nothing live in it: CommonMark with tables, made harmless before it is read."""

import re
from functools import cache, lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

from agent import outside

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_REMEMBERED = 2048  # texts: a chat that is opened again shows the same ones
_HEADINGS = {f"h{level}": f"h{min(level + 3, 6)}" for level in range(1, 7)}  # a chat's own headings stand below


@lru_cache(maxsize=_REMEMBERED)
def html_of(markdown: str) -> str:
    """The text as the page shows it.

    >>> html_of("**yes** <script>")
    '<p><strong>yes</strong> &lt;script&gt;</p>'
    """
    return str(_parser().render(outside.harmless(markdown))).strip()


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.disable(["link", "image", "autolink", "html_inline", "html_block", "reference"])
    parser.add_render_rule("table_open", lambda *_: f'<div class="scroll" {_REGION}><table>')
    parser.add_render_rule("table_close", lambda *_: "</table></div>")
    parser.core.ruler.push("columns", _columns)
    parser.add_render_rule("fence", _code)
    parser.add_render_rule("th_open", _head_cell)
    for opening in ("heading_open", "heading_close"):
        parser.add_render_rule(opening, _heading)
    return parser


_REGION = 'tabindex="0" role="group" aria-label="Table"'


_NUMBER = re.compile(r"[-+−]?[\d,.]+(?:e-?\d+)?(?:\s?(?:%|±\s?[\d.e-]+|s|ms|min|h|KB|MB|GB))*")


def _columns(state: Any) -> None:
    """Columns of mostly numbers get a class, so that digits stand below each other; an empty header is a cell."""
    tokens, column = state.tokens, 0
    columns: dict[int, list[tuple[Any, str]]] = {}
    for place, token in enumerate(tokens):
        if token.type == "table_open":
            columns = {}
        elif token.type == "tr_open":
            column = 0
        elif token.type in ("th_open", "td_open"):
            text = tokens[place + 1].content
            if not text and token.type == "th_open":
                token.tag = tokens[place + 2].tag = "td"  # a header without words is none
            columns.setdefault(column, []).append((token, text))
            column += 1
        elif token.type == "table_close":
            for cells in columns.values():
                texts = [text for _, content in cells[1:] if (text := content.strip("*` –"))]
                if texts and 2 * sum(_NUMBER.fullmatch(text) is not None for text in texts) > len(texts):
                    for cell, _ in cells:
                        cell.attrJoin("class", "num")


def _head_cell(renderer: Any, tokens: Any, place: int, options: Any, env: Any) -> str:
    """A head without words is none, for those who hear the table."""
    token = tokens[place]
    if not tokens[place + 1].content.strip():
        token.tag = tokens[place + 2].tag = "td"
    return str(renderer.renderToken(tokens, place, options, env))


def _heading(_: Any, tokens: Any, place: int, options: Any, env: Any) -> str:
    token = tokens[place]
    return f"<{'/' if token.nesting < 0 else ''}{_HEADINGS[token.tag]}>"


def _code(_: Any, tokens: Any, place: int, options: Any, env: Any) -> str:
    token = tokens[place]
    return f'<pre tabindex="0" role="group" aria-label="Code"><code>{_coloured(token.content, token.info)}</code></pre>'


def _coloured(code: str, language: str) -> str:
    from pygments import highlight
    from pygments.formatters import HtmlFormatter
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language.strip() or "text", stripnl=False)
    except ClassNotFound:
        return escape(code)
    return str(highlight(code, lexer, HtmlFormatter(nowrap=True)))
