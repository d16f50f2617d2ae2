"""A figure of a study as a file to take away."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from agent.errors import UserError
from agent.studies.study import Study
from agent.workspace import Workspace
from ui.figures.files import as_csv
from ui.views.plot import drawn

WIDTH = 900  # px
TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf", "csv": "text/csv"}


def plot_file(workspace: Workspace, study: Study, ending: str, options: Mapping[str, str]) -> bytes:
    """A figure as `ending`, a key of `TYPES`; as CSV the values that are drawn.

    Args:
        options: `kind`, and what is chosen of it, as the figure's own link gives them.

    Raises:
        UserError: There is no such kind, option or ending, or nothing to draw; the message says why.
    """
    if ending not in TYPES:
        raise UserError(f"a figure can be taken away as {', '.join(TYPES)}, got {ending[:20]!r}")
    picture = drawn(workspace, study, options, WIDTH)
    if picture.drawing is None:
        raise UserError(picture.empty)
    if ending == "csv":
        return as_csv(picture.table).encode()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"figure.{ending}"
        picture.drawing.save(path, picture.says, f"{study.title}: {picture.title}")
        return path.read_bytes()
