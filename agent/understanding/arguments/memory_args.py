"""What is passed on in the person's own words: lessons, questions to the memory, wishes for a trial, sums."""

import re
from typing import Any

from agent.understanding.arguments.lesson_text import lesson_of, lesson_to_forget
from agent.understanding.arguments.study_words import about_study
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.clauses.notes import opener
from agent.understanding.known import Known

Args = dict[str, Any]


def recall_trials(stretch: Stretch, known: Known) -> Args:
    """The arguments of `recall_trials`: the question in the person's words."""
    args: Args = {"query": " ".join(stretch.text.split())[:500]}
    if count := stretch.take(
        r"(?P<n>{number})\s+(?:most\s+)?(?:closest|similar|nearest|best|relevant|past|old(?:er)?)?\s*(?:historical\s+|past\s+|similar\s+)?(?:trials|runs|studies|results)\b|\bk\s*=\s*(?P<m>{number})|\btop\s+(?P<o>{number})"
    ):
        args["k"] = int(stretch.value(count, next(name for name, value in count.groupdict().items() if value)))
    if spans := stretch.spans("dataset"):
        args["dataset"] = spans[-1].value
    for start, end in stretch.parts:  # all of it is the query
        stretch.use(
            *stretch.said.of(
                *("model", "metric", "param", "dataset", "number", "share", "study", "choice", "duration"),
                start=start,
                end=end,
            )
        )
    return args


def remember_lesson(stretch: Stretch, known: Known) -> Args:
    """The arguments of `remember_lesson`: the sentence without what is said around it."""
    _use_all(stretch)
    places = [n for n, (start, end) in enumerate(stretch.parts) if opener(stretch.said.text[start:end])]
    told = Stretch(stretch.said, stretch.parts[places[0] :]) if places else stretch
    text = lesson_of(told.text)
    return {"text": text} if text else {}


def forget_lesson(stretch: Stretch, known: Known) -> Args:
    """The arguments of `forget_lesson`: its number or its words."""
    numbers = [span.value for span in stretch.spans("number", "trial") if isinstance(span.value, int)]
    numbered = re.search(r"\b(?:lesson|note|number|no\.?|nr\.?|entry|#)\s*#?\s*\d", stretch.text, re.IGNORECASE)
    _use_all(stretch)
    if numbers and (numbered or len(stretch.text.split()) <= 4):
        return {"lesson": numbers[0]}
    text = lesson_to_forget(stretch.text)
    return {"lesson": text} if text else {}


def _use_all(stretch: Stretch) -> None:
    for start, end in stretch.parts:
        stretch.use(*[s for s in stretch.said.spans if start <= s.start and s.end <= end])


def calc(stretch: Stretch, known: Known) -> Args:
    """The arguments of `calc`: an expression of numbers, or the words that name the values."""
    text = stretch.text
    _use_all(stretch)
    match = re.search(
        r"(?:sqrt|log|exp|abs)?\(?[\d.,]+(?:\s*[-+*/^()×÷−]\s*(?:sqrt|log|exp|abs)?[\d.,()]+)+[\d)]*", text
    )
    if match:
        return {
            "expression": re.sub(r"\s+", "", match[0])
            .rstrip(".,")
            .replace("×", "*")
            .replace("÷", "/")
            .replace("−", "-")
        }
    cleaned = re.sub(
        r"^\W*(?:please|pls|can you|could you|compute|calculate|calc|work out|what(?:'s| is| are)|how (?:much|many) (?:is|are)?|tell me|give me|the result of)\s*",
        "",
        text.strip(),
        flags=re.I,
    )
    return {"expression": cleaned.strip(" ?.!")} if cleaned else {}


def propose_trial(stretch: Stretch, known: Known) -> Args:
    """The wish in the person's words, unless it says no more than "the next one, please"."""
    args = about_study(stretch, known)
    rest = _GENERIC.sub(" ", stretch.text)
    _use_all(stretch)
    if re.search(r"[^\W_]{2,}|\d", rest):
        args["request"] = " ".join(stretch.text.split())[:500]
    return args


_GENERIC = re.compile(
    r"\b(?:please|pls|plz|propose\w*|propos\w*|propse|suggest\w*|next|nxt|trials?|ones?|config\w*|candidates?|points?|params?|parameters?|hyper\w+|settings?|values?|what|whats|which|would|should|could|can|do|does|"
    r"you|u|ur|your|i|me|we|us|the|a|an|any|is|be|to|try|tried|run|now|give|show|see|want|like|it|for|ideas?|guess|move|another|new|other|something|smth|else|different|and|or|of|draw|pick|take|let|s|d|ll|again|going|ask|"
    r"advisor|sampler|optimi[sz]er|more|from|here|go|come|comes|up|with|make|hear|think|best|before|start|starts|starting|but|don|t|dont|not|only|just|without|training|train|running|launch\w*|execute|yet|first|it's|that|"
    r"this|then|so|ok|in|on|at|have|got|one|why|reason|have|study|recommend|anything|up|your|sleeve|mind|qué|propones|ahora|was|schlägst|vor|als|nächstes|que|proposes-tu|tell|say|said|know|about|experiment|shot|bet)\b",
    re.IGNORECASE,
)
