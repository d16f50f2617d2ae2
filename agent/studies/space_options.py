"""A search space as options of a command line: read from what was typed, and written for who repeats a study.

space_of(fix=["dropout=0"], ranges=["n_neighbors=20:200"], choices=["weighting=tfidf,bm25"])
# {"dropout": 0, "n_neighbors": {"low": 20, "high": 200}, "weighting": {"choices": ["tfidf", "bm25"]}}
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from agent.studies.asked_space import models_with
from agent.studies.asked_trials import MODEL
from agent.studies.study_spec import Ranges, Try
from recmodels.command import literal, named_texts
from recmodels.errors import ParamError
from recmodels.models import whole_space
from recmodels.search_space import Choice


def space_of(
    fix: Sequence[str] = (), ranges: Sequence[str] = (), choices: Sequence[str] = (), models: Sequence[str] = ()
) -> dict[str, Any]:
    """A space as `narrowed_from_the_start` takes it, of the texts of `--fix`, `--range` and `--choices`.

    Args:
        models: Of the study, which tell what a param is.

    Raises:
        recmodels.errors.ParamError: A text that cannot be read, choices of a number, or a param that is named twice.
    """
    found: dict[str, Any] = {}
    for option, texts in (("--fix", fix), ("--range", ranges), ("--choices", choices)):
        for text in texts:
            (name, value), *_ = named_texts([text]).items()
            if name in found:
                raise ParamError(f"`{name}` is given twice; say one of --fix, --range and --choices for it, once")
            found[name] = _READ[option](text, value)
            if option == "--choices":
                _check_named(name, found[name]["choices"], models)
    return found


def _fixed(text: str, value: str) -> Any:
    return literal(value)


def _range(text: str, value: str) -> dict[str, float]:
    low, colon, high = value.partition(":")
    ends = {name: literal(end.strip()) for name, end in (("low", low), ("high", high)) if end.strip()}
    if not colon or not ends or not all(map(_is_number, ends.values())):
        raise ParamError(f"a range is given as name=low:high, such as n_neighbors=20:200, 20: or :200; got {text!r}")
    return ends


def _choices(text: str, value: str) -> dict[str, list[Any]]:
    found = [literal(one.strip()) for one in value.split(",") if one.strip()]
    if not found:
        raise ParamError(f"choices are given as name=one,two, such as weighting=tfidf,bm25; got {text!r}")
    return {"choices": found}


_READ = {"--fix": _fixed, "--range": _range, "--choices": _choices}


def _check_named(name: str, choices: Sequence[Any], models: Sequence[str]) -> None:
    """Raises ParamError: a number has no choices, and what lies between them would be searched too."""
    having, param = models_with(name, models)
    for model in having:
        if not isinstance(declared := whole_space(model)[param], Choice):
            shown = ",".join(map(str, choices))
            raise ParamError(
                f"`{param}` of {model} is a number in {declared} and has no choices, got {shown}; "
                f"say --range {param}=low:high, or --fix {param}=value"
            )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def options_of_space(space: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The options that say what `narrowed_from_the_start` is told."""
    found: list[tuple[str, str]] = []
    for name, wanted in space.items():
        is_range = isinstance(wanted, list | tuple) and len(wanted) == 2 and all(map(_is_number, wanted))
        kept = {"low": wanted[0], "high": wanted[1]} if is_range else wanted
        kept = {"choices": kept} if isinstance(kept, list | tuple) else kept
        kept = kept if isinstance(kept, Mapping) else {"choices": [kept]}
        found.append(_option(name, {"choices": [kept["value"]]} if "value" in kept else kept))
    return found


def options_of(ranges: Ranges) -> list[tuple[str, str]]:
    """The options that give these ranges."""
    return [_option(f"{model}.{param}", kept) for model, own in ranges.items() for param, kept in own.items()]


def _option(name: str, kept: Mapping[str, Any]) -> tuple[str, str]:
    if "choices" in kept:
        values = [written(value) for value in kept["choices"]]
        return ("--fix", f"{name}={values[0]}") if len(values) == 1 else ("--choices", f"{name}={','.join(values)}")
    low, high = kept.get("low", ""), kept.get("high", "")
    return ("--fix", f"{name}={low}") if low == high else ("--range", f"{name}={low}:{high}")


def written(value: Any) -> str:
    """As `literal` reads it: JSON, or plain text where that is no JSON."""
    return value if isinstance(value, str) and isinstance(literal(value), str) else json.dumps(value)


def tries_of_texts(texts: Sequence[str]) -> list[dict[str, Any]]:
    """What `--try` says, as `tries_of` takes it: `n_neighbors=50 shrinkage=5`, with a model in front where needed.

    Raises:
        recmodels.errors.ParamError: A text that cannot be read, or a param that is named twice in it.
    """
    return [_try(text) for text in texts]


def _try(text: str) -> dict[str, Any]:
    words = re.split(r"[\s,;]+", text.strip())
    model = [words.pop(0)] if words and "=" not in words[0] else []
    if not words or any("=" not in word for word in words):
        raise ParamError(f"params to try are given as --try 'n_neighbors=50 shrinkage=5', got {text!r}")
    found: dict[str, Any] = {}
    for name, value in (pair for word in words for pair in named_texts([word]).items()):
        if name in found:
            raise ParamError(f"`{name}` is given twice in --try {text!r}")
        found[name] = literal(value)
    return found | ({MODEL: model[0]} if model else {})


def options_of_tries(tries: Sequence[Try]) -> list[tuple[str, str]]:
    """The options that give these."""
    return [
        ("--try", " ".join([*filter(None, [model]), *(f"{name}={written(value)}" for name, value in params.items())]))
        for model, params in tries
    ]
