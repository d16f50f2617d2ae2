"""Bayesian optimisation with a Gaussian process: Optuna's sampler, logEI, constraints included."""

from optuna.samplers import BaseSampler, GPSampler

from agent.advisor import random, substudy
from agent.advisor.predict import predicted
from agent.advisor.situation import Situation, Values
from agent.proposal import Candidate

N_STARTUP = 3


def suggest(situation: Situation, model: str) -> Candidate | None:
    """Params that maximise the expected improvement; random ones until three trials have a value."""
    if len(Values.of(situation, model).records) < N_STARTUP:
        return random.suggest(situation, model, random.TOO_FEW)
    params = substudy.ask(_sampler, situation, model, is_flat=True, with_pruned=True)
    if params is None:
        return random.suggest(situation, model, random.REPEATED)
    return predicted(situation, model, params, "gp", "the largest expected improvement under a Gaussian process")


def _sampler(seed: int) -> BaseSampler:
    return GPSampler(seed=seed, n_startup_trials=N_STARTUP, warn_independent_sampling=False)
