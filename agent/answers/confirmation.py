"""What a confirmation says, in sentences: the same words in chat, terminal and record."""

from agent.answers.wording import number, ordinal
from agent.confirmation import Confirmation, Gain, Score
from agent.standing import sign_of


def verdict(confirmation: Confirmation) -> str:
    """The answer first: whether something was won, and against what."""
    if confirmation.winner is None:
        return "No configuration met the constraints over all seeds, so nothing was chosen and test was not read."
    against = {gain.over: gain for gain in confirmation.gains}
    defaults = next((c.name for c in confirmation.contenders if c.role == "defaults"), None)
    if confirmation.winner == defaults:
        first = "Nothing was won over the defaults: over all seeds no tried configuration was better on validation."
    elif defaults in against:
        first = _compared(confirmation, against[defaults])
    else:
        first = f"The winner is {confirmation.winner}."
    others = [_compared(confirmation, gain) for name, gain in against.items() if name != defaults]
    return " ".join([first, *others])


def details(confirmation: Confirmation) -> list[str]:
    """How it was chosen, what test said, and how often this test was read."""
    if confirmation.winner is None:
        return list(confirmation.left_out)
    chosen = next(score for score in confirmation.valid if score.contender == confirmation.winner)
    sentences = [
        f"Chosen on validation: {confirmation.winner} with {confirmation.objective} {number(chosen.mean)} ± "
        f"{chosen.error:.2g} over {_runs(chosen)}: the best mean minus one standard error; within one error of that, "
        "what trains fastest."
    ]
    if confirmation.optimism is not None:
        way = "higher" if confirmation.optimism * sign_of(confirmation.objective) > 0 else "lower"
        sentences.append(
            f"The study's best trial had shown a value {abs(confirmation.optimism):.2g} {way} than its mean here."
        )
    tested = ", ".join(f"{score.contender} {_with_interval(score)}" for score in confirmation.test)
    sentences.append(f"On test, after learning from train and validation alike: {tested}.")
    if confirmation.reading is not None:
        sentences.append(f"This was the {ordinal(confirmation.reading)} reading of this test part.")
        if confirmation.reading > 1:
            sentences.append("The more often it is read to choose, the more flattering its values become.")
    return [*sentences, *confirmation.left_out]


def _compared(confirmation: Confirmation, gain: Gain) -> str:
    winner, sign = confirmation.winner, sign_of(confirmation.objective)
    if gain.low is None or gain.high is None:
        return (
            f"{confirmation.objective} of {winner} minus {gain.over} on test is {gain.mean:+.2g}; no interval is known."
        )
    interval = f"{gain.mean:+.2g} [{gain.low:+.2g}, {gain.high:+.2g}] {confirmation.objective} on test"
    if not gain.is_clear:
        return f"No difference between {winner} and {gain.over} was seen: {interval}."
    how = "better" if sign * gain.mean > 0 else "worse"
    return f"{_capital(winner or '')} is clearly {how} than {gain.over}: {interval}."


def _with_interval(score: Score) -> str:
    return (
        number(score.mean) if score.low is None else f"{number(score.mean)} [{number(score.low)}, {number(score.high)}]"
    )


def _runs(score: Score) -> str:
    return f"{score.n_runs} seeds" if score.n_runs > 1 else f"{score.n_users} users (one run: nothing in it is random)"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
