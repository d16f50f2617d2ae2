"""How trials are shared among models that compete: replayed on measured trials, by memory, without it, at random.

python tests/benchmarks/bench_models.py [--histories FOLDER …] [--seconds]

Every dataset on which all of the models were measured is a study of all of them; memory holds other families' trials.
Within a model the measured configurations run in one order, the defaults first and then a greedy portfolio of the
other datasets, so that only the choice of the model differs. Printed is by how many per cent the best so far lies
below the best of all models' configurations, mean over datasets. With --seconds trials take their measured seconds,
and studies last as long as so many trials of the mean model.
"""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from bench_tuning import portfolio
from common import commit
from numpy.typing import NDArray
from replays import Past, Table, others, past_of, tables_of

from agent.advisor.allotment import ranked_models
from agent.advisor.situation import Situation
from agent.objective import Goal
from memory.histories.files import read_lines, shipped
from memory.record import TrialRecord

Array = NDArray[np.float64]
Choose = Callable[[Situation, int], str]
MODELS = ("bpr_mf", "ease", "ials", "item_knn")
AT = (4, 6, 8, 12, 20, 30)
FEWEST = 15  # configurations of a model on a dataset


def runs(table: Table, tables: Sequence[Table]) -> list[TrialRecord]:
    """The trials of a model in the order in which they run."""
    by_number = {record.number: record for record in reversed(table.records) if record.value is not None}
    pairs = others(table, tables)
    order = portfolio(pairs) if pairs else []
    numbers = [number for params in order for number, mine in table.params.items() if mine == params]
    return [by_number[number] for number in dict.fromkeys((0, *numbers, *by_number)) if number in by_number]


def by_advisor(situation: Situation, seed: int) -> str:
    return ranked_models(situation)[0]


def without_memory(situation: Situation, seed: int) -> str:
    return ranked_models(replace(situation, recalled=()))[0]


def at_random(situation: Situation, seed: int) -> str:
    rng = np.random.default_rng([seed, len(situation.records)])
    return str(rng.choice(list(situation.spaces)))


def in_turn(situation: Situation, seed: int) -> str:
    return list(situation.spaces)[len(situation.records) % len(situation.spaces)]


WAYS: dict[str, Choose] = {"memory": by_advisor, "no memory": without_memory, "in turn": in_turn, "random": at_random}


def curve(
    study: Sequence[Table],
    orders: dict[str, list[TrialRecord]],
    past: Past,
    choose: Choose,
    seed: int,
    in_seconds: bool,
) -> list[float]:
    """Per cent that the best so far lies below the best of all, after AT trials or the seconds of as many."""
    best = max(max(table.values.values()) for table in study)
    mean_s = float(np.mean([np.mean([r.cost["total_s"] for r in order]) for order in orders.values()]))
    limit_s = max(AT) * mean_s
    records: list[TrialRecord] = []
    ended, spent_s, places = list[tuple[float, float]](), 0.0, dict.fromkeys(orders, 0)
    models = np.random.default_rng(seed).permutation(list(orders)).tolist()
    spaces = {table.model: table.space for table in sorted(study, key=lambda table: models.index(table.model))}
    while len(records) < 4 * max(AT):
        situation = Situation(
            goal=Goal.parse([study[0].objective]), spaces=spaces, declared=spaces, records=tuple(records),
            recalled=past, seed=seed, profile=study[0].profile, time_limit_s=limit_s if in_seconds else None,
            time_left_s=limit_s - spent_s if in_seconds else None,
        )  # fmt: skip
        left = {model: space for model, space in spaces.items() if places[model] < len(orders[model])}
        if not left:
            break
        model = choose(replace(situation, spaces=left), seed)
        record = orders[model][places[model]]
        places[model] += 1
        spent_s += record.cost["total_s"] if in_seconds else mean_s
        if spent_s > limit_s * 1.0001:
            break
        records.append(replace(record, id=f"now/{len(records)}", study="now", number=len(records), proposer="gp"))
        ended.append((spent_s / mean_s, study[0].sign * (record.value or 0.0)))
    worst = min(value for _, value in ended[:1])
    tops = [max((value for at, value in ended if at <= n + 1e-6), default=worst) for n in AT]
    return [100 * (best - top) / best for top in tops]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=Path, nargs="+", default=[], help="folders of measured trials")
    parser.add_argument("--seconds", action="store_true")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--each", action="store_true", help="print every dataset")
    arguments = parser.parse_args()
    trials = [*shipped(), *(trial for folder in arguments.histories for trial in read_lines(folder))]
    tables = tables_of(trials, FEWEST)
    found: dict[str, list[Array]] = {way: [] for way in WAYS}
    names = sorted({table.dataset for table in tables})
    studies = [[t for t in tables if t.dataset == name and t.model in MODELS] for name in names]
    for study in (one for one in studies if len(one) == len(MODELS)):
        past = tuple(pair for table in study for pair in past_of(others(table, tables)))
        orders = {table.model: runs(table, tables) for table in study}
        for way, choose in WAYS.items():
            one = [curve(study, orders, past, choose, seed, arguments.seconds) for seed in range(arguments.seeds)]
            found[way].append(np.mean(one, axis=0))
            if arguments.each:
                print(study[0].dataset, way, np.round(found[way][-1], 2), flush=True)
    print(f"{len(found['memory'])} datasets, {arguments.seeds} seeds, commit {commit()}")
    print("| way | " + " | ".join(f"after {n}" for n in AT) + " |\n" + "|---" * (len(AT) + 1) + "|")
    for way, rows in found.items():
        print(f"| {way} | " + " | ".join(f"{cell:.2f}" for cell in np.mean(rows, axis=0)) + " |")


if __name__ == "__main__":
    main()
