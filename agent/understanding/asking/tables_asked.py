"""Questions that a table of trials, or a sum over them, answers: the fastest, by coverage, the mean training time.

>>> tables_asked("which trial was the fastest?", Known(study="s")).args["sort"]
'train_s'
"""

import re
from typing import Any

from agent.understanding.known import Known
from agent.understanding.names.trials_named import trials_said
from agent.understanding.plan import Request
from agent.words.names import read

_WHICH = r"\b(?:which|what|who)\b[^.;?]{0,30}"
_ABOUT_TRIALS = re.compile(r"\btrials?\b|\bruns?\b|\bones?\b|^\W*(?:and\s+)?who\b", re.IGNORECASE)
_FASTEST = re.compile(rf"{_WHICH}\b(?:fastest|quickest|shortest|least\s+time)\b(?!.*\bmodels?\b)", re.IGNORECASE)
_SLOWEST = re.compile(rf"{_WHICH}\b(?:slowest|longest|most\s+time)\b(?!.*\bmodels?\b)", re.IGNORECASE)
_MOST = re.compile(
    rf"{_WHICH}\b(?P<way>best|highest|most|greatest|largest|top|lowest|worst|least|smallest)\b", re.IGNORECASE
)
_LEAST = ("lowest", "worst", "least", "smallest")
_ORDERED = re.compile(
    r"^\W*(?:please\s+|can\s+you\s+)?(?:rank|sort|order|list|show)\b[^.;?]*\btrials?\b[^.;?]*\bby\b", re.IGNORECASE
)
_VERB = re.compile(r"^\W*(?:(?:please|can\s+you)\s+)?(?:rank|sort|order|list|show)\b", re.IGNORECASE)
_TIME = re.compile(r"\b(?:train\w*\s+)?(?:time|duration)\b|\bspeed\b", re.IGNORECASE)
_MEAN_TIME = re.compile(
    r"\b(?P<how>average|mean|median|total|whole|overall)\s+(?:training|train|trial)\s+time\b|\bhow\s+(?:much\s+time|long)\s+(?:was\s+spent\s+(?:on\s+|for\s+)?training|did\s+(?:all\s+(?:the\s+)?trials|the\s+training)\s+(?:take|train))\b",
    re.IGNORECASE,
)
_WHEN = re.compile(
    r"\bwhen\s+(?:did|was|has)\s+trial\b[^.;?]*\b(?:finish\w*|end\w*|run|ran|done|complete\w*|trained?)\b",
    re.IGNORECASE,
)
_EXPECTED = re.compile(
    r"\bwhich\b[^.;?]*\b(?P<way>better|higher|worse|lower|other)\s+than\s+(?:was\s+)?(?:expected|predicted)\b",
    re.IGNORECASE,
)
_PREDICTED = re.compile(
    r"\b(?:was|were|is|how\s+(?:good|close|right|far\s+off)\s+(?:was|is))\b[^.;?]*\b(?:prediction|expectation|forecast)\b",
    re.IGNORECASE,
)
_TOP = re.compile(
    r"^\W*(?:please\s+|and\s+)*(?:show|list|give|what\s+are|which\s+are)(?:\s+me)?\s+(?:the\s+)?(?:top|best|first)\s+(?P<n>\d{1,2}|two|three|four|five|ten)\s+(?:trials?|runs?|results?|ones)\W*$",
    re.IGNORECASE,
)
_COUNTS = {"two": 2, "three": 3, "four": 4, "five": 5, "ten": 10}
_EPOCHS = re.compile(
    r"\b(?:how\s+many\s+epochs\s+(?:did|was|were|has)|(?:which|what|at\s+which)\s+(?:was\s+the\s+)?(?:best\s+)?epoch\s+(?:was\s+(?:the\s+)?best|of|did|in))\b[^.;?]*\btrial\b",
    re.IGNORECASE,
)
_ON_FRONT = re.compile(r"^\W*(?:and\s+)?(?:is|are|was)\s+trial\b[^.;?]*\b(?:pareto|front|trade-?off)\b", re.IGNORECASE)
_CELL = re.compile(
    r"\b(?:what|which)\s+(?:was|is)\s+the\s+(?:random\s+)?(?P<what>seed|split|state)\b[^.;?]*\btrial\b", re.IGNORECASE
)
_CHOSE = re.compile(
    r"^\W*(?:and\s+)?who\s+(?:chose|proposed|picked|suggested|selected)\s+(?:the\s+params\s+of\s+)?trial\b",
    re.IGNORECASE,
)
_VALUE = re.compile(r"\bwhat(?:'s|\s+is|\s+was)\s+the\s+(?:value|score|result)\s+of\s+trial\b", re.IGNORECASE)
_EXTREME = re.compile(
    r"^\W*(?:and\s+)?what(?:'s|\s+is|\s+was)\s+the\s+(?P<way>best|highest|greatest|lowest|worst|smallest)\s+(?P<metric>[\w@]+)\W*$",
    re.IGNORECASE,
)
_USED = re.compile(
    r"\b(?:which|how\s+many)\s+(?:of\s+the\s+)?trials?\s+(?:used|ran|were|are|tried|had)\b", re.IGNORECASE
)
_TO_USE = re.compile(
    r"^\W*(?:and\s+|so\s+)?which\s+(?:trial|model|one)\s+(?:should|shall|do|would|can)\s+(?:i|we|you)\s+(?:use|take|deploy|export|choose|pick|recommend)\W*$",
    re.IGNORECASE,
)
_MODELS = re.compile(r"^\W*(?:and\s+)?(?:is|was|does|did)\b[^.;]*\b(?:better|worse|beat|ahead)\b", re.IGNORECASE)
_ROWS = 5  # that a question for the first one shows


