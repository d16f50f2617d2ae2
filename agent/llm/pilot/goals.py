"""What a study should reach: the objective and the bounds on other metrics."""

import itertools
import re

from agent.llm.pilot.names import METRIC, metric_name, read_metrics
from agent.llm.pilot.numbers import NUMBER, Reader, number

_MOST = (
    r"(?:not (?:go )?(?:above|over|exceed)|no more than|not more than|at most|less than|lower than|smaller than|"
    r"faster than|below|under|within|"
    r"up to|max(?:imum)?(?: of)?|cap(?:ped)? at|stays? (?:under|below)|<=|≤|<|höchstens|moins de|menos de|unter)"
)
_LEAST = (
    r"(?:not (?:fall |go )?(?:below|under)|no less than|not less than|at least|more than|higher than|above|over|"
    r"min(?:imum)?(?: of)?|"
    r">=|≥|>|mindestens|au moins|al menos|über)"
)
_FILL = (
    r"(?:[\s,]+(?:too|so|that|which|keep|it|stays?|staying|is|be|to|of|are|must|should|has|budget|a|with|p95|the|"
    r"values?|limit(?:ed)?|exposure|being|while|has to))*"
)
_VALUE = rf"(?P<value>{NUMBER})\s*(?P<percent>%|percent)?"
_AFTER = re.compile(
    rf"{METRIC}{_FILL}\s*(?:(?P<most>{_MOST})|(?P<least>{_LEAST}))\s*{_VALUE}(?!\s*(?:ms|trials|h\b|min))", re.I
)
_BEFORE = re.compile(rf"(?:(?P<most>{_MOST})|(?P<least>{_LEAST}))\s*{_VALUE}\s+(?:of\s+)?{METRIC}", re.I)
_LATENCY = re.compile(
    rf"(?:(?:p95 )?(?:latency|latenz)\s*)?{_FILL}\s*(?:{_MOST})?\s*(?P<value>{NUMBER})\s*(?:ms|millis(?:econds)?|"
    rf"milliseconds?|millisekunden)\b"
    r"(?:\s+(?:per|a|at most|max|or less|tops)\b(?:\s+user)?)?",
    re.I,
)
_SIZE = re.compile(
    rf"(?<!memory )(?<!ram )(?:{_MOST}|fits? in(?:to)?|in|of)\s*(?P<value>{NUMBER})\s*(?P<unit>[kmg]i?b)\b", re.I
)
_COUNT = re.compile(
    rf"(?:{_MOST})\s*(?P<value>{NUMBER})\s*(?P<unit>k|m|million)?\s*(?:params|parameters|weights)\b", re.I
)
_BYTES = {"kb": 1e3, "mb": 1e6, "gb": 1e9, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_COUNTS = {"k": 1e3, "m": 1e6, "million": 1e6, "": 1}
_WISHES = (
    (r"\b(?:fastest|lowest latency|as fast as possible)\b", "latency_ms"),
    (r"\b(?:smallest|as small as possible)\b", "weights_bytes"),
    (r"\bmost diverse\b", "coverage@10"),
)


def read_constraints(reader: Reader) -> list[str]:
    """Bounds like `coverage@10>=0.3` and `latency_ms<=5`, in the order of their kind."""
    found = [f"latency_ms<={_plain(number(match['value']))}" for match in reader.take_all(_LATENCY)]
    found += [
        f"weights_bytes<={_plain(number(match['value']) * _BYTES[match['unit'].lower()])}"
        for match in reader.take_all(_SIZE)
    ]
    found += [
        f"n_parameters<={_plain(number(match['value']) * _COUNTS[(match['unit'] or '').lower()])}"
        for match in reader.take_all(_COUNT)
    ]
    for pattern in (_BEFORE, _AFTER):
        for match in reader.take_all(pattern):
            value = number(match["value"]) / 100 if match["percent"] else number(match["value"])
            found.append(f"{metric_name(match)}{'<=' if match['most'] else '>='}{_plain(value)}")
    return list(dict.fromkeys(found))


def read_objective(reader: Reader) -> str | None:
    """The metric to optimise; read the constraints first, so that theirs are out of the way."""
    meant = re.search(
        rf"(?:(?:objective|goal|metric|target)\s*(?:is|of|:|=)?\s*{METRIC})", reader.text, re.IGNORECASE
    ) or re.search(
        rf"{METRIC}\s+as\s+(?:the\s+|my\s+|our\s+)?(?:goal|objective|target|metric)", reader.text, re.IGNORECASE
    )
    if meant:
        return metric_name(meant)
    metrics = [metric for metric in read_metrics(reader) if metric != "n_parameters"]
    if metrics:
        return metrics[0]
    return next((metric for pattern, metric in _WISHES if reader.take(pattern)), None)


def read_further_objectives(reader: Reader, first: str | None) -> list[str]:
    """The metrics that stand in one list with the objective: "for ndcg@10, coverage@10 and gini@10"."""
    found = [(match.start(), match.end(), metric_name(match)) for match in re.finditer(METRIC, reader.text, re.I)]
    listed: list[str] = []
    for (_, end, one), (start, _, other) in itertools.pairwise(found):
        if re.fullmatch(r"\s*(?:,|and|&|\+|plus|as well as|,\s*and)\s*", reader.text[end:start], re.IGNORECASE):
            listed += [one, other]
    return [metric for metric in dict.fromkeys(listed) if metric != first] if first in listed else []


def _plain(value: float) -> str:
    return f"{value:.10g}"
