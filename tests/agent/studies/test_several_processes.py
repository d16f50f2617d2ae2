"""Several processes on one home: names are taken in one step, and what another process runs is shown as its."""

import itertools
import socket
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agent.errors import UserError
from agent.studies.ledger import Ledger
from agent.studies.naming import NameTaken, naming
from agent.studies.runner import StudyRunner
from agent.studies.study_spec import StudySpec

if TYPE_CHECKING:
    from conftest import Processes

SPEC = StudySpec.create(dataset="tiny", models=["ease"], n_trials=1)
CREATE = """
    from agent.executor import InProcessExecutor; from agent.studies.ledger import Ledger
    from agent.studies.runner import StudyRunner; from agent.studies.study_spec import StudySpec
    from recmodels.data.catalogue import Catalogue
    runner = StudyRunner(ledger=Ledger(url), catalogue=Catalogue(datasets), executor=InProcessExecutor(),
                         checkpoints=datasets)
    pipe.send("ready"); pipe.recv()
    for _ in range(2):
        pipe.send(runner.create(StudySpec.create(dataset="tiny", models=["ease"], n_trials=1)).name)
"""


def test_studies_that_begin_at_the_same_moment_each_get_a_name_of_their_own(
    make_runner: Callable[..., StudyRunner], ledger: Ledger, tmp_path: Path, processes: "Processes"
) -> None:
    make_runner()
    started = [processes.start(CREATE, url=ledger.url, datasets=tmp_path / "datasets") for _ in range(3)]
    for _, pipe in started:
        assert pipe.recv() == "ready"
    for _, pipe in started:
        pipe.send("go")
    names = [[pipe.recv() for _ in range(2)] for _, pipe in started]
    for process, _ in started:
        process.join()
        assert process.exitcode == 0
    assert sorted(itertools.chain(*names)) == sorted(f"tiny-{i}" for i in range(1, 7))
    assert sorted(ledger.names()) == sorted(itertools.chain(*names))


class Raced(Ledger):
    """Another process takes the name that was found free, just before it is taken here."""

    def create(self, spec, *others):  # type: ignore[no-untyped-def]
        if spec.name == "tiny-1" and "tiny-1" not in self.names():
            super().create(spec, *others)
        return super().create(spec, *others)


def test_a_name_nobody_gave_makes_way_and_one_that_was_given_is_refused(
    make_runner: Callable[..., StudyRunner], tmp_path: Path
) -> None:
    raced = Raced(f"sqlite:///{tmp_path / 'raced.db'}")
    runner = make_runner()
    runner._ledger = raced
    assert runner.create(SPEC).name == "tiny-2"
    with pytest.raises(NameTaken, match="there is already a study 'tiny-1'; choose another name, or resume it"):
        runner.create(StudySpec.create(dataset="tiny", models=["ease"], name="tiny-1"))
    raced.close()


def test_a_name_is_not_taken_while_another_process_gives_it(ledger: Ledger) -> None:
    engine = ledger.storage.engine
    with naming(engine, "s"):
        with pytest.raises(NameTaken):
            ledger.create(StudySpec.create(dataset="tiny", models=["ease"], name="s"), {})
        other = ledger.create(StudySpec.create(dataset="tiny", models=["ease"], name="other"), {})
        with pytest.raises(UserError, match="there is already a study 's'"):
            ledger.rename(other.spec.name, "s")
    assert ledger.create(StudySpec.create(dataset="tiny", models=["ease"], name="s"), {}).title == "s"


def test_a_process_that_died_while_it_gave_a_name_does_not_keep_it(ledger: Ledger, processes: "Processes") -> None:
    code = """
        import os, signal
        from agent.studies.ledger import Ledger; from agent.studies.naming import naming
        with naming(Ledger(url).storage.engine, "s"):
            os.kill(os.getpid(), signal.SIGKILL)
    """
    assert processes.run(code, url=ledger.url) < 0
    assert ledger.create(StudySpec.create(dataset="tiny", models=["ease"], name="s"), {}).title == "s"


RUN = """
    from agent.executor import InProcessExecutor; from agent.studies.ledger import Ledger
    from agent.studies.runner import StudyRunner; from agent.studies.study_spec import StudySpec
    from recmodels.data.catalogue import Catalogue
    from recmodels.request import EpochReport

    class Held(InProcessExecutor):
        def train(self, request, on_epoch=None):
            pipe.send("training"); pipe.recv()
            return super().train(request, on_epoch)

    runner = StudyRunner(ledger=Ledger(url), catalogue=Catalogue(datasets), executor=Held(),
                         checkpoints=datasets, device="cpu", n_threads=1)
    list(runner.create(StudySpec.create(dataset="tiny", models=["popularity"], n_trials=1, name="theirs")).run())
"""


def test_a_study_of_another_process_is_shown_as_its_and_followed_to_its_end(
    make_runner: Callable[..., StudyRunner], ledger: Ledger, tmp_path: Path, processes: "Processes"
) -> None:
    process, pipe = processes.start(RUN, url=ledger.url, datasets=tmp_path / "datasets")
    assert pipe.recv() == "training"
    runner = make_runner()
    study = runner.open("theirs")
    status = study.status()
    where = f"process {process.pid} on {socket.gethostname()}"
    assert (status.state, status.run_by) == ("running", where)
    assert runner.working() is None and list(study.watch(len(study.log))) == [], "nothing of it happens here"
    for steer in (study.pause, study.stop, study.resume, study.propose):
        with pytest.raises(UserError, match=f"study 'theirs' is run by {where}; steer it there"):
            steer()
    pipe.send("go on")
    told = list(runner.subscribe("theirs"))
    assert [type(event).__name__ for event in told][-1] == "StudyFinished"
    assert (study.status().state, study.status().run_by) == ("finished", None)
    process.join()
