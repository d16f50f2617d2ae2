"""Whether the shipped rules help on data that they were not derived from: measured ranks, then replays.

python tests/benchmarks/bench_rules.py [--histories FOLDER …] [--seeds 4] [--to rules.json]

First, for each rule and dataset, by how much of the whole the configurations that it favours rank before the others:
measured values, nothing fitted. Then studies as in bench_tuning.py, with the rules, without them, and with rules whose
bounds are drawn again from the other families of datasets, with and without memory.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from bench_tuning import interval
from common import Kept, commit
from numpy.typing import NDArray
from replays import Past, Table, others, past_of, replay, tables_of
from scipy.stats import rankdata

from agent.advisor import advise
from agent.advisor.leaning import Leaning, Span
from agent.advisor.rules import Rule, shipped_rules
from agent.advisor.situation import Situation, from_unit_value, to_unit
from memory.histories.files import read_lines, shipped
from recmodels.search_space import Choice, Params

Array = NDArray[np.float64]
Leanings = tuple[Leaning, ...]
FEWEST = 18  # configurations of a table that is looked at
TOP = 0.2  # the best share of a table's configurations
KEPT = (0.1, 0.9)  # quantiles of the top's values that a derived bound keeps
N_TRIALS, AT = 12, (2, 3, 4, 5, 8, 12)


def ranks(table: Table) -> Array:
    """Of the configurations, in [0, 1], the best highest."""
    return np.asarray((rankdata(list(table.values.values())) - 0.5) / len(table.values))


def of(table: Table, rules: Sequence[Rule]) -> list[Rule]:
    """Those that hold for a table's model and data."""
    return [r for r in rules if table.model in r.models and r.holds(table.profile, "random", lambda: "cpu")]


def gap(rule: Rule, table: Table) -> float:
    """The mean rank of what a rule favours above that of the rest; NaN where all is or nothing."""
    leaning = next(iter(rule.leanings()))
    holds = np.array([leaning.holds(params) for params in table.params.values()])
    if holds.all() or not holds.any():
        return float("nan")
    found = ranks(table)
    return float(np.sign(rule.strength) * (found[holds].mean() - found[~holds].mean()))


def derived(rule: Rule, tables: Sequence[Table]) -> Rule | None:
    """The rule as these tables would have it; None where they would have none.

    A preference for a range keeps the middle of what their best configurations have, a dislike takes what lies beyond.
    """
    (name, condition), space = next(iter(rule.where.items())), tables[0].space
    top = [[p[name] for p in _best(table) if name in p] for table in tables]
    param = space[name]
    if isinstance(param, Choice) or not isinstance(condition, Span):
        shares = [np.mean([value in condition for value in values]) for values in top]  # type: ignore[operator]
        rest = [np.mean([p.get(name) in condition for p in table.params.values()]) for table in tables]  # type: ignore[operator]
        return rule if np.sign(rule.strength) * (np.mean(shares) - np.mean(rest)) > 0 else None
    places = np.concatenate([[to_unit(param, value) for value in values] for values in top])
    low, high = (float(from_unit_value(param, float(x))) for x in np.quantile(places, KEPT))
    if rule.strength < 0:
        return replace(rule, where={name: Span(low=high)} if condition.low > param.low else {name: Span(high=low)})
    is_open = Span(low=low) if np.isinf(condition.high) else Span(low=low, high=high)
    return replace(rule, where={name: is_open})


def _best(table: Table) -> list[Params]:
    found = ranks(table)
    return [params for params, rank in zip(table.params.values(), found, strict=True) if rank > 1 - TOP]


def leanings_off(table: Table, tables: Sequence[Table]) -> Leanings:
    return ()


def leanings_shipped(table: Table, tables: Sequence[Table]) -> Leanings:
    return tuple(leaning for rule in of(table, shipped_rules()) for leaning in rule.leanings())


def leanings_left_out(table: Table, tables: Sequence[Table]) -> Leanings:
    found = []
    for rule in of(table, shipped_rules()):
        rest = [t for t in tables if t.family != table.family and rule in of(t, [rule])]
        if rest and (again := derived(rule, rest)) is not None:
            found += list(again.leanings())
    return tuple(found)


