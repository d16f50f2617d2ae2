"""Names that a request gives or means: of a new dataset, of a study to open, the old and the new one of a renaming."""

import re
from typing import Any

from agent.understanding.arguments.study_words import about_study
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.data.dataset_words import dataset_in, earlier_dataset
from agent.understanding.known import Known
from agent.understanding.names.new_names import NO_NAME, QUOTE, RENAME, called
from agent.understanding.names.pointing import UNCLEAR
from agent.understanding.names.taken_back import taken_back
from agent.words.said import Span
from agent.words.spelling import ORDINARY, words_of

Args = dict[str, Any]


def rename_dataset(stretch: Stretch, known: Known) -> Args:
    """The arguments of `rename_dataset`: the old name, then the new one."""
    args: Args = {}
    if stretch.has(_RENAME_WHAT):  # and to what, is not said
        spans = stretch.spans("dataset")
        stretch.use(*spans)
        return {"dataset": spans[0].value}
    if name := called(stretch):
        args["name"] = name
    spans = [span for span in stretch.spans("dataset", "path") if span.value != name]
    if name and stretch.has(_IT_IS_CALLED):
        stretch.use(*spans)  # "call it partners, so that nobody takes it for the demo"
        return args | {"dataset": earlier_dataset(stretch) or "it"}
    old = spans[0].value if spans else _old(stretch, name) or dataset_in(stretch, known)
    if old and old != name:
        args["dataset"] = old
    stretch.use(*spans)
    return args


_RENAME_WHAT = r"^\W*(?:please\s+)?(?:re-?name|change\s+the\s+name\s+of)\s+(?:the\s+)?(?:data\s?set\s+)?{dataset}(?:\s+please)?\W*$"
_IT_IS_CALLED = rf"\b{RENAME}\s+(?:it|this|that|them)(?:\s+(?:one|data\w*))?\b"
_OLD = (
    rf"\b(?:{RENAME}|rn|mv|name\s+of|des|von)\s+(?:the\s+|teh\s+|my\s+|our\s+|that\s+)?(?:name\s+of\s+)?(?:the\s+)?(?:dataset\s+|data\s?set\s+|data\s+|study\s+)?{QUOTE}(?P<n>[A-Za-z][\w.-]*)",
    r"(?:^|[.,;!]\s+)(?:the\s+|that\s+)?(?P<n>[A-Za-z][\w.-]*)\s+(?:data(?:set)?\s+)?(?:needs|should|shall|has|must|could|->|→|renam\w*)",
)


_VERBS = words_of("call rename name make turn label dub change")


def _old(stretch: Stretch, name: str | None) -> str | None:
    for pattern in _OLD:
        for match in re.finditer(pattern, stretch.text, re.IGNORECASE):
            said = match["n"].rstrip(".")
            if (
                said.lower() not in (*NO_NAME, "dataset", "i", "you", "we", "should", *_VERBS)
                and said != name
                and not _is_plain(said)
            ):
                return said
    return None


def _is_plain(said: str) -> bool:
    return said in ORDINARY and said in (
        "could",
        "can",
        "would",
        "please",
        "let",
        "need",
        "want",
        "actually",
        "ok",
        "hey",
    )


def rename_study(stretch: Stretch, known: Known) -> Args:
    """The arguments of `rename_study`: the study at hand unless one is named, and the new name."""
    args: Args = {}
    name = called(stretch, is_title=True)
    if name:
        args["name"] = name
    studies = [span for span in _meant(stretch) if span.value != name]
    if not studies and (other := _only_other(stretch, known)):
        args["study"] = other
    elif studies:
        args["study"] = studies[0].value
    elif (old := placed_study(stretch)) and old != name and not (name and old in name):
        args["study"] = old
    else:
        args |= {key: value for key, value in about_study(stretch, known).items() if value != name}
    stretch.use(*studies)
    return args


