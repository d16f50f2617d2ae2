"""A study in words: what it was told, what it is about to run, and how it stands."""

from dataclasses import replace

from agent.answers.explain_trials import candidates_table
from agent.answers.standings import front_words, standing_words
from agent.answers.wording import (
    count,
    duration,
    listed,
    number,
    params,
    searched,
    sentence,
    table,
    unquoted,
    varying,
    with_spread,
)
from agent.pruner_words import DEFAULT_PRUNER
from agent.results.prediction import SpaceChanged
from agent.results.proposal import ProposalShown, Proposed, RepeatBegun, TrialBegun, TrialRejected
from agent.results.status import Status, TimeLeft
from agent.results.study import ConfirmationCutOff, StudyBegun, StudySteered, Terms, TermsChanged
from agent.studies.study_spec import trials_done

STATES = {
    "queued": "is queued behind another study",
    "running": "is running",
    "waiting": "waits for your approval",
    "paused": "is paused",
    "stopped": "is stopped and can be resumed",
    "finished": "has finished",
    "failed": "has failed and can be resumed",
}


_CHOSEN = {
    "recpilot": " (you named none, so these compete)",
    "llm": " (chosen by the language model; you named none of them)",
}


def start_study(facts: StudyBegun) -> str:
    chosen = _CHOSEN.get(facts.models_chosen_by, "")
    chosen = f" (as in {facts.base})" if facts.base and not chosen else chosen
    limit = f", at most {duration(facts.time_limit_s)}" if facts.time_limit_s else ""
    limit += f", up to {count(facts.epochs, 'epoch')} each" if facts.epochs else ""
    limit += f", at most {duration(facts.trial_time_limit_s)} each" if facts.trial_time_limit_s else ""
    limit += "".join(f", {what}" for what in _unusual(facts))
    models = listed(f"`{model}`" for model in facts.models)
    likes = "".join(f" ({says})" for says in (facts.likes, facts.outcomes, facts.repeats_says) if says)
    asked = " I will ask before each trial." if facts.needs_approval else ""
    asked += "".join(f" {sentence(one)}" for one in facts.bounds)
    return (
        f"Started study **{facts.study}**: {models}{chosen} on `{facts.dataset}`, {facts.goal}{likes},"
        f" {count(facts.n_trials, 'trial')}{limit}.{asked} It runs in the background;"
        f" ask how it goes, or say pause, resume or stop."
    )


def _unusual(facts: StudyBegun) -> list[str]:
    """What was asked for and is not what studies do by themselves."""
    found = [f"sampler {facts.sampler}"] if facts.sampler != "advisor" else []
    found += [f"pruner {facts.pruner}"] if facts.pruner != DEFAULT_PRUNER else []
    found += [] if facts.uses_rules else ["without rules"]
    found += [f"split {facts.split}"] if facts.split != "auto" else []
    found += [f"seed {facts.seed}"] if facts.seed else []
    found += [f"patience {facts.patience}"] if facts.patience else []
    found += [] if facts.runs_defaults else ["without the defaults"]
    found += [f"{'right after the defaults' if facts.runs_defaults else 'first'} {facts.tries}"] if facts.tries else []
    return found + [f"{name} {value}" for name, value in facts.space.items()]


def _proposal(facts: ProposalShown, objective: str) -> str:
    expected = f" Expected {objective}: {number(facts.expected)}." if facts.expected is not None else ""
    rests = f" It rests on {listed(facts.evidence)}." if facts.evidence else ""
    note = f" Note: {sentence(unquoted(facts.note))}" if facts.note else ""
    why = sentence(unquoted(facts.rationale))
    return f"`{facts.model}` with {params(facts)}. {why}{expected}{rests}{note}"


def propose_trial(facts: Proposed) -> str:
    proposal = facts.proposal
    others = [c for c in proposal.considered if not c.chosen]
    also = candidates_table(others, facts.objective) if others else ""
    return (
        f"Next would be trial {proposal.number}: {_proposal(proposal, facts.objective)}"
        + (f"\n\nAlso considered:\n\n{also}" if also else "")
        + "\n\nSay “run it” to run it, or name other params."
    )


