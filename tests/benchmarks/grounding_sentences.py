"""True and false sentences about a study, made by templates from what its tools said, for `bench_grounding.py`.

Truth is worked out here from the raw results, apart from the code that is measured.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A sentence, and whether it is so."""

    kind: str
    text: str
    is_true: bool


class Ledger:
    """The trials of one study as its tools told of them."""

    def __init__(self, rows: Sequence[Row]) -> None:
        by_tool: dict[str, list[Any]] = {}
        for row in rows:
            by_tool.setdefault(row["tool"], []).append(row["result"])
        self.by_tool = by_tool
        status, table = by_tool["study_status"][0], by_tool["trials"][0]
        self.study, self.objective, self.status = status["study"], status["objective"], status
        self.trials: dict[int, dict[str, Any]] = {}
        for row in table["rows"]:
            named = dict(zip(table["columns"], row, strict=True))
            self.trials[named["number"]] = {key: value for key, value in named.items() if value is not None}
        self.metrics: dict[str, dict[int, float]] = {self.objective: {n: t["value"] for n, t in self.complete.items()}}
        for compared in by_tool["compare_trials"]:
            for metric, values in compared["metrics"].items():
                known = self.metrics.setdefault(metric.removeprefix("valid_"), {})
                known.update({int(number): value for number, value in values.items()})
        self.paired = [c["paired"] for c in by_tool["compare_trials"]]
        self.profile = by_tool["describe_dataset"][0]["profile"]
        self.dataset = by_tool["describe_dataset"][0]["dataset"]
        self.importance = {
            name: share
            for model in by_tool["parameter_importance"][0]["models"].values()
            for name, share in model["importance"].items()
        }
        self.explained = by_tool["explain_trial"]

    @property
    def complete(self) -> dict[int, dict[str, Any]]:
        return {number: trial for number, trial in self.trials.items() if trial["state"] == "complete"}

    @property
    def ranking(self) -> list[int]:
        return sorted(self.complete, key=lambda number: -self.complete[number]["value"])


Maker = Callable[[Ledger, random.Random, bool], Iterator[str]]


def sentences(ledger: Ledger, n: int, seed: int) -> list[Said]:
    """`n` different sentences of all kinds, half of them true."""
    draw = random.Random(seed)  # noqa: S311
    found: dict[str, Said] = {}
    for _ in range(40 * n):
        if len(found) >= n:
            break
        kind, make = draw.choice(list(MAKERS.items()))
        is_true = draw.random() < 0.5
        for text in make(ledger, draw, is_true):
            found.setdefault(text, Said(kind=kind, text=text, is_true=is_true))
    return list(found.values())[:n]


def _written(value: float, draw: random.Random) -> str:
    return f"{value:.{draw.choice((2, 3, 4))}g}" if abs(value) < 1000 else f"{value:,.0f}"


def _wrong(value: float, draw: random.Random) -> float:
    """A value that no rounding to two digits takes for the right one."""
    return value * draw.choice((0.7, 0.8, 0.87, 1.15, 1.25, 1.4))


