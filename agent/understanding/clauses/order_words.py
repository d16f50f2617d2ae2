"""Words of an order to train that nothing used: it is asked about, whatever way it puts a part of the data.

>>> words_unused(read("tune ease on shop, 3 trials, and no vouchers in it", Names(datasets=("shop",))))
('no vouchers in it',)
"""

import re
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from agent import words
from agent.understanding.plan import Request
from agent.words.said import Said
from agent.words.spelling import words_of

_LIST = Path(words.__file__).with_name("order_words.txt")
_KNOWN = words_of(_LIST.read_text(encoding="utf-8"))
"""What orders to train are made of, and what says nothing of what is trained on."""
_OF_ARGUMENT = {
    "dataset": "file files",
    "positive": "rating ratings rated rates star stars review reviews vote votes score scores mark marks row rows event events "
    "interaction interactions positive positives relevant liked bad value values everything purchase purchases click clicks",
    "repeat_events": "repeat repeats repeated people person customer customers user users buyer buyers listener listeners "
    "shopper shoppers everyone everybody item items thing things product products song songs track tracks artist artists book "
    "books film films movie movies purchase purchases buy bought buys buying had listen listened listening play played hear "
    "heard order orders ordered purchased watch watched read seen saw own owns rent rented interacted hide mask filter list "
    "lists event events already recommend recommended recommendations",
    "space": "exclude excludes excluded excluding forbidden ruled allowed wanted limits avoid avoiding",
    "pruner": "prune prunes pruner pruners pruning prunning stop stopping early rule rules successive halving asha hurdle quartile off",
    "use_rules": "rule rules heed heeding apply applying follow following trust built-in shipped built in",
    "try_first": "first try trying test begin beginning enqueue queue evaluate right after before anything everything else then",
    "run_defaults": "default defaults skip skipping omit measure",
    "outcomes": "weigh weighs weight weights worth as much value treat outcome outcomes purchase purchases click clicks view "
    "views cart carts times count counts gets",
}
"""The words that the reading of an argument takes whole."""
_WORDS = {name: words_of(words) for name, words in _OF_ARGUMENT.items()}
_WORD = re.compile(r"[^\W\d_\ue000-\uf8ff]+(?:['’_-][^\W\d_\ue000-\uf8ff]+)*")
_PART = re.compile(r"[\ue001-\uf8ff]\ue000*|[,;:!?()\n，。；：、]|\.(?=\s|$)")
"""Where a quotation ends: at a name or an amount, which was read, and at a sign."""
_SENTENCE = re.compile(r"[.!?\n。！？]+(?=\s|$)")
_REASON = re.compile(
    r"\b(?:because|cause|cuz|since\s+(?=i\b|we\b|it|they|that|the\s+last)|so\s+that|so\s+(?=i\b|we\b)|in\s+case|before\s+(?=i\b|we\b))[^,;.!?\n]*",
    re.IGNORECASE,
)
"""Why it is ordered, which changes nothing."""
_LEAD = words_of(
    "no not only just nothing none without except minus skip drop leave out forget ignore exclude excluding for about from of "
    "with the a an any all in on to by at as than that whose where who which those these don't never anything everything"
)
"""What leads to the word that was not used, and is quoted with it."""


def words_unused(said: Said, calls: Sequence[Request] = (), others: Iterable[str] = ()) -> tuple[str, ...]:
    """The words that no argument and no reading of one took, each with what leads to it.

    Args:
        said: A message that orders a study.
        calls: What it asks for; the words that stand in their arguments are used.
        others: Parts of the message that belong to other requests.
    """
    used = {word for call in calls for word in _words_in(call.args.values())}
    used |= {word for call in calls for name in call.args for word in _WORDS.get(name, ())}
    marked = _blanked(said, others)
    found = []
    for start, end in _parts(marked):
        words = list(_WORD.finditer(marked, start, end))
        new = [place for place, match in enumerate(words) if not _is_used(match[0].lower(), used)]
        if new:
            first = new[0]
            while first and words[first - 1][0].lower() in _LEAD:
                first -= 1
            last = words[new[-1]] if end < len(marked) and "\ue000" < marked[end] < "\uf900" else words[-1]
            found.append(said.text[words[first].start() : last.end()])
    return tuple(dict.fromkeys(found))


def _is_used(word: str, used: Collection[str]) -> bool:
    """Whether a word, or each part of it that a hyphen or an apostrophe joins, is known."""
    word = word.replace("’", "'")
    return (
        word in _KNOWN
        or word in used
        or all(
            len(part) < 2 or part in _KNOWN or part in used or part in ("ll", "re", "ve")
            for part in re.split(r"['_-]", word)
        )
    )


def _blanked(said: Said, others: Iterable[str]) -> str:
    """The marked text from the sentence on in which the order begins, without what belongs to others and without reasons."""
    marked = said.marked
    for text in others:
        at = said.text.find(text) if text.strip() else -1
        if at >= 0:
            marked = marked[:at] + "," * len(text) + marked[at + len(text) :]
    marked = _REASON.sub(lambda match: "," * len(match[0]), marked)
    named = re.search(r"[\ue001-\uf8ff]", marked)
    before = [match.end() for match in _SENTENCE.finditer(marked, 0, named.start())] if named else []
    return "," * before[-1] + marked[before[-1] :] if before else marked


def _parts(marked: str) -> list[tuple[int, int]]:
    """The stretches of words between names, amounts and signs."""
    places, start = [], 0
    for match in _PART.finditer(marked):
        places.append((start, match.start()))
        start = match.end()
    return [place for place in (*places, (start, len(marked))) if place[0] < place[1]]


def _words_in(values: Iterable[object]) -> Iterable[str]:
    for value in values:
        if isinstance(value, dict):
            yield from _words_in((*value, *value.values()))
        elif isinstance(value, list | tuple):
            yield from _words_in(value)
        elif isinstance(value, str):
            yield from (match[0].lower() for match in _WORD.finditer(value))
