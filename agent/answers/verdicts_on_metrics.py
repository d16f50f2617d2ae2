"""Verdicts on what a metric or a param tells: how much of the catalogue is shown, which param moved the results."""

from agent.answers.importance_words import first_words, rivals, with_interval
from agent.answers.verdict_facts import Heard
from agent.answers.wording import count, listed, number, percent
from agent.results.comparison import ModelImportance, ParamImportance
from agent.results.data import DatasetDescribed
from agent.results.table import TrialTable

COVERAGE = "coverage@10"


def covered(heard: Heard) -> str:
    """The share of the items that stand in anybody's list by the best trial, and how many stand in no list."""
    table, data = heard.of(TrialTable), heard.of(DatasetDescribed)
    if table is None or COVERAGE not in table.columns or not table.rows:
        return f"That cannot be said yet: {heard.error() or 'no trial measured coverage'}."
    row = table.named(0)
    share = row[COVERAGE]
    if not isinstance(share, int | float):
        return f"That cannot be said: trial {row['number']} of **{table.study}**, the best, did not measure coverage."
    n_items = None if data is None else data.profile.get("n_items")
    unseen = (
        ""
        if n_items is None
        else f", so about {number(round(n_items * (1 - share)))} of {count(int(n_items), 'item')} get shown to nobody"
    )
    return (
        f"The best trial of **{table.study}**, trial {row['number']}, puts {percent(share)} of the catalogue into anybody's top 10"
        f" ({COVERAGE} **{number(share)}**, on validation){unseen}. To demand more, say `keep {COVERAGE} above 0.3 from now on`."
    )


def key_param(heard: Heard) -> str:
    """Whether the param that is spoken of moved the objective most."""
    found = heard.of(ParamImportance)
    if not found:
        return f"That cannot be said yet: {heard.error()}."
    parts = [_of_model(model, one, heard.says) for model, one in found.models.items()]
    return " ".join(filter(None, parts)) or f"That cannot be said yet for **{found.study}**: its trials are too few."


def _of_model(model: str, found: ModelImportance, says: str) -> str:
    shares, intervals = found.importance, found.intervals
    if not shares:
        return ""
    top = max(shares, key=lambda name: shares[name])
    said = next((name for name in shares if name in says or name.replace("_", " ") in says), None)
    if said is None:
        first = first_words(f"`{model}`", "the results", shares, intervals)
        return f"{first[0].upper()}{first[1:]}, over {count(found.n_trials, 'trial')}."
    its, near = f"`{said}` accounts for {with_interval(said, shares, intervals)}", rivals(said, shares, intervals)
    if said == top and not near:
        return f"Yes, for `{model}`: {its}, clearly the most."
    if said == top or top in near:
        others = listed(f"`{name}`" for name in ([top] if said != top else near[:3]))
        return f"That is not clear for `{model}`: {its}, which overlaps with that of {others}."
    return f"Not by the trials of `{model}`: {its}, and `{top}` for more, {with_interval(top, shares, intervals)}."
