"""The dataset that a request means: a file, a known name, a word in a name's place, or "it"."""

import re

from agent.understanding.bounds.stretch import Stretch
from agent.understanding.known import Known
from agent.understanding.names.new_names import RENAME, called
from agent.words.spelling import ORDINARY, words_of


def dataset_in(stretch: Stretch, known: Known, *, guess: bool = True) -> str | None:
    """The dataset that is meant; its span is used. Of two known ones the other, where one is ruled out.

    Args:
        guess: Whether words that are no known name count, too.
    """
    for kind in ("path", "dataset"):
        if spans := stretch.spans(kind):
            stretch.use(*(span for span in spans if _is_ruled_out(stretch, span.start)))
            if meant := stretch.spans(kind):
                stretch.use(meant[-1], *(span for span in meant if span.value == meant[-1].value))
                return str(meant[-1].value)
            others = [name for name in known.datasets if name not in [span.value for span in spans]]
            new = placed_name(stretch) if guess else None
            return new or (others[0] if len(others) == 1 and stretch.says(_ANOTHER) else None)
    if not guess:
        return None
    if stretch.has(_OTHER):
        return "other"
    return placed_name(stretch) or _tuned_on(stretch) or ("it" if stretch.has(_IT) else None)


_OTHER = r"\b(?:the|that|my|our)\s+other\s+(?:data\s?set|data|file|one(?=\s*(?:[,.;:!?]|$)))"
_ANOTHER = r"\b(?:one|data\s?set|data)\s*,?\s+(?:that|which)|\b(?:other\s+than|except|besides)\b"
_RULED_OUT = re.compile(
    r"(?:\bnot|\bnor|\bneither|n['’]t|\b(?:is|are|was)nt|\bother\s+than|\bexcept(?:\s+for)?|\bbesides)\s+(?:on\s+|in\s+|called\s+|the\s+|my\s+|our\s+)*[\"'“`]?$",
    re.IGNORECASE,
)


def _is_ruled_out(stretch: Stretch, place: int) -> bool:
    """Whether what stands before a name says that it is not meant: "the one that's not shop"."""
    return _RULED_OUT.search(stretch.said.marked[max(0, place - 40) : place]) is not None


def earlier_dataset(stretch: Stretch) -> str | None:
    """The dataset that was named last before this request in the same message: "describe shop and tune ease there".

    Its new name where it is renamed before; None where a file is added before: its name is not settled yet.
    """
    before = stretch.earlier()
    spans = before.spans("dataset")
    if not spans or before.spans("path"):
        return None
    new = called(Stretch(before.said, before.parts)) if before.has(rf"\b(?:{RENAME}|rn|mv)\b") else None
    return new or str(spans[-1].value)


