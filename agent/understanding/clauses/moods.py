"""In which mood a clause speaks of an act: the network's word, and plain rules that may object to an order.

An act is done only where the network takes the clause for an order and no rule objects; where they disagree the person
is asked. The rules know English, and the question mark and negations of German, French and Spanish.
"""

import re
from typing import Any

from agent.understanding.clauses.corrections import MARKER
from agent.understanding.clauses.mood_words import ASKED, DO_NOT_FORGET, HARMLESS, NEGATION, POLITENESS, QUESTION, WISH
from agent.understanding.clauses.notes import opener
from agent.understanding.clauses.segments import Segment
from agent.understanding.plan import Mood, Why
from agent.words.said import compiled

ORDERED = 0.8  # the probability of an order above which an act is done
CERTAIN = 0.97  # of an order: where a rule reads a refusal all the same, the person is asked
ASKS = 0.5  # the probability that a clause of a segment asks for its act; below it its mood does not count
_SUPPOSES = re.compile(
    r"(?<![\w'])(?:what\s+if|what\s+would|what\s+happens|suppose|supposing|imagine|hypothetical\w*|say\s+we|let'?s\s+(?:say|pretend)\s+(?!\d|[\ue001-\uf8ff])|say\s+i\s+\w+ed|assuming|assume|if\s+(?:i|we|you|one)\s+(?:were|had|did|would|could|used|ran|set|took|tried|\w+ed)\b|"
    r"(?:would|could|might)\s+(?:it|that|this|there|a|an|the|more|less|fewer|another|\w+)\s+(?:be|make|help|work|do|give|hurt|improve|change|matter|pay|have)\b|thought\s+experiment|in\s+theory|theoretically|was\s+wäre|et\s+si|y\s+si|qué\s+pasa\s+si)",
    re.IGNORECASE,
)
_WOULD_HAVE = re.compile(
    r"(?<![\w'])(?:would|could|might|should)\s+(?:you|it|we|i|that|they|one|he|she)\s+have\s+(?:\w+(?:ed|en|wn|ne|nt)|been|run|made|got|taken|chosen|kept|put|set|let|cut)\b|"
    r"(?<![\w'])would\s+(?:you|u)\s+(?:\w+\s+){1,5}?(?:at\s+this\s+point|if\s+you\s+were|in\s+my\s+(?:place|shoes)|by\s+now|yourself)\b"
)
_LATER = re.compile(
    r"(?<![\w'])(?:(?<!for\s)later(?!\s+(?:trials|ones|stud))|tomorrow|tonight|next\s+(?:week|month|time|monday|tuesday|wednesday|thursday|friday|sprint)|some\s+(?:day|time)|one\s+day|eventually|in\s+the\s+(?:evening|morning|afternoon)|after\s+(?:lunch|work|the\s+meeting|that\s+meeting|my)|"
    r"not\s+(?:right\s+)?now|not\s+yet|(?:when|wen|once(?!\s+(?:more|again|with|for|and|per|a)\b)|as\s+soon\s+as|after|whenever)\s+(?:[\w']+\s+|[\ue000-\uf8ff]+\s+){0,4}?(?:is|are|shows?|holds?|ends?|has|have|'?s|was|finish\w*|done|ends?|complet\w+|ready|over|through|begins?|starts?|stops?|arrives?|comes?|gets?|hits?|reach\w*|drops?|goes|done|confirmed|{trial})(?![\w'])|after\s+(?:the|another|that|this|its|a)\s+|after\s+{trial}|in\s+(?:the\s+)?case|only\s+(?:if|when)|provided\s+(?:that|it)|as\s+long\s+as\s+it|"
    r"if\s+(?!not\b|you\s+(?:can|could|would|don'?t\s+mind|like|please|may)|possible|that'?s\s+(?:ok|fine))(?:\w+\s+){0,5}(?:is|are|does|doesn'?t|gets?|goes|falls?|drops?|stays?|fails?|works?|wins?|beats?|reach\w*|takes?|has|looks?|turns?|comes?|won'?t|can'?t|improves?)\b|"
    r"remind\s+me|when\s+i\s+(?:say|tell)|(?:i'?ll|i\s+will|we'?ll|we\s+will|i'?m\s+going\s+to|i\s+plan\s+to|i\s+intend\s+to|i\s+might|we\s+might|i\s+may|we\s+may|maybe\s+i)\s+\w+|wenn|sobald|morgen|später|demain|plus\s+tard|mañana|más\s+tarde|cuando|quand)(?![\w'])".replace(
        "{trial}", "[\ue000-\uf8ff]"
    ),
    re.IGNORECASE,
)
_REPORTS = re.compile(
    r"(?<![\w'])(?:you|he|she|they|someone|somebody|it|who)\s+(?:already\s+|just\s+|have\s+|has\s+|had\s+|'ve\s+)*(?:shouldn'?t\s+have|should\s+not\s+have|stopped|paused|started|ran|deleted|exported|removed|changed|added|killed|resumed|renamed)\b|(?<![\w'])(?:i|we)\s+(?:already\s+|just\s+)(?:stopped|paused|started|ran|deleted|exported)\b",
    re.I,
)
_CALM = re.compile(
    r"(?<![\w'])(?:don'?t|do\s+not|no\s+need\s+to|not)\s+(?:worry|wait|hesitate|ask(?:\s+(?:me|again))?|bother\s+asking|be\s+shy|stop\s+there|mind)(?![\w'])",
    re.IGNORECASE,
)
_BOUND_NOT = re.compile(
    r"(?<![\w'])(?:no|not|never|don'?t|do\s+not|nothing|without|cannot|can'?t|shouldn'?t|mustn'?t|must\s+not|should\s+not)\b"
    r"[^.;!?]{0,50}?\b(?:more|less|fewer|above|over|below|under|beyond|exceed\w*|past|than|higher|lower|larger|smaller|bigger|longer)\b",
    re.IGNORECASE,
)
_NOT_NAMED = re.compile(  # a negated name: what is left out, or what is not varied
    r"(?<![\w'])(?:no|not|never|don'?t|do\s+not|without)\b(?:\s+(?:more|longer|the|any|use|try|tune|vary|touch|search|include|change|sample|explore)){0,4}\s*[\ue001-\uf8ff]",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    rf"^{POLITENESS}(?:(?:could|can|may|might)\s+i\s+(?:please\s+)?(?:have|get|see|ask)|would\s+(?:it\s+be\s+possible|you)|is\s+it\s+possible\s+to|"
    r"(?:could|can)\s+(?:it|that|this)\s+(?:please\s+)?be|shall\s+we(?:\s+(?:begin|start|go))|tell\s+me|show\s+me|let\s+me)(?![\w'])"
)
_CONTRAST = re.compile(  # "not 5, trial 2": one of two is meant, not neither
    r"(?<![\w'])(?:not|no|never)\s+(?:(?:from|against|in|for|with|to|the|this|that|just|only|here|there|of|trial|study|one|best|it|a|any)\s+){0,4}(?:[\ue001-\uf8ff]\ue000*|this|that|one|here|there|best|stop|pause|it|last|yet|\w+)(?=\s*[,;.!]|\s*$|\s+but\b)"
)


