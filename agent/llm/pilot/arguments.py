"""The arguments of a tool, read from the message: `read_arguments("start_study", "tune ease on demo", context)`.

What is written is passed on even where it is illegal, so that the tool answers with the rule; nothing is invented.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from agent.llm.pilot.bounds import read_change
from agent.llm.pilot.context import PilotContext
from agent.llm.pilot.files import read_name, read_path
from agent.llm.pilot.goals import read_constraints, read_further_objectives, read_objective
from agent.llm.pilot.lessons import read_lesson
from agent.llm.pilot.names import METRIC, metric_name, read_dataset, read_models
from agent.llm.pilot.numbers import Reader, digits, read_duration, read_trial_count
from agent.llm.pilot.params import base_params, mentions, read_params
from agent.llm.pilot.people import read_bare_user, read_length, read_user
from agent.llm.pilot.told import AGAINST, read_changes, read_repeat
from agent.llm.pilot.trials import one_trial, several_trials

Args = dict[str, Any]

MAX_READ = 2000  # characters of a message; nobody orders a study in more

REQUIRED: Mapping[str, tuple[str, ...]] = {
    "add_dataset": ("path",),
    "describe_dataset": ("dataset",),
    "remember_lesson": ("text",),
    "start_study": ("dataset",),
    "set_search_space": ("param",),
    "control_study": ("action",),
    "repeat_trial": ("trial",),
    "compare_trials": ("trials",),
    "recommend_items": ("user",),
}
"""What a tool cannot do without."""


def read_arguments(tool: str, text: str, context: PilotContext, action: str | None = None) -> Args:
    """The arguments of `tool` that the message and the state of affairs give; what is unknown is left out.

    Args:
        action: Of control_study, where the router has told pause, resume and stop apart.
    """
    text = text[:MAX_READ]
    if tool == "control_study":
        return _given(action=action or _action(text))
    reader = _READERS.get(tool)
    return reader(text, context) if reader else {}


def missing(tool: str, args: Mapping[str, Any]) -> tuple[str, ...]:
    """The required arguments that are not there; a comparison needs two trials."""
    lacking = [name for name in REQUIRED.get(tool, ()) if name not in args]
    if tool == "compare_trials" and not lacking and len(args["trials"]) < 2:
        lacking = ["trials"]
    return tuple(lacking)


def _given(**args: Any) -> Args:
    return {name: value for name, value in args.items() if value is not None and value != []}


def _add_dataset(text: str, context: PilotContext) -> Args:
    reader = Reader(text)
    path = read_path(reader)
    columns = {
        match["role"].lower(): match["column"]
        for match in reader.take_all(
            r"\b(?P<role>user|item|time|timestamp|rating|weight)s?\s+(?:column\s+)?(?:is|are|=|:|column is|"
            r"column called|is called)\s+"
            r"(?:column |in |called )?[\"'`]?(?P<column>[\w:.-]+)[\"'`]?"
        )
        if match["column"].lower() not in ("a", "an", "the", "column", "called")
    }
    name = read_name(reader) if path else None
    return _given(path=path, name=name, columns=columns or None)


def _dataset(text: str, reader: Reader, context: PilotContext) -> str | None:
    """A dataset by name, by its place in the list, or the one at hand."""
    ordinal = re.search(r"\bthe (first|second|third|fourth|last)(?: one| dataset| of them)?\b(?! \w*trial)", text, re.I)
    if ordinal and context.datasets and context.last_tool == "list_datasets":
        place = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": -1}[ordinal[1].lower()]
        if place < len(context.datasets):
            return context.datasets[place]
    named = read_dataset(reader, context, guess=False)
    if named:
        return named
    if re.search(
        r"\b(?:it|this|that|these|those|them|the|my|our|same) ?(?:one|dataset|data set|data|log|file)?\b", text, re.I
    ) and (context.dataset_at_hand):
        guessed = read_dataset(reader, context)
        return guessed if guessed and re.search(r"[\d_]", guessed) else context.dataset_at_hand
    return read_dataset(reader, context)


def _describe_dataset(text: str, context: PilotContext) -> Args:
    reader = Reader(text)
    return _given(dataset=_dataset(text, reader, context) or context.dataset_at_hand)


def _recall_trials(text: str, context: PilotContext) -> Args:
    reader = Reader(text)
    count = reader.take(
        r"\b(\d+)\s+(?:most\s+)?(?:closest|similar|nearest|best|relevant|past|old(?:er)?)?\s*(?:historical |past |"
        r"similar )?(?:trials|runs|studies|results)\b|\bk\s*=\s*(\d+)"
    )
    dataset = read_dataset(reader, context, guess=False)
    if dataset is None and re.search(r"\b(?:this|my|our) (?:data|dataset)\b", text, re.I):
        dataset = context.dataset_at_hand
    query = re.sub(
        r"^\W*(?:please |can you |could you )*(?:search|look|check|dig|consult|recall|memory search)\s*(?:up|in|into|"
        r"through)?\s*"
        r"(?:the|your|our)?\s*(?:memory|history|archive|past trials|notes|knowledge base)?\s*(?:for|:|about|"
        r"concerning)?\s*",
        "",
        text.strip(),
        flags=re.IGNORECASE,
    ).strip(" \"'?.!")
    return _given(query=(query or text.strip())[:500], dataset=dataset, k=int(count[1] or count[2]) if count else None)


def _remember_lesson(text: str, context: PilotContext) -> Args:
    return _given(text=read_lesson(text))


def _start_study(text: str, context: PilotContext) -> Args:
    reader = Reader(text)
    path = read_path(reader)
    known = None if path else read_dataset(reader, context, guess=False)
    constraints = read_constraints(reader)
    time_limit_s = read_duration(reader)
    n_trials = read_trial_count(reader)
    epochs = reader.take(r"\b(\d+)\s+epochs?\b|\bepochs?\s*[=:]?\s*(\d+)\b(?!\s*(?:to|-|and)\b)")
    before = Reader(reader.text)
    objective = read_objective(reader)
    further = read_further_objectives(before, objective)
    models = read_models(reader, context)
    asks = re.search(
        r"\b(?:ask|check with) me (?:before|first|each)|\bwith my approval|\bi (?:want to )?(?:approve|confirm)\b",
        text,
        re.I,
    )
    dataset = path or known or _dataset(reader.text, reader, context)
    if n_trials is None and dataset and (bare := re.search(r"[,/]\s*(\d{1,3})\s*[.!]?$", reader.text)):
        n_trials = int(bare[1])
    return _given(
        dataset=dataset,
        models=models,
        objective=objective,
        further_objectives=further,
        constraints=constraints,
        n_trials=n_trials,
        time_limit_s=time_limit_s,
        epochs=int(epochs[1] or epochs[2]) if epochs else None,
        needs_approval=True if asks else None,
    )


_GENERIC = (
    r"\b(?:please|pls|plz|propose|proposals?|propse|suggest\w*|next|nxt|trials?|ones?|config\w*|candidates?|points?|"
    r"params?|parameters?|hyper\w+|"
    r"settings?|values?|what|whats|which|would|should|could|can|do|does|you|u|your|i|me|we|us|the|a|an|any|is|be|to|"
    r"try|run|now|give|show|"
    r"see|want|like|it|for|ideas?|guess|move|another|new|other|something|smth|else|different|and|or|of|draw|pick|"
    r"take|let|s|d|again|going|"
    r"ask|advisor|sampler|optimi[sz]er|more|from|here|go|come|comes|up|with|make|hear|think|best|before|start|starts|"
    r"starting|but|don|t|"
    r"dont|not|only|just|without|training|train|running|launch\w*|execute|yet|first|it's|that|this|then|so|ok|in|on|"
    r"at|have|got|one|qué|"
    r"propones|ahora|was|schlägst|vor|als|nächstes|que|proposes-tu)\b"
)


def _propose_trial(text: str, context: PilotContext) -> Args:
    """The wish in the person's words, unless it says no more than "the next one, please"."""
    rest = re.sub(_GENERIC, " ", text, flags=re.IGNORECASE)
    return {"request": " ".join(text.split())[:500]} if re.search(r"[^\W_]{2,}|\d", rest) else {}


