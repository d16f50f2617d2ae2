"""Runs a confirmation: every contender with several seeds on validation, then winner, defaults and baseline on test.

for step in Confirmer(spec=study.spec, records=study.records(), place=place, readings=readings).steps():
    ...

Asked for the same again, the earlier confirmation is the answer, and nothing is read. Otherwise runs that an earlier
one of the study made already are taken over.

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
from agent.confirming.choice import baselines_for, contenders_of, top_of, winner_of
from agent.confirming.commands import confirm_command, notes_of, train_commands, tune_command
from agent.confirming.hold import Hold
from agent.confirming.readings import Readings
from agent.confirming.reuse import found_before, keep_users_only
from agent.confirming.scores import gain_of, scores_of
from agent.errors import UserError
from agent.proposal import Proposal
from agent.standing import best_of, mean_metrics
from agent.studies.study_spec import StudySpec
from agent.studies.trial_run import Place, blank_record, forget, request_for
from agent.studies.weights import unused
from memory.record import TrialRecord
from recmodels.data.interactions import Interactions
from recmodels.data.split import moves_border, resolve
from recmodels.errors import DataError, ParamError, TrialFailed, TrialPruned
from recmodels.models import MODELS
from recmodels.positive import EVERY
from recmodels.repeats import MASK
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
    """One confirmation of a study: new, resumed, or answered by an earlier one.

    It has the only hold on the study's confirmation until its steps end or it is interrupted.
    """

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
        again: bool = False,
        only_looks: bool = False,
    ) -> None:
        """
        Args:
            again: Runs everything once more, also what an earlier confirmation would answer.
            only_looks: Takes no hold and keeps nothing: only to see what `confirmation` would be.

        Raises:
            UserError: The study has no trial to confirm, or a confirmation of it is running.
        """
        self._spec, self._records, self._place, self._readings = spec, tuple(records), place, readings
        if best_of(spec.goal, records) is None:
            raise UserError(
                f"study {spec.name!r} has no complete trial that meets its constraints, so there is nothing to confirm"
            )
        if n_seeds < 1:
            raise UserError(f"a confirmation needs one seed at least, got {n_seeds}")
        self._n_seeds, self._n_top, self._again = n_seeds, n_top, again
        self._contenders = tuple(
            replace(contender, n_seeds=n_seeds if MODELS[contender.model].is_random else 1)
            for contender in contenders_of(spec.goal, records, n_top, incumbent, spec.repeats)
        )
        self._command = command or confirm_command(spec.name, n_seeds, n_top)
        self._is_interrupted = self._is_begun = False
        self._hold = Hold(readings, spec.name, self.interrupt)
        if only_looks:
            self._hold.check()
            self._earlier = readings.confirmations(spec.name)
            self.confirmation = self._begun()
            self.is_answered = True  # nothing is to run
            return
        self._hold.take()
        try:
            self._earlier = self._readings.confirmations(spec.name)
            self.confirmation = self._begun()
            self.is_answered = self.confirmation.is_done
            if not self.is_answered:
                self._readings.save(self.confirmation)
        except BaseException:
            self._hold.release()
            raise
        if self.is_answered:
            self._hold.release()

    def steps(self) -> Iterator[Step]:
        """Do what is missing; a step is told before its run. There is none where `is_answered`.

        Closing the iterator stops between two runs, `interrupt` within one; the next confirmation goes on from there.

        Raises:
            recmodels.errors.SetupError: The machine lacks something, so nothing would run.
        """
        self._is_begun = True
        try:
            if not self.is_answered:
                yield from self._steps()
        finally:
            self._hold.release()

    def interrupt(self) -> None:
        """Give up the present run at its next epoch, and keep nothing of it; may be called from another thread."""
        self._is_interrupted = True
        if not self._is_begun:
            self._hold.release()

    # -- what there is --------------------------------------------------------------------------------------

    def _begun(self) -> Confirmation:
        """What asks the same: the last confirmation if it was cut off, else an earlier one; or else a new one."""
        asked = self._asked()
        last = self._earlier[-1] if self._earlier else None
        if last is not None and not last.is_done and last.asks_same_as(asked):
            return replace(last, resumed_at=_now())
        same = [found for found in self._earlier if found.is_done and found.asks_same_as(asked)]
        return asked if self._again or not same else same[-1]

    def _asked(self) -> Confirmation:
        """A new confirmation."""
        interactions, spec = Interactions.load(self._place.find_dataset()), self._spec
        goal = spec.goal
        return Confirmation(
            study=spec.name,
            number=len(self._earlier) + 1,
            dataset=spec.dataset,
            data=interactions.fingerprint(),
            split=resolve(interactions, spec.split),
            split_seed=spec.split.seed,
            positive=spec.positive or EVERY.to_text(),
            repeats=spec.repeats or MASK,
            repeats_says=spec.repeats_says,
            outcomes=spec.outcomes or "",
            moves_border=moves_border(interactions, spec.split),
            objective=goal.primary.metric,
            direction=goal.primary.direction,
            contenders=self._contenders,
            n_seeds=self._n_seeds,
            n_top=self._n_top,
            study_seed=spec.seed,
            constraints=tuple(constraint.to_text() for constraint in goal.constraints),
            epochs=spec.epochs,
            trial_time_limit_s=spec.trial_time_limit_s,
            reuses=not self._again,
            left_out=baselines_for(goal, spec.repeats)[1],
            command=self._command,
            study_command=tune_command(spec),
            versions={name: version(name) for name in _PACKAGES} | {"python": platform.python_version()},
            began_at=_now(),
        )

    # -- running --------------------------------------------------------------------------------------------

    def _steps(self) -> Iterator[Step]:
        yield from self._stage("valid")
        if not self._is_interrupted and not self.confirmation.valid:
            self._choose()
        if not self._is_interrupted:
            yield from self._stage("test")
        if not self._is_interrupted:
            self._conclude()

    def _stage(self, stage: Stage) -> Iterator[Step]:
        wanted = self.confirmation.planned(stage)
        for done, (name, seed) in enumerate(wanted):
            if self._is_interrupted:
                return
            if self.confirmation.has_run(name, stage, seed):
                continue
            earlier = self._earlier_run(name, stage, seed)
            if earlier is None:
                found = self.confirmation
                yield Step(contender=name, stage=stage, seed=seed, done=done, total=len(wanted), confirmation=found)
                if self._is_interrupted:
                    return
            if stage == "test" and self.confirmation.reading is None:
                self._open_test()
            run = earlier or self._run(name, stage, seed)
            if run is None or self._is_interrupted:
                return
            self._keep(self.confirmation.with_run(run))
            forget(self._request(name, stage, seed))

    def _open_test(self) -> None:
        """Count the reading before anything is measured, so that none is forgotten."""
        found = self.confirmation
        key = f"confirm/{found.study}/{found.number}"
        self._keep(replace(found, reading=self._readings.read(found.data, found.split, found.split_seed, key)))

    def _earlier_run(self, name: str, stage: Stage, seed: int) -> Run | None:
        """What an earlier confirmation measured already; of the winner the weights are wanted too."""
        if not self.confirmation.reuses:
            return None
        request, is_kept = self._request(name, stage, seed).fingerprint(), self._is_kept(name, stage, seed)
        found = found_before(self._earlier, self.confirmation, stage, request, needs_weights=is_kept)
        return None if found is None else replace(found[1], contender=name, seed=seed, reused_from=found[0])

    def _run(self, name: str, stage: Stage, seed: int) -> Run | None:
        request = self._request(name, stage, seed)
        about: dict[str, Any] = {
            "train_seed": request.seed,
            "border": request.split.border,
            "epochs": request.refit_epochs,
            "request": request.fingerprint(),
        }
        request = replace(request, checkpoint=request.checkpoint and unused(request.checkpoint))
        try:
            result = self._place.executor.train(request, self._on_epoch)
        except TrialPruned:
            return None
        except (TrialFailed, ParamError, DataError) as error:
            return Run(contender=name, stage=stage, seed=seed, value=None, reason=str(error), **about)
        known = _known(result)
        value = known.get(f"{stage}_{self.confirmation.objective}", known.get(self.confirmation.objective))
        reason = None if value is not None else f"{self.confirmation.objective} was not measured on {stage}"
        return Run(
            contender=name,
            stage=stage,
            seed=seed,
            value=value,
            reason=reason,
            metrics=known,
            best_epoch=result.best_epoch,
            train_s=float(result.cost.get("refit_s", result.cost.get("train_s", 0.0))),
            checkpoint=str(result.checkpoint),
            **about,
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
        scores = scores_of(self.confirmation, [c.name for c in self.confirmation.contenders], "valid")
        scores.sort(key=lambda score: -sign * score.mean)
        may_win = [score for score in scores if self._may_win(score)]
        infeasible = [s.contender for s in scores if s not in may_win and not self._is_baseline(s.contender)]
        self._keep(
            replace(
                self.confirmation,
                valid=tuple(scores),
                infeasible=tuple(infeasible),
                top=top_of(may_win, sign).contender if may_win else None,
                winner=winner_of(may_win, sign).contender if may_win else None,
                baseline=self._baseline(scores),
                optimism=self._optimism(scores, sign),
            )
        )

    def _is_baseline(self, name: str) -> bool:
        return self.confirmation.contender(name).role == "baseline"

    def _baseline(self, scores: Sequence[Score]) -> str | None:
        """The better one of the simple models at their defaults, which may be a study's own defaults."""
        models = baselines_for(self._spec.goal, self._spec.repeats)[0]
        simple = {
            contender.name
            for contender in self.confirmation.contenders
            if contender.model in models and dict(contender.params) == MODELS[contender.model].space.defaults()
        }
        return next((score.contender for score in scores if score.contender in simple), None)

    def _may_win(self, score: Score) -> bool:
        """Not a baseline, and the means over seeds meet the constraints."""
        if self._is_baseline(score.contender):
            return False
        runs = self.confirmation.runs_of(score.contender, "valid")
        return self._spec.goal.is_feasible(mean_metrics([run.metrics for run in runs]))

    def _optimism(self, scores: Sequence[Score], sign: int) -> float | None:
        """By how much the study's best trial looked better than its configuration is over all seeds."""
        best = best_of(self._spec.goal, self._records)
        names = {c.name for c in self.confirmation.contenders if best is not None and _is_of(c, best)}
        mean = next((score.mean for score in scores if score.contender in names), None)
        return None if best is None or best.value is None or mean is None else sign * (best.value - mean)

    def _conclude(self) -> None:
        found, names = self.confirmation, self.confirmation.finalists()
        scores = scores_of(found, names, "test")
        gains = [
            gain
            for name in names
            if found.winner is not None and name != found.winner and (gain := gain_of(found, found.winner, name))
        ]
        found = replace(found, test=tuple(scores), gains=tuple(gains), train_commands=train_commands(self._spec, found))
        self._keep(replace(found, notes=notes_of(self._spec, self._records, found), ended_at=_now()))
        for run in found.runs:
            if run.checkpoint and run.reused_from is None and not self._is_kept(run.contender, run.stage, run.seed):
                keep_users_only(Path(run.checkpoint), f"{run.stage}_{found.objective}")

    def _is_kept(self, name: str, stage: Stage, seed: int) -> bool:
        """The winner's weights on all that comes before test are worth keeping."""
        return (name, stage, seed) == (self.confirmation.winner, "test", 0)

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