def undo(stretch: Stretch, known: Known) -> Args:
    """The arguments of `undo`: a study or a dataset only where it is named, since "that" is the change and no study."""
    spans = stretch.spans("study")
    stretch.use(*spans)
    if spans:
        return {"study": spans[-1].value}
    dataset = taken_back(stretch)
    return {"dataset": dataset} if dataset else {}


def open_study(stretch: Stretch, known: Known) -> Args:
    """The arguments of `open_study` and `delete_study`."""
    spans = _meant(stretch)
    if spans:
        stretch.use(*stretch.spans("study"))
        return {"study": spans[0].value}
    if stretch.spans("study"):
        other = _only_other(stretch, known)
        return {"study": other or UNCLEAR}
    args = about_study(stretch, known)
    if args and args["study"] != "it":
        return args
    if stretch.has(r"\b(?:the\s+|teh\s+)?other(?:\s+one)?\b(?=\W*(?:$|i\s+mean|please|pls|not|one\b))"):
        return {"study": "other"}
    if name := placed_study(stretch):
        return {"study": name}
    if args or stretch.has(r"\b(?:it|this|that)\b"):
        before = stretch.earlier()
        earlier = [] if before.says(rf"\b{RENAME}\b") else before.spans("study")  # it has another name by now
        return {"study": earlier[-1].value if earlier else "it"}
    return {}


def _only_other(stretch: Stretch, known: Known) -> str | None:
    """The only study that is not ruled out by "not demo-1", "everything except demo-1"."""
    named = {span.value for span in stretch.spans("study")}
    others = [study for study in known.studies if study not in named]
    if not named or len(others) != 1:
        return None
    stretch.use(*stretch.spans("study"))
    return others[0]


def _meant(stretch: Stretch) -> list[Span]:
    """The studies named, without those that are only where one is: "or are we still in demo-2?"."""
    return [
        span
        for span in stretch.spans("study")
        if not re.search(
            r"\b(?:still\s+in|from|not|isn'?t|out\s+of|leave|except(?:\s+for)?|but(?:\s+not)?|other\s+than|apart\s+from|keep)\s+(?:the\s+|study\s+)*$",
            stretch.said.marked[: span.start],
            re.IGNORECASE,
        )
    ]


_STUDY_PLACES = (
    r"(?<![\w@/.-])(?P<n>[A-Za-z][\w.]*(?:[-_]\w+)*[-_]\d+)(?![\w/])",
    r"[\"“«](?P<n>[^\"”»]{2,40})[\"”»]",
    r"\b(?:study|one)\s+(?:called\s+|named\s+)?[\"'“`]?(?P<n>[A-Za-z][\w-]+)",
    r"\b(?:open|load|switch\s+(?:over\s+)?to|go\s+(?:back\s+)?to|back\s+to|get\s+back\s+to|delete|del|remove|drop|rm|trash|erase|kill|bin|discard|purge|checko?ut|chekout|select|activate|put|show\s+me|called|into)\s+"
    r"(?:the\s+|my\s+|our\s+|old\s+)*(?:study\s+)?[\"'“`]?(?P<n>[A-Za-z][\w-]+)",
)
_NO_STUDY = NO_NAME | words_of(
    "on with for and at from that we is please again study studies without before after anything everything all "
    "results other others previous another best trial trials me us report back any every both search tuning while "
    "until because work old current running whole model models dataset datasets files file"
)


def placed_study(stretch: Stretch) -> str | None:
    """A name that stands where a study's name stands."""
    for pattern in _STUDY_PLACES:
        for match in re.finditer(pattern, stretch.text, re.IGNORECASE):
            name = match["n"]
            if name.lower() not in _NO_STUDY:
                return name
    return None


def import_trials(stretch: Stretch, known: Known) -> Args:
    """The arguments of `import_trials`."""
    paths = stretch.spans("path")
    stretch.use(*paths)
    args: Args = {"path": paths[0].value} if paths else {}
    return args | about_study(stretch, known)
