"""A person's wish for the next trial, in plain words, as a change to the best trial's params: no language model needed.

smaller · larger · faster · more or less regularisation · higher or lower NAME · NAME 0.6 · like trial 7 · a model
"""

import re

import numpy as np

from agent.advisor.predict import predicted
from agent.advisor.situation import Situation, from_unit, shown, unit
from agent.cut_defaults import defaults_named
from agent.proposal import Candidate
from agent.standing import best_of
from memory.record import TrialRecord
from recmodels.errors import ParamError
from recmodels.search_space import Choice, Int, Param, Params, ParamValue, SearchSpace

STEP = 0.25  # of a param's range
_SIZE: tuple[str, ...] = ("embedding_size", "n_layers", "n_heads", "hidden_size", "rank", "max_length")
_COST: tuple[str, ...] = (*_SIZE, "epochs", "n_negatives")
_REGULARISATION: tuple[str, ...] = ("dropout", "weight_decay", "l2")
_DOWN = r"small(?:er)?|low(?:er)?|less|fewer|reduce|decrease|shorter|tiny|light(?:er)?|weaker|narrower"
_UP = r"big(?:ger)?|larg(?:e|er)|high(?:er)?|more|increase|longer|stronger|wider|deeper"
_FAST = r"fast(?:er)?|quick(?:er)?|cheap(?:er)?"
_SLOW = r"slow(?:er)?"
_NUMBER = r"-?\d+(?:\.\d+)?(?:e-?\d+)?"


def suggest(situation: Situation, models: list[str], request: str) -> Candidate | None:
    """The best trial's params, or the defaults, changed as wished; None when the wish is not understood or was met."""
    text = request.lower().replace("_", " ")
    named = [model for model in models if model.replace("_", " ") in text]
    trial = _trial_named(situation, text)
    candidates = named or ([trial.model] if trial else _of_best(situation)) or models
    if not candidates or candidates[0] not in situation.spaces:
        return None
    model = candidates[0]
    space, (base, whose) = situation.spaces[model], _base(situation, model, trial)
    try:
        given = _given(text, space)
    except ParamError:  # a value that the study does not search
        return None
    moves = {name: sign for name, sign in _moves(text, space).items() if name not in given}
    for n_steps in (1, 2, 3):  # further while the nearer points ran already
        params = {**_moved(space, base, moves, n_steps), **given}
        if situation.objection(model, params) is None and (moves or named or given):
            changed = {name: value for name, value in params.items() if base.get(name) != value}
            steps = ", ".join(
                f"{name} {shown(base.get(name, '–'))} → {shown(value)}" for name, value in changed.items()
            )
            return predicted(situation, model, params, "request", f"as wished, from {whose}: {steps or 'unchanged'}")
    return None


def _of_best(situation: Situation) -> list[str]:
    best = best_of(situation.goal, situation.records)
    return [best.model] if best is not None and best.model in situation.spaces else []


def _trial_named(situation: Situation, text: str) -> TrialRecord | None:
    """The one trial that the text names and that has finished."""
    numbers = {int(number) for number in re.findall(r"\btrial\s+#?(\d+)", text)}
    return next((record for record in situation.records if {record.number} == numbers), None)


def _given(text: str, space: SearchSpace) -> dict[str, ParamValue]:
    """The values that the text gives to params: "dropout 0.6", "dropout = 0.6", "20 epochs".

    Raises:
        ParamError: The space does not hold one of them.
    """
    found: dict[str, ParamValue] = {}
    for name, param in space.items():
        said = re.escape(name.replace("_", " "))
        before = re.search(rf"\b{said}\s*(?:=|:|to|of|at|is)?\s*({_NUMBER})(?![\w.])", text)
        match = before or re.search(rf"(?<![\w.])({_NUMBER})\s+{said}\b", text)
        if match:
            number = float(match[1])
            found[name] = param.check(name, int(number) if number.is_integer() and isinstance(param, Int) else number)
    return found


def _base(situation: Situation, model: str, trial: TrialRecord | None) -> tuple[Params, str]:
    if trial is not None and trial.model == model:
        return trial.params, f"trial {trial.number}"
    best = best_of(situation.goal, situation.of(model))
    if best is None:
        params = situation.spaces[model].defaults()
        return params, defaults_named(model, params)
    return best.params, f"trial {best.number}, the best of {model}"


def _moves(text: str, space: SearchSpace) -> dict[str, int]:
    """Param → -1 or 1: those that the text names with a direction, else the group that it speaks of."""
    moves = {}
    for name, param in space.items():
        sign = 0 if isinstance(param, Choice) else _sign_near(text, name.replace("_", " "))
        if sign:
            moves[name] = sign
    if moves:
        return moves
    if re.search(r"regulari[sz]|overfit", text):
        names, sign = _REGULARISATION, -1 if re.search(rf"\b(?:{_DOWN})\b", text) else 1
    elif re.search(rf"\b(?:{_FAST}|{_SLOW})\b", text):
        names, sign = _COST, 1 if re.search(rf"\b(?:{_SLOW})\b", text) else -1
    elif re.search(rf"\b(?:{_DOWN}|{_UP})\b", text):
        names, sign = _SIZE, -1 if re.search(rf"\b(?:{_DOWN})\b", text) else 1
    else:
        return {}
    return {name: sign for name in names if name in space and not isinstance(space[name], Choice)}


def _sign_near(text: str, name: str) -> int:
    """The direction said within three words of a param's name."""
    around = re.search(rf"((?:\S+\s+){{0,3}}){re.escape(name)}\b((?:\s+\S+){{0,3}})", text)
    if around is None:
        return 0
    if re.search(rf"\b(?:{_DOWN})\b", around.group()):
        return -1
    return 1 if re.search(rf"\b(?:{_UP})\b", around.group()) else 0


def _moved(space: SearchSpace, base: Params, moves: dict[str, int], n_steps: int) -> dict[str, ParamValue]:
    """The base some steps on; what is not moved keeps its value, as far as today's ranges hold it."""
    steps = np.array([STEP * n_steps * moves.get(name, 0) for name in space])
    moved = from_unit(space, np.clip(unit(space, base) + steps, 0, 1))
    return {name: value if name in moves else _kept(space[name], name, base, value) for name, value in moved.items()}


def _kept(param: Param, name: str, base: Params, otherwise: ParamValue) -> ParamValue:
    try:
        return param.check(name, base[name]) if name in base else otherwise
    except ParamError:
        return otherwise