def run_trial(facts: TrialBegun) -> str:
    return f"Trial {facts.proposal.number} of **{facts.study}** is on its way: {_proposal(facts.proposal, facts.objective)}"


def reject_trial(facts: TrialRejected) -> str:
    why = unquoted(facts.reason)
    told = f" Your reason goes with it: {sentence(why)}" if why else ""
    return (
        f"Trial {facts.number} of **{facts.study}** is rejected and its params are not proposed again; the study proposes "
        f"another trial, which waits for your yes too.{told}"
    )


def set_search_space(facts: SpaceChanged) -> str:
    before = f" (it was {facts.before})" if facts.before else ""
    where = f"`{facts.param}` of `{facts.model}`"
    return f"From the next proposal on {where} is {searched(str(facts.after))}{before}."


def control_study(facts: StudySteered) -> str:
    done = trials_done(facts.n_finished, facts.n_trials)
    running = facts.running
    if facts.is_stopping:
        ends = (
            "it ends as soon as what runs now can be left"
            if running is None
            else f"trial {running} ends at its next epoch"
        )
        return f"**{facts.study}** is stopping, {done}: {ends}. It can be resumed then."
    tail = f" Trial {running} still finishes." if facts.action == "pause" and running is not None else ""
    return f"**{facts.study}** {STATES[facts.state]}, {done}.{tail}"


def confirmation_cut_off(facts: ConfirmationCutOff) -> str:
    return f"**{facts.study}**: {facts.stopped} What it measured is kept."


def extend_study(facts: TermsChanged) -> str:
    before, after = _terms(facts.before), _terms(facts.after)
    changed = [f"{after[name]} (before: {before[name]})" for name in after if after[name] != before[name]]
    what = "; ".join(changed) or "nothing changed, it was so already"
    return f"**{facts.study}**, from the next proposal on: {what}. It {STATES[facts.state]}."


def _terms(terms: Terms) -> dict[str, str]:
    limit = terms.time_limit_s
    return {
        "n_trials": f"{count(terms.n_trials, 'trial')} in all",
        "time_limit_s": "no time limit" if limit is None else f"time limit {duration(limit)}",
        "trial_time_limit_s": "no time limit for a trial"
        if terms.trial_time_limit_s is None
        else f"{duration(terms.trial_time_limit_s)} for each trial",
        "needs_approval": "each trial waits for your yes" if terms.needs_approval else "no trial waits for a yes",
        "models": f"models {listed([f'`{model}`' for model in terms.models])}",
        "constraints": f"constraints {listed(terms.constraints)}" if terms.constraints else "no constraint",
    }


def repeat_trial(facts: RepeatBegun) -> str:
    seed = f"Trial {facts.repeats} runs once more, with seed {facts.seed}"
    return f"{seed}: trial {facts.proposal.number} of **{facts.study}**. It counts as a trial."


def time_left(facts: Status) -> str:
    """How long it still takes, and what that rests on."""
    left = facts.time_left
    if facts.state in ("finished", "failed") or not left.n_left:
        return ""
    more = count(left.n_left, "trial")
    if left.seconds is None:
        return f"{more} left; how long that takes is known after the first trial."
    if left.each_s is None:
        return f"{more} left, and at most {duration(left.seconds)} of the time limit."
    is_cut = left.limit_left_s is not None and left.limit_left_s <= left.seconds
    why = f"{more} of about {duration(left.each_s)}, by {_timed_before(left)}"
    between = "" if is_cut or left.low_s is None or left.high_s is None else _between(left.low_s, left.high_s)
    cut = "; the time limit ends it then" if is_cut else ""
    after = " after your yes" if facts.state == "waiting" else ""
    return f"About **{duration(left.seconds)}** left{after}{between}: {why}{cut}."


def _between(low_s: float, high_s: float) -> str:
    """The interval, in words."""
    return f" ({duration(low_s)} to {duration(high_s)} in 8 of 10 cases)"


