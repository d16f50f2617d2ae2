"""One dataset: what it holds, how its columns were read and how to correct that, versions, and who can read it."""

from collections.abc import Mapping, Sequence
from pathlib import PurePath

from markupsafe import Markup

from agent.answers.data_asked import left_out
from agent.answers.data_kept import told_of_privacy
from agent.answers.data_told import versions
from agent.answers.wording import number, percent, sentence, unquoted
from agent.errors import UserError
from agent.results.data import DataTold
from agent.results.rows import Row
from agent.studies.study import Study
from recmodels.data.how_to_change import in_chat
from recmodels.data.stored_dataset import StoredDataset
from recmodels.data.versions import known
from ui.figures.picture import Picture
from ui.markup import template
from ui.views.asked import Asked
from ui.views.bars import drawn
from ui.views.data_shape import Bars, Shape, shape_of
from ui.views.datasets import BUILT_IN, added_at, span_words, studies_by_data
from ui.views.when import ago

CHECK = "check this: "  # what a note begins with that a person should look at
WORDS = {
    "user": "who",
    "item": "what was taken",
    "weight": "rating, count or amount",
    "time": "when",
    "order": "what comes first",
}
MOST_NOTES, MOST_STUDIES = 40, 10
NO_TIMES = "no times, so nothing is known of what came first"
LEAST_PX, GAP_PX = 310, 24  # of a figure, and between two


def view(asked: Asked) -> Markup:
    """The dataset of that name.

    Raises:
        UserError: There is none, or it was not made yet; recmodels.errors.DataError: it is damaged.
    """
    workspace, name = asked.workspace, asked.option("of")
    catalogue = workspace.catalogue
    key = catalogue.key_of(name)
    if key is not None and not (catalogue.folder / key).exists():
        raise UserError(
            f"The dataset {name} is built in and is made at its first use; say “describe the dataset {name}”."
        )
    stored = known(catalogue, name)
    shape = shape_of(stored)
    notes = [in_chat(note) for note in stored.notes[:MOST_NOTES]]
    base = "" if stored.derived is None else catalogue.called(stored.derived.base) or stored.derived.base
    settings = workspace.settings_of(asked.chat)
    return Markup(  # noqa: S704  jinja escapes what it shows
        template("views/dataset.html.j2").render(
            name=stored.name,
            is_built_in=stored.source == BUILT_IN,
            source=PurePath(stored.source).name,
            added=ago(added_at(stored)),
            base=base,
            made_of="" if stored.derived is None else stored.derived.in_words(base),
            facts=_facts(stored, shape),
            figures=_figures(shape, asked.width),
            ratings=[(_range(one.low, one.high), one.n, one.share) for one in shape.ratings.rows],
            rating_column=unquoted(shape.ratings.column or ""),
            roles=_roles(stored),
            corrects=_corrections(stored),
            shape=shape,
            hashed=stored.choices.hashed,
            choices=stored.choices.in_words(),
            warnings=[sentence(note.removeprefix(CHECK)) for note in notes if note.startswith(CHECK)],
            notes=[sentence(note) for note in notes if not note.startswith(CHECK)],
            sample=[_sample(row) for row in shape.sample],
            has=_has(shape.sample),
            versions=_told(versions(catalogue, stored)),
            privacy=_told(told_of_privacy(catalogue, settings, stored, None)),
            studies=[*_studies(asked, stored)],
        )
    )


def _facts(stored: StoredDataset, shape: Shape) -> Mapping[str, str]:
    """The profile in plain words."""
    p, users, items = stored.profile, shape.users, shape.items
    left = left_out(stored)
    span = span_words(float(p.get("time_span_days", 0.0)))
    n_users, n_items = number(int(p["n_users"])), number(int(p["n_items"]))
    top, cold = percent(p["popularity_top20_share"]), percent(p["cold_item_share"])
    found = {
        "Rows": number(int(p["n_interactions"])),
        "Users": f"{n_users}, with {number(users.median)} rows in the median and {number(users.most)} at most",
        "Items": f"{n_items}, taken {number(items.median)} times in the median and {number(items.most)} at most",
        "Filled": f"{percent(p['density'])} of all pairs of a user and an item",
        "Popularity": f"the most popular 20 % of items hold {top} of the rows; {cold} of items have fewer than 5",
        "Time": f"{shape.first} to {shape.last} UTC, {span}" if shape.first else NO_TIMES,
        "Likes": shape.likes or "no ratings: every row counts as a like",
        "Again": shape.repeats,
        "Left out": f"{number(left.n_left_out)} rows of the file, for the reasons noted below"
        if left.n_left_out
        else "",
    }
    return {name: value for name, value in found.items() if value}


def _figures(shape: Shape, width: int) -> list[Picture]:
    every = (
        ("Rows over time", shape.over_time, "rows"),
        ("How long histories are", shape.by_user, "users"),
        ("How often items are taken", shape.by_item, "items"),
    )
    columns = 1 if width < 2 * LEAST_PX else 2 if width < 3 * LEAST_PX else 3
    each = (width - (columns - 1) * GAP_PX) // columns
    return [
        drawn(title, bars, of, each) for title, bars, of in every if isinstance(bars, Bars) and len(bars.counts) > 1
    ]


def _range(low: float, high: float) -> str:
    return f"{low:g}" if low == high else f"{low:g} to {high:g}"


def _roles(stored: StoredDataset) -> list[dict[str, str]]:
    """Each role with its column, and the sentence that gives it to another one."""
    return [
        {
            "role": role,
            "means": WORDS.get(role, ""),
            "column": column,
            "draft": f"the {'rating' if role == 'weight' else role} in {stored.name} is " if role in WORDS else "",
        }
        for role, column in stored.columns.items()
    ]


def _corrections(stored: StoredDataset) -> dict[str, str]:
    """What else of the reading can be changed by a sentence → that sentence; empty where its file is not read again."""
    if stored.derived is not None or stored.source in ("", BUILT_IN, "unknown"):
        return {}
    name = stored.name
    found = {"leave a column out": f"re-read {name}, ignore the column "}
    if "time" not in stored.columns:
        found["a column of times"] = f"the time in {name} is "
    if "weight" in stored.columns:
        found["there is no rating"] = f"there is no rating in {name}"
    else:
        found["a column of ratings"] = f"the rating in {name} is "
    found["day before month"] = f"re-read {name} with dates=day-first"
    if "user" not in stored.choices.hashed:
        found["hash the user ids"] = f"read {name} again with hashed ids"
    return found


def _sample(row: Row) -> dict[str, object]:
    """A row as the table shows it."""
    return {
        "user": unquoted(row.user),
        "item": unquoted(row.item),
        "text": unquoted(row.text),
        "weight": "" if row.weight is None else number(row.weight),
        "time": "" if row.time is None else row.time,
    }


def _has(rows: Sequence[Row]) -> dict[str, bool]:
    return {name: any(getattr(row, name) is not None for row in rows) for name in ("text", "weight", "time")}


def _told(found: DataTold) -> dict[str, object]:
    return {"lead": unquoted(found.lead), "sentences": [unquoted(one) for one in found.sentences]}


def _studies(asked: Asked, stored: StoredDataset) -> list[dict[str, str]]:
    found = []
    for title in studies_by_data(asked.workspace).get(stored.key, ())[:MOST_STUDIES]:
        study: Study = asked.workspace.runner.peek(title)
        best = study.best()
        reached = "no result yet" if best is None else f"best {study.spec.goal.primary.metric} {number(best.value)}"
        found.append({"title": study.title, "state": study.state, "says": f"{', '.join(study.spec.models)}; {reached}"})
    return found
