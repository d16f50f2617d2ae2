"""What a study is for: its models, objectives and constraints."""

import re
from typing import Any

from agent.understanding.bound_words import IS_CAP, IS_FLOOR
from agent.understanding.bounds import Bound, lines_of
from agent.understanding.stretch import Stretch
from agent.words.said import Span
from recmodels.metrics import METRICS

Args = dict[str, Any]

_OUT = (
    r"(?:\bwithout|\bw/o|\bno|\bnot|\bexcept(?:\s+for)?|\bexept|\bexcluding|\bbut(?:\s+not)?|\bskip(?:ping)?|\bleav(?:e|ing)\s+out|\bdrop(?:ping|ped|s)?|\bexclud(?:e|es|ed|ing)|\bomit(?:ting)?|"
    r"\bminus|\bapart\s+from|\bother\s+than|\bremov(?:e|es|ed|ing)|\bforget(?:\s+about)?|\bkick(?:ed|ing)?(?:\s+out)?|\bthrow(?:ing)?\s+out|\bstop\s+(?:trying|using|with)|\btake\s+out|\bditch|\brule\s+out|"
    r"\bdon'?t\s+(?:use|try|include|want|tune|bother\s+with)|\bdo\s+not\s+(?:use|try|include)|\bnever(?:\s+use)?|\bno\s+more|\benough\s+of|\bsans|\bohne|\bsin|不要|不用|除了|去掉|别用)"
)
_LISTED = r"\s*(?:,|;|/|and|or|nor|&|\+|und|et|y|和|、|,\s*(?:and|or|no|not|nor)|or\s+any)?\s*(?:no\s+|not\s+|the\s+|any\s+|also\s+)*"


def models_in(stretch: Stretch) -> tuple[list[str], list[str]]:
    """The models that are wanted and those that are ruled out; they are used."""
    out: list[Span] = []
    for match in stretch.find(
        rf"{_OUT}\s*(?:the\s+|any\s+|model\s+|models\s+)*(?P<m>{{model}})(?:{_LISTED}{{model}})*"
    ):
        out += list(stretch.said.of("model", start=match.start(), end=match.end()))
    spans = stretch.spans("model")
    stretch.use(*spans)
    for span in spans:
        after = stretch.said.marked[span.end : span.end + 28]
        if re.match(
            r"\s+(?:should\s+be\s+|can\s+be\s+|to\s+be\s+|is\s+)?(?:out\b|dropped|excluded|left\s+out|removed|gone|not\s+needed)",
            after,
            re.I,
        ):
            out.append(span)
    wanted = list(dict.fromkeys(span.value for span in spans if span not in out))
    if (
        not wanted
        and not out
        and stretch.has(r"\b(?:all|every|any)(?:\s+(?:the|of\s+the|available))?\s+models?\b|\bthem\s+all\b|所有模型")
    ):
        wanted = ["all"]
    return wanted, list(dict.fromkeys(span.value for span in out if span.value not in wanted))


def goal(stretch: Stretch, pairs: dict[Span, list[Bound]], training: list[str]) -> Args:
    """Objectives and constraints: a metric with a bound is a constraint, one without is an objective."""
    constraints = [*_latencies(stretch), *_sizes(stretch), *_parameters(stretch), *training]
    objectives: list[Span] = []
    for owner in stretch.spans("metric"):
        bounded = [bound for bound in pairs.get(owner, ()) if bound.spans and not stretch.used & {*bound.spans}]
        lines = list(lines_of(bounded))
        constraints += [f"{owner.value}{_sign(sign, owner.value)}{_short(value)}" for sign, value in lines]
        stretch.use(*(span for bound in bounded if bound.is_absolute for span in bound.spans))
        if not lines:
            objectives.append(owner)
    stretch.use(*stretch.spans("metric"))
    kept = [span.value for span in objectives if not _is_no_objective(stretch, span)]
    args: Args = {}
    if kept:
        args["objective"] = list(dict.fromkeys(kept))
    elif stretch.has(r"\b(?:fastest|lowest\s+latency|as\s+fast\s+as\s+possible)\b"):
        args["objective"] = ["latency_ms"]
    if constraints:
        args["constraints"] = list(dict.fromkeys(constraints))
    return args


def _latencies(stretch: Stretch) -> list[str]:
    """Milliseconds bound the latency, whether it is named or not."""
    found = []
    for span in stretch.spans("ms"):
        found.append(f"latency_ms{side_of(stretch, span)}{_short(span.value)}")
        stretch.use(span)
    if found:
        stretch.use(*(span for span in stretch.spans("metric") if span.value == "latency_ms"))
    return found


def _sizes(stretch: Stretch) -> list[str]:
    """Bytes bound the weights, or the memory where the words around say so."""
    found = []
    for span in stretch.spans("size"):
        near = (span.start - 30, span.end + 24)
        named = [s for s in stretch.spans("metric") if s.value in _IN_BYTES and near[0] < s.start < near[1]]
        is_memory = re.search(
            r"memory|v?ram|gpu|speicher|内存", stretch.said.text[max(0, near[0]) : near[1]], re.IGNORECASE
        )
        metric = named[0].value if named else "peak_memory_bytes" if is_memory else "weights_bytes"
        found.append(f"{metric}{side_of(stretch, span)}{_short(span.value)}")
        stretch.use(span, *named)
    return found


_IN_BYTES = ("weights_bytes", "peak_memory_bytes")


def _parameters(stretch: Stretch) -> list[str]:
    """ "under 2M parameters"."""
    found = []
    for match in stretch.find(r"(?P<n>{number})\s*(?:model\s+|trainable\s+)?(?:params|parameters|weights)\b"):
        span = stretch.said.span(match, "n")
        if span.value >= _A_MODEL:
            found.append(f"n_parameters{side_of(stretch, span)}{_short(span.value)}")
            stretch.use(span)
    return found


_A_MODEL = 1000  # parameters: fewer are counted among a trial's params


def training_times(stretch: Stretch) -> list[str]:
    """ "training time below an hour": a constraint, and no limit of the study."""
    found = []
    for match in stretch.find(r"(?P<m>{metric})[^.;,]{0,40}?(?P<d>{duration})"):
        if stretch.said.span(match, "m").value == "train_s":
            span = stretch.said.span(match, "d")
            found.append(f"train_s{side_of(stretch, span)}{_short(span.value)}")
            stretch.use(span, stretch.said.span(match, "m"))
    return found


def side_of(stretch: Stretch, span: Span) -> str:
    """ ">=" where the words before an amount make it a floor, else "<="."""
    before = stretch.said.marked[max(0, span.start - 40) : span.start]
    return ">=" if re.search(IS_FLOOR, before, re.IGNORECASE) and not re.search(IS_CAP, before, re.IGNORECASE) else "<="


def _is_no_objective(stretch: Stretch, span: Span) -> bool:
    before = stretch.said.marked[max(0, span.start - 24) : span.start]
    return bool(
        re.search(
            r"\b(?:not|instead\s+of|rather\s+than|no\s+longer|without|than)\s+(?:the\s+)?$", before, re.IGNORECASE
        )
    )


def _sign(sign: str, metric: str) -> str:
    """A bare value bounds a metric on its bad side."""
    if sign != "=":
        return sign
    return "<=" if METRICS[metric.partition("@")[0]].direction == "minimize" else ">="


def _short(value: float) -> str:
    return f"{value:.10g}"
