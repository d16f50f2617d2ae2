"""One study's pages of the ledger: its trials, its state, and the claim of the process that works on it.

A trial is opened in one transaction (params, proposal, RUNNING). When it ends, its outcome is written as one attribute,
then its state: a trial that was killed between the two is completed from the outcome when the study is recovered.
"""

import dataclasses
import json
import math
from collections.abc import Mapping
from typing import Any

import optuna
import sqlalchemy
from optuna.distributions import BaseDistribution, CategoricalDistribution
from optuna.storages import RDBStorage
from optuna.trial import FrozenTrial, TrialState

from agent.errors import UserError
from agent.objective import Constraint, measured
from agent.proposal import Proposal
from agent.standing import INTERRUPTED
from agent.studies import ownership
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import blank_record, trial_seed
from memory.record import TrialRecord
from recmodels.models import whole_space

UNMEASURED = 1e9  # a constraint on a metric that was not measured is broken by this much; JSON knows no infinity
_STATES = {TrialState.COMPLETE: "complete", TrialState.PRUNED: "pruned", TrialState.FAIL: "failed"}
_OUTCOME = ("state", "reason", "value", "metrics", "curve", "cost", "split", "checkpoint", "finished_at")


class StudyLedger:
    """One study's pages of the ledger."""

    def __init__(self, storage: RDBStorage, study_id: int, spec: StudySpec, profile: Mapping[str, float]) -> None:
        self.spec = spec
        self.profile = profile
        self._storage = storage
        self._study_id = study_id
        self._finished: dict[int, TrialRecord] = {}  # a finished trial never changes

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
                "seed": trial_seed(self.spec, proposal.model, proposal.params),
                "repeats": repeats,
            },
        )
        return self._storage.get_trial(self._storage.create_new_trial(self._study_id, template)).number

    def report(self, number: int, epoch: int, value: float) -> None:
        """The objective after an epoch."""
        if math.isfinite(value):
            self._storage.set_trial_intermediate_value(self._id(number), epoch, value)

    def finish(self, number: int, record: TrialRecord) -> TrialRecord:
        """Write the outcome, then the state; the record as the ledger holds it."""
        outcome = {key: getattr(record, key) for key in _OUTCOME}
        self._storage.set_trial_user_attr(self._id(number), "outcome", finite(outcome))
        return self._close(number)

    def recover(self) -> list[TrialRecord]:
        """Complete trials whose outcome is known; fail the others as interrupted and return those.

        Only for the process that holds the claim: a trial that another living process runs is not stale.
        """
        interrupted = []
        for trial in self._trials((TrialState.RUNNING, TrialState.WAITING)):
            if "proposal" not in trial.user_attrs:  # somebody else's trial, e.g. enqueued by hand
                continue
            if "outcome" in trial.user_attrs:
                self._close(trial.number)
            else:
                record = _record(self.spec, self.profile, trial)
                interrupted.append(
                    self.finish(trial.number, dataclasses.replace(record, state="failed", reason=INTERRUPTED))
                )
        return interrupted

    def records(self) -> tuple[TrialRecord, ...]:
        """The finished trials by number."""
        finished = tuple(_STATES)
        if self._count(finished) > len(self._finished):
            for trial in self._trials(finished):
                if trial.number not in self._finished and "outcome" in trial.user_attrs:
                    self._finished[trial.number] = _record(self.spec, self.profile, trial)
        return tuple(self._finished[number] for number in sorted(self._finished))

    def proposal(self, number: int) -> Proposal:
        """Why the trial was run.

        Raises:
            UserError: There is no such trial.
        """
        trials = {trial.number: trial for trial in self._trials()}
        if number not in trials or "proposal" not in trials[number].user_attrs:
            count = f"0 to {max(trials)}" if trials else "none yet"
            raise UserError(f"study {self.spec.name!r} has no trial {number}; its trials are: {count}")
        return _proposal(trials[number])

    def to_repeat(self) -> list[tuple[int, Proposal]]:
        """Interrupted trials that were not run again, with their numbers.

        One that was itself a repetition is given up: the machine may not survive these params.
        """
        trials = [trial for trial in self._trials() if "proposal" in trial.user_attrs]
        repeated = {trial.user_attrs["repeats"] for trial in trials}
        return [
            (trial.number, _proposal(trial))
            for trial in trials
            if trial.user_attrs.get("outcome", {}).get("reason") == INTERRUPTED
            and trial.number not in repeated
            and trial.user_attrs["repeats"] is None
        ]

    def next_number(self) -> int:
        """The number that the next trial gets, as long as one process works on the study."""
        return self._count(tuple(TrialState))

    # -- the study's own state, and who works on it ---------------------------------------------------------

    def load_state(self) -> dict[str, Any]:
        """What `save_state` wrote last; empty before."""
        return dict(self._storage.get_study_user_attrs(self._study_id).get("state", {}))

    def save_state(self, state: Mapping[str, Any]) -> None:
        """Replace the study's state."""
        self._storage.set_study_user_attr(self._study_id, "state", finite(dict(state)))

    def owner(self) -> dict[str, Any] | None:
        """The claim of the process that works on the study; it may be dead."""
        owner: dict[str, Any] | None = self._storage.get_study_user_attrs(self._study_id).get("owner")
        return owner

    def claim(self) -> None:
        """Take the study for this process, in one statement, so that of two processes one gets it.

        Raises:
            UserError: A living process works on it.
        """
        old = self.owner()
        if ownership.is_alive(old) and not ownership.is_mine(old):
            raise UserError(f"study {self.spec.name!r} is run by process {old['pid']} on {old['host']}" if old else "")
        if not self._swap_owner(old, ownership.this_process()):
            raise UserError(f"study {self.spec.name!r} was just taken by another process")

    def release(self) -> None:
        """Give the study free."""
        owner = self.owner()
        if ownership.is_mine(owner):
            self._swap_owner(owner, None)

    def beat(self) -> None:
        """Say that this process still works on the study."""
        self._swap_owner(self.owner(), ownership.this_process())

    def _swap_owner(self, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> bool:
        table = optuna.storages._rdb.models.StudyUserAttributeModel.__table__  # Optuna has no compare-and-set
        where = (table.c.study_id == self._study_id, table.c.key == "owner", table.c.value_json == json.dumps(old))
        with self._storage.engine.begin() as connection:
            done = connection.execute(sqlalchemy.update(table).where(*where).values(value_json=json.dumps(new)))
        return bool(done.rowcount == 1)

    def _close(self, number: int) -> TrialRecord:
        """Constraints from the outcome, then the values with the state in one transaction."""
        trial_id = self._id(number)
        record = _record(self.spec, self.profile, self._storage.get_trial(trial_id))
        for constraint in self.spec.goal.constraints if record.state == "complete" else ():
            # the attribute that Trial.set_constraint writes, read by samplers and the dashboard
            key, value = f"constraints:{constraint}", _violation(constraint, record)
            self._storage.set_trial_system_attr(trial_id, key, value)
        state = next(state for state, name in _STATES.items() if name == record.state)
        self._storage.set_trial_state_values(trial_id, state, _values(self.spec, record))
        self._finished[number] = record
        return record

    def _id(self, number: int) -> int:
        return self._storage.get_trial_id_from_study_id_trial_number(self._study_id, number)

    def _count(self, states: tuple[TrialState, ...]) -> int:
        """How many trials there are, without reading them."""
        table = optuna.storages._rdb.models.TrialModel.__table__
        where = (table.c.study_id == self._study_id, table.c.state.in_(states))
        with self._storage.engine.connect() as connection:
            n = connection.execute(sqlalchemy.select(sqlalchemy.func.count()).select_from(table).where(*where)).scalar()
        return int(n or 0)

    def _trials(self, states: tuple[TrialState, ...] | None = None) -> list[FrozenTrial]:
        return self._storage.get_all_trials(self._study_id, deepcopy=False, states=states)


def _proposal(trial: FrozenTrial) -> Proposal:
    return Proposal.from_dict(trial.user_attrs["proposal"] | {"number": trial.number})


def _record(spec: StudySpec, profile: Mapping[str, float], trial: FrozenTrial) -> TrialRecord:
    """The trial as the memory keeps it, put together from its proposal and its outcome."""
    blank = blank_record(spec, profile, trial.number, _proposal(trial))
    curve = [value for _, value in sorted(trial.intermediate_values.items())]
    outcome: dict[str, Any] = {"curve": curve} | trial.user_attrs.get("outcome", {})
    return dataclasses.replace(blank, **(outcome | {"curve": tuple(outcome["curve"])}))


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
    if isinstance(distribution, CategoricalDistribution) or distribution._contains(value):
        return distribution
    changed = {"low": min(distribution.low, value), "high": max(distribution.high, value)}  # type: ignore[attr-defined]
    return type(distribution)(**(distribution._asdict() | changed))


def finite(value: Any) -> Any:
    """JSON-ready; NaN and infinity become None in lists and values, and vanish from mappings of numbers."""
    if isinstance(value, Mapping):
        return {key: finite(item) for key, item in value.items() if not _is_infinite(item) or key == "value"}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value if not _is_infinite(item)]
    return None if _is_infinite(value) else value


def _is_infinite(value: Any) -> bool:
    return isinstance(value, float) and not math.isfinite(value)
