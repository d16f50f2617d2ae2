"""The defaults of a model as a study may run them: a note or a range of a person can cut them.

What was run with cut defaults is no measure of the model's defaults, so it goes by another name.
"""

from collections.abc import Mapping

from memory.written import written
from recmodels.models import MODELS, whole_space
from recmodels.search_space import ParamValue

_KEPT = "to keep within the ranges of this study"


def cut_of(model: str, params: Mapping[str, ParamValue]) -> dict[str, ParamValue]:
    """Those params of a trial of defaults that are not what the model declares; empty where none was cut."""
    if model not in MODELS:
        return {}
    declared = whole_space(model)
    return {name: value for name, value in params.items() if name in declared and value != declared[name].default}


def cut_words(model: str, params: Mapping[str, ParamValue]) -> str:
    """`n_neighbors 100 and dropout 0.1`; empty where nothing was cut."""
    return " and ".join(f"{name} {written(value)}" for name, value in cut_of(model, params).items())


def defaults_named(model: str, params: Mapping[str, ParamValue]) -> str:
    """`the defaults of ease`, or `the defaults of item_knn with n_neighbors 100 to keep within …`."""
    cut = cut_words(model, params)
    return f"the defaults of {model}{f' with {cut} {_KEPT}' if cut else ''}"
