"""How soon a study finds good params: the advisor with memory against the usual samplers, on measured trials.

python tests/benchmarks/bench_tuning.py [--histories FOLDER …] [--seeds 20] [--to tuning.json] [--plot tuning.png]

FOLDER holds what `recpilot memory measure` wrote; the histories that ship are always among them. Each study is of one
model on one dataset, and every method's first trial is the defaults. A Gaussian process that is fitted to the measured
configurations answers for training; its error on configurations left out of it is printed. What a method learns from
holds nothing of the dataset, nor of one that is a part of the same. Regret is 0 for the best of the space and 1 for its
median; printed is the mean over tables and seeds of the best so far, with a 95 % interval over tables by bootstrap.
"""

import argparse
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
from common import Curve, Kept, commit, picture
from numpy.typing import NDArray
from replays import Past, Suggest, Table, others, past_of, replay, tables_of
from scipy.stats import rankdata, wilcoxon

from agent.advisor import advise
from agent.advisor.situation import Situation
from memory.histories.files import read_lines, shipped
from recmodels.search_space import Params
from ui.figures import scales
from ui.figures.theme import ACCENT, SERIES, SOFT

Array = NDArray[np.float64]
Rank = Callable[[Sequence[tuple[Table, float]]], list[Params]]
AT = (3, 5, 10, 20)
N_TRIALS = 25  # that the slowest goal looks at
FEWEST = 40  # configurations of a table that is replayed …
FEWEST_PAST = 8  # … and of one that is learned from
BAR = "tpe"
HELD = "gp"  # the advisor is to be nowhere clearly worse than it
ALPHA = 0.05


def by_sampler(name: str) -> Suggest:
    """A sampler of a study, as `--sampler` names it."""

    def suggest(situation: Situation) -> tuple[Params, str]:
        candidate = advise(situation, name)[0]
        return candidate.params, candidate.source

    return suggest


def in_order(rank: Rank, pairs: Sequence[tuple[Table, float]]) -> Suggest:
    """A method that runs the defaults and then configurations in an order that only the past gives."""
    order = rank(pairs)

    def suggest(situation: Situation) -> tuple[Params, str]:
        (space,) = situation.spaces.values()
        tried = [record.params for record in situation.records]
        new = (params for params in (space.defaults(), *order) if params not in tried)
        return next(new), "order"

    return suggest


def nearest(pairs: Sequence[tuple[Table, float]]) -> list[Params]:
    """The most alike dataset's configurations, the best first."""
    table = pairs[0][0]
    return [table.params[number] for number in sorted(table.values, key=lambda number: -table.values[number])]


def portfolio(pairs: Sequence[tuple[Table, float]]) -> list[Params]:
    """Greedy: each next configuration lowers most the rank of the best so far, weighted by likeness."""
    numbers = sorted(set.intersection(*(set(table.values) for table, _ in pairs)))
    ranks = np.array([rankdata([-table.values[number] for number in numbers]) for table, _ in pairs])  # (k, n)
    weights = np.array([alike for _, alike in pairs])
    best, order = np.full(len(pairs), np.inf), list[int]()
    while len(order) < min(N_TRIALS, len(numbers)):
        after = weights @ np.minimum(best[:, None], ranks)
        after[order] = np.inf
        order.append(int(np.argmin(after)))
        best = np.minimum(best, ranks[:, order[-1]])
    return [pairs[0][0].params[numbers[i]] for i in order]


def shuffled(past: Past) -> Past:
    """The same trials with each other's values: advice that is worth nothing."""
    rng, wrong = np.random.default_rng(0), []
    for dataset in dict.fromkeys(record.dataset for record, _ in past):
        group = [pair for pair in past if pair[0].dataset == dataset]
        values = rng.permutation(np.array([record.value for record, _ in group], dtype=object))
        wrong += [(replace(r, value=v, metrics={}), alike) for (r, alike), v in zip(group, values, strict=True)]
    return tuple(wrong)


