"""Names that a request gives or means: of a new dataset, of a study to open, the old and the new one of a renaming."""

import re
from typing import Any

from agent.understanding.dataset_words import dataset_in
from agent.understanding.known import Known
from agent.understanding.stretch import Stretch
from agent.understanding.study_words import about_study
from agent.words.said import Span
from agent.words.spelling import ORDINARY, loosely, words_of

Args = dict[str, Any]

_QUOTE = r"[\"'“”‘’`«»]?"
_THING = r"(?:(?:the\s+|teh\s+|this\s+|that\s+|my\s+|our\s+)?(?:dataset|data\s?set|data|study|name|one)\s+)?"
_RENAME = rf"(?:{loosely('rename', 'renaming', 'renamed')}|re-?nam\w*|change|umbenenn\w*|renomm\w*|renombr\w*|label\w*|turn\w*|make|call\w*|name[ds]?|dub\w*)"
_NAME = r"(?P<name>[^\W\d_][\w.-]*|{dataset}|{study}|{model}|{metric}|{param}|{path}|{number}[\w-]*)"
_CALLED = (
    r"[\"“«](?P<name>[^\"”»]{1,60})[\"”»]|(?<!\w)[‘'](?P<name2>[^'’]{2,60})[’'](?!\w)",
    rf"\b{_RENAME}\b[^.;]{{0,60}}?\b(?:to\s+be|to|into|in|as|->|=)\s+(?:just\s+|be\s+)?{_THING}{_QUOTE}{_NAME}",
    rf"\b(?:call(?:ed|ing)?|nam(?:e|ed|ing)|dub(?:bed)?|label(?:led)?|nenn\w*|title)(?:\s+(?:it|that|this|them|these)(?:\s+(?:one|study|dataset|data|thing))?|\s+(?:the\s+|this\s+|that\s+)?(?:dataset|study|data|thing|current\s+study|file|new\s+(?:one|study|dataset)))?\s*[=:]?\s*{_QUOTE}{_NAME}",
    rf"\b(?:(?:under|with|by)\s+(?:the\s+)?name(?:\s+of)?\s+|(?:new\s+)?name\s*(?:is|=|:|will\s+be|should\s+be|shall\s+be|to)\s*){_QUOTE}{_NAME}",
    rf"(?:(?:->|→|=>)\s*|\b(?:as|to|into|become)\s+(?:just\s+|be\s+)?|\b(?:als|comme|como)\s+|(?:叫做?|命名为|改名为?|改名成|改成|改为|名为)\s*){_QUOTE}{_NAME}",
    rf"\b(?:{_RENAME}|rn|mv)\s+(?:the\s+|teh\s+|my\s+|our\s+)?{_THING}(?:{{dataset}}|{{study}}|[\w.-]+[-_\d][\w.-]*)\s+(?:data\s+|dataset\s+|study\s+)?{_QUOTE}{_NAME}",
    rf"\b(?:make\s+it|make\s+that)\s+{_QUOTE}{_NAME}",
)
"""Where a new name stands, the surest first."""
_NO_NAME = words_of(
    "a an the it its new my our your dataset datasets data is be trial this that them these of on in to for and or "
    "when if as well soon later one something anything else names name better shorter nicer proper study studies "
    "file what which him her so too not no tomorrow tonight today please now then up user item column separate part "
    "usual possible again just only with from by at all more first last two"
)


def called(stretch: Stretch) -> str | None:
    """The name that is given; its spans are used."""
    for pattern in _CALLED:
        for match in stretch.find(pattern):
            group = next(name for name in ("name", "name2") if match.groupdict().get(name))
            start = match.start(group)
            said = stretch.said.text[start : match.end(group)] if match[0][0] in "\"“«‘'" else _whole(stretch, start)
            if said.lower() not in _NO_NAME and not (said.islower() and said in _VERBS):
                stretch.use(
                    *[s for s in stretch.said.spans if start <= s.start < max(match.end(group), start + len(said))]
                )
                return said.strip()
    return None


_VERBS = words_of(
    "start add remove export confirm compare continue think avoid keep make get do see use try match check"
)


def _whole(stretch: Stretch, start: int) -> str:
    match = re.compile(r"[\w.-]+").match(stretch.said.text, start)
    return match[0].rstrip(".") if match else ""


