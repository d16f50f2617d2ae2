"""Random commands, kills at any write and a process that looks on, over a real ledger: nothing is lost or doubled."""

import itertools
import math
import os
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, get_args

import pytest
import sqlalchemy
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from agent.errors import USER_ERRORS
from agent.events import StudyState
from agent.standing import counted
from agent.studies.ledger import Ledger
from agent.studies.ownership import Owner
from agent.studies.pages import StudyLedger
from agent.studies.study import Study
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import Place
from memory.record import TrialRecord
from recmodels.request import EpochReport, OnEpoch, TrainRequest, TrainResult

N_TRIALS = 3
N_EXAMPLES = int(os.environ.get("PROPERTY_EXAMPLES", "5"))
NUMBER = itertools.count()


class Died(SystemExit):
    """The process was killed; not an Exception, so that nothing tidies up after it."""


class Fragile(StudyLedger):
    """Pages of a process that dies before or after one of its writes, and writes nothing from then on."""

    dies_at: int | None = None
    is_dead = False

    def _write(self, write: Callable[..., Any], *args: Any) -> Any:
        self._tick()
        result = write(*args)
        self._tick()
        return result

    def _tick(self) -> None:
        if self.dies_at is not None:
            self.dies_at -= 1
            self.is_dead = self.is_dead or self.dies_at <= 0
        if self.is_dead:
            raise Died

    def start_trial(self, *args: Any) -> int:
        return int(self._write(super().start_trial, *args))

    def report(self, *args: Any) -> None:
        self._write(super().report, *args)

    def finish(self, *args: Any) -> TrialRecord:
        return self._write(super().finish, *args)  # type: ignore[no-any-return]

    def save_state(self, *args: Any) -> None:
        self._write(super().save_state, *args)

    def claim(self) -> None:
        self._write(super().claim)

    def release(self) -> None:
        self._write(super().release)

    def renew(self) -> bool:
        """The dead renew nothing, and do not hear that they lost the study."""
        return self.is_dead or super().renew()


class Steered:
    """An executor of two epochs, at each of which a person says what comes next in `says`."""

    def __init__(self) -> None:
        self.says: list[Callable[[], object]] = []

    def train(self, request: TrainRequest, on_epoch: OnEpoch) -> TrainResult:
        value = 1 / (1 + abs(math.log(float(request.params["learning_rate"]))))
        curve = []
        for epoch in (1, 2):
            if self.says:
                self.says.pop(0)()
            report = EpochReport(epoch=epoch, epochs=2, loss=None, value=value, metrics={}, elapsed_s=0.0)
            on_epoch(report)
            curve.append(report)
        metrics = {"valid_ndcg@10": value}
        how = {"cost": {}, "best_epoch": 2, "params": request.params, "split": "x", "checkpoint": None}
        return TrainResult(metrics=metrics, curve=tuple(curve), **how)  # type: ignore[arg-type]

    def close(self) -> None:
        """Nothing to end."""


COMMANDS: dict[str, Callable[[Study, float], object]] = {
    "pause": lambda study, x: study.pause(),
    "resume": lambda study, x: study.resume(),
    "stop": lambda study, x: study.stop(),
    "propose": lambda study, x: study.propose(),
    "run pending": lambda study, x: study.run_trial(),
    "run": lambda study, x: study.run_trial({"learning_rate": 1e-3 + x / 100}),
    "repeat": lambda study, x: study.repeat_trial(int(10 * x)),
    "narrow": lambda study, x: study.narrow(None, "dropout" if x > 0.9 else "learning_rate", high=0.05 + x / 25),
    "approve": lambda study, x: study.approve(),
    "reject": lambda study, x: study.reject("not so"),
    "extend": lambda study, x: study.extend(n_trials=N_TRIALS + int(2 * x)),
    "interrupt": lambda study, x: study.interrupt(),
}
SAID = st.tuples(st.sampled_from(sorted(COMMANDS)), st.floats(0, 0.99))


