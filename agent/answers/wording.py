"""How values look in an answer: numbers, durations, params, tables. Shared by everything that words facts."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from agent.results.trial import Changed, TrialShown
from memory import written
from memory.record import ParamValue
from recmodels.durations import in_words
from recmodels.models import MODELS, whole_space

SOURCES = {
    "defaults": "the model's defaults, which every study measures first",
    "memory": "the memory of past studies",
    "gp": "a Gaussian process fitted to the trials so far",
    "tpe": "TPE, which compares the good trials so far with the rest",
    "cmaes": "CMA-ES, which moves towards the good trials so far",
    "nsga2": "NSGA-II, which recombines the best trials so far",
    "grid": "the grid",
    "random": "a random draw from the space",
    "llm": "the language model",
    "user": "you",
    "imported": "you, from trials run elsewhere",
    "request": "your wish, applied to the best params",
    "repeat": "the study itself, which ran the best defaults with another seed to see how far chance goes",
}


number = written.number
param = written.written


def with_spread(value: float | None, spread: float | None) -> str:
    """`0.1984 ± 0.012`: half of the 95 % interval over users, wherever it stands behind a value."""
    return number(value) if spread is None else f"{number(value)} ± {spread:.2g}"


def signed(value: float) -> str:
    """A difference; two digits of it are enough."""
    return f"{value:+.2g}" if value else "0"


def moved(difference: float) -> str:
    """rose by 0.012"""
    return f"{'rose' if difference > 0 else 'fell'} by {abs(difference):.2g}" if difference else "stayed the same"


def percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def size(n_bytes: float) -> str:
    """`512 B`, `3.2 MB`."""
    for unit in ("B", "kB", "MB"):
        if n_bytes < 1000:
            return f"{n_bytes:.0f} {unit}" if unit == "B" else f"{n_bytes:.1f} {unit}"
        n_bytes /= 1000
    return f"{n_bytes:.1f} GB"


def duration(seconds: float) -> str:
    return in_words(seconds)


def source(name: str) -> str:
    return SOURCES.get(name, name)


class Ran(Protocol):
    """A model with its params, of a trial, a proposal or a candidate."""

    @property
    def model(self) -> str: ...

    @property
    def params(self) -> Mapping[str, ParamValue]: ...


def param_or_none(value: object) -> str:
    """– of a trial that has no such param."""
    return "–" if value is None else param(value)


_Trial = TypeVar("_Trial", bound=TrialShown)


def params(ran: Ran) -> str:
    """`learning_rate` 0.001, `dropout` 0.2"""
    shown = told(ran.model, ran.params)
    return ", ".join(f"`{name}` {param(value)}" for name, value in shown.items()) or "no params"


def told(model: str, values: Mapping[str, ParamValue]) -> dict[str, ParamValue]:
    """The params worth saying: what a study holds at its default goes without."""
    return whole_space(model).telling(values) if model in MODELS else dict(values)


def varying(trials: Sequence[_Trial]) -> list[_Trial]:
    """The trials, each with only those of its params that are not the same in all of them."""
    rows = [trial.params for trial in trials]
    same = {name for name in rows[0] if all(name in row and row[name] == rows[0][name] for row in rows)} if rows else ()
    kept = [{name: value for name, value in row.items() if name not in same or len(rows) == 1} for row in rows]
    return [replace(trial, params=params) for trial, params in zip(trials, kept, strict=True)]


def changes(changed: Changed) -> str:
    """`dropout` from 0.2 to 0.4 and `n_layers` from 2 to 3"""
    shown = {name: (param(old), param(new)) for name, (old, new) in changed.items()}
    visible = {name: pair for name, pair in shown.items() if pair[0] != pair[1]} or shown
    return listed(f"`{name}` from {old} to {new}" for name, (old, new) in visible.items())


def searched(range_: str) -> str:
    """How a range is tuned over: "searched in [0, 0.5]"; one of a single value is "fixed at 0"."""
    ends = re.fullmatch(r"\[([^,\]]+), ([^,\]]+)\](?: \(log scale\))?", range_)
    return f"fixed at {ends[1]}" if ends is not None and ends[1] == ends[2] else f"searched in {range_}"


def unmet_words(unmet: Mapping[str, float]) -> str:
    """`did not meet coverage@10 >= 0.99 (0.91)`; empty where it meets all.

    Args:
        unmet: As `Goal.unmet`.
    """
    broken = [f"{constraint} ({number(value)})" for constraint, value in unmet.items()]
    return f"did not meet {listed(broken)}" if broken else ""


def listed(words: Iterable[str]) -> str:
    """a, b and c"""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def count(n: int, thing: str) -> str:
    return f"{number(n)} {thing}{'' if n == 1 else 's'}"


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table; what a cell holds cannot break out of it."""
    lines = [header, ["---"] * len(header), *([_cell(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


_FILE_FIRST = re.compile(r"[\w-]+(?:\.\w{1,7})*\.(?:csv|tsv|txt|jsonl?|parquet|inter|dat|xlsx?|zip|gz|tar|tgz)\b")


def sentence(text: str) -> str:
    """With a capital, unless a file's name begins it, and a full stop."""
    text = text.strip()
    if not text:
        return ""
    first = text[0] if _FILE_FIRST.match(text) else text[0].upper()
    return first + text[1:] + ("" if re.search(r"[.!?][”\"`)]*$", text) else ".")


def unquoted(text: str | None) -> str:
    """The inside of `facts.quoted` where the wording itself shows that it is a quotation."""
    return (text or "").removeprefix("“").removesuffix("”")


def _cell(value: object) -> str:
    return re.sub(r"(?<!\\)\|", r"\\|", number(value)).replace("\n", " ")


def ordinal(number: int) -> str:
    """1st, 2nd, 3rd, 4th, 11th."""
    ending = "th" if number % 100 in (11, 12, 13) or not 1 <= number % 10 <= 3 else ("st", "nd", "rd")[number % 10 - 1]
    return f"{number}{ending}"
