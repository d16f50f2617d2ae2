"""One study's pages of the ledger: its trials, its state, and the claim of the process that works on it.

A trial is opened in one transaction (params, proposal, RUNNING). When it ends, its outcome is written as one attribute,
then its state: a trial that was killed between the two is completed from the outcome when the study is recovered.
"""

import dataclasses
import logging
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import optuna
from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.storages import RDBStorage
from optuna.trial import FrozenTrial, TrialState

from agent.baseline import Baseline
from agent.errors import UserError
from agent.formats import STEPS, stamped
from agent.objective import Constraint, measured
from agent.proposal import Proposal
from agent.standing import INTERRUPTED
from agent.studies import ownership
from agent.studies.begun import Begun
from agent.studies.rows import UNREADABLE
from agent.studies.shelf import Shelf
from agent.studies.study_spec import StudySpec
from agent.studies.tables import StudyTables
from agent.studies.trial_run import blank_record, seed_of
from agent.studies.weights import kept_path, whole_path
from memory.formats import known, sealed, upgraded
from memory.record import TrialRecord
from recmodels.models import whole_space

_log = logging.getLogger(__name__)

UNMEASURED = 1e9  # a constraint on a metric that was not measured is broken by this much; JSON knows no infinity
_STATES = {TrialState.COMPLETE: "complete", TrialState.PRUNED: "pruned", TrialState.FAIL: "failed"}
_OUTCOME = ("state", "reason", "value", "metrics", "curve", "cost", "measured", "split", "checkpoint", "started_at",
            "finished_at")  # fmt: skip


