"""Studies replayed on measured trials: a process fitted to each table stands for the training of any params."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
from history_datasets import FAMILIES
from numpy.typing import NDArray
from scipy.stats import qmc

from agent.advisor.encoding import Encoding
from agent.advisor.process import Observed, Process
from agent.advisor.situation import Situation, from_unit
from agent.objective import Goal
from memory.histories.measured import MeasuredTrial
from memory.likeness import likeness
from memory.record import TrialRecord
from recmodels.models import find_model
from recmodels.search_space import Params

Array = NDArray[np.float64]
Past = tuple[tuple[TrialRecord, float], ...]
Suggest = Callable[[Situation], tuple[Params, str]]
"""The next params and who proposes them, from the moment of a study of one model."""
_FOLDS, _POINTS = 10, 4096


class Table:
    """What was measured of one model on one dataset; repeats of a configuration are one, by their mean."""

    def __init__(self, trials: Sequence[MeasuredTrial]) -> None:
        self.model, self.dataset, self.profile = trials[0].model, trials[0].dataset, trials[0].profile
        self.objective, self.sign = trials[0].objective, 1 if trials[0].direction == "maximize" else -1
        self.space = find_model(self.model).space
        self.records = tuple(trial.record() for trial in trials)
        values: dict[int, list[float]] = defaultdict(list)
        self.params: dict[int, Params] = {}
        for trial in trials:
            if trial.state == "complete" and trial.value is not None:
                self.params[trial.configuration] = trial.params
                values[trial.configuration].append(self.sign * trial.value)
        self.values = {number: float(np.mean(those)) for number, those in sorted(values.items())}
        self.params = {number: self.params[number] for number in self.values}

    @property
    def family(self) -> str:
        """Datasets of one family are parts of each other."""
        return FAMILIES.get(self.dataset, self.dataset)

    @cached_property
    def _encoding(self) -> Encoding:
        return Encoding(self.space)

    @cached_property
    def _process(self) -> Process:
        return Process.fit(self._observed(np.arange(len(self.values))))

    def _observed(self, rows: NDArray[np.intp]) -> Observed:
        points = self._encoding.points(list(self.params.values()))[rows]
        values = np.array(list(self.values.values()))[rows]
        return Observed(points=points, owners=self._encoding.owners, values=values, runs=np.ones(len(rows)))

    def expected(self, params: Sequence[Params]) -> Array:
        """What training would give, more being better; (n,)."""
        return self._process.posterior(self._encoding.points(params))[0]

    @cached_property
    def error(self) -> float:
        """Of the fitted process on configurations left out of it, ten folds: root mean square as a share of the sd."""
        values, wrong = np.array(list(self.values.values())), []
        for fold in range(_FOLDS):
            out = np.arange(len(values)) % _FOLDS == fold
            process = Process.fit(self._observed(np.flatnonzero(~out)))
            guessed = process.posterior(self._observed(np.flatnonzero(out)).points)[0]
            wrong += list((guessed - values[out]) ** 2)
        return float(np.sqrt(np.mean(wrong)) / values.std())

    @cached_property
    def range(self) -> tuple[float, float]:
        """The median over the space, and the best of it."""
        space = self.space.searched()
        drawn = qmc.Sobol(len(space), rng=np.random.default_rng(0)).random(_POINTS)
        over = self.expected([from_unit(space, point) for point in drawn])
        return float(np.median(over)), float(max(over.max(), self.expected(list(self.params.values())).max()))

    def regret(self, value: float) -> float:
        """0 for the best of the space, 1 for the median of it."""
        middle, best = self.range
        return (best - value) / (best - middle)


def tables_of(trials: Iterable[MeasuredTrial], fewest: int) -> list[Table]:
    """One for each model and dataset of which enough configurations were measured."""
    groups: dict[tuple[str, str], list[MeasuredTrial]] = defaultdict(list)
    for trial in {trial.key: trial for trial in trials}.values():
        groups[trial.model, trial.dataset].append(trial)
    found = (Table(group) for _, group in sorted(groups.items()))
    return [table for table in found if len(table.values) >= fewest]


def others(target: Table, tables: Sequence[Table]) -> list[tuple[Table, float]]:
    """The same model's tables with the likeness of their datasets, without the target's family; most alike first."""
    found = [
        (table, likeness(target.profile, table.profile))
        for table in tables
        if table.model == target.model and table.family != target.family
    ]
    return sorted(found, key=lambda pair: (-pair[1], pair[0].dataset))


def past_of(pairs: Sequence[tuple[Table, float]]) -> Past:
    """As a study recalls them."""
    return tuple((record, alike) for table, alike in pairs for record in table.records)


def replay(table: Table, suggest: Suggest, past: Past, n_trials: int, seed: int) -> list[float]:
    """The regret of each trial of a study."""
    records: list[TrialRecord] = []
    for number in range(n_trials):
        situation = Situation(
            goal=Goal.parse([table.objective]),
            spaces={table.model: table.space},
            declared={table.model: table.space},
            records=tuple(records),
            recalled=past,
            n_trials=n_trials,
            seed=seed,
        )
        params, proposer = suggest(situation)
        value = table.sign * float(table.expected([params])[0])
        record = replace(
            table.records[0], id=f"replay/{number}", study="replay", number=number, params=params, state="complete"
        )
        metrics = {f"valid_{table.objective}": value}
        records.append(replace(record, value=value, metrics=metrics, proposer=proposer, curve=(), seed=seed))
    return [table.regret(table.sign * (record.value or 0.0)) for record in records]