def tables_asked(say: str, known: Known) -> Request | None:
    """The call that answers such a question; None for any other message."""
    text = say.replace("\u2019", "'")
    found = _of_one(text) or _of_all(text, known)
    return None if found is None else Request(tool=found[0], args=found[1], mood="question", words=say)


_Call = tuple[str, dict[str, Any]]


def _of_one(text: str) -> _Call | None:
    """What is asked of one trial that is named by its number."""
    said = trials_said(text)
    if len(said) != 1:
        return None
    only = {"filter": f"number={said[0]}"}
    if _WHEN.search(text):
        return "trials", {"columns": ["state", "finished_at", "train_s"], **only}
    if _EPOCHS.search(text):
        return "trials", {"columns": ["epochs_run", "best_epoch", "value"], **only}
    if _PREDICTED.search(text):
        return "trials", {"columns": ["expected", "value", "surprise"], **only}
    if (cell := _CELL.search(text)) is not None:
        return "trials", {"columns": [cell["what"].lower()], **only}
    if _VALUE.search(text):
        return "trials", {"columns": ["model", "state", "value"], **only}
    return ("explain_trial", {"trial": said[0]}) if _CHOSE.search(text) or _ON_FRONT.search(text) else None


def _of_all(text: str, known: Known) -> _Call | None:
    if trials_said(text):
        return None
    if (mean := _MEAN_TIME.search(text)) is not None:
        how = (mean["how"] or "total").lower()
        return "calc", {
            "expression": f"{ {'average': 'mean', 'mean': 'mean', 'median': 'median'}.get(how, 'sum') }(train_s of all trials)"
        }
    if _TO_USE.match(text):
        return "study_status", {}
    if (top := _TOP.match(text)) is not None:
        return "trials", {"limit": _COUNTS.get(top["n"].lower()) or int(top["n"])}
    if (than := _EXPECTED.search(text)) is not None:
        is_less = than["way"].lower() in ("worse", "lower")
        shown = ["model", "expected", "value", "surprise"]
        return "trials", {"columns": shown, "filter": f"surprise{'<' if is_less else '>'}0"}
    return _sorted(text, known) or _of_models(text, known)


def _sorted(text: str, known: Known) -> _Call | None:
    """The trials in the order of what is asked for, the first few where one is."""
    said = read(_VERB.sub("", text), known.names)  # "rank" is a param too
    metric = next((str(span.value) for span in said.of("metric")), None)
    others = said.of("model", "study", "dataset", "param", "user")
    if (_ORDERED.match(text)) is not None and not others:
        by = metric or ("train_s" if _TIME.search(text) else None)
        return None if by is None else ("trials", {"columns": ["model", "value", by], "sort": by})
    if (extreme := _EXTREME.match(text)) is not None:  # "worst ndcg" is a metric too, of the users that are worst off
        metrics = [str(span.value) for span in read(extreme["metric"], known.names).of("metric")]
        by = f"{metrics[0]} asc" if metrics and extreme["way"].lower() in _LEAST else "".join(metrics[:1])
        return ("trials", {"columns": ["model", metrics[0]], "sort": by, "limit": _ROWS}) if metrics else None
    if not _ABOUT_TRIALS.search(text) or others:
        return None
    if metric is None and (_FASTEST.search(text) or _SLOWEST.search(text)):
        by = "train_s" if _FASTEST.search(text) else "-train_s"
        return "trials", {"columns": ["model", "value", "train_s"], "sort": by, "limit": _ROWS}
    way = _MOST.search(text)
    if metric is None or way is None or metric == known.objective:
        return None
    by = f"{metric} asc" if way["way"].lower() in _LEAST else metric
    return "trials", {"columns": ["model", "value", metric], "sort": by, "limit": _ROWS}


def _of_models(text: str, known: Known) -> _Call | None:
    """The trials by model, where two models of the study are set against each other."""
    said = read(text, known.names)
    models = {str(span.value) for span in said.of("model")}
    if len(models) == 1 and models <= set(known.study_models) and _USED.search(text) and len(said.spans) == 1:
        return "trials", {"columns": ["model", "value", "state"], "filter": f"model={next(iter(models))}"}
    if (
        len(models) != 2
        or not models <= set(known.study_models)
        or not _MODELS.match(text)
        or said.of("study", "dataset")
    ):
        return None
    return "trials", {"columns": ["model", "value", "state"]}
