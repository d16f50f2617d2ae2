"""What a study is for: its models, objectives and constraints."""

import re
from typing import Any

from agent.understanding.bounds.bound_words import IS_CAP, IS_FLOOR
from agent.understanding.bounds.bounds import Bound, bounds_in, lines_of
from agent.understanding.bounds.pairing import paired
from agent.understanding.bounds.stretch import Stretch
from agent.words.said import Span
from recmodels.metrics import METRICS

Args = dict[str, Any]

_OUT = (
    r"(?:\bwithout|\bw/o|\bno|\bnot|\bexcept(?:\s+for)?|\bexept|\bexcluding|\bbut(?:\s+not)?|\bskip(?:ping)?|\bleav(?:e|ing)\s+out|\bdrop(?:ping|ped|s)?|\bexclud(?:e|es|ed|ing)|\bomit(?:ting)?|"
    r"\bminus|\bapart\s+from|\bother\s+than|\bremov(?:e|es|ed|ing)|\bforget(?:\s+about)?|\bkick(?:ed|ing)?(?:\s+out)?|\bthrow(?:ing)?\s+out|\bstop\s+(?:trying|using|with)|\btake\s+out|\bditch|\brule\s+out|"
    r"\bdon'?t(?:\s+(?:use|try|include|want|tune|take|add|need|bother\s+with))?|\bdo\s+not\s+(?:use|try|include)|\bnever(?:\s+use)?|\bno\s+more|\bnot\s+(?:with|using)|\benough\s+of|\bsans|\bohne|\bsin|不要|不用|除了|去掉|别用)"
)
_LISTED = r"\s*(?:,|;|/|and|or|nor|&|\+|und|et|y|和|、|,\s*(?:and|or|no|not|nor)|or\s+any)?\s*(?:no\s+|not\s+|the\s+|any\s+|also\s+)*"


def models_in(stretch: Stretch) -> tuple[list[str], list[str]]:
    """The models that are wanted and those that are ruled out; they are used."""
    pattern = rf"{_OUT}\s*(?:the\s+|any\s+|model\s+|models\s+)*(?P<m>{{model}})(?:{_LISTED}{{model}})*"
    listed = [stretch.said.of("model", start=match.start(), end=match.end()) for match in stretch.find(pattern)]
    spans = [span for span in stretch.spans("model") if not _is_listed(stretch, span)]
    stretch.use(*stretch.spans("model"))
    listed += [[span] for span in spans if _IS_OUT.match(stretch.said.marked, span.end)]
    out = [span for group in listed for span in group]
    wanted = _not_out(spans, out)
    if not wanted and (taken_back := _named_before(stretch, listed)):
        out = taken_back
        wanted = _not_out(spans, out)
    if (
        not wanted
        and not out
        and stretch.has(r"\b(?:all|every|any)(?:\s+(?:the|of\s+the|available))?\s+models?\b|\bthem\s+all\b|所有模型")
    ):
        wanted = ["all"]
    return wanted, list(dict.fromkeys(span.value for span in out if span.value not in wanted))


_IS_OUT = re.compile(
    r"\s+(?:should\s+be\s+|can\s+be\s+|to\s+be\s+|is\s+)?(?:out\b|dropped|excluded|left\s+out|removed|gone|not\s+needed)|"
    r"[^.;\ue001-\uf8ff]{0,40}\b(?:drop|skip|remove|ditch|exclude|omit|(?:leave|take|kick|throw)\s+out)\s+(?:it|that(?:\s+one)?)\b(?!\s+(?:in|alone)\b)",
    re.IGNORECASE,
)


def _is_listed(stretch: Stretch, span: Span) -> bool:
    """Whether the word for a model is of what lists hold: "it shouldn't recommend only bestsellers"."""
    before = stretch.said.marked[max(0, span.start - 40) : span.start]
    is_shown = re.search(r"\b(?:recommend\w*|show\w*|lists?|listing)\s+(?:\w+\s+){0,2}$", before, re.IGNORECASE)
    return span.value == "popularity" and is_shown is not None


def _not_out(spans: list[Span], out: list[Span]) -> list[str]:
    """The models that are not ruled out, neither there nor later on."""
    ruled = {span.value: span.start for span in out}
    return list(dict.fromkeys(s.value for s in spans if s not in out and not ruled.get(s.value, -1) > s.start))