class StudyLedger:
    """One study's pages of the ledger."""

    def __init__(
        self,
        storage: RDBStorage,
        study_id: int,
        spec: StudySpec,
        profile: Mapping[str, float],
        me: ownership.Owner | None = None,
        checkpoints: Path | None = None,
    ) -> None:
        """`me` claims the study; None stands for this process. `checkpoints`: see `weights.py`."""
        self.spec = spec
        self.profile = profile
        self.begun = Begun()
        self._storage = storage
        self._study_id = study_id
        self._tables = StudyTables(storage.engine, study_id)
        self._shelf = Shelf(storage.engine)
        self._checkpoints = checkpoints
        self._me = me or ownership.this_process()
        self._finished: dict[int, TrialRecord] = {}  # a finished trial never changes
        self._left_out: set[int] = set()

    # -- trials ---------------------------------------------------------------------------------------------

    def start_trial(self, proposal: Proposal, repeats: int | None = None) -> int:
        """Open a trial in one transaction; its number. `repeats`: the interrupted trial that it runs again."""
        space = whole_space(proposal.model).distributions()
        names = {name: f"{proposal.model}.{name}" for name in proposal.params}
        template = optuna.trial.create_trial(
            state=TrialState.RUNNING,
            params={names[name]: value for name, value in proposal.params.items()},
            distributions={names[name]: _holding(space[name], value) for name, value in proposal.params.items()},
            user_attrs={
                "model": proposal.model,
                "proposal": finite(proposal.to_dict()),
                "seed": seed_of(self.spec, proposal),
                "repeats": repeats,
            },
        )
        return self._storage.get_trial(self._storage.create_new_trial(self._study_id, template)).number

    def baselines(self) -> tuple[Baseline, ...] | None:
        """What was measured before the first trial; None when nothing was yet, or it cannot be read."""
        rows = self._storage.get_study_user_attrs(self._study_id).get("baselines")
        try:
            return None if rows is None else tuple(map(Baseline.from_dict, rows))
        except UNREADABLE as error:
            _log.warning("the baselines of study %s cannot be read: %r", self.spec.name, error)
            return None

    def save_baselines(self, baselines: Sequence[Baseline]) -> None:
        """Keep what was measured before the first trial."""
        rows = [finite(baseline.to_dict()) for baseline in baselines]
        self._storage.set_study_user_attr(self._study_id, "baselines", rows)

    def report(self, number: int, epoch: int, value: float) -> None:
        """The objective after an epoch."""
        if math.isfinite(value):
            self._storage.set_trial_intermediate_value(self._id(number), epoch, value)

    def finish(self, number: int, record: TrialRecord) -> TrialRecord:
        """Write the outcome, then the state; the record as the ledger holds it."""
        outcome = {key: getattr(record, key) for key in _OUTCOME} | {"metrics": sealed(record.metrics)}
        outcome |= {"checkpoint": kept_path(record.checkpoint, self._checkpoints)}
        self._storage.set_trial_user_attr(self._id(number), "outcome", stamped("outcome", finite(outcome)))
        return self._close(number)

    def recover(self) -> list[TrialRecord]:
        """Complete trials whose outcome is known; fail the others as interrupted and return those.

        Only for the process that holds the claim: a trial that another living process runs is not stale.
        """
        interrupted = []
        for trial in self._trials((TrialState.RUNNING, TrialState.WAITING)):
            if "proposal" not in trial.user_attrs:  # another program's trial, e.g. enqueued by hand
                continue
            if "outcome" in trial.user_attrs:
                self._close(trial.number)
            else:
                record = self._record(trial)
                interrupted.append(
                    self.finish(trial.number, dataclasses.replace(record, state="failed", reason=INTERRUPTED))
                )
        return interrupted

    def records(self) -> tuple[TrialRecord, ...]:
        """The finished trials by number."""
        if self._tables.count(tuple(state.name for state in _STATES)) > len(self._finished) + len(self._left_out):
            for trial in self._trials(tuple(_STATES)):
                if trial.number not in self._finished:
                    self._read(trial)
        return tuple(self._finished[number] for number in sorted(self._finished))

    def proposals(self) -> dict[int, Proposal]:
        """Why the trials were run, by their number; one that cannot be read is left out."""
        found = {}
        for trial in self._trials():
            with suppress(*UNREADABLE):
                found[trial.number] = _proposal(trial)
        return found

    def proposal(self, number: int) -> Proposal:
        """Why the trial was run.

        Raises:
            UserError: There is no such trial.
        """
        found = self.proposals()
        if number not in found:
            count = f"0 to {max(found)}" if found else "none yet"
            raise UserError(f"study {self.spec.name!r} has no trial {number}; its trials are: {count}")
        return found[number]

    def to_repeat(self) -> list[tuple[int, Proposal]]:
        """Interrupted trials that were not run again, with their numbers.

        A repetition that a crash cut off is given up: the machine may not survive these params.
        """
        trials = [trial for trial in self._trials() if "proposal" in trial.user_attrs]
        repeated = {trial.user_attrs["repeats"] for trial in trials}
        return [
            (trial.number, _proposal(trial))
            for trial in trials
            if trial.user_attrs.get("outcome", {}).get("reason") == INTERRUPTED
            and trial.number not in repeated
            and (trial.user_attrs["repeats"] is None or trial.user_attrs["outcome"].get("finished_at"))
        ]

    def next_number(self) -> int:
        """The number that the next trial gets, as long as one process works on the study."""
        return self._tables.count()

    @property
    def title(self) -> str:
        """What people call the study."""
        return self._shelf.place(self._study_id).title or self.spec.name

    # -- the study's own state, and who works on it ---------------------------------------------------------

    def load_state(self) -> dict[str, Any]:
        """What `save_state` wrote last; empty before."""
        return self._tables.state() or {}

    def save_state(self, state: Mapping[str, Any]) -> None:
        """Replace the study's state."""
        self._tables.save(finite(dict(state)))

    def adopt(self) -> None:
        """Take over what version 1 kept as attributes of the study, once."""
        if self._tables.state() is not None:
            return
        attributes = self._storage.get_study_user_attrs(self._study_id)
        if attributes.get("owner"):
            self._tables.take(ownership.owner_of_format_0(attributes["owner"]))
        self.save_state(attributes.get("state") or {})

    def holder(self) -> ownership.Owner | None:
        """The living process that works on the study, if it is another worker than this one."""
        holder = self._tables.holder()
        return None if holder is None or holder.id == self._me.id else holder

    def claim(self) -> None:
        """Take the study for this worker, in one statement, so that of two one gets it.

        Raises:
            UserError: A living process works on it, or it was deleted.
        """
        holder = self._tables.take(self._me)
        try:
            self._refuse(holder)
        except UserError:
            if holder is None:
                self.release()
            raise

    def check_free(self) -> None:
        """Raises UserError: it could not be claimed now, since a living process works on it, or it was deleted."""
        self._refuse(self.holder())

    def _refuse(self, holder: ownership.Owner | None) -> None:
        if holder is not None:
            raise UserError(f"study {self.spec.name!r} is run by {holder}; steer it there")
        if self._shelf.place(self._study_id).is_hidden:
            raise UserError(f"study {self.spec.name!r} was deleted; undo that to go on with it")

    def renew(self) -> bool:
        """Say that this worker still works on the study; False when another one took it."""
        return self._tables.renew(self._me)

    def holds(self) -> bool:
        """Whether the claim is this worker's."""
        return self._tables.holds(self._me)

    def release(self) -> None:
        """Give the study free."""
        self._tables.release(self._me)

    def _close(self, number: int) -> TrialRecord:
        """Constraints from the outcome, then the values with the state in one transaction."""
        trial_id = self._id(number)
        record = self._record(self._storage.get_trial(trial_id))
        trial = optuna.trial.Trial(self._study, trial_id)
        known_already = self._storage.get_trial(trial_id).constraints
        for constraint in self.spec.goal.constraints if record.state == "complete" else ():
            if str(constraint) not in known_already:  # from before a kill
                trial.set_constraint(str(constraint), _violation(constraint, record))
        state = next(state for state, name in _STATES.items() if name == record.state)
        self._storage.set_trial_state_values(trial_id, state, _values(self.spec, record))
        self._finished[number] = record
        return record

    def _id(self, number: int) -> int:
        return self._storage.get_trial_id_from_study_id_trial_number(self._study_id, number)

    @cached_property
    def _study(self) -> optuna.Study:
        return optuna.load_study(study_name=self.spec.name, storage=self._storage)

    def _read(self, trial: FrozenTrial) -> None:
        """Keep the trial's record; one that cannot be read, or is another program's, counts as not there."""
        self._left_out.add(trial.number)
        if "outcome" not in trial.user_attrs:
            return
        try:
            self._finished[trial.number] = self._record(trial)
            self._left_out.discard(trial.number)
        except UNREADABLE as error:
            self._warn(trial.number, error)

    def _record(self, trial: FrozenTrial) -> TrialRecord:
        """The trial as the memory keeps it."""
        record = _record(self.spec, self.profile, trial)
        checkpoint = whole_path(record.checkpoint, self._checkpoints, self.spec.name)
        return dataclasses.replace(record, data=self.begun.data or "", checkpoint=checkpoint)

    def _trials(self, states: tuple[TrialState, ...] | None = None) -> list[FrozenTrial]:
        try:
            return self._storage.get_all_trials(self._study_id, deepcopy=False, states=states)
        except (LookupError, TypeError, ValueError):  # one that is damaged hides all
            found = map(self._trial, range(self._tables.count()))
            return [trial for trial in found if trial is not None and (states is None or trial.state in states)]

    def _trial(self, number: int) -> FrozenTrial | None:
        try:
            return self._storage.get_trial(self._id(number))
        except (LookupError, TypeError, ValueError) as error:
            if number not in self._left_out:
                self._warn(number, error)
            self._left_out.add(number)
            return None

    def _warn(self, number: int, error: Exception) -> None:
        says = "trial %s/%d cannot be read (%r) and is left out; `recpilot restore` lists backups of the ledger"
        _log.warning(says, self.spec.name, number, error)