def unlike(past: Past) -> Past:
    """The least alike dataset's trials only."""
    least = min(alike for _, alike in past)
    return tuple(pair for pair in past if pair[1] == least)


def equal(past: Past) -> Past:
    """As if all datasets were equally alike."""
    return tuple((record, 0.5) for record, _ in past)


SAMPLERS = ("random", "tpe", "gp", "cmaes")
ORDERS: Mapping[str, Rank] = {"portfolio": portfolio, "nearest": nearest}
MEMORIES: Mapping[str, Callable[[Past], Past]] = {
    "advisor": lambda past: past,
    "advisor, no memory": lambda past: (),
    "advisor, likeness unknown": equal,
    "advisor, only unlike data": unlike,
    "advisor, shuffled values": shuffled,
}
METHODS = (*SAMPLERS, *ORDERS, *MEMORIES)
LINES: Mapping[str, Mapping[str, Any]] = {
    "advisor": {"color": SERIES[0], "linewidth": 3},
    "gp": {"color": ACCENT, "linewidth": 2},
    "tpe": {"color": SERIES[1], "linewidth": 2},
    "random": {"color": SOFT, "linewidth": 1.4, "linestyle": (0, (1.5, 2))},
    "advisor, shuffled values": {"color": SERIES[0], "linewidth": 1.4, "linestyle": (0, (5, 3))},
}
_OTHER = {"color": SOFT, "linewidth": 1.4}
NAMES = {
    "advisor": "advisor with memory",
    "advisor, shuffled values": "advisor, past values shuffled",
    "gp": "default + GP",
    "tpe": "default + TPE",
    "random": "default + random",
    "portfolio": "portfolio of past trials",
}


def curve(method: str, table: Table, tables: Sequence[Table], seed: int) -> list[float]:
    """The least regret after each trial."""
    pairs = others(table, tables)
    past = MEMORIES[method](past_of(pairs)) if method in MEMORIES else ()
    suggest = by_sampler("advisor" if method in MEMORIES else method)
    if method in ORDERS:
        suggest = in_order(ORDERS[method], [pair for pair in pairs if len(pair[0].values) >= FEWEST])
    regrets = replay(table, suggest, past, N_TRIALS, seed)
    return [round(float(value), 5) for value in np.minimum.accumulate(regrets)]


def rows(found: Mapping[str, Array], kept: Sequence[int]) -> Iterator[str]:
    """The table of means; `found` holds (tables, trials) by method."""
    yield "| method | " + " | ".join(f"after {n}" for n in (*kept, N_TRIALS)) + " |"
    yield "|---" * (len(kept) + 2) + "|"
    for method, curves in found.items():
        cells = (f"{mean:.3f} ({low:.3f}–{high:.3f})" for mean, low, high in map(interval, curves[:, _places(kept)].T))
        yield f"| {method} | " + " | ".join(cells) + " |"


def _places(kept: Sequence[int]) -> list[int]:
    return [n - 1 for n in (*kept, N_TRIALS)]