METHODS: Mapping[str, Callable[[Table, Sequence[Table]], Leanings]] = {
    "off": leanings_off,
    "shipped": leanings_shipped,
    "bounds of the other families": leanings_left_out,
}


def curve(method: str, table: Table, tables: Sequence[Table], *, has_memory: bool, seed: int) -> list[float]:
    """The least regret after each trial."""
    leanings = METHODS[method](table, tables)
    past: Past = past_of(others(table, tables)) if has_memory else ()

    def suggest(situation: Situation) -> tuple[Params, str]:
        candidate = advise(replace(situation, leanings=leanings))[0]
        return candidate.params, candidate.source

    return [round(float(x), 5) for x in np.minimum.accumulate(replay(table, suggest, past, N_TRIALS, seed))]


def print_gaps(tables: Sequence[Table]) -> None:
    print(
        "| rule | datasets | favoured ranks higher on | by (mean share of the ranks) | least |\n|---|---|---|---|---|"
    )
    for rule in shipped_rules():
        gaps = np.array([gap(rule, table) for table in tables if rule in of(table, [rule])])
        gaps = gaps[~np.isnan(gaps)]
        if len(gaps):
            print(f"| {rule.id} | {len(gaps)} | {(gaps > 0).sum()} | {gaps.mean():.2f} | {gaps.min():.2f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=Path, nargs="+", default=[], help="folders of measured trials")
    parser.add_argument("--models", nargs="+")
    parser.add_argument("--methods", nargs="+", choices=METHODS, default=tuple(METHODS), help="off is among them")
    parser.add_argument("--memory", nargs="+", choices=("off", "on"), default=("off", "on"))
    parser.add_argument("--seeds", type=int, default=4)
    parser.add_argument("--to", type=Path, help="keep the curves here and go on from them")
    arguments = parser.parse_args()
    trials = [*shipped(), *(trial for folder in arguments.histories for trial in read_lines(folder))]
    tables = tables_of(trials, FEWEST)
    print_gaps(tables)
    targets = [t for t in tables if of(t, shipped_rules()) and (not arguments.models or t.model in arguments.models)]
    kept = Kept(arguments.to)
    print(f"\n{len(targets)} tables, {arguments.seeds} seeds; commit {commit()}\n", flush=True)
    print("| memory | rules | " + " | ".join(f"after {n}" for n in AT) + " |\n" + "|---" * (len(AT) + 2) + "|")
    for memory in arguments.memory:
        by_method: dict[str, Array] = {}
        for method in arguments.methods:
            rows = []
            for table in targets:
                for seed in range(arguments.seeds):
                    name = f"{memory}/{method}/{table.model}/{table.dataset}/{seed}"
                    make = lambda: curve(method, table, tables, has_memory=memory == "on", seed=seed)  # noqa: E731, B023
                    rows.append(kept.get(name, make))
            by_method[method] = np.array(rows).reshape(len(targets), arguments.seeds, N_TRIALS).mean(axis=1)
            means = by_method[method].mean(axis=0)
            print(f"| {memory} | {method} | " + " | ".join(f"{means[n - 1]:.3f}" for n in AT) + " |", flush=True)
        for method in (m for m in arguments.methods if m != "off"):
            gains = [interval((by_method["off"] - by_method[method])[:, n - 1]) for n in AT]
            cells = " | ".join(f"{mean:+.3f} ({low:+.3f} to {high:+.3f})" for mean, low, high in gains)
            print(f"| {memory} | {method}, less regret than off | {cells} |", flush=True)
            for model in sorted({t.model for t in targets}):
                rows_of = [i for i, t in enumerate(targets) if t.model == model]
                gain = (by_method["off"] - by_method[method])[rows_of].mean(axis=0)
                print(
                    f"| {memory} | … of {model} | " + " | ".join(f"{gain[n - 1]:+.3f}" for n in AT) + " |", flush=True
                )


if __name__ == "__main__":
    main()