def _value(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    metric = draw.choice(list(ledger.metrics))
    known = ledger.metrics[metric]
    number = draw.choice(list(known))
    value = known[number]
    if not is_true:
        others = [other for other in known.values() if abs(other - value) > 0.06 * max(abs(value), abs(other))]
        value = draw.choice(others) if others and draw.random() < 0.6 else _wrong(value, draw)
    said = _written(value, draw)
    unit = {"latency_ms": " ms", "train_s": " s"}.get(metric, "")
    if metric == "latency_ms":
        yield draw.choice(
            (
                f"A recommendation takes {said}{unit} with trial {number}.",
                f"Trial {number} has a latency of {said}{unit}.",
            )
        )
    elif metric == "train_s":
        yield draw.choice(
            (f"Trial {number} took {said}{unit} to train.", f"Training trial {number} took {said} seconds.")
        )
    else:
        yield draw.choice((
            f"Trial {number} reached a {metric} of {said}.", f"Trial {number}'s {metric} is {said}.", f"The {metric} of trial {number} was {said}.",
            f"With trial {number} we got {said} in {metric}.", f"{said} is the {metric} that trial {number} measured on validation.",
        ))  # fmt: skip


def _metric(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    """A value of the right trial under another metric's name."""
    names = [m for m in ledger.metrics if m not in ("latency_ms", "train_s")]
    one, other = draw.sample(names, 2)
    number = draw.choice(sorted(set(ledger.metrics[one]) & set(ledger.metrics[other])))
    value, wrong = ledger.metrics[one][number], ledger.metrics[other][number]
    if abs(value - wrong) > 0.06 * max(value, wrong):
        yield f"Trial {number} reached {_written(value if is_true else wrong, draw)} in {one}."


def _pair(ledger: Ledger, draw: random.Random) -> tuple[int, int, float, float]:
    one, other = draw.sample(list(ledger.complete), 2)
    return one, other, ledger.complete[one]["value"], ledger.complete[other]["value"]


def _difference(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    one, other, a, b = _pair(ledger, draw)
    gap = abs(a - b)
    if gap < 0.003:
        return
    said = f"{(gap if is_true else _wrong(gap, draw)):.3f}"
    if (
        (abs(float(said) - gap) > 0.0006 and is_true)
        or float(said) == 0
        or (not is_true and abs(float(said) - gap) < 0.0016)
    ):
        return
    word = draw.choice(("more", "higher", "better") if a > b else ("less", "lower", "worse"))
    yield draw.choice((
        f"Trial {one} is {said} {word} than trial {other} in {ledger.objective}.",
        f"The difference between trials {one} and {other} is {said}.",
        f"Trial {one} and trial {other} are {said} apart.",
        f"Trial {other} differs from trial {one} by {said}.",
    ))  # fmt: skip


def _percent(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    one, other, a, b = _pair(ledger, draw)
    share = abs(a - b) / b
    if not 0.02 < share < 3:
        return
    said = f"{100 * (share if is_true else _wrong(share, draw)):.0f}"
    if (not is_true and abs(float(said) - 100 * share) < 2) or (
        not is_true and any(abs(float(said) - 100 * abs(x - y) / z) < 0.6 for x, y, z in ((a, b, a),))
    ):
        return
    word = draw.choice(("better", "higher") if a > b else ("worse", "lower"))
    yield f"Trial {one} is {said} % {word} than trial {other}."


def _ratio(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    one, other, a, b = _pair(ledger, draw)
    if a > 1.2 * b:
        times = a / b if is_true else a / b * draw.choice((0.6, 1.5, 2))
        yield f"Trial {one} reached {times:.1f} times the {ledger.objective} of trial {other}."


def _swapped(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    one, other, a, b = _pair(ledger, draw)
    if abs(a - b) > 0.06 * max(a, b):
        first, second = (a, b) if is_true else (b, a)
        yield draw.choice((
            f"Trial {one} reached {first:.4g} and trial {other} {second:.4g}.",
            f"Trials {one} and {other} got {first:.4g} and {second:.4g}.",
            f"The {ledger.objective} was {first:.4g} in trial {one} and {second:.4g} in trial {other}.",
        ))  # fmt: skip


def _comparison(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    one, other, a, b = _pair(ledger, draw)
    if a == b:
        return
    up = (a > b) == is_true
    word = draw.choice(("is better than", "beats", "is ahead of", "outperforms", "has a higher " + ledger.objective + " than") if up else ("is worse than", "is behind", "has a lower " + ledger.objective + " than"))  # fmt: skip
    yield f"Trial {one} {word} trial {other}."


def _cost(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    times = {n: t["train_s"] for n, t in ledger.trials.items() if "train_s" in t}
    if len(times) < 2:
        return
    one, other = draw.sample(list(times), 2)
    if times[one] != times[other]:
        word = "faster" if (times[one] < times[other]) == is_true else "slower"
        yield f"Trial {one} was {word} to train than trial {other}."


def _rank(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    order = ledger.ranking
    place = draw.randrange(min(4, len(order)))
    number = order[place] if is_true else draw.choice([n for n in order if n != order[place]])
    nth = ("first", "second", "third", "fourth")[place]
    yield draw.choice((
        f"Trial {number} came {nth}.", f"Trial {number} ranks {nth} by {ledger.objective}.", f"In rank {place + 1} stands trial {number}.",
    )) if place else draw.choice((f"Trial {number} won.", f"Trial {number} is the best.", f"The best trial is trial {number}.", f"Trial {number} leads the study."))  # fmt: skip


def _count(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    models = sorted({trial["model"] for trial in ledger.trials.values()})
    model = draw.choice(models)
    n = sum(trial["model"] == model for trial in ledger.trials.values())
    said = n if is_true else draw.choice([k for k in range(1, len(ledger.trials) + 2) if k != n])
    words = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    verb = "trial" if said == 1 else "trials"
    shown = draw.choice((str(said), words[said] if said < len(words) else str(said)))
    yield draw.choice((f"{shown.capitalize()} {verb} used {model}.", f"There were {shown} {verb} with {model}.", f"{shown.capitalize()} of the {len(ledger.trials)} trials ran {model}."))  # fmt: skip


def _state(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    number = draw.choice(list(ledger.trials))
    state = ledger.trials[number]["state"]
    said = state if is_true else draw.choice([s for s in ("pruned", "failed", "complete") if s != state])
    yield f"Trial {number} {'failed' if said == 'failed' else 'was pruned' if said == 'pruned' else 'is complete'}."


def _clear(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    paired = draw.choice(ledger.paired)
    one, other = paired["of"]
    if paired["is_clear"] == is_true:
        yield draw.choice((
            f"The difference between trials {one} and {other} is statistically significant.",
            f"The difference between trials {one} and {other} is clear.",
            f"Trials {one} and {other} differ beyond chance.",
        ))  # fmt: skip
    else:
        yield draw.choice((
            f"The difference between trials {one} and {other} is not significant.",
            f"The difference between trials {one} and {other} may be chance.",
            f"Trials {one} and {other} cannot be told apart.",
        ))  # fmt: skip


def _interval(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    paired = draw.choice(ledger.paired)
    one, other = paired["of"]
    low, high = paired["low"], paired["high"]
    if not is_true:
        low, high = low + 0.6 * (high - low) + 0.01, high + 0.6 * (high - low) + 0.01
    yield draw.choice((
        f"Trial {other} minus trial {one} lies between {low:.3f} and {high:.3f} at 95 %.",
        f"The 95 % interval of trial {one} minus trial {other} is {-high:.3f} to {-low:.3f}.",
    ))  # fmt: skip


def _param(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    number = draw.choice(list(ledger.trials))
    fixed = ("number", "model", "state", "value", "train_s")
    params = {
        k: v
        for k, v in ledger.trials[number].items()
        if k not in fixed and isinstance(v, int | float) and not isinstance(v, bool)
    }
    if not params:
        return
    name = draw.choice(list(params))
    value = params[name]
    if not is_true:
        value = value + draw.choice((1, 2, 3)) if isinstance(value, int) else _wrong(value, draw) if value else 0.25
    said = f"{value}" if isinstance(value, int) else f"{value:.4g}"
    yield draw.choice((f"Trial {number} used {name} {said}.", f"In trial {number} {name} was {said}.", f"Trial {number} ran with a {name.replace('_', ' ')} of {said}."))  # fmt: skip


def _model(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    number = draw.choice(list(ledger.trials))
    model = ledger.trials[number]["model"]
    said = model if is_true else draw.choice([m for m in ("sasrec", "bpr_mf", "ease", "item_knn") if m != model])
    yield draw.choice(
        (f"Trial {number} ran {said}.", f"Trial {number} used the model {said}.", f"Trial {number} is a {said} trial.")
    )


def _data(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    names = {"n_users": "users", "n_items": "items", "n_interactions": "interactions"}
    name = draw.choice(list(names))
    value = ledger.profile[name]
    if not is_true:
        value = draw.choice([v for k, v in ledger.profile.items() if k in names and k != name])
    yield draw.choice(
        (f"{ledger.dataset} has {value:,.0f} {names[name]}.", f"There are {value:,.0f} {names[name]} in the data.")
    )


def _importance(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    if len(ledger.importance) < 2:
        return
    name, other = draw.sample(list(ledger.importance), 2)
    value = ledger.importance[name if is_true else other]
    if is_true or abs(value - ledger.importance[name]) > 0.02:
        yield (
            f"{name} has {100 * value:.0f} % of the importance."
            if value > 0.02
            else f"{name} has {100 * value:.2g} % of the importance."
        )
    top = max(ledger.importance, key=ledger.importance.__getitem__)
    if is_true or name != top:
        yield f"{top if is_true else name} matters most."


def _expected(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    known = [facts for facts in ledger.explained if facts.get("expected") and facts.get("measured")]
    for facts in known[:1]:
        n, expected, measured = facts["number"], facts["expected"], facts["measured"]
        said = expected if is_true else _wrong(expected, draw)
        yield draw.choice(
            (
                f"Trial {n} was expected to reach {said:.3g}.",
                f"For trial {n}, {said:.3g} was predicted, and {measured:.3g} was measured.",
            )
        )


def _proposer(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    facts = draw.choice(ledger.explained)
    who = {"gp": ("the Gaussian process", "the advisor"), "defaults": ("the defaults",)}.get(facts["proposer"])
    if who:
        wrong = ("the language model", "you", "a random draw")
        yield f"Trial {facts['number']} was proposed by {draw.choice(who if is_true else wrong)}."


def _act(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    if is_true:
        yield draw.choice(("Shall I start another study?", f"I can export trial {ledger.ranking[0]} if you like.", f"{ledger.study} has {len(ledger.trials)} finished trials."))  # fmt: skip
        return
    yield draw.choice((
        "I have started the study.", "Done, the study is started and trial 0 is training now.", "I exported the best model.", "Stopped.", f"I have queued trial {len(ledger.trials) + 1}.",
        "I saved that as a lesson.", "The model has been exported.", "I narrowed the search space as you asked.", "I've deleted the study.", "The study has begun.", "I have added your dataset.",
    ))  # fmt: skip


def _mean(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    values = [trial["value"] for trial in ledger.complete.values()]
    mean = sum(values) / len(values)
    yield f"The mean {ledger.objective} of the complete trials is {(mean if is_true else _wrong(mean, draw)):.3f}."


def _baseline(ledger: Ledger, draw: random.Random, is_true: bool) -> Iterator[str]:
    one = draw.choice(ledger.status["standing"]["baselines"])
    value = one["value"] if is_true else _wrong(one["value"], draw)
    yield draw.choice(
        (f"The {one['model']} baseline reached {value:.3g}.", f"As a baseline, {one['model']} measured {value:.4g}.")
    )


MAKERS: dict[str, Maker] = {
    "value": _value, "metric": _metric, "difference": _difference, "percent": _percent, "ratio": _ratio, "swapped": _swapped, "comparison": _comparison, "cost": _cost,
    "rank": _rank, "count": _count, "state": _state, "clear": _clear, "interval": _interval, "param": _param, "model": _model, "data": _data, "importance": _importance,
    "expected": _expected, "proposer": _proposer, "act": _act, "mean": _mean, "baseline": _baseline,
}  # fmt: skip
