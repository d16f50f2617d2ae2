"""Verdicts on what a metric or a param tells: how much of the catalogue is shown, which param moved the results."""

from collections.abc import Mapping

from agent.answers.verdict_facts import Heard
from agent.answers.wording import count, number, percent
from agent.results.comparison import ParamImportance
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
    parts = [_of_model(model, one.importance, heard.says) for model, one in found.models.items()]
    few = f"The trials of **{found.study}** are too few to say so: {found.min_trials} complete ones of a model that differ are needed."
    return " ".join(filter(None, parts)) or few


def _of_model(model: str, shares: Mapping[str, float], says: str) -> str:
    if not shares:
        return ""
    top = max(shares, key=lambda name: shares[name])
    said = next((name for name in shares if name in says or name.replace("_", " ") in says), None)
    if said is None:
        return f"For `{model}` `{top}` moved the results most ({percent(shares[top])})."
    if said == top:
        return f"Yes, for `{model}` `{said}` moved the results most ({percent(shares[said])})."
    return f"Not by the trials of `{model}`: `{said}` accounts for {percent(shares[said])}, and `{top}` for most, {percent(shares[top])}."