def _proposal(trial: FrozenTrial) -> Proposal:
    return Proposal.from_dict(trial.user_attrs["proposal"] | {"number": trial.number})


def _record(spec: StudySpec, profile: Mapping[str, float], trial: FrozenTrial) -> TrialRecord:
    """The trial put together from its proposal and its outcome."""
    blank = blank_record(spec, profile, trial.number, _proposal(trial))
    values = trial.intermediate_values
    curve = [values.get(epoch) for epoch in range(1, max(values, default=0) + 1)]
    outcome = upgraded(trial.user_attrs.get("outcome", {}), STEPS["outcome"], "a trial")
    read: dict[str, Any] = {"curve": curve} | known(TrialRecord, outcome)
    read |= {"curve": tuple(read["curve"]), "metrics": sealed(read.get("metrics", {}))}
    return dataclasses.replace(blank, **read)


def _values(spec: StudySpec, record: TrialRecord) -> list[float] | None:
    if record.state == "complete":
        return [_objective_value(record, objective.metric) for objective in spec.goal.objectives]
    if record.state == "pruned" and len(spec.goal.objectives) == 1 and record.value is not None:
        return [record.value]
    return None


def _objective_value(record: TrialRecord, metric: str) -> float:
    if metric == record.objective and record.value is not None:
        return record.value
    value = measured(record.metrics, metric)
    if value is None:
        raise UserError(f"trial {record.id} did not measure the objective {metric}")
    return value


def _violation(constraint: Constraint, record: TrialRecord) -> float:
    return min(constraint.violation(record.metrics), UNMEASURED)


def _holding(distribution: BaseDistribution, value: Any) -> BaseDistribution:
    """The declared range, or for a value outside it (an older version's trial) one that holds the value."""
    if isinstance(distribution, CategoricalDistribution):
        return distribution
    low, high = distribution.low, distribution.high  # type: ignore[attr-defined]
    if low <= value <= high:
        return distribution
    whole: Any = type(distribution)
    return whole(min(low, value), max(high, value), log=distribution.log)  # type: ignore[attr-defined,no-any-return]


def finite(value: Any) -> Any:
    """JSON-ready; NaN and infinity become None in lists and values, and vanish from mappings of numbers."""
    if isinstance(value, Mapping):
        return {key: finite(item) for key, item in value.items() if not _is_infinite(item) or key == "value"}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]  # a list's places say something: the epochs of a curve
    return None if _is_infinite(value) else value


def _is_infinite(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)
