"""A study's pruner in words: whether it is on, what it stopped, and what a pruner would have stopped."""

from collections.abc import Sequence

from agent.answers.wording import count, listed, sentence, table, unquoted
from agent.results.pruning import PruningShown, TrialJudged

RULES = {
    "hurdle": "the hurdle stops a trial that is further behind by some epoch than good trials on other data ever were",
    "quartile": "the quartile stops a trial below the lower quartile of earlier trials at the same epoch",
    "halving": "successive halving lets only the best third go on at each rung",
    "none": "every trial runs to its end",
}
_SPARED = {
    "goal": "nothing is judged after an epoch, since only a single objective that is measured each epoch shows a curve",
    "defaults": "it ran a model's defaults, against which others are measured",
    "repeat": "it repeats another trial with another seed",
    "no curve": "no curve was kept of it",
    "short": "it ran for too few epochs to be judged: no pruner looks before epoch 2, or after the last one",
    "none": "without pruning nothing is stopped",
}
_ALL_SPARED = {
    "defaults": "ran defaults, which no pruner stops",
    "repeat": "repeated another trial, which no pruner stops",
    "no curve": "kept no curve, so that nothing is known of it",
    "short": "ran for too few epochs to be judged",
}
_MOST = 12  # trials in a table


def pruning(facts: PruningShown) -> str:
    """One trial where it was asked about; else the pruner, and all trials under the rule."""
    if facts.trial is not None and facts.trials:
        return _of_trial(facts, facts.trials[0])
    parts = [_pruner(facts)]
    if facts.can_prune:
        parts.append(_stopped(facts) if facts.rule == facts.pruner else _would(facts))
    return "\n\n".join(filter(None, parts))


def _pruner(facts: PruningShown) -> str:
    name = f"**{facts.study}**"
    if facts.pruner == "none":
        return f"Pruning is off in {name}: every trial runs to its end."
    other = f", not by `{facts.rule}`" if _is_other(facts) else ""
    lead = f"{name} prunes by `{facts.pruner}`{other}: {RULES[facts.pruner]}."
    return lead if facts.can_prune else f"{lead} But with its goal ({facts.goal}) {_SPARED['goal']}."


def _is_other(facts: PruningShown) -> bool:
    """Whether another pruner than the study's was asked about."""
    return facts.rule not in (facts.pruner, "none")


def _stopped(facts: PruningShown) -> str:
    """What was really pruned, with the reasons."""
    if not facts.trials:
        return "No trial has finished yet."
    if pruned := trials_by(facts):
        rows = [(_named(one), one.n_epochs, unquoted(one.reason)) for one in pruned[:_MOST]]
        more = f"\n\nAnd {count(len(pruned) - _MOST, 'more trial')}." if len(pruned) > _MOST else ""
        return f"It stopped {_of_all(len(pruned), facts)}:\n\n{table(('trial', 'epochs', 'reason'), rows)}{more}"
    none = f"It stopped none of {count(len(facts.trials), 'finished trial')}"
    lead = none if facts.pruner != "none" else f"None of {count(len(facts.trials), 'finished trial')} was stopped"
    return f"{lead}.{_never_judged(facts.trials)}"


def _would(facts: PruningShown) -> str:
    """What another rule would have stopped."""
    if not facts.trials:
        return "No trial has finished yet."
    if facts.rule == "none":
        pruned = [one.number for one in trials_by(facts)]
        if not pruned:
            return "Without pruning nothing would have been different: none of its trials was stopped."
        which = listed(str(number) for number in pruned)
        return (
            f"Without pruning trials {which} would have run to their end; where they would have ended was not measured."
        )
    would = trials_by(facts)
    if not would:
        return f"By their curves `{facts.rule}` would have stopped none of {count(len(facts.trials), 'finished trial')}.{_never_judged(facts.trials)}{_now(facts)}"
    rows = [(_named(one), f"{one.epoch} of {one.n_epochs}", one.why) for one in would[:_MOST]]
    shown = table(("trial", "epoch", "why"), rows)
    more = f"\n\nAnd {count(len(would) - _MOST, 'more trial')}." if len(would) > _MOST else ""
    return (
        f"By their curves `{facts.rule}` would have stopped {_of_all(len(would), facts)}:\n\n{shown}{more}\n\n"
        f"Each is judged against the trials that ran here before it. Had it been stopped, other trials might have been proposed after it.{_now(facts)}"
    )


