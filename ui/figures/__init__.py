"""Figures of a study, the same in the page, the report and `recpilot plot`: matplotlib's, as SVG.

    picture = KINDS["history"].draw(StudyData.of(study), {"errors": "on"}, width=480)
    picture.svg, picture.says, picture.table, picture.empty

One file a family of figures. matplotlib is imported when the first is drawn.
"""

from collections.abc import Mapping

from agent.errors import UserError
from agent.secrets import shown
from ui.figures import curves, edf, history, importance, parallel, pareto, slices, studies, timeline, two_params
from ui.figures.kind import Kind
from ui.figures.picture import Picture, Table
from ui.figures.study_data import StudyData

_ALL = (
    history.KIND,
    curves.KIND,
    importance.KIND,
    slices.KIND,
    parallel.KIND,
    two_params.CONTOUR,
    two_params.RANK,
    pareto.KIND,
    edf.KIND,
    timeline.KIND,
    studies.KIND,
)
KINDS: Mapping[str, Kind] = {kind.name: kind for kind in _ALL}
"""By name, in the order in which people read them."""

__all__ = ["KINDS", "Kind", "Picture", "StudyData", "Table", "kind_of"]


def kind_of(name: str) -> Kind:
    """The kind of that name.

    Raises:
        UserError: There is none; the message names those that there are.
    """
    if name not in KINDS:
        raise UserError(shown(f"there is no figure {name!r}; the figures are {', '.join(KINDS)}"))
    return KINDS[name]
