"""Tools that look at a study: how it stands, and what it searches."""

from typing import Annotated

from pydantic import Field

from agent.answers.facts import quoted
from agent.answers.status_facts import status_facts
from agent.errors import ToolInputError
from agent.results.prediction import ParamShown, SpaceShown
from agent.results.status import Status
from agent.tools.making import correctable
from agent.tools.studies_at_hand import StudyName, study_at_hand
from agent.workspace import Workspace
from recmodels.models import MODELS, find_model
from recmodels.param_words import PARAM_WORDS
from recmodels.search_space import Param, SearchSpace


def study_status(workspace: Workspace, study: StudyName = None) -> Status:
    """How a study stands now: state, progress, time left, the best trials so far, the latest, what waits."""
    return status_facts(workspace, study_at_hand(workspace, study))


def show_space(
    workspace: Workspace,
    model: Annotated[str | None, Field(description="left out: the study's models")] = None,
    param: Annotated[str | None, Field(description="only this one", max_length=100)] = None,
    study: StudyName = None,
) -> SpaceShown:
    """Show what can be tuned: each param's range as it is searched now, its default, and what it means."""
    chosen = study_at_hand(workspace, study) if study is not None else workspace.runner.current()
    with correctable():
        if model is not None:
            find_model(model)
        if chosen is None and model is None:
            raise ToolInputError(f"there is no study yet, so say of which model; the models are: {', '.join(MODELS)}")
    mine = {} if chosen is None else chosen.spaces()
    names = [model] if model is not None else list(mine)
    having = [name for name in names if param is None or param in _space(mine, name)]
    if not having:
        legal = "; ".join(f"{name}: {', '.join(_space(mine, name)) or 'no params'}" for name in names)
        raise ToolInputError(f"no param {quoted(param, 60)} here; the params are {legal}")
    return SpaceShown(
        study=chosen.title if chosen is not None and set(having) <= set(mine) else None,
        param=param,
        models={
            name: tuple(
                _param(name, key, _space(mine, name), is_short=len(having) > 1 and param is None)
                for key in _space(mine, name)
                if param in (None, key)
            )
            for name in having
        },
    )


def _space(mine: dict[str, SearchSpace], model: str) -> SearchSpace:
    return mine[model] if model in mine else MODELS[model].space


def _param(model: str, name: str, space: SearchSpace, *, is_short: bool) -> ParamShown:
    now = space[name]
    declared: Param = MODELS[model].space.get(name, now)
    words = PARAM_WORDS.get(name)
    return ParamShown(
        param=name,
        range=str(now),
        default=now.default,
        declared_default=None if declared.default == now.default else declared.default,
        declared=str(declared) if str(declared) != str(now) else None,
        is_fixed=now.is_fixed,
        is_held=now.held,
        when=None if now.when is None else f"{now.when.name} is {' or '.join(map(str, now.when.values))}",
        says=None if is_short or words is None else words.says,
    )
