"""The advisor's plan for a small budget: remembered params, then a Gaussian process, or TPE in conditional spaces."""

from agent.advisor import gp, remembered, tpe
from agent.advisor.situation import Situation
from agent.proposal import Candidate

PORTFOLIO = 3  # remembered points a model gets at most …
PORTFOLIO_SHARE = 0.25  # … and this share of the budget


def suggest(situation: Situation, model: str) -> Candidate | None:
    """The next params after the defaults."""
    n_remembered = sum(record.proposer == "memory" for record in situation.of(model))
    if n_remembered < min(PORTFOLIO, max(1, int(PORTFOLIO_SHARE * situation.n_trials))):
        candidate = remembered.suggest(situation, model)
        if candidate is not None:
            return candidate
    return optimise(situation, model)


def optimise(situation: Situation, model: str) -> Candidate | None:
    """TPE where a third or more of the params are conditional, else a Gaussian process, which wants a fixed space."""
    space = situation.searched(model)
    n_conditional = sum(param.when is not None for param in space.values())
    chosen = tpe.suggest if 3 * n_conditional >= len(space) > 0 else gp.suggest
    return chosen(situation, model)
