"""Tree-structured Parzen estimator, Optuna's, multivariate and aware of conditional params."""

from optuna.samplers import BaseSampler, TPESampler

from agent.advisor import random, substudy, untried
from agent.advisor.predict import predicted
from agent.advisor.situation import Situation, Values
from agent.proposal import Candidate

N_STARTUP = 4  # Optuna's 10 would be half of a small budget


def suggest(situation: Situation, model: str) -> Candidate | None:
    """Params where good trials are dense and bad ones are not."""
    if len(Values.of(situation, model).records) < N_STARTUP:
        return random.suggest(situation, model, random.TOO_FEW)
    params = substudy.ask(_sampler, situation, model)
    if params is None:
        return untried.suggest(situation, model)
    return predicted(situation, model, params, "tpe", "dense among the good trials and rare among the others")


def _sampler(seed: int) -> BaseSampler:
    return TPESampler(seed=seed, n_startup_trials=N_STARTUP, multivariate=True, group=True)
