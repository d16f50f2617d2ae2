"""Studies in the background: one at a time on a device, their events kept and replayable.

runner = StudyRunner(ledger=Ledger(url), catalogue=Catalogue(folder), executor=LocalExecutor(), checkpoints=folder)
study = runner.start(StudySpec.create(dataset="demo", models=["sasrec"], n_trials=6))
for event in runner.subscribe(study.spec.name):
    ...
"""

import itertools
import logging
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from agent.advisor.rules import Rule
from agent.deciding.decision import Deciding
from agent.errors import USER_ERRORS, UserError
from agent.events import Event, StudyNoted
from agent.executor import Executor
from agent.limits import NO_LIMITS, Limits
from agent.standing import counted
from agent.studies import preconditions
from agent.studies.asked_trials import check_tries
from agent.studies.at_hand import hand
from agent.studies.begun import Begun
from agent.studies.bounds_of_notes import Bounded, bounded
from agent.studies.known_baselines import known_baselines
from agent.studies.ledger import Ledger
from agent.studies.left_behind import Left
from agent.studies.naming import NameTaken
from agent.studies.room import Room
from agent.studies.study import Study
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import Place
from recmodels.command import check_device
from recmodels.data.catalogue import Catalogue
from recmodels.data.categories import item_categories
from recmodels.data.stored_dataset import StoredDataset
from recmodels.errors import DataError, SetupError
from recmodels.models.spaces import RERANKERS
from recmodels.positive import EVERY

if TYPE_CHECKING:
    from memory.store import TrialMemory

_log = logging.getLogger(__name__)
Action = Literal["pause", "resume", "stop"]


class Job(Protocol):
    """What waits for the thread that works: a study, or what is done with one."""

    @property
    def name(self) -> str: ...

    def work(self) -> None:
        """To its end, in the calling thread."""

    def interrupt(self) -> None:
        """The program ends: give up what runs, so that it can be resumed."""


class StudyJob(Job, Protocol):
    """What is done with a study that has ended."""

    @property
    def study(self) -> str:
        """Its name."""

    @property
    def is_over(self) -> bool:
        """Whether it has worked, to its end or not."""


