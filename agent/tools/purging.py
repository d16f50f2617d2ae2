"""The removal of a dataset that nothing brings back."""

from agent.errors import UserError
from agent.purge import purge, to_purge
from agent.results.data import DatasetRemoved
from agent.studies.study import Study
from agent.tools.checking import acts_now
from agent.tools.making import correctable
from agent.tools.studies_at_hand import logged, readable_studies
from agent.understanding.asking.prospect import Prospect
from agent.workspace import Workspace

_MAX_SHOWN = 10


def studies_on(workspace: Workspace, name: str) -> list[Study]:
    """The studies on a dataset that is to go.

    Raises:
        DataError: It is built in.
        UserError: One of them runs.
    """
    workspace.catalogue.check_removable(name)
    key = workspace.catalogue.key_of(name)
    on_it = [study for study in readable_studies(workspace) if study.spec.dataset == key]
    if running := next((study for study in on_it if study.state in ("queued", "running")), None):
        raise UserError(f"study {running.title} is {running.state} on {name}; stop it first")
    return on_it


def remove_for_good(workspace: Workspace, name: str | None) -> DatasetRemoved:
    """Delete a dataset, listed or removed before, with the copies of it; None: all that is kept of removed ones."""
    settings, catalogue = workspace.settings, workspace.catalogue
    with correctable():
        called = None if name is None else catalogue.called(name)
        on_it = [] if called is None else studies_on(workspace, called)
        what = to_purge(settings, catalogue, name)
    if not (what.asides or what.copies or what.stored):
        raise UserError("nothing is kept of removed datasets, so there is nothing to delete")
    shown, in_short = what.in_words(), what.in_short()
    acts_now(Prospect(notes=(f"This deletes {'; '.join(shown[:_MAX_SHOWN])}: {in_short}.",)))
    key = what.stored.key if what.stored else name
    with correctable(), logged(workspace, "remove_dataset", dataset=key, for_good=True) as entry:
        if what.stored is not None:
            catalogue.set_aside(what.stored.name)
            what = to_purge(settings, catalogue, what.stored.key)
        purge(what)
        were = "was" if len(shown) == 1 else "were"
        entry.says = f"{in_short.rpartition(',')[0]} {were} deleted for good"
    return DatasetRemoved(dataset=called or name, n_studies=len(on_it), kept_in="", deleted=in_short)
