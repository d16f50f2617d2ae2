"""How often a 90 % interval stated before a trial holds, and how near the best a study comes, on made-up responses.

python tests/benchmarks/bench_calibration_synthetic.py [--sampler gp] [--seeds 6] [--trials 20]
"""

import argparse
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np

from agent.advisor import SAMPLERS, advise
from agent.advisor.predict import surrogate_of
from agent.advisor.situation import Situation, from_unit, unit
from agent.objective import Goal
from memory.record import TrialRecord
from recmodels.models import MODELS
from recmodels.search_space import Choice, Params, SearchSpace

NAMES = ("item_knn", "ease", "ials", "bpr_mf", "sasrec")
Z90 = 1.6449
Response = Callable[[Params, int], float]


def response(space: SearchSpace, seed: int) -> Response:
    """A skewed hill: few params matter, some in pairs, choices shift it, and the noise is up to 1.2 %."""
    rng = np.random.default_rng(seed)
    d = len(space)
    weight = rng.gamma(0.5, 1.0, d)
    weight /= weight.max()
    top = np.clip(unit(space, space.defaults()) + rng.normal(0, 0.2, d), 0, 1)
    pairs = 0.8 * rng.normal(0, 1, (d, d)) * np.outer(weight, weight)
    lost = {n: dict(zip(p.choices, rng.exponential(0.3, len(p.choices)), strict=True)) for n, p in choices(space)}
    depth, noise, height = rng.uniform(0.3, 2.5), rng.choice([0.0, 0.004, 0.012]), rng.uniform(0.03, 0.4)

    def value(params: Params, run: int) -> float:
        is_on = np.array([name in params and name not in lost for name in space])
        gap = (unit(space, params) - top) * is_on
        chosen = sum(0.3 * weight[i] * lost[n][params[n]] for i, n in enumerate(space) if n in lost and n in params)
        bowl = 4 * float(weight @ gap**2) + float(gap @ pairs @ gap) + chosen
        luck = 1 + noise * np.random.default_rng([seed, run]).standard_normal()
        return float(height * math.exp(-depth * max(bowl, -0.2)) * luck)

    return value


def choices(space: SearchSpace) -> list[tuple[str, Choice]]:
    return [(name, param) for name, param in space.items() if isinstance(param, Choice)]


@dataclass
class Measured:
    """Over all studies: errors in stated spreads, how much of the best is missed, and how long a suggestion took."""

    chosen: list[float] = field(default_factory=list)
    random: list[float] = field(default_factory=list)
    missed: list[list[float]] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


def run(model: str, seed: int, sampler: str, n_trials: int, into: Measured) -> None:
    """One study, with the surrogate's predictions for the point that was chosen and for a random one."""
    space = MODELS[model].space
    value, rng = response(space.searched(), seed), np.random.default_rng(seed)
    draws = [from_unit(space.searched(), rng.random(len(space.searched()))) for _ in range(1500)]
    best = max(value(params, 0) for params in draws)
    now = Situation(goal=Goal.parse(["ndcg@10"]), spaces={model: space}, declared={model: space}, records=(), seed=seed)
    missed = []
    for i in range(n_trials):
        begin = time.process_time()
        chosen = advise(now, sampler)[0]
        into.seconds.append(time.process_time() - begin)
        measured, surrogate = value(chosen.params, i), surrogate_of(now, model)
        if surrogate is not None:
            for errors, params, seen in ((into.chosen, chosen.params, measured), (into.random, draws[i], None)):
                mean, spread = surrogate.predict(params)
                errors.append(((value(params, 1000 + i) if seen is None else seen) - mean) / spread)
        record = TrialRecord(
            id=f"s/{i}",
            study="s",
            number=i,
            dataset="d",
            model=model,
            params=chosen.params,
            state="complete",
            objective="ndcg@10",
            value=measured,
            metrics={"valid_ndcg@10": measured},
            proposer=chosen.source,
        )
        now = replace(now, records=(*now.records, record))
        missed.append(1 - max(r.value or 0.0 for r in now.records) / best)
    into.missed.append(missed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sampler", default="gp", choices=SAMPLERS)
    parser.add_argument("--seeds", type=int, default=6)
    parser.add_argument("--trials", type=int, default=20)
    given = parser.parse_args()
    found = Measured()
    for seed in range(given.seeds):
        for model in NAMES:
            run(model, seed, given.sampler, given.trials, found)
    for kind, errors in (("chosen", found.chosen), ("random", found.random)):
        z = np.abs(errors)
        print(
            f"{kind}: {len(z)} predictions, 90 % intervals hold in {np.mean(z < Z90):.1%}, 68 % in {np.mean(z < 1):.1%}"
        )
    missed = np.mean(found.missed, axis=0)
    print("missed of the best:", ", ".join(f"{missed[i - 1]:.2%} after {i}" for i in (5, 10, 20) if i <= given.trials))
    print(
        f"a suggestion: median {np.median(found.seconds):.3f} s, largest {max(found.seconds):.3f} s of processor time"
    )


if __name__ == "__main__":
    main()
