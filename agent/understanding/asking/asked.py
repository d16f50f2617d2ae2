"""What a message asks about acts, results and recpilot itself: which kind of question, and which facts answer it.

The words of the answers are in `agent.answers.verdicts`; nothing here acts.

>>> asked("is it safe to pause?").kind
'safe'
"""

import re
from dataclasses import replace

from rapidfuzz.distance import DamerauLevenshtein

from agent.understanding.asking.question_kind import Asked
from agent.understanding.asking.question_kinds import KINDS
from agent.words.spelling import ORDINARY, words_of

_BY_NAME = {kind.asked.kind: kind.asked for kind in KINDS}
_KEY_WORDS = words_of(
    "pause stop resume export delete remove trial trials study noise worth better difference significant enough confirm "
    "model models metrics sampler seed matter start begin anytime middle lose forget finish finished result results good long time left wondering"
)


_OF_ACTS: dict[str, tuple[str, ...]] = {
    "control_study": ("safe", "stopped_itself", "did_start", "survives", "go_on"),
    "export_model": ("can_export", "exported"),
    "delete_study": ("can_delete", "lost_by_delete", "did_delete", "delete_generic"),
    "confirm": ("explain_confirm", "confirmed", "test_score", "seed_matters"),
    "start_study": ("would_tune", *(kind.asked.kind for kind in KINDS)),
    "extend_study": ("go_on", *(kind.asked.kind for kind in KINDS)),
    "remember_lesson": ("noted", "forgets"),
    "forget_lesson": ("forgets", "noted"),
    "run_trial": ("was_worth", "really_ran", "did_start", "how_long"),
    "repeat_trial": ("was_worth", "seed_matters", "did_start", "noise"),
    "add_dataset": ("file_untouched",),
    "remove_dataset": ("file_untouched", "delete_generic"),
    "set_search_space": ("usual_value", "cost_limit"),
}
"""The kinds of question that an act can be asked about by; of those in `_ANY` the first kind answers any question."""
_ANY = ("control_study", "export_model", "delete_study", "confirm", "start_study", "forget_lesson")
_ON_ACTS = frozenset(
    kind for act, kinds in _OF_ACTS.items() if act not in ("start_study", "extend_study") for kind in kinds
) - {"usual_value"}
_SAID_PLAINLY = ("trust", "cost_limit", "begin", "best", "regret")  # asked without the form of a question
_FORM = re.compile(
    r"\?|吗|什么|怎么|多久|多少|为什么|是否|^\W*(?:(?:and|but|so|ok|okay|hm+|well|sorry|then|now|just|hey|hi|please)\W+)*(?:what|why|how|is|are|was|were|did|do|does|can|could|"
    r"should|shall|which|where|when|who|will|would|have|has|had|am|may|any|tell|prove|y|whats|wat|waht)\b|\b(?:wonder\w*|tell\s+me|want\s+to\s+know|would\s+like\s+to\s+know|no\s+idea|not\s+sure|only\s+asking)\b"
)
_SHORT = 4  # words that need no form to be a question: "time left"


def asked(say: str, act: str | None = None) -> Asked | None:
    """The kind of question that a message is; None where it is none of these.

    Args:
        act: The tool that it asks about, where it asks about an act.
    """
    text = _plain(say)
    is_asked = act is not None or _FORM.search(text) is not None or len(text.split()) <= _SHORT
    fits = _OF_ACTS.get(act or "", ())
    matching = [
        kind.asked for kind in KINDS if (is_asked or kind.asked.kind in _SAID_PLAINLY) and kind.pattern.search(text)
    ]
    own = [one for one in matching if act is None or one.kind in fits]
    others = [one for one in matching if one.kind in _ON_ACTS]  # the act may have been mistaken for another
    has_default = act in _ANY and act is not None and not (act == "control_study" and _SUPPOSED.search(text))
    default = [_BY_NAME[_default(act, text)]] if has_default and act is not None else []
    return next((replace(one, says=text) for one in (*own, *others, *default)), None)


def _default(act: str, text: str) -> str:
    """The kind that a question about an act is of where nothing else tells: of halting, what was done is no permission."""
    if act == "control_study" and _DONE.search(text):
        return "stopped_itself"
    return _OF_ACTS[act][0]


_DONE = re.compile(r"\b(?:did|have|has|had)\s+(?:you|i|we|it|they)\b|\bwhy\s+did\b")
_SUPPOSED = re.compile(r"\bwould\b.*\bhave\b|\bwhy\b.*(?:\bnot\b|n't)")
"""What asks for no permission to halt anything, so that "it is safe" answers nothing."""
_SWAPPED = {"hwo": "how", "waht": "what", "wat": "what", "teh": "the", "adn": "and", "si": "is", "fo": "of"}


def _plain(say: str) -> str:
    """In lower case, with the words that questions turn on spelt as they should be."""
    text = say.lower().replace("\u2019", "'").strip()
    text = re.sub(r"\b(?:hwo|waht|wat|teh|adn|si|fo)\b", lambda match: _SWAPPED[match[0]], text)
    return re.sub(r"[a-z]{4,}", lambda match: _spelt(match[0]), text)


def _spelt(word: str) -> str:
    if word in ORDINARY or word in _KEY_WORDS:
        return word
    near = [key for key in _KEY_WORDS if key[0] == word[0] and abs(len(key) - len(word)) <= 1 and len(key) > 3]
    close = [key for key in near if DamerauLevenshtein.distance(word, key, score_cutoff=1) <= 1 and key[:-1] != word]
    return min(close) if len(close) == 1 else word
