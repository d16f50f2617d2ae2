"""What a message says about what comes out of a study: models to export, lists for people, tables and trade-offs."""

import re
from typing import Any

from agent.understanding.arguments import trial_words
from agent.understanding.arguments.study_words import about_study
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.clauses.corrections import marker_between
from agent.understanding.known import Known

Args = dict[str, Any]

_FORMATS = {
    "safetensors": r"safe\s?-?tensors?|safetens\w*",
    "csv": r"csv",
    "parquet": r"parquet",
    "onnx": r"onnx",
    "json": r"jsonl?",
    "numpy": r"numpy|npz?",
    "torchscript": r"torch\s?script",
    "pickle": r"pickle|pkl",
    "faiss": r"faiss",
    "gguf": r"gguf",
    "tensorrt": r"tensorrt",
    "openvino": r"openvino",
    "coreml": r"core\s?ml",
    "tflite": r"tflite",
    "docker": r"docker",
    "zip": r"zip",
    "excel": r"excel|xlsx",
}  # what people ask for; the tool says which it can


def export_model(stretch: Stretch, known: Known) -> Args:
    """The arguments of `export_model`."""
    args = about_study(stretch, known)
    asked = sorted(
        (match.start(), name)
        for name, words in _FORMATS.items()
        for match in stretch.find(rf"(?<![A-Za-z0-9_.])(?:{words})(?![A-Za-z0-9_])")
        if not re.search(
            r"\b(?:not|no|without|instead\s+of|rather\s+than|forget|drop|skip|call\s+off)\s+(?:as\s+|an?\s+|the\s+)?$",
            stretch.said.marked[: match.start()],
            re.I,
        )
    )
    trial = trial_words.one_trial(stretch, bare=True, without=("next",))
    if trial == "it" and not stretch.has(r"\b(?:that\s+one|that\s+trial|this\s+trial|this\s+one)\b"):
        trial = trial_words.earlier_trial(stretch)
    if trial is not None:
        args["trial"] = trial
    if asked:
        between = stretch.said.text[asked[0][0] : asked[-1][0]]
        is_corrected = (
            marker_between(stretch.said, asked[0][0], asked[-1][0])
            or stretch.has(r"\bi\s+mean(?:t)?\W*$")
            or re.fullmatch(r"\w+\s*(?:\.\.+|…|—|–)\s*", between) is not None
        )
        args["format"] = asked[-1 if is_corrected else 0][1]
    return args


def show_tradeoffs(stretch: Stretch, known: Known) -> Args:
    """The arguments of `show_tradeoffs`: two metrics, the study's objective where only one is named."""
    args = about_study(stretch, known)
    found = [(span.start, str(span.value)) for span in stretch.spans("metric")]
    stretch.use(*stretch.spans("metric"))
    objective = known.objective or "ndcg@10"
    for pattern, metric in _WISHES:
        if not any(metric.partition("@")[0] == name.partition("@")[0] for _, name in found):
            found += [
                (match.start(), objective if metric == "objective" else metric)
                for match in list(stretch.find(pattern))[:1]
            ]
    metrics = list(dict.fromkeys(metric for _, metric in sorted(found)))[:3]
    if len(metrics) == 1 and metrics[0] != objective:
        metrics = [objective, *metrics]
    return args | ({"metrics": metrics} if len(metrics) > 1 else {})


_WISHES = (
    (r"\b(?:accura\w+|quality|relevance|ranking\s+quality|precision\s+of|goodness)\b|准确", "objective"),
    (r"\b(?:fast\w*|slow\w*|speed|quick\w*|throughput)\b|速度", "latency_ms"),
    (r"\b(?:small\w*|light\w*|compact|size|bytes|big)\b", "weights_bytes"),
    (r"\b(?:varied|variety)\b", "coverage@10"),
    (r"\bdivers(?:e|ely|ify|ified|ification)\b", "diversity@10"),
    (r"\b(?:surpris\w+|unexpected)\b", "serendipity@10"),
    (r"\b(?:popularity|blockbusters|popular)\b", "popularity_share@10"),
)


def trials(stretch: Stretch, known: Known) -> Args:
    """The arguments of `trials`: columns and a filter, as they were said."""
    args = about_study(stretch, known)
    filters: list[str] = []
    for match in stretch.find(
        r"(?P<m>{metric}|{param})\s*(?:is\s+|was\s+|of\s+)?(?P<sign>>=|<=|>|<|=|above|over|below|under|at\s+least|at\s+most|higher\s+than|lower\s+than|more\s+than|less\s+than|greater\s+than|smaller\s+than)\s*(?P<n>{amount})"
    ):
        span = stretch.said.span(match, "m")
        name = span.value if span.kind == "metric" else known.param(span.value)
        sign = {"above": ">", "over": ">", "below": "<", "under": "<", "at least": ">=", "at most": "<="}.get(
            match["sign"].lower()
        )
        sign = sign or (
            match["sign"]
            if match["sign"] in (">=", "<=", ">", "<", "=")
            else ">"
            if re.match(r"higher|more|greater", match["sign"], re.I)
            else "<"
        )
        filters.append(f"{name}{sign}{stretch.value(match, 'n'):g}")
    states = stretch.find(r"\b(?P<state>failed|pruned|completed?|finished|interrupted|running|feasible)\b")
    renamed = {"completed": "complete", "finished": "complete"}
    filters += [renamed.get(match["state"].lower(), match["state"].lower()) for match in states]
    models = [span.value for span in stretch.spans("model")]
    filters += [str(model) for model in models]
    within = {s for s in stretch.said.spans if any(str(s.value) in f for f in filters)}
    columns = [
        str(span.value) if span.kind == "metric" else known.param(span.value)
        for span in stretch.spans("metric", "param")
        if not (filters and span in within)
    ]
    stretch.use(*stretch.spans("metric", "param", "model", "number", "share", "trial"))
    if columns:
        args["columns"] = list(dict.fromkeys(columns))
    if filters:
        args["filter"] = " and ".join(dict.fromkeys(filters))
    return args