def _run_trial(text: str, context: PilotContext) -> Args:
    reader = Reader(text)
    reader.take(r"\b(?:trials?|versuch|essai)\s+#?\d+")
    reader.take(r"\b(?:add\s+|run\s+|do\s+)?\d+\s+(?:more\s+|other\s+)?(?:trials?|runs?)\b")
    models = tuple(read_models(Reader(_without_losses(text)), context))
    params = read_params(reader, context, models)
    base, base_model = base_params(text, context)
    is_default = bool(re.search(r"\bdefaults?\b|\bdefault params\b", text, re.I)) and not params
    model = models[0] if models else base_model
    if base or params or is_default:
        return {"params": base | params} | _given(model=model)
    return _given(model=model)


def _without_losses(text: str) -> str:
    """The text without "loss bpr", which names no model."""
    return re.sub(
        r"\bloss(?:es)?(?: function)?\s*(?:=|:|is|to)?\s*bpr\b|\bbpr[- ]loss\b", " ", text, flags=re.IGNORECASE
    )


def _set_search_space(text: str, context: PilotContext) -> Args:
    reader = Reader(text)
    models = tuple(read_models(Reader(_without_losses(text)), context))
    return _given(**read_change(reader, context, models), model=models[0] if models else None)


def _action(text: str) -> str | None:
    for pattern, action in (
        (
            r"\b(?:resume|continue|carry on|unpause|un-pause|go on|proceed|keep going|restart|pick (?:it )?up|"
            r"weiter\w*|fortsetzen|sigue)\b",
            "resume",
        ),
        (r"\b(?:paus\w*|hold|wait|suspend|freeze|break|halt for|for now|interrupt|moment)\b", "pause"),
        (
            r"\b(?:stop|kill|cancel|abort|end|terminate|quit|enough|halt|shut|finish|cut|no more|discontinue|arrête|"
            r"stopp\w*)\b",
            "stop",
        ),
    ):
        if re.search(pattern, text, re.IGNORECASE):
            return action
    return None


