"""The tool that says what of the past weighed in on a study."""

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field

from agent.answers.status_facts import data_title
from agent.answers.weighed_in import shipped_histories, standing_of, weighed_in
from agent.errors import ToolInputError
from agent.results.weighed import DataTrusted, PastWeighed
from agent.tools.explaining import TrialNumber
from agent.tools.making import correctable
from agent.tools.remembering import lessons_in_order
from agent.tools.studies_at_hand import StudyName, known_dataset, study_read
from agent.workspace import Workspace
from memory.histories.files import shipped_datasets

About = Literal["all", "data", "rules", "notes", "shipped"]


def show_influence(
    workspace: Workspace,
    about: Annotated[About, Field(description="shipped: the histories that came with recpilot")] = "all",
    dataset: Annotated[str | None, Field(description="a past dataset, or a shipped history: how far it counts")] = None,
    trial: TrialNumber = None,
    study: StudyName = None,
) -> PastWeighed:
    """Say what of the past weighed in on a study's trials: past data with trust and likeness, rules, lessons, notes.

    It tells too what can be said of whether that helped.
    """
    if about == "shipped" and study is None and workspace.runner.current() is None:
        return PastWeighed(about=about, shipped=shipped_histories(None))
    chosen = study_read(workspace, study)
    profiles = {stored.key: stored.profile for stored in workspace.catalogue.all(only_there=True)[0]}
    with correctable():
        if trial is not None and trial not in [record.number for record in chosen.records()]:
            raise ToolInputError(f"{chosen.title} has no finished trial {trial}")
        found = weighed_in(chosen, lessons_in_order(workspace), profiles, trial)
    found = replace(found, about=about, dataset=data_title(workspace, chosen.spec.dataset))
    if about == "shipped":
        found = replace(found, shipped=shipped_histories(chosen))
    if dataset is not None:
        of = standing_of(_key(workspace, dataset), found, chosen, profiles)
        found = replace(found, of=_titled(workspace, of))
    return replace(found, data=tuple(_titled(workspace, one) for one in found.data))


def _key(workspace: Workspace, dataset: str) -> str:
    """What trials know a dataset by: one of the person's, else a shipped history.

    Raises:
        ToolInputError: It is neither.
    """
    own, shipped = workspace.catalogue.key_of(dataset), shipped_datasets()
    if own is not None or dataset.lower() in shipped:
        return own or dataset.lower()
    try:
        known_dataset(workspace, dataset)
    except ToolInputError as error:
        raise ToolInputError(f"{error}; the histories that came with recpilot: {', '.join(shipped)}") from None
    return dataset


def _titled(workspace: Workspace, one: DataTrusted) -> DataTrusted:
    return one if one.is_shipped else replace(one, dataset=data_title(workspace, one.dataset))