def _named_before(stretch: Stretch, listed: list[list[Span]]) -> list[Span]:
    """Of the lists of what is ruled out, the models that were wanted before: "lightgcn, no, forget lightgcn, ease"."""
    found: list[Span] = []
    for group in listed:
        earlier = {s.value for s in stretch.said.of("model", "gone", end=group[0].start)}
        found += [span for span in group if span.value in earlier]
    return found


def goal(stretch: Stretch, pairs: dict[Span, list[Bound]], bounded: list[str]) -> Args:
    """Objectives and constraints: a metric with a bound is a constraint, one without is an objective.

    Args:
        bounded: Constraints that were read before.
    """
    constraints = [*_latencies(stretch), *_sizes(stretch), *_parameters(stretch), *bounded]
    objectives: list[Span] = []
    for owner in stretch.spans("metric"):
        own = [bound for bound in pairs.get(owner, ()) if bound.spans and not stretch.used & {*bound.spans}]
        lines = list(lines_of(own))
        constraints += [f"{owner.value}{_sign(sign, owner.value)}{_short(value)}" for sign, value in lines]
        stretch.use(*(span for bound in own if bound.is_absolute for span in bound.spans))
        if not lines:
            objectives.append(owner)
    stretch.use(*stretch.spans("metric"))
    kept = [span.value for span in objectives if not _is_no_objective(stretch, span)]
    kept = kept or [metric for words, metric in _WISHES if stretch.has(words)]
    args: Args = {}
    if kept:
        args["objective"] = list(dict.fromkeys(kept))
    if constraints:
        args["constraints"] = list(dict.fromkeys(constraints))
    return args


_WISHES = (
    (r"\b(?:fastest|lowest\s+latency|as\s+fast\s+as\s+(?:possible|it\s+can))\b", "latency_ms"),
    (
        r"\b(?:smallest|tiniest|lightest)\s+(?:possible\s+)?(?:model|weights|file)\b|\bas\s+small\s+as\s+possible\b",
        "weights_bytes",
    ),
    (r"\bmost\s+diverse\b|\bas\s+diverse\s+as\s+possible\b", "diversity@10"),
    (r"\bmost\s+novel\b|\bas\s+novel\s+as\s+possible\b", "novelty@10"),
)
"""Objectives in everyday words, which count where no metric is named."""


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
    """Bytes bound what is named next to them, the memory or the weights; without a name the weights."""
    sizes = stretch.spans("size")
    amounts = [Bound(start=span.start, end=span.end, spans=(span,), value=span.value) for span in sizes]
    named = [span for span in stretch.spans("metric") if span.value in _IN_BYTES.values()]
    for kind, metric in _IN_BYTES.items():
        for match in stretch.find(kind):
            if all(match.end() <= other.start or match.start() >= other.end for other in named):
                named.append(Span(kind="metric", value=metric, start=match.start(), end=match.end()))
    owners = {bound.spans[0]: owner for owner, own in paired(named, amounts, stretch).items() for bound in own}
    found = []
    for span in sizes:
        metric = owners[span].value if span in owners else "weights_bytes"
        found.append(f"{metric}{side_of(stretch, span)}{_short(span.value)}")
    stretch.use(*sizes, *(span for span in owners.values() if sizes))
    return found


_IN_BYTES = {
    r"(?<!\w)(?:memory|v?ram|gpu(?:\s+memory)?|speicher|m[ée]moire|memoria)(?!\w)|[内显]存": "peak_memory_bytes",
    r"(?<!\w)(?:weights?|(?:model\s+)?size|files?|disk|checkpoint)(?!\w)": "weights_bytes",
}
"""Words for what is measured in bytes, apart from those that the metrics declare."""


def _parameters(stretch: Stretch) -> list[str]:
    """ "under 2M parameters"."""
    found = []
    for match in stretch.find(
        rf"(?P<n>{{number}})\s*{_PARAMETERS}|{_PARAMETERS}(?:\s+\w+){{0,3}}?\s*(?:[<>=≤≥:]+\s*)?(?P<m>{{number}})"
    ):
        span = stretch.said.span(match, "n" if match["n"] else "m")
        if span.value >= _A_MODEL:
            found.append(f"n_parameters{side_of(stretch, span)}{_short(span.value)}")
            stretch.use(span)
    return found


