"""The names that a person gave, in a message: datasets and studies."""

import re
from dataclasses import dataclass

from agent.words.said import Span


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
        is_plain = not re.search(r"[\d_-]", name) or name in names.datasets
        lead = (_STUDY_ONLY if name in names.datasets else OF_STUDY) if is_plain else ""
        for match in re.finditer(rf"{lead}(?P<name>{_name_pattern(name)})", text, re.IGNORECASE | re.ASCII):
            if " " in match["name"] and _COUNTS.match(text, match.end()):  # "films 6 trials"
                continue
            found.append(Span(kind="study", value=name, start=match.start("name"), end=match.end("name")))
    return found + _numbered_studies(text, names)


_STUDY_ONLY = r"\bstudy\s+"
OF_STUDY = r"(?:\bstudy\s+|\b(?:export|delete|remove|show|open|rename|resume|status(?:\s+of)?|report(?:\s+(?:of|on))?)\s+(?:me\s+)?)[`'\"“]?"
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
