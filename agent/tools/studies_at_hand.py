"""Which study, model and dataset a tool is about: the one that was named, else the one at hand."""

import difflib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Annotated, Any

from pydantic import Field

from agent.answers.facts import quoted
from agent.errors import USER_ERRORS, ToolInputError, UserError
from agent.studies.acts_log import Entry
from agent.studies.at_hand import hand
from agent.studies.study import Study
from agent.tools.authorship import is_made_by_model
from agent.tools.checking import acts_now, is_checking
from agent.tools.making import correctable
from agent.workspace import Workspace
from recmodels.data.stored_dataset import StoredDataset
from recmodels.models import MODELS

StudyName = Annotated[str | None, Field(description="a study's name; left out: the study at hand", max_length=100)]
DatasetName = Annotated[
    str | None, Field(description="a name from list_datasets; left out: the study's", max_length=100)
]


def study_at_hand(workspace: Workspace, study: str | None = None) -> Study:
    """The study of that name, which is at hand from then on; without a name, the one at hand.

    A language model only looks at the study that it names: which one is at hand is the person's to say.

    Raises:
        ToolInputError: There is none of that name; the text names those that are.
        UserError: There is no study yet, or the one at hand was deleted.
    """
    if is_checking():
        return study_read(workspace, study).only_checked()
    if study is not None and not is_made_by_model():
        with correctable():
            return workspace.runner.open(study)
    return study_read(workspace, study)


def study_read(workspace: Workspace, study: str | None = None) -> Study:
    """As `study_at_hand`; what is named is not taken to hand: for a question that compares it with the one at hand."""
    if study is not None:
        with correctable():
            return workspace.runner.peek(study)
    found = workspace.runner.current()
    if found is None and (mine := hand()) is not None and mine.study is not None:
        return workspace.runner.open(mine.study)  # which says why it cannot be
    if found is None:
        raise UserError("there is no study yet; say, for example, `tune sasrec on the demo data`")
    return found


def readable_studies(workspace: Workspace) -> Iterator[Study]:
    """Those that can be read, the latest first."""
    for name in workspace.runner.names():
        with suppress(*USER_ERRORS):
            yield workspace.runner.peek(name)


def state_of(workspace: Workspace, study: Study) -> str:
    """The study's state; one whose turn comes at once is not queued behind anything."""
    state, working = study.state, workspace.runner.working()
    return "running" if state == "queued" and (working is None or working is study) else state


def model_with(study: Study, params: Mapping[str, Any] | None, model: str | None) -> str:
    """The model that the params belong to; with several that have them all, the best trial's.

    Raises:
        ToolInputError: No model of the study has them, several have, or the named model does not exist.
    """
    models = study.spec.models
    if model is not None:
        if model not in MODELS:
            raise ToolInputError(f"unknown model {quoted(model, 100)}; the models are: {', '.join(MODELS)}")
        return model
    having = [name for name in models if all(param in study.spec.space(name) for param in params or {})]
    best = study.best()
    if len(having) > 1 and best is not None and best.model in having and len(params or {}) > 0:
        return best.model
    if len(having) == 1:
        return having[0]
    legal = "; ".join(f"{name}: {', '.join(study.spec.space(name)) or 'no params'}" for name in models)
    problem = "say which model is meant" if having else "no model of the study has these params"
    raise ToolInputError(f"{problem}; the models and their params are {legal}")


def dataset_at_hand(workspace: Workspace, dataset: str | None = None, study: str | None = None) -> StoredDataset:
    """The dataset of that name, whatever its case; without one the study's, or the only one that there is.

    "demo" is made when it is first asked for.

    Raises:
        ToolInputError: There is none; the text names those that are, the nearest first.
    """
    if dataset is not None:
        return workspace.catalogue.get(known_dataset(workspace, dataset))
    found = study_at_hand(workspace, study) if study is not None else workspace.runner.current()
    if found is not None:
        return workspace.catalogue.get(found.spec.dataset)
    names = workspace.catalogue.names()
    if len(names) == 1:
        return workspace.catalogue.get(names[0])
    raise ToolInputError(f"say which dataset is meant; the datasets are: {', '.join(names)}")


def known_dataset(workspace: Workspace, name: str) -> str:
    """What the dataset is called that the person named, whatever its case, or called before it was renamed.

    Raises:
        ToolInputError: There is none; the text names those that are, the nearest first.
    """
    if (found := workspace.catalogue.called(name)) is not None:
        return found
    by_lower = {known.lower(): known for known in workspace.catalogue.names()}
    near = difflib.get_close_matches(name.strip().lower(), by_lower, n=3, cutoff=0.5)
    listed = ", ".join(dict.fromkeys([*(by_lower[key] for key in near), *by_lower.values()]))
    raise ToolInputError(f"there is no dataset {quoted(name, 100)}; the datasets are: {listed}")


@contextmanager
def logged(workspace: Workspace, tool: str, study: Study | None = None, **before: Any) -> Iterator[Entry]:
    """Log an act, so that `undo` can take it back; where the call is only checked, it ends before the act.

    Args:
        before: What taking it back needs, JSON-ready; the entry's `before` and `says` can be filled in inside.
    """
    acts_now()
    with _logged(workspace, tool, study, before) as entry:
        yield entry


@contextmanager
def steered(workspace: Workspace, tool: str, study: Study, **before: Any) -> Iterator[Entry]:
    """As `logged`, of an act that is nothing but commands to the study, which are checked first where they should be.

    Args:
        study: As `study_at_hand` gives it.
    """
    if is_checking():
        yield Entry(before=before)
        return
    with _logged(workspace, tool, study, before) as entry:
        yield entry


@contextmanager
def _logged(workspace: Workspace, tool: str, study: Study | None, before: dict[str, Any]) -> Iterator[Entry]:
    mine = hand()
    name = None if study is None else study.name
    with workspace.ledger.acts.act(tool, chat=mine.chat if mine else None, study=name, before=before) as entry:
        yield entry
