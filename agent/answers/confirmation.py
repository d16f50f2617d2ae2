"""What a confirmation says, in sentences: the same words in chat, terminal and record."""

from agent.answers.wording import count, duration, listed, number, ordinal, unmet_words
from agent.confirmation import Confirmation, Gain, Score, told_time
from agent.confirming.choice import FASTER_S, FASTER_SHARE
from agent.objective import Goal, measured
from agent.standing import mean_metrics, sign_of

CLEARLY_FASTER = f"in less than {FASTER_SHARE} of the time and at least {FASTER_S:g} s less"


def verdict(confirmation: Confirmation) -> str:
    """The answer first: whether something was won, and against what."""
    if confirmation.winner is None:
        return "No configuration met the constraints over all seeds, so nothing was chosen and test was not read."
    against = {gain.over: gain for gain in confirmation.gains}
    role = confirmation.contender(confirmation.winner).role
    defaults = next((c.name for c in confirmation.contenders if c.role == "defaults"), None)
    first = []
    if role == "defaults":
        named = "the defaults" if defaults is None or " with " not in defaults else f"the {defaults}, cut to its ranges"
        first.append(f"Nothing was won over {named}: {_why_none_won(confirmation)}.")
    if role == "incumbent":
        first.append(f"What runs today was not beaten: {_why_none_won(confirmation)}.")
    same = same_as_winner(confirmation)
    first += [
        f"{_capital(name)} is the same configuration, so nothing is compared." for name in same if name in against
    ]
    against = {name: gain for name, gain in against.items() if name not in same}
    if defaults in against:
        first.append(_compared(confirmation, against[defaults]))
    others = [_compared(confirmation, gain) for name, gain in against.items() if name != defaults]
    barred = [said for name in against if (said := _unmet(confirmation, name))]
    return " ".join([*first, *others, *barred]) or f"The winner is {confirmation.winner}."


def details(confirmation: Confirmation) -> list[str]:
    """How it was chosen, what test said, and how often this test was read."""
    barred = [f"{_capital(name)} broke a constraint over the seeds." for name in confirmation.infeasible]
    if confirmation.winner is None:
        return [*barred, *confirmation.left_out]
    sentences = [_choice(confirmation), *barred]
    if confirmation.optimism is not None:
        sentences.append(_optimism(confirmation, confirmation.optimism))
    tested = ", ".join(f"{score.contender} {_with_interval(score)}" for score in confirmation.test)
    sentences.append(f"On test, after learning from train and validation alike: {tested}.")
    sentences += _bounds_on_test(confirmation)
    sentences += _baselines(confirmation)
    if confirmation.reading is not None:
        sentences.append(f"This was the {ordinal(confirmation.reading)} reading of this test part.")
        if confirmation.reading > 1:
            sentences.append("The more often it is read to choose, the more flattering its values become.")
    return [*sentences, *_reused(confirmation), *confirmation.left_out]


def same_as_winner(confirmation: Confirmation) -> list[str]:
    """The other contenders with the model and the params of the winner."""
    if confirmation.winner is None:
        return []
    winner = confirmation.contender(confirmation.winner)
    alike = [c for c in confirmation.contenders if (c.model, dict(c.params)) == (winner.model, dict(winner.params))]
    return [one.name for one in alike if one.name != winner.name]


def outdated(n_since: int) -> str:
    """What is said of a confirmation after which other trials ran; empty where none did."""
    if not n_since:
        return ""
    trials = "1 trial has" if n_since == 1 else f"{n_since} trials have"
    return f"{trials} ended since then and took no part; confirm again to include them."


def answered_before(confirmation: Confirmation) -> str:
    """What is said when the same is asked again."""
    return f"Confirmed already on {told_time(confirmation.ended_at)}; nothing was read again."


def progress(confirmation: Confirmation) -> tuple[int, int]:
    """Runs done and planned of the stage that an unfinished confirmation is at."""
    planned = confirmation.planned(confirmation.stage)
    return sum(confirmation.has_run(name, confirmation.stage, seed) for name, seed in planned), len(planned)


def stopping(confirmation: Confirmation) -> str:
    """What is said when one is stopped."""
    test = "before test is opened" if confirmation.reading is None else "with test opened already"
    return f"The confirmation stops at its next epoch, {test}; it can go on with `confirm`."


def stopped(confirmation: Confirmation, reason: str = "") -> str:
    """What is said of one that was cut off."""
    done, total = progress(confirmation)
    part = "validation" if confirmation.stage == "valid" else "test"
    test = "Test was not opened. " if confirmation.reading is None else ""
    why = f" {_capital(reason.rstrip('.'))}." if reason else ""
    how_far = f"The confirmation stopped after {done} of {count(total, 'run')} on {part}."
    return f"{how_far}{why} {test}It can go on with `confirm`."


