"""What of the past weighed in, in words: data, rules, lessons and notes, and what can be said of whether it helped."""

from collections.abc import Iterable, Sequence

from agent.answers.wording import count, listed, number, table, unquoted
from agent.results.weighed import DataTrusted, PastWeighed, Spoke

_IN_GENERAL = (
    "In general (EXPERIMENTS.md), replays of measured studies were ahead with the memory, most of all early; live studies on "
    "data that nothing was tuned on were not."
)


def weighed(facts: PastWeighed) -> str:
    """What was asked about first; then the rest of what weighed in."""
    if facts.about == "shipped":
        return _shipped(facts)
    if facts.of is not None:
        return _of(facts, facts.of)
    parts = {
        "data": [_data(facts)],
        "rules": [_spoken(facts, "rule", facts.rules)],
        "notes": [_bounds(facts), _spoken(facts, "lesson", facts.lessons)],
    }.get(facts.about)
    if parts is None:
        others = [_bounds(facts), _spoken(facts, "rule", facts.rules), _spoken(facts, "lesson", facts.lessons)]
        parts = [_helped(facts), _data(facts), *(one for one in others if not one.startswith("No "))]
    return "\n\n".join(parts)


def _where(facts: PastWeighed) -> str:
    trial = "" if facts.trial is None else f"trial {facts.trial} of "
    return f"{trial}**{facts.study}**"


def _helped(facts: PastWeighed) -> str:
    if not facts.n_from_past and not (facts.rules or facts.lessons or facts.bounds):
        return f"Nothing of the past weighed in on {_where(facts)} (sampler {facts.sampler}), so it neither helped nor hurt."
    if facts.trial is not None:
        return f"Whether it helped cannot be told from one trial; this is what weighed in on {_where(facts)}."
    return (
        f"That cannot be proved from **{facts.study}** alone: it takes the same study without the past. {_best(facts)} "
        f"{_IN_GENERAL} To find out here, begin the same study with `sampler gp`, which uses no memory and no rules, and "
        "compare the two."
    )


def _best(facts: PastWeighed) -> str:
    best = facts.best
    if best is None:
        return "No trial of it can be judged yet."
    found = f"What can be said: the best so far, trial {best.number} ({facts.objective} **{number(best.value)}**), "
    if best.trusted:
        return f"{found}was proposed with past data in view ({listed(best.trusted)}), as were {_share(facts)}."
    if best.proposer == "defaults":
        return f"{found}is the model's defaults, which owe nothing to the past; {_share(facts)} had past data in view."
    return f"{found}was proposed without past data; {_share(facts)} had them in view."


def _share(facts: PastWeighed) -> str:
    return f"{number(facts.n_from_past)} of {count(facts.n_trials, 'trial')}"


def _data(facts: PastWeighed) -> str:
    if not facts.data:
        return (
            f"No past data weighed in on {_where(facts)}: no reason of its {count(facts.n_trials, 'trial')} names any."
        )
    rows = [(_marked(one), trusts(one), in_trials(one.trials)) for one in facts.data]
    shipped = " \\* came with recpilot." if any(one.is_shipped for one in facts.data) else ""
    why = "\n".join(f"- {one.called}: likeness {likeness(one)}{_since(one)}" for one in facts.data)
    return (
        f"Past data that weighed in on {_where(facts)}, by the reasons of its trials (trust from 0 to 1, first to last; at "
        f"most three are named in a trial):\n\n{table(('past data', 'trust', 'trials'), rows)}\n\n"
        f"Their likeness to these data, and the last reason given for the trust:{shipped}\n\n{why}"
    )


def _since(one: DataTrusted) -> str:
    return f"; {one.since}" if one.since else ""


def _marked(one: DataTrusted) -> str:
    return f"{one.called} \\*" if one.is_shipped else one.called


def likeness(one: DataTrusted) -> str:
    return "not known" if one.likeness is None else f"{one.likeness:.2f}"


def in_trials(numbers: Iterable[int]) -> str:
    """1–4, 7"""
    runs: list[list[int]] = []
    for one in sorted(set(numbers)):
        if runs and one == runs[-1][-1] + 1:
            runs[-1].append(one)
        else:
            runs.append([one])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else ", ".join(map(str, run)) for run in runs)


def trusts(one: DataTrusted) -> str:
    """0.23 → 0.11, at most 0.31"""
    if one.first is None or one.last is None or one.most is None:
        return "none"
    if len(one.trials) == 1:
        return f"{one.first:.2f}"
    most = f", at most {one.most:.2f}" if one.most > max(one.first, one.last) else ""
    return f"{one.first:.2f} → {one.last:.2f}{most}"


def _spoken(facts: PastWeighed, what: str, them: Sequence[Spoke]) -> str:
    if not them:
        return f"No {what} weighed in on {_where(facts)}, by the reasons of its {count(facts.n_trials, 'trial')}."
    rows = [(unquoted(one.says), in_trials(one.trials)) for one in them]
    return f"{count(len(rows), what)} weighed in on {_where(facts)}:\n\n{table((what, 'trials'), rows)}"


def _bounds(facts: PastWeighed) -> str:
    if not facts.bounds:
        return f"No note of yours narrowed the search of **{facts.study}**."
    said = "\n".join(f"- {unquoted(one.says)}" for one in facts.bounds)
    return f"All of **{facts.study}** was held to {count(len(facts.bounds), 'note')} of yours:\n\n{said}"


def _of(facts: PastWeighed, one: DataTrusted) -> str:
    alike = f"Its likeness to `{facts.dataset}` is {likeness(one)}"
    kind = "a history that came with recpilot" if one.is_shipped else "data of yours"
    if not one.trials:
        return (
            f"{_where(facts)} did not count on `{one.dataset}` ({kind}): no reason of its {count(facts.n_trials, 'trial')} "
            f"names it, where at most three are named. {alike}."
        )
    since = f" The last reason given: {one.since}." if one.since else ""
    named = "trial" if len(one.trials) == 1 else "trials"
    return (
        f"`{one.dataset}` ({kind}) counted in {named} {in_trials(one.trials)} of **{facts.study}**, with a trust of "
        f"{trusts(one)}, from 0 to 1. {alike}.{since}"
    )


def _trusts_in(them: Sequence[DataTrusted]) -> str:
    """Of one dataset, by model where several trusted it."""
    return "; ".join(f"{trusts(one)}{f' for {one.model}' if one.model else ''}" for one in them) or "–"


def _shipped(facts: PastWeighed) -> str:
    if facts.study is None:
        names = listed(f"`{one.dataset}`" for one in facts.shipped)
        return f"{number(len(facts.shipped))} histories of measured trials came with recpilot: {names}."
    rows = [
        (one.dataset, likeness(one), _trusts_in([known for known in facts.data if known.dataset == one.dataset]))
        for one in facts.shipped
    ]
    return (
        f"{number(len(rows))} histories of measured trials came with recpilot, the most like `{facts.dataset}` first:\n\n"
        f"{table(('history', 'likeness', f'trust in {facts.study}'), rows)}"
    )
