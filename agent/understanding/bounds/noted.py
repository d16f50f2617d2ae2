"""A person's note as a bound on params, where it can be read as one: "never use dim above 128".

Only what is put as a rule and says nothing else is: no observation ("dropout above 0.5 was worse"), no condition ("if
the data are small, …"), and no amount that the bound does not use.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from agent.understanding.bounds.params import ranges_of, told_params
from agent.understanding.bounds.rule_said import as_rule
from agent.understanding.bounds.stretch import Stretch
from agent.understanding.known import Known
from agent.words.names import Names, read
from memory.content import Condition, Content
from recmodels.models import MODELS, whole_space
from recmodels.search_space import Choice, ParamValue

_RULES = re.compile(
    r"\b(?:never|always|must(?:n['’]?t)?|should(?:n['’]?t)?|do\s+not|don['’]?t|avoid|keep|stay|use|only|at\s+(?:most|least)|"
    r"(?:no|not)\s+(?:more|less|larger|smaller|higher|lower|bigger|fewer|above|below|over|under)|max(?:imum)?|min(?:imum)?|"
    r"limit|cap|between|within)\b|[<>≤≥]",
    re.IGNORECASE,
)
_NO_RULES = re.compile(
    r"\b(?:was|were|had|got|gave|did|worked|works?|hurts?|hurting|help(?:s|ed)?|better|worse|best|worst|wins?|won|usually|often|"
    r"maybe|perhaps|sometimes|probably|think|thought|seems?|seemed|tends?|prefer|try|tried|would|could|might|if|when|whenever|"
    r"unless|until|while|because|since|today|tonight|tomorrow|now|this\s+(?:study|time)|trials?)\b|\?",
    re.IGNORECASE,
)
_NOT = re.compile(r"\b(?:never|not|no|avoid|without|(?:do|must|should)n['’]?t|except)\b", re.IGNORECASE)
_AMOUNTS = ("number", "share", "fraction", "choice", "factor", "duration")


def bound_in(text: str, datasets: Sequence[str] = ()) -> Content | None:
    """What a note binds; None where it is no bound, or says more than one.

    Args:
        datasets: Their names: a note that names one is for that one alone.
    """
    text = as_rule(text)
    if _RULES.search(text) is None or _NO_RULES.search(text) is not None:
        return None
    said = read(text, Names(datasets=tuple(datasets)))
    stretch = Stretch(said, [(0, len(said.text))])
    models = tuple(dict.fromkeys(span.value for span in stretch.spans("model")))
    named = tuple(dict.fromkeys(span.value for span in stretch.spans("dataset")))
    told = told_params(stretch, Known(), models)
    is_whole = not stretch.spans(*_AMOUNTS, "metric", "path") and not said.of("factor")
    words = set(re.findall(r"\w+", text.lower()))
    if not told or not is_whole or len(models) > 1 or len(named) > 1 or words & set(MODELS) - set(models):
        return None
    ranges = ranges_of(told)
    where = [_condition(param, wanted, is_negated=_NOT.search(text) is not None) for param, wanted in ranges.items()]
    if set(ranges) != {one.param for one in told} or None in where:
        return None
    having = models or tuple(MODELS)
    if any(all(param not in whole_space(model) for model in having) for param in ranges):
        return None
    return Content(
        says="bound",
        model=models[0] if models else None,
        where=tuple(one for one in where if one is not None),
        dataset=named[0] if named else None,
    )


_HERE = re.compile(
    r"\bhere\b(?!\s*(?:is|are|['’]s)\b)|\b(?:this|these|the\s+present)\s+(?:data\s?set|data)\b|这里|此处|[这本]个?数据集?",
    re.IGNORECASE,
)


def says_here(text: str) -> bool:
    """Whether a note is for the dataset at hand, without its name: "never use more than 100 neighbours here"."""
    return _HERE.search(text) is not None


def dataset_named(text: str, datasets: Sequence[str]) -> str | None:
    """The one dataset that a note names; None where it names none, or several."""
    named = {span.value for span in read(text, Names(datasets=tuple(datasets))).of("dataset")}
    return str(named.pop()) if len(named) == 1 else None


def bound_words(content: Content) -> str:
    """`embedding_size of 128 or less, for every model that has it`."""
    models = f"for {content.model}" if content.model else "for every model that has it"
    return f"{content.words()}, {models}{f', on {content.dataset}' if content.dataset else ''}"


def _condition(param: str, wanted: Any, *, is_negated: bool) -> Condition | None:
    """The values that stay; None where they cannot be told."""
    if isinstance(wanted, Mapping) and not wanted.keys() - {"low", "high"}:
        low, high = wanted.get("low"), wanted.get("high")
        return Condition(param=param, low=low, high=high) if _are_numbers(low, high) else None
    if isinstance(wanted, list) and len(wanted) == 2:
        return (
            Condition(param=param, low=wanted[0], high=wanted[1]) if _are_numbers(*wanted) and not is_negated else None
        )
    chosen = tuple(wanted["choices"]) if isinstance(wanted, Mapping) else (wanted,)
    if not is_negated:
        return Condition(param=param, choices=chosen)
    left = tuple(value for value in _all_choices(param) if value not in chosen)
    return Condition(param=param, choices=left) if left and set(chosen) <= set(_all_choices(param)) else None


def _are_numbers(*ends: Any) -> bool:
    given = [end for end in ends if end is not None]
    return bool(given) and all(isinstance(end, int | float) and not isinstance(end, bool) for end in given)


def _all_choices(param: str) -> tuple[ParamValue, ...]:
    """The values that any model declares; empty where one declares a range."""
    kinds = [space[param] for space in map(whole_space, MODELS) if param in space]
    if any(not isinstance(kind, Choice) for kind in kinds):
        return ()
    return tuple(dict.fromkeys(value for kind in kinds if isinstance(kind, Choice) for value in kind.choices))