def _choice(confirmation: Confirmation) -> str:
    """Who won on validation, and which clause of the rule decided."""
    scores = {score.contender: score for score in confirmation.valid}
    chosen, top = scores[confirmation.winner or ""], scores[confirmation.top or confirmation.winner or ""]
    bound = f"mean {'minus' if sign_of(confirmation.objective) > 0 else 'plus'} one standard error"
    error = f"± {chosen.error:.2g} (standard error{_kind(chosen)})"
    value = f"{confirmation.objective} {number(chosen.mean)} {error} over {_runs(chosen)}"
    if confirmation.top is None:  # of a version whose rule was another
        return f"Chosen on validation: {chosen.contender} with {value}."
    if top is chosen:
        rule = (
            f"its {bound} is the best, and nothing within one standard error of that trains clearly faster "
            f"({CLEARLY_FASTER})"
        )
    else:
        rule = (
            f"within one standard error of {top.contender}, whose {bound} is the best, and trains in "
            f"{duration(chosen.train_s)} instead of {duration(top.train_s)}"
        )
    return f"Chosen on validation: {chosen.contender} with {value}: {rule}."


def _kind(score: Score) -> str:
    return "" if score.is_over_seeds or score.n_runs == 1 else " over users"


def _why_none_won(confirmation: Confirmation) -> str:
    """Why no tried configuration was chosen instead of the winner."""
    scores = {score.contender: score for score in confirmation.valid}
    winner, sign = scores[confirmation.winner or ""], sign_of(confirmation.objective)
    if confirmation.top not in (None, winner.contender):
        top = scores[confirmation.top or ""]
        return (
            f"{top.contender} was better on validation by less than its standard error, and {winner.contender} "
            f"{'train' if winner.contender.startswith('defaults') else 'trains'} in {duration(winner.train_s)} instead "
            f"of {duration(top.train_s)}"
        )
    higher = [
        score.contender
        for score in confirmation.valid
        if sign * (score.mean - winner.mean) > 0
        and confirmation.contender(score.contender).role != "baseline"
        and score.contender not in confirmation.infeasible
    ]
    if higher:
        return f"{listed(higher)} had a better mean on validation, but not once one standard error is held against it"
    return "over all seeds no tried configuration was better on validation"


def _optimism(confirmation: Confirmation, optimism: float) -> str:
    mean = confirmation.valid[0].mean
    if number(mean + optimism) == number(mean):
        return "The study's best trial had shown the same value as its mean here."
    way = "higher" if optimism * sign_of(confirmation.objective) > 0 else "lower"
    return f"The study's best trial had shown a value {abs(optimism):.2g} {way} than its mean here."


def _goal(confirmation: Confirmation) -> Goal:
    return Goal.parse((confirmation.objective,), confirmation.constraints)


def _unmet(confirmation: Confirmation, name: str) -> str:
    """That one which the winner is compared with could not have been chosen, since it breaks a constraint."""
    known = mean_metrics([run.metrics for run in confirmation.runs_of(name, "valid")])
    words = unmet_words(_goal(confirmation).unmet(known))
    return f"{_capital(name)} {words} on validation, so it could not be chosen." if words else ""


def _bounds_on_test(confirmation: Confirmation) -> list[str]:
    """Of each constraint that was measured on test, whether it held there."""
    runs = {name: confirmation.runs_of(name, "test") for name in confirmation.finalists()}
    known = {name: mean_metrics([run.metrics for run in found]) for name, found in runs.items()}
    sentences = []
    for bound in _goal(confirmation).constraints:
        values = {name: measured(its, bound.metric, "test") for name, its in known.items()}
        told = [
            f"{'held' if bound.is_met(value) else 'did not hold'} for {name} ({number(value)})"
            for name, value in values.items()
            if value is not None
        ]
        sentences += [f"On test {bound} {listed(told)}."] if told else []
    return sentences


def _baselines(confirmation: Confirmation) -> list[str]:
    """Which simple model is the line to beat, and why the other one is not on test."""
    simple = [c.name for c in confirmation.contenders if c.role == "baseline" and c.name != confirmation.baseline]
    known = {score.contender for score in confirmation.valid}
    worse = [name for name in simple if name in known]
    sentences = [f"No value is known of {name}, whose runs failed." for name in simple if name not in known]
    if worse and confirmation.baseline is not None:
        way = "was" if len(worse) == 1 else "were"
        sentences.append(
            f"On validation {listed(worse)} {way} worse than {confirmation.baseline}, the simple model to beat, and "
            "therefore not measured on test."
        )
    return sentences


def _reused(confirmation: Confirmation) -> list[str]:
    n = sum(run.reused_from is not None for run in confirmation.runs)
    if not n:
        return []
    return [f"{n} of its {count(len(confirmation.runs), 'run')} had been made for an earlier confirmation."]


def _compared(confirmation: Confirmation, gain: Gain) -> str:
    winner, sign = confirmation.winner, sign_of(confirmation.objective)
    if gain.low is None or gain.high is None:
        return (
            f"{confirmation.objective} of {winner} minus {gain.over} on test is {gain.mean:+.2g}; no interval is known."
        )
    interval = f"{gain.mean:+.2g} {confirmation.objective} on test, 95 % interval [{gain.low:+.2g}, {gain.high:+.2g}]"
    if not gain.is_clear:
        return f"No difference between {winner} and {gain.over} was seen: {interval}."
    how = "better" if sign * gain.mean > 0 else "worse"
    return f"{_capital(winner or '')} is clearly {how} than {gain.over}: {interval}."


def _with_interval(score: Score) -> str:
    if score.low is None:
        return number(score.mean)
    return f"{number(score.mean)} (95 % interval [{number(score.low)}, {number(score.high)}])"


def _runs(score: Score) -> str:
    return f"{score.n_runs} seeds" if score.n_runs > 1 else f"{score.n_users} users (one run: nothing in it is random)"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
