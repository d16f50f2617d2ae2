"""The advisor's plan: after the defaults, Bayesian optimisation that begins with what past trials expect."""

from agent.advisor import gp
from agent.advisor.situation import Situation
from agent.proposal import Candidate


def suggest(situation: Situation, model: str) -> Candidate | None:
    """The next params after the defaults."""
    return gp.most_promising(situation, model)
