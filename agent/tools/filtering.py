"""The tool that keeps a part of a dataset as a new version of it; the dataset itself never changes."""

from typing import Annotated

from pydantic import Field

from agent.results.data import DatasetAdded
from agent.results.result import extended
from agent.tools.checking import acts_now, is_checking
from agent.tools.data import described, nameable, of_version
from agent.tools.making import correctable
from agent.tools.studies_at_hand import known_dataset, logged
from agent.understanding.asking.prospect import Prospect
from agent.workspace import Workspace
from recmodels.data.filtering import Filter
from recmodels.data.versions import keep_filtered, next_version, part_counted


def filter_dataset(
    workspace: Workspace,
    dataset: Annotated[str, Field(description="a name from list_datasets", max_length=100)],
    min_weight: Annotated[float | None, Field(description="the least rating, or weight, that is kept")] = None,
    since: Annotated[str | None, Field(description="from this day on, 2024-01-31", max_length=40)] = None,
    until: Annotated[str | None, Field(description="to this day, included", max_length=40)] = None,
    where: Annotated[
        list[str] | None,
        Field(description='columns the dataset keeps: "genre=Comedy", "weight!=1", "age>=30"; all hold', max_length=20),
    ] = None,
    without_bots: Annotated[bool, Field(description="leave out users that look like programs")] = False,
    max_user_events: Annotated[int | None, Field(description="users with more are left out")] = None,
    min_user_events: Annotated[int | None, Field(description="users with fewer are left out")] = None,
    min_item_events: Annotated[int | None, Field(description="items with fewer are left out")] = None,
    name: Annotated[str | None, Field(description="what to call it; left out: shop-v2, …", max_length=100)] = None,
) -> DatasetAdded:
    """Keep a part of a dataset as a new version of it, with what was left out in numbers; the dataset stays as it is.

    Only with what the person said. Columns of the file that the dataset does not keep are no conditions here.
    """
    base = workspace.catalogue.get(known_dataset(workspace, dataset))
    with correctable():
        kept = Filter(
            min_weight=min_weight,
            since=since,
            until=until,
            where=tuple(where or ()),
            without_bots=without_bots,
            max_user_events=max_user_events,
            min_user_events=min_user_events,
            min_item_events=min_item_events,
        )
        _, title = next_version(workspace.catalogue, base, nameable(name))
    workspace.runner.room.check_data(sum(file.stat().st_size for file in base.folder.iterdir()))
    if is_checking():
        with correctable():
            left, there = part_counted(workspace.catalogue, base.name, kept)
        acts_now(Prospect(runs={"name": title}, there=there or "", notes=(f"That keeps {left}.",)))
    known = set(workspace.catalogue.names())
    with correctable(), logged(workspace, "filter_dataset") as entry:
        made = keep_filtered(workspace.catalogue, base.name, kept, name)
        entry.before, entry.says = {"dataset": made.key}, f"dataset {made.name} was made of {base.name}"
        entry.is_kept = made.name not in known
    return extended(DatasetAdded, described(made), added=True, **of_version(workspace, made, base))