class StudyMachine(RuleBasedStateMachine):
    """One study, a process that works on it and dies, and another one that looks on and sometimes steers."""

    ledger: Ledger
    folder: Path

    @initialize(needs_approval=st.booleans())
    def begin(self, needs_approval: bool) -> None:
        self.name = f"s{next(NUMBER)}"
        self.ledger.create(
            StudySpec.create(
                dataset="tiny",
                models=["bpr_mf"],
                n_trials=N_TRIALS,
                name=self.name,
                sampler="random",
                needs_approval=needs_approval,
            ),
            {},
        )
        self.executor = Steered()
        self.known: dict[int, str] = {}
        self.n_asked_for = 0
        self.open()
        self.onlooker, _ = self._study()

    def _study(self) -> tuple[Study, Fragile]:
        """Opened by a process of another machine, which lives as long as it is heard of."""
        read = self.ledger.open(self.name)
        study_id = self.ledger.storage.get_study_id_from_name(self.name)
        owner = Owner(host="elsewhere", pid=next(NUMBER))
        pages = Fragile(self.ledger.storage, study_id, read.spec, read.profile, owner)
        place = Place(executor=self.executor, find_dataset=lambda: self.folder, checkpoints=self.folder)  # type: ignore[arg-type]
        return Study(pages, place), pages

    def open(self) -> None:
        self.study, self.pages = self._study()

    def bury(self) -> None:
        """The dead process is not heard of for longer than anyone waits, and the program starts again."""
        with self.ledger.storage.engine.begin() as connection:
            connection.execute(sqlalchemy.text("UPDATE recpilot_claims SET beat = 0"))
        self.executor.says = []
        self.open()

    def say(self, study: Study, said: tuple[str, float]) -> None:
        """Every command is answered, or refused in one sentence."""
        name, x = said
        try:
            COMMANDS[name](study, x)
        except USER_ERRORS as error:
            assert str(error) and "\n" not in str(error)
        else:
            self.n_asked_for += name in ("run", "run pending", "repeat", "approve")

    @rule(said=SAID)
    def steer(self, said: tuple[str, float]) -> None:
        self.say(self.study, said)

    @rule(said=SAID)
    def steer_from_elsewhere(self, said: tuple[str, float]) -> None:
        self.say(self.onlooker, said)

    @rule(n=st.integers(1, 3), says=st.lists(SAID, max_size=3), dies_at=st.none() | st.integers(1, 45))
    def work(self, n: int, says: list[tuple[str, float]], dies_at: int | None) -> None:
        self.executor.says = [lambda said=said: self.say(self.study, said) for said in says]  # type: ignore[misc]
        self.pages.dies_at = dies_at
        try:
            self.study.enqueue()
            self.study.work(n)
        except USER_ERRORS:
            pass
        except Died:
            self.bury()
        self.pages.dies_at = None
        self.executor.says = []

    @precondition(lambda self: not self.study.is_at_work)
    @rule()
    def restart(self) -> None:
        self.open()

    @invariant()
    def no_finished_trial_is_lost_or_changed(self) -> None:
        now = {record.number: repr(record) for record in self.ledger.open(self.name).records()}
        assert self.known.items() <= now.items()
        self.known = now

    @invariant()
    def no_trial_runs_twice_and_the_budget_is_kept(self) -> None:
        done = counted(self.ledger.open(self.name).records())
        times = Counter((record.seed, str(record.params)) for record in done)
        assert max(times.values(), default=1) == 1
        assert len(done) <= self.study.spec.n_trials + self.n_asked_for
        assert [record.state for record in done if record.reason is None] == ["complete"] * sum(
            record.reason is None for record in done
        )

    @invariant()
    def all_see_the_same(self) -> None:
        status = self.study.status()
        assert status.state in get_args(StudyState)
        assert status.running is None, "no one trains between the rules"
        assert self.onlooker.records() == self.study.records() == self.ledger.open(self.name).records()
        if not self.study.is_at_work:
            assert self.onlooker.status().state == status.state

    def teardown(self) -> None:
        """A study that nobody holds back can always be brought to its end."""
        self.bury()
        n_trials = self.study.status().n_finished + 2
        self.study.extend(n_trials=n_trials)
        self.study.resume()
        for _ in range(10):
            if self.study.state == "waiting":
                self.study.approve()
            self.study.enqueue()
            self.study.work()
            if self.study.state == "finished":
                break
        assert self.study.status().n_finished >= n_trials
        self.no_finished_trial_is_lost_or_changed()


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("property")


def test_a_study_survives_any_commands_and_kills(home: Path) -> None:
    StudyMachine.ledger, StudyMachine.folder = Ledger(f"sqlite:///{home / 'studies.db'}"), home
    how = settings(
        max_examples=N_EXAMPLES,
        stateful_step_count=8,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),  # what fails is short already, and shrinking it takes minutes
        database=None,
        derandomize="PROPERTY_EXAMPLES" not in os.environ,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(StudyMachine, settings=how)  # type: ignore[no-untyped-call]
    StudyMachine.ledger.close()
