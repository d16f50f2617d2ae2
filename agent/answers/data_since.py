"""Whether what was tuned still holds: which studies used which version of the data, what is new, and what helps."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from agent.answers.facts import quoted
from agent.answers.wording import count, number
from agent.results.data import DataTold
from agent.studies.study import Study
from recmodels.data.catalogue import Catalogue
from recmodels.data.drift import Comparison, Drift
from recmodels.data.drift_words import on_drifts, unchosen
from recmodels.data.stored_dataset import StoredDataset
from recmodels.data.versions import compared

_MAX_STUDIES = 10
_N_TRIALS = 5  # that are proposed for a look


def told_of_studies(catalogue: Catalogue, stored: StoredDataset, studies: Sequence[Study]) -> DataTold:
    """The studies on a dataset and its versions, what the newest has more than the one that was tuned on, and what helps.

    Args:
        studies: All that can be read, the latest first.
    """
    line = _line(catalogue, stored)
    newest = _newest(line, stored)
    used = [study for study in studies if study.spec.dataset in line]
    on_it = [study for study in used if study.spec.dataset == newest.key]
    earlier = [study for study in used if study.spec.dataset != newest.key]
    said = [_used(study, line[study.spec.dataset]) for study in used[:_MAX_STUDIES]]
    base = line[earlier[0].spec.dataset] if earlier else _base(line, newest)
    if base is None:
        return _told(newest, _unchanged(newest, on_it), said)
    found = compared(catalogue, base.name, newest.name)
    kept = newest.derived.kept if newest.derived is not None and newest.derived.base == base.key else None
    drifts = on_drifts(found, [one for one in found.drifts if not found.only_grew(one)], kept)
    verdict = _verdict(unchosen(found, kept))
    lead = f"{newest.name} differs from {base.name}: {_new(found)}."
    return _told(
        newest, lead, [*said, *_holds(earlier, newest), *drifts, *_what_helps(verdict, earlier, on_it, newest)]
    )


def _told(newest: StoredDataset, lead: str, said: Sequence[str]) -> DataTold:
    return DataTold(
        dataset=newest.name,
        what="studies",
        lead=quoted(lead, 300),
        sentences=tuple(quoted(one, 400) for one in said),
    )


def _line(catalogue: Catalogue, stored: StoredDataset) -> Mapping[str, StoredDataset]:
    """The dataset that the line begins with and its versions, by key, the oldest first."""
    root = stored.key if stored.derived is None else stored.derived.root
    made = sorted((how.version, one.key, one) for one, how in catalogue.derived() if how.root == root)
    name = catalogue.called(root)
    first = {} if name is None else {root: catalogue.get(name)}
    return {**first, **{key: one for _, key, one in made}, stored.key: stored}


def _newest(line: Mapping[str, StoredDataset], stored: StoredDataset) -> StoredDataset:
    """The last version that events were appended to; one that is a part of others is meant where it is named."""
    own = 1 if stored.derived is None else stored.derived.version
    grown = [one for one in line.values() if one.derived is not None and one.derived.how == "append"]
    later = [one for one in grown if one.derived is not None and one.derived.version > own]
    return max(later, key=lambda one: one.derived.version if one.derived else 1, default=stored)


def _base(line: Mapping[str, StoredDataset], newest: StoredDataset) -> StoredDataset | None:
    return None if newest.derived is None else line.get(newest.derived.base)


def _used(study: Study, data: StoredDataset) -> str:
    best, metric = study.status().best, study.spec.goal.primary.metric
    reached = (
        "no trial has a value yet" if best is None else f"best {metric} {number(best.value)} (trial {best.number})"
    )
    version = 1 if data.derived is None else data.derived.version
    return f"study {study.title} used {data.name} (version {version}): {reached}"


def _unchanged(newest: StoredDataset, on_it: Sequence[Study]) -> str:
    rows = f"{newest.profile.get('n_interactions', 0):,.0f} events"
    if not on_it:
        return f"{newest.name} ({rows}) is the only version, and no study used it yet."
    return (
        f"{newest.name} ({rows}) is the only version: a dataset never changes once it is read, so the "
        f"{'study' if len(on_it) == 1 else 'studies'} on it {'holds' if len(on_it) == 1 else 'hold'} as measured; "
        "there is nothing new to tune on."
    )


def _new(found: Comparison) -> str:
    n = found.counts
    parts = [count(n[f"n_{what}s_added"], f"new {what}") for what in ("event", "user", "item")]
    gone = f", {count(n['n_events_gone'], 'event')} gone" if n["n_events_gone"] else ""
    return ", ".join(parts) + gone + _days(found)


def _days(found: Comparison) -> str:
    """By how much the new version reaches further."""
    if "old" not in found.spans or "new" not in found.spans:
        return ""
    later = timedelta(seconds=found.spans["new"][1] - found.spans["old"][1]) / timedelta(days=1)
    return f"; it ends {later:,.0f} days later" if later >= 1 else ""


def _holds(earlier: Sequence[Study], newest: StoredDataset) -> list[str]:
    if not earlier:
        return []
    some = f"the figures of {earlier[0].title}" if len(earlier) == 1 else "the figures of the studies before"
    return [
        f"{some} hold for the rows that they were measured on, which are unchanged; nothing of them was measured on {newest.name}"
    ]


def _verdict(drifts: Sequence[Drift]) -> str:
    """What these drifts call for; each of them is told beside it."""
    words = {drift.word for drift in drifts}
    if "strong drift" in words:
        return "so tune again: what the data look like has drifted strongly, and the old best may not be the best"
    if "some drift" in words:
        return "so a few trials are worth it: the data have drifted somewhat"
    return "so there is no sign that other params would be better: training the old best on the new data may do"


def _what_helps(verdict: str, earlier: Sequence[Study], on_it: Sequence[Study], newest: StoredDataset) -> list[str]:
    if on_it:
        return [f"{newest.name} was tuned on already, by {', '.join(study.title for study in on_it[:3])}"]
    if not earlier:
        return [f"{verdict}; say “tune {newest.name}”"]
    study = earlier[0].title
    return [
        verdict,
        f"say “retune {study} on {newest.name}, {_N_TRIALS} trials” to know: its first trial runs the best params of {study}"
        " on the new data, the second the defaults, and at the end it says whether the old best still holds",
    ]
