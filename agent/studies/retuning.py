"""A study once more on other data, from where it was best: its terms, then its best params, then the defaults.

study = retune(runner, runner.peek("shop-1"), "shop-v2")
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from agent.cut_defaults import defaults_named
from agent.errors import UserError
from agent.events import StudyNoted
from agent.proposal import Proposal
from agent.standing import DEFAULTS, best_of, gain_of
from agent.studies.bounds_of_notes import is_within
from agent.studies.runner import StudyRunner
from agent.studies.space_options import options_of
from agent.studies.study import Study
from agent.studies.study_spec import Ranges, StudySpec
from agent.studies.terms import changed, terms_of
from agent.uncertainty import Difference, valid_values
from memory.record import TrialRecord
from recmodels.durations import in_words
from recmodels.search_space import ParamValue

REMEMBERED = "memory"  # the proposer of params that were the best of another study


@dataclass(frozen=True, slots=True, kw_only=True)
class Retuned:
    """What the best of an earlier study is worth on the new data."""

    origin: str  # the id of the earlier study's best trial
    past: TrialRecord | None  # the trial that ran its params here; None until it is complete
    best: TrialRecord | None  # of this study
    gain: Difference | None  # best minus past, turned so that more is better; None where it cannot be said

    def to_json(self) -> dict[str, Any]:
        """JSON-ready, trials by number."""
        gain = self.gain
        return {
            "from": self.origin,
            "past": None if self.past is None else self.past.number,
            "best": None if self.best is None else self.best.number,
            "gain": None if gain is None else {"mean": gain.mean, "low": gain.low, "high": gain.high},
            "is_clear": None if gain is None else gain.low > 0,
        }


def retuned_spec(study: Study, dataset: str, *, name: str = "", llm: str | None = None, **said: Any) -> StudySpec:
    """The spec of a study on other data: what is not said is the earlier study's, but for what it tried first.

    Args:
        dataset: Its key in the catalogue.
        name: Empty: after the dataset.
        llm: Who decides; None: as in the earlier study.
        said: As `StudySpec.create` takes it; None is not said.

    Raises:
        UserError: The earlier study has no best trial, ran on these data, or the model of its best takes no part.
        recmodels.errors.ParamError: As `StudySpec.create`.
    """
    terms = changed(terms_of(study) | {"tries": ()}, **said)
    best = best_to_start_from(study, dataset, terms["models"])
    spec = StudySpec.create(dataset=dataset, name=name, llm=study.spec.llm if llm is None else llm, **terms)
    return replace(spec, repeats_says=f"as in study {study.title}", retuned_from=best.id)


def best_to_start_from(study: Study, dataset: str, models: Sequence[str]) -> TrialRecord:
    """The trial of the earlier study whose params run first.

    Raises:
        UserError: There is none, it ran on these data, or its model is none of `models`.
    """
    best = study.best()
    if best is None:
        raise UserError(f"study {study.title!r} has no best trial yet, so there is nothing to start from")
    if study.spec.dataset == dataset:
        raise UserError(f"study {study.title!r} ran on {dataset!r} already; name other data, or ask for more trials")
    if best.model not in models:
        raise UserError(f"the best of {study.title} is of {best.model}, which takes no part; begin a study without it")
    return best


def terms_kept(earlier: Study, spec: StudySpec) -> str:
    """What a retuned study keeps and what is other: `as in a-1: pruner none; as said now: sampler tpe`."""
    before, now = _told(earlier.spec, earlier.ranges()), _told(spec, spec.ranges)
    kept = [f"{name} {text}" for name, text in now.items() if before[name] == text]
    said = [f"{name} {text}" for name, text in now.items() if before[name] != text]
    told = [f"as in {earlier.title}: {', '.join(kept)}"] if kept else []
    return "; ".join([*told, *([f"as said now: {', '.join(said)}"] if said else [])])


def _told(spec: StudySpec, ranges: Ranges) -> dict[str, str]:
    limits = {"time limit": spec.time_limit_s, "time limit of a trial": spec.trial_time_limit_s}
    return {
        "models": " and ".join(spec.models),
        "goal": str(spec.goal),
        "split": spec.split.kind,
        "sampler": spec.sampler,
        "pruner": spec.pruner,
        "rules": "used" if spec.uses_rules else "not used",
        "defaults": "run" if spec.runs_defaults else "left out",
        "trials": str(spec.n_trials),
        **{name: "none" if limit is None else in_words(limit) for name, limit in limits.items()},
        "epochs": "by the model" if spec.epochs is None else f"at most {spec.epochs}",
        "seed": str(spec.seed),
        "ranges": " ".join(f"{option} {text}" for option, text in options_of(ranges)) or "as declared",
    }


def retune(runner: StudyRunner, earlier: Study, spec: StudySpec) -> Study:
    """Begin a study of `retuned_spec`; the first trials are the earlier study's best params and its model's defaults.

    Raises:
        UserError, recmodels.errors.DataError: As `StudyRunner.start`.
        recmodels.errors.ParamError: The earlier params are no longer legal.
    """
    best = earlier.record(int(spec.retuned_from.rpartition("/")[2]))
    spec.space(best.model).check(best.params)
    runner.room.check_new(spec)
    study = runner.create(spec)
    first, spaces = _first_trials(earlier, best, study), study.spaces()
    left = tuple(proposal for proposal in first if is_within(spaces, proposal.model, proposal.params))
    if len(left) < len(first):
        text = f"the best params of {earlier.title} lie outside of the ranges of this study, so they are not run"
        study.log.append(StudyNoted(study=study.name, text=text))
    study.run_given(left)
    if not left:
        study.resume()
    return study


def _first_trials(earlier: Study, best: TrialRecord, study: Study) -> tuple[Proposal, ...]:
    space, metric = study.spec.space(best.model), earlier.spec.goal.primary.metric
    params, defaults = space.check(best.params), study.spaces()[best.model].defaults()
    value = "" if best.value is None else f" with {metric} {best.value:.4g} on {best.dataset}"
    reason = f"the best of {earlier.title} (its trial {best.number}{value}), to see what it is worth on these data"
    if params == defaults:
        return (_proposal(best, params, DEFAULTS, f"{reason}; they are {defaults_named(best.model, params)}"),)
    if not study.spec.runs_defaults:
        return (_proposal(best, params, REMEMBERED, reason),)
    against = f"{defaults_named(best.model, defaults)}, so that every later change is measured against them"
    return (
        _proposal(best, params, REMEMBERED, reason),
        replace(_proposal(best, defaults, DEFAULTS, against), evidence=()),
    )


def retuned(study: Study) -> Retuned | None:
    """How the params that a study began with compare with its best; None where it began with none."""
    origin, records, goal = study.spec.retuned_from, study.records(), study.spec.goal
    if not origin:
        return None
    past = next((record for record in records if origin in record.evidence and record.state == "complete"), None)
    best = best_of(goal, records)
    gain = None if past is None or best is None else gain_of(goal, best, past, records, valid_values)
    return Retuned(origin=origin, past=past, best=best, gain=gain)


def _proposal(best: TrialRecord, params: Mapping[str, ParamValue], proposer: str, reason: str) -> Proposal:
    return Proposal(number=0, model=best.model, params=params, proposer=proposer, rationale=reason, evidence=(best.id,))
