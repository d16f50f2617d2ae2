"""The trials of a study as rows with a column for each param, for the table of the page and for its file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from agent.answers.bounds import measured_of
from agent.answers.standings import TrialStanding, further_metrics, further_values, trial_standings
from agent.answers.wording import duration, number, param, sentence, told, with_spread
from agent.baseline import Baseline, shown
from agent.objective import measured
from agent.proposal import Proposal
from agent.standing import INTERRUPTED, ordered
from agent.studies.moment import RunningTrial
from agent.studies.noise import why_no_repeat
from agent.studies.study import Study
from agent.studies.trial_notes import TrialNote
from memory.record import ParamValue, TrialRecord
from recmodels.models import MODELS, whole_space
from recmodels.outside import visible
from ui.words import state_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What is shown, and what a column is sorted by."""

    says: str
    value: ParamValue | None = None
    is_soft: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One trial, or one simple model."""

    number: int | None  # None: no trial
    model: str
    value: Cell
    further: tuple[Cell, ...]
    state: str
    reason: str
    time: Cell
    epochs: Cell
    proposer: str
    params: tuple[Cell, ...]
    tags: tuple[str, ...] = ()
    note: str = ""
    is_best: bool = False
    mark: str = ""  # ★: clearly better than the defaults; =: cannot be told apart from the best
    is_on_front: bool = False  # of several objectives
    is_running: bool = False
    why_no_repeat: str = ""  # with another seed; empty: it can be


class TrialRows:
    """The rows of a study, best first."""

    def __init__(self, study: Study, notes: Mapping[int, TrialNote]) -> None:
        """`notes`: by trial, what people wrote."""
        self.study, self.notes = study, notes
        self.goal, self.records = study.spec.goal, study.records()

    @cached_property
    def standings(self) -> dict[int, TrialStanding]:
        """How each trial stands, by number."""
        return trial_standings(self.goal, self.records)

    @cached_property
    def metrics(self) -> list[str]:
        """What is shown of each trial next to its objective."""
        return further_metrics(self.goal, self.records)

    @cached_property
    def params(self) -> list[str]:
        """The params of all trials that are worth saying, in the order in which they appear."""
        ran: list[TrialRecord | Proposal] = [*self.records]
        ran += [] if self._running is None else [self._running.proposal]
        return list(dict.fromkeys(name for one in ran for name in told(one.model, one.params)))

    @cached_property
    def has_front(self) -> bool:
        """Whether there are several objectives."""
        return len(self.goal.objectives) > 1

    @cached_property
    def _running(self) -> RunningTrial | None:
        return self.study.running()

    def ordered(self) -> list[TrialRecord]:
        """Best first."""
        return ordered(self.goal, self.records)

    def rows(self, records: Sequence[TrialRecord]) -> list[Row]:
        """Those of some trials, in the order given."""
        best = self.study.best()
        return [self._row(record, is_best=best is not None and record.number == best.number) for record in records]

    def baselines(self) -> list[Row]:
        """The simple models that stand next to the trials."""
        return [self._baseline(one) for one in shown(self.goal, self.study.baselines())]

    def running(self) -> list[Row]:
        """The trial that trains now, with what it has so far; none where none does."""
        now = self._running
        if now is None:
            return []
        value = now.curve[-1] if now.curve else None
        epochs = f"{len(now.curve)} of {now.epochs}" if now.epochs else "–"
        row = Row(
            number=now.proposal.number,
            model=now.proposal.model,
            value=Cell(says="–" if value is None else f"{number(value)} so far", value=value, is_soft=True),
            further=tuple(Cell(says="") for _ in self.metrics),
            state="running",
            reason="",
            time=Cell(says="–"),
            epochs=Cell(says=epochs, value=len(now.curve) or None),
            proposer=now.proposal.proposer,
            params=self._params_of(now.proposal),
            is_running=True,
        )
        return [row]

    def _params_of(self, ran: TrialRecord | Proposal) -> tuple[Cell, ...]:
        return tuple(map(self._cells(ran).get, self.params, [Cell(says="")] * len(self.params)))

    def _row(self, record: TrialRecord, *, is_best: bool) -> Row:
        stands, note = self.standings[record.number], self.notes.get(record.number, TrialNote())
        state, _, reason = state_line(record).partition(": ")
        epochs, seconds = int(record.cost.get("epochs", 0)), record.cost.get("train_s")
        return Row(
            number=record.number,
            model=record.model,
            value=Cell(says=with_spread(record.value, stands.half_width), value=record.value),
            further=self._further(measured_of(record)),
            state=INTERRUPTED if record.reason == INTERRUPTED else state,
            reason=visible(reason),
            time=Cell(says="–" if seconds is None else duration(seconds), value=seconds),
            epochs=Cell(says=str(epochs) if epochs else "–", value=epochs or None),
            proposer=f"{record.proposer}, {record.act}" if record.act else record.proposer,
            params=self._params_of(record),
            tags=note.tags,
            note=note.note,
            is_best=is_best,
            mark="★" if stands.is_starred else "=" if stands.in_group and not is_best else "",
            is_on_front=stands.is_on_front,
            why_no_repeat=sentence(why_no_repeat(record)),
        )

    @staticmethod
    def _cells(record: TrialRecord | Proposal) -> dict[str, Cell]:
        """By name of the param."""
        space = whole_space(record.model) if record.model in MODELS else {}
        return {
            name: Cell(says=param(value), value=value, is_soft=name in space and space[name].default == value)
            for name, value in told(record.model, record.params).items()
        }

    def _further(self, known: Mapping[str, float]) -> tuple[Cell, ...]:
        words = further_values(self.goal, known, self.records)
        return tuple(
            Cell(says=says, value=measured(known, name)) for name, says in zip(self.metrics, words, strict=True)
        )

    def _baseline(self, one: Baseline) -> Row:
        return Row(
            number=None,
            model=one.model,
            value=Cell(says=with_spread(one.value, one.spread), value=one.value),
            further=self._further(one.metrics),
            state="baseline",
            reason=f"measured in {one.measured_in}" if one.measured_in else "",
            time=Cell(says=duration(one.train_s), value=one.train_s),
            epochs=Cell(says="–"),
            proposer="–",
            params=tuple(Cell(says=param(one.params[name]) if name in one.params else "") for name in self.params),
        )