def named_in_edit(stretch: Stretch) -> str | None:
    """The name in a few words that correct one: "no, storefront", "with an underscore: our_logs"."""
    text = re.sub(
        r"^.*(?:[:,]|\b(?:no|meant|mean|call\s+it|rather|like|say|to|make\s+it|be|is|actually|just|hmm+|sorry)\b[.,]*)\s+",
        "",
        stretch.text.strip(" .!?"),
        flags=re.I | re.S,
    )
    text = re.sub(r"\s+(?:please|pls|instead|then|in one word|i think)$", "", text, flags=re.I).strip(" \"'“”.!?")
    is_name = 0 < len(text.split()) <= 3 and text.lower() not in _NO_NAME and re.search(r"[^\W_]", text)
    return text if is_name else None


def rename_dataset(stretch: Stretch, known: Known) -> Args:
    """The arguments of `rename_dataset`: the old name, then the new one."""
    args: Args = {}
    if name := called(stretch):
        args["name"] = name
    spans = [span for span in stretch.spans("dataset", "path") if span.value != name]
    old = spans[0].value if spans else _old(stretch, name) or dataset_in(stretch)
    if old and old != name:
        args["dataset"] = old
    stretch.use(*spans)
    return args


_OLD = (
    rf"\b(?:{_RENAME}|rn|mv|name\s+of|des|von)\s+(?:the\s+|teh\s+|my\s+|our\s+|that\s+)?(?:name\s+of\s+)?(?:the\s+)?(?:dataset\s+|data\s?set\s+|data\s+|study\s+)?{_QUOTE}(?P<n>[A-Za-z][\w.-]*)",
    r"(?:^|[.,;!]\s+)(?:the\s+|that\s+)?(?P<n>[A-Za-z][\w.-]*)\s+(?:data(?:set)?\s+)?(?:needs|should|shall|has|must|could|->|→|renam\w*)",
)


def _old(stretch: Stretch, name: str | None) -> str | None:
    for pattern in _OLD:
        for match in re.finditer(pattern, stretch.text, re.IGNORECASE):
            said = match["n"].rstrip(".")
            if (
                said.lower() not in (*_NO_NAME, "dataset", "i", "you", "we", "should")
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
    name = called(stretch)
    if name:
        args["name"] = name
    studies = [span for span in stretch.spans("study") if span.value != name]
    if studies:
        args["study"] = studies[0].value
    elif (old := placed_study(stretch)) and old != name and not (name and old in name):
        args["study"] = old
    else:
        args |= {key: value for key, value in about_study(stretch, known).items() if value != name}
    stretch.use(*studies)
    return args


def open_study(stretch: Stretch, known: Known) -> Args:
    """The arguments of `open_study` and `delete_study`."""
    spans = _meant(stretch)
    if spans:
        stretch.use(*stretch.spans("study"))
        return {"study": spans[0].value}
    args = about_study(stretch, known)
    if args and args["study"] != "it":
        return args
    if stretch.has(r"\b(?:the\s+|teh\s+)?other(?:\s+one)?\b(?=\W*(?:$|i\s+mean|please|pls|not|one\b))"):
        return {"study": "other"}
    if name := placed_study(stretch):
        return {"study": name}
    if args or stretch.has(r"\b(?:it|this|that)\b"):
        earlier = stretch.earlier().spans("study")
        return {"study": earlier[-1].value if earlier else "it"}
    return {}


def _meant(stretch: Stretch) -> list[Span]:
    """The studies named, without those that are only where one is: "or are we still in demo-2?"."""
    return [
        span
        for span in stretch.spans("study")
        if not re.search(
            r"\b(?:still\s+in|from|not|out\s+of|leave)\s+$", stretch.said.marked[: span.start], re.IGNORECASE
        )
    ]


_STUDY_PLACES = (
    r"(?<![\w@/.-])(?P<n>[A-Za-z][\w.]*(?:[-_]\w+)*[-_]\d+)(?![\w/])",
    r"[\"“«](?P<n>[^\"”»]{2,40})[\"”»]",
    r"\b(?:study|one)\s+(?:called\s+|named\s+)?[\"'“`]?(?P<n>[A-Za-z][\w-]+)",
    r"\b(?:open|load|switch\s+(?:over\s+)?to|go\s+(?:back\s+)?to|back\s+to|get\s+back\s+to|delete|del|remove|drop|rm|trash|erase|kill|bin|discard|purge|checko?ut|chekout|select|activate|put|show\s+me|called|into)\s+"
    r"(?:the\s+|my\s+|our\s+|old\s+)*(?:study\s+)?[\"'“`]?(?P<n>[A-Za-z][\w-]+)",
)
_NO_STUDY = _NO_NAME | words_of(
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
