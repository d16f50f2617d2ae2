"""The advisor's plan for a small budget: remembered params, then Bayesian optimisation."""

from agent.advisor import gp, remembered
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
    return gp.suggest(situation, model)
