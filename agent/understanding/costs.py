"""How long a request would train, from past trials on the same data and on others."""

from dataclasses import dataclass
from typing import Any

from agent.advisor.trial_times import Seconds
from agent.confirmation import N_SEEDS, N_TOP
from agent.studies.defaults import TRIALS
from agent.understanding.known import Known
from agent.understanding.plan import Request
from agent.words.acts import ACTS

_MANY = 100  # trials that are asked about first where none was measured


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a request would cost."""

    models: tuple[str, ...]  # that would train; empty: any
    n_trials: int | None  # training runs; None: as many as the time allows
    each: Seconds | None  # of one; None where past trials tell too little
    seconds: float | None  # in all; None where nothing tells
    is_limit: bool = False  # whether `seconds` is the limit that was set
    is_most: bool = False  # whether it may take fewer runs


def estimate(request: Request, known: Known) -> Estimate | None:
    """What a request that trains would cost; None of one that trains nothing."""
    if ACTS[request.tool].kind != "costly":
        return None
    args = request.args
    n_trials, limit = _budget(request, known)
    n_trials = n_trials if isinstance(n_trials, int) else None  # a multiple of what is not known yet
    if n_trials == 0 and limit is None:
        return None
    dataset = str(args.get("dataset") or known.study_dataset or "")
    models = _models(request, known)
    each = known.trial_s(dataset, models, _epochs(args))
    whole = None if each is None or n_trials is None else n_trials * each.expected
    seconds = min((value for value in (whole, limit) if value is not None), default=None)
    is_limit = seconds is not None and seconds == limit != whole
    return Estimate(
        models=models,
        n_trials=n_trials,
        each=each,
        seconds=seconds,
        is_limit=is_limit,
        is_most=request.tool == "confirm",
    )


def is_costly(request: Request, known: Known) -> bool:
    """Whether it would train for longer than what is asked about first."""
    found = estimate(request, known)
    if found is None:
        return False
    if found.seconds is None:
        return (found.n_trials or 0) > _MANY
    return found.seconds > known.card_s


def _models(request: Request, known: Known) -> tuple[str, ...]:
    """Those that would train; empty: any."""
    args = request.args
    if "models" in args or "model" in args:
        return tuple(dict.fromkeys(args.get("models") or [args["model"]]))
    runs = known.would(request.tool, args).runs
    if "models" in runs or "model" in runs:
        return tuple(runs.get("models") or [runs["model"]])
    return () if request.tool == "start_study" else known.study_models


def _budget(request: Request, known: Known) -> tuple[int | None, float | None]:
    """Training runs, and the limit in seconds."""
    args = request.args
    limit = args.get("time_limit_s")
    if request.tool == "start_study":
        copied = known.would(request.tool, args).runs if "base" in args else {}
        return args.get("n_trials", copied.get("n_trials", TRIALS)), limit or copied.get("time_limit_s")
    if request.tool == "extend_study":
        n_trials = args.get("n_trials", 0)
        if not n_trials and limit is not None:
            return None, limit
        return n_trials if isinstance(n_trials, int) else None, limit  # "x2" is of a study that is not at hand
    if request.tool == "confirm":
        n_runs = known.would(request.tool, args).n_runs
        return args.get("n_seeds", N_SEEDS) * (N_TOP + 1) if n_runs is None else n_runs, None
    return 1, None


def _epochs(args: Any) -> int | None:
    params = args.get("params") or {}
    found = args.get("epochs") or params.get("epochs")
    return found if isinstance(found, int) else None