def _explain_trial(text: str, context: PilotContext) -> Args:
    trial = one_trial(text, context)
    without_number = re.sub(r"\b(?:trials?|#)\s*\d+", " ", digits(text))
    named = mentions(without_number, context, context.study_models)
    declared = {name for space in context.spaces.values() for name in space} - {"loss", "epochs"}
    names = [mention.param for mention in named if mention.param in declared]
    if trial is None and not names and re.match(r"\W*(?:and|more|go on)\b", text, re.I):
        trial = context.last_args.get("trial")
    if trial is None and names and context.last_tool == "explain_trial":
        trial = context.last_args.get("trial")
    return _given(trial=trial, param=names[0] if names else None)


def _compare_trials(text: str, context: PilotContext) -> Args:
    return _given(trials=several_trials(text, context))


_WISH_WORDS = (
    (r"\b(?:accura\w+|quality|genauigkeit|précision|precisión|relevance|good|score)\b", "objective"),
    (r"\b(?:latenc\w+|fast\w*|slow\w*|speed|quick\w*|tempo|throughput|\d+\s*ms)\b", "latency_ms"),
    (r"\b(?:small\w*|light\w*|model size|compact|memory)\b", "weights_bytes"),
    (r"\b(?:divers\w+|varied|variety|long tail|abdeckung|copertura)\b", "coverage@10"),
    (r"\b(?:popularity|blockbusters|popular)\b", "popularity_share@10"),
    (r"\b(?:training time|train time|cheap\w*)\b", "train_s"),
)


def _show_tradeoffs(text: str, context: PilotContext) -> Args:
    objective = context.objective or "ndcg@10"
    found = [(match.start(), metric_name(match)) for match in re.finditer(METRIC, text, re.IGNORECASE)]
    rest = re.sub(METRIC, lambda match: " " * len(match[0]), text, flags=re.IGNORECASE)
    for pattern, metric in _WISH_WORDS:
        if match := re.search(pattern, rest, re.IGNORECASE):
            found.append((match.start(), objective if metric == "objective" else metric))
    metrics = list(dict.fromkeys(metric for _, metric in sorted(found)))
    if len(metrics) == 1:
        metrics = [objective, *metrics] if metrics[0] != objective else []
    return _given(metrics=metrics)


def _recommend_items(text: str, context: PilotContext) -> Args:
    reader = Reader(text)
    trial = reader.take(r"\b(?:trial|run|essai|versuch)\s*#?\s*(\d+)")
    user = read_user(reader)
    k = read_length(reader)
    user = user or read_bare_user(reader)
    args = _given(user=user, k=k, trial=int(trial[1]) if trial else None)
    if context.last_tool == "recommend_items":
        return {name: context.last_args[name] for name in ("user", "k", "trial") if name in context.last_args} | args
    return args


_FORMATS = (
    "onnx",
    "safetensors",
    "torchscript",
    "tflite",
    "pickle",
    "npz",
    "csv",
    "faiss",
    "tensorrt",
    "openvino",
    "torch",
    "pt",
    "coreml",
    "gguf",
    "int8",
    "fp16",
    "docker",
    "zip",
)  # what people ask for; the tool says which it can


def _export_model(text: str, context: PilotContext) -> Args:
    said = text.lower()
    format_ = next((name for name in _FORMATS if re.search(rf"(?<![\w]){name}(?!\w)", said)), None)
    without_bits = re.sub(r"\b(?:int|fp|bf)?\s?\d+[- ]?bits?\b|\bint8\b|\bfp16\b", " ", text, flags=re.I)
    without_bits = re.sub(r"\b(?:is )?the default\b|\bdefault format\b", " ", without_bits, flags=re.IGNORECASE)
    trial = one_trial(without_bits, context)
    if (
        trial is None
        and context.last_tool in ("explain_trial", "recommend_items")
        and re.search(r"\b(?:it|that|this)\b", text, re.I)
    ):
        trial = context.last_args.get("trial")
    return _given(trial=trial, format=format_)


def _confirm(text: str, context: PilotContext) -> Args:
    reader = Reader(text)
    match = reader.take(r"\b(\d+)\s+(?:different\s+|other\s+)?(?:random\s+)?seeds?\b")
    is_against = AGAINST.search(reader.text) is not None
    return _given(
        n_seeds=int(match[1]) if match else None, against=one_trial(reader.text, context) if is_against else None
    )


_READERS: dict[str, Callable[[str, PilotContext], Args]] = {
    "add_dataset": _add_dataset,
    "describe_dataset": _describe_dataset,
    "recall_trials": _recall_trials,
    "remember_lesson": _remember_lesson,
    "start_study": _start_study,
    "propose_trial": _propose_trial,
    "run_trial": _run_trial,
    "set_search_space": _set_search_space,
    "explain_trial": _explain_trial,
    "compare_trials": _compare_trials,
    "show_tradeoffs": _show_tradeoffs,
    "recommend_items": _recommend_items,
    "export_model": _export_model,
    "confirm": _confirm,
    "change_study": read_changes,
    "repeat_trial": read_repeat,
}