_PARAMETERS = r"(?<!\w)(?:model\s+|trainable\s+)?(?:params|parameters|weights)\b"
_A_MODEL = 1000  # parameters: fewer are counted among a trial's params


def timed(stretch: Stretch) -> list[str]:
    """Durations that are constraints and no limits of the study: "training time below an hour", "within 0.1 seconds"."""
    found = []
    for span in stretch.spans("duration"):
        if span.value < 1 or (span.value <= _SLOW and _answers(stretch, span)):
            found.append(f"latency_ms{side_of(stretch, span)}{_short(span.value * 1000)}")
            stretch.use(span, *(s for s in stretch.spans("metric") if s.value == "latency_ms"))
    for match in stretch.find(r"(?P<m>{metric})[^.;,]{0,40}?(?P<d>{duration})"):
        if stretch.said.span(match, "m").value == "train_s":
            span = stretch.said.span(match, "d")
            found.append(f"train_s{side_of(stretch, span)}{_short(span.value)}")
            stretch.use(span, stretch.said.span(match, "m"))
    for match in stretch.find(
        r"\bmodels?\s+(?:\w+\s+){0,3}train\w*\s+(?:in|within|under|at\s+most)\b[^.;,]{0,24}?(?P<d>{duration})"
    ):
        found.append(f"train_s<={_short(stretch.value(match, 'd'))}")
        stretch.use(stretch.said.span(match, "d"))
    return found


_POPULAR = r"(?:popular|blockbusters?|mainstream)"


_ITEMS = r"(?:(?:of|the|our|all|whole|entire)\s+){0,3}(?:(?:catalog(?:ue)?|range|assortment|inventory)|items|products|films|movies|articles|titles)\b"
_SHOWN = r"\b(?:show\w*|recommend\w*|cover\w*|appear\w*|surfac\w*|reach\w*|seen|used|exposed|catalog(?:ue)?)\b"


def _shown(stretch: Stretch) -> list[str]:
    """The share of the items that lists show, in everyday words: "nothing with less than half the catalogue shown"."""
    if not stretch.says(_SHOWN):
        return []
    found = []
    for match in stretch.find(rf"(?P<n>{{share}}|{{fraction}})\s+{_ITEMS}"):
        span = stretch.said.span(match, "n")
        lines = [line for bound in bounds_in(stretch) if span in bound.spans for line in lines_of([bound])]
        sign = "<=" if any(sign == "<=" for sign, _ in lines) else ">="
        found.append(f"coverage@10{sign}{_short(span.value)}")
        near = [s for s in stretch.spans("metric") if s.value == "coverage@10"]
        stretch.use(span, *near)
    return found


def shares(stretch: Stretch) -> list[str]:
    """Shares of the lists in everyday words: "the popular stuff may make up a fifth at most"."""
    found = _popular(stretch)
    return found + _shown(stretch)


def _popular(stretch: Stretch) -> list[str]:
    found = []
    for match in stretch.find(
        rf"(?:\b{_POPULAR}\b|(?P<model>{{model}}))[^.;]{{0,40}}?(?P<n>{{share}}|{{fraction}})|"
        rf"(?P<m>{{share}}|{{fraction}})\s+(?:of\s+)?(?:the\s+)?(?:{_POPULAR}\b|(?P<of>{{model}}))"
    ):
        named = [stretch.said.span(match, name) for name in ("model", "of") if match[name]]
        others = stretch.said.of("metric", "param", start=match.start(), end=match.end())
        if others or any(span.value != "popularity" for span in named):
            continue
        span = stretch.said.span(match, "n" if match["n"] else "m")
        found.append(f"popularity_share@10{side_of(stretch, span)}{_short(span.value)}")
        stretch.use(span, *named)
    return found


_SLOW = 10.0  # seconds: no study ends sooner, and an answer may take as long
_ANSWERING = r"{metric}|\b(?:answer\w*|respon\w+|repl(?:y|ies)|serv(?:e|es|ed|ing)|predictions?)\b"


def _answers(stretch: Stretch, span: Span) -> bool:
    """Whether the words around a short time are of answering."""
    start = max((match.end() for match in re.finditer(r"[.;,]", stretch.said.marked[: span.start])), default=0)
    metrics = stretch.said.of("metric", start=start, end=span.start)
    return stretch.said.has(_ANSWERING, start, span.start) and all(s.value == "latency_ms" for s in metrics)


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
