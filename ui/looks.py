"""How studies look now, found once for all pages: each asks every second, and many are open at the same time."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

import plotly.graph_objects as go
from gradio.components.plot import PlotData

from agent.confirming.opening import Outlook, outlook
from agent.studies.study import Study
from agent.workspace import Workspace
from ui import panel

KEPT_S = 0.5  # a look of this age is shown to others too
MOST_KEPT = 64


class Shown:
    """What a panel shows of a study, drawn when it is first asked for."""

    def __init__(self, study: Study, confirmations: Outlook) -> None:
        self.study = study
        self._confirmations = confirmations

    @cached_property
    def values(self) -> PlotData | None:
        """Best so far."""
        return _drawn(panel.value_plot(self.study))

    @cached_property
    def curves(self) -> PlotData | None:
        return _drawn(panel.curve_plot(self.study))

    @cached_property
    def trials(self) -> list[list[str]]:
        return panel.trial_rows(self.study)

    @cached_property
    def standing(self) -> str:
        return panel.standing_card(self.study, self._confirmations)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A study at one moment; a part of its panel changes when the text of that name does."""

    card: str
    results: str
    curves: str
    confirmed: str
    shown: Shown

    @classmethod
    def at(cls, study: Study, confirmations: Outlook) -> "Look":
        """How it stands now."""
        status = study.status()
        results = f"{status.name}/{status.n_finished}"
        last = confirmations.last
        return cls(
            card=panel.status_card(status),
            results=results,
            curves=f"{results}/{status.running}/{status.epoch}",
            confirmed=f"{last.number}/{len(last.runs)}/{last.is_done}/{confirmations.holder}" if last else "",
            shown=Shown(study, confirmations),
        )

    def after(self, before: "Look") -> "Look":
        """With what was drawn already, where nothing of it changed."""
        mine, its = ((one.results, one.curves, one.confirmed) for one in (self, before))
        return replace(self, shown=before.shown) if mine == its else self


class Looks:
    """Those of one server; any thread may ask."""

    def __init__(self, workspace: Workspace, kept_s: float = 0.0, clock: Callable[[], float] = time.monotonic) -> None:
        """`kept_s`: how old a look may be, in seconds."""
        self._workspace = workspace
        self._kept_s = kept_s
        self._clock = clock
        self._found: dict[str, tuple[float, Look]] = {}  # by what the study is called, with the time
        self._latest: tuple[float, str | None] = (float("-inf"), None)
        self._lock = threading.Lock()

    def of(self, name: str) -> Look:
        """Raises agent.errors.UserError: there is no such study, or it cannot be read."""
        with self._lock:
            at, found = self._found.pop(name, (0.0, None))
            if found is None or self._is_old(at):
                before, study = found, self._workspace.runner.peek(name)
                at, found = self._clock(), Look.at(study, outlook(self._workspace, study.spec.name))
                found = found if before is None else found.after(before)
            self._found[name] = at, found  # the latest asked for last
            if len(self._found) > MOST_KEPT:
                del self._found[next(iter(self._found))]
            return found

    def latest(self) -> str | None:
        """What the latest study is called; None: there is none."""
        with self._lock:
            if self._is_old(self._latest[0]):
                self._latest = self._clock(), next(iter(self._workspace.runner.names()), None)
            return self._latest[1]

    def _is_old(self, at: float) -> bool:
        return self._clock() - at >= self._kept_s


def _drawn(figure: go.Figure | None) -> PlotData | None:
    """As the page gets it: written once, whoever looks at it."""
    return None if figure is None else PlotData(type="plotly", plot=figure.to_json())
