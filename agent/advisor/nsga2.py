"""NSGA-II, Optuna's, for several objectives; the trials so far are its generations."""

import optuna
from optuna.samplers import NSGAIISampler

from agent.advisor import random
from agent.advisor.predict import predicted
from agent.advisor.situation import Situation
from agent.advisor.substudy import build, suggest_all
from agent.proposal import Candidate

POPULATION = 6  # small, as budgets are
_ATTEMPTS = 8


def suggest(situation: Situation, model: str) -> Candidate | None:
    """A child of the best trials; random ones until the first generation is full."""
    for attempt in range(_ATTEMPTS):
        sampler = NSGAIISampler(population_size=POPULATION, seed=situation.seed_of(model, attempt))
        study = _generations(build(sampler, situation, model, is_flat=True, with_pruned=True), sampler)
        if len(study.trials) < POPULATION:
            return random.suggest(situation, model, random.TOO_FEW)
        params = suggest_all(study.ask(), situation.searched(model), is_flat=True)
        if situation.objection(model, params) is None:
            return predicted(situation, model, params, "nsga2", "a child of the best trials so far")
    return random.suggest(situation, model, random.REPEATED)


def _generations(study: optuna.Study, sampler: NSGAIISampler) -> optuna.Study:
    """The same trials, told which generation they belong to, which the sampler reads from an attribute."""
    told = optuna.create_study(sampler=sampler, directions=study.directions)
    for i, trial in enumerate(study.trials):
        trial.system_attrs = trial.system_attrs | {sampler._get_generation_key(): i // POPULATION}
        told.add_trial(trial)
    return told