_SWITCHES = compiled(
    r"[,;]?\s*(?:\band\s+)?(?:(?:do\s+not|don['’]?t|never)\s+(?:prune\b|(?:use|apply|heed|follow)\s+(?:any\s+|the\s+|your\s+)*(?:rules|prun(?:ing|er)s?)\b)(?:\s+(?:any\s?thing|trials|it|them|please))*|"
    r"(?:use|apply|with|heed|follow)?\s*\bno\s+(?:rules|prun(?:ing|er))\b|\bwithout\s+(?:any\s+|the\s+|your\s+)*(?:rules|prun(?:ing|er))\b|"
    r"(?:\bbut\s+)?\b(?:not|no|never|without|except|(?:do\s+not|don['’]?t|never)\s+(?:use|try|take))\s+(?:{param}\s*)?(?:{choice}|(?<=[\ue000-\uf8ff]\s){amount})(?=\s*(?:[,.;!]|$))|"
    r"\b(?:without\s+(?:using\s+|looking\s+at\s+)?|(?:do\s+not|don['’]?t|never)\s+(?:use|look\s+at|heed)\s+)(?:the\s+|any\s+|your\s+|my\s+)*(?:memory|past\s+trials|earlier\s+trials|notes|lessons)\b)"
)
"""What a study is to do without, which forbids nothing else."""
_TUNES = re.compile(rf"^\W*{POLITENESS}(?:tune|start|train|run|optimi[sz]e|begin)\b[^?]*[\ue001-\uf8ff]", re.IGNORECASE)


_NOW = re.compile(
    r"(?<!for\s)(?<!from\s)(?<!until\s)\bnow\b|\b(?:right|straight)\s+away\b|\bimmediately\b|\bat\s+once\b|现在|马上|立即",
    re.IGNORECASE,
)


