"""The params of a trial as rows: name, value, and the default where it is another."""

from dataclasses import dataclass

from agent.answers.wording import Ran, param, told
from recmodels.models import MODELS, whole_space
from recmodels.param_words import PARAM_WORDS


@dataclass(frozen=True, slots=True, kw_only=True)
class ParamRow:
    """One param."""

    name: str
    value: str
    default: str  # empty: the model does not declare the param any more
    is_changed: bool
    says: str = ""  # what the param changes


def param_rows(trial: Ran) -> list[ParamRow]:
    """Those worth saying, in the order in which the model declares them."""
    space = whole_space(trial.model) if trial.model in MODELS else {}
    rows = []
    for name, value in told(trial.model, trial.params).items():
        default = space[name].default if name in space else None
        words = PARAM_WORDS.get(name)
        rows.append(
            ParamRow(
                name=name,
                value=param(value),
                default="" if default is None else param(default),
                is_changed=default is not None and value != default,
                says="" if words is None else words.says,
            )
        )
    return rows
