"""What a request takes from the state of the dialogue where the message does not say it; stated in the answer."""

import re
from dataclasses import replace

from agent.understanding.dialogue import Dialogue
from agent.understanding.known import Known
from agent.understanding.plan import Request
from recmodels.models import MODELS, whole_space

_THE_DATA = re.compile(r"\b(?:the|this|that|these|those)\s+data\b", re.IGNORECASE)
_ABOUT_DATA = ("add_dataset", "describe_dataset", "inspect_data", "rename_dataset")
_NEEDS_DATASET = ("describe_dataset", "inspect_data")


def filled(request: Request, known: Known, dialogue: Dialogue) -> Request:
    """The request with the dataset, trial, person or param that the dialogue is about, each marked as assumed."""
    assumed: dict[str, object] = {}
    args = request.args
    says_nothing = request.tool == "start_study" and not args and dialogue.last_tool not in _ABOUT_DATA
    if (
        "dataset" not in args
        and request.tool in (*_NEEDS_DATASET, "start_study")
        and "base" not in args
        and not says_nothing
    ):
        assumed["dataset"] = _dataset(known, dialogue)
    if (
        request.tool in ("rename_dataset", "remove_dataset")
        and "dataset" not in args
        and (
            dialogue.last_tool in _ABOUT_DATA or (request.tool == "remove_dataset" and _THE_DATA.search(request.words))
        )
    ):
        assumed["dataset"] = dialogue.dataset
    if request.tool == "start_study" and "base" in args and "dataset" not in args:
        assumed["dataset"] = known.of(str(args["base"])).study_dataset
    if request.tool in ("run_trial", "predict") and "model" not in args and "base" not in args:
        assumed["model"] = _model_of(args.get("params"), known, dialogue)
    if request.tool == "inspect_data" and "what" not in args:
        assumed["what"] = "head"
    if request.tool == "set_search_space" and "param" not in args:
        assumed["param"] = dialogue.param
    if request.tool in ("run_trial", "predict") and "base" not in args and _is_relative(args.get("params")):
        assumed["base"] = known.ranking[0] if known.ranking else None
    if request.tool == "run_trial" and not args and known.pending is None:  # "okay, try it" after "what if …"
        supposed = next((one.args for one in reversed(dialogue.last) if one.tool == "predict"), {})
        assumed |= {name: supposed[name] for name in ("params", "base", "model") if name in supposed}
    if request.tool == "recommend_items" and "user" not in args:
        assumed["user"] = dialogue.user
    if request.tool == "repeat_trial" and "trial" not in args:
        assumed["trial"] = dialogue.trial
    if request.tool == "delete_study" and "study" not in args:
        assumed["study"] = dialogue.study or known.study
    given = {name: value for name, value in assumed.items() if value is not None}
    return replace(request, args=dict(args) | given, assumed=(*request.assumed, *given)) if given else request


def _model_of(params: object, known: Known, dialogue: Dialogue) -> object:
    """The model of the trial before, where no model of the study has such a param: "and if it were l2 1000?"."""
    last = next((one.args["model"] for one in reversed(dialogue.last) if "model" in one.args), None)
    if not isinstance(params, dict) or last not in MODELS:
        return None
    here = {name for model in known.study_models if model in MODELS for name in whole_space(model)}
    return last if set(params) <= set(whole_space(str(last))) and not set(params) <= here else None


def _dataset(known: Known, dialogue: Dialogue) -> str | None:
    only = known.datasets[0] if len(known.datasets) == 1 else None
    return dialogue.dataset or known.study_dataset or only


def _is_relative(params: object) -> bool:
    return isinstance(params, dict) and any(isinstance(value, str) and value[:1] == "x" for value in params.values())
