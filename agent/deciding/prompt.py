"""The question to a language model with all that is known, fitted into its budget of tokens.

What does not fit is left out in this order: older trials; what params mean; their ranges, which stand in the schema
too; what is remembered, and lessons; the other metrics and the curves' values; and more of the trials.
"""

import json
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from importlib import resources
from string import Template

from agent.deciding import telling
from agent.deciding.branches import Schema, branches
from agent.deciding.context import DecisionContext
from agent.deciding.schema import schema
from agent.deciding.study_rules import unanswered
from agent.standing import Means, ordered
from memory.record import TrialRecord

USUAL_TOKENS = 4000  # for the question with its schema, where the model's context is not known
_CHARACTERS = 3.5  # of a token, where no tokenizer is at hand
_LATEST_DEEDS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Detail:
    """How much is shown."""

    trials: int  # half of them the best, the others the latest
    meanings: bool = True
    ranges: bool = True
    recalled: int = 5
    lessons: int = 5
    metrics: bool = True
    curves: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What a model is asked, and the schema of its answer."""

    text: str
    schema: Schema


def estimated(text: str) -> int:
    """About how many tokens a text has."""
    return math.ceil(len(text) / _CHARACTERS)


def fitted(
    context: DecisionContext, budget: int = USUAL_TOKENS, n_tokens: Callable[[str], int] = estimated
) -> Question:
    """The question in as much detail as the budget allows; where nothing fits, in the least."""
    for detail in details():
        found = question(context, detail)
        if n_tokens(f"{found.text}\n{json.dumps(found.schema)}") <= budget:
            break
    return found


def details() -> Iterator[Detail]:
    """From the most to the least, in the order of what is given up."""
    for n in (200, 100, 60, 30):
        yield Detail(trials=n, recalled=15, lessons=10)
    for n in (30, 24, 20, 16, 12, 10):
        yield Detail(trials=n)
    yield Detail(trials=10, meanings=False)
    less = Detail(trials=10, meanings=False, ranges=False)
    yield less
    for n in (3, 1, 0):
        yield replace(less, recalled=n, lessons=n)
    bare = replace(less, recalled=0, lessons=0, metrics=False)
    yield bare
    for n in (10, 6, 4, 2):
        yield replace(bare, trials=n, curves=False)


def question(context: DecisionContext, detail: Detail) -> Question:
    """The question in this detail."""
    records, others = shown_records(context, detail.trials), shown_recalled(context, detail.recalled)
    lessons = context.lessons[: detail.lessons]
    said: set[str] | None = set() if detail.meanings else None
    limits = context.scope.limits
    spaces: list[str] = []
    for model, now in context.spaces.items():
        spaces += (
            telling.space(model, now, limits.get(model, now), said) if detail.ranges else telling.short(model, now)
        )
    means, opened = Means(context.records), branches(context)
    trials = [telling.trial(one, context, means, curves=detail.curves, metrics=detail.metrics) for one in records]
    remembered = [telling.recalled(record, likeness, context) for record, likeness in others]
    candidates = [telling.candidate(i, one, context) for i, one in enumerate(context.candidates)]
    template = Template(resources.files("agent").joinpath("prompts/decide.md").read_text(encoding="utf-8"))
    text = template.substitute(
        study=context.study,
        objective=str(context.goal),
        number=context.number,
        n_trials=context.n_trials,
        branches="\n".join(f"- {branch.says}" for branch in opened),
        order=telling.order(context),
        left=telling.left(context),
        measured=telling.measuring(context),
        request=f" The person wishes: {telling.quoted(context.request)}." if context.request else "",
        profile=telling.profile(context),
        space=telling.lines(spaces),
        trials=telling.lines(trials),
        baselines=telling.lines(telling.baselines(context.goal, context.baselines)),
        deeds=telling.lines(telling.deeds(context.deeds[-_LATEST_DEEDS:])),
        recalled=telling.lines(remembered),
        lessons=telling.lines([telling.lesson(one, context) for one in lessons]),
        candidates=telling.lines(candidates),
        ending=_ending(context),
    )
    ids = [record.id for record in records] + [record.id for record, _ in others] + [one.id for one in lessons]
    return Question(text=text, schema=schema(context.goal.primary.metric, opened, ids))


def shown_records(context: DecisionContext, n: int) -> list[TrialRecord]:
    """The best trials, then the latest that are not among them."""
    complete = [record for record in context.records if record.state == "complete" and record.value is not None]
    best = ordered(context.goal, complete)[: -(-n // 2)]
    rest = [record for record in context.records if record not in best]
    return best + rest[max(len(rest) - (n - len(best)), 0) :]


def shown_recalled(context: DecisionContext, n: int) -> list[tuple[TrialRecord, float]]:
    """Trials of other studies: those on this study's metric first, of them the best, each dataset's best before its
    next; the most alike dataset first where values cannot be compared."""
    metric = context.goal.primary.metric
    by_dataset: dict[str, list[tuple[TrialRecord, float]]] = {}
    for pair in context.recalled:
        if pair[0].state == "complete" and pair[0].value is not None:
            by_dataset.setdefault(f"{pair[0].dataset}/{pair[0].objective}", []).append(pair)
    rounds: list[tuple[bool, int, float, TrialRecord, float]] = []
    for pairs in by_dataset.values():
        pairs.sort(key=lambda pair: -pair[0].sign * (pair[0].value or 0.0))
        rounds += [(r.objective != metric, place, -likeness, r, likeness) for place, (r, likeness) in enumerate(pairs)]
    rounds.sort(key=lambda row: (*row[:3], row[3].id))
    return [(record, likeness) for *_, record, likeness in rounds[:n]]


def _ending(context: DecisionContext) -> str:
    """What came of the last answer, where it is asked for again."""
    refusal = context.refusal
    silent = "\nNo answer came to what you asked the person; decide without it." if unanswered(context) else ""
    if refusal is None:
        return silent
    promised = f" The trials so far predict {refusal.promised}." if refusal.promised else ""
    said = f"Your last answer {telling.capped(refusal.answer)} was refused: {refusal.rule}.{promised} Answer again."
    return f"{silent}\n{said}"