def _timed_before(left: TimeLeft) -> str:
    """Whose trials the time rests on."""
    here = f"{number(left.n_measured)} of {left.from_}" if left.n_measured else ""
    elsewhere = f"{number(left.n_elsewhere)} on other data" if left.n_elsewhere else ""
    return f"the times of {' and '.join(filter(None, (here, elsewhere)))}"


def _confirmed(facts: Status) -> str:
    found = facts.confirmed
    if found.is_running:
        return "It is being confirmed now."
    if found.is_confirmed:
        return f"Confirmed on {found.at}; ask what test said."
    return "Not confirmed: test is sealed." if facts.state == "finished" and facts.best else ""


def study_status(facts: Status) -> str:
    done = trials_done(facts.n_finished, facts.n_trials)
    reason = unquoted(facts.reason)
    why = f" ({reason})" if reason and reason != done else ""
    parts = [
        f"**{facts.study}** {'is stopping' if facts.is_stopping else STATES[facts.state]}{why}: {done} on"
        f" `{facts.dataset}` after {duration(facts.elapsed_s)}, to {facts.goal}."
    ]
    if facts.run_by:
        parts.append(f"It is run by {unquoted(facts.run_by)}; steer it there.")
    if running := facts.running:
        begun = f"trains: epoch {running.epoch} of {running.epochs}" if running.epoch else "begins"
        parts.append(f"Trial {running.number} {begun}.")
    if (choosing := facts.choosing) is not None:
        by = "the advisor" if choosing.by == "advisor" else f"the language model (`{choosing.by}`)"
        parts.append(f"Trial {choosing.number} is being chosen by {by}, for {duration(choosing.since_s)} so far.")
    parts += filter(None, [time_left(facts)])
    stands = facts.standing
    if (best := facts.best) is not None and stands.best is not None:
        spread = f" ± {stands.uncertainty:.2g} (95 % over users)" if stands.uncertainty is not None else ""
        n_runs, value = stands.best.n_runs, stands.best.value
        runs = f", the mean of {n_runs} runs" if n_runs > 1 else ""
        lead = f"By {best.objective}, the first objective, the best of them is" if stands.front else "Best so far:"
        parts += filter(None, [front_words(stands)])
        parts.append(
            f"{lead} trial {best.number} (`{best.model}`), {best.objective} **{number(value)}**"
            f"{spread} on validation{runs}, with {params(best)}. {standing_words(replace(stands, rule=None))}"
        )
    parts += filter(None, [_confirmed(facts)])
    if pending := facts.pending:
        parts.append(f"Trial {pending.number} waits: {_proposal(pending, facts.objective)}")
    if facts.leaderboard:
        parts.append(_leaderboard(facts))
    return "\n\n".join(parts)


def _leaderboard(facts: Status) -> str:
    """The best trials, best first, then the lines to beat."""
    further = further_names(facts)
    rows = [
        (
            f"{'★ ' if t.is_starred else ''}{t.number}",
            t.model,
            params(t),
            with_spread(t.value, t.half_width),
            *(number(t.further.get(name)) for name in further),
            t.state,
        )
        for t in varying(facts.leaderboard)
    ]
    rows += [
        (
            "–",
            one.model,
            "defaults",
            with_spread(one.value, one.half_width),
            *(number(one.further.get(name)) for name in further),
            "baseline",
        )
        for one in facts.standing.baselines
    ]
    n_more = facts.n_finished - len(facts.leaderboard)
    front = set(facts.standing.front)
    n_on_front = len(front - {trial.number for trial in facts.leaderboard})
    behind = (
        f"behind these by {facts.objective}; {n_on_front} of them on the front" if front else "all of them behind these"
    )
    more = f"\n\nAnd {count(n_more, 'more trial')}, {behind}." if n_more > 0 else ""
    return table(("trial", "model", "params", f"{facts.objective} ± 95 %", *further, "state"), rows) + more


def further_names(facts: Status) -> list[str]:
    """What is shown of each trial next to its objective: other objectives, constraints, each outcome alone."""
    return list(dict.fromkeys(name for trial in facts.leaderboard for name in trial.further))
