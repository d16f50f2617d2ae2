"""How studies stand now, found once for all tabs: each listens, and many are open at the same time."""

import hashlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from agent.confirming.opening import outlook
from agent.studies.begun import Begun
from agent.studies.study_spec import StudyStatus
from agent.workspace import Workspace
from ui.views.status import Status, status_of

KEPT_S = 0.5  # a look of this age is shown to others too
MOST_KEPT = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """A study at one moment. A view of it is drawn again when `results` changes, a curve when `curves` does."""

    status: StudyStatus
    line: Status
    asks: bool  # a language model waits for an answer
    begun: Begun
    results: str
    curves: str
    news: str  # that `line` was made of


class Looks:
    """Those of one server; any thread may ask."""

    def __init__(self, workspace: Workspace, kept_s: float = 0.0, clock: Callable[[], float] = time.monotonic) -> None:
        """`kept_s`: how old a look may be, in seconds."""
        self._workspace = workspace
        self._kept_s = kept_s
        self._clock = clock
        self._found: dict[str, tuple[float, Look]] = {}  # by what the study is called, with the time
        self._home: tuple[float, tuple[str, ...], str] = (float("-inf"), (), "")
        self._lock = threading.Lock()

    def of(self, name: str) -> Look:
        """Raises agent.errors.UserError: there is no such study, or it cannot be read."""
        with self._lock:
            at, found = self._found.pop(name, (0.0, None))
            if found is None or self._is_old(at):
                at, found = self._clock(), self._at(name, found)
            self._found[name] = at, found  # the latest asked for last
            if len(self._found) > MOST_KEPT:
                del self._found[next(iter(self._found))]
            return found

    def names(self) -> tuple[str, ...]:
        """What all studies are called, the latest first."""
        return self._of_home()[1]

    def home(self) -> str:
        """Changes with what people did to studies, datasets and notes."""
        return self._of_home()[2]

    def _of_home(self) -> tuple[float, tuple[str, ...], str]:
        with self._lock:
            if self._is_old(self._home[0]):
                names = tuple(self._workspace.runner.names())
                news = hashlib.sha256(repr((names, self._workspace.ledger.acts.n_done())).encode()).hexdigest()[:12]
                self._home = self._clock(), names, news
            return self._home

    def _at(self, name: str, before: Look | None) -> Look:
        study = self._workspace.runner.peek(name)
        status, confirmations = study.status(), outlook(self._workspace, study.spec.name)
        last = confirmations.last
        confirmed = f"{last.number}/{len(last.runs)}/{last.is_done}/{confirmations.holder}" if last else ""
        pending = f"{status.pending.number}.{status.pending.mark}" if status.pending else None
        results = f"{study.title}/{status.state}/{status.n_finished}/{status.n_trials}/{pending}/{confirmed}"
        curves = f"{results}/{status.running}/{status.epoch}"
        news = f"{curves}/{len(study.log)}/{study.is_stopping}/{status.choosing is None}"
        is_same = before is not None and before.news == news  # an estimate asks the memory
        return Look(
            status=status,
            line=before.line if before is not None and is_same else status_of(self._workspace, study),
            asks=study.question is not None,
            begun=study.begun,
            results=results,
            curves=curves,
            news=news,
        )

    def _is_old(self, at: float) -> bool:
        return self._clock() - at >= self._kept_s
