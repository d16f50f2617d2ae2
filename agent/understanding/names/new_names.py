"""The name that a request gives to a dataset or a study: "call it films", "rename shop to store"."""

import re
from collections.abc import Collection

from agent.understanding.bounds.stretch import Stretch
from agent.words.said import compiled
from agent.words.spelling import loosely, words_of

QUOTE = r"[\"'“”‘’`«»]?"
_THING = r"(?:(?:the\s+|teh\s+|this\s+|that\s+|my\s+|our\s+)?(?:dataset|data\s?set|data|study|name|one)\s+)?"
RENAME = rf"(?:{loosely('rename', 'renaming', 'renamed')}|re-?nam\w*|change|umbenenn\w*|renomm\w*|renombr\w*|label\w*|turn\w*|make|call\w*|name[ds]?|dub\w*)"
_NAME = (
    r"(?P<name>[^\W\d_](?:[\w.-]|{number})*(?<!\.)|{dataset}|{study}|{model}|{metric}|{param}|{path}|{number}[\w-]*)"
)
_CALLED = (
    r"[\"“«](?P<name>[^\"”»]{1,60})[\"”»]|(?<!\w)[‘'](?P<name2>[^'’]{2,60})[’'](?!\w)",
    rf"\b(?:{RENAME}|rn|mv)\s+(?:the\s+|teh\s+|my\s+|our\s+)?(?:data\s?set\s+|data\s+){{dataset}}\s+{QUOTE}{_NAME}(?=\s*(?:[,.;!?]|$|from\s+now\b|and\b|please\b|instead\b|then\b))",
    rf"\b(?:call|name|title|dub)\s+(?:the\s+|my\s+|our\s+)?(?:data\s?set\s+|data\s+|study\s+)?(?:{{dataset}}|{{study}})\s+{QUOTE}{_NAME}",
    rf"\b{RENAME}\b[^.;]{{0,60}}?\b(?:to\s+be|to|into|in|as|->|=)\s+(?:just\s+|be\s+)?{_THING}{QUOTE}{_NAME}",
    rf"\b(?:call(?:ed|ing)?|nam(?:e|ed|ing)|dub(?:bed)?|label(?:led)?|nenn\w*|title|re-?name)(?:\s+(?:it|that|this|them|these)(?:\s+(?:one|study|dataset|data|thing))?|\s+(?:the\s+|this\s+|that\s+)?(?:dataset|study|data|thing|current\s+study|file|new\s+(?:one|study|dataset)))?\s*[=:]?\s*{QUOTE}{_NAME}",
    rf"\b(?:(?:under|with|by)\s+(?:the\s+)?name(?:\s+of)?\s+|(?:new\s+)?name\s*(?:is|=|:|will\s+be|should\s+be|shall\s+be|to)\s*){QUOTE}{_NAME}",
    rf"(?:(?:->|→|=>)\s*|\b(?:as|to|into|become)\s+(?:just\s+|be\s+)?|\b(?:als|comme|como)\s+|(?:叫做?|命名为|改名为?|改名成|改成|改为|名为)\s*){QUOTE}{_NAME}",
    rf"\b(?:{RENAME}|rn|mv)\s+(?:the\s+|teh\s+|my\s+|our\s+)?{_THING}(?:{{dataset}}|{{study}}|[\w.-]+[-_\d][\w.-]*)\s+(?:data\s+|dataset\s+|study\s+)?{QUOTE}{_NAME}",
    rf"\b(?:make\s+it|make\s+that)\s+{QUOTE}{_NAME}",
)
"""Where a new name stands, the surest first."""
_RATHER = compiled(
    rf"[\w.-]*{QUOTE}\s*[,;.…—–-]+\s*(?:hm+\W+)?(?:no|wait|sorry|or|actually|rather|better)\b[,\s]*(?:rather\s+|better\s+|wait\W+|just\s+|call\s+it\s+|to\s+|as\s+)*{QUOTE}{_NAME}(?={QUOTE}\s*(?:[,.;!?]|$|is\b|will\b|rather\b|sorry\b|please\b|instead\b))"
)
"""A name that takes the place of the one before: "films, no, movies is fine"."""
NO_NAME = words_of(
    "a an the it its new my our your dataset datasets data is be trial this that them these of on in to for and or "
    "when if as well soon later one something anything else names name better shorter nicer proper study studies "
    "file what which him her so too not no tomorrow tonight today please now then up user item column separate part like likes liked positive positives relevant "
    "objective objectives goal goals metric metrics baseline baselines usual possible again just only with from by at all more first last two wait refer back sorry oh hm hmm call put"
)


