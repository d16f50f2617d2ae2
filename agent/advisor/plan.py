"""The advisor's plan: the defaults, the best of the same data, then Bayesian optimisation that begins with the past."""

from agent.advisor import gp, same_data
from agent.advisor.situation import Situation
from agent.proposal import Candidate


def suggest(situation: Situation, model: str) -> Candidate | None:
    """The next params after the defaults."""
    return same_data.suggest(situation, model) or gp.most_promising(situation, model)