_IT = (
    r"\b(?:it|this|that|them|these|those|same\s+(?:data\w*|one))\b|"
    r"\b(?:the|my|our|this|that|same)\s+(?:data(?:\s?set)?|file|log)\b|它|这[个份批些]\s*(?:数据|data)"
)
_NAME = r"[A-Za-zÀ-ž][A-Za-zÀ-ž0-9_.-]*[A-Za-zÀ-ž0-9_]"
_DATA = r"(?:data\s?sets?|datasset|datset|data|corpus|logs?|table|set|daten|数据集?)"
_FILLED = r"(?:the\s+|teh\s+|our\s+|my\s+|your\s+|this\s+|that\s+|old\s+|new\s+|den\s+|die\s+|el\s+|la\s+|le\s+)*"
_REMOVING = r"(?:remove|remvoe|delete|del|drop|rm|lose|erase|discard|purge|kick\s+out|throw\s+(?:out|away)|get\s+rid\s+of|describe|inspect|profile|load|stats)"
_PLACES = (
    rf"\b{_DATA}\s+(?:called\s+|named\s+|is\s+|will\s+be\s+|=\s*|:\s*)?[\"'“`]?(?P<n>{_NAME})",
    rf"\b(?:data(?:set)?|ds)\s*[=:]\s*[\"'“`]?(?P<n>{_NAME})",
    rf"[\"'“`](?P<n>{_NAME})[\"'”`]",
    rf"(?<![\w@./-])(?P<n>{_NAME})[\"'”`]?\s+{_DATA}(?!\w)",
    rf"\b(?:on|onto|over|for|of|in|about|from|against|with|auf|für|sur|en|mit|su)\s+{_FILLED}[\"'“`]?(?P<n>{_NAME})",
    rf"(?:在|对|用|把)\s*(?P<n>{_NAME})",
    rf"\b{_REMOVING}\s+{_FILLED}[\"'“`]?(?P<n>{_NAME})",
    rf"\b(?:throw|kick|take|put|leave)\s+{_FILLED}[\"'“`]?(?P<n>{_NAME})[\"'”`]?\s+(?:out|away)\b",
    rf"(?:^|[.,;:/(]\s*|\b(?:and|but|no|not|tune|tunning|tuning|train|study|on|search)\s+)(?P<n>{_NAME})(?=\s*(?:[.,;:/)!?]|$))",
    r"(?<![\w@./-])(?P<n>[A-Za-z]+[_-][\w-]*\w|[A-Za-z]{3,}\d{1,4})(?![\w/@])",
)
"""Where a dataset's name stands, the surest first."""
_NO_NAME = words_of(
    "a an the this that it its my our your their them these those all any every each some same other another which "
    "what best default defaults trial trials run runs study studies model models data dataset datasets set file "
    "files user users item items epoch epochs seed seeds test validation train top least most more less about after "
    "before now then today tomorrow tonight monday friday weekend time hour hours minute minutes gpu cpu machine "
    "laptop me us you him her everyone everybody people search random grid hold both one two three first second "
    "last next new old metric metrics objective goal average general detail details please thanks instead again "
    "well course hand way purpose fire yes no ok sure accuracy quality ranking coverage latency speed memory "
    "diversity comparison baseline production example approval asking knowing waiting going only just also too not "
    "tune tuning start training starting list lists with without from while when if because for hyperparam "
    "hyperparams hyperparameter hyperparameters recpilot trail trails hm hmm um uh er teh at in to of on be or and "
    "oh ah aha ooh oops ugh eh ok okey alright whoa wow erm ehm yeah yep nope nah sorry hey hello hi "
    "january february march april june july august september october november december email e-mail "
    "up upwards metadata cols col column columns rows history needs_approval"
)
_LIKE_DATA = words_of(
    "films movies shop books music games toys anime travel clicks orders steam garden retail news ads songs beauty "
    "wine recipes jobs podcasts hotels beer groceries grocery fashion sessions ratings events purchases tickets "
    "courses wines kiosk store photos videos restaurants recipes listings papers products cinema"
)
"""Ordinary words that are names where a name stands."""


_TUNED_ON = (
    rf"\b(?:tune|train|study|optimi[sz]e|run|try|use|start|begin)\b[^.;!?,]*?{{model}}[^.;!?,]*?\bon\s+(?:the\s+|my\s+|our\s+)?(?P<n>{_NAME})"
    r"(?=\s*(?:[,.;:!?]|$|{number}|(?:with|for|tune|using|data\w*)\b))"
)


def _tuned_on(stretch: Stretch) -> str | None:
    """A word of any kind that stands where the dataset of a model stands: "tune ease on loans" is of no other data."""
    found = (match for start, end in stretch.parts for match in stretch.said.find(_TUNED_ON, start, end))
    names = (match["n"].rstrip(".") for match in found)
    return next((name for name in names if name.lower() not in _NO_NAME and name.lower() != "own"), None)


_ABSTRACT = ("ness", "ism", "ship", "ingly")
"""How words for what cannot be tuned on end: "so that you are not accused of cleverness"."""


def placed_name(stretch: Stretch) -> str | None:
    """A word that stands where a dataset's name stands and is no common one: "tune ease on films"."""
    for pattern in _PLACES:
        for match in stretch.find(pattern):
            name = match["n"].rstrip(".")
            if _is_ruled_out(stretch, match.start("n")) or name.lower().endswith(_ABSTRACT):
                continue
            if name.lower() not in _NO_NAME and not _is_ordinary(name):
                return name
    return None


def _is_ordinary(name: str) -> bool:
    is_word = re.fullmatch(r"[A-Za-zÀ-ž'-]+", name) is not None
    return is_word and name.lower() in ORDINARY and name.lower() not in _LIKE_DATA