def trials_by(facts: PruningShown) -> list[TrialJudged]:
    """Those that the study's pruner stopped, or another rule would have."""
    if facts.rule in (facts.pruner, "none"):
        return [one for one in facts.trials if one.was_pruned]
    return [one for one in facts.trials if one.epoch is not None]


def _named(one: TrialJudged) -> str:
    return f"{one.number} ({one.model})"


def _of_all(n: int, facts: PruningShown) -> str:
    return f"{n} of {count(len(facts.trials), 'finished trial')}"


def _never_judged(trials: Sequence[TrialJudged]) -> str:
    """Why so many were not looked at."""
    reasons: dict[str, list[int]] = {}
    for one in trials:
        if one.spared in _ALL_SPARED:
            reasons.setdefault(one.spared, []).append(one.number)
    told = [
        f"{'Trial' if len(numbers) == 1 else 'Trials'} {listed(map(str, numbers))} {_ALL_SPARED[why]}."
        for why, numbers in reasons.items()
    ]
    return "".join(f" {one}" for one in told)


def _now(facts: PruningShown) -> str:
    return " The hurdle weighs what the memory holds now, which may differ from then." if facts.looks_at_past else ""


def _of_trial(facts: PruningShown, one: TrialJudged) -> str:
    trial, rule = f"trial {one.number} of **{facts.study}**", f"`{facts.rule}`"
    if facts.rule == facts.pruner:
        return _under_its_own(facts, one, sentence(trial)[:-1])
    ran, own = f"It {_ended(one)}.", _prunes_by(facts)
    if facts.rule == "none":
        return f"Without pruning {trial} would have run to its end. {ran} {own}"
    if one.spared == "no curve":
        return f"That is not known: {_SPARED[one.spared]}. {ran} {own}"
    if one.spared:
        return f"No: {rule} would not have stopped {trial}: {_SPARED[one.spared]}. {ran} {own}"
    if one.epoch is not None:
        return f"Yes: {rule} would have stopped {trial}. By its curve, {sentence(one.why)} {ran}{_now(facts)} {own}"
    far = "; what later epochs would have shown is not known" if one.was_pruned else ""
    return f"No: {rule} would not have stopped {trial}: in the {count(one.n_epochs, 'epoch')} that it ran it was never behind the bar ({RULES[facts.rule]}){far}. {ran}{_now(facts)} {own}"


def _under_its_own(facts: PruningShown, one: TrialJudged, name: str) -> str:
    """Why it was stopped, or why not, by the study's own pruner."""
    ran, rule = f"It {_ended(one)}.", f"`{facts.rule}`"
    if one.was_pruned:
        return f"{name} was stopped by {rule}: {unquoted(one.reason)}."
    if one.spared == "none":
        return f"{name} was not stopped, since pruning is off in this study. {ran}"
    if one.spared:
        return f"{name} was not stopped by {rule}: {_SPARED[one.spared]}. {ran}"
    if one.epoch is not None:
        return f"{name} was not stopped, though by what is known now {rule} would: {sentence(one.why)} When it ran, the memory or the trials before it set a lower bar. {ran}"
    return (
        f"{name} was not stopped: at no epoch was it behind the bar of {rule} ({RULES[facts.rule]}). {ran}{_now(facts)}"
    )


def _prunes_by(facts: PruningShown) -> str:
    return (
        "The study is without pruning." if facts.pruner == "none" else f"The study itself prunes by `{facts.pruner}`."
    )


def _ended(one: TrialJudged) -> str:
    """How it really ended."""
    ran = f" after {count(one.n_epochs, 'epoch')}" if one.n_epochs else ""
    why = f": {unquoted(one.reason)}" if one.reason else ""
    said = {"complete": "ended complete", "pruned": "was stopped", "failed": "failed"}
    return f"{said.get(one.state, one.state)}{ran}{why}"
