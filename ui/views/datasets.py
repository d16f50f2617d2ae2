"""The datasets of the home: how large, from when, made of what, and which studies used them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from markupsafe import Markup

from agent.errors import USER_ERRORS
from agent.workspace import Workspace
from recmodels.data.set_aside import all_aside
from recmodels.data.stored_dataset import StoredDataset
from ui.markup import template
from ui.views.asked import Asked
from ui.views.when import ago

BUILT_IN = "built in"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A dataset of the list."""

    name: str
    version: int
    made_of: str  # what it comes from, where that is another dataset
    rows: int
    users: int
    items: int
    days: float
    span: str
    added: str
    at: str
    studies: tuple[str, ...]
    is_built_in: bool


def view(asked: Asked) -> Markup:
    """The list, by name."""
    workspace = asked.workspace
    found, damaged = workspace.catalogue.all(only_there=True)
    used = studies_by_data(workspace)
    names = {one.name for one in found} | set(damaged)
    return Markup(  # noqa: S704  jinja escapes what it shows
        template("views/datasets.html.j2").render(
            rows=[_row(one, workspace, used) for one in found],
            damaged=damaged,
            unmade=[name for name in workspace.catalogue.names() if name not in names],
            aside=list(dict.fromkeys(one.name for one in all_aside(workspace.catalogue.folder))),
        )
    )


def _row(stored: StoredDataset, workspace: Workspace, used: Mapping[str, tuple[str, ...]]) -> Row:
    profile, made, at = stored.profile, stored.derived, added_at(stored)
    days = float(profile.get("time_span_days", 0.0))
    return Row(
        name=stored.name,
        version=1 if made is None else made.version,
        made_of="" if made is None else made.in_words(workspace.catalogue.called(made.base) or ""),
        rows=int(profile.get("n_interactions", 0)),
        users=int(profile.get("n_users", 0)),
        items=int(profile.get("n_items", 0)),
        days=days,
        span=span_words(days) if profile.get("has_time") else "",
        added=ago(at),
        at=at,
        studies=used.get(stored.key, ()),
        is_built_in=stored.source == BUILT_IN,
    )


def studies_by_data(workspace: Workspace) -> dict[str, tuple[str, ...]]:
    """The titles of the studies on each dataset, the latest first, by the dataset's key."""
    found: dict[str, list[str]] = defaultdict(list)
    for title, dataset in _studies(workspace):
        found[dataset].append(title)
    return {dataset: tuple(titles) for dataset, titles in found.items()}


def _studies(workspace: Workspace) -> Iterator[tuple[str, str]]:
    for name in workspace.runner.names():
        try:
            study = workspace.runner.peek(name)
        except USER_ERRORS:
            continue
        yield study.title, study.spec.dataset


def added_at(stored: StoredDataset) -> str:
    """When it was read or made, ISO 8601; empty where that is not known."""
    if stored.derived is not None:
        return stored.derived.made_at
    try:
        first = min(file.stat().st_mtime for file in stored.folder.iterdir() if file.is_file())
    except (OSError, ValueError):
        return ""
    return datetime.fromtimestamp(first, UTC).isoformat(timespec="seconds")


def span_words(days: float) -> str:
    """`3 h`, `12 days`, `4.1 years`."""
    if days < 2:
        return f"{24 * days:.0f} h"
    return f"{days:,.0f} days" if days < 730 else f"{days / 365.25:.1f} years"
