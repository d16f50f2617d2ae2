"""Runs a confirmation: every contender with several seeds on validation, then winner, defaults and baseline on test.

for step in Confirmer(spec=study.spec, records=study.records(), place=place, readings=readings).steps():
    ...

The test part of a study never changes. Where the split is random, the border between train and validation is drawn
again for each seed. What is measured on test is refit on train and validation together, alike for all, with the same
seeds.
"""

import platform
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from agent.advisor.situation import seed_from
from agent.confirmation import N_SEEDS, N_TOP, Confirmation, Contender, Run, Score, Stage
from agent.confirming.choice import baselines_for, contenders_of, winner_of
from agent.confirming.readings import Readings
from agent.confirming.scores import gain_of, score_of
from agent.errors import UserError
from agent.objective import measured
from agent.proposal import Proposal
from agent.standing import best_of
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import Place, blank_record, request_for
from memory.record import TrialRecord
from recmodels.data.folders import remove_folder
from recmodels.data.interactions import Interactions
from recmodels.data.split import moves_border, resolve
from recmodels.errors import DataError, ParamError, TrialFailed, TrialPruned
from recmodels.models import MODELS
from recmodels.request import EpochReport, SplitSpec, TrainRequest, TrainResult

_PACKAGES = ("recpilot", "torch", "numpy", "scipy", "polars")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A run that begins, or the end; what progress bars show."""

    contender: str
    stage: Stage
    seed: int
    done: int  # runs before it
    total: int  # runs in all, as far as is known
    confirmation: Confirmation  # as it stands


class Confirmer:
    """One confirmation of a study, new or resumed."""

    def __init__(
        self,
        *,
        spec: StudySpec,
        records: Sequence[TrialRecord],
        place: Place,
        readings: Readings,
        n_seeds: int = N_SEEDS,
        n_top: int = N_TOP,
        incumbent: Contender | None = None,
        command: str = "",
    ) -> None:
        """Raises UserError: the study has no trial to confirm."""
        self._spec, self._records, self._place, self._readings = spec, tuple(records), place, readings
        if best_of(spec.goal, records) is None:
            raise UserError(
                f"study {spec.name!r} has no complete trial that meets its constraints, so there is nothing to confirm"
            )
        if n_seeds < 1:
            raise UserError(f"a confirmation needs one seed at least, got {n_seeds}")
        self._n_seeds = n_seeds
        self._contenders = tuple(
            replace(contender, n_seeds=n_seeds if MODELS[contender.model].is_random else 1)
            for contender in contenders_of(spec.goal, records, n_top, incumbent)
        )
        self._command = command
        self._is_interrupted = False
        self.confirmation = self._begun()

    def steps(self) -> Iterator[Step]:
        """Do what is missing; a step is told before its run.

        Closing the iterator stops between two runs, `interrupt` within one; the next confirmation goes on from there.

        Raises:
            recmodels.errors.SetupError: The machine lacks something, so nothing would run.
        """
        yield from self._stage("valid", [contender.name for contender in self.confirmation.contenders])
        if not self._is_interrupted and not self.confirmation.valid:
            self._choose()
        if not self._is_interrupted and self.confirmation.winner is not None:
            yield from self._stage("test", self._finalists())
        if not self._is_interrupted:
            self._conclude()

    def interrupt(self) -> None:
        """Give up the present run at its next epoch, and keep nothing of it; may be called from another thread."""
        self._is_interrupted = True

    # -- what there is --------------------------------------------------------------------------------------

    def _begun(self) -> Confirmation:
        """The study's last confirmation if it was cut off and asks the same, else a new one."""
        earlier = self._readings.confirmations(self._spec.name)
        if earlier and not earlier[-1].is_done and earlier[-1].contenders == self._contenders:
            return earlier[-1]
        interactions = Interactions.load(self._place.find_dataset())
        goal = self._spec.goal
        return Confirmation(
            study=self._spec.name,
            number=len(earlier) + 1,
            dataset=self._spec.dataset,
            data=interactions.fingerprint(),
            split=resolve(interactions, self._spec.split),
            split_seed=self._spec.split.seed,
            moves_border=moves_border(interactions, self._spec.split),
            objective=goal.primary.metric,
            direction=goal.primary.direction,
            contenders=self._contenders,
            left_out=baselines_for(goal)[1],
            command=self._command,
            versions={name: version(name) for name in _PACKAGES} | {"python": platform.python_version()},
            began_at=_now(),
        )

    def _finalists(self) -> list[str]:
        """Those that test is measured for: winner, defaults, incumbent, and the better baseline."""
        winner = self.confirmation.winner
        roles = [c.name for c in self.confirmation.contenders if c.role in ("defaults", "incumbent")]
        baseline = self._baseline()
        return list(dict.fromkeys([*([winner] if winner else []), *roles, *([baseline] if baseline else [])]))

    def _baseline(self) -> str | None:
        models = baselines_for(self._spec.goal)[0]
        simple = {
            contender.name
            for contender in self.confirmation.contenders
            if contender.model in models and dict(contender.params) == MODELS[contender.model].space.defaults()
        }
        return next((score.contender for score in self.confirmation.valid if score.contender in simple), None)

    def _n_runs(self, contender: Contender, stage: Stage) -> int:
        """A model without randomness is repeated only where its validation part changes."""
        return self._n_seeds if stage == "valid" and self.confirmation.moves_border else contender.n_seeds

    # -- running --------------------------------------------------------------------------------------------

    def _stage(self, stage: Stage, names: Sequence[str]) -> Iterator[Step]:
        """Seed by seed, so that what is cut off has measured all alike."""
        wanted = [
            (name, seed)
            for seed in range(self._n_seeds)
            for name in names
            if seed < self._n_runs(self.confirmation.contender(name), stage)
        ]
        for done, (name, seed) in enumerate(wanted):
            if self.confirmation.has_run(name, stage, seed):
                continue
            yield Step(
                contender=name, stage=stage, seed=seed, done=done, total=len(wanted), confirmation=self.confirmation
            )
            if self._is_interrupted:
                return
            if stage == "test" and self.confirmation.reading is None:
                self._open_test()
            run = self._run(name, stage, seed)
            if run is None or self._is_interrupted:
                return
            self._keep(self.confirmation.with_run(run))

    def _open_test(self) -> None:
        """Count the reading before anything is measured, so that none is forgotten."""
        found = self.confirmation
        key = f"confirm/{found.study}/{found.number}"
        self._keep(replace(found, reading=self._readings.read(found.data, found.split, found.split_seed, key)))

    def _run(self, name: str, stage: Stage, seed: int) -> Run | None:
        contender, request = self.confirmation.contender(name), self._request(name, stage, seed)
        try:
            result = self._place.executor.train(request, self._on_epoch)
        except TrialPruned:
            return None
        except (TrialFailed, ParamError, DataError) as error:
            return Run(contender=name, stage=stage, seed=seed, value=None, reason=str(error))
        known = _known(result)
        value = known.get(f"{stage}_{self.confirmation.objective}", known.get(self.confirmation.objective))
        reason = None if value is not None else f"{self.confirmation.objective} was not measured on {stage}"
        return Run(
            contender=contender.name,
            stage=stage,
            seed=seed,
            value=value,
            reason=reason,
            metrics=known,
            best_epoch=result.best_epoch,
            train_s=float(result.cost.get("refit_s", result.cost.get("train_s", 0.0))),
            checkpoint=str(result.checkpoint),
        )

    def _on_epoch(self, report: EpochReport) -> None:
        if self._is_interrupted:
            raise TrialPruned("interrupted")

    def _request(self, name: str, stage: Stage, seed: int) -> TrainRequest:
        contender, split = self.confirmation.contender(name), self._spec.split
        border = seed_from(self._spec.seed, "border", seed) if self.confirmation.moves_border else None
        folder = self._folder() / name.replace(" ", "-") / f"{stage}-{seed}"
        proposal = Proposal(number=0, model=contender.model, params=contender.params, proposer="confirm", rationale="")
        request = replace(
            request_for(self._spec, self._place, blank_record(self._spec, {}, 0, proposal), None),
            seed=seed_from(self._spec.seed, "confirm", seed),
            checkpoint=folder,
            resume_folder=folder.with_name(f"{folder.name}-unfinished"),
        )
        if stage == "valid":
            return replace(request, split=SplitSpec(kind=split.kind, seed=split.seed, border=border))
        epochs = [run.best_epoch for run in self.confirmation.runs_of(name, "valid")]
        return replace(request, refit=True, refit_epochs=max(1, round(np.mean(epochs))), measures_test=True)

    def _folder(self) -> Path:
        return self._place.checkpoints / self._spec.name / f"confirmation-{self.confirmation.number}"

    # -- choosing and concluding ----------------------------------------------------------------------------

    def _choose(self) -> None:
        """The winner, from validation alone."""
        sign = self._spec.goal.primary.sign
        scores = [
            score
            for contender in self.confirmation.contenders
            if (score := score_of(self.confirmation, contender.name, "valid")) is not None
        ]
        scores.sort(key=lambda score: -sign * score.mean)
        may_win = [score for score in scores if self._may_win(score)]
        winner = winner_of(may_win, sign).contender if may_win else None
        self._keep(
            replace(self.confirmation, valid=tuple(scores), winner=winner, optimism=self._optimism(scores, sign))
        )

    def _may_win(self, score: Score) -> bool:
        """Not a baseline, and the means over seeds meet the constraints."""
        if self.confirmation.contender(score.contender).role == "baseline":
            return False
        runs = self.confirmation.runs_of(score.contender, "valid")
        asked = [constraint.metric for constraint in self._spec.goal.constraints]
        values = {metric: [measured(run.metrics, metric) for run in runs] for metric in asked}
        means = {
            metric: float(np.mean([value for value in found if value is not None]))
            for metric, found in values.items()
            if all(value is not None for value in found)
        }
        return self._spec.goal.is_feasible(means)

    def _optimism(self, scores: Sequence[Score], sign: int) -> float | None:
        """By how much the study's best trial looked better than its configuration is over all seeds."""
        best = best_of(self._spec.goal, self._records)
        names = {c.name for c in self.confirmation.contenders if best is not None and _is_of(c, best)}
        mean = next((score.mean for score in scores if score.contender in names), None)
        return None if best is None or best.value is None or mean is None else sign * (best.value - mean)

    def _conclude(self) -> None:
        found = self.confirmation
        if found.is_done:
            return
        names = self._finalists() if found.winner is not None else []
        scores = [score for name in names if (score := score_of(found, name, "test")) is not None]
        gains = [
            gain
            for name in names
            if found.winner is not None and name != found.winner and (gain := gain_of(found, found.winner, name))
        ]
        self._keep(replace(found, test=tuple(scores), gains=tuple(gains), ended_at=_now()))
        for contender in found.contenders:  # the winner's weights on all that comes before test are worth keeping
            for run in self.confirmation.runs:
                if run.contender == contender.name and run.checkpoint and not self._is_kept(run):
                    remove_folder(Path(run.checkpoint))

    def _is_kept(self, run: Run) -> bool:
        return (run.contender, run.stage, run.seed) == (self.confirmation.winner, "test", 0)

    def _keep(self, confirmation: Confirmation) -> None:
        self._readings.save(confirmation)
        self.confirmation = confirmation


def _is_of(contender: Contender, record: TrialRecord) -> bool:
    return contender.model == record.model and dict(contender.params) == dict(record.params)


def _known(result: TrainResult) -> Mapping[str, Any]:
    """All finite numbers of a run."""
    found = {**result.cost, **result.metrics}
    return {name: float(value) for name, value in found.items() if np.isfinite(value)}


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
