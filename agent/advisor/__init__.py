"""Candidates with evidence: one file for each source, listed here by the name that `--sampler` takes.

advise(situation, "advisor")  # → candidates, the one that the advisor would run first
"""

from dataclasses import replace

from agent.advisor import cmaes, defaults, gp, grid, nsga2, plan, random, remembered, tpe
from agent.advisor.allotment import ranked_models
from agent.advisor.pacing import ends_in_time
from agent.advisor.situation import Situation, Suggest
from agent.proposal import Candidate

SAMPLERS: dict[str, Suggest] = {
    "advisor": plan.suggest,
    "tpe": tpe.suggest,
    "gp": gp.suggest,
    "cmaes": cmaes.suggest,
    "nsga2": nsga2.suggest,
    "grid": grid.suggest,
    "random": random.suggest,
}


def advise(situation: Situation, sampler: str = "advisor", n_others: int = 0) -> tuple[Candidate, ...]:
    """Candidates for the next trial, the advisor's own first; empty when every point of every space was tried.

    Under a time limit the advisor proposes nothing that cannot end in time, and it may be that nothing can.

    Args:
        sampler: A key of SAMPLERS. Whatever it is, a model's first trial is its defaults unless the study does without.
            Leanings lean the advisor alone: any other does what its name says.
        n_others: How many more to offer to whoever decides: untried defaults of other models, then remembered params,
            the surrogate's, an exploring draw, and what the sampler would do with the other models.
    """
    if SAMPLERS[sampler] is not plan.suggest:
        situation = replace(situation, leanings=())
    models = ranked_models(situation)
    first = next((c for model in models if (c := _next(situation, sampler, model)) is not None), None)
    if first is None:
        return ()
    return (first, *_others(situation, sampler, first, models, n_others))


def _next(situation: Situation, sampler: str, model: str) -> Candidate | None:
    candidate = defaults.suggest(situation, model) or SAMPLERS[sampler](situation, model)
    if candidate is None or (sampler == "advisor" and not ends_in_time(situation, model, candidate.params)):
        return None
    return candidate


def _others(situation: Situation, sampler: str, first: Candidate, models: list[str], n: int) -> list[Candidate]:
    """Alternatives that differ from the first and from each other."""
    rivals = [model for model in models if model != first.model]
    own: list[Suggest] = [remembered.suggest, gp.suggest, random.suggest]
    sources: list[tuple[Suggest, str]] = [(defaults.suggest, model) for model in rivals]
    sources += [(suggest, first.model) for suggest in own]
    sources += [(SAMPLERS[sampler], model) for model in rivals if situation.of(model)]
    kept: list[Candidate] = []
    for suggest, model in sources if n else ():
        if len(kept) == n:
            break
        candidate = suggest(situation, model)
        if candidate is not None and all(candidate.params != c.params or model != c.model for c in (first, *kept)):
            kept.append(candidate)
    return kept