def mood_of(segment: Segment, marked: str) -> tuple[Mood, Why | None]:
    """The mood, and why an act is held back; None: it is an order.

    One clause that orders it is enough, unless another one takes it back.

    Args:
        marked: The marked text of the whole message.
    """
    said = marked[segment.parts[0][0] : segment.parts[-1][1]]
    if segment.tool == "start_study" and _switches_off(said):
        return "order", None
    if segment.tool == "remember_lesson" and opener(said) is not None:
        return "order", None  # what is said in a note is no condition: "remember that the job ends before six"
    moods: list[Any] = []
    clauses = [one for one in segment.clauses if one.acts[segment.label] >= ASKS] or list(segment.clauses)
    for clause in clauses:
        found = max(clause.moods, key=lambda mood: clause.moods[mood])
        rule = objection(
            marked[clause.start : clause.end], segment.tool, marked[_sentence(marked, clause.start) : clause.end]
        )
        if found == "order":
            found = "order" if rule is None and clause.moods["order"] >= ORDERED else rule or "unclear"
            if rule == "refusal" and clause.moods["order"] > CERTAIN:
                found = "unclear"
        moods.append(found)
    if not moods or set(moods) == {"order"}:
        return "order", None
    if "order" in moods and not {"refusal", "later"} & set(moods):
        return "order", None
    now = bool(clauses) and _NOW.search(marked[clauses[-1].start : clauses[-1].end]) is not None
    if now and moods[0] == "later" and moods[-1] != "later":  # "tomorrow I'd start it … why wait: start it now"
        return "order", None if set(moods) == {"later", "order"} else "unclear"
    if "order" in moods or "unclear" in moods:
        return "order", "unclear"
    return moods[0], moods[0]


def _switches_off(said: str) -> bool:
    """Whether an order to tune is plain but for what it leaves out of the study: "tune ease on shop, don't prune"."""
    rest = _SWITCHES.sub("", said)
    is_order = rest != said and _TUNES.match(rest) is not None and "?" not in said
    return is_order and objection(rest, "start_study", rest) is None


def _sentence(marked: str, place: int) -> int:
    """Where the sentence begins that a place belongs to."""
    return max((match.end() for match in re.finditer(r"[.!?;\n]\s", marked[:place])), default=0)


def objection(clause: str, tool: str, sentence: str = "") -> Mood | None:
    """What a rule takes the clause for, where it is no order; None: no rule objects.

    Args:
        clause: The marked text of the clause, lower-cased or not.
        tool: What would be done.
        sentence: The sentence up to the end of the clause; what it supposes or waits for, the clause does too.
    """
    before = sentence.lower().replace("\u2019", "'").strip()
    if _WOULD_HAVE.search(before or clause.lower()):
        return "supposition"
    is_polite = ASKED.match(before) or WISH.match(before) or _REQUEST.match(before)
    if before and _SUPPOSES.search(before) and not is_polite:
        return "supposition"
    if before and _LATER.search(before):
        return "later"
    text = clause.lower().replace("\u2019", "'").strip()
    text = MARKER.sub(" ", text)
    plain = _CALM.sub(" ", HARMLESS.sub(" ", DO_NOT_FORGET.sub(" ", text))).strip()
    if _SUPPOSES.search(plain) and not (ASKED.match(plain) or WISH.match(plain) or _REQUEST.match(plain)):
        return "supposition"
    if _LATER.search(plain):
        return "later"
    asks = ASKED.match(plain) or WISH.match(plain) or _REQUEST.match(plain)
    if not asks and (QUESTION.match(plain) or (plain.endswith("?") and QUESTION.search(plain))):
        return "question"
    if before.endswith("?") and QUESTION.match(before) and not is_polite and not asks:
        return "question"  # "which one bites first, the 24 trials or the 3 h?"
    if _REPORTS.search(plain):
        return "refusal"
    contrasted = _CONTRAST.sub(" ", plain)
    plain = (
        contrasted
        if re.search(r"[\w\ue001-\uf8ff]{2,}|[\ue001-\uf8ff]", contrasted.replace("\ue000", ""))
        and len(contrasted.split()) > 1
        else plain
    )
    if (negation := NEGATION.search(plain)) is not None and not _is_harmless(plain, negation, tool):
        return "refusal"
    return None


def _is_harmless(plain: str, negation: "re.Match[str]", tool: str) -> bool:
    """A negation of a value, a model or a bound, or after the order, leaves it an order."""
    if _BOUND_NOT.match(plain, negation.start()):
        return True
    if tool in ("set_search_space", "extend_study") and _NOT_NAMED.match(plain, negation.start()):
        return True
    return tool in ("start_study", "extend_study", "remember_lesson", "set_search_space") and negation.start() > 12