def called(stretch: Stretch, *, without: Collection[str] = (), is_title: bool = False) -> str | None:
    """The name that is given; its spans are used.

    Args:
        without: What is named for another reason: columns.
        is_title: It may have spaces.
    """
    for pattern in _CALLED:
        for match in stretch.find(pattern):
            group = next(name for name in ("name", "name2") if match.groupdict().get(name))
            better = _RATHER.match(stretch.said.marked, match.end())
            if better and stretch.said.text[better.start("name") : better.end("name")].lower() not in NO_NAME:
                match, group = better, "name"
            start = match.start(group)
            said = (
                stretch.said.text[start : match.end(group)]
                if match[0][0] in "\"“«‘'"
                else _whole(stretch, start, is_title=is_title)
            )
            if re.search(r"\bnot\s+$", stretch.said.text[: match.start()]):
                continue
            if said not in without and said.lower() not in NO_NAME and not (said.islower() and said in _VERBS):
                stretch.use(
                    *[s for s in stretch.said.spans if start <= s.start < max(match.end(group), start + len(said))]
                )
                return said.strip()
    return None


_STUDY = r"(?:study|search|experiment)"
_STUDY_CALLED = (
    rf"\b{_STUDY}\s*,?\s+(?:that\s+is\s+|to\s+be\s+)?(?:called|named|titled|dubbed)\s+",
    rf"\b(?:call|name|title|dub)\s+(?:it|this|that|(?:the|this|that|my|our)\s+(?:new\s+)?{_STUDY})\s*[=:]?\s*(?!quits\b|off\b|done\b)",
    rf"(?<!\w)(?:{_STUDY}'?s?\s+)?(?:name|title)\s*[:=]\s*",
)


_AS = rf"\bas\s+(?:study\s+)?(?:[\"“«](?P<name>[^\"”»]{{1,60}})[\"”»]|{QUOTE}(?P<name2>[^\W\d_](?:[\w-])*)(?!\w))(?=\s*(?:[,.;!]|$|for\b|with\b|{{number}}))"
_AS_WHAT = words_of(
    "likes like liked positive positives relevant usual before always possible well objective metric goal target baseline sampler "
    "default defaults weight weights rating ratings user users item items time test validation a an the it soon fast quickly quick "
    "good much many long best agreed said planned last first yesterday now "
    "objective objectives goal goals metric metrics target targets baseline baselines"
)
"""What "as" names other than a study: "4 and more as likes", "ndcg as the goal"."""


def study_called(stretch: Stretch) -> str | None:
    """The name that the words which start a study give to it: "a study called winter on shop"; its spans are used."""
    return _study_called(stretch) or _as_name(stretch)


def _as_name(stretch: Stretch) -> str | None:
    """The name of "tune ease on shop as winter"; none of a name that is known for something else."""
    for match in stretch.find(_AS):
        said = stretch.said.text[match.start("name") : match.end("name")] if match["name"] else ""
        said = said or stretch.said.text[match.start("name2") : match.end("name2")]
        if said.lower() not in NO_NAME | _AS_WHAT:
            return said.strip()
    return None


def _study_called(stretch: Stretch) -> str | None:
    for pattern in _STUDY_CALLED:
        for match in stretch.find(
            rf"{pattern}(?:[\"“«](?P<name>[^\"”»]{{1,60}})[\"”»]|{QUOTE}{_NAME.replace('name', 'name2')})"
        ):
            start = match.start("name") if match["name"] else match.start("name2")
            said = match["name"] and stretch.said.text[start : match.end("name")]
            said = said or _whole(stretch, start, is_title=False)
            if said.lower() not in NO_NAME:
                stretch.use(*[s for s in stretch.said.spans if start <= s.start < start + len(said)])
                return said.strip()
    return None


_VERBS = words_of(
    "start add remove export confirm compare continue think avoid keep make get do see use try match check"
)


def _whole(stretch: Stretch, start: int, *, is_title: bool) -> str:
    match = re.compile(r"[\w.-]+").match(stretch.said.text, start)
    said = match[0].rstrip(".") if match else ""
    more = _MORE_WORDS.match(stretch.said.text, start + len(said)) if is_title and said else None
    words = more["more"].split() if more else []
    return f"{said} {' '.join(words)}" if words and not set(map(str.lower, words)) & (NO_NAME | _ENDS) else said


_MORE_WORDS = re.compile(r"(?P<more>(?: [\w.-]*\w){1,4})(?=\s*[.!?]*\s*$)")
"""The rest of a title, up to the end of the message."""
_ENDS = words_of("and or but from please thanks instead rather now then so because since while which that is was study")


def named_in_edit(stretch: Stretch) -> str | None:
    """The name in a few words that correct one: "no, storefront", "with an underscore: our_logs"."""
    text = re.sub(
        r"^.*(?:[:,]|\b(?:no|meant|mean|call\s+it|rather|like|say|to|make\s+it|be|is|actually|just|hmm+|sorry)\b[.,]*)\s+",
        "",
        stretch.text.strip(" .!?"),
        flags=re.I | re.S,
    )
    text = re.sub(r"\s+(?:please|pls|instead|then|in one word|i think)$", "", text, flags=re.I).strip(" \"'“”.!?")
    is_order = re.match(r"(?:put|change|bring|take|give|set|make|turn)\s+(?:it|that|them)\b", text, re.IGNORECASE)
    is_name = not is_order and 0 < len(text.split()) <= 3 and text.lower() not in NO_NAME and re.search(r"[^\W_]", text)
    return text if is_name else None
