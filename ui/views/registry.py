"""Which views there are, and which one an address names."""

from markupsafe import Markup

from agent.errors import UserError
from ui.views import dataset, datasets, memory, settings, studies
from ui.views import help as help_
from ui.views.asked import Asked, View
from ui.views.compare import compare
from ui.views.overview import overview
from ui.views.plot import plot
from ui.views.trial import trial
from ui.views.trials import trials

VIEWS: dict[str, View] = {
    "overview": overview,
    "trials": trials,
    "trial": trial,
    "plot": plot,
    "compare": compare,
    "memory": memory.view,
    "datasets": datasets.view,
    "dataset": dataset.view,
    "studies": studies.view,
    "settings": settings.view,
    "help": help_.view,
}


def shown(at: str, asked: Asked) -> Markup:
    """The view that `at` names: `overview`, or `trial/3`, whose second part the view finds as the option `of`.

    Raises:
        agent.errors.UserError: There is no such view, or nothing that it could show.
    """
    name, _, of = at.partition("/")
    view = VIEWS.get(name)
    if view is None:
        raise UserError(f"There is no view {name[:40]!r}; there are: {', '.join(VIEWS)}.")
    return view(asked.of("of", of) if of else asked)
