"""NSGA-II, Optuna's, for several objectives; the trials so far are its generations."""

import optuna
from optuna.samplers import NSGAIISampler

from agent.advisor import random, substudy, untried
from agent.advisor.predict import predicted
from agent.advisor.situation import Situation
from agent.proposal import Candidate

POPULATION = 6  # small, as budgets are


def suggest(situation: Situation, model: str) -> Candidate | None:
    """A child of the best trials; random ones until the first generation is full."""
    if len(substudy.told(situation, model, with_default=True)) < POPULATION:
        return random.suggest(situation, model, random.TOO_FEW)
    for attempt in range(substudy.ATTEMPTS):
        sampler = NSGAIISampler(population_size=POPULATION, seed=situation.seed_of(model, attempt))
        trial = _generations(situation, model, sampler).ask()
        params = substudy.suggest_all(trial, situation.searched(model))
        if situation.objection(model, params) is None:
            return predicted(situation, model, params, "nsga2", "a child of the best trials so far")
    return untried.suggest(situation, model)


def _generations(situation: Situation, model: str, sampler: NSGAIISampler) -> optuna.Study:
    """The trials run again in their order: the sampler gives each its generation as it begins."""
    study = optuna.create_study(sampler=sampler, directions=substudy.directions(situation))
    for record, params in substudy.told(situation, model, with_default=True):
        study.enqueue_trial(dict(params))
        trial = study.ask()
        substudy.suggest_all(trial, situation.searched(model), with_default=True)
        sampler.get_trial_generation(study, study.trials[trial.number])
        for constraint, violation in substudy.told_violations(situation, record).items():
            trial.set_constraint(constraint, violation)
        study.tell(trial, substudy.told_values(situation, record))
    return study