class StudyRunner:
    """Starts, opens and steers the studies of one ledger, on one device."""

    def __init__(
        self,
        *,
        ledger: Ledger,
        catalogue: Catalogue,
        executor: Executor,
        checkpoints: Path,
        memory: "TrialMemory | None" = None,
        decider: Deciding | None = None,
        device: str = "auto",
        n_threads: int | None = None,
        measures_baselines: bool = False,
        answer_wait_s: float = 0.0,
        limits: Limits = NO_LIMITS,
        rules: Callable[[], Sequence[Rule]] = tuple,
    ) -> None:
        """`decider` serves the studies whose spec names a language model; the others are the advisor's alone.

        Args:
            rules: What the advisor heeds; asked when a study begins and when this process first works on it.
        """
        self._ledger = ledger
        self._catalogue = catalogue
        self._executor = executor
        self._checkpoints = checkpoints
        self._memory = memory
        self._decider = decider
        self._device = device
        self._n_threads = n_threads
        self._measures_baselines = measures_baselines
        self._answer_wait_s = answer_wait_s
        self._rules = rules
        self.room = Room(limits=limits, folders=(checkpoints, catalogue.folder), n_at_work=lambda: len(self.at_work()))
        self._jobs: list[StudyJob] = []
        self._studies: dict[str, Study] = {}
        self._latest: str | None = None
        self._lock = threading.RLock()
        self._waiting: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def start(self, spec: StudySpec) -> Study:
        """Create the study and run it in the background; `queued` while another one works.

        Raises:
            UserError: The name is taken, or the study would go beyond the limits.
            recmodels.errors.DataError: There is no such dataset, or it lacks what a model needs.
        """
        self.room.check_new(spec)
        study = self.create(spec)
        self._schedule(study)
        return study

    def create(self, spec: StudySpec) -> Study:
        """Create the study without running it, for a caller that iterates `study.run()` itself.

        A spec without a name takes the dataset's and a number.

        Raises:
            SetupError: The person's rules are wrong.
            recmodels.errors.ParamError, recmodels.errors.SetupError: There is no such device.
            UserError: The name is taken, or weights or memories of a study that the ledger does not know have it.
            recmodels.errors.DataError: There is no such dataset, or it lacks what a model needs.
        """
        check_device(self._device)
        stored = self._catalogue.get(spec.dataset)
        preconditions.check(spec, stored)
        self._check_rules(spec)
        spec = replace(spec, dataset=stored.key, rerankers=_rerankers(spec, stored), positive=_positive(spec, stored))
        repeats = preconditions.repeat_choice(spec, stored)
        spec = replace(spec, repeats=repeats.kind, repeats_says=repeats.says)
        if spec.outcomes is not None:
            spec = replace(spec, outcomes=preconditions.known_outcomes(spec.outcomes, stored))
        check_tries(spec)
        found = self.bounded(spec)
        spec = found.spec
        left = Left(self._checkpoints, self._ledger, self._memory)
        if spec.name:
            left.check(spec.name)
        free = (name for name in self._free_names(stored.name) if not left.by(name))
        while True:
            name = spec.name or next(free)
            try:
                self._ledger.create(replace(spec, name=name), stored.profile, Begun.here(stored.fingerprint or None))
                return self._told(self.open(name), found)
            except NameTaken:
                if spec.name:
                    raise

    def bounded(self, spec: StudySpec) -> Bounded:
        """The spec with the space that the person's confirmed notes leave of it, and what is said of that."""
        try:
            notes = [] if self._memory is None else self._memory.lessons("bound")
        except Exception as error:  # noqa: BLE001 - told; the person may begin again once it can be read
            return Bounded(spec=spec, says=(f"the memory cannot be read ({error}), so no note of yours narrows this",))
        return bounded(spec, notes)

    def _told(self, study: Study, found: Bounded) -> Study:
        """The study that was made, with what notes left of its space."""
        for text in found.says:
            study.log.append(StudyNoted(study=study.name, text=text))
        used = [replace(note, weighed_in=(*note.weighed_in, study.name)) for note in found.lessons]
        if used and self._memory is not None:
            with suppress(*USER_ERRORS):  # that it was used is told to the list of lessons alone
                self._memory.remember(*used)
        return study

    def check(self, spec: StudySpec) -> None:
        """Raises recmodels.errors.DataError or UserError: a study like that cannot have a result, or may not begin."""
        check_device(self._device)
        stored = self._catalogue.get(spec.dataset)
        preconditions.check(spec, stored)
        self._check_rules(spec)
        check_tries(replace(spec, rerankers=_rerankers(spec, stored)) if spec.tries else spec)
        self.room.check_new(spec)

    def _check_rules(self, spec: StudySpec) -> None:
        if spec.uses_rules:
            self._rules()

    def check_deletable(self, name: str) -> None:
        """Raises UserError: there is no such study, or it is worked on or being confirmed."""
        study = self.peek(name)
        if self.job_of(study.name) is not None:
            raise UserError(f"study {study.title!r} is being confirmed; stop that first")
        study.check_idle()

    def open(self, name: str) -> Study:
        """The study as it stands, by what it is or was called; one that was running at a crash shows as stopped.

        Raises:
            UserError: There is no such study.
        """
        with self._lock:
            study = self._opened(name)
            self._latest = study.name
        if (mine := hand()) is not None:
            mine.study = study.name
        return study

    def _opened(self, name: str) -> Study:
        with self._lock:
            name = self._own_name(name)
            if name not in self._studies:
                ledger = self._ledger.open(name)
                place = Place(
                    executor=self._executor,
                    find_dataset=partial(self._folder, ledger.spec.dataset),
                    checkpoints=self._checkpoints,
                    device=self._device,
                    n_threads=self._n_threads,
                    measures_baselines=self._measures_baselines,
                    known_baselines=partial(known_baselines, self._ledger, ledger.profile),
                    answer_wait_s=self._answer_wait_s,
                    rules=self._rules,
                    room=self.room,
                )
                self._studies[name] = Study(ledger, place, self._memory, self._decider, self._schedule)
            return self._studies[name]

    def resume(self, name: str) -> Study:
        """Go on with a study in the background.

        Raises:
            UserError: It is finished, or another process works on it.
        """
        study = self.open(name)
        study.resume()
        return study

    def names(self) -> list[str]:
        """What all studies are called, the latest first."""
        return self._ledger.names()

    def called(self, name: str) -> str | None:
        """What a study is called now, by that or by its own name; None: there is none in sight."""
        own = self._ledger.name_of(name)
        return None if own is None else self._ledger.title(own)

    def rename(self, name: str, title: str) -> Study:
        """Call a study otherwise from now on, also while it runs.

        Raises:
            UserError: There is no such study, or the title cannot be one or is taken.
        """
        study = self.open(name)
        self._ledger.rename(study.name, title)
        return study

    def delete(self, name: str, *, forgets: bool = False) -> str:
        """Take a study out of sight, which `restore` takes back; returns its own name. Nothing of it is erased.

        Args:
            forgets: The memory loses its trials too.

        Raises:
            UserError: There is no such study, or this or another process works on it.
        """
        self.check_deletable(name)
        study = self.peek(name)
        study.aside(lambda: self._ledger.hide(study.name, forgets=forgets))
        with self._lock:
            self._studies.pop(study.name, None)
            self._latest = None if self._latest == study.name else self._latest
        if (mine := hand()) is not None and mine.study == study.name:
            mine.study = None
        if forgets and self._memory is not None:
            for record in study.records():
                self._memory.forget(record.id)
        return study.name

    def restore(self, name: str) -> Study:
        """Bring a deleted study back, its trials in the memory too.

        Args:
            name: Its own.
        """
        self._ledger.show(name)
        study = self.open(name)
        if self._memory is not None:
            self._memory.remember(*counted(study.records()))
        return study

    def _own_name(self, called: str) -> str:
        """Raises UserError: no study in sight is called so."""
        name = self._ledger.name_of(called)
        if name is None:
            self._ledger.refuse(called)
        return name

    def current(self) -> Study | None:
        """The study at hand in this turn of a chat, else the one touched last, else the latest that can be read."""
        mine = hand()
        touched = (mine.study if mine else None) or self._latest
        for name in [touched] if touched else self.names():
            try:
                return self.open(name)
            except USER_ERRORS as error:  # it is damaged, or of a newer version
                _log.warning("%s", error)
        return None

    def latest_of(self, person: str) -> str | None:
        """What the study is called that a person began last, one that is worked on before the others."""
        begun = self._ledger.begun()
        own = [name for name in self.names() if begun.get(name, Begun()).person == person]
        return next((study.title for study in self.at_work() if study.title in own), next(iter(own), None))

    def begun_in(self, chat: str) -> tuple[str, ...]:
        """What the studies are called that were begun in a chat, the latest first."""
        begun = self._ledger.begun()
        return tuple(name for name in self.names() if begun.get(name, Begun()).chat == chat)

    def at_work(self) -> list[Study]:
        """The studies that this process works on or is about to, the one that works first."""
        with self._lock:
            studies = list(self._studies.values()) if self._thread is not None else []
        return sorted((study for study in studies if study.is_at_work), key=lambda study: study.state == "queued")

    def working(self) -> Study | None:
        """The study that this process works on or is about to, if any; one of another process is not it."""
        return next(iter(self.at_work()), None)

    def events(self, name: str, after: int = 0) -> list[Event]:
        """What has happened since the first `after` events."""
        return self.peek(name).log.events(after)

    def subscribe(self, name: str, after: int = 0) -> Iterator[Event]:
        """Events as they happen, until the study has finished, stopped or failed; it waits while the study does."""
        study = self.peek(name)
        return study.log.follow(after, lambda: study.is_over)

    def control(self, name: str, action: Action) -> Study:
        """Pause, resume or stop a study.

        Raises:
            UserError: It cannot be, in the state that it is in.
        """
        study = self.open(name)
        steps: dict[str, Callable[[], None]] = {"pause": study.pause, "resume": study.resume, "stop": study.stop}
        if action not in steps:
            raise UserError(f"a study can be told to {', '.join(steps)}; got {action!r}")
        steps[action]()
        return study

    def shutdown(self) -> None:
        """End the running trial as interrupted, so that a resume runs it again; nothing that waits begins any more."""
        with self._lock:
            thread, self._thread = self._thread, None
            waiting, self._waiting = self._waiting, queue.SimpleQueue()
            jobs: list[Job] = [*self._studies.values(), *self._jobs]
        while not waiting.empty():
            with suppress(queue.Empty):
                waiting.get_nowait()
        waiting.put(None)
        for job in jobs:
            job.interrupt()
        self._executor.close()
        if thread is not None:
            thread.join()

    def peek(self, name: str) -> Study:
        """Open without making it the current one."""
        with self._lock:
            study = self._opened(name)
            self._latest = self._latest or name
            return study

    def _folder(self, dataset: str) -> Path:
        try:
            return self._catalogue.get(dataset).folder
        except DataError as error:
            raise SetupError(f"the study's data cannot be used: {error}") from error

    def _free_names(self, dataset: str) -> Iterator[str]:
        """Names that were free at this moment, the lowest number first; another process may be quicker."""
        taken = self._ledger.taken()
        return (name for i in itertools.count(1) if (name := f"{dataset}-{i}") not in taken)

    def _schedule(self, study: Study) -> None:
        """Queue a study for the thread that works, which starts on first use."""
        study.enqueue()
        self._queue(study)

    def run_in_background(self, job: "StudyJob") -> None:
        """Queue a job behind the studies that wait; `shutdown` interrupts it."""
        with self._lock:
            self._jobs = [*(one for one in self._jobs if not one.is_over), job]
        self._queue(job)

    def job_of(self, study: str) -> "StudyJob | None":
        """What this process does with a study that has ended, or will in turn."""
        with self._lock:
            return next((job for job in reversed(self._jobs) if job.study == study and not job.is_over), None)

    def _queue(self, job: "Job") -> None:
        with self._lock:
            self._waiting.put(job)
            if self._thread is None:
                arguments = (self._waiting,)
                self._thread = threading.Thread(target=self._work, args=arguments, name="studies", daemon=True)
                self._thread.start()

    @staticmethod
    def _work(waiting: "queue.SimpleQueue[Job | None]") -> None:
        while (job := waiting.get()) is not None:
            try:
                job.work()
            except Exception:  # noqa: BLE001 - a bug ends its study, not the ones that wait
                _log.exception("%s broke", job.name)  # a study's state says failed and why


def _rerankers(spec: StudySpec, stored: StoredDataset) -> tuple[str, ...]:
    """Ways to reorder the lists, where the goal is more than relevance; without categories only by chance."""
    if not spec.goal.trades_accuracy:
        return ()
    return RERANKERS if item_categories(stored.load()) is not None else ("gumbel",)


def _positive(spec: StudySpec, stored: StoredDataset) -> str:
    """What counts as a like, settled once: a study keeps to it whatever the default is later."""
    if spec.positive is not None or not stored.profile.get("has_weights", 1.0):
        return spec.positive or EVERY.to_text()
    from recmodels.data.likes import default_rule

    return default_rule(stored.load()).to_text()
