"""The files and folders that a message names, in any script: `orders.csv`, "Bestellungen März.csv", 借阅流水.csv.

>>> [span.value for span in paths("请读取借阅流水.csv，再添加 'Käufe Mai.csv'")]
['借阅流水.csv', 'Käufe Mai.csv']
"""

import re
import unicodedata
from collections.abc import Sequence

from agent.words.names_in_english import in_english, is_chinese_name
from agent.words.said import Span

_ENDING = r"\.(?:csv|tsv|txt|dat|data|inter|parquet|jsonl?|ndjson|xlsx?|db|sqlite3?|gz|zip|tar|tgz)"
_HAN = r"\u3400-\u9fff"
_NOT_ON = r"(?![A-Za-z0-9_])"  # a Chinese word may follow an ending at once
_SIGN = rf"(?:(?!{_ENDING}[{_HAN}])[\w.@%+~-])"  # "a.csv和b.csv" are two files
_LATIN = rf"(?:[^\W{_HAN}]|[.@%+~-])"
_PATH = re.compile(
    rf"(?<![\w/.~])(?:(?:~|\.{{1,2}})?/{_SIGN}+(?:/{_SIGN}+)*{_ENDING}{_NOT_ON}|(?:~|\.{{1,2}})?/{_LATIN}+(?:/{_LATIN}+)*/?)|"
    rf"(?<!\w)[A-Za-z]:\\[\w.\\-]+|(?:(?<![\w/.~@%+-])|(?<=[A-Za-z0-9_])(?=[{_HAN}]))(?:(?!\.){_SIGN}(?:{_SIGN}|/)*{_ENDING}){_NOT_ON}",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    rf"[\"“”](?P<a>[^\"“”\n]{{1,200}}?{_ENDING})[\"“”]|(?<!\w)[‘'](?P<b>[^‘’'\n]{{1,200}}?{_ENDING})[’'](?!\w)|`(?P<c>[^`\n]{{1,200}}?{_ENDING})`|"
    rf"[「『《«](?P<d>[^「」『』《》«»\n]{{1,200}}?{_ENDING})[」』》»]",
    re.IGNORECASE,
)
_GLUED = re.compile(
    rf"(?:请|帮我|麻烦|我想|我要|先|再|也|把|将|(?:重新)?(?:读取|读入|读|添加|加载|加上|导入|上传|打开|使用|处理)|看看|用(?!户)|和|与|在|从|到|这是|还有|(?:数据)?文件(?:名)?(?:是|为|叫|在)?|数据(?:是|在))+(?=[\w@]+{_ENDING})"
)
"""What stands before a Chinese name with nothing between: 读取借阅流水.csv."""

_ORDER = re.compile(r".*,\s|(?:please|read|add|load|import|append|open|use|take)\s", re.IGNORECASE)
"""What is quoted and no name: 'read a.csv'."""


def paths(text: str, files: Sequence[str] = ()) -> list[Span]:
    """The files and folders.

    Args:
        files: Those that are there and have blanks or signs other than ASCII in their names.
    """
    found = [*_known(text, files), *_in_quotes(text)]
    for match in _PATH.finditer(text):
        said = match[0].rstrip(".")
        glued = _GLUED.match(said)
        start = match.start() + (glued.end() if glued else 0)
        end = match.start() + len(said)
        is_name = re.search(r"[^\W\d_]", said) is not None
        if is_name and all(end <= span.start or span.end <= start for span in found):
            found.append(Span(kind="path", value=text[start:end], start=start, end=end))
    return sorted(found, key=lambda span: span.start)


def is_odd(file: str) -> bool:
    """Whether a file's name has blanks or signs other than ASCII, so that its borders are not seen in a sentence."""
    return not file.isascii() or " " in file


NAMELESS = "data"
"""What the data of a file are called whose name holds no letter from a to z, no digit and no Chinese word that is known."""


def name_after(file: str) -> str | None:
    """What a dataset is called after a file whose name cannot be one as it is; None where it can.

    Args:
        file: Its name, without folders.
    """
    stem = file.partition(".")[0]
    if is_chinese_name(stem) and (name := in_english(stem)) is not None:
        return name
    return None if re.search(r"[A-Za-z0-9]", stem) else NAMELESS


def _known(text: str, files: Sequence[str]) -> list[Span]:
    found: list[Span] = []
    for file in sorted(files, key=len, reverse=True):
        name = re.escape(unicodedata.normalize("NFC", file))
        before = r"(?<![\w/.-])" if file[:1].isascii() else r"(?<![A-Za-z0-9_/.-])"
        for match in re.finditer(rf"{before}{name}{_NOT_ON}", text, re.IGNORECASE):
            if all(match.end() <= span.start or span.end <= match.start() for span in found):
                found.append(Span(kind="path", value=file, start=match.start(), end=match.end()))
    return found


def _in_quotes(text: str) -> list[Span]:
    """Names in quotes, whatever their signs; what looks like several words of a sentence is none."""
    found: list[Span] = []
    for match in _QUOTED.finditer(text):
        group = str(match.lastgroup)
        if is_odd(match[group]) and not _ORDER.match(match[group]):
            found.append(Span(kind="path", value=match[group].strip(), start=match.start(group), end=match.end(group)))
    return found