def interval(values: Array) -> tuple[float, float, float]:
    """Mean, and its 95 % interval by bootstrap."""
    drawn = np.random.default_rng(0).choice(values, (2000, len(values))).mean(axis=1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return float(values.mean()), float(low), float(high)


def worse(ours: Mapping[str, Array], theirs: Mapping[str, Array], at: Sequence[int]) -> Iterator[str]:
    """Where one method is clearly worse than another: paired over seeds, Holm-corrected over tables and times."""
    tests = [
        (name, n, float((ours[name] - theirs[name])[:, n - 1].mean()), _p(ours[name][:, n - 1], theirs[name][:, n - 1]))
        for name in ours
        for n in at
    ]
    tests.sort(key=lambda test: test[3])
    for place, (name, n, difference, p) in enumerate(tests):
        if p * (len(tests) - place) > ALPHA:
            return
        if difference > 0:
            yield f"{name} after {n}: {difference:+.3f} (p {p:.2g})"


def _p(ours: Array, theirs: Array) -> float:
    return float(wilcoxon(ours, theirs).pvalue) if np.any(ours != theirs) else 1.0


def first_at(means: Array, level: float) -> str:
    """After how many trials the mean regret is as low."""
    found = np.flatnonzero(means <= level)
    return str(found[0] + 1) if len(found) else f"more than {len(means)}"


def plot(found: Mapping[str, Array], path: Path) -> None:
    """Mean regret by trial, with its interval for the advisor."""
    curves, numbers = [], list(range(1, N_TRIALS + 1))
    for method, values in found.items():
        mean, low, high = np.array([interval(column) for column in values.T]).T
        band = (list(low), list(high)) if method == "advisor" else None
        name, looks = NAMES.get(method, method), LINES.get(method, _OTHER)
        curves.append(Curve(name=name, xs=numbers, ys=list(mean), looks=looks, band=band))
    x = scales.between("trials", 0.5, N_TRIALS + 0.5, n=8, is_whole=True)
    picture(curves, x, scales.between("mean regret of the best so far", -0.03, 0.62, n=7), path)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=Path, nargs="+", default=[], help="folders of measured trials")
    parser.add_argument("--methods", nargs="+", default=METHODS, choices=METHODS)
    parser.add_argument("--models", nargs="+")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--to", type=Path, help="keep the curves here and go on from them")
    parser.add_argument("--plot", type=Path)
    arguments = parser.parse_args()
    trials = [*shipped(), *(trial for folder in arguments.histories for trial in read_lines(folder))]
    tables = tables_of(trials, FEWEST_PAST)
    models = arguments.models or {t.model for t in tables}
    targets = [t for t in tables if t.model in models and len(t.values) >= FEWEST and others(t, tables)]
    errors = [table.error for table in targets]
    print(
        f"{len(targets)} tables of {len({t.model for t in targets})} models and {len({t.dataset for t in targets})} "
        f"datasets, {arguments.seeds} seeds; the fitted process is off by {np.median(errors):.2f} (median; most "
        f"{max(errors):.2f}) of a table's standard deviation; commit {commit()}",
        flush=True,
    )
    kept, done = Kept(arguments.to), count(1)
    n_all = arguments.seeds * len(targets) * len(arguments.methods)
    found: dict[str, dict[str, list[list[float]]]] = {method: {} for method in arguments.methods}
    for table in targets:
        for method in arguments.methods:
            for seed in range(arguments.seeds):  # the fits of its past serve them all
                name = f"{method}/{table.model}/{table.dataset}/{seed}"
                one = kept.get(name, lambda: curve(method, table, tables, seed))  # noqa: B023
                found[method].setdefault(f"{table.model} on {table.dataset}", []).append(one)
                print(f"\r{next(done)}/{n_all}", end="", flush=True)
    by_table = {m: {name: np.array(those) for name, those in by.items()} for m, by in found.items()}
    means = {m: np.array([those.mean(axis=0) for those in by.values()]) for m, by in by_table.items()}
    print("\n" + "\n".join(rows(means, AT)))
    if {"advisor", BAR} <= means.keys():
        level = float(means[BAR].mean(axis=0)[-1])
        reached = first_at(means["advisor"].mean(axis=0), level)
        print(f"the regret of {BAR} after {N_TRIALS} trials, {level:.3f}: the advisor's after {reached}")
    for method in (m for m in means if m in MEMORIES and HELD in means):
        clearly = list(worse(by_table[method], by_table[HELD], AT[1:]))
        print(f"{method}, clearly worse than {HELD}: {'; '.join(clearly) or 'nowhere'}")
    if arguments.plot:
        plot(means, arguments.plot)


if __name__ == "__main__":
    main()
