"""The names that a person gave, in a message: datasets and studies."""

import re
from collections.abc import Collection
from dataclasses import dataclass

from agent.words.lexicon import lexicons, plain
from agent.words.said import Span
from agent.words.spelling import ORDINARY


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names that a person gave."""

    datasets: tuple[str, ...] = ()
    studies: tuple[str, ...] = ()
    files: tuple[str, ...] = ()  # of the data folder, whose names have blanks or signs other than ASCII


_PUBLIC = re.compile(
    r"(?<![\w@/.-])(?:ml[-_ ]?\d+(?:k|m)|ml-latest(?:-small)?|movielens(?:[-_ ]\d+(?:k|m))?|gowalla|yelp\d*|steam|last\.?fm(?:-\w+)?|"
    r"retail-?rocket|yoochoose|amazon[-_]\w+|netflix\w*|criteo\w*|frappe|tallrec[-_]\w+|kuairec|epinions|citeulike)(?![\w/]|-\w)",
    re.IGNORECASE | re.ASCII,
)


def own(text: str, names: Names) -> list[Span]:
    """The datasets and studies, known ones and those that are called like one."""
    found: list[Span] = []
    for name in names.datasets:
        matches = re.finditer(_name_pattern(name), text, re.IGNORECASE | re.ASCII)
        found += [Span(kind="dataset", value=name, start=match.start(), end=match.end()) for match in matches]
    known = {span.start for span in found}
    for match in _PUBLIC.finditer(text):
        if match.start() not in known:
            value = re.sub(r"^(ml)[ _]?(?=\d)", r"\1-", match[0].lower())
            found.append(Span(kind="dataset", value=value, start=match.start(), end=match.end()))
    for name in names.studies:
        lead = study_lead(name, names.datasets)
        for match in re.finditer(rf"{lead}(?P<name>{_name_pattern(name)})", text, re.IGNORECASE | re.ASCII):
            if " " in match["name"] and _COUNTS.match(text, match.end()):  # "films 6 trials"
                continue
            found.append(Span(kind="study", value=name, start=match.start("name"), end=match.end("name")))
    return found + _numbered_studies(text, names)


def study_lead(name: str, datasets: Collection[str]) -> str:
    """A pattern of what stands before a study's name where the name is meant; empty where it is meant anywhere.

    A name that is also an ordinary word, or one of the field, counts after words of studies only; a dataset's after
    "study" only.
    """
    if name in datasets:
        return _STUDY_ONLY
    return _OF_STUDY if is_any_word(name) else ""


def is_any_word(name: str) -> bool:
    """Whether a name may be said without a study being meant: "first", "best", "ease"."""
    if re.search(r"[\d_-]", name):
        return False
    words = [plain(word) for word in re.findall(r"[^\W_]+", name)]
    said = {plain(name), *words} if len(words) == 1 else {plain(name)}
    return bool(said & ORDINARY) or any(lexicon.meaning(one) for lexicon in lexicons().values() for one in said)


_STUDY_ONLY = r"\bstudy\s+[`'\"“]?"
_OF_STUDY = (
    r"(?:\bstudy\s+|\btrials?\s+#?\d+\s+(?:of|in|from)\s+|"
    r"\b(?:best|worst|pruner|sampler|advisor|lessons?|history|results?)\s+(?:of|in|from)\s+|"
    r"\bdid\s+(?=\S+\s+(?:use|win|start\s+from)\b)|"
    r"\b(?:export|delete|remove|show|open|rename|resume|status(?:\s+of)?|report(?:\s+(?:of|on))?)\s+(?:me\s+)?)[`'\"“]?"
)
"""What stands before a study's name that may be any word, also one of the field: "export alpha"."""
_COUNTS = re.compile(
    r"\s*(?:trials?|trails?|runs?|epochs?|items?|layers?|more|x\b|min|hours?|h\b|%)", re.IGNORECASE | re.ASCII
)


def _numbered_studies(text: str, names: Names) -> list[Span]:
    """`shop-3`, which is called like a study of that dataset, whether there is one or not."""
    stems = "|".join(re.escape(name) for name in sorted(names.datasets, key=len, reverse=True))
    if not stems:
        return []
    pattern = re.compile(
        rf"(?<![\w@/.-])(?:{stems})[- ]?(?P<n>\d{{1,3}})(?![\w/%]|[.,]\d|-\w|\s+(?:trials?|runs?|epochs?|items?|more|min|hours?))",
        re.I | re.ASCII,
    )
    return [
        Span(kind="study", value=re.sub(r"\s", "-", match[0].lower()), start=match.start(), end=match.end())
        for match in pattern.finditer(text)
        if re.search(r"-\d", match[0])
    ]


def _name_pattern(name: str) -> str:
    parts = re.findall(r"[^\W_]+", name)
    return rf"(?<![\w@/.-]){'[-_. ]?'.join(map(re.escape, parts))}(?![\w/]|-\w|\.\w)"
