"""What a study is asked to do, complete and checked, and what can be said of it at any moment."""

import dataclasses
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from agent.advisor import SAMPLERS
from agent.errors import UserError
from agent.events import StudyState
from agent.formats import STEPS, stamped
from agent.objective import Goal
from agent.proposal import Proposal
from agent.pruner_words import DEFAULT_PRUNER, EARLIER_PRUNER
from agent.studies import defaults
from agent.studies.pruners import PRUNERS
from memory.formats import known, upgraded
from memory.record import TrialRecord
from recmodels.errors import ParamError
from recmodels.metrics import prediction_of
from recmodels.models import MODELS, find_model, space_of
from recmodels.outcomes import parse_outcomes
from recmodels.plan import check_weighed
from recmodels.positive import EVERY, parse_rule
from recmodels.repeats import MASK, parse_repeats
from recmodels.request import SplitSpec, check_seed
from recmodels.search_space import Params, SearchSpace

Ranges = Mapping[str, Mapping[str, Mapping[str, Any]]]  # model → param → low and high, or choices
Try = tuple[str, Params]  # a model, and what differs from its defaults


@dataclass(frozen=True, slots=True, kw_only=True)
class StudySpec:
    """One tuning task. `StudySpec.create` checks what a person wrote; the constructor trusts its caller."""

    name: str  # empty: the runner names it after the dataset
    dataset: str  # its name in the catalogue
    models: tuple[str, ...]
    goal: Goal
    n_trials: int
    time_limit_s: float | None = None  # working time of the whole study
    trial_time_limit_s: float | None = None
    epochs: int | None = None  # at most, for every trial; None: the model's own `epochs`
    patience: int | None = None  # epochs without a better objective before a trial ends; None: the training tool's own
    sampler: str = "advisor"
    pruner: str = DEFAULT_PRUNER  # by what rule a trial that will not win stops early
    uses_rules: bool = True  # whether the advisor heeds rules, those that came with recpilot and the person's
    split: SplitSpec = field(default_factory=SplitSpec)
    positive: str | None = EVERY.to_text()  # which rows are likes; None: by the data, as the runner sets it
    repeats: str | None = MASK  # whether lists may hold what users had before; None: by the data, as the runner sets it
    repeats_says: str = ""  # the same with its reason, as the runner found it; until then who set it
    outcomes: str | None = None  # what each outcome of a held-out event counts in ndcg; None: all alike
    seed: int = 0
    needs_approval: bool = False  # the person confirms each trial
    llm: str = "none"  # who may decide among the candidates; recorded, the runner is given the decider
    rerankers: tuple[str, ...] = ()  # ways to reorder the lists that are tuned too; the runner sets them by the data
    ranges: Ranges = field(default_factory=dict)  # narrowed from the beginning; what a study narrows later comes on top
    tries: tuple[Try, ...] = ()  # run right after the defaults of their models, in this order
    runs_defaults: bool = True  # whether the first trial of each model is its defaults
    retuned_from: str = ""  # the id of another study's best trial, whose params run first

    @classmethod
    def create(
        cls,
        *,
        dataset: str,
        models: Sequence[str] = (),
        objectives: Sequence[str] = (defaults.OBJECTIVE,),
        constraints: Sequence[str] = (),
        n_trials: int = defaults.TRIALS,
        name: str = "",
        time_limit_s: float | None = None,
        trial_time_limit_s: float | None = None,
        epochs: int | None = None,
        patience: int | None = None,
        sampler: str = "advisor",
        pruner: str = DEFAULT_PRUNER,
        uses_rules: bool = True,
        split: SplitSpec | None = None,
        positive: str | None = None,
        repeats: str | None = None,
        outcomes: str | None = None,
        seed: int = 0,
        needs_approval: bool = False,
        llm: str = "none",
        ranges: Ranges | None = None,
        tries: Sequence[Try] = (),
        runs_defaults: bool = True,
    ) -> "StudySpec":
        """The checked spec; no models: the usual ones for the objective. `ranges` and `tries` are trusted.

        Raises:
            recmodels.errors.ParamError: A model, metric, sampler, pruner, rule of likes or choice of repeats that
                does not exist, a budget that is not positive, a seed below 0, or weights of outcomes that cannot be.
            UserError: A name or a constraint that cannot be read.
        """
        for model in models:
            find_model(model)
        if sampler not in SAMPLERS:
            raise ParamError(f"unknown sampler {sampler!r}; the samplers are: {', '.join(SAMPLERS)}")
        if pruner not in PRUNERS:
            raise ParamError(f"unknown pruner {pruner!r}; the pruners are: {', '.join(PRUNERS)}")
        check_positive(
            n_trials=n_trials,
            time_limit_s=time_limit_s,
            trial_time_limit_s=trial_time_limit_s,
            epochs=epochs,
            patience=patience,
        )
        check_seed(seed)
        if name:
            check_name(name)
        goal = Goal.parse(tuple(objectives), tuple(constraints))
        for objective in goal.objectives if outcomes is not None else ():
            check_weighed(objective.metric)
        return cls(
            name=name,
            dataset=dataset,
            models=tuple(dict.fromkeys(models)) or usual_models(goal),
            goal=goal,
            n_trials=int(n_trials),
            time_limit_s=time_limit_s,
            trial_time_limit_s=trial_time_limit_s,
            epochs=epochs,
            patience=patience,
            sampler=sampler,
            pruner=pruner,
            uses_rules=uses_rules,
            split=split or SplitSpec(),
            positive=None if positive is None else parse_rule(positive).to_text(),
            repeats=None if repeats is None else parse_repeats(repeats),
            outcomes=None if outcomes is None else parse_outcomes(outcomes).to_text(),
            seed=seed,
            needs_approval=needs_approval,
            llm=llm,
            ranges=ranges or {},
            tries=tuple(tries),
            runs_defaults=runs_defaults,
        )

    @property
    def aim(self) -> str:
        """The goal in words, what counts as a like where that is not every row, outcomes count, becomes of repeats."""
        rule = parse_rule(self.positive or EVERY.to_text())
        said = [str(self.goal), *([] if rule.is_all else [rule.words()])]
        said += [] if self.outcomes is None else [parse_outcomes(self.outcomes).words()]
        goal = ", ".join(said)
        return f"{goal} ({self.repeats_says})" if self.repeats_says else goal

    def space(self, model: str) -> SearchSpace:
        """What this study can tune of one of its models, not narrowed yet."""
        return space_of(model, self.rerankers)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; the goal in the words that `Goal.parse` reads."""
        data = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        changed = {
            "models": list(self.models),
            "rerankers": list(self.rerankers),
            "tries": [[model, dict(params)] for model, params in self.tries],
            "split": dataclasses.asdict(self.split),
            "goal": {
                "objectives": [objective.metric for objective in self.goal.objectives],
                "constraints": [constraint.to_text() for constraint in self.goal.constraints],
            },
        }
        return stamped("spec", data | changed)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "StudySpec":
        """The spec that `to_dict` wrote, in this version or an earlier one.

        Raises:
            memory.errors.UserError: A newer version wrote it.
        """
        fields = known(cls, upgraded(data, STEPS["spec"], "a study"))
        changed = {
            "pruner": fields.get("pruner", EARLIER_PRUNER),
            "models": tuple(fields["models"]),
            "rerankers": tuple(fields.get("rerankers", ())),
            "tries": tuple((model, params) for model, params in fields.get("tries", ())),
            "split": SplitSpec(**known(SplitSpec, fields.get("split", {}))),
            "goal": Goal.parse(fields["goal"]["objectives"], fields["goal"].get("constraints", ())),
        }
        return cls(**(fields | changed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosing:
    """A proposal that is being made."""

    number: int  # of the trial that it is for
    since_s: float  # how long ago it was asked for
    by: str  # the language model that decides, or `advisor`


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyStatus:
    """A study at one moment, for screens and tools."""

    name: str
    dataset: str
    models: tuple[str, ...]
    objective: str  # in words: "maximize ndcg@10, coverage@10 >= 0.2, ratings of 4 and more count as likes"
    state: StudyState
    reason: str
    n_finished: int  # complete, pruned and failed trials; interrupted ones do not count
    n_trials: int
    elapsed_s: float  # working time
    best: TrialRecord | None  # None until a complete trial meets every constraint
    running: int | None  # the number of the trial that trains now
    epoch: int  # of the running trial; 0 before its first
    epochs: int
    choosing: Choosing | None  # the next proposal, which is being made
    pending: Proposal | None  # made but not yet run
    run_by: str | None  # another process that works on it, which alone steers it: `process 617 on host`
    space: Mapping[str, Mapping[str, str]]  # model → param → its range in words, as narrowed so far
    scoreboard: Mapping[str, Mapping[str, float]]  # llm, advisor, user → trials, improved, best
    acts: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # of a language model: take, own, … → same


def trials_done(n_finished: int, n_trials: int) -> str:
    """`3 of 6 trials done`; `7 trials done (6 in the budget, 1 asked for)` where more ran than were planned."""
    if n_finished > n_trials:
        return f"{n_finished} trials done ({n_trials} in the budget, {n_finished - n_trials} asked for)"
    return f"{n_finished} of {n_trials} trial{'' if n_trials == 1 else 's'} done"


def usual_models(goal: Goal) -> tuple[str, ...]:
    """One of each kind: models that predict where the objective is to, else the others."""
    wanted = {kind for objective in goal.objectives if (kind := prediction_of(objective.metric))}
    return tuple(
        name
        for name, entry in MODELS.items()
        if entry.is_usual and (wanted <= entry.predicts if wanted else not entry.predicts)
    )


def check_name(name: str) -> None:
    """Raises UserError: it cannot be the name of a study."""
    if not re.fullmatch(r"[\w.@+-]{1,100}", name):
        raise UserError(f"a study's name is 1 to 100 letters, digits or . _ - + @, got {name[:120]!r}")


def check_title(title: str) -> None:
    """Raises UserError: a study cannot be called so; unlike its own name a title may have spaces."""
    check_name(re.sub(r"(?<=\S)[, ]+(?=\S)", "", title))
    if len(title) > _MAX_TITLE:
        raise UserError(f"a study's name is 1 to {_MAX_TITLE} characters, got {len(title)}")


_MAX_TITLE = 100


def check_positive(**amounts: float | None) -> None:
    """Budgets by name; None is none.

    Raises:
        recmodels.errors.ParamError: One is not above 0, or `n_trials`, `epochs` or `patience` is no whole number.
    """
    for what, amount in amounts.items():
        is_whole = what in ("n_trials", "epochs", "patience")
        if amount is None:
            continue
        if isinstance(amount, bool) or not amount > 0 or (is_whole and amount != int(amount)):
            legal = "a whole number of at least 1" if is_whole else "above 0"
            raise ParamError(f"`{what}` must be {legal}, got {amount}")
